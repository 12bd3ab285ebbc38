//! The run itself: start, set up, crash, report.

use crate::{
    actors::{self, Maker, Trader},
    args::{breaker_timing, oracle_guards, plan, Args, Plan},
    chain::{account, dev_pair, Chain, Outcome},
    client::Client,
    node::{check_port, find_binary, free_port, Node, NodeOptions, OffchainWorker},
    observe, report,
    show::Screen,
    timeline::{Actor, Setup, Timeline},
    units::{date_time, rate, size},
};
use bulwark_primitives::{MarketParams, Price, Size};
use bulwark_runtime::{
    genesis_presets::{BTC, BTC_USD, USDX},
    Assets, OrderBook, Runtime, RuntimeCall,
};
use pallet_circuit_breaker::Timing;
use pallet_price_oracle::Guards;
use polkadot_sdk::{pallet_sudo, pallet_utility, sp_core::sr25519::Pair};
use price_replay::{serve, Asset, Replay, Server, Venue};
use serde_json::json;
use std::{
    net::Ipv4Addr,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use tokio::net::TcpListener;

/// Labels of what is sent anew in every block.
const FEED: &str = "feed";
const QUOTES: &str = "quotes";
/// Signs as feeder and as sudo of the development chain.
const ALICE: &str = "//Alice";
/// Gives the others their money.
const TREASURER: &str = "//Ferdie";
/// A node needs so long for its first answer at the most.
const START: Duration = Duration::from_secs(120);
/// Blocks that one step of the set-up may take.
const SETUP_BLOCKS: u32 = 20;
/// Blocks after the end of the replay in which the last accounts may still be closed.
const MAX_AFTERMATH: u32 = 40;
/// Blocks shown after the end even if nobody is due.
const QUIET_BLOCKS: u32 = 3;
/// From a replay's price with 8 decimals to the chain's with 18.
const REPLAY_PRICE: u128 = 10_000_000_000;

/// Why a run ends that somebody ended.
const STOPPED: &str = "stopped before the end";

/// A folder that is removed when dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self, String> {
        let path = std::env::temp_dir().join(format!("bulwark-demo-{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(Self(path))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

struct World {
    node: Node,
    chain: Chain,
    replay: Replay,
    /// Signs prices when the node's own feeder sleeps.
    feeder: Option<Pair>,
    maker: Maker,
    quoting: bool,
    traders: Vec<Trader>,
    timeline: Timeline,
    recording: bool,
    screen: Screen,
}

/// Runs the demo; whether consensus kept its promises.
///
/// # Errors
/// One line: why the run could not be made.
pub async fn run(args: &Args) -> Result<bool, String> {
    let plan = plan(args)?;
    let binary = find_binary(args.node.as_deref())?;
    if let Some(port) = args.rpc_port {
        check_port("--rpc-port", port)?;
    }
    let scratch = Scratch::new()?;
    let mut screen = Screen::new(args.headless);
    screen.say("Bulwark demo");
    screen.say(&format!("  {}", plan.source));
    screen.say(&format!(
        "  {} to {} UTC, {} times faster; offchain workers: {}",
        date_time(plan.from),
        date_time(plan.to),
        args.speed,
        args.offchain_worker.as_str()
    ));
    let server = start_replay(&plan, args.replay_port).await?;
    screen.say(&format!("  price replay at http://{}", server.address()));
    let started = async {
        let (node, client) = start_node(args, &binary, &scratch, &server).await?;
        Ok::<_, String>((node, Chain::follow(client).await?))
    };
    let (node, chain) = tokio::select! {
        started = started => started?,
        () = told_to_stop() => return Err("stopped before the start".into()),
    };
    screen.say(&format!("  node {} at {}", node.pid(), chain.url()));
    let mut world = World {
        node,
        chain,
        replay: plan.replay.clone(),
        feeder: match args.offchain_worker {
            OffchainWorker::Always => None,
            OffchainWorker::Never => Some(dev_pair(ALICE)?),
        },
        maker: Maker::new()?,
        quoting: false,
        traders: Trader::all()?,
        timeline: Timeline::default(),
        recording: false,
        screen,
    };
    let outcome = tokio::select! {
        outcome = world.play(args, &plan) => outcome,
        () = told_to_stop() => Err(STOPPED.into()),
    };
    if let Err(error) = outcome {
        // A dead node is the better explanation of a lost connection.
        let error = if error == STOPPED {
            error
        } else {
            world.node.check_patiently().await.err().unwrap_or(error)
        };
        if !world.recording {
            keep_log(&scratch, args);
            return Err(error);
        }
        world.timeline.broken = Some(error);
    } else if let Err(error) = world.check_book().await {
        world.timeline.broken = Some(error);
    }
    let passed = world.report(args)?;
    if !passed {
        keep_log(&scratch, args);
    }
    if args.keep && world.timeline.broken.is_none() {
        world.stay(&server).await;
    }
    server.shutdown().await;
    Ok(passed)
}

/// Ctrl-C, or the signal of a supervisor: the node must not outlive the demo.
async fn told_to_stop() {
    use tokio::signal::unix::{signal, SignalKind};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

/// Saves the node's log beside the report, where somebody can read it.
fn keep_log(scratch: &Scratch, args: &Args) {
    let target = args.report.with_extension("node.log");
    if std::fs::copy(scratch.file("node.log"), &target).is_ok() {
        eprintln!("bulwark-demo: the node's log is in {}", target.display());
    }
}

async fn start_replay(plan: &Plan, port: Option<u16>) -> Result<Server, String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0)))
        .await
        .map_err(|e| match port {
            Some(port) => format!("--replay-port {port}: {e}"),
            None => format!("no free port: {e}"),
        })?;
    serve(listener, plan.replay.clone()).map_err(|e| format!("price replay: {e}"))
}

/// The sources file of the node's feeder: all venues for BTC.
fn write_sources(path: &Path, server: &Server) -> Result<(), String> {
    let asset = Asset::btc();
    let sources: Vec<_> = Venue::ALL
        .into_iter()
        .map(|venue| {
            json!({
                "venue": venue.name(),
                "asset": BTC,
                "symbol": venue.answer_symbol(&asset),
                "url": server.ticker_url(venue, &asset),
            })
        })
        .collect();
    let text = serde_json::to_string_pretty(&json!({ "sources": sources }))
        .map_err(|e| format!("price sources: {e}"))?;
    std::fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))
}

async fn start_node(
    args: &Args,
    binary: &Path,
    scratch: &Scratch,
    server: &Server,
) -> Result<(Node, Client), String> {
    let sources = scratch.file("price-sources.json");
    write_sources(&sources, server)?;
    let rpc_port = match args.rpc_port {
        Some(port) => port,
        None => free_port()?,
    };
    let mut node = Node::start(&NodeOptions {
        binary,
        rpc_port,
        p2p_port: free_port()?,
        price_sources: &sources,
        log: &scratch.file("node.log"),
        offchain_worker: args.offchain_worker,
    })?;
    let since = Instant::now();
    loop {
        if let Err(error) = node.check() {
            keep_log(scratch, args);
            return Err(error);
        }
        match Client::connect(rpc_port).await {
            Ok(client) => return Ok((node, client)),
            Err(error) if since.elapsed() > START => {
                keep_log(scratch, args);
                return Err(format!(
                    "the node does not answer after {} seconds: {error}",
                    START.as_secs()
                ));
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
        }
    }
}

impl World {
    async fn play(&mut self, args: &Args, plan: &Plan) -> Result<(), String> {
        let market = observe::market(&self.chain.block)?;
        let timing = breaker_timing(args.speed);
        self.set_up(&market, timing, oracle_guards(args.speed))
            .await?;
        self.timeline.setup = setup(args, plan, &market, &timing);
        self.timeline.actors = self.traders.iter().map(|t| self.actor(t)).collect();
        self.recording = true;
        self.screen.say("  crash");
        self.step().await?;
        self.replay.start();
        while !self.replay.is_done() {
            self.step().await?;
        }
        for after in 0..MAX_AFTERMATH {
            if after >= QUIET_BLOCKS && !self.timeline.anyone_due() {
                break;
            }
            self.step().await?;
        }
        Ok(())
    }

    fn actor(&self, trader: &Trader) -> Actor {
        Actor {
            name: trader.name.clone(),
            plan: trader.plan(),
            address: trader.person.account().to_string(),
            deposit: trader.person.deposit,
            flat: trader.leverage == 0,
        }
    }

    /// What the exchanges say now.
    fn exchange_price(&self) -> Result<Price, String> {
        self.replay
            .price_at(self.replay.now())
            .map(|price| Price(u128::from(price.0) * REPLAY_PRICE))
            .ok_or_else(|| "the replay has no price".into())
    }

    /// One block: wait for it, answer it, look at it.
    async fn step(&mut self) -> Result<Vec<Outcome>, String> {
        let replay = self.recording.then(|| self.replay.now());
        let outcomes = self.chain.advance().await?;
        self.node.check()?;
        self.answer().await?;
        if self.recording {
            for outcome in &outcomes {
                if let Err(error) = &outcome.result {
                    let reason = format!("{}: {error}", outcome.label);
                    *self.timeline.failures.entry(reason).or_default() += 1;
                }
            }
            let (previous, block) = (self.chain.previous.as_ref(), &self.chain.block);
            let frame = observe::frame(previous, block, replay, &self.traders);
            self.timeline.push(frame);
            let checks = observe::checks(previous, block, &self.traders);
            self.timeline.check(block.number, checks);
            self.screen.show(&self.timeline);
        }
        Ok(outcomes)
    }

    /// What feeder and maker send as soon as they see a block.
    async fn answer(&mut self) -> Result<(), String> {
        let fair = self.exchange_price()?;
        if let Some(feeder) = self.feeder.clone() {
            let sent = self
                .chain
                .send(&feeder, actors::feed_call(fair)?, FEED)
                .await;
            self.note(sent);
        }
        if self.quoting {
            let maker = &mut self.maker;
            let call = self.chain.block.view.read(|| maker.quote_call(fair));
            if let Some(call) = call {
                let pair = self.maker.person.pair.clone();
                let sent = self.chain.send(&pair, call, QUOTES).await;
                self.note(sent);
            }
        }
        Ok(())
    }

    /// Counts what the pool refused.
    fn note(&mut self, sent: Result<(), String>) {
        if let Err(reason) = sent {
            *self.timeline.failures.entry(reason).or_default() += 1;
        }
    }

    /// Steps until `done`.
    async fn until(
        &mut self,
        what: &str,
        mut done: impl FnMut(&mut Self) -> bool,
    ) -> Result<(), String> {
        let mut refused = String::new();
        for _ in 0..SETUP_BLOCKS {
            if done(self) {
                return Ok(());
            }
            for Outcome { label, result } in self.step().await? {
                match result {
                    // The next block brings another one.
                    Err(error) if label == FEED || label == QUOTES => {
                        refused = format!("; {label}: {error}");
                    }
                    Err(error) => return Err(format!("{label}: {error}")),
                    Ok(()) => {}
                }
            }
        }
        Err(format!(
            "{what}: not done within {SETUP_BLOCKS} blocks{refused}"
        ))
    }

    async fn set_up(
        &mut self,
        market: &MarketParams,
        timing: Timing,
        guards: Guards,
    ) -> Result<(), String> {
        self.screen.say("  waiting for the first price");
        self.until("the first price", |world| {
            observe::price(&world.chain.block).is_ok()
        })
        .await?;
        self.set_clocks(timing, guards).await?;

        self.screen
            .say("  funding the market maker and the traders");
        let treasurer = dev_pair(TREASURER)?;
        let people = self.traders.iter().map(|t| &t.person);
        let call = actors::fund(people.chain([&self.maker.person]));
        self.chain.send(&treasurer, call, "funding").await?;
        self.until("funding", |world| world.is_funded()).await?;
        let deposits: Vec<(Pair, RuntimeCall)> = self
            .traders
            .iter()
            .map(|t| &t.person)
            .chain([&self.maker.person])
            .map(|p| (p.pair.clone(), p.deposit_call()))
            .collect();
        for (pair, call) in deposits {
            self.chain.send(&pair, call, "deposit").await?;
        }
        self.until("deposits", |world| {
            world.traders.iter().all(|t| {
                let account = t.person.margin_account();
                observe::settlement(&world.chain.block, &account) == t.person.deposit
            })
        })
        .await?;

        self.screen.say("  opening positions");
        self.quoting = true;
        self.until("quotes", |world| world.has_book()).await?;
        let price = observe::price(&self.chain.block)
            .map_err(|e| format!("the price is gone: {}", report::price_error(e)))?;
        let orders: Vec<(Pair, RuntimeCall, String)> = self
            .traders
            .iter()
            .filter_map(|t| {
                let call = t.open_call(price, market)?;
                Some((t.person.pair.clone(), call, t.name.clone()))
            })
            .collect();
        for (pair, call, name) in orders {
            self.chain.send(&pair, call, &name).await?;
        }
        self.until("orders", |world| {
            world
                .traders
                .iter()
                .all(|t| t.leverage == 0 || world.position_of(t) != Size::ZERO)
        })
        .await?;
        for trader in &self.traders {
            let position = size(self.position_of(trader));
            self.screen
                .say(&format!("    {}: {position} BTC", trader.name));
        }
        Ok(())
    }

    /// Whether the maker's wallet has its money, and so everybody's.
    fn is_funded(&self) -> bool {
        let wallet = self.maker.person.account();
        let usdx = self
            .chain
            .block
            .view
            .read(|| Assets::balance(USDX, &wallet));
        usdx > 0
    }

    fn has_book(&self) -> bool {
        self.chain.block.view.read(|| {
            OrderBook::best_bid(BTC_USD).is_some() && OrderBook::best_ask(BTC_USD).is_some()
        })
    }

    fn position_of(&self, trader: &Trader) -> Size {
        observe::position(&self.chain.block, &trader.person.margin_account())
    }

    /// Makes the clocks of breaker and oracle run as fast as the replay.
    async fn set_clocks(&mut self, timing: Timing, guards: Guards) -> Result<(), String> {
        self.screen
            .say(&format!("  circuit breaker {}", breaker_text(&timing)));
        let alice = dev_pair(ALICE)?;
        let own_feeder = self.feeder.as_ref().map(account) == Some(account(&alice));
        for _ in 0..SETUP_BLOCKS {
            let current = self
                .chain
                .block
                .view
                .read(pallet_circuit_breaker::Settings::<Runtime>::get);
            if current == timing {
                return Ok(());
            }
            let calls: Vec<RuntimeCall> = vec![
                pallet_price_oracle::Call::set_guards { guards }.into(),
                pallet_circuit_breaker::Call::set_timing { timing }.into(),
            ];
            let call: RuntimeCall = pallet_sudo::Call::sudo {
                call: Box::new(pallet_utility::Call::batch_all { calls }.into()),
            }
            .into();
            if own_feeder {
                self.chain.send(&alice, call, "set_timing").await?;
            } else {
                // The node's feeder signs with the same key: let its feed take its nonce first.
                tokio::time::sleep(Duration::from_millis(700)).await;
                let _ = self.chain.try_send(&alice, call).await;
            }
            self.step().await?;
            self.step().await?;
        }
        Err("the circuit breaker's timing could not be set".into())
    }

    /// Rebuilds the order book from the events of the whole run and compares it with the state.
    async fn check_book(&mut self) -> Result<(), String> {
        let options = bulwark_book_check::Options {
            to: Some(self.chain.block.number),
            ..Default::default()
        };
        let client = self.chain.client();
        let summary = bulwark_book_check::check(client, options, |_| ()).await?;
        self.screen.say(&format!("  {summary}"));
        match summary.differences.first() {
            None => Ok(()),
            Some(first) => Err(format!(
                "the order book is not what its events say: {first}"
            )),
        }
    }

    /// Prints and writes the reports; whether the run was good.
    fn report(&mut self, args: &Args) -> Result<bool, String> {
        self.screen.say(&report::text::render(&self.timeline));
        report::write(&args.report, &report::html::render(&self.timeline))?;
        self.screen
            .say(&format!("Report with charts: {}", args.report.display()));
        if let Some(path) = &args.json {
            report::write(path, &report::json::render(&self.timeline))?;
            self.screen.say(&format!("Data: {}", path.display()));
        }
        Ok(self.timeline.problems().is_empty())
    }

    /// Leaves everything running until Ctrl-C.
    async fn stay(&mut self, server: &Server) {
        let url = self.chain.url().to_owned();
        self.screen.say(&format!(
            "\nStill running, until Ctrl-C:\n  node    {url} (process {})\n  wallet  https://polkadot.js.org/apps/?rpc={url}\n  prices  http://{}/control/status",
            self.node.pid(),
            server.address()
        ));
        self.recording = false;
        tokio::select! {
            () = async { while self.step().await.is_ok() {} } => {
                self.screen.say("the node ended");
            }
            () = told_to_stop() => {}
        }
    }
}

fn breaker_text(timing: &Timing) -> String {
    let seconds = |millis: u64| format!("{} s", millis as f64 / 1_000.0);
    format!(
        "at the speed of the replay: mean over {}, pause after {} outside the band, for {}",
        seconds(timing.window_millis),
        seconds(timing.persistence_millis),
        seconds(timing.pause_millis)
    )
}

fn setup(args: &Args, plan: &Plan, market: &MarketParams, timing: &Timing) -> Setup {
    let line = |name: &str, value: String| (name.to_owned(), value);
    Setup {
        source: plan.source.clone(),
        from: plan.from,
        to: plan.to,
        speed: args.speed,
        offchain_worker: args.offchain_worker.as_str(),
        feeder: match args.offchain_worker {
            OffchainWorker::Always => {
                "the node's offchain worker asks five venues over HTTP and signs their median"
                    .into()
            }
            OffchainWorker::Never => {
                "an outside feeder signs the replayed price; the node's workers are off".into()
            }
        },
        parameters: vec![
            line("initial margin", rate(market.initial_margin)),
            line("maintenance margin", rate(market.maintenance_margin)),
            line("liquidation fee, at most", rate(market.liquidation_fee)),
            line("price band", rate(market.price_band)),
            line("circuit breaker", breaker_text(timing)),
            line(
                "market maker",
                "quotes around the exchanges' price in every block, never outside the price band"
                    .into(),
            ),
        ],
    }
}
