//! What was seen, block by block, and what follows from it. No chain access: everything here can be
//! tested with numbers written by hand.

use bulwark_primitives::{MarketStatus, Price, PriceError, Quantity, Size, Usd};
use bulwark_runtime::BlockNumber;
use std::collections::BTreeMap;

/// An account has to be closed at most this many blocks after it became due.
pub const MAX_DELAY: BlockNumber = 1;

/// How the run was set up.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// One line: what is replayed.
    pub source: String,
    /// Begin of the replayed window, milliseconds since the epoch.
    pub from: u64,
    /// Its end.
    pub to: u64,
    /// Replayed seconds per second.
    pub speed: f64,
    /// `always` or `never`.
    pub offchain_worker: &'static str,
    /// Who brings the prices.
    pub feeder: String,
    /// One line each: parameters worth knowing.
    pub parameters: Vec<(String, String)>,
}

/// One watched account.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Short name.
    pub name: String,
    /// What it does.
    pub plan: String,
    /// Its address.
    pub address: String,
    /// What it deposited.
    pub deposit: Usd,
    /// Whether it must never lose anything.
    pub flat: bool,
}

/// Who brought a closing into the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// Block execution itself, before any transaction.
    Consensus,
    /// The call `liquidate`, sent by an offchain worker or a person.
    Call,
}

impl Route {
    /// In words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consensus => "block execution",
            Self::Call => "liquidate call",
        }
    }
}

/// One act of liquidation on one account, from the chain's events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A part of a position was closed.
    Closed {
        route: Route,
        quantity: Quantity,
        notional: Usd,
    },
    /// The fee that was taken.
    Fee(Usd),
    /// What an account owed, what the fund paid of it (stakers included), and what came out of the
    /// profits of others: deleveraging and haircut.
    Shortfall { owed: Usd, paid: Usd, winners: Usd },
}

/// One account in one block.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Settlement balance after the block.
    pub balance: Usd,
    /// Equity after the block, `None` while the chain has no price.
    pub equity: Option<Usd>,
    /// Maintenance margin after the block.
    pub maintenance: Option<Usd>,
    /// Position after the block.
    pub size: Size,
    /// Whether the account as the last block left it was under maintenance at this block's price,
    /// which is what the chain sees before it closes anybody. `None` without a price.
    pub due_before: Option<bool>,
    /// Whether it still is when the block is over.
    pub due_after: Option<bool>,
    /// What liquidation did to it in this block.
    pub acts: Vec<Act>,
}

/// One block.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Its number.
    pub block: BlockNumber,
    /// Its timestamp, milliseconds.
    pub time: u64,
    /// Where the replay was, milliseconds since the epoch; `None` before its start.
    pub replay: Option<u64>,
    /// The chain's price.
    pub price: Result<Price, PriceError>,
    /// The market's status.
    pub status: MarketStatus,
    /// Highest bid and lowest ask.
    pub bid: Option<Price>,
    pub ask: Option<Price>,
    /// The insurance fund.
    pub fund: Usd,
    /// In the order of the actors.
    pub standings: Vec<Standing>,
}

impl Frame {
    /// Whether the chain could close accounts in this block.
    pub fn allows_liquidation(&self) -> bool {
        let priced = match self.price {
            Ok(_) => true,
            Err(error) => error.tolerated_by(bulwark_primitives::Action::Liquidate),
        };
        priced && self.status.allows_liquidation()
    }
}

/// How a stay under maintenance ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Closed, wholly or as far as needed, in this block.
    Closed(BlockNumber),
    /// The price came back before anything was closed.
    Recovered(BlockNumber),
    /// It had not ended when the run did.
    Open,
}

/// One stay of an account under maintenance.
#[derive(Clone, Debug)]
pub struct Episode {
    /// Which actor.
    pub actor: usize,
    /// Block in which it became due.
    pub due: BlockNumber,
    /// First block from `due` on in which the market allowed liquidation.
    pub allowed: Option<BlockNumber>,
    /// Block of the last act.
    pub acted: Option<BlockNumber>,
    /// How it ended.
    pub ending: Ending,
    /// Position when it became due.
    pub size: Size,
    /// What was closed.
    pub closed: Quantity,
    /// For how much.
    pub notional: Usd,
    /// Fee taken.
    pub fee: Usd,
    /// What the account owed when flat.
    pub owed: Usd,
    /// What the fund paid of it.
    pub paid: Usd,
    /// What the profits of others paid of it.
    pub winners: Usd,
    /// By which routes.
    pub routes: Vec<Route>,
}

impl Episode {
    fn new(actor: usize, due: BlockNumber, size: Size) -> Self {
        Self {
            actor,
            due,
            allowed: None,
            acted: None,
            ending: Ending::Open,
            size,
            closed: Quantity::ZERO,
            notional: Usd::ZERO,
            fee: Usd::ZERO,
            owed: Usd::ZERO,
            paid: Usd::ZERO,
            winners: Usd::ZERO,
            routes: Vec::new(),
        }
    }

    /// Blocks between the first in which it could be closed and the one in which it was.
    pub fn delay(&self) -> Option<BlockNumber> {
        match (self.ending, self.allowed) {
            (Ending::Closed(at) | Ending::Recovered(at), Some(allowed)) => {
                Some(at.saturating_sub(allowed))
            }
            (Ending::Recovered(_), None) => Some(0),
            (Ending::Closed(at), None) => Some(at.saturating_sub(self.due)),
            (Ending::Open, _) => None,
        }
    }

    /// Blocks it had to wait because the market was halted or had no price.
    pub fn waited(&self) -> BlockNumber {
        self.allowed
            .map_or(0, |allowed| allowed.saturating_sub(self.due))
    }

    fn record(&mut self, block: BlockNumber, act: &Act) -> Option<()> {
        match act {
            Act::Closed {
                route,
                quantity,
                notional,
            } => {
                self.closed = self.closed.checked_add(*quantity)?;
                self.notional = self.notional.checked_add(*notional)?;
                if !self.routes.contains(route) {
                    self.routes.push(*route);
                }
            }
            Act::Fee(fee) => self.fee = self.fee.checked_add(*fee)?,
            Act::Shortfall {
                owed,
                paid,
                winners,
            } => {
                self.owed = self.owed.checked_add(*owed)?;
                self.paid = self.paid.checked_add(*paid)?;
                self.winners = self.winners.checked_add(*winners)?;
            }
        }
        self.acted = Some(block);
        Some(())
    }
}

/// One numbered invariant over the whole run.
#[derive(Clone, Debug)]
pub struct InvariantRow {
    /// What it says.
    pub name: String,
    /// In how many blocks it was checked.
    pub checks: u32,
    /// Where it failed first, and how.
    pub failure: Option<(BlockNumber, String)>,
}

/// Who paid for an account's losses over the whole run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// Equity at the end, the last that was known.
    pub equity: Usd,
    /// What the account itself lost of its deposit.
    pub own: Usd,
    /// What the insurance fund paid.
    pub fund: Usd,
    /// What the profits of others paid: deleveraging and haircut.
    pub winners: Usd,
    /// What nobody paid yet.
    pub unpaid: Usd,
}

/// Something the run must not show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The account became due and was not closed in time.
    Late {
        actor: String,
        due: BlockNumber,
        delay: BlockNumber,
    },
    /// The account became due and was still so at the end.
    NeverClosed { actor: String, due: BlockNumber },
    /// A numbered invariant failed.
    Invariant {
        number: u8,
        name: String,
        block: BlockNumber,
        detail: String,
    },
    /// An account without positions lost something.
    FlatLost { actor: String, lost: Usd },
    /// The invariants were never checked.
    NotChecked,
    /// The run itself broke off.
    Broken(String),
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Late { actor, due, delay } => write!(
                f,
                "{actor} became due in block {due} and was closed {delay} blocks after it could be"
            ),
            Self::NeverClosed { actor, due } => {
                write!(f, "{actor} became due in block {due} and was never closed")
            }
            Self::Invariant {
                number,
                name,
                block,
                detail,
            } => write!(
                f,
                "invariant {number} ({name}) failed in block {block}: {detail}"
            ),
            Self::FlatLost { actor, lost } => {
                write!(
                    f,
                    "{actor} held no position and lost {}",
                    crate::units::usd(*lost)
                )
            }
            Self::NotChecked => f.write_str("the invariants were never checked"),
            Self::Broken(why) => f.write_str(why),
        }
    }
}

/// The whole run.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    pub setup: Setup,
    pub actors: Vec<Actor>,
    pub frames: Vec<Frame>,
    pub episodes: Vec<Episode>,
    pub invariants: BTreeMap<(u8, String), InvariantRow>,
    /// Why the run broke off, if it did.
    pub broken: Option<String>,
    /// Transactions of the demo that failed, by reason.
    pub failures: BTreeMap<String, u32>,
}

impl Timeline {
    /// Adds a block and follows every account under maintenance through it.
    pub fn push(&mut self, frame: Frame) {
        for (actor, standing) in frame.standings.iter().enumerate() {
            let size = self
                .frames
                .last()
                .and_then(|last| last.standings.get(actor))
                .map_or(standing.size, |last| last.size);
            follow(&mut self.episodes, actor, size, &frame, standing);
        }
        self.frames.push(frame);
    }

    /// Records one round of invariant checks.
    pub fn check(
        &mut self,
        block: BlockNumber,
        results: impl IntoIterator<Item = (u8, String, Result<(), String>)>,
    ) {
        for (number, name, result) in results {
            let row = self
                .invariants
                .entry((number, name.clone()))
                .or_insert(InvariantRow {
                    name,
                    checks: 0,
                    failure: None,
                });
            row.checks += 1;
            if let (None, Err(detail)) = (&row.failure, result) {
                row.failure = Some((block, detail));
            }
        }
    }

    /// Whether an account is under maintenance now.
    pub fn anyone_due(&self) -> bool {
        self.episodes.iter().any(|e| e.ending == Ending::Open)
    }

    /// Who paid for the losses of an actor.
    pub fn losses(&self, actor: usize) -> Losses {
        let sum = |pick: fn(&Episode) -> Usd| {
            self.episodes
                .iter()
                .filter(|e| e.actor == actor)
                .try_fold(Usd::ZERO, |total, e| total.checked_add(pick(e)))
                .unwrap_or(Usd::MAX)
        };
        let deposit = self.actors.get(actor).map_or(Usd::ZERO, |a| a.deposit);
        let equity = self
            .frames
            .iter()
            .rev()
            .filter_map(|f| f.standings.get(actor))
            .find_map(|s| s.equity)
            .unwrap_or(deposit);
        let kept = equity.max(Usd::ZERO);
        Losses {
            equity,
            own: Usd(deposit.0.saturating_sub(kept.0).max(0)),
            fund: sum(|e| e.paid),
            winners: sum(|e| e.winners),
            unpaid: Usd(equity.0.min(0).saturating_neg()),
        }
    }

    /// Everything that is wrong with the run; empty when consensus kept its promise.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if let Some(why) = &self.broken {
            problems.push(Problem::Broken(why.clone()));
        }
        for episode in &self.episodes {
            let actor = self.name(episode.actor);
            match episode.delay() {
                None => problems.push(Problem::NeverClosed {
                    actor,
                    due: episode.due,
                }),
                Some(delay) if delay > MAX_DELAY => problems.push(Problem::Late {
                    actor,
                    due: episode.due,
                    delay,
                }),
                Some(_) => {}
            }
        }
        for ((number, _), row) in &self.invariants {
            if let Some((block, detail)) = &row.failure {
                problems.push(Problem::Invariant {
                    number: *number,
                    name: row.name.clone(),
                    block: *block,
                    detail: detail.clone(),
                });
            }
        }
        if self.invariants.is_empty() {
            problems.push(Problem::NotChecked);
        }
        problems.extend(self.flat_losses());
        problems
    }

    fn flat_losses(&self) -> impl Iterator<Item = Problem> + '_ {
        let last = self.frames.last();
        self.actors
            .iter()
            .enumerate()
            .filter(|(_, actor)| actor.flat)
            .filter_map(move |(index, actor)| {
                let balance = last?.standings.get(index)?.balance;
                let lost = actor.deposit.checked_sub(balance)?;
                (lost.0 > 0).then(|| Problem::FlatLost {
                    actor: actor.name.clone(),
                    lost,
                })
            })
    }

    /// The name of an actor.
    pub fn name(&self, actor: usize) -> String {
        self.actors
            .get(actor)
            .map_or_else(|| format!("account {actor}"), |a| a.name.clone())
    }

    /// Stretches of blocks in which the market was not `Active`: first, last, status.
    pub fn halts(&self) -> Vec<(BlockNumber, BlockNumber, MarketStatus)> {
        let mut halts: Vec<(BlockNumber, BlockNumber, MarketStatus)> = Vec::new();
        for frame in self
            .frames
            .iter()
            .filter(|f| f.status != MarketStatus::Active)
        {
            match halts.last_mut() {
                Some((_, last, status))
                    if *status == frame.status && last.checked_add(1) == Some(frame.block) =>
                {
                    *last = frame.block;
                }
                _ => halts.push((frame.block, frame.block, frame.status)),
            }
        }
        halts
    }
}

fn follow(
    episodes: &mut Vec<Episode>,
    actor: usize,
    size: Size,
    frame: &Frame,
    standing: &Standing,
) {
    let open = episodes
        .iter_mut()
        .rposition(|e| e.actor == actor && e.ending == Ending::Open);
    let due = standing.due_before == Some(true)
        || standing.due_after == Some(true)
        || !standing.acts.is_empty();
    let at = match open {
        Some(at) => at,
        None if due => {
            episodes.push(Episode::new(actor, frame.block, size));
            episodes.len() - 1
        }
        None => return,
    };
    let episode = &mut episodes[at];
    if episode.allowed.is_none() && frame.allows_liquidation() {
        episode.allowed = Some(frame.block);
    }
    for act in &standing.acts {
        // Sums of one account's events fit: the ledger holds them in the same type.
        let _ = episode.record(frame.block, act);
    }
    if standing.due_after == Some(false) {
        episode.ending = if episode.acted.is_some() {
            Ending::Closed(frame.block)
        } else {
            Ending::Recovered(frame.block)
        };
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use bulwark_primitives::{PRICE_SCALE, SIZE_SCALE};

    const ONE: i128 = SIZE_SCALE as i128;

    fn standing(before: bool, after: bool, size: i128, acts: Vec<Act>) -> Standing {
        Standing {
            balance: Usd::dollars(1_000),
            equity: Some(Usd::dollars(if size == 0 { 40 } else { 900 })),
            maintenance: Some(Usd::dollars(if size == 0 { 0 } else { 800 })),
            size: Size(size * ONE),
            due_before: Some(before),
            due_after: Some(after),
            acts,
        }
    }

    fn frame(block: BlockNumber, status: MarketStatus, standings: Vec<Standing>) -> Frame {
        Frame {
            block,
            time: u64::from(block) * 2_000,
            replay: Some(1_760_129_400_000 + u64::from(block) * 60_000),
            price: Ok(Price((117_000 - 200 * u128::from(block)) * PRICE_SCALE)),
            status,
            bid: Some(Price(116_000 * PRICE_SCALE)),
            ask: None,
            fund: Usd::dollars(i64::from(block)),
            standings,
        }
    }

    fn closed() -> Vec<Act> {
        vec![
            Act::Closed {
                route: Route::Consensus,
                quantity: Quantity(SIZE_SCALE),
                notional: Usd::dollars(110_000),
            },
            Act::Fee(Usd::dollars(300)),
            Act::Shortfall {
                owed: Usd::dollars(50),
                paid: Usd::dollars(50),
                winners: Usd::dollars(7),
            },
        ]
    }

    /// Healthy, healthy, then due in block 3 and closed in block `closing`.
    pub fn example(closing: BlockNumber, status: impl Fn(BlockNumber) -> MarketStatus) -> Timeline {
        let mut timeline = Timeline {
            setup: Setup {
                source: "an <example>".into(),
                from: 1_760_129_400_000,
                to: 1_760_130_000_000,
                speed: 30.0,
                offchain_worker: "always",
                feeder: "the node's worker".into(),
                parameters: vec![("maintenance margin".into(), "3 %".into())],
            },
            actors: vec![Actor {
                name: "Ada".into(),
                plan: "10x long".into(),
                address: "5F".into(),
                deposit: Usd::dollars(1_000),
                flat: false,
            }],
            ..Default::default()
        };
        for block in 1..=8 {
            let acts = if block == closing { closed() } else { vec![] };
            timeline.push(frame(
                block,
                status(block),
                vec![standing(
                    (3..=closing).contains(&block),
                    (3..closing).contains(&block),
                    i128::from(block < closing),
                    acts,
                )],
            ));
        }
        timeline.check(8, [(1, "pot identity".to_owned(), Ok(()))]);
        timeline
    }

    fn active(_: BlockNumber) -> MarketStatus {
        MarketStatus::Active
    }

    #[test]
    fn verdict_should_be_good_when_an_account_is_closed_in_its_block_or_the_next() {
        for closing in [3, 4] {
            let timeline = example(closing, active);
            let [episode] = &timeline.episodes[..] else {
                panic!("one episode: {:?}", timeline.episodes);
            };
            assert_eq!(episode.due, 3);
            assert_eq!(episode.ending, Ending::Closed(closing));
            assert_eq!(episode.delay(), Some(closing - 3));
            assert_eq!(episode.size, Size(ONE));
            assert_eq!(episode.fee, Usd::dollars(300));
            assert_eq!(episode.routes, vec![Route::Consensus]);
            assert_eq!(timeline.problems(), vec![]);
        }
    }

    #[test]
    fn verdict_should_be_bad_when_an_account_is_closed_two_blocks_late() {
        assert_eq!(
            example(5, active).problems(),
            vec![Problem::Late {
                actor: "Ada".into(),
                due: 3,
                delay: 2
            }]
        );
    }

    #[test]
    fn verdict_should_be_bad_when_an_account_stays_due() {
        assert_eq!(
            example(100, active).problems(),
            vec![Problem::NeverClosed {
                actor: "Ada".into(),
                due: 3
            }]
        );
    }

    #[test]
    fn delay_should_count_from_the_end_of_the_halt_when_the_market_was_paused() {
        let paused = |block| {
            if (3..=5).contains(&block) {
                MarketStatus::Paused
            } else {
                MarketStatus::Active
            }
        };
        let timeline = example(7, paused);
        assert_eq!(timeline.problems(), vec![]);
        assert_eq!(timeline.episodes[0].waited(), 3);
        assert_eq!(timeline.episodes[0].delay(), Some(1));
        assert_eq!(timeline.halts(), vec![(3, 5, MarketStatus::Paused)]);
        assert_eq!(example(8, paused).problems().len(), 1);
    }

    #[test]
    fn episode_should_end_as_recovered_when_nothing_was_closed() {
        let mut timeline = example(100, active);
        timeline.push(frame(
            9,
            MarketStatus::Active,
            vec![standing(false, false, 1, vec![])],
        ));
        assert_eq!(timeline.episodes[0].ending, Ending::Recovered(9));
        assert_eq!(timeline.problems().len(), 1, "too late is too late");
    }

    #[test]
    fn verdict_should_be_bad_when_an_invariant_fails_or_none_was_checked() {
        let mut timeline = example(3, active);
        timeline.check(
            9,
            [(1, "pot identity".to_owned(), Err("off by 1".to_owned()))],
        );
        timeline.check(
            10,
            [(1, "pot identity".to_owned(), Err("off by 2".to_owned()))],
        );
        let problems = timeline.problems();
        assert_eq!(problems.len(), 1);
        assert_eq!(
            problems[0].to_string(),
            "invariant 1 (pot identity) failed in block 9: off by 1"
        );
        timeline.invariants.clear();
        assert_eq!(timeline.problems(), vec![Problem::NotChecked]);
    }

    #[test]
    fn verdict_should_be_bad_when_a_flat_account_lost() {
        let mut timeline = example(3, active);
        timeline.actors[0].flat = true;
        timeline.actors[0].deposit = Usd::dollars(1_001);
        assert_eq!(
            timeline.problems(),
            vec![Problem::FlatLost {
                actor: "Ada".into(),
                lost: Usd::dollars(1)
            }]
        );
    }

    #[test]
    fn verdict_should_be_bad_when_the_run_broke_off() {
        let mut timeline = example(3, active);
        timeline.broken = Some("the node ended".into());
        assert_eq!(
            timeline.problems(),
            vec![Problem::Broken("the node ended".into())]
        );
    }

    #[test]
    fn losses_should_be_split_by_layer_when_the_fund_paid() {
        assert_eq!(
            example(3, active).losses(0),
            Losses {
                equity: Usd::dollars(40),
                own: Usd::dollars(960),
                fund: Usd::dollars(50),
                winners: Usd::dollars(7),
                unpaid: Usd::ZERO
            }
        );
    }
}
