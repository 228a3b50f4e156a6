//! Work that does not depend on one another, side by side.
//!
//! What it gives never depends on how many threads there are, or on which is done first.
//!
//! Where many cases are worked on at once, each on a thread of its own, that thread does all of its work by itself
//! ([`alone`]): one core each is then the whole machine.

use std::cell::Cell;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, available_parallelism};

thread_local! {
    static ALONE: Cell<bool> = const { Cell::new(false) };
}

/// Does the work with this thread and no other.
#[cfg(feature = "cli")]
pub fn alone<R>(work: impl FnOnce() -> R) -> R {
    /// Puts it back also where the work panics.
    struct Before(bool);
    impl Drop for Before {
        fn drop(&mut self) {
            ALONE.set(self.0);
        }
    }
    let _before = Before(ALONE.replace(true));
    work()
}

/// Does two things at once.
pub fn side_by_side<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    if ALONE.get() {
        return (one(), other());
    }
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (one.join().unwrap_or_else(|panic| resume_unwind(panic)), other)
    })
}

/// What `work` makes of each item, in the order of the items. Items differ in their weight, so each thread takes
/// the next one that nobody has begun.
pub fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let take = || -> Vec<(usize, R)> {
        std::iter::from_fn(|| {
            let index = next.fetch_add(1, Ordering::Relaxed);
            items.get(index).map(|item| (index, work(item)))
        })
        .collect()
    };
    let threads = threads().min(items.len());
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(take)).collect();
        let mut done = take();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Items of about equal weight, in one share for each thread.
pub fn shares<T>(items: &[T]) -> Vec<&[T]> {
    // Fewer are done sooner than a thread is begun.
    const WORTH_A_THREAD: usize = 32;
    items.chunks(items.len().div_ceil(threads()).max(WORTH_A_THREAD)).collect()
}

/// As many threads as are worth while, here.
fn threads() -> usize {
    if ALONE.get() { 1 } else { cores() }
}

/// The cores that this process may use.
pub fn cores() -> usize {
    available_parallelism().map_or(1, NonZero::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..1_000).collect();
        let slow_first = |item: &usize| {
            if *item == 0 {
                thread::sleep(std::time::Duration::from_millis(20));
            }
            item * 2
        };
        assert_eq!(each(&items, slow_first), items.iter().map(|item| item * 2).collect::<Vec<_>>());
        assert_eq!(each(&[], slow_first), Vec::<usize>::new());
        assert_eq!(side_by_side(|| 1, || "two"), (1, "two"));
    }

    #[test]
    fn shares_together_are_the_items() {
        for count in [0, 1, 31, 32, 33, 1_000] {
            let items: Vec<usize> = (0..count).collect();
            assert_eq!(shares(&items).concat(), items);
            assert!(shares(&items).len() <= threads());
        }
    }

    #[cfg(feature = "cli")]
    #[test]
    fn a_thread_that_works_alone_begins_no_other() {
        let items: Vec<usize> = (0..100).collect();
        let here = thread::current().id();
        let all_here = || each(&items, |_| thread::current().id() == here).into_iter().all(|is_here| is_here);
        alone(|| {
            assert!(all_here());
            assert!(side_by_side(|| thread::current().id() == here, || true).0);
            assert_eq!(shares(&items).len(), 1);
        });
        let lost = std::panic::catch_unwind(|| alone(|| panic!("lost")));
        assert!(lost.is_err() && !ALONE.get(), "what panics does not leave the thread alone for ever");
    }

    #[test]
    #[should_panic(expected = "a check that fails")]
    fn a_panic_is_not_lost() {
        each(&[1, 2, 3], |item| assert!(*item < 3, "a check that fails"));
    }
}
