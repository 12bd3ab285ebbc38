//! Every governed parameter with unit, bounds, largest step and how a change of it comes into force.
//!
//! One table for the chain and for those who read about it: [`crate::record`] moves values by it,
//! the calls refuse steps by it, `MarketsApi` answers it, and `docs/parameters.md` and
//! `docs/parameters.schema.json` are printed from it.

use crate::{
    record::{Schedule, MAX_PERIOD, MAX_WAIT, MIN_DELAY},
    validate as bound,
};
use bulwark_primitives::{
    CollateralParams, MarketParams, Price, Quantity, Rate, Tier, Usd, RATE_SCALE,
};
use bulwark_risk_math::{ramp, Rounding};

/// Version of the schema: rises when a parameter is added, removed or means something else.
pub const VERSION: u16 = 2;

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// USD per one whole unit of the underlying.
    UsdPerUnit,
    /// USD.
    Usd,
    /// Whole units of the market's underlying.
    Underlying,
    /// A fraction: 1 is 100 %.
    Fraction,
    /// A fraction per eight hours.
    FractionPer8Hours,
    /// Base units of the collateral asset.
    BaseUnits,
    /// Decimals of a base unit.
    Decimals,
    /// Id of an asset.
    Asset,
    /// A quality class: 0 is A, 1 is B, 2 is C, 3 is isolated.
    Tier,
    /// Blocks of two seconds.
    Blocks,
    /// How often in a year.
    TimesAYear,
    /// Days.
    Days,
    /// Minutes.
    Minutes,
}

impl Unit {
    /// Its name in documents and APIs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UsdPerUnit => "USD per unit",
            Self::Usd => "USD",
            Self::Underlying => "units of the underlying",
            Self::Fraction => "fraction",
            Self::FractionPer8Hours => "fraction per 8 hours",
            Self::BaseUnits => "base units of the asset",
            Self::Decimals => "decimals",
            Self::Asset => "asset id",
            Self::Tier => "tier (0 A, 1 B, 2 C, 3 isolated)",
            Self::Blocks => "blocks of 2 s",
            Self::TimesAYear => "times a year",
            Self::Days => "days",
            Self::Minutes => "minutes",
        }
    }

    /// Decimals with which values are stored.
    pub const fn decimals(self) -> u8 {
        match self {
            Self::UsdPerUnit | Self::Underlying => 18,
            Self::Usd => 6,
            Self::Fraction | Self::FractionPer8Hours | Self::TimesAYear => 9,
            Self::BaseUnits
            | Self::Decimals
            | Self::Asset
            | Self::Tier
            | Self::Blocks
            | Self::Days
            | Self::Minutes => 0,
        }
    }
}

/// In which direction a value makes the chain safer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safer {
    /// More is safer: margins.
    Higher,
    /// Less is safer: caps, factors, bands.
    Lower,
}

impl Safer {
    const fn tightens(self, from: u128, to: u128) -> bool {
        match self {
            Self::Higher => to > from,
            Self::Lower => to < from,
        }
    }

    /// Toward the safer side.
    const fn rounding(self) -> Rounding {
        match self {
            Self::Higher => Rounding::Up,
            Self::Lower => Rounding::Down,
        }
    }
}

/// How a change comes into force. Weakening a safeguard is slower than using it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// Never: the book or the ledger is built on it.
    Fixed,
    /// At once.
    AtOnce,
    /// At once, when the last change of any parameter of its table was a day ago.
    Daily,
    /// As [`Course::Daily`] when it loosens, and at once when it tightens.
    LoosensDaily,
    /// Linearly over the period, whatever the direction.
    Ramp,
    /// Tightens at once; loosens linearly over the period after the wait.
    Guard(Safer),
    /// What liquidates: tightens linearly over the period, loosens linearly after the wait.
    Maintenance(Safer),
    /// A class, which has nothing in between: tightens at once, loosens at the end of the wait.
    Switch(Safer),
    /// Margin tiers, all at once: loosen at the end of the wait, and tighten only while the market has
    /// no open interest, for they are no effective price of the due queue, and a ramp of them would
    /// make accounts due unseen.
    Tiers,
}

impl Course {
    /// Its description in documents and APIs.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::AtOnce => "at once",
            Self::Daily => "at once, a day after the last change",
            Self::LoosensDaily => "tightens at once; loosens a day after the last change",
            Self::Ramp => "ramps",
            Self::Guard(_) => "tightens at once; loosening waits and ramps",
            Self::Maintenance(_) => "tightening ramps; loosening waits and ramps",
            Self::Switch(_) => "tightens at once; loosening waits",
            Self::Tiers => "loosening waits; tightens only without open interest",
        }
    }

    /// Whether values move from block to block.
    pub const fn ramps(self) -> bool {
        match self {
            Self::Ramp | Self::Guard(_) | Self::Maintenance(_) => true,
            Self::Fixed
            | Self::AtOnce
            | Self::Daily
            | Self::LoosensDaily
            | Self::Switch(_)
            | Self::Tiers => false,
        }
    }

    /// The value `since` blocks after a change from `from` to `to` was decided.
    ///
    /// Rounded to the safer side; what ramps both ways is a fee or a rate and rounds down.
    pub fn value(self, from: u128, to: u128, since: u32, schedule: &Schedule) -> u128 {
        if from == to {
            return to;
        }
        // Before the wait is over nothing has elapsed.
        let waited = since.saturating_sub(schedule.wait);
        let moved = |elapsed, rounding| {
            // Lies between the two, so it always fits.
            ramp(from, to, elapsed, schedule.period, rounding).unwrap_or(from)
        };
        match self {
            Self::Fixed | Self::AtOnce | Self::Daily | Self::LoosensDaily | Self::Tiers => to,
            Self::Ramp => moved(since, Rounding::Down),
            Self::Guard(safer) if safer.tightens(from, to) => to,
            Self::Maintenance(safer) if safer.tightens(from, to) => moved(since, safer.rounding()),
            Self::Guard(safer) | Self::Maintenance(safer) => moved(waited, safer.rounding()),
            Self::Switch(safer) if safer.tightens(from, to) || since >= schedule.wait => to,
            Self::Switch(_) => from,
        }
    }
}

/// How far one change may go from the value in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Any value within the bounds.
    Any,
    /// By so much, up or down.
    By(u128),
    /// To the double or the half.
    Double,
    /// To the double, or down to any value; from nothing to any value, like a new listing.
    DoubleUp,
}

impl Step {
    /// Whether a change stays within the step.
    pub const fn allows(self, from: u128, to: u128) -> bool {
        // A double that does not fit is above every value that does.
        match self {
            Self::Any => true,
            Self::By(most) => from.abs_diff(to) <= most,
            Self::Double => to <= from.saturating_mul(2) && from <= to.saturating_mul(2),
            Self::DoubleUp => from == 0 || to <= from.saturating_mul(2),
        }
    }
}

/// One governed number.
#[derive(Debug)]
pub struct Parameter<P: 'static> {
    /// Its path in the parameters.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// Lowest value, as stored.
    pub lowest: u128,
    /// Highest value, as stored.
    pub highest: u128,
    /// What else has to hold.
    pub rule: &'static str,
    /// Largest step.
    pub step: Step,
    /// How a change comes into force.
    pub course: Course,
    /// Where it is; none for what changes as a whole.
    pub value: Option<Access<P>>,
}

/// Reads and writes one number of the parameters.
#[derive(Debug)]
pub struct Access<P: 'static> {
    /// Reads it.
    pub get: fn(&P) -> u128,
    /// Writes it.
    pub set: fn(&mut P, u128),
}

/// What a table tells of each of its parameters.
pub trait Parameters: Copy + PartialEq + 'static {
    /// All of them.
    const TABLE: &'static [Parameter<Self>];

    /// Puts what changes as a whole where it is `since` blocks after the change.
    fn place_wholes(&mut self, from: &Self, to: &Self, since: u32, schedule: &Schedule);

    /// The first parameter that a change moves farther than it may: neither within its step of the
    /// value in force, nor on the way to `decided` that it already goes.
    fn too_far(in_force: &Self, decided: &Self, to: &Self) -> Option<&'static str> {
        Self::TABLE.iter().find_map(|parameter| {
            let get = parameter.value.as_ref()?.get;
            let (now, then, new) = (get(in_force), get(decided), get(to));
            let on_the_way = (now.min(then)..=now.max(then)).contains(&new);
            (!on_the_way && !parameter.step.allows(now, new)).then_some(parameter.name)
        })
    }
}

const fn rate_of(value: u128) -> Rate {
    // Values between two rates are rates.
    if value > RATE_SCALE_WIDE {
        return Rate::ONE;
    }
    #[allow(clippy::as_conversions)]
    Rate(value as u64)
}

#[allow(clippy::as_conversions)]
const RATE_SCALE_WIDE: u128 = RATE_SCALE as u128;

/// A rate as the table has it.
#[allow(clippy::as_conversions)]
pub const fn wide(rate: Rate) -> u128 {
    rate.0 as u128
}

/// A rate in percent.
pub const fn percent(percent: u32) -> u128 {
    wide(Rate::percent(percent))
}

/// A rate in basis points.
pub const fn points(points: u32) -> u128 {
    wide(Rate::basis_points(points))
}

#[allow(clippy::as_conversions)]
const fn blocks(blocks: u32) -> u128 {
    blocks as u128
}

fn tier_of(value: u128) -> Tier {
    match value {
        0 => Tier::A,
        1 => Tier::B,
        2 => Tier::C,
        // The table knows no other; the strictest is safe.
        _ => Tier::Isolated,
    }
}

const fn tier_number(tier: Tier) -> u128 {
    match tier {
        Tier::A => 0,
        Tier::B => 1,
        Tier::C => 2,
        Tier::Isolated => 3,
    }
}

macro_rules! rate {
    ($($field:ident).+) => {
        Some(Access {
            get: |params| wide(params.$($field).+),
            set: |params, value| params.$($field).+ = rate_of(value),
        })
    };
}

macro_rules! quantity {
    ($field:ident) => {
        Some(Access {
            get: |params| params.$field.0,
            set: |params, value| params.$field = Quantity(value),
        })
    };
}

macro_rules! amount {
    ($field:ident) => {
        Some(Access {
            get: |params| params.$field,
            set: |params, value| params.$field = value,
        })
    };
}

macro_rules! blocks {
    ($field:ident) => {
        Some(Access {
            get: |schedule| u128::from(schedule.$field),
            set: |schedule, value| {
                // A bound keeps it far below.
                schedule.$field = u32::try_from(value).unwrap_or(u32::MAX);
            },
        })
    };
}

macro_rules! tier {
    () => {
        Some(Access {
            get: |params| tier_number(params.tier),
            set: |params, value| params.tier = tier_of(value),
        })
    };
}

impl Parameters for MarketParams {
    const TABLE: &'static [Parameter<Self>] = MARKET;

    fn place_wholes(&mut self, from: &Self, to: &Self, since: u32, schedule: &Schedule) {
        let waits = tiers_loosen(from, to) && since < schedule.wait;
        self.margin_tiers = if waits { from } else { to }.margin_tiers;
    }
}

impl Parameters for CollateralParams {
    const TABLE: &'static [Parameter<Self>] = COLLATERAL;

    fn place_wholes(&mut self, _: &Self, _: &Self, _: u32, _: &Schedule) {}
}

impl Parameters for Schedule {
    const TABLE: &'static [Parameter<Self>] = SCHEDULE;

    fn place_wholes(&mut self, _: &Self, _: &Self, _: u32, _: &Schedule) {}
}

/// Whether no position needs more with the tiers of `to` than with those of `from`: at every begin
/// of a tier of either, a further dollar needs no more.
pub fn tiers_loosen(from: &MarketParams, to: &MarketParams) -> bool {
    let add_on = |params: &MarketParams, at: Usd| {
        let tiers = params.margin_tiers.iter();
        tiers
            .filter(|tier| !tier.is_unused() && tier.from <= at)
            .map(|tier| tier.add_on)
            .max()
            .unwrap_or(Rate::ZERO)
    };
    from.margin_tiers
        .iter()
        .chain(&to.margin_tiers)
        .all(|tier| add_on(to, tier.from) <= add_on(from, tier.from))
}

/// Parameters of a perpetual market.
pub const MARKET: &[Parameter<MarketParams>] = &[
    Parameter {
        name: "index_asset",
        about: "asset whose price is the index",
        unit: Unit::Asset,
        lowest: 1,
        highest: 4_294_967_295,
        rule: "",
        step: Step::Any,
        course: Course::Fixed,
        value: None,
    },
    Parameter {
        name: "tier",
        about: "quality class",
        unit: Unit::Tier,
        lowest: 0,
        highest: 3,
        rule: "bounds initial margin from below",
        step: Step::Any,
        course: Course::Switch(Safer::Higher),
        value: tier!(),
    },
    Parameter {
        name: "tick_size",
        about: "smallest price step",
        unit: Unit::UsdPerUnit,
        lowest: 1,
        highest: bound::MAX_TICK.0,
        rule: "",
        step: Step::Any,
        course: Course::Fixed,
        value: Some(Access {
            get: |params| params.tick_size.0,
            set: |params, value| params.tick_size = Price(value),
        }),
    },
    Parameter {
        name: "lot_size",
        about: "smallest quantity step",
        unit: Unit::Underlying,
        lowest: 1,
        highest: bound::MAX_LOT.0,
        rule: "",
        step: Step::Any,
        course: Course::Fixed,
        value: quantity!(lot_size),
    },
    Parameter {
        name: "min_order",
        about: "smallest order",
        unit: Unit::Underlying,
        lowest: 1,
        highest: bound::MAX_MIN_ORDER.0,
        rule: "a multiple of lot_size",
        step: Step::Double,
        course: Course::AtOnce,
        value: quantity!(min_order),
    },
    Parameter {
        name: "initial_margin",
        about: "least initial margin, of notional",
        unit: Unit::Fraction,
        lowest: wide(bound::min_initial_margin(Tier::A)),
        highest: wide(bound::MAX_INITIAL_MARGIN),
        rule: "above maintenance_margin; at least 2 / 3 / 5 / 10 % in tier A / B / C / isolated",
        step: Step::By(percent(5)),
        course: Course::Guard(Safer::Higher),
        value: rate!(initial_margin),
    },
    Parameter {
        name: "maintenance_margin",
        about: "least maintenance margin, of notional",
        unit: Unit::Fraction,
        lowest: wide(bound::MIN_MAINTENANCE_MARGIN),
        highest: wide(bound::MAX_INITIAL_MARGIN),
        rule: "below initial_margin",
        step: Step::By(percent(3)),
        course: Course::Maintenance(Safer::Higher),
        value: rate!(maintenance_margin),
    },
    Parameter {
        name: "maker_fee",
        about: "fee of the resting side, of notional",
        unit: Unit::Fraction,
        lowest: 0,
        highest: wide(bound::MAX_TRADING_FEE),
        rule: "at most taker_fee",
        step: Step::By(points(10)),
        course: Course::Ramp,
        value: rate!(maker_fee),
    },
    Parameter {
        name: "taker_fee",
        about: "fee of the incoming side, of notional",
        unit: Unit::Fraction,
        lowest: 0,
        highest: wide(bound::MAX_TRADING_FEE),
        rule: "at most half of maintenance_margin",
        step: Step::By(points(10)),
        course: Course::Ramp,
        value: rate!(taker_fee),
    },
    Parameter {
        name: "liquidation_fee",
        about: "fee on what a liquidation closes, of notional",
        unit: Unit::Fraction,
        lowest: 0,
        highest: wide(bound::MAX_LIQUIDATION_FEE),
        rule: "at most half of maintenance_margin",
        step: Step::By(points(50)),
        course: Course::Ramp,
        value: rate!(liquidation_fee),
    },
    Parameter {
        name: "max_open_interest",
        about: "cap on the open interest of one side",
        unit: Unit::Underlying,
        lowest: 1,
        highest: bound::MAX_OPEN_INTEREST.0,
        rule: "at least min_order",
        step: Step::DoubleUp,
        course: Course::Guard(Safer::Lower),
        value: quantity!(max_open_interest),
    },
    Parameter {
        name: "price_band",
        about: "how far a price may be from the breaker's reference",
        unit: Unit::Fraction,
        lowest: wide(bound::MIN_PRICE_BAND),
        highest: wide(bound::MAX_PRICE_BAND),
        rule: "",
        step: Step::By(percent(5)),
        course: Course::Guard(Safer::Lower),
        value: rate!(price_band),
    },
    Parameter {
        name: "margin_tiers[].from",
        about: "notional from which a tier of the size add-on holds",
        unit: Unit::Usd,
        lowest: 0,
        highest: bound::MAX_TIER_START.0.unsigned_abs(),
        rule: "rises from tier to tier; four tiers, unused ones are zero and last",
        step: Step::Any,
        course: Course::Tiers,
        value: None,
    },
    Parameter {
        name: "margin_tiers[].add_on",
        about: "what each further dollar of notional needs on top",
        unit: Unit::Fraction,
        lowest: 0,
        highest: RATE_SCALE_WIDE,
        rule: "rises from tier to tier",
        step: Step::Any,
        course: Course::Tiers,
        value: None,
    },
    Parameter {
        name: "lower_open_interest",
        about: "open interest from which initial margin rises, to 100 % at the cap",
        unit: Unit::Underlying,
        lowest: 1,
        highest: bound::MAX_OPEN_INTEREST.0,
        rule: "from min_order to max_open_interest",
        step: Step::DoubleUp,
        course: Course::Guard(Safer::Lower),
        value: quantity!(lower_open_interest),
    },
    Parameter {
        name: "funding.interest",
        about: "what longs pay when the market trades at its index",
        unit: Unit::FractionPer8Hours,
        lowest: 0,
        highest: wide(bound::MAX_FUNDING_INTEREST),
        rule: "",
        step: Step::By(points(2)),
        course: Course::Ramp,
        value: rate!(funding.interest),
    },
    Parameter {
        name: "funding.impact_notional",
        about: "order whose average price the premium is measured by",
        unit: Unit::Usd,
        lowest: bound::MIN_IMPACT_NOTIONAL.0.unsigned_abs(),
        highest: bound::MAX_IMPACT_NOTIONAL.0.unsigned_abs(),
        rule: "",
        step: Step::Double,
        course: Course::Ramp,
        value: Some(Access {
            get: |params| params.funding.impact_notional.0.unsigned_abs(),
            set: |params, value| {
                // A bound keeps it far below.
                params.funding.impact_notional = Usd(i128::try_from(value).unwrap_or(i128::MAX));
            },
        }),
    },
];

/// Parameters of a collateral asset.
pub const COLLATERAL: &[Parameter<CollateralParams>] = &[
    Parameter {
        name: "tier",
        about: "quality class",
        unit: Unit::Tier,
        lowest: 0,
        highest: 3,
        rule: "bounds maintenance_factor from above",
        step: Step::Any,
        course: Course::Switch(Safer::Higher),
        value: tier!(),
    },
    Parameter {
        name: "decimals",
        about: "decimals of the asset's base unit",
        unit: Unit::Decimals,
        lowest: 0,
        highest: 18,
        rule: "6 for the settlement asset",
        step: Step::Any,
        course: Course::Fixed,
        value: None,
    },
    Parameter {
        name: "initial_factor",
        about: "share of the value that counts for initial margin and withdrawals",
        unit: Unit::Fraction,
        lowest: 0,
        highest: RATE_SCALE_WIDE,
        rule: "at most maintenance_factor; 1 for the settlement asset; a new asset starts at 0",
        step: Step::By(percent(25)),
        course: Course::Guard(Safer::Lower),
        value: rate!(initial_factor),
    },
    Parameter {
        name: "maintenance_factor",
        about: "share of the value that counts for maintenance",
        unit: Unit::Fraction,
        lowest: 0,
        highest: RATE_SCALE_WIDE,
        rule: "at most 97 / 90 / 80 / 0 % in tier A / B / C / isolated; 1 for the settlement asset; a new asset starts at 0",
        step: Step::By(percent(10)),
        course: Course::Maintenance(Safer::Lower),
        value: rate!(maintenance_factor),
    },
    Parameter {
        name: "deposit_cap",
        about: "cap on the total deposited",
        unit: Unit::BaseUnits,
        lowest: 0,
        highest: bound::MAX_DEPOSITS.0,
        rule: "at most 10^18 whole units",
        step: Step::DoubleUp,
        course: Course::Guard(Safer::Lower),
        value: amount!(deposit_cap),
    },
    Parameter {
        name: "min_deposit",
        about: "smallest deposit",
        unit: Unit::BaseUnits,
        lowest: 1,
        highest: u128::MAX,
        rule: "",
        step: Step::Double,
        course: Course::AtOnce,
        value: amount!(min_deposit),
    },
    Parameter {
        name: "scale_start",
        about: "total deposited above which initial_factor shrinks, by scale_start / total",
        unit: Unit::BaseUnits,
        lowest: 1,
        highest: bound::MAX_DEPOSITS.0,
        rule: "at most 10^18 whole units; at least deposit_cap for the settlement asset",
        step: Step::DoubleUp,
        course: Course::Guard(Safer::Lower),
        value: amount!(scale_start),
    },
];

/// When changes come into force.
pub const SCHEDULE: &[Parameter<Schedule>] = &[
    Parameter {
        name: "wait",
        about: "how long a loosening waits before it ramps",
        unit: Unit::Blocks,
        lowest: blocks(MIN_DELAY),
        highest: blocks(MAX_WAIT),
        rule: "holds for later changes; is shortened only when it has held for the wait",
        step: Step::Double,
        course: Course::AtOnce,
        value: blocks!(wait),
    },
    Parameter {
        name: "period",
        about: "how long a ramp takes",
        unit: Unit::Blocks,
        lowest: blocks(MIN_DELAY),
        highest: blocks(MAX_PERIOD),
        rule: "holds for later changes; is shortened only when it has held for the wait",
        step: Step::Double,
        course: Course::AtOnce,
        value: blocks!(period),
    },
];
