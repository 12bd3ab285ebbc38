//! Step 3 of the block: find due accounts, then close them, within one weight budget.
//!
//! 60 % of the budget goes to finding (so that what is under maintenance gets its class), the rest
//! to closing, worst class first; what finding leaves over goes to closing. A quarter of that
//! is kept for parked accounts when there are any. Nothing is lost when the budget ends: a trigger
//! stays in its cell above the price, a known account stays known.

use crate::{
    queue::{bits, cells, known, EffectivePrices},
    types::{CellId, Entry, Outcome, Unpriced, Verdict, HEALTH_CLASSES, MAX_FACTORS, PARKED},
    Cells, Config, Cursor, Event, Factors, KnownBits, Pallet, ParkedCursor, Saturated, WeightInfo,
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
use sp_runtime::Perbill;

/// Consecutive blocks with a full budget after which the breaker is told; it is told again after
/// as many more.
pub const BACKLOG_BLOCKS: u32 = 15;

/// Share of the budget for finding due accounts.
const SWEEP_SHARE: Perbill = Perbill::from_percent(60);
/// Share of what remains that is kept for parked accounts, when there are any.
const PARKED_SHARE: Perbill = Perbill::from_percent(25);

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
    /// Whether the budget ended before the work.
    pub saturated: bool,
}

impl<T: Config> Pallet<T> {
    /// Runs step 3 within `limit`; returns what was used of it.
    pub(crate) fn step(limit: Weight) -> (StepReport, Weight) {
        let mut meter = WeightMeter::with_limit(limit);
        let mut report = StepReport::default();
        let mut prices = EffectivePrices::default();
        Self::sweep(
            &mut meter,
            share(SWEEP_SHARE, limit),
            &mut prices,
            &mut report,
        );
        let mut tried = BTreeSet::new();
        Self::close_ready(&mut meter, &mut prices, &mut tried, &mut report);
        Self::close_parked(&mut meter, &mut prices, &tried, &mut report);
        Self::note_saturation(report.saturated);
        (report, meter.consumed())
    }

    /// Evaluates accounts whose triggers are above the price: factors in turn, one page each, the
    /// deepest bucket of a factor first.
    fn sweep(
        meter: &mut WeightMeter,
        budget: Weight,
        prices: &mut EffectivePrices,
        report: &mut StepReport,
    ) {
        let mut meter_of_sweep = WeightMeter::with_limit(budget);
        let factors = Factors::<T>::get().into_inner();
        let count = u32::try_from(factors.len()).unwrap_or(u32::MAX);
        meter_of_sweep.consume(T::WeightInfo::step_base(count));
        let mut lanes = Self::lanes(factors, prices);
        let mut seen = BTreeSet::new();
        while let Some(mut lane) = lanes.pop_front() {
            match Self::sweep_page(&mut lane, &mut meter_of_sweep, prices, &mut seen, report) {
                Some(true) => lanes.push_back(lane),
                Some(false) => {}
                None => {
                    report.saturated = true;
                    Cursor::<T>::put(lane.factor);
                    break;
                }
            }
        }
        meter.consume(meter_of_sweep.consumed());
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
            Factor::Long(market) | Factor::Short(market) => {
                T::Guard::report(market, Incident::MathFailure);
            }
            Factor::Collateral(_) => {}
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
        // Evaluating an account touches no other page of this cell: it has one leg per factor, and
        // a trigger that stays in its bucket stays in its page. So the link read here stays good.
        let page = lane.page.and_then(|id| Cells::<T>::get(cell, id));
        let next = page.as_ref().and_then(|page| page.next);
        let entries = page.map(|page| page.entries.into_inner());
        for Entry { account, key } in entries.unwrap_or_default() {
            if lane.price >= key || seen.contains(&account) {
                continue;
            }
            if !meter.can_consume(Self::worst_evaluation()) {
                return None;
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

    /// Closes known accounts, worst health class first.
    fn close_ready(
        meter: &mut WeightMeter,
        prices: &mut EffectivePrices,
        tried: &mut BTreeSet<SubAccount<T::AccountId>>,
        report: &mut StepReport,
    ) {
        let bits = KnownBits::<T>::get();
        let kept = if bits & known::mask(PARKED) == 0 {
            Weight::zero()
        } else {
            // Room for one of them at least, or they would starve in a small budget.
            let one = T::WeightInfo::read_page().saturating_add(Self::worst_closing(1));
            share(PARKED_SHARE, meter.remaining()).max(one)
        };
        let mut ready = WeightMeter::with_limit(meter.remaining().saturating_sub(kept));
        for class in (0..HEALTH_CLASSES).filter(|class| bits & known::mask(*class) != 0) {
            if !Self::close_class(class, &mut ready, prices, tried, report) {
                report.saturated = true;
                break;
            }
        }
        meter.consume(ready.consumed());
    }

    /// Closes the accounts of one class; `false` when the budget has ended.
    fn close_class(
        class: u8,
        meter: &mut WeightMeter,
        prices: &mut EffectivePrices,
        tried: &mut BTreeSet<SubAccount<T::AccountId>>,
        report: &mut StepReport,
    ) -> bool {
        let cell = CellId::Known(class);
        let mut at = cells::first::<T>(cell);
        while let Some(id) = at {
            if meter.try_consume(T::WeightInfo::read_page()).is_err() {
                return false;
            }
            // A page can vanish when a closing heals a maker who is on it; the accounts behind it
            // are closed in the next block then.
            let Some(page) = Cells::<T>::get(cell, id) else {
                return true;
            };
            for entry in page.entries {
                if tried.contains(&entry.account) {
                    continue;
                }
                if !Self::attempt(&entry.account, meter, prices, report) {
                    return false;
                }
                tried.insert(entry.account);
            }
            at = page.next;
        }
        true
    }

    /// Tries parked accounts again, in turn over the blocks. A budget that ends here is no
    /// backlog: what is parked waits for a market, not for the chain.
    fn close_parked(
        meter: &mut WeightMeter,
        prices: &mut EffectivePrices,
        tried: &BTreeSet<SubAccount<T::AccountId>>,
        report: &mut StepReport,
    ) {
        if KnownBits::<T>::get() & known::mask(PARKED) == 0 {
            return;
        }
        let cell = CellId::Known(PARKED);
        let (mut at, mut skip) = match ParkedCursor::<T>::take() {
            Some((page, skip)) if Cells::<T>::contains_key(cell, page) => (Some(page), skip),
            _ => (cells::first::<T>(cell), 0),
        };
        while let Some(id) = at {
            let page = Cells::<T>::get(cell, id)
                .filter(|_| meter.try_consume(T::WeightInfo::read_page()).is_ok());
            let Some(page) = page else {
                ParkedCursor::<T>::put((id, skip));
                return;
            };
            let done = usize::try_from(skip).unwrap_or(usize::MAX);
            for entry in page.entries.iter().skip(done) {
                if !tried.contains(&entry.account)
                    && !Self::attempt(&entry.account, meter, prices, report)
                {
                    ParkedCursor::<T>::put((id, skip));
                    return;
                }
                skip = skip.saturating_add(1);
            }
            at = page.next;
            skip = 0;
        }
    }

    /// One closing, with as many fills as the budget has room for; `false` when it has none.
    fn attempt(
        account: &SubAccount<T::AccountId>,
        meter: &mut WeightMeter,
        prices: &mut EffectivePrices,
        report: &mut StepReport,
    ) -> bool {
        let Some(max_fills) = Self::affordable_fills(meter) else {
            return false;
        };
        let attempt = Self::close_account(account, T::Author::get(), max_fills, prices);
        meter.consume(Self::weight_of(&attempt));
        report.attempts = report.attempts.saturating_add(1);
        if attempt.outcome == Outcome::Progress {
            report.closed = report.closed.saturating_add(1);
        }
        true
    }

    /// How many fills a closing may have: all of them, or a half, a quarter... of what fits.
    fn affordable_fills(meter: &WeightMeter) -> Option<u32> {
        let mut fills = T::MaxFillsPerClosing::get().max(1);
        while !meter.can_consume(Self::worst_closing(fills)) {
            if fills == 1 {
                return None;
            }
            fills = fills.checked_div(2)?;
        }
        Some(fills)
    }

    /// Most that an evaluation can use.
    pub(crate) fn worst_evaluation() -> Weight {
        let legs = T::MaxLegs::get();
        T::WeightInfo::sweep_evaluate(legs).max(T::WeightInfo::sweep_under(legs))
    }

    /// The budget below which a part of step 3 could never do anything: each part must have room
    /// for one account in its own share, whatever the others use.
    pub(crate) fn smallest_step() -> Weight {
        let sweep = T::WeightInfo::step_base(MAX_FACTORS)
            .saturating_add(T::WeightInfo::read_page())
            .saturating_add(Self::worst_evaluation());
        let close = T::WeightInfo::read_page().saturating_add(Self::worst_closing(1));
        // Parked accounts have the smallest share of all: a quarter of 40 %.
        let sweep = sweep
            .saturating_mul(10)
            .checked_div(6)
            .unwrap_or(Weight::MAX);
        sweep.max(close.saturating_mul(10))
    }

    /// Counts blocks whose budget was too small, and tells the breaker of every market.
    fn note_saturation(saturated: bool) {
        let before = Saturated::<T>::get();
        if !saturated {
            if before != 0 {
                Saturated::<T>::kill();
            }
            return;
        }
        let blocks = before.saturating_add(1);
        Saturated::<T>::put(blocks);
        if blocks.checked_rem(BACKLOG_BLOCKS) == Some(1) && blocks > BACKLOG_BLOCKS {
            for market in T::Registry::market_ids() {
                T::Guard::report(market, Incident::LiquidationBacklog);
            }
            Self::deposit_event(Event::Backlog { blocks });
        }
    }
}

/// A share of a weight, rounded down.
fn share(share: Perbill, weight: Weight) -> Weight {
    Weight::from_parts(
        share.mul_floor(weight.ref_time()),
        share.mul_floor(weight.proof_size()),
    )
}
