//! Step 3 of the block: find due accounts, then close them ([`crate::ready`]), within one weight budget.
//!
//! 60 % of the budget goes to finding (so that what is under maintenance gets its class), the rest
//! to closing, worst class first; what finding leaves over goes to closing. Stale accounts come
//! first, but get at most half of what finding has while triggers wait, so that neither trading in
//! large accounts nor a crash keeps the other from being looked at. Of closing a quarter is kept for
//! parked accounts when there are any. Nothing is lost when the budget ends: a trigger stays in its
//! cell above the price, a stale account stays in its cell, a known account stays known.

use crate::{
    queue::{bits, cells, stale, EffectivePrices},
    types::{CellId, Entry, Load, Unpriced, Verdict, MAX_FACTORS},
    Cells, Config, Cursor, Event, Factors, Pallet, WeightInfo, Workload,
};
use alloc::{
    collections::{BTreeSet, VecDeque},
    vec::Vec,
};
use bulwark_primitives::{Factor, Incident, SubAccount};
use bulwark_risk_math::triggers;
use bulwark_traits::{MarketGuard, MarketRegistry};
use frame_support::{
    traits::Get,
    weights::{Weight, WeightMeter},
};
use sp_runtime::{traits::Saturating, Perbill};

/// Consecutive blocks with a full budget after which there is a backlog: the breaker is told in
/// each such block from then on.
pub const BACKLOG_BLOCKS: u32 = 15;
/// Consecutive blocks with budget to spare after which a backlog is over.
pub const CALM_BLOCKS: u32 = 30;
/// Blocks that a stale account may wait before the budget counts as too small. Anybody can fill the
/// cell for a block by trading in large accounts; that alone shall not halt the markets.
pub const STALE_BLOCKS: u32 = 5;
/// Most markets that a report to the breaker can be about: each has two factors.
const MAX_MARKETS: u32 = MAX_FACTORS / 2;

/// Share of the budget for finding due accounts.
const SWEEP_SHARE: Perbill = Perbill::from_percent(60);
/// Share of that for stale accounts, before the factors have had their turn.
const STALE_SHARE: Perbill = Perbill::from_percent(50);

/// Where the sweep of one factor is.
#[derive(Debug)]
struct Lane {
    factor: Factor,
    /// Effective price: triggers above it are due.
    price: i128,
    bucket: u16,
    page: Option<u64>,
}

/// What one block has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StepReport {
    /// Healthy, frozen or failed accounts that were evaluated.
    pub evaluated: u32,
    /// Accounts newly found under maintenance.
    pub found: u32,
    /// Attempts to close an account.
    pub attempts: u32,
    /// Attempts that closed something or paid a loss.
    pub closed: u32,
    /// Whether the budget ended before the work: due triggers or known accounts were left, or a
    /// stale account has waited for more than [`STALE_BLOCKS`]. Parked accounts do not count.
    pub saturated: bool,
}

impl<T: Config> Pallet<T> {
    /// Runs step 3 within `limit`; returns what was used of it.
    pub(crate) fn step(limit: Weight) -> (StepReport, Weight) {
        let kept = Self::weight_of_report();
        let limit = limit.saturating_sub(kept);
        let mut meter = WeightMeter::with_limit(limit);
        let mut report = StepReport::default();
        let mut prices = EffectivePrices::default();
        Self::sweep(
            &mut meter,
            share(SWEEP_SHARE, limit),
            &mut prices,
            &mut report,
        );
        Self::close_known(&mut meter, &mut prices, &mut report);
        let used = if Self::note_load(report.saturated) {
            meter.consumed().saturating_add(kept)
        } else {
            meter.consumed()
        };
        (report, used)
    }

    /// Evaluates stale accounts, then accounts whose triggers are above the price, then stale ones
    /// again with what is left.
    fn sweep(
        meter: &mut WeightMeter,
        budget: Weight,
        prices: &mut EffectivePrices,
        report: &mut StepReport,
    ) {
        let mut within = WeightMeter::with_limit(budget);
        let mut seen = BTreeSet::new();
        let for_triggers = T::WeightInfo::step_base(MAX_FACTORS);
        let half = share(STALE_SHARE, budget.saturating_sub(for_triggers));
        let mut done = Self::sweep_stale(&mut within, half, prices, &mut seen, report);
        // Read now: evaluations put factors in and take them out.
        let factors = Factors::<T>::get().into_inner();
        let count = u32::try_from(factors.len()).unwrap_or(u32::MAX);
        within.consume(T::WeightInfo::step_base(count));
        Self::sweep_factors(factors, &mut within, prices, &mut seen, report);
        if !done {
            let rest = within.remaining();
            done = Self::sweep_stale(&mut within, rest, prices, &mut seen, report);
        }
        let now = frame_system::Pallet::<T>::block_number();
        if !done
            && stale::oldest::<T>()
                .is_some_and(|since| now.saturating_sub(since) > STALE_BLOCKS.into())
        {
            report.saturated = true;
        }
        meter.consume(within.consumed());
    }

    /// Evaluates stale accounts, oldest first; `false` when `budget` has ended before that.
    fn sweep_stale(
        meter: &mut WeightMeter,
        budget: Weight,
        prices: &mut EffectivePrices,
        seen: &mut BTreeSet<SubAccount<T::AccountId>>,
        report: &mut StepReport,
    ) -> bool {
        let mut within = WeightMeter::with_limit(budget);
        let mut at = cells::last::<T>(CellId::Stale);
        let mut done = true;
        'pages: while let Some(id) = at {
            if within.try_consume(T::WeightInfo::read_page()).is_err() {
                done = false;
                break;
            }
            // What is evaluated leaves this page and touches no other of the cell, so the link read
            // here stays good.
            let Some(page) = Cells::<T>::get(CellId::Stale, id) else {
                break;
            };
            for entry in page.entries {
                if !Self::sweep_account(entry.account, &mut within, prices, seen, report) {
                    done = false;
                    break 'pages;
                }
            }
            at = page.previous;
        }
        meter.consume(within.consumed());
        done
    }

    /// Evaluates accounts whose triggers are above the price: factors in turn, one page each, the
    /// deepest bucket of a factor first.
    fn sweep_factors(
        factors: Vec<Factor>,
        meter: &mut WeightMeter,
        prices: &mut EffectivePrices,
        seen: &mut BTreeSet<SubAccount<T::AccountId>>,
        report: &mut StepReport,
    ) {
        let mut lanes = Self::lanes(factors, prices);
        while let Some(mut lane) = lanes.pop_front() {
            match Self::sweep_page(&mut lane, meter, prices, seen, report) {
                Some(true) => lanes.push_back(lane),
                Some(false) => {}
                None => {
                    report.saturated = true;
                    Cursor::<T>::put(lane.factor);
                    break;
                }
            }
        }
    }

    /// Evaluates one account that is due; `false` when the budget has no room for it.
    fn sweep_account(
        account: SubAccount<T::AccountId>,
        meter: &mut WeightMeter,
        prices: &mut EffectivePrices,
        seen: &mut BTreeSet<SubAccount<T::AccountId>>,
        report: &mut StepReport,
    ) -> bool {
        if !meter.can_consume(Self::worst_evaluation()) {
            return false;
        }
        let (verdict, legs) = Self::evaluate(&account, prices);
        match verdict {
            Verdict::Under | Verdict::Failed => {
                report.found = report.found.saturating_add(1);
                meter.consume(T::WeightInfo::sweep_under(legs));
            }
            Verdict::Healthy | Verdict::Frozen => {
                report.evaluated = report.evaluated.saturating_add(1);
                meter.consume(T::WeightInfo::sweep_evaluate(legs));
            }
        }
        seen.insert(account);
        true
    }

    /// One lane for each factor with something above its price, from the cursor on.
    fn lanes(factors: Vec<Factor>, prices: &mut EffectivePrices) -> VecDeque<Lane> {
        let cursor = Cursor::<T>::get();
        let start = cursor.map_or(0, |cursor| factors.partition_point(|f| *f < cursor));
        let turn = factors.iter().skip(start).chain(factors.iter().take(start));
        turn.filter_map(|factor| {
            let price = match prices.get::<T>(*factor) {
                Ok(price) => price,
                Err(Unpriced::Frozen) => return None,
                Err(Unpriced::Failed) => {
                    Self::report_failed_factor(*factor);
                    return None;
                }
            };
            let bucket = bits::highest::<T>(*factor, u16::MAX)?;
            (bucket >= triggers::bucket(price)).then(|| Lane {
                factor: *factor,
                price,
                bucket,
                page: cells::first::<T>(CellId::Trigger(*factor, bucket)),
            })
        })
        .collect()
    }

    fn report_failed_factor(factor: Factor) {
        log::error!(target: crate::LOG_TARGET, "event=price_failed factor={factor:?}");
        match factor {
            Factor::Long(market)
            | Factor::Short(market)
            | Factor::Size(market)
            | Factor::Offset(market) => {
                T::Guard::report(market, Incident::MathFailure);
            }
            Factor::Collateral(_) | Factor::Debt => {}
        }
    }

    /// Evaluates the due accounts of one page and moves the lane on. `Some(true)` when the lane
    /// has more, `Some(false)` when it is done, `None` when the budget has ended.
    fn sweep_page(
        lane: &mut Lane,
        meter: &mut WeightMeter,
        prices: &mut EffectivePrices,
        seen: &mut BTreeSet<SubAccount<T::AccountId>>,
        report: &mut StepReport,
    ) -> Option<bool> {
        let cell = CellId::Trigger(lane.factor, lane.bucket);
        meter.try_consume(T::WeightInfo::read_page()).ok()?;
        let Some(page) = lane.page.and_then(|id| Cells::<T>::get(cell, id)) else {
            // The last account in it was evaluated for another of its legs: what is behind the page
            // is looked at from the first one on.
            lane.page = cells::first::<T>(cell);
            return Some(lane.page.is_some() || Self::advance(lane, None));
        };
        // Evaluating an account touches no other page of this cell: it has one leg per factor, and
        // a trigger that stays in its bucket stays in its page. So the link read here stays good.
        let next = page.next;
        for Entry { account, key } in page.entries {
            if lane.price >= key || seen.contains(&account) {
                continue;
            }
            if !Self::sweep_account(account, meter, prices, seen, report) {
                return None;
            }
        }
        Some(Self::advance(lane, next))
    }

    fn advance(lane: &mut Lane, next: Option<u64>) -> bool {
        lane.page = next;
        if next.is_some() {
            return true;
        }
        let below = lane
            .bucket
            .checked_sub(1)
            .and_then(|below| bits::highest::<T>(lane.factor, below))
            .filter(|bucket| *bucket >= triggers::bucket(lane.price));
        let Some(bucket) = below else {
            return false;
        };
        lane.bucket = bucket;
        lane.page = cells::first::<T>(CellId::Trigger(lane.factor, bucket));
        true
    }

    /// Most that an evaluation can use.
    pub(crate) fn worst_evaluation() -> Weight {
        let legs = T::MaxLegs::get();
        T::WeightInfo::sweep_evaluate(legs).max(T::WeightInfo::sweep_under(legs))
    }

    /// The budget below which a part of step 3 could never do anything: each part must have room
    /// for one account in its own share, whatever the others use.
    pub(crate) fn smallest_step() -> Weight {
        // Stale accounts have half of what the base leaves of 60 %, and triggers the other half.
        let one = T::WeightInfo::read_page().saturating_add(Self::worst_evaluation());
        let sweep = T::WeightInfo::step_base(MAX_FACTORS)
            .saturating_add(one.saturating_mul(2))
            .saturating_mul(10)
            .checked_div(6)
            .unwrap_or(Weight::MAX);
        // Closing has 40 %, of which ready accounts have three quarters in most blocks, and parked ones
        // room for one in their turn.
        let close = Self::room_for_one()
            .saturating_mul(10)
            .checked_div(3)
            .unwrap_or(Weight::MAX);
        sweep
            .max(close)
            .saturating_add(T::WeightInfo::report_backlog(MAX_MARKETS))
    }

    /// What has to be kept for telling the breaker; nothing while this block cannot make it
    /// necessary.
    fn weight_of_report() -> Weight {
        if !Workload::<T>::get().may_report() {
            return Weight::zero();
        }
        let markets = u32::try_from(T::Registry::market_ids().len()).unwrap_or(u32::MAX);
        T::WeightInfo::report_backlog(markets)
    }

    /// Counts blocks whose budget was too small, and tells the breaker of every market while there is
    /// a backlog; whether it was told.
    pub(crate) fn note_load(saturated: bool) -> bool {
        let before = Workload::<T>::get();
        let load = before.next(saturated);
        if load == Load::default() {
            Workload::<T>::kill();
        } else {
            Workload::<T>::put(load);
        }
        if before.calm.is_some() && load.calm.is_none() {
            Self::deposit_event(Event::BacklogEnded);
        }
        if !saturated || load.calm.is_none() {
            return false;
        }
        for market in T::Registry::market_ids() {
            T::Guard::report(market, Incident::LiquidationBacklog);
        }
        if load.saturated.checked_rem(BACKLOG_BLOCKS) == Some(1) && load.saturated > BACKLOG_BLOCKS
        {
            Self::deposit_event(Event::Backlog {
                blocks: load.saturated,
            });
        }
        true
    }
}

/// A share of a weight, rounded down.
pub(crate) fn share(share: Perbill, weight: Weight) -> Weight {
    Weight::from_parts(
        share.mul_floor(weight.ref_time()),
        share.mul_floor(weight.proof_size()),
    )
}
