//! Ctrl-C: ends the command at once, also in the middle of a build, but never in the middle of writing.

use super::Failure;
use signal_hook::consts::{SIGINT, SIGTERM};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::thread;
use std::time::Duration;

/// What shells say of a program that was interrupted.
const INTERRUPTED: i32 = 130;

/// Held while files are written, by as many threads as write.
#[derive(Debug, Clone, Default)]
pub(super) struct Writing(Arc<RwLock<()>>);

impl Writing {
    pub(super) fn begin(&self) -> RwLockReadGuard<'_, ()> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// From now on Ctrl-C, or being asked to end, ends the process with 130 as soon as nothing is being written. Before
/// that, `last_words` says what there is to say, and puts in order what there is to put in order.
pub(super) fn ends_the_process(last_words: impl FnOnce() + Send + 'static) -> Result<Writing, Failure> {
    let asked = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&asked)).map_err(|error| Failure::Output {
            what: format!("Ctrl-C cannot be listened for: {error}\n  do: use `cscr build`"),
        })?;
    }
    let writing = Writing::default();
    let held = writing.clone();
    thread::spawn(move || {
        // Hardly anything may be done where a signal arrives, so that only sets the flag.
        while !asked.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(30));
        }
        let _nothing_is_written = held.0.write().unwrap_or_else(PoisonError::into_inner);
        last_words();
        process::exit(INTERRUPTED);
    });
    Ok(writing)
}
