//! What the book keeps of a sub-account beside its orders.

use bulwark_primitives::Usd;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Orders that one page of an account's list holds.
pub const PAGE_LEN: u32 = 64;
/// Pages of an account's list, and so the bits of [`Desk::full`].
pub const PAGES: u8 = 16;
/// Blocks for which the number of places by equity is remembered.
pub const PLACES_BLOCKS: u32 = 300;
/// Places for orders that only reduce, whatever the equity: exits stay open.
pub const EXIT_PLACES: u32 = 8;
/// Longest heartbeat, in blocks: a day.
pub const MAX_HEARTBEAT: u32 = 43_200;

/// Places for orders and stops by equity; below the first there are none.
const PLACES: [(Usd, u32); 6] = [
    (Usd::dollars(10), 8),
    (Usd::dollars(100), 20),
    (Usd::dollars(1_000), 64),
    (Usd::dollars(10_000), 200),
    (Usd::dollars(100_000), 500),
    (Usd::dollars(1_000_000), 1_000),
];

/// Places for orders and stops that so much equity has.
pub fn places(equity: Usd) -> u32 {
    PLACES
        .iter()
        .rev()
        .find(|(least, _)| equity >= *least)
        .map_or(0, |(_, places)| *places)
}

/// How many places an account has, and the block in which they were counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Places {
    pub places: u32,
    pub at: u32,
}

/// When the orders of an account are cancelled unless it renews.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Deadline {
    /// The first block in which they are cancelled.
    pub at: u32,
    /// Whether its stops are as well.
    pub stops: bool,
}

/// What the book keeps of a sub-account. Blocks are counted in `u32`.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Desk {
    /// How many orders rest.
    pub orders: u32,
    /// How many stops wait.
    pub stops: u32,
    /// The pages of its list without room, as bits.
    pub full: u16,
    /// Places by equity when they were last counted.
    pub places: u32,
    /// The block in which they were.
    pub places_at: u32,
    /// Orders that died unfilled and are not yet forgotten, as of `unfilled_at`.
    pub unfilled: u32,
    /// The block of `unfilled`.
    pub unfilled_at: u32,
    /// The switch of the heartbeat.
    pub deadline: Option<Deadline>,
    /// Decayed volume of its fills, as of `day`.
    pub volume: Usd,
    /// Days since the Unix epoch.
    pub day: u32,
}

impl Desk {
    /// Whether nothing is lost when it is forgotten. Orders that died unfilled are: they would be
    /// before the account could place as many again.
    pub fn is_idle(&self) -> bool {
        self.orders == 0
            && self.stops == 0
            && self.deadline.is_none()
            && self.volume.is_zero()
            && self.unfilled == 0
    }

    /// Places by equity when they were last counted.
    pub(crate) const fn known_places(&self) -> Places {
        Places {
            places: self.places,
            at: self.places_at,
        }
    }

    /// The first page with room for an order.
    pub fn page_with_room(&self) -> Option<u8> {
        u8::try_from(self.full.trailing_ones())
            .ok()
            .filter(|page| *page < PAGES)
    }

    /// Notes whether a page has no room.
    pub fn set_full(&mut self, page: u8, full: bool) {
        let bit = 1u16.checked_shl(page.into()).unwrap_or(0);
        self.full = if full {
            self.full | bit
        } else {
            self.full & !bit
        };
    }

    /// Orders that died unfilled and are not yet forgotten; `refill` of them are with every block.
    pub fn unforgotten(&self, now: u32, refill: u32) -> u32 {
        // Counts that end at their bounds.
        let forgotten = now.saturating_sub(self.unfilled_at).saturating_mul(refill);
        self.unfilled.saturating_sub(forgotten)
    }

    /// Counts orders that died unfilled.
    pub fn note_unfilled(&mut self, orders: u32, now: u32, refill: u32) {
        self.unfilled = self.unforgotten(now, refill).saturating_add(orders);
        self.unfilled_at = now;
    }

    /// How many orders died unfilled beyond `quota`, which are to be paid now and then are forgotten.
    pub fn take_beyond(&mut self, now: u32, quota: u32, refill: u32) -> u32 {
        let unfilled = self.unforgotten(now, refill);
        let beyond = unfilled.saturating_sub(quota);
        if beyond > 0 {
            self.unfilled = quota;
            self.unfilled_at = now;
        }
        beyond
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_should_grow_with_equity() {
        assert_eq!(places(Usd::dollars(-5)), 0);
        assert_eq!(places(Usd(9_999_999)), 0);
        assert_eq!(places(Usd::dollars(10)), 8);
        assert_eq!(places(Usd::dollars(5_000)), 64);
        assert_eq!(places(Usd::dollars(9_000_000)), 1_000);
    }

    #[test]
    fn page_with_room_should_be_the_first_that_is_not_full() {
        let mut desk = Desk::default();
        assert_eq!(desk.page_with_room(), Some(0));
        for page in 0..PAGES {
            desk.set_full(page, true);
        }
        assert_eq!(desk.page_with_room(), None);
        desk.set_full(7, false);
        assert_eq!(desk.page_with_room(), Some(7));
    }

    #[test]
    fn unfilled_orders_should_cost_when_they_are_beyond_the_quota() {
        let mut desk = Desk::default();
        desk.note_unfilled(8, 5, 2);
        assert_eq!(desk.take_beyond(5, 10, 2), 0);
        desk.note_unfilled(5, 5, 2);
        assert_eq!(desk.take_beyond(5, 10, 2), 3);
        assert_eq!(desk.take_beyond(5, 10, 2), 0);
        // Two a block are forgotten.
        desk.note_unfilled(5, 7, 2);
        assert_eq!(desk.take_beyond(7, 10, 2), 1);
        desk.note_unfilled(10, 1_000, 2);
        assert_eq!(desk.take_beyond(1_000, 10, 2), 0);
    }
}
