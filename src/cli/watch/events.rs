//! Word that a file may have changed: from the operating system, or by looking.

use crate::trace::{Inputs, Stamps};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Saving is many small steps; after the last one nothing happens for this long.
const SETTLES: Duration = Duration::from_millis(60);
/// A program that goes on and on writing beside the inputs does not keep them from being looked at.
const LONGEST: Duration = Duration::from_secs(2);
/// How long one that saves may take from taking the old file away to putting the new one in its place, in eight parts.
const PAUSE: Duration = Duration::from_millis(100);
/// How often polling looks.
const POLL: Duration = Duration::from_secs(1);
/// Times of files may be as coarse as two seconds, so what has changed may change again and show the same time.
const LOOKS_AFTER_A_CHANGE: u32 = 3;

/// What came of waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// Something may have changed.
    Word,
    /// Nothing in the time that there was.
    Nothing,
    /// Nothing more will be heard.
    End,
}

/// Where word of changes comes from.
pub(super) trait Events {
    /// Waits from now on for what happens to these inputs. Says so where that is not done as it was asked for.
    fn attend(&mut self, inputs: &Inputs) -> Option<String>;
    /// Waits until something may have changed, and for that to settle; if told to, for no longer than about that.
    fn wait(&mut self, longest: Option<Duration>) -> Heard;
    /// Lets a program that saves finish.
    fn pause(&mut self);
}

/// Events of files on this machine.
pub(super) enum FileEvents {
    Notified { watcher: RecommendedWatcher, wakes: Receiver<()> },
    Polled { inputs: Inputs, stamps: Stamps, looks: u32 },
}

impl FileEvents {
    /// By polling if that is asked for, or where the system tells of nothing; then with the reason.
    pub(super) fn new(poll: bool) -> (Self, Option<String>) {
        if poll {
            return (Self::polled(), None);
        }
        let (sender, wakes) = channel();
        match notify::recommended_watcher(waker(sender)) {
            Ok(watcher) => (Self::Notified { watcher, wakes }, None),
            Err(error) => (Self::polled(), Some(by_polling(&error))),
        }
    }

    fn polled() -> Self {
        Self::Polled { inputs: Inputs::default(), stamps: Stamps::default(), looks: 0 }
    }
}

fn by_polling(error: &notify::Error) -> String {
    format!("The system does not tell of changes ({error}), so the files are looked at every second.")
}

/// Reading a file is an event too, and no change.
fn waker(sender: Sender<()>) -> impl Fn(notify::Result<notify::Event>) + Send + 'static {
    move |event| {
        // An error may be of events that were lost.
        if !matches!(event, Ok(notify::Event { kind: EventKind::Access(_), .. })) {
            let _ = sender.send(());
        }
    }
}

impl Events for FileEvents {
    fn attend(&mut self, inputs: &Inputs) -> Option<String> {
        let refused = match self {
            Self::Polled { .. } => None,
            // All of them each time: a folder that was replaced is another one of the same name.
            Self::Notified { watcher, .. } => inputs
                .folders()
                .iter()
                .find_map(|folder| watcher.watch(folder, RecursiveMode::NonRecursive).err()),
        };
        let words = refused.map(|error| by_polling(&error));
        if words.is_some() {
            *self = Self::polled();
        }
        if let Self::Polled { inputs: known, stamps, .. } = self {
            known.clone_from(inputs);
            *stamps = inputs.stamps();
        }
        words
    }

    fn wait(&mut self, longest: Option<Duration>) -> Heard {
        let began = Instant::now();
        match self {
            Self::Notified { wakes, .. } => {
                let heard = match longest {
                    None => wakes.recv().map_err(|_| Heard::End),
                    Some(longest) => wakes.recv_timeout(longest).map_err(|error| match error {
                        RecvTimeoutError::Timeout => Heard::Nothing,
                        RecvTimeoutError::Disconnected => Heard::End,
                    }),
                };
                if let Err(heard) = heard {
                    return heard;
                }
                let began = Instant::now();
                while began.elapsed() < LONGEST && wakes.recv_timeout(SETTLES).is_ok() {}
            }
            Self::Polled { inputs, stamps, looks } => loop {
                sleep(POLL);
                let now = inputs.stamps();
                if now != *stamps {
                    *stamps = now;
                    *looks = LOOKS_AFTER_A_CHANGE;
                    break;
                }
                if *looks > 0 {
                    *looks -= 1;
                    break;
                }
                if longest.is_some_and(|longest| began.elapsed() >= longest) {
                    return Heard::Nothing;
                }
            },
        }
        Heard::Word
    }

    fn pause(&mut self) {
        sleep(PAUSE);
    }
}
