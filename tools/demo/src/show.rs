//! What is on the terminal while the demo runs.

use crate::{
    report,
    timeline::{Act, Ending, Episode, Timeline},
    units::{clock, date_time, price, size, usd},
};
use bulwark_primitives::MarketStatus;
use std::{
    collections::VecDeque,
    fmt::Write as _,
    io::{IsTerminal, Write},
};

/// Without a terminal, one line for so many blocks.
const LINE_EVERY: usize = 5;
/// Lines of news under the live table.
const NEWS: usize = 8;

/// Draws a live table on a terminal, or prints lines elsewhere.
pub struct Screen {
    live: bool,
    /// Lines of the table that is drawn now.
    drawn: usize,
    news: VecDeque<String>,
    status: MarketStatus,
}

impl Screen {
    /// A live one when standard output is a terminal and `headless` is not set.
    pub fn new(headless: bool) -> Self {
        Self {
            live: !headless && std::io::stdout().is_terminal(),
            drawn: 0,
            news: VecDeque::new(),
            status: MarketStatus::Active,
        }
    }

    /// A line that stays.
    pub fn say(&mut self, line: &str) {
        self.drawn = 0;
        println!("{line}");
    }

    /// Shows the last block of the timeline.
    pub fn show(&mut self, timeline: &Timeline) {
        let Some(frame) = timeline.frames.last() else {
            return;
        };
        for line in self.tell(timeline) {
            if self.live {
                self.news.push_back(line);
                while self.news.len() > NEWS {
                    self.news.pop_front();
                }
            } else {
                println!("{line}");
            }
        }
        if self.live {
            self.redraw(&table(timeline));
        } else if timeline.frames.len() % LINE_EVERY == 1 {
            println!("{}", summary(timeline));
        }
        self.status = frame.status;
    }

    fn redraw(&mut self, table: &str) {
        let mut text = String::new();
        if self.drawn > 0 {
            let _ = write!(text, "\x1b[{}A\x1b[J", self.drawn);
        }
        text.push_str(table);
        for line in &self.news {
            let _ = writeln!(text, "  {line}");
        }
        self.drawn = text.matches('\n').count();
        let mut out = std::io::stdout().lock();
        // A closed pipe is no reason to stop the run.
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }

    /// What is new in the last block.
    fn tell(&self, timeline: &Timeline) -> Vec<String> {
        let Some(frame) = timeline.frames.last() else {
            return Vec::new();
        };
        let mut news = Vec::new();
        let mut add = |text: String| news.push(format!("block {}: {text}", frame.block));
        if frame.status != self.status {
            add(format!("market {}", report::status(frame.status)));
        }
        for episode in timeline.episodes.iter().filter(|e| e.due == frame.block) {
            add(format!(
                "{} is under maintenance",
                timeline.name(episode.actor)
            ));
        }
        for (actor, standing) in frame.standings.iter().enumerate() {
            let name = timeline.name(actor);
            for act in &standing.acts {
                match act {
                    Act::Closed {
                        route,
                        quantity,
                        notional,
                    } => add(format!(
                        "{name}: {} BTC closed for {} by {}",
                        quantity.long().map_or_else(String::new, size),
                        usd(*notional),
                        route.as_str()
                    )),
                    Act::Fee(_) => {}
                    Act::Shortfall {
                        owed,
                        paid,
                        winners,
                    } => add(format!(
                        "{name}: owed {}, the insurance fund paid {}, profits of others {}",
                        usd(*owed),
                        usd(*paid),
                        usd(*winners)
                    )),
                }
            }
        }
        for (number, row) in timeline.invariants.iter().map(|((n, _), row)| (n, row)) {
            if let Some((_, detail)) = row.failure.as_ref().filter(|f| f.0 == frame.block) {
                add(format!("INVARIANT {number} FAILED: {detail}"));
            }
        }
        news
    }
}

fn head(timeline: &Timeline) -> Option<(String, String)> {
    let frame = timeline.frames.last()?;
    let when = match frame.replay {
        Some(time) => format!("replay {}", date_time(time)),
        None => "replay not started".into(),
    };
    let what = match frame.price {
        Ok(now) => price(now),
        Err(error) => format!("none ({})", report::price_error(error)),
    };
    let side = |p: Option<bulwark_primitives::Price>| p.map_or("-".into(), price);
    Some((
        format!(
            "block {}   chain {}   {when}",
            frame.block,
            clock(frame.time)
        ),
        format!(
            "BTC {what}   bid {}   ask {}   market {}   fund {}",
            side(frame.bid),
            side(frame.ask),
            report::status(frame.status),
            usd(frame.fund)
        ),
    ))
}

fn summary(timeline: &Timeline) -> String {
    head(timeline).map_or_else(String::new, |(when, what)| format!("{when}   {what}"))
}

fn table(timeline: &Timeline) -> String {
    let mut out = String::new();
    let (Some((when, what)), Some(frame)) = (head(timeline), timeline.frames.last()) else {
        return out;
    };
    let _ = writeln!(out, "\n  {when}\n  {what}\n");
    let rows = frame.standings.iter().enumerate().map(|(actor, standing)| {
        vec![
            timeline.name(actor),
            size(standing.size),
            standing.equity.map_or("?".into(), usd),
            standing.maintenance.map_or("?".into(), usd),
            state(timeline, actor),
        ]
    });
    let _ = bulwark_report::text::table(
        &mut out,
        &["account", "position", "equity", "maintenance", "state"],
        rows,
    );
    out.push('\n');
    out
}

fn state(timeline: &Timeline, actor: usize) -> String {
    let last: Option<&Episode> = timeline.episodes.iter().rev().find(|e| e.actor == actor);
    match last.map(|e| (e.due, e.ending)) {
        None => "healthy".into(),
        Some((due, Ending::Open)) => format!("DUE since block {due}"),
        Some((due, Ending::Closed(at))) => format!("due in {due}, closed in {at}"),
        Some((due, Ending::Recovered(at))) => format!("due in {due}, price back in {at}"),
    }
}
