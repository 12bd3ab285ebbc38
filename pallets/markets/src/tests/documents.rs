//! What is published of the parameters, against the chain's own table and bounds.

use crate::{document, mock::*, schema::*, validate};
use bulwark_primitives::{CollateralParams, MarketParams};
use serde_json::Value;

fn keys(value: &Value) -> Vec<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

/// A value fits a schema: the same fields, numbers within the bounds.
fn fits(value: &Value, schema: &Value) {
    if let Some(fields) = schema.get("properties") {
        assert_eq!(keys(value), keys(fields));
        for (name, field) in value.as_object().unwrap() {
            fits(field, &fields[name]);
        }
    } else if let Some(items) = schema.get("items") {
        let values = value.as_array().unwrap();
        assert_eq!(values.len() as u64, schema["maxItems"].as_u64().unwrap());
        values.iter().for_each(|value| fits(value, items));
    } else if let Some(names) = schema.get("enum") {
        assert!(names.as_array().unwrap().contains(value));
    } else {
        let number = |value: &Value| value.to_string().parse::<u128>().unwrap();
        assert!(number(value) >= number(&schema["minimum"]), "{value}");
        assert!(number(value) <= number(&schema["maximum"]), "{value}");
    }
}

#[test]
fn json_schema_should_describe_the_genesis_when_it_is_read() {
    let schema: Value =
        serde_json::from_str(&document::json_schema(&document::sections())).unwrap();
    let json = |value: String| serde_json::from_str::<Value>(&value).unwrap();
    let market = json(serde_json::to_string(&market_params()).unwrap());
    fits(&market, &schema["$defs"]["market"]);
    for params in [settlement_params(), btc_params()] {
        let collateral = json(serde_json::to_string(&params).unwrap());
        fits(&collateral, &schema["$defs"]["collateral"]);
    }
    let schedule = json(serde_json::to_string(&crate::Schedule::default()).unwrap());
    fits(&schedule, &schema["$defs"]["schedule"]);
}

/// Each number is refused when it is just outside the bounds that are published.
fn check_bounds<P: Parameters>(sane: P, valid: impl Fn(&P) -> bool) {
    assert!(valid(&sane));
    for parameter in P::TABLE {
        let Some(access) = &parameter.value else {
            continue;
        };
        let value = (access.get)(&sane);
        let mut same = sane;
        (access.set)(&mut same, value);
        assert!(
            same == sane,
            "{} is not written where it is read",
            parameter.name
        );
        assert!(value >= parameter.lowest && value <= parameter.highest);
        if parameter.unit == Unit::Tier {
            continue;
        }
        let mut wrong = sane;
        if let Some(above) = parameter.highest.checked_add(1) {
            (access.set)(&mut wrong, above);
            // Some setters cannot hold more than the bound.
            assert!(
                !valid(&wrong) || (access.get)(&wrong) <= parameter.highest,
                "{}",
                parameter.name
            );
        }
        if let Some(below) = parameter.lowest.checked_sub(1) {
            (access.set)(&mut wrong, below);
            assert!(!valid(&wrong), "{}", parameter.name);
        }
    }
}

#[test]
fn published_bounds_should_be_those_that_are_enforced() {
    check_bounds::<MarketParams>(market_params(), |p| validate::market(p).is_ok());
    // With all decimals, base units are those of the bounds.
    let params = CollateralParams {
        decimals: 18,
        ..btc_params()
    };
    check_bounds(params, |p| validate::collateral(p, false).is_ok());
    check_bounds(crate::Schedule::default(), |p| {
        validate::schedule(p).is_ok()
    });
}
