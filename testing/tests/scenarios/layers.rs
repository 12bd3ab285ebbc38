//! Random steps through every layer of losses on the real runtime; the numbered invariants are checked after
//! each block.
//!
//! A thin fund, a small vault, stakers and underwriters with little, traders who use all the leverage there
//! is, and prices that jump: so accounts go bankrupt all the time, and each layer is used up again and again.

use bulwark_flow::Rng;
use bulwark_primitives::{
    AssetId, MarketId, MarketStatus, Price, Side, SubAccount, TimeInForce, Usd, PRICE_SCALE,
};
use bulwark_runtime::{
    invariants, AccountId, CircuitBreaker, Margin, Runtime, RuntimeCall, RuntimeEvent,
};
use bulwark_testing::{
    account, alice, crowd, development_genesis, endow, price, quantity, usd, Chain, BTC, BTC_USD,
    USDX,
};
use pallet_insurance::CoverParams;
use polkadot_sdk::{frame_system, pallet_oracle, pallet_sudo, sp_runtime::DispatchError};
use std::collections::BTreeMap;

/// Those who trade. Behind them are the vault's depositor, a staker, an underwriter and a saver.
const TRADERS: usize = 8;
/// Blocks of one flow; then a chain begins anew, with a full fund.
const BLOCKS: u32 = 900;
/// Most calls of a block.
const CALLS: u64 = 10;
/// Ether and its market.
const ETH: AssetId = 3;
const ETH_USD: MarketId = MarketId(2);
/// What has to happen in a run that is long enough.
const LAYERS: [&str; 11] = [
    "blocks in a pause",
    "collateral taken over",
    "by fees",
    "by vault",
    "by fund",
    "by stakers",
    "by cover",
    "by deleveraging",
    "by haircut",
    "unpaid",
    "liquidations",
];

/// What a run did, by name: how often.
type Counts = BTreeMap<&'static str, u64>;

struct Flow {
    chain: Chain,
    rng: Rng,
    people: Vec<AccountId>,
    prices: [f64; 2],
    /// Blocks that a spike lasts, and what it multiplies prices with.
    spike: (u64, f64),
    counts: Counts,
}

impl Flow {
    fn new(seed: u64) -> Self {
        let pairs = crowd(TRADERS + 4);
        let mut genesis = development_genesis();
        endow(&mut genesis, &pairs, 1_000_000);
        let people: Vec<_> = pairs.iter().map(account).collect();
        for who in &people {
            genesis
                .assets
                .accounts
                .push((BTC, who.clone(), 500_000_000));
        }
        genesis.insurance.balance = usd(3_000);
        let mut flow = Self {
            chain: Chain::flat(&genesis, 900_000_000),
            rng: Rng::new(seed),
            people,
            prices: [100_000.0, 4_000.0],
            spike: (0, 1.0),
            counts: Counts::new(),
        };
        flow.set_up();
        flow
    }

    fn set_up(&mut self) {
        for _ in 0..2 {
            self.chain.open_block();
            self.feed();
            self.chain.close_block();
        }
        let [depositor, staker, underwriter, saver] = self.behind();
        self.chain.open_block();
        for trader in 0..TRADERS {
            self.must(trader, deposit(USDX, 20_000_000_000));
        }
        let amount = usd(4_000);
        self.must(
            depositor,
            pallet_backstop::Call::<Runtime>::deposit { amount },
        );
        let amount = usd(1_000);
        self.must(staker, pallet_insurance::Call::<Runtime>::stake { amount });
        let (market, amount) = (BTC_USD, usd(20_000));
        let underwrite = pallet_insurance::Call::<Runtime>::underwrite { market, amount };
        self.must(underwriter, underwrite);
        let amount = usd(100_000);
        self.must(saver, pallet_lending::Call::<Runtime>::supply { amount });
        self.must(saver, deposit(USDX, 5_000_000_000));
        let params = CoverParams {
            waiting_minutes: 10,
            ..CoverParams::default()
        };
        let call = pallet_insurance::Call::<Runtime>::set_cover_params { params };
        let call = Box::new(call.into());
        self.chain
            .dispatch(&account(&alice()), pallet_sudo::Call::sudo { call })
            .expect("alice is sudo");
        for trader in 0..TRADERS / 2 {
            self.must(trader, buy_cover());
        }
        self.feed();
        self.chain.close_block();
    }

    /// The vault's depositor, a staker, an underwriter and a saver.
    const fn behind(&self) -> [usize; 4] {
        [TRADERS, TRADERS + 1, TRADERS + 2, TRADERS + 3]
    }

    fn must(&mut self, who: usize, call: impl Into<RuntimeCall>) {
        let done = self.chain.dispatch(&self.people[who], call);
        done.expect("the set-up goes well");
    }

    fn feed(&mut self) {
        let values = [(BTC, self.prices[0]), (ETH, self.prices[1])];
        let values = values.map(|(asset, dollars)| (asset, exact(dollars)));
        let values = values.to_vec().try_into().expect("two values");
        let feed = pallet_oracle::Call::<Runtime>::feed_values { values };
        let fed = self.chain.dispatch(&account(&alice()), feed);
        fed.expect("alice feeds");
    }

    /// Both prices go a little way in each block and come back from far, and now and then there is a spike that is
    /// larger than most margins and mostly too short for the circuit breaker.
    fn walk(&mut self) {
        let (left, factor) = self.spike;
        self.spike.0 = left.saturating_sub(1);
        if left == 1 {
            self.prices = self.prices.map(|price| price / factor);
        }
        if left == 0 && self.rng.chance(1, 30) {
            let size = 0.04 + self.rng.below(500) as f64 / 10_000.0;
            let factor = if self.rng.chance(1, 2) {
                1.0 + size
            } else {
                1.0 - size
            };
            // Some last until the circuit breaker pauses the markets.
            let blocks = if self.rng.chance(1, 12) {
                20
            } else {
                2 + self.rng.below(4)
            };
            self.spike = (blocks, factor);
            self.prices = self.prices.map(|price| price * factor);
        }
        for (at, first) in [(0, 100_000.0), (1, 4_000.0)] {
            let points = self.rng.below(61) as f64 - 30.0;
            let back = (first / self.prices[at] - 1.0) / 300.0;
            self.prices[at] *= 1.0 + points / 10_000.0 + back;
        }
    }

    /// One block of random calls; how many there were. A refused call is as good a step as an accepted one.
    fn block(&mut self) -> u64 {
        let savings = self.savings();
        self.walk();
        self.chain.open_block();
        self.feed();
        let calls = 1 + self.rng.below(CALLS);
        for _ in 0..calls {
            let (who, call) = self.call();
            let done = self.chain.dispatch(&self.people[who], call);
            self.note(done);
        }
        let weight = self.chain.weight().total();
        let most = <Runtime as frame_system::Config>::BlockWeights::get().max_block;
        assert!(weight.all_lte(most), "10: {weight:?} of {most:?}");
        self.chain.close_block();
        self.count();
        let status = self.chain.read(|| CircuitBreaker::market_status(BTC_USD));
        if status == MarketStatus::Paused {
            *self.counts.entry("blocks in a pause").or_default() += 1;
        }
        for check in self.chain.read(invariants::check) {
            let number = self.chain.number();
            assert_eq!(check.result, Ok(()), "block {number}: {}", check.name);
        }
        // Invariant 5: whoever has no position neither pays for others nor loses.
        assert_eq!(self.savings(), savings);
        calls + 1
    }

    fn savings(&mut self) -> Usd {
        let [.., saver] = self.behind();
        let account = SubAccount::new(self.people[saver].clone(), 0);
        self.chain.read(|| Margin::load(&account).balance)
    }

    fn note(&mut self, done: Result<(), DispatchError>) {
        let name = if done.is_ok() { "accepted" } else { "refused" };
        *self.counts.entry(name).or_default() += 1;
    }

    fn count(&mut self) {
        let mut seen = Vec::new();
        for event in self.chain.events() {
            match event {
                RuntimeEvent::Liquidation(pallet_liquidation::Event::LossCovered {
                    shortfall,
                    by_fees,
                    by_fund,
                    by_stakers,
                    by_deleveraging,
                    by_haircut,
                    unpaid,
                    by_vault,
                    ..
                }) => {
                    let layers = [
                        ("by fees", by_fees),
                        ("by vault", by_vault),
                        ("by fund", by_fund),
                        ("by stakers", by_stakers),
                        ("by deleveraging", by_deleveraging),
                        ("by haircut", by_haircut),
                        ("unpaid", unpaid),
                    ];
                    let sum: i128 = layers.iter().map(|(_, part)| part.0).sum();
                    assert_eq!(sum, shortfall.0, "the layers are the shortfall, exactly");
                    seen.extend(
                        layers
                            .iter()
                            .filter(|(_, part)| part.0 > 0)
                            .map(|(name, _)| *name),
                    );
                }
                RuntimeEvent::Liquidation(pallet_liquidation::Event::Liquidated { .. }) => {
                    seen.push("liquidations");
                }
                RuntimeEvent::Insurance(pallet_insurance::Event::CoverPaid { .. }) => {
                    seen.push("by cover");
                }
                RuntimeEvent::Margin(pallet_margin::Event::CollateralSeized { .. }) => {
                    seen.push("collateral taken over");
                }
                _ => {}
            }
        }
        for name in seen {
            *self.counts.entry(name).or_default() += 1;
        }
    }

    fn call(&mut self) -> (usize, RuntimeCall) {
        let who = self.rng.below(TRADERS as u64) as usize;
        let [depositor, staker, underwriter, saver] = self.behind();
        let dollars = |rng: &mut Rng, most: u64| usd(1 + rng.below(most) as i64);
        let rng = &mut self.rng;
        match rng.below(100) {
            0..62 => (who, order(rng, who, self.prices)),
            62..66 => {
                let market = None;
                let cancel = pallet_order_book::Call::<Runtime>::cancel_all {
                    sub_account: 0,
                    market,
                };
                (who, cancel.into())
            }
            66..74 => (who, deposit(USDX, units(dollars(rng, 3_000))).into()),
            74..77 => (
                who,
                deposit(BTC, 1_000_000 + u128::from(rng.below(10_000_000))).into(),
            ),
            77..84 => (who, withdraw(USDX, units(dollars(rng, 20_000))).into()),
            84..86 => (
                who,
                withdraw(BTC, 1 + u128::from(rng.below(20_000_000))).into(),
            ),
            86..89 => {
                let amount = dollars(rng, 10_000);
                let borrow = pallet_margin::Call::<Runtime>::borrow {
                    sub_account: 0,
                    amount,
                };
                (who, borrow.into())
            }
            89 => {
                let amount = dollars(rng, 500);
                (
                    depositor,
                    pallet_backstop::Call::<Runtime>::deposit { amount }.into(),
                )
            }
            90..92 => {
                let amount = dollars(rng, 300);
                (
                    staker,
                    pallet_insurance::Call::<Runtime>::stake { amount }.into(),
                )
            }
            92..94 => {
                let (market, amount) = (BTC_USD, dollars(rng, 1_000));
                let call = pallet_insurance::Call::<Runtime>::underwrite { market, amount };
                (underwriter, call.into())
            }
            94..96 => (who, buy_cover().into()),
            96 => {
                let amount = dollars(rng, 2_000);
                (
                    saver,
                    pallet_lending::Call::<Runtime>::supply { amount }.into(),
                )
            }
            97 => {
                let shares =
                    bulwark_primitives::Shares(u128::from(rng.below(2_000)) * 1_000_000_000_000);
                (
                    saver,
                    pallet_lending::Call::<Runtime>::redeem { shares }.into(),
                )
            }
            98 => {
                let buy = pallet_margin::Call::<Runtime>::buy_seized {
                    sub_account: 0,
                    asset: BTC,
                    amount: 10_000 + u128::from(rng.below(1_000_000)),
                    most: usd(2_000),
                };
                (who, buy.into())
            }
            _ => {
                let transfer = pallet_margin::Call::<Runtime>::transfer {
                    from_sub: 0,
                    to_sub: 1,
                    asset: USDX,
                    amount: units(dollars(rng, 1_000)),
                };
                (who, transfer.into())
            }
        }
    }
}

fn exact(dollars: f64) -> Price {
    Price((dollars * 100.0).round() as u128 * (PRICE_SCALE / 100))
}

fn units(amount: Usd) -> u128 {
    amount.0.unsigned_abs()
}

fn deposit(asset: AssetId, amount: u128) -> pallet_margin::Call<Runtime> {
    pallet_margin::Call::deposit {
        sub_account: 0,
        asset,
        amount,
    }
}

fn withdraw(asset: AssetId, amount: u128) -> pallet_margin::Call<Runtime> {
    pallet_margin::Call::withdraw {
        sub_account: 0,
        asset,
        amount,
    }
}

fn buy_cover() -> pallet_insurance::Call<Runtime> {
    pallet_insurance::Call::buy_cover {
        sub_account: 0,
        market: BTC_USD,
        cover: usd(2_000),
        days: 1,
        max_premium: usd(1_000),
    }
}

/// An order near the price, large for what its owner has. Every other trader buys most of the time, the others
/// sell, so that they come to use all the leverage there is.
fn order(rng: &mut Rng, who: usize, [bitcoin, ether]: [f64; 2]) -> RuntimeCall {
    let (market, dollars) = match rng.below(4) {
        0 => (ETH_USD, ether),
        _ => (BTC_USD, bitcoin),
    };
    let away = rng.below(41) as f64 - 20.0;
    let limit = (dollars * (1.0 + away / 10_000.0)).round() as u128;
    // Up to 200,000 USD.
    let most = (200_000_000.0 / dollars) as u64;
    let size = u128::from(1 + rng.below(most)).next_multiple_of(10);
    let time_in_force = match rng.below(4) {
        0 => TimeInForce::ImmediateOrCancel,
        1 => TimeInForce::PostOnly,
        _ => TimeInForce::GoodTillCancelled,
    };
    let call = pallet_order_book::Call::<Runtime>::place_order {
        sub_account: 0,
        market,
        side: if rng.chance(7, 8) == who.is_multiple_of(2) {
            Side::Bid
        } else {
            Side::Ask
        },
        quantity: quantity(size),
        price: price(limit),
        time_in_force,
        reduce_only: rng.below(8) == 0,
        expires_at: None,
    };
    call.into()
}

/// Flows until there were so many steps; blocks, steps and what happened.
fn run(seed: u64, steps: u64, blocks: u32) -> (u64, u64, Counts) {
    let (mut done, mut made, mut counts) = (0, 0, Counts::new());
    for round in 0.. {
        let mut flow = Flow::new(seed.wrapping_mul(1_000_003).wrapping_add(round));
        for _ in 0..blocks {
            done += flow.block();
            made += 1;
            if done >= steps {
                break;
            }
        }
        for (name, count) in flow.counts {
            *counts.entry(name).or_default() += count;
        }
        if done >= steps {
            break;
        }
    }
    (made, done, counts)
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .map_or(default, |text| text.parse().expect("a number"))
}

#[test]
fn invariants_should_hold_when_accounts_go_bankrupt_at_random() {
    let (_, _, counts) = run(7, 3_000, BLOCKS);
    assert!(counts.contains_key("liquidations"), "{counts:?}");
    assert!(counts.contains_key("by fund"), "{counts:?}");
}

/// `BULWARK_STEPS` steps (a million) of seed `BULWARK_SEED`; every layer of losses has to have been used.
#[test]
#[ignore = "a million steps"]
fn invariants_should_hold_when_every_layer_is_used_up_a_million_times_over() {
    let (blocks, steps, counts) = run(
        number("BULWARK_SEED", 1),
        number("BULWARK_STEPS", 1_000_000),
        BLOCKS,
    );
    println!("{steps} steps in {blocks} blocks: {counts:?}");
    for name in LAYERS {
        assert!(counts.contains_key(name), "{name} was never reached");
    }
}
