//! The report for machines. Money and prices are decimal strings, so that nothing is rounded.

use super::{headline, price_error, status};
use crate::{
    timeline::{Ending, Episode, Frame, Timeline},
    units::{price_exact, size, usd_exact},
};
use serde_json::{json, Value};

/// The whole report.
pub fn render(timeline: &Timeline) -> String {
    let value = json!({
        "verdict": {
            "ok": timeline.problems().is_empty(),
            "summary": headline(timeline),
            "problems": timeline.problems().iter().map(ToString::to_string).collect::<Vec<_>>(),
        },
        "setup": {
            "source": timeline.setup.source,
            "from": timeline.setup.from,
            "to": timeline.setup.to,
            "speed": timeline.setup.speed,
            "offchain_worker": timeline.setup.offchain_worker,
            "feeder": timeline.setup.feeder,
            "parameters": timeline
                .setup
                .parameters
                .iter()
                .map(|(name, value)| (name.clone(), Value::from(value.clone())))
                .collect::<serde_json::Map<_, _>>(),
        },
        "accounts": (0..timeline.actors.len()).map(|i| account(timeline, i)).collect::<Vec<_>>(),
        "under_maintenance": timeline
            .episodes
            .iter()
            .map(|e| episode(timeline, e))
            .collect::<Vec<_>>(),
        "invariants": timeline
            .invariants
            .iter()
            .map(|((number, name), row)| json!({
                "number": number,
                "name": name,
                "checks": row.checks,
                "failed_in": row.failure.as_ref().map(|(block, _)| block),
                "detail": row.failure.as_ref().map(|(_, detail)| detail),
            }))
            .collect::<Vec<_>>(),
        "refused_transactions": timeline.failures,
        "blocks": timeline.frames.iter().map(frame).collect::<Vec<_>>(),
    });
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_else(|e| e.to_string());
    text.push('\n');
    text
}

fn account(timeline: &Timeline, index: usize) -> Value {
    let losses = timeline.losses(index);
    timeline.actors.get(index).map_or(Value::Null, |actor| {
        json!({
            "name": actor.name,
            "plan": actor.plan,
            "address": actor.address,
            "deposit": usd_exact(actor.deposit),
            "equity": usd_exact(losses.equity),
            "losses": {
                "own_collateral": usd_exact(losses.own),
                "insurance_fund": usd_exact(losses.fund),
                "profits_of_others": usd_exact(losses.winners),
                "unpaid": usd_exact(losses.unpaid),
            },
        })
    })
}

fn episode(timeline: &Timeline, episode: &Episode) -> Value {
    let (ending, block) = match episode.ending {
        Ending::Closed(block) => ("closed", Some(block)),
        Ending::Recovered(block) => ("recovered", Some(block)),
        Ending::Open => ("open", None),
    };
    json!({
        "account": timeline.name(episode.actor),
        "due_in": episode.due,
        "allowed_in": episode.allowed,
        "ending": ending,
        "ended_in": block,
        "delay": episode.delay(),
        "position": size(episode.size),
        "closed": episode.closed.long().map(size),
        "notional": usd_exact(episode.notional),
        "fee": usd_exact(episode.fee),
        "owed": usd_exact(episode.owed),
        "paid_by_fund": usd_exact(episode.paid),
        "paid_by_profits_of_others": usd_exact(episode.winners),
        "by": episode.routes.iter().map(|r| r.as_str()).collect::<Vec<_>>(),
    })
}

fn frame(frame: &Frame) -> Value {
    let (price, error) = match frame.price {
        Ok(price) => (Some(price_exact(price)), None),
        Err(error) => (None, Some(price_error(error))),
    };
    json!({
        "block": frame.block,
        "time": frame.time,
        "replay_time": frame.replay,
        "price": price,
        "price_error": error,
        "status": status(frame.status),
        "bid": frame.bid.map(price_exact),
        "ask": frame.ask.map(price_exact),
        "fund": usd_exact(frame.fund),
        "accounts": frame.standings.iter().map(|s| json!({
            "balance": usd_exact(s.balance),
            "equity": s.equity.map(usd_exact),
            "maintenance": s.maintenance.map(usd_exact),
            "size": size(s.size),
            "due": s.due_before,
        })).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::tests::example;
    use bulwark_primitives::MarketStatus;

    #[test]
    fn json_should_hold_verdict_episodes_and_blocks() {
        let text = render(&example(4, |_| MarketStatus::Active));
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["verdict"]["ok"], true);
        assert_eq!(value["under_maintenance"][0]["due_in"], 3);
        assert_eq!(value["under_maintenance"][0]["ended_in"], 4);
        assert_eq!(value["blocks"].as_array().map(Vec::len), Some(8));
        assert_eq!(value["blocks"][0]["price"], "116800");
        assert_eq!(
            value["accounts"][0]["losses"]["insurance_fund"],
            "50.000000"
        );
    }
}
