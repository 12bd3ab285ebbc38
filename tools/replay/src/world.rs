//! The chain with everybody on it: feeders, makers, hedgers, traders.

use crate::{
    accounts::{draw, Plan, Terms},
    depth::{Depth, ASKS, BIDS},
    feeders::{feeders, Feeder, QUORUM},
    market::{base_units, list, lots, order, place, side_of, ticks, Market},
    scenario::Scenario,
};
use bulwark_primitives::{
    AssetId, Price, Quantity, Side, SubAccount, Usd, SIZE_SCALE, SLOT_MILLIS, USD_SCALE,
};
use bulwark_runtime::{AccountId, Liquidation, Runtime, RuntimeGenesisConfig};
use bulwark_testing::{development_genesis, Chain, USDX};
use pallet_price_oracle::Quorum;
use polkadot_sdk::{pallet_oracle, sp_io::hashing::blake2_256, sp_runtime::DispatchError};

const HEDGERS: usize = 8;
/// Hedgers hold this share of all notional.
const HEDGED: f64 = 0.5;
/// Traders whom one resting order of a hedger serves.
const SERVED: usize = 40;
/// Calls of the set-up in one block, and most blocks after it that wait for step 3.
const CALLS: usize = 400;
const SETTLING: usize = 500;

/// The run's chain.
pub struct World {
    pub chain: Chain,
    pub markets: Vec<Market>,
    pub plans: Vec<Plan>,
    pub traders: Vec<SubAccount<AccountId>>,
    pub hedgers: Vec<SubAccount<AccountId>>,
    /// Owner of the makers' sub-accounts, one for each market.
    pub maker: AccountId,
    feeders: Vec<Feeder>,
    /// Openings that were refused, with the first reason.
    pub refused: (u32, Option<DispatchError>),
}

/// What stands behind the accounts, as shares of open interest.
#[derive(Clone, Copy, Debug)]
pub struct Shares {
    pub fund: f64,
    pub vault: f64,
}

/// An account by name.
pub fn named(name: &str, index: usize) -> AccountId {
    AccountId::new(blake2_256(format!("replay {name} {index}").as_bytes()))
}

/// Dollars as base units of the settlement asset.
fn usd(dollars: f64) -> u128 {
    (dollars * USD_SCALE as f64).round().max(0.0) as u128
}

impl World {
    /// The chain at the first price, every account open.
    ///
    /// # Errors
    /// When nothing could be opened.
    pub fn new(
        scenario: &Scenario,
        accounts: usize,
        seed: u64,
        shares: Shares,
        say: &mut dyn FnMut(&str),
    ) -> Result<Self, String> {
        let mut genesis = development_genesis();
        let mut markets: Vec<Market> = scenario
            .specs()
            .into_iter()
            .map(|spec| list(&mut genesis, spec))
            .collect();
        let terms: Vec<Terms> = markets
            .iter()
            .map(|market| Terms::new(&market.params, market.spec.factors().0))
            .collect();
        let plans = draw(accounts, scenario.crowd, &terms, seed);
        let first: Vec<f64> = scenario.paths.iter().map(|path| path.prices[0]).collect();
        for (index, market) in markets.iter_mut().enumerate() {
            let side = |long: bool| -> f64 {
                let legs = plans.iter().flat_map(|plan| &plan.legs);
                legs.filter(|leg| leg.0 == index && leg.1 == long)
                    .map(|leg| leg.2)
                    .sum()
            };
            market.interest = side(true).max(side(false)) / first[index];
            market.depth = Depth::new(market.interest);
        }
        let mut world = Self {
            traders: (0..accounts)
                .map(|index| SubAccount::new(named("trader", index), 0))
                .collect(),
            hedgers: (0..HEDGERS)
                .map(|index| SubAccount::new(named("hedger", index), 0))
                .collect(),
            maker: named("maker", 0),
            feeders: feeders(scenario, seed),
            chain: Chain::flat(&RuntimeGenesisConfig::default(), 0),
            markets,
            plans,
            refused: (0, None),
        };
        let vault = usd(world.open_interest(&first) * shares.vault);
        world.endow(&mut genesis, &first, shares.fund);
        let depositor = named("vault", 0);
        genesis
            .assets
            .accounts
            .push((USDX, depositor.clone(), vault + 1));
        world.chain = Chain::flat(&genesis, scenario.start / SLOT_MILLIS);
        world.open(scenario, &first, say)?;
        if vault > 0 {
            world.back(&depositor, vault)?;
        }
        world.settle(scenario);
        Ok(world)
    }

    /// Makes blocks until what changed in the set-up has been evaluated.
    fn settle(&mut self, scenario: &Scenario) {
        for _ in 0..SETTLING {
            if self.chain.read(|| Liquidation::due_accounts(1).is_empty()) {
                return;
            }
            self.chain.open_block();
            self.feed(scenario, 0, true);
            self.chain.close_block();
        }
    }

    /// Open interest of one side over all markets, USD.
    fn open_interest(&self, first: &[f64]) -> f64 {
        let markets = self.markets.iter().zip(first);
        markets.map(|(market, price)| market.interest * price).sum()
    }

    /// Puts capital into the backstop vault.
    fn back(&mut self, depositor: &AccountId, amount: u128) -> Result<(), String> {
        let amount = Usd(i128::try_from(amount).unwrap_or(i128::MAX));
        let call = pallet_backstop::Call::<Runtime>::deposit { amount };
        self.chain.open_block();
        let done = self.chain.dispatch(depositor, call);
        self.chain.close_block();
        done.map_err(|error| format!("the vault takes no deposit: {error:?}"))
    }

    /// Wallets, feeders and fund.
    fn endow(&self, genesis: &mut RuntimeGenesisConfig, first: &[f64], fund_share: f64) {
        let gross: f64 = self.plans.iter().map(Plan::notional).sum();
        let interest = self.open_interest(first);
        let wallets = &mut genesis.assets.accounts;
        for (who, plan) in self.traders.iter().zip(&self.plans) {
            // Enough for what opening may need on top.
            let dollars = plan.deposit + plan.notional();
            wallets.push((USDX, who.owner.clone(), usd(dollars)));
            for (asset, dollars) in &plan.collateral {
                let amount = base_units(*dollars, first[*asset]);
                wallets.push((self.markets[*asset].asset, who.owner.clone(), amount));
            }
        }
        let deep = [
            gross.max(1e6),
            11.0 * gross.max(1e6) * self.markets.len() as f64,
        ];
        for hedger in &self.hedgers {
            wallets.push((USDX, hedger.owner.clone(), usd(deep[0])));
        }
        wallets.push((USDX, self.maker.clone(), usd(deep[1])));
        genesis.price_oracle.feeders = self.feeders.iter().map(|f| f.who.clone()).collect();
        genesis.price_oracle.quorum = Quorum {
            min_feeders: QUORUM,
            max_age: 60_000,
        };
        // Opening pays trading fees into the fund: about five basis points of all notional, twice where
        // a hedger stands between.
        let fees = gross * 0.000_5;
        let fund = (interest * fund_share - fees).max(0.0);
        genesis.insurance.balance = Usd(usd(fund) as i128);
    }

    /// Deposits and opening trades.
    fn open(
        &mut self,
        scenario: &Scenario,
        first: &[f64],
        say: &mut dyn FnMut(&str),
    ) -> Result<(), String> {
        // One block to feed, one to take the first snapshot.
        for _ in 0..2 {
            self.chain.open_block();
            self.feed(scenario, 0, true);
            self.chain.close_block();
        }
        self.chain.open_block();
        let mut calls = 0;
        self.deposit_all(first, &mut calls, scenario);
        for (side, long) in [(ASKS, true), (BIDS, false)] {
            for market in 0..self.markets.len() {
                self.trade(market, side, long, first, &mut calls, scenario);
                say(&format!(
                    "opened {} of {}",
                    if long { "longs" } else { "shorts" },
                    self.markets[market].spec.symbol
                ));
            }
        }
        self.chain.close_block();
        let legs: usize = self.plans.iter().map(|plan| plan.legs.len()).sum();
        if self.refused.0 as usize >= legs {
            return Err(format!("no position could be opened: {:?}", self.refused.1));
        }
        Ok(())
    }

    /// Ends a block of the set-up when it is full.
    fn turn(&mut self, calls: &mut usize, scenario: &Scenario) {
        *calls += 1;
        if calls.is_multiple_of(CALLS) {
            self.feed(scenario, 0, true);
            self.chain.close_block();
            self.chain.open_block();
        }
    }

    fn deposit_all(&mut self, first: &[f64], calls: &mut usize, scenario: &Scenario) {
        let plans = std::mem::take(&mut self.plans);
        for (index, plan) in plans.iter().enumerate() {
            self.deposit(index, USDX, usd(plan.deposit));
            for (asset, dollars) in &plan.collateral {
                let amount = base_units(*dollars, first[*asset]);
                self.deposit(index, self.markets[*asset].asset, amount);
            }
            self.turn(calls, scenario);
        }
        let gross: f64 = plans.iter().map(Plan::notional).sum();
        self.plans = plans;
        let hedgers = self.hedgers.clone();
        for hedger in &hedgers {
            self.put(hedger, usd(gross.max(1e6) * HEDGED));
        }
        let each = 10.0 * gross.max(1e6);
        for index in 0..self.markets.len() {
            let maker = SubAccount::new(self.maker.clone(), index as u16);
            self.put(&maker, usd(each));
        }
    }

    fn deposit(&mut self, trader: usize, asset: AssetId, amount: u128) {
        let who = self.traders[trader].clone();
        let call = pallet_margin::Call::<Runtime>::deposit {
            sub_account: who.index,
            asset,
            amount,
        };
        self.note(|chain| chain.dispatch(&who.owner, call));
    }

    fn put(&mut self, who: &SubAccount<AccountId>, amount: u128) {
        let call = pallet_margin::Call::<Runtime>::deposit {
            sub_account: who.index,
            asset: USDX,
            amount,
        };
        self.note(|chain| chain.dispatch(&who.owner, call));
    }

    fn note(&mut self, f: impl FnOnce(&mut Chain) -> Result<(), DispatchError>) -> bool {
        match f(&mut self.chain) {
            Ok(()) => true,
            Err(error) => {
                self.refused.0 += 1;
                self.refused.1.get_or_insert(error);
                false
            }
        }
    }

    /// Everybody of one side of one market trades with hedgers.
    fn trade(
        &mut self,
        market: usize,
        side: usize,
        long: bool,
        first: &[f64],
        calls: &mut usize,
        scenario: &Scenario,
    ) {
        let price = first[market];
        let params = self.markets[market].params;
        let wanted: Vec<(usize, Quantity)> = self
            .plans
            .iter()
            .enumerate()
            .flat_map(|(trader, plan)| plan.legs.iter().map(move |leg| (trader, leg)))
            .filter(|(_, leg)| leg.0 == market && leg.1 == long)
            .map(|(trader, leg)| (trader, lots(leg.2 / price, &params).max(params.min_order)))
            .collect();
        let at = ticks(price, &params, side);
        for (chunk, served) in wanted.chunks(SERVED).enumerate() {
            let hedger = self.hedgers[chunk % HEDGERS].clone();
            let total = Quantity(served.iter().map(|(_, quantity)| quantity.0).sum());
            let offer = order(self.markets[market].id, side_of(side), total, at, false);
            self.note(|chain| chain.dispatch(&hedger.owner, place(hedger.index, offer)));
            for (trader, quantity) in served {
                self.enter(*trader, market, long, *quantity, at, price);
                self.turn(calls, scenario);
            }
            let cancel = pallet_order_book::Call::<Runtime>::cancel_all {
                sub_account: hedger.index,
                market: None,
            };
            // Nothing is left of it unless somebody was refused.
            let _ = self.chain.dispatch(&hedger.owner, cancel);
        }
    }

    /// One opening trade; with more collateral when margin wants more than the plan thought.
    fn enter(
        &mut self,
        trader: usize,
        market: usize,
        long: bool,
        quantity: Quantity,
        at: Price,
        price: f64,
    ) {
        let who = self.traders[trader].clone();
        let side = if long { Side::Bid } else { Side::Ask };
        let taking = order(self.markets[market].id, side, quantity, at, true);
        let call = || place(who.index, taking.clone());
        if self.chain.dispatch(&who.owner, call()).is_ok() {
            return;
        }
        let units = quantity.0 as f64 / SIZE_SCALE as f64;
        self.deposit(trader, USDX, usd(units * price * 0.2));
        self.note(|chain| chain.dispatch(&who.owner, call()));
    }

    /// Lets feeders say what they have to say in a slot; whether any of them did.
    pub fn feed(&mut self, scenario: &Scenario, slot: usize, all: bool) -> bool {
        let mut fed = false;
        for index in 0..self.feeders.len() {
            let assets: Vec<AssetId> = self.markets.iter().map(|market| market.asset).collect();
            let feeder = &mut self.feeders[index];
            let values: Vec<(AssetId, Price)> = assets
                .into_iter()
                .enumerate()
                .filter_map(|(place, asset)| {
                    feeder
                        .says(scenario, place, slot, all)
                        .map(|price| (asset, price))
                })
                .collect();
            if values.is_empty() {
                continue;
            }
            let who = feeder.who.clone();
            let values = values.try_into().unwrap_or_default();
            fed |= self
                .chain
                .dispatch(&who, pallet_oracle::Call::<Runtime>::feed_values { values })
                .is_ok();
        }
        fed
    }

    /// Whether any feeder would say something.
    pub fn has_news(&self, scenario: &Scenario, slot: usize) -> bool {
        self.feeders
            .iter()
            .any(|feeder| (0..self.markets.len()).any(|place| feeder.wants(scenario, place, slot)))
    }
}
