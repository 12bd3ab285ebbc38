//! The loop: block by block, who is due, whom the strategy chooses, what became of those before.

use crate::{
    chain::{self, AtBlock, Chain, NotSent},
    fate::Fate,
    follow::{follow, Watched},
    log::Log,
    pending::Pending,
    settings::Settings,
    strategy::{Candidate, Strategy, View},
    totals::Totals,
    types::SubAccount,
};
use futures::{future::Shared, FutureExt};
use serde_json::{json, Value};
use std::{
    collections::{BTreeSet, VecDeque},
    future::Future,
    time::Duration,
};
use subxt::{
    client::{Block, Blocks},
    config::substrate::H256,
    utils::AccountId32,
    SubstrateConfig,
};
use tokio::{
    task::JoinError,
    time::{sleep, timeout},
};

/// Patience with a node that does not answer.
const ANSWER: Duration = Duration::from_secs(20);
/// Without a block for so long, a connection is taken for dead.
const SILENCE: Duration = Duration::from_secs(60);
/// How long the ends of what was sent are waited for when the keeper is stopped.
const LAST_ENDS: Duration = Duration::from_secs(6);
/// The same for a single round, which has nothing else to do.
const ENDS_OF_ONCE: Duration = Duration::from_secs(60);
/// Waits between attempts to connect: the first, which doubles up to the longest.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// Blocks of which the chain's own closings are remembered.
const REMEMBERED: usize = 16;

/// Why a connection ended.
enum Lost {
    /// Another attempt may help.
    Connection(String),
    /// None will.
    Unfit(String),
}

impl From<subxt::Error> for Lost {
    fn from(error: subxt::Error) -> Self {
        Self::Connection(error.to_string())
    }
}

impl Lost {
    fn silent<E>(_: E) -> Self {
        Self::Connection("the node does not answer".into())
    }
}

/// A keeper with a strategy.
#[derive(Debug)]
pub struct Keeper<S> {
    settings: Settings,
    strategy: S,
    log: Log,
    totals: Totals,
    pending: Pending,
    /// How many accounts the chain closed by itself in each of the last blocks.
    closed: VecDeque<usize>,
    genesis: Option<H256>,
    wait: Duration,
}

impl<S: Strategy> Keeper<S> {
    /// One that has not begun.
    pub fn new(settings: Settings, strategy: S, log: Log) -> Self {
        Self {
            pending: Pending::new(settings.longevity),
            settings,
            strategy,
            log,
            totals: Totals::default(),
            closed: VecDeque::new(),
            genesis: None,
            wait: FIRST_WAIT,
        }
    }

    /// Runs until `stop`, or for a single round. Ends with an error when the node is of another kind, or
    /// when a single round could not be had.
    pub async fn run<F: Future<Output = ()>>(mut self, stop: F) -> Result<Totals, String> {
        let stop = stop.shared();
        let result = loop {
            match self.session(&stop).await {
                Ok(()) => break Ok(()),
                Err(Lost::Unfit(why)) => break Err(why),
                Err(Lost::Connection(why)) if self.settings.once => break Err(why),
                Err(Lost::Connection(why)) => {
                    let wait = self.wait;
                    self.log.line(
                        "lost",
                        &[
                            ("why", json!(why)),
                            ("retry_in_seconds", json!(wait.as_secs())),
                        ],
                    );
                    self.wait = wait.saturating_mul(2).min(LONGEST_WAIT);
                    tokio::select! {
                        () = stop.clone() => break Ok(()),
                        () = sleep(wait) => {}
                    }
                }
            }
        };
        self.log.line("summary", &self.totals.fields());
        result.map(|()| self.totals)
    }

    /// One connection, from its begin to its end.
    async fn session<F: Future<Output = ()>>(&mut self, stop: &Shared<F>) -> Result<(), Lost> {
        let begun = async {
            let chain = Chain::connect(&self.settings.url).await?;
            let at = chain.final_block().await?;
            let blocks = chain.blocks(self.settings.finalized).await?;
            Ok::<_, subxt::Error>((chain, at, blocks))
        };
        let (chain, at, mut blocks) = tokio::select! {
            () = stop.clone() => return Ok(()),
            begun = timeout(ANSWER, begun) => begun.map_err(Lost::silent)??,
        };
        self.greet(&chain, &at)?;
        let mut watched = Watched::new();
        loop {
            let block = tokio::select! {
                () = stop.clone() => {
                    self.wait_for_ends(&mut watched, LAST_ENDS).await;
                    return Ok(());
                }
                Some(end) = watched.join_next() => {
                    self.note_end(end);
                    continue;
                }
                block = timeout(SILENCE, blocks.next()) => {
                    let none = || Lost::Connection("the connection was closed".into());
                    block.map_err(Lost::silent)?.ok_or_else(none)?.map_err(subxt::Error::from)?
                }
            };
            let block = newest(block, &mut blocks);
            timeout(ANSWER, self.look(&chain, &block, &mut watched))
                .await
                .map_err(Lost::silent)??;
            self.wait = FIRST_WAIT;
            if self.settings.once {
                self.wait_for_ends(&mut watched, ENDS_OF_ONCE).await;
                return Ok(());
            }
        }
    }

    /// The first look at a node.
    fn greet(&mut self, chain: &Chain, at: &AtBlock) -> Result<(), Lost> {
        if let Some(what) = chain::missing(at) {
            return Err(Lost::Unfit(format!("{} has not {what}", self.settings.url)));
        }
        let genesis = chain.genesis();
        if self
            .genesis
            .replace(genesis)
            .is_some_and(|before| before != genesis)
        {
            self.pending.clear();
            self.closed.clear();
        }
        self.pending.set_nonce(None);
        let keeper = self.settings.account().map(|account| account.to_string());
        self.log.line(
            "connected",
            &[
                ("url", json!(self.settings.url)),
                ("genesis", json!(format!("{genesis:?}"))),
                ("spec_version", json!(at.spec_version())),
                ("final_block", json!(at.block_number())),
                ("keeper", json!(keeper)),
            ],
        );
        Ok(())
    }

    /// Looks at a block and sends what the strategy chooses.
    async fn look(
        &mut self,
        chain: &Chain,
        block: &Block<SubstrateConfig>,
        watched: &mut Watched,
    ) -> Result<(), subxt::Error> {
        let at = block.at().await?;
        self.totals.blocks = self.totals.blocks.saturating_add(1);
        for account in self.pending.expire(at.block_number()) {
            let detail = "it came into no block in time".into();
            self.note(
                account,
                Fate::Dropped {
                    reason: "Expired",
                    detail,
                },
            );
        }
        let due = chain::due(&at, self.settings.look_at).await?;
        if due.is_empty() {
            self.closed.clear();
            return Ok(());
        }
        self.closed.push_back(chain::closed_by_chain(&at).await?);
        if self.closed.len() > REMEMBERED {
            self.closed.pop_front();
        }
        let in_all = due.len();
        let free = due
            .into_iter()
            .enumerate()
            .filter(|(_, account)| !self.pending.contains(account));
        let view = View {
            block: at.block_number(),
            keeper: self.settings.account(),
            closed_by_chain: self.closed.iter().copied().max().unwrap_or_default(),
            due: chain::candidates(&at, free.collect()).await?,
        };
        let chosen = self.strategy.choose(&view);
        self.log.line(
            "due",
            &[
                ("block", json!(view.block)),
                ("due", json!(in_all)),
                (
                    "parked",
                    json!(view.due.iter().filter(|candidate| candidate.parked).count()),
                ),
                ("closed_by_chain", json!(view.closed_by_chain)),
                ("pending", json!(self.pending.len())),
                ("chosen", json!(chosen.len())),
            ],
        );
        self.send_all(chain, &at, &view, chosen, watched).await
    }

    async fn send_all(
        &mut self,
        chain: &Chain,
        at: &AtBlock,
        view: &View,
        chosen: Vec<SubAccount>,
        watched: &mut Watched,
    ) -> Result<(), subxt::Error> {
        let room = self.settings.max_pending.saturating_sub(self.pending.len());
        let mut seen = BTreeSet::new();
        // A strategy may be anybody's.
        let new = chosen.into_iter().filter(|account| seen.insert(*account));
        let new = new.filter(|account| !self.pending.contains(account));
        for account in new.take(room).collect::<Vec<_>>() {
            let about = about(view, &account);
            let Some(key) = &self.settings.key else {
                self.log.line("would_send", &about);
                continue;
            };
            let nonce = match self.pending.nonce() {
                Some(nonce) => nonce,
                None => chain.next_nonce(&AccountId32(key.public_key().0)).await?,
            };
            // Before it is sent: when the answer does not come, it may be on its way.
            self.pending.sent(account, view.block);
            self.totals.sent = self.totals.sent.saturating_add(1);
            match chain::send(at, key, nonce, self.settings.longevity, account).await {
                Ok(progress) => {
                    self.pending.set_nonce(nonce.checked_add(1));
                    let about = [&about[..], &[("nonce", json!(nonce))]].concat();
                    self.log.line("sent", &about);
                    let me = AccountId32(key.public_key().0);
                    watched.spawn(follow(progress, account, me, self.settings.finalized));
                }
                Err(NotSent::Refused(detail)) => {
                    self.pending.settle(&account);
                    self.note(
                        account,
                        Fate::Dropped {
                            reason: "Refused",
                            detail,
                        },
                    );
                    // Whatever it is about, the others of this block would have the same.
                    return Ok(());
                }
                Err(NotSent::Lost(error)) => return Err(*error),
            }
        }
        Ok(())
    }

    /// Waits for what is still on its way.
    async fn wait_for_ends(&mut self, watched: &mut Watched, limit: Duration) {
        let all = async {
            while let Some(end) = watched.join_next().await {
                self.note_end(end);
            }
        };
        let in_time = timeout(limit, all).await.is_ok();
        if !in_time {
            self.log
                .line("unfinished", &[("pending", json!(self.pending.len()))]);
        }
    }

    fn note_end(&mut self, end: Result<(SubAccount, Option<Fate>), JoinError>) {
        // Without an end to tell, it stays pending until it cannot be included any more.
        if let Ok((account, Some(fate))) = end {
            if self.pending.settle(&account) {
                self.note(account, fate);
            }
        }
    }

    fn note(&mut self, account: SubAccount, fate: Fate) {
        self.totals.count(&fate);
        if matches!(fate, Fate::Dropped { .. }) {
            // Those behind it would wait for its nonce.
            self.pending.set_nonce(None);
        }
        self.log.fate(&account, &fate);
    }
}

/// The last of the blocks that have come while another one was looked at.
fn newest(
    mut block: Block<SubstrateConfig>,
    blocks: &mut Blocks<SubstrateConfig>,
) -> Block<SubstrateConfig> {
    while let Some(Some(Ok(next))) = blocks.next().now_or_never() {
        block = next;
    }
    block
}

/// An account and why it is liquidated, for the log.
fn about(view: &View, account: &SubAccount) -> Vec<(&'static str, Value)> {
    let mut fields = vec![
        ("block", json!(view.block)),
        ("account", json!(account.to_string())),
    ];
    let candidate = view
        .due
        .iter()
        .find(|candidate| candidate.account == *account);
    if let Some(Candidate { place, health, .. }) = candidate {
        fields.extend([
            ("place", json!(place)),
            ("equity", json!(health.equity.to_string())),
            (
                "maintenance_margin",
                json!(health.maintenance_margin.to_string()),
            ),
            ("notional", json!(health.notional.to_string())),
        ]);
    }
    fields
}
