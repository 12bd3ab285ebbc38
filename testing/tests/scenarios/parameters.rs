//! What is published of governed parameters, against what the pallets enforce.

use bulwark_primitives::Rate;
use bulwark_runtime::{
    parameters::{sections, COVER, OUTFLOW, VAULT},
    Runtime,
};
use bulwark_runtime_api::markets::runtime_decl_for_markets_api::MarketsApi;
use bulwark_testing::Chain;
use pallet_backstop::Parameters as VaultParams;
use pallet_insurance::CoverParams;
use pallet_margin::outflow::OutflowParams;
use pallet_markets::{
    document::{json_schema, markdown},
    schema::{Parameter, Step},
};
use serde_json::Value;

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/");

#[test]
fn documents_should_be_up_to_date_when_a_table_changes() {
    let sections = sections();
    for (name, text) in [
        ("parameters.md", markdown(&sections)),
        ("parameters.schema.json", json_schema(&sections)),
    ] {
        let written = std::fs::read_to_string(format!("{DOCS}{name}")).unwrap_or_default();
        assert!(written == text, "{name}: run `cargo xtask parameters`");
    }
}

/// Every published bound can be reached, in one of two sets of parameters at the ends of what is allowed, and
/// is what is refused beyond.
fn check_bounds<P: Copy + PartialEq>(
    table: &[Parameter<P>],
    [low, high]: [P; 2],
    valid: impl Fn(&P) -> bool,
) {
    assert!(valid(&low) && valid(&high));
    for parameter in table {
        let name = parameter.name;
        let access = parameter.value.as_ref().expect("each has a value");
        let with = |params: P, value: u128| {
            let mut params = params;
            (access.set)(&mut params, value);
            assert_eq!((access.get)(&params), value, "{name}");
            params
        };
        let allowed = |value: u128| [low, high].map(|params| valid(&with(params, value)));
        assert_ne!(allowed(parameter.lowest), [false; 2], "{name}: lowest");
        assert_ne!(allowed(parameter.highest), [false; 2], "{name}: highest");
        assert_eq!(allowed(parameter.highest + 1), [false; 2], "{name}: above");
        if let Some(below) = parameter.lowest.checked_sub(1) {
            assert_eq!(allowed(below), [false; 2], "{name}: below");
        }
    }
}

/// All parameters at their lowest, or at their highest.
fn at_the_end<P: Copy>(table: &[Parameter<P>], params: P, end: fn(&Parameter<P>) -> u128) -> P {
    let mut params = params;
    for parameter in table {
        let access = parameter.value.as_ref().expect("each has a value");
        (access.set)(&mut params, end(parameter));
    }
    params
}

#[test]
fn published_bounds_of_the_vault_should_be_those_that_are_enforced() {
    let ends = [
        at_the_end(VAULT, VaultParams::default(), |p| p.lowest),
        at_the_end(VAULT, VaultParams::default(), |p| p.highest),
    ];
    check_bounds(VAULT, ends, VaultParams::is_valid);
}

#[test]
fn published_bounds_of_cover_should_be_those_that_are_enforced() {
    let ends = [
        at_the_end(COVER, CoverParams::default(), |p| p.lowest),
        at_the_end(COVER, CoverParams::default(), |p| p.highest),
    ];
    check_bounds(COVER, ends, CoverParams::is_valid);
}

#[test]
fn published_bounds_of_outflow_should_be_those_that_are_enforced() {
    let ends = [
        at_the_end(OUTFLOW, OutflowParams::default(), |p| p.lowest),
        at_the_end(OUTFLOW, OutflowParams::default(), |p| p.highest),
    ];
    check_bounds(OUTFLOW, ends, OutflowParams::is_valid);
}

#[test]
fn published_steps_of_cover_should_be_those_that_are_enforced() {
    let before = CoverParams {
        longest_days: 15,
        waiting_minutes: 100,
        ..CoverParams::default()
    };
    for parameter in COVER {
        let access = parameter.value.as_ref().expect("each has a value");
        let now = (access.get)(&before);
        let reached = match parameter.step {
            Step::By(most) => vec![now - most, now + most],
            Step::Double => vec![now.div_ceil(2), now * 2],
            Step::Any | Step::DoubleUp => panic!("{}: cover has no such step", parameter.name),
        };
        let is_step = |value| {
            let mut params = before;
            (access.set)(&mut params, value);
            params.is_step_from(&before)
        };
        let [down, up] = reached[..] else {
            panic!("two ends");
        };
        assert!(is_step(down) && is_step(up), "{}", parameter.name);
        assert!(!is_step(down - 1) && !is_step(up + 1), "{}", parameter.name);
    }
}

#[test]
fn json_schema_should_describe_the_vault_and_the_matrix_of_the_genesis() {
    let schema: Value = serde_json::from_str(&json_schema(&sections())).expect("it is JSON");
    let vault = serde_json::to_value(VaultParams::default()).expect("it has a form");
    let properties = schema["$defs"]["vault"]["properties"]
        .as_object()
        .expect("it is an object");
    let names =
        |object: &serde_json::Map<String, Value>| object.keys().cloned().collect::<Vec<_>>();
    assert_eq!(
        names(properties),
        names(vault.as_object().expect("it has fields"))
    );
    for (name, value) in vault.as_object().expect("it has fields") {
        let (number, bounds) = (value.as_u64(), &properties[name]);
        assert!(number >= bounds["minimum"].as_u64(), "{name}");
        assert!(number <= bounds["maximum"].as_u64(), "{name}");
    }
    let share = &schema["$defs"]["correlated"]["items"]["prefixItems"][1];
    assert_eq!(share["maximum"].as_u64(), Some(Rate::percent(60).0));
    assert_eq!(schema["$defs"]["correlations"]["maxItems"], 32 * 31 / 2);
    let entry = &schema["$defs"]["correlations"]["items"];
    let correlation = |percent| {
        let correlation = bulwark_primitives::Correlation::percent(percent);
        serde_json::to_value(correlation).expect("it has a form")
    };
    assert_eq!(entry["minimum"], correlation(-100));
    assert_eq!(entry["maximum"], correlation(100));
    assert_eq!(
        schema["$defs"]["cover"]["properties"]["curve"]["properties"]["kink"]["maximum"].as_u64(),
        Some(Rate::percent(99).0)
    );
}

#[test]
fn runtime_api_should_tell_of_the_vault_and_of_cover() {
    Chain::development().read(|| {
        let schema = Runtime::parameters();
        assert_eq!(schema.version, pallet_markets::schema::VERSION);
        let slice = schema.vault.iter().find(|info| info.name == "slice");
        let slice = slice.expect("it is governed");
        assert_eq!((slice.lowest, slice.highest), (1_000_000, 1_000_000_000));
        assert!(schema.cover.iter().any(|info| info.name == "curve.at_full"));
    });
}
