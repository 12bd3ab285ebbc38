//! Replay time.

use std::time::{Duration, Instant};

/// Fastest replay: a year in half a minute.
pub const MAX_SPEED: f64 = 1_000_000.0;

/// Maps the machine's monotonic time to a moment between `from` and `to`.
///
/// Every method takes the present, so that nothing here reads a clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    from: u64,
    to: u64,
    /// Replay time at `since`, milliseconds.
    at: f64,
    /// Since when it runs; `None` while it stands.
    since: Option<Instant>,
    speed: f64,
    started: bool,
}

impl Clock {
    /// A clock that stands at `from`. `speed` is replay seconds per second.
    pub fn new(from: u64, to: u64, speed: f64) -> Self {
        Self {
            from,
            to,
            at: from as f64,
            since: None,
            speed,
            started: false,
        }
    }

    pub const fn range(&self) -> (u64, u64) {
        (self.from, self.to)
    }

    pub const fn speed(&self) -> f64 {
        self.speed
    }

    /// Whether it never ran.
    pub const fn is_waiting(&self) -> bool {
        !self.started
    }

    /// Whether it ran and was stopped.
    pub const fn is_paused(&self) -> bool {
        self.started && self.since.is_none()
    }

    /// Milliseconds since the epoch, of replay time; stops at the end of the range.
    pub fn now(&self, present: Instant) -> u64 {
        (self.exact(present) as u64).clamp(self.from, self.to)
    }

    fn exact(&self, present: Instant) -> f64 {
        let elapsed = self.since.map_or(Duration::ZERO, |since| {
            present.saturating_duration_since(since)
        });
        (self.at + elapsed.as_secs_f64() * 1_000.0 * self.speed).min(self.to as f64)
    }

    /// Runs, for the first time or again.
    pub fn run(&mut self, present: Instant) {
        self.rebase(present);
        self.since = Some(present);
        self.started = true;
    }

    pub fn pause(&mut self, present: Instant) {
        self.rebase(present);
        self.since = None;
    }

    pub fn set_speed(&mut self, speed: f64, present: Instant) {
        self.rebase(present);
        self.speed = speed;
    }

    /// Goes to `time`, which lies in the range, and keeps running or standing.
    pub fn jump(&mut self, time: u64, present: Instant) {
        self.rebase(present);
        self.at = time.clamp(self.from, self.to) as f64;
    }

    fn rebase(&mut self, present: Instant) {
        self.at = self.exact(present);
        self.since = self.since.map(|_| present);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clock_should_follow_speed_pause_and_jump_when_told() {
        let t0 = Instant::now();
        let after = |seconds| t0 + Duration::from_secs(seconds);
        let mut clock = Clock::new(1_000_000, 2_000_000, 10.0);
        assert_eq!(clock.now(after(5)), 1_000_000, "it waits");
        assert!(clock.is_waiting() && !clock.is_paused());
        clock.run(after(5));
        assert_eq!(clock.now(after(7)), 1_020_000);
        clock.set_speed(100.0, after(7));
        assert_eq!(clock.now(after(8)), 1_120_000);
        clock.pause(after(8));
        assert!(clock.is_paused());
        assert_eq!(clock.now(after(50)), 1_120_000);
        clock.jump(1_500_000, after(50));
        assert_eq!(clock.now(after(60)), 1_500_000, "a jump does not start it");
        clock.run(after(60));
        clock.run(after(61));
        assert_eq!(clock.now(after(62)), 1_700_000, "run twice is run once");
        clock.jump(1_000_000, after(62));
        assert_eq!(clock.now(after(63)), 1_100_000, "it runs on after a jump");
        assert_eq!(clock.now(after(1_000)), 2_000_000, "it stops at the end");
        clock.jump(1_000_000, after(1_000));
        assert_eq!(clock.now(after(1_001)), 1_100_000, "the end can be left");
    }
}
