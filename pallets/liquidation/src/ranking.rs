//! Who pays when an account and the fund cannot: open positions, most profit x leverage first.
//!
//! # How they are found
//!
//! The rank of a position ([`losses::score`](bulwark_risk_math::losses::score)) is the product of
//! what it has won per unit and of how leveraged its account is. Both change with every price, so no
//! sorted list of ranks can be kept. But each is known in order without upkeep: for a given mark,
//! positions of one side have won the more the better their entry price, and an entry price changes
//! only when the position does; and accounts are the more leveraged the nearer their trigger is, which the due
//! queue keeps. So a search takes the first positions of both orders, values each, and sorts them by
//! their exact rank at the prices of the block. A position that ranks first and is in neither list
//! would have to be beaten in profit and in leverage by all that are.
//!
//! # Bounds
//!
//! A search visits at most [`SEARCH_ACCOUNTS`] entries and values accounts with at most [`SEARCH_HOLDINGS`]
//! holdings together, or one more account; [`MAX_COUNTERPARTIES`] of what it finds are closed in one attempt. What
//! is not reached is found by the attempts of the blocks after, because who was closed is gone.

use crate::{
    queue::{
        bits::{self, Layers},
        cells,
    },
    types::{AdlRank, CellId, Entry, RankedPosition},
    Cells, Config, Pallet, Ranked,
};
use alloc::{collections::BTreeSet, vec::Vec};
use bulwark_primitives::{Factor, MarketId, Position, SubAccount};
use bulwark_risk_math::{entry_key, score, triggers};
use bulwark_traits::{LiquidationLedger, LossLedger, OpenProfit};
use core::cmp::Reverse;
use frame_support::{traits::Get, BoundedVec};

/// Entries that one search visits at most, half of them in each order.
pub const SEARCH_ACCOUNTS: u32 = 16;
/// Holdings of accounts that one search values at most, one account apart.
pub const SEARCH_HOLDINGS: u32 = 128;
/// Positions that one attempt closes against an account at most, and of which one takes profit.
pub const MAX_COUNTERPARTIES: u32 = 4;
/// Entries that the runtime API visits.
const API_ACCOUNTS: u32 = 1_024;

/// A position that could pay.
#[derive(Clone, Debug)]
pub(crate) struct Candidate<AccountId> {
    pub account: SubAccount<AccountId>,
    pub open: OpenProfit,
    pub score: i128,
}

/// What a search may look at.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    accounts: u32,
    holdings: u32,
}

/// Side and market of a position; `None` for one of no size.
pub(crate) fn factor_of(position: &Position) -> Option<Factor> {
    match (position.size.is_long(), position.size.is_short()) {
        (true, _) => Some(Factor::Long(position.market)),
        (_, true) => Some(Factor::Short(position.market)),
        (false, false) => None,
    }
}

/// How many positions of an account are ranked.
pub fn ranked<T: Config>(account: &SubAccount<T::AccountId>) -> usize {
    Ranked::<T>::decode_len(account).unwrap_or(0)
}

/// Where the positions of an account belong now.
fn places<T: Config>(account: &SubAccount<T::AccountId>) -> Vec<(Factor, u16)> {
    T::Ledger::positions(account)
        .iter()
        .filter_map(|position| {
            let key = entry_key(position.size, position.entry_notional);
            Some((factor_of(position)?, triggers::bucket(key)))
        })
        .collect()
}

/// Whether `ranked` is what the positions of an account say, as many of them as fit.
pub fn is_right<T: Config>(account: &SubAccount<T::AccountId>, ranked: &[RankedPosition]) -> bool {
    let places = places::<T>(account);
    let most = usize::try_from(T::MaxLegs::get()).unwrap_or(usize::MAX);
    places.len().min(most) == ranked.len()
        && ranked
            .iter()
            .all(|one| places.contains(&(one.factor, one.bucket)))
}

/// Ranks the positions of an account by their entry prices. What is in the right bucket stays there:
/// a position that became smaller, or a little larger, does not move.
///
/// Complexity: O(positions), two page entries for each that moves.
pub fn put_right<T: Config>(account: &SubAccount<T::AccountId>) {
    let before = Ranked::<T>::get(account);
    let mut old = before.clone().into_inner();
    let mut new: BoundedVec<RankedPosition, T::MaxLegs> = BoundedVec::new();
    for (factor, bucket) in places::<T>(account) {
        let kept = old
            .iter()
            .position(|one| one.factor == factor && one.bucket == bucket)
            .map(|at| old.swap_remove(at));
        let place = kept.or_else(|| enter::<T>(account, factor, bucket));
        // An account has no more positions than legs, so the list never overflows.
        if let Some(Err(place)) = place.map(|place| new.try_push(place)) {
            leave::<T>(account, &place);
        }
    }
    for gone in &old {
        leave::<T>(account, gone);
    }
    if new.is_empty() {
        if !before.is_empty() {
            Ranked::<T>::remove(account);
        }
    } else if new != before {
        Ranked::<T>::insert(account, new);
    }
}

fn enter<T: Config>(
    account: &SubAccount<T::AccountId>,
    factor: Factor,
    bucket: u16,
) -> Option<RankedPosition> {
    let entry = Entry {
        account: account.clone(),
        key: 0,
    };
    // Page ids do not run out (2^64); if they did, the position would be ranked at its next change.
    let (page, fresh) = cells::insert::<T>(CellId::Entry(factor, bucket), entry).ok()?;
    if fresh {
        bits::set_in::<T>(bits::ENTRIES, factor, bucket);
    }
    Some(RankedPosition {
        factor,
        bucket,
        page,
    })
}

fn leave<T: Config>(account: &SubAccount<T::AccountId>, place: &RankedPosition) {
    let cell = CellId::Entry(place.factor, place.bucket);
    if cells::remove::<T>(cell, place.page, account) {
        bits::clear_in::<T>(bits::ENTRIES, place.factor, place.bucket);
    }
}

/// Puts the first `count` ranked positions of an account into buckets where they do not belong, each
/// alone in a word of the bitmap, for benchmarks of [`put_right`].
#[cfg(feature = "runtime-benchmarks")]
pub(crate) fn misplace<T: Config>(account: &SubAccount<T::AccountId>, count: usize) {
    Ranked::<T>::mutate(account, |places| {
        for place in places.iter_mut().take(count) {
            leave::<T>(account, place);
            if let Some(wrong) = enter::<T>(account, place.factor, place.bucket ^ 0x0f00) {
                *place = wrong;
            }
        }
    });
}

/// The cell of a bucket in one of the two orders.
fn cell_of(layers: Layers, factor: Factor, bucket: u16) -> CellId {
    if layers == bits::ENTRIES {
        CellId::Entry(factor, bucket)
    } else {
        CellId::Trigger(factor, bucket)
    }
}

/// Visits the accounts of one order, first ones first, until `visit` says no.
fn walk<T: Config>(
    layers: Layers,
    factor: Factor,
    mut visit: impl FnMut(SubAccount<T::AccountId>) -> bool,
) {
    let mut at = bits::highest_in::<T>(layers, factor, u16::MAX);
    while let Some(bucket) = at {
        let cell = cell_of(layers, factor, bucket);
        let mut next = cells::first::<T>(cell);
        while let Some(page) = next.and_then(|id| Cells::<T>::get(cell, id)) {
            for entry in page.entries {
                if !visit(entry.account) {
                    return;
                }
            }
            next = page.next;
        }
        at = bucket
            .checked_sub(1)
            .and_then(|below| bits::highest_in::<T>(layers, factor, below));
    }
}

/// Rank of a position at the prices of the block. An account whose health is unknown ranks as if it
/// had no leverage at all.
pub(crate) fn score_of(open: &OpenProfit) -> i128 {
    let equity = open.health.map_or(open.notional, |health| health.equity);
    score(open.profit, open.entry_notional, open.notional, equity)
}

impl<T: Config> Pallet<T> {
    /// Positions of one side of a market that could pay for `debtor`, in the order of their ranks.
    pub(crate) fn search(
        factor: Factor,
        debtor: &SubAccount<T::AccountId>,
    ) -> Vec<Candidate<T::AccountId>> {
        let bounds = Bounds {
            accounts: SEARCH_ACCOUNTS,
            holdings: SEARCH_HOLDINGS,
        };
        let mut found = Self::candidates(factor, bounds);
        found.retain(|candidate| candidate.account != *debtor);
        found
    }

    fn candidates(factor: Factor, bounds: Bounds) -> Vec<Candidate<T::AccountId>> {
        let Some(market) = market_of(factor) else {
            return Vec::new();
        };
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        let half = |all: u32| all.div_ceil(2);
        for layers in [bits::ENTRIES, bits::TRIGGERS] {
            let (mut visits, mut holdings) = (half(bounds.accounts), half(bounds.holdings));
            walk::<T>(layers, factor, |account| {
                if visits == 0 || holdings == 0 {
                    return false;
                }
                visits = visits.saturating_sub(1);
                if !seen.insert(account.clone()) {
                    return true;
                }
                if let Some(open) = T::Ledger::open_profit(&account, market) {
                    holdings = holdings.saturating_sub(open.holdings);
                    // An index that is out of date may still name the side of before.
                    if open.size.is_long() == matches!(factor, Factor::Long(_)) {
                        let score = score_of(&open);
                        found.push(Candidate {
                            account,
                            open,
                            score,
                        });
                    }
                }
                true
            });
        }
        found.sort_by_cached_key(|one| (Reverse(one.score), one.account.clone()));
        found
    }

    /// Where an account's position in a market stands among those that would be closed for others,
    /// at the prices of the block; `None` without a position or a price. Looks at up to
    /// 1,024 positions, in the same way as a search of step 3 does. Read-only, for the runtime API.
    pub fn adl_rank(account: &SubAccount<T::AccountId>, market: MarketId) -> Option<AdlRank> {
        let open = T::Ledger::open_profit(account, market)?;
        let factor = if open.size.is_long() {
            Factor::Long(market)
        } else {
            Factor::Short(market)
        };
        let score = score_of(&open);
        let bounds = Bounds {
            accounts: API_ACCOUNTS,
            holdings: u32::MAX,
        };
        let others = Self::candidates(factor, bounds);
        let others = || others.iter().filter(|other| other.account != *account);
        let before = others()
            .filter(|other| (Reverse(other.score), &other.account) < (Reverse(score), account));
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Some(AdlRank {
            score,
            place: count(before.count()),
            of: count(others().count()).saturating_add(1),
        })
    }
}

fn market_of(factor: Factor) -> Option<MarketId> {
    match factor {
        Factor::Long(market) | Factor::Short(market) => Some(market),
        Factor::Size(_) | Factor::Offset(_) | Factor::Collateral(_) | Factor::Debt => None,
    }
}
