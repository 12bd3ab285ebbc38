//! Health, deposit and withdrawal in the compiled runtime, beside a plain transfer of the same asset.

use crate::{
    actors::{account, deposit, place_call, Actor, PRICE},
    chain::{endow, list, Chain},
    counted::Counts,
    wasm::{instance, Times},
    MarginArgs,
};
use bulwark_primitives::{
    AssetId, Health, MarketId, Price, Quantity, Side, TimeInForce, Usd, PRICE_SCALE, SIZE_SCALE,
};
use bulwark_runtime::{
    configs::AssetOwner,
    genesis_presets::{BTC, BTC_USD, USDX},
    Runtime, RuntimeCall,
};
use codec::{Decode, Encode};
use pallet_order_book::NewOrder;
use polkadot_sdk::{
    frame_support::view_functions::{ViewFunction, ViewFunctionDispatchError},
    pallet_assets, pallet_oracle,
};
use serde_json::{json, Value};
use std::time::{Duration, Instant};

/// Collateral assets beside the settlement asset, and positions, of the account that is valued.
const WIDTH: u32 = 8;
/// The first of the assets and markets that are made for it.
const FIRST: u32 = 100;
/// USD of each of them.
const EACH: u128 = 100;
/// Base units of each of the collateral assets: ten whole ones.
const HELD: u64 = 1_000_000_000;
/// Most that a valuation may take beyond its storage reads, microseconds.
const HEALTH_LIMIT: f64 = 60.0;
/// Most that a deposit or a withdrawal may take, in transfers.
const TRANSFERS: f64 = 2.0;
/// A dollar.
const ONE: u128 = 1_000_000;

fn made() -> impl Iterator<Item = u32> {
    FIRST..FIRST + WIDTH
}

/// Assets like wrapped Bitcoin and markets like Bitcoin's, with prices of their own.
fn widen(config: &mut Value, people: &[Actor]) -> Result<(), String> {
    endow(config, people)?;
    let like = |list: &Value, id: u32| -> Result<Value, String> {
        let rows = list.as_array().ok_or("the preset lists nothing")?;
        let row = rows.iter().find(|row| row[0] == json!(id));
        row.cloned()
            .ok_or_else(|| format!("the preset has no {id}"))
    };
    let bitcoin = like(&config["markets"]["collaterals"], BTC)?;
    let market = like(&config["markets"]["markets"], BTC_USD.0)?;
    let priced = like(&config["priceOracle"]["assets"], BTC)?;
    let owner = AssetOwner::get().to_string();
    for id in made() {
        let mut new = bitcoin.clone();
        new[0] = json!(id);
        list(config, "markets", "collaterals", [new])?;
        let mut new = market.clone();
        new[0] = json!(id);
        new[1] = json!(format!("A{id}-USD"));
        new[2]["index_asset"] = json!(id);
        list(config, "markets", "markets", [new])?;
        let mut new = priced.clone();
        new[0] = json!(id);
        list(config, "priceOracle", "assets", [new])?;
        list(config, "assets", "assets", [json!([id, owner, true, 1])])?;
        let held = people
            .iter()
            .map(|who| json!([id, who.account().to_string(), HELD]));
        list(config, "assets", "accounts", held)?;
    }
    Ok(())
}

fn feed() -> Result<RuntimeCall, String> {
    let made = made().map(|id| (id, Price(EACH * PRICE_SCALE)));
    let values: Vec<(AssetId, Price)> = made.chain([(BTC, Price(PRICE * PRICE_SCALE))]).collect();
    let values = values
        .try_into()
        .map_err(|_| "too many values for a feed")?;
    Ok(pallet_oracle::Call::feed_values { values }.into())
}

fn deposit_of(asset: AssetId, amount: u128) -> RuntimeCall {
    pallet_margin::Call::deposit {
        sub_account: 0,
        asset,
        amount,
    }
    .into()
}

fn withdraw(amount: u128) -> RuntimeCall {
    pallet_margin::Call::withdraw {
        sub_account: 0,
        asset: USDX,
        amount,
    }
    .into()
}

fn order(market: u32, side: Side) -> RuntimeCall {
    place_call(NewOrder {
        market: MarketId(market),
        side,
        quantity: Quantity(SIZE_SCALE),
        price: Price(EACH * PRICE_SCALE),
        time_in_force: TimeInForce::GoodTillCancelled,
        reduce_only: false,
        expires_at: None,
    })
}

/// Somebody with dollars only, with one position, and with all of them.
struct Bench {
    chain: Chain,
    flat: Actor,
    one: Actor,
    wide: Actor,
}

impl Bench {
    fn new(args: &MarginArgs) -> Result<Self, String> {
        let code =
            std::fs::read(&args.wasm).map_err(|e| format!("{}: {e}", args.wasm.display()))?;
        let mut feeder = Actor::new("//Alice")?;
        let mut people = Vec::new();
        for name in ["//Maker", "//Flat", "//One", "//Wide"] {
            people.push(Actor::new(name)?);
        }
        let genesis = |config: &mut Value| widen(config, &people);
        let mut chain = Chain::on_genesis(code, &mut feeder, feed()?, genesis)?;
        for who in &mut people {
            chain.apply(who, deposit())?;
        }
        let [mut maker, flat, mut one, mut wide] =
            <[Actor; 4]>::try_from(people).map_err(|_| "an actor is missing")?;
        for id in made() {
            chain.apply(&mut maker, order(id, Side::Ask))?;
            chain.apply(&mut wide, order(id, Side::Bid))?;
            chain.apply(&mut wide, deposit_of(id, HELD.into()))?;
        }
        chain.apply(&mut maker, order(FIRST, Side::Ask))?;
        chain.apply(&mut one, order(FIRST, Side::Bid))?;
        Ok(Self {
            chain: chain.settle(args.state),
            flat,
            one,
            wide,
        })
    }

    /// One valuation of the wide account for maintenance, as step 3 makes it.
    fn value(&mut self) -> Result<(Duration, Health), String> {
        let id = pallet_margin::HealthOfViewFunction::<Runtime>::id();
        let input = (account(&self.wide.pair), 0u16).encode();
        let data = (id, input).encode();
        let begun = Instant::now();
        let answer = self
            .chain
            .labelled("health")
            .call("RuntimeViewFunction_execute_view_function", &data)?;
        let took = begun.elapsed();
        let bytes = Result::<Vec<u8>, ViewFunctionDispatchError>::decode(&mut &answer[..])
            .map_err(|e| format!("health: {e}"))?
            .map_err(|e| format!("health: {e:?}; is the runtime of this checkout?"))?;
        let health = Option::<Health>::decode(&mut &bytes[..])
            .map_err(|e| format!("health: {e}"))?
            .ok_or("the account has no health")?;
        Ok((took, health))
    }

    /// Whether it is the account that it is meant to be.
    fn check(&mut self) -> Result<(), String> {
        let (_, health) = self.value()?;
        let positions = Usd::dollars(i64::from(WIDTH) * 100);
        // A hundred thousand dollars, and 95 % of ten units of each asset at a hundred, less fees.
        let equity = Usd::dollars(100_000 + i64::from(WIDTH) * 950);
        let fees = Usd::dollars(10);
        let lacks = equity.checked_sub(health.equity).unwrap_or(Usd::MAX);
        if health.notional != positions || lacks < Usd::ZERO || lacks > fees {
            return Err(format!("the account is another one: {health:?}"));
        }
        Ok(())
    }
}

/// What one valuation takes, in microseconds.
struct Valuation {
    whole: f64,
    /// A call that does nothing.
    empty: f64,
    storage: f64,
    reads: f64,
}

impl Valuation {
    fn rest(&self) -> f64 {
        self.whole - self.empty - self.storage
    }
}

/// Both are taken with storage counted: what that costs is on the side of the valuation.
fn valuation(bench: &mut Bench, rounds: u32) -> Result<Valuation, String> {
    let mut times = Times::default();
    for _ in 0..rounds {
        bench.value()?;
    }
    bench.chain.counts = Some(Counts::new());
    for _ in 0..rounds {
        times.add(bench.value()?.0, 1);
    }
    let counts = bench.chain.counts.take().unwrap_or_default();
    let in_storage: Duration = counts.values().map(|count| count.took).sum();
    let reads: u64 = counts.values().map(|count| count.reads).sum();
    Ok(Valuation {
        whole: times.median(),
        empty: instance(&mut bench.chain)?,
        storage: in_storage.as_secs_f64() * 1e6 / f64::from(rounds),
        reads: reads as f64 / f64::from(rounds),
    })
}

/// Medians of whole extrinsics: a transfer, and a deposit and a withdrawal of somebody, in turn.
fn in_turn(chain: &mut Chain, who: &mut Actor, rounds: u32) -> Result<[f64; 3], String> {
    let to = account(&bulwark_client::chain::dev_pair("//Alice")?);
    let transfer: RuntimeCall = RuntimeCall::Assets(pallet_assets::Call::transfer {
        id: USDX.into(),
        target: to.into(),
        amount: ONE,
    });
    let mut times: [Times; 3] = Default::default();
    for _ in 0..rounds {
        let calls = [transfer.clone(), deposit_of(USDX, ONE), withdraw(ONE)];
        for (call, times) in calls.into_iter().zip(&mut times) {
            times.add(chain.apply(who, call)?, 1);
        }
    }
    Ok(times.each_mut().map(Times::median))
}

fn verdict(value: f64, limit: f64) -> &'static str {
    if value <= limit {
        "hit"
    } else {
        "missed"
    }
}

/// Measures and prints.
pub fn run(args: &MarginArgs) -> Result<(), String> {
    let mut bench = Bench::new(args)?;
    bench.check()?;
    let health = valuation(&mut bench, args.rounds)?;
    println!(
        "Health of an account with {WIDTH} collateral assets and {WIDTH} positions, state {:?}, microseconds:",
        args.state
    );
    println!(
        "  {:.1} with the call; of that {:.1} for a call that does nothing, {:.1} in {:.0} storage reads",
        health.whole, health.empty, health.storage, health.reads
    );
    println!(
        "  {:.1} beyond its storage reads: {} (at most {HEALTH_LIMIT})",
        health.rest(),
        verdict(health.rest(), HEALTH_LIMIT)
    );
    println!(
        "Whole extrinsics, medians of {} in microseconds:",
        args.rounds
    );
    println!(
        "  {:<36} {:>9} {:>9} {:>6} {:>9} {:>6}",
        "account", "transfer", "deposit", "ratio", "withdraw", "ratio"
    );
    let Bench {
        chain,
        flat,
        one,
        wide,
    } = &mut bench;
    let wide_name = format!("{WIDTH} collateral assets, {WIDTH} positions");
    for (name, who) in [
        ("no position", flat),
        ("one position", one),
        (&wide_name, wide),
    ] {
        // Warms up.
        in_turn(chain, who, args.rounds.min(10))?;
        let [transfer, deposit, withdraw] = in_turn(chain, who, args.rounds)?;
        let ratios = [deposit / transfer, withdraw / transfer];
        println!(
            "  {name:<36} {transfer:>9.1} {deposit:>9.1} {:>6.2} {withdraw:>9.1} {:>6.2}  {} (at most {TRANSFERS})",
            ratios[0],
            ratios[1],
            verdict(ratios[0].max(ratios[1]), TRANSFERS)
        );
    }
    Ok(())
}
