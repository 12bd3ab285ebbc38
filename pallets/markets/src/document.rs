//! The schema for people and for programs: `docs/parameters.md` and `docs/parameters.schema.json`,
//! written by `cargo xtask parameters` from the tables of all pallets.

use crate::{
    correlations::{CORRELATION_STEP, SHARE_STEP},
    schema::{Parameter, Step, Unit, COLLATERAL, MARKET, SCHEDULE, VERSION},
};
use bulwark_primitives::Correlation;
use bulwark_risk_math::offset::MAX_SHARE;
use bulwark_traits::{MAX_CORRELATED, MAX_CORRELATIONS};
use std::fmt::Write;

/// An exact decimal number of `value / 10^decimals`.
fn decimal(value: u128, decimals: u8) -> String {
    let decimals = usize::from(decimals);
    let digits = format!("{value:0>width$}", width = decimals.saturating_add(1));
    let (whole, part) = digits.split_at(digits.len().saturating_sub(decimals));
    let part = part.trim_end_matches('0');
    let point = if part.is_empty() { "" } else { "." };
    format!("{whole}{point}{part}")
}

/// A value for people; fractions in percent.
fn shown(value: u128, unit: Unit) -> String {
    match unit {
        // Two decimals less than a fraction.
        Unit::Fraction | Unit::FractionPer8Hours => format!("{} %", decimal(value, 7)),
        Unit::TimesAYear | Unit::Days | Unit::Minutes => decimal(value, unit.decimals()),
        Unit::Tier => ["A", "B", "C", "isolated"]
            .get(usize::try_from(value).unwrap_or(usize::MAX))
            .map_or_else(|| value.to_string(), ToString::to_string),
        Unit::UsdPerUnit
        | Unit::Usd
        | Unit::Underlying
        | Unit::BaseUnits
        | Unit::Decimals
        | Unit::Asset
        | Unit::Blocks => decimal(value, unit.decimals()),
    }
}

/// A step for people.
pub fn step(step: Step, unit: Unit) -> String {
    match step {
        Step::Any => "any".into(),
        Step::By(most) => format!("±{}", shown(most, unit)),
        Step::Double => "x2 or /2".into(),
        Step::DoubleUp => "x2 up, any down".into(),
    }
}

const HEAD: &str = "\
# Parameters

Every number that governance sets, printed by `cargo xtask parameters` from the tables that the chain itself obeys
(`pallets/markets/src/schema.rs`), and for the vault, cover and outflow from three that a test holds against what
their pallets enforce (`runtime/src/parameters.rs`). The same by program: `MarketsApi` and
`markets_parameters` ([interfaces](interfaces.md)), and [parameters.schema.json](parameters.schema.json) for the
parameters of a chain specification and of `set_cover_params`.

- No vote reaches a value outside the bounds, nor one that contradicts another parameter. What has to
  change together changes in one call, `set_market` or `set_collateral`.
- One change goes at most one *step* from the value in force, or less far on a way already decided.
- The vault, cover and outflow have calls of their own, `Backstop.set_parameters`, `Insurance.set_cover_params` and
  `Margin.set_outflow_limits`, each for all its numbers.
- *Ramps*: the value moves from block to block, linearly over the period. *Waits*: nothing moves before the wait
  is over. So weakening a safeguard is slower than using it, and what liquidates never jumps. A change
  under way is replaced by the next one, which goes on from where the value is.
- `markets_market` and `markets_collateral` answer what a parameter will be at a block to come.
- Margins also follow volatility ([volatility](volatility.md)): initial margin is `max(initial_margin, k * m)` at
  once, maintenance margin `max(maintenance_margin, 0.6 * m_slow)`, which moves linearly within each hour;
  initial margin is never below maintenance margin, and neither is above 100 %.
";

const TAIL: &str = "
## Correlations and offsets

`set_correlations` sets how the index assets move together and what opposite positions may offset, all in one call; at
most 32 assets. `markets_correlations` answers what holds at a block.

| number | lowest | highest | largest step | change | has to be |
|---|---|---|---|---|---|
| share of an asset: what of the initial margin of a position may be offset; of maintenance margin half | 0 % | 60 % | ±10 % | down it ramps, up it waits and ramps | zero at first |
| correlation of two assets | -1 | 1 | ±0.25 | waits and ramps | zero at first; the matrix positive semi-definite to 10^-6 |

- A correlation above zero falls only while the share of one of its assets is zero and stays so. What maintenance margin is made of
  either ramps as an effective price of the due queue, or never gets worse.
- Assets are added and not taken out.
";

/// A table in the documents.
#[derive(Debug)]
pub struct Section {
    title: &'static str,
    /// Its name among the definitions of the JSON schema.
    name: &'static str,
    rows: String,
    properties: Vec<Property>,
}

impl Section {
    /// A table with its title and its name.
    pub fn new<P>(title: &'static str, name: &'static str, table: &'static [Parameter<P>]) -> Self {
        Self {
            title,
            name,
            rows: table.iter().map(row).collect(),
            properties: table
                .iter()
                .map(|parameter| (parameter.name, keywords(parameter)))
                .collect(),
        }
    }
}

/// The tables of this pallet.
pub fn sections() -> Vec<Section> {
    vec![
        Section::new("Markets", "market", MARKET),
        Section::new("Collateral", "collateral", COLLATERAL),
        Section::new("Schedule of changes", "schedule", SCHEDULE),
    ]
}

/// `docs/parameters.md`.
pub fn markdown(sections: &[Section]) -> String {
    let mut text = format!("{HEAD}\nSchema version {VERSION}.\n");
    for Section { title, rows, .. } in sections {
        let _ = write!(
            text,
            "\n## {title}\n\n\
             | parameter | what it is | unit | lowest | highest | largest step | change | has to be |\n\
             |---|---|---|---|---|---|---|---|\n{rows}"
        );
    }
    text.push_str(TAIL);
    text
}

fn row<P>(parameter: &Parameter<P>) -> String {
    format!(
        "| `{}` | {} | {} | {} | {} | {} | {} | {} |\n",
        parameter.name,
        parameter.about,
        parameter.unit.name(),
        shown(parameter.lowest, parameter.unit),
        shown(parameter.highest, parameter.unit),
        step(parameter.step, parameter.unit),
        parameter.course.describe(),
        parameter.rule,
    )
}

/// `docs/parameters.schema.json`: a JSON schema of the parameters as a chain specification or a call has them.
/// Keywords that start with `x-` say what JSON Schema cannot.
pub fn json_schema(sections: &[Section]) -> String {
    let mut definitions: Vec<String> = sections
        .iter()
        .map(|section| {
            format!(
                "    \"{}\": {}",
                section.name,
                object(&section.properties, 4)
            )
        })
        .collect();
    definitions.push(correlated());
    definitions.push(correlations());
    format!(
        "{{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \
         \"title\": \"Parameters of Bulwark\",\n  \"x-version\": {VERSION},\n  \"$defs\": {{\n{}\n  }}\n}}\n",
        definitions.join(",\n"),
    )
}

/// The correlated assets of a chain specification.
fn correlated() -> String {
    format!(
        "    \"correlated\": {{
      \"description\": \"assets in ascending order, each with the share of initial margin that may be offset\",
      \"type\": \"array\", \"maxItems\": {MAX_CORRELATED},
      \"items\": {{
        \"type\": \"array\", \"minItems\": 2, \"maxItems\": 2,
        \"prefixItems\": [
          {{ \"type\": \"integer\", \"minimum\": 1, \"maximum\": {}, \"x-unit\": \"asset id\" }},
          {{ \"type\": \"integer\", \"minimum\": 0, \"maximum\": {}, \"x-unit\": \"fraction\", \"x-decimals\": 9 }}
        ]
      }},
      \"x-largest-step\": \"{}\",
      \"x-ramps\": true,
      \"x-change\": \"down it ramps, up it waits and ramps\",
      \"x-rule\": \"assets are added and not taken out; a share is zero at first\"
    }}",
        u32::MAX,
        MAX_SHARE.0,
        step(Step::By(SHARE_STEP.0.into()), Unit::Fraction),
    )
}

/// Their correlation matrix in a chain specification.
fn correlations() -> String {
    format!(
        "    \"correlations\": {{
      \"description\": \"the matrix of the correlated assets below its diagonal, row by row\",
      \"type\": \"array\", \"maxItems\": {MAX_CORRELATIONS},
      \"items\": {{ \"type\": \"integer\", \"minimum\": {}, \"maximum\": {} }},
      \"x-unit\": \"correlation\",
      \"x-decimals\": 9,
      \"x-largest-step\": \"±{}\",
      \"x-ramps\": true,
      \"x-change\": \"waits and ramps\",
      \"x-rule\": \"one for each pair; positive semi-definite to 10^-6; zero at first; falls from above zero only while a share of its pair is zero and stays so\"
    }}",
        Correlation::ONE.0.saturating_neg(),
        Correlation::ONE.0,
        decimal(CORRELATION_STEP.into(), 9),
    )
}

/// A property: its path and its keywords.
type Property = (&'static str, Vec<String>);

fn keywords<P>(parameter: &Parameter<P>) -> Vec<String> {
    let kind = if parameter.unit == Unit::Tier {
        "\"enum\": [\"A\", \"B\", \"C\", \"Isolated\"]".into()
    } else {
        format!(
            "\"type\": \"integer\", \"minimum\": {}, \"maximum\": {}",
            parameter.lowest, parameter.highest
        )
    };
    let mut keywords = vec![
        format!("\"description\": \"{}\"", parameter.about),
        kind,
        format!("\"x-unit\": \"{}\"", parameter.unit.name()),
        format!("\"x-decimals\": {}", parameter.unit.decimals()),
        format!(
            "\"x-largest-step\": \"{}\"",
            step(parameter.step, parameter.unit)
        ),
        format!("\"x-ramps\": {}", parameter.course.ramps()),
        format!("\"x-change\": \"{}\"", parameter.course.describe()),
    ];
    if !parameter.rule.is_empty() {
        keywords.push(format!("\"x-rule\": \"{}\"", parameter.rule));
    }
    keywords
}

/// An object of properties, those with one prefix in an object or a list of four of their own.
fn object(properties: &[Property], indent: usize) -> String {
    let pad = " ".repeat(indent);
    let mut parts: Vec<(String, String)> = Vec::new();
    let mut rest = properties;
    while let Some(((name, keywords), tail)) = rest.split_first() {
        let Some((prefix, _)) = name.split_once('.') else {
            let lines = keywords.join(&format!(",\n{pad}      "));
            let body = format!("{{\n{pad}      {lines}\n{pad}    }}");
            parts.push(((*name).into(), body));
            rest = tail;
            continue;
        };
        let inner: Vec<Property> = rest
            .iter()
            .map_while(|(name, keywords)| {
                let (first, last) = name.split_once('.')?;
                (first == prefix).then(|| (last, keywords.clone()))
            })
            .collect();
        rest = rest.get(inner.len()..).unwrap_or_default();
        let body = object(&inner, indent.saturating_add(4));
        parts.push(match prefix.strip_suffix("[]") {
            Some(list) => (
                list.into(),
                format!(
                    "{{\n{pad}      \"type\": \"array\", \"minItems\": 4, \"maxItems\": 4,\n{pad}      \
                     \"items\": {body}\n{pad}    }}"
                ),
            ),
            None => (prefix.into(), body),
        });
    }
    let names: Vec<String> = parts
        .iter()
        .map(|(name, _)| format!("\"{name}\""))
        .collect();
    let bodies: Vec<String> = parts
        .iter()
        .map(|(name, body)| format!("{pad}    \"{name}\": {body}"))
        .collect();
    format!(
        "{{\n{pad}  \"type\": \"object\",\n{pad}  \"additionalProperties\": false,\n{pad}  \
         \"required\": [{}],\n{pad}  \"properties\": {{\n{}\n{pad}  }}\n{pad}}}",
        names.join(", "),
        bodies.join(",\n"),
    )
}
