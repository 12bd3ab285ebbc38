//! Lines of what happens: `event=... key=value`, or one JSON object each.

use crate::{fate::Fate, types::SubAccount};
use serde_json::{json, Map, Value};
use std::{
    io::Write,
    time::{SystemTime, UNIX_EPOCH},
};

/// Writes lines to the standard output.
#[derive(Clone, Copy, Debug)]
pub struct Log {
    /// As JSON.
    pub json: bool,
}

impl Log {
    /// Writes one line. Amounts are strings, so that nobody reads them as floating point.
    pub fn line(&self, event: &str, fields: &[(&str, Value)]) {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let text = self.render(since.as_millis(), event, fields);
        // Who reads no more does not end the keeper.
        let _ = writeln!(std::io::stdout().lock(), "{text}");
    }

    /// Writes how a liquidation ended.
    pub fn fate(&self, account: &SubAccount, fate: &Fate) {
        let account = ("account", json!(account.to_string()));
        match fate {
            Fate::Earned {
                market,
                notional,
                reward,
            } => self.line(
                "earned",
                &[
                    account,
                    ("market", json!(market)),
                    ("notional", json!(notional.to_string())),
                    ("reward", json!(reward.to_string())),
                ],
            ),
            Fate::InVain { reason, cost } => self.line(
                "in_vain",
                &[
                    account,
                    ("reason", json!(reason)),
                    ("cost", json!(cost.to_string())),
                ],
            ),
            Fate::Dropped { reason, detail } => self.line(
                "dropped",
                &[
                    account,
                    ("reason", json!(reason)),
                    ("detail", json!(detail)),
                ],
            ),
        }
    }

    fn render(&self, millis: u128, event: &str, fields: &[(&str, Value)]) -> String {
        if self.json {
            let mut line = Map::new();
            line.insert(
                "time".into(),
                u64::try_from(millis).unwrap_or(u64::MAX).into(),
            );
            line.insert("event".into(), event.into());
            line.extend(
                fields
                    .iter()
                    .map(|(key, value)| ((*key).into(), value.clone())),
            );
            return Value::Object(line).to_string();
        }
        let mut line = format!("time={millis} event={event}");
        for (key, value) in fields {
            let value = match value {
                Value::String(text) if !text.is_empty() && !text.contains([' ', '"', '\n']) => {
                    text.clone()
                }
                other => other.to_string(),
            };
            line.push_str(&format!(" {key}={value}"));
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_should_say_the_same_when_they_are_json() {
        let fields = [
            ("account", json!("5F/0")),
            ("block", json!(7)),
            ("why", json!("two words")),
        ];
        assert_eq!(
            Log { json: false }.render(5, "sent", &fields),
            r#"time=5 event=sent account=5F/0 block=7 why="two words""#
        );
        let line: Value =
            serde_json::from_str(&Log { json: true }.render(5, "sent", &fields)).unwrap();
        assert_eq!(
            line,
            json!({ "time": 5, "event": "sent", "account": "5F/0", "block": 7, "why": "two words" })
        );
    }
}
