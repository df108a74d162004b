//! Ordered work on all cores in bounded memory: one producer, some workers, results handed on in the order of the items.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Most items between producer and consumer, per worker.
const ITEMS: usize = 128;
/// Most bytes between producer and consumer; a larger item travels alone.
const BYTES: usize = 8 << 20;

struct State<T, R> {
    queue: VecDeque<(u64, T, usize)>,
    done: BTreeMap<u64, (R, usize)>,
    produced: u64,
    /// The result that is handed on next.
    wanted: u64,
    items: usize,
    bytes: usize,
    closed: bool,
    stopped: bool,
}

/// Each side has its own bell, so that a thread wakes only for what it waits for.
struct Shared<T, R> {
    state: Mutex<State<T, R>>,
    /// For the producer: there is room.
    room: Condvar,
    /// For the workers: there is work.
    work: Condvar,
    /// For the consumer: the wanted result is there.
    ready: Condvar,
}

impl<T, R> Shared<T, R> {
    fn lock(&self) -> MutexGuard<'_, State<T, R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what everyone must know of, and wakes all.
    fn tell_all(&self, change: impl FnOnce(&mut State<T, R>)) {
        change(&mut self.lock());
        for bell in [&self.room, &self.work, &self.ready] {
            bell.notify_all();
        }
    }
}

fn wait<'a, S>(bell: &Condvar, guard: MutexGuard<'a, S>) -> MutexGuard<'a, S> {
    bell.wait(guard).unwrap_or_else(PoisonError::into_inner)
}

/// Takes items with their size in bytes; false says that no more are wanted.
pub type Put<'a, T> = dyn FnMut(T, usize) -> bool + 'a;

/// Lets `produce` make items, works on them in `jobs` threads and gives the results to `consume` in order.
/// Ends early, without an error, when `consume` returns false. Memory is bounded by a constant and the largest item.
pub fn ordered<T, R, W>(
    jobs: usize,
    produce: impl FnOnce(&mut Put<'_, T>) + Send,
    worker: impl Fn() -> W + Sync,
    mut consume: impl FnMut(R) -> bool,
) where
    T: Send,
    R: Send,
    W: FnMut(T) -> R,
{
    if jobs <= 1 {
        let mut work = worker();
        produce(&mut |item, _| consume(work(item)));
        return;
    }
    let shared = Shared {
        state: Mutex::new(State {
            queue: VecDeque::new(),
            done: BTreeMap::new(),
            produced: 0,
            wanted: 0,
            items: 0,
            bytes: 0,
            closed: false,
            stopped: false,
        }),
        room: Condvar::new(),
        work: Condvar::new(),
        ready: Condvar::new(),
    };
    let most = ITEMS * jobs;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let _close = OnDrop(|| shared.tell_all(|s| s.closed = true));
            produce(&mut |item, bytes| {
                let mut s = shared.lock();
                while !s.stopped && s.items > 0 && (s.items >= most || s.bytes + bytes > BYTES) {
                    s = wait(&shared.room, s);
                }
                if s.stopped {
                    return false;
                }
                s.items += 1;
                s.bytes += bytes;
                let n = s.produced;
                s.produced += 1;
                s.queue.push_back((n, item, bytes));
                drop(s);
                shared.work.notify_one();
                true
            });
        });
        for _ in 0..jobs {
            scope.spawn(|| {
                let _stop = OnDrop(|| {
                    if std::thread::panicking() {
                        shared.tell_all(|s| s.stopped = true);
                    }
                });
                let mut work = worker();
                loop {
                    let mut s = shared.lock();
                    let (n, item, bytes) = loop {
                        if s.stopped {
                            return;
                        }
                        if let Some(next) = s.queue.pop_front() {
                            break next;
                        }
                        if s.closed {
                            return;
                        }
                        s = wait(&shared.work, s);
                    };
                    drop(s);
                    let result = work(item);
                    let mut s = shared.lock();
                    s.done.insert(n, (result, bytes));
                    if s.wanted == n {
                        shared.ready.notify_one();
                    }
                }
            });
        }
        let _stop = OnDrop(|| shared.tell_all(|s| s.stopped = true));
        loop {
            let mut s = shared.lock();
            let result = loop {
                let wanted = s.wanted;
                if let Some((result, bytes)) = s.done.remove(&wanted) {
                    s.wanted += 1;
                    s.items -= 1;
                    s.bytes -= bytes;
                    break result;
                }
                if s.stopped || (s.closed && wanted == s.produced) {
                    return;
                }
                s = wait(&shared.ready, s);
            };
            // the producer sleeps until there is room for many
            if s.items <= most / 2 {
                shared.room.notify_one();
            }
            drop(s);
            if !consume(result) {
                return;
            }
        }
    });
}

struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// How many threads to use when the user does not say.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squares(jobs: usize, count: u64, take: usize) -> Vec<u64> {
        let mut out = Vec::new();
        ordered(
            jobs,
            |put| {
                for i in 0..count {
                    if !put(i, 100_000) {
                        break;
                    }
                }
            },
            || {
                |i: u64| {
                    if i.is_multiple_of(7) {
                        std::thread::sleep(std::time::Duration::from_micros(200));
                    }
                    i * i
                }
            },
            |r| {
                out.push(r);
                out.len() < take
            },
        );
        out
    }

    #[test]
    fn order_is_kept_whatever_the_threads() {
        let want: Vec<u64> = (0..500).map(|i| i * i).collect();
        for jobs in [1, 2, 5] {
            assert_eq!(squares(jobs, 500, usize::MAX), want, "{jobs} jobs");
        }
    }

    #[test]
    fn stops_early_and_ends_on_nothing() {
        for jobs in [1, 3] {
            assert_eq!(squares(jobs, 1_000_000, 10).len(), 10);
            assert!(squares(jobs, 0, 10).is_empty());
        }
    }
}
