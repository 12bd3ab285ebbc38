//! Governed parameters that other pallets than the registry have, as the registry's tables tell of its own:
//! for those who read about them. What is enforced is in the pallets; a test compares the two.

use bulwark_primitives::Rate;
use bulwark_risk_math::cover::PremiumCurve;
use pallet_backstop::Parameters as VaultParams;
use pallet_insurance::CoverParams;
use pallet_margin::outflow::OutflowParams;
#[cfg(feature = "std")]
use pallet_markets::document::{self, Section};
use pallet_markets::schema::{percent, points, wide, Access, Course, Parameter, Step, Unit};

/// Every table with its title.
#[cfg(feature = "std")]
pub fn sections() -> Vec<Section> {
    let mut sections = document::sections();
    sections.push(Section::new("The backstop vault", "vault", VAULT));
    sections.push(Section::new("Cover", "cover", COVER));
    sections.push(Section::new("Outflow", "outflow", OUTFLOW));
    sections
}

macro_rules! rate {
    ($($field:ident).+) => {
        Some(Access {
            get: |params| wide(params.$($field).+),
            // A bound keeps it far below.
            set: |params, value| params.$($field).+ = Rate(u64::try_from(value).unwrap_or(u64::MAX)),
        })
    };
}

macro_rules! count {
    ($field:ident) => {
        Some(Access {
            get: |params| params.$field.into(),
            set: |params, value| params.$field = u32::try_from(value).unwrap_or(u32::MAX),
        })
    };
}

/// A row of the vault's table.
const fn of_vault(
    name: &'static str,
    about: &'static str,
    (lowest, highest): (u128, u128),
    rule: &'static str,
    value: Option<Access<VaultParams>>,
) -> Parameter<VaultParams> {
    Parameter {
        name,
        about,
        unit: Unit::Fraction,
        lowest,
        highest,
        rule,
        step: Step::Any,
        course: Course::LoosensDaily,
        value,
    }
}

/// What `Backstop.set_parameters` takes.
pub const VAULT: &[Parameter<VaultParams>] = &[
    of_vault(
        "market_loss",
        "most that a market may lose in a day, of capital",
        (0, percent(20)),
        "at most day_loss",
        rate!(market_loss),
    ),
    of_vault(
        "day_loss",
        "most that all markets may lose in a day, of capital",
        (0, percent(50)),
        "at least market_loss",
        rate!(day_loss),
    ),
    of_vault(
        "market_notional",
        "largest position in a market, notional of capital",
        (0, percent(200)),
        "",
        rate!(market_notional),
    ),
    of_vault(
        "margin",
        "what is put behind a position, of its notional; initial margin when that is more",
        (percent(5), percent(100)),
        "",
        rate!(margin),
    ),
    of_vault(
        "premium",
        "furthest price beyond mark that is paid",
        (0, percent(20)),
        "",
        rate!(premium),
    ),
    of_vault(
        "exit_notional",
        "notional of all positions, of the capital that would be left, above which nobody leaves",
        (0, percent(100)),
        "",
        rate!(exit_notional),
    ),
    of_vault(
        "slice",
        "share of a position that one block sells",
        (points(10), percent(100)),
        "",
        rate!(slice),
    ),
    of_vault(
        "first_discount",
        "discount from mark of a young position",
        (0, percent(5)),
        "at most last_discount; never more than maintenance margin",
        rate!(first_discount),
    ),
    of_vault(
        "last_discount",
        "discount from mark of an old position",
        (0, percent(5)),
        "at least first_discount; never more than maintenance margin",
        rate!(last_discount),
    ),
    Parameter {
        unit: Unit::Blocks,
        ..of_vault(
            "patience",
            "how long until a position is old",
            (1, 43_200),
            "",
            count!(patience),
        )
    },
];

/// A row of cover's table.
const fn of_cover(
    name: &'static str,
    about: &'static str,
    (unit, step): (Unit, Step),
    (lowest, highest): (u128, u128),
    rule: &'static str,
    value: Option<Access<CoverParams>>,
) -> Parameter<CoverParams> {
    Parameter {
        name,
        about,
        unit,
        lowest,
        highest,
        rule,
        step,
        course: Course::Daily,
        value,
    }
}

/// What `Insurance.set_cover_params` takes.
pub const COVER: &[Parameter<CoverParams>] = &[
    of_cover(
        "curve.kink",
        "share of the capacity sold at which premiums begin to rise faster",
        (Unit::Fraction, Step::By(percent(5))),
        (percent(1), percent(99)),
        "",
        rate!(curve.kink),
    ),
    of_cover(
        "curve.at_zero",
        "how often underwriters are paid the market's tail measure when nothing is sold",
        (Unit::TimesAYear, Step::Double),
        (
            wide(PremiumCurve::MIN_AT_ZERO),
            wide(PremiumCurve::MAX_AT_ZERO),
        ),
        "at most curve.at_kink",
        rate!(curve.at_zero),
    ),
    of_cover(
        "curve.at_kink",
        "the same at the kink",
        (Unit::TimesAYear, Step::Double),
        (
            wide(PremiumCurve::MIN_AT_ZERO),
            wide(PremiumCurve::MAX_AT_KINK),
        ),
        "from curve.at_zero to curve.at_full",
        rate!(curve.at_kink),
    ),
    of_cover(
        "curve.at_full",
        "the same when everything is sold",
        (Unit::TimesAYear, Step::Double),
        (
            wide(PremiumCurve::MIN_AT_ZERO),
            wide(PremiumCurve::MAX_AT_FULL),
        ),
        "at least curve.at_kink",
        rate!(curve.at_full),
    ),
    of_cover(
        "longest_days",
        "longest policy",
        (Unit::Days, Step::By(7)),
        (1, 30),
        "holds for policies to come",
        count!(longest_days),
    ),
    of_cover(
        "waiting_minutes",
        "from the purchase of a policy until it is in force",
        (Unit::Minutes, Step::By(60)),
        (10, 1_440),
        "holds for policies to come",
        count!(waiting_minutes),
    ),
];

/// A row of the table of outflow.
const fn of_outflow(
    name: &'static str,
    about: &'static str,
    (lowest, highest): (u128, u128),
    rule: &'static str,
    value: Option<Access<OutflowParams>>,
) -> Parameter<OutflowParams> {
    Parameter {
        name,
        about,
        unit: Unit::Fraction,
        lowest,
        highest,
        rule,
        step: Step::Any,
        course: Course::LoosensDaily,
        value,
    }
}

/// What `Margin.set_outflow_limits` takes.
pub const OUTFLOW: &[Parameter<OutflowParams>] = &[
    of_outflow(
        "hour.pot",
        "share of an asset's pot that may leave within an hour",
        (points(50), percent(20)),
        "at most day.pot",
        rate!(hour.pot),
    ),
    of_outflow(
        "hour.cap",
        "share of its deposit cap that may leave in any case",
        (points(1), percent(2)),
        "at most day.cap",
        rate!(hour.cap),
    ),
    of_outflow(
        "day.pot",
        "share of the pot that may leave within a day",
        (points(50), percent(50)),
        "at least hour.pot",
        rate!(day.pot),
    ),
    of_outflow(
        "day.cap",
        "share of the cap that may leave in any case",
        (points(1), percent(20)),
        "at least hour.cap",
        rate!(day.cap),
    ),
];
