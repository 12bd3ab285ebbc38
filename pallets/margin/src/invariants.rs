//! This pallet's share of the numbered invariants, recomputed from every account.

use crate::{
    types::{empty_position, Account, OpenInterest},
    valuation::Purpose,
    Accounts, Config, Debts, Delegates, Fundings, OpenInterests, Pallet, Premiums, SeizedSince,
    TotalDebt, TotalDeposited,
};
use alloc::collections::BTreeMap;
use bulwark_primitives::{AssetId, MarketId, Position, Quantity, Size, Usd};
use bulwark_traits::{LendingPool, LossCover, LossFund, MarketRegistry};
use frame_support::{ensure, traits::fungibles::Inspect};
use sp_core::U256;
use sp_runtime::TryRuntimeError;

/// One `Usd` in units of dust.
const USD_IN_DUST: u128 = 1_000_000_000_000_000_000_000_000_000_000;
/// The same, signed.
const USD_PER_DUST: i128 = 1_000_000_000_000_000_000_000_000_000_000;

/// A sum of signed products: what is above zero and what is below it, 256 bits each.
#[derive(Clone, Copy, Default)]
struct Exact {
    above: U256,
    below: U256,
}

impl Exact {
    fn add_product(&mut self, a: i128, b: i128) -> Option<()> {
        let product = U256::from(a.unsigned_abs()).checked_mul(U256::from(b.unsigned_abs()))?;
        let side = match a.is_negative() == b.is_negative() {
            true => &mut self.above,
            false => &mut self.below,
        };
        *side = side.checked_add(product)?;
        Some(())
    }

    fn subtract(&mut self, amount: u128) -> Option<()> {
        self.below = self.below.checked_add(U256::from(amount))?;
        Some(())
    }

    fn is_zero(&self) -> bool {
        self.above == self.below
    }
}

/// Sums over all accounts.
#[derive(Default)]
struct Sums {
    /// Balances less entry notionals.
    settlement: Usd,
    collateral: BTreeMap<AssetId, u128>,
    /// What positions have not settled of funding, exactly: 10^-36 USD.
    funding: BTreeMap<MarketId, Exact>,
    interest: BTreeMap<MarketId, OpenInterest>,
}

impl Sums {
    fn add<T: Config>(&mut self, account: &Account<T>) -> Option<()> {
        self.settlement = self.settlement.checked_add(account.balance)?;
        for (asset, amount) in &account.collateral {
            let sum = self.collateral.entry(*asset).or_default();
            *sum = sum.checked_add(*amount)?;
        }
        for position in &account.positions {
            self.settlement = self.settlement.checked_sub(position.entry_notional)?;
            let sums = self.interest.entry(position.market).or_default();
            *sums = sums.moved(Size::ZERO, position.size)?;
            let index = Fundings::<T>::get(position.market).index;
            let moved = match position.size.0 {
                0 => 0,
                _ => index.checked_sub(position.funding_index)?,
            };
            let owed = self.funding.entry(position.market).or_default();
            owed.add_product(position.size.0, moved)?;
        }
        Some(())
    }
}

impl<T: Config> Pallet<T> {
    /// Checks invariants 1, 2, 3, 7, 8 and 12 over all accounts.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut sums = Sums::default();
        let mut debts = Quantity::ZERO;
        for (who, account) in Accounts::<T>::iter() {
            Self::try_account(&Self::load(&who))?;
            debts = Self::try_debt(&who, &account, debts)?;
            sums.add(&account).ok_or("8: a sum does not fit")?;
        }
        ensure!(
            debts == TotalDebt::<T>::get(),
            "8: the total debt is not the sum of the debts"
        );
        ensure!(
            Debts::<T>::iter_keys().all(|who| Accounts::<T>::contains_key(&who)),
            "8: a debt without an account"
        );
        for asset in SeizedSince::<T>::iter_keys() {
            ensure!(
                Accounts::<T>::get(Self::vault()).collateral_of(asset) > 0,
                "8: an asset is for sale and not there"
            );
        }
        Self::try_pots(&sums)?;
        Self::try_funding(&sums)?;
        Self::try_access()?;
        Self::try_outflows()?;
        Self::try_open_interest(&sums)
    }

    /// What the pool of a market has is what positions have not settled and the rounding in it,
    /// exactly.
    fn try_funding(sums: &Sums) -> Result<(), TryRuntimeError> {
        for (market, state) in Fundings::<T>::iter() {
            ensure!(
                state.dust < USD_IN_DUST,
                "3: dust that is a whole unit is not with the fund"
            );
            let mut left = sums.funding.get(&market).copied().unwrap_or_default();
            left.add_product(state.pool.0, USD_PER_DUST)
                .and_then(|()| left.subtract(state.dust))
                .ok_or("3: a sum of funding does not fit")?;
            ensure!(
                left.is_zero(),
                "3: funding paid, unpaid and rounded does not sum to nothing"
            );
        }
        ensure!(
            sums.funding
                .iter()
                .all(|(market, owed)| owed.is_zero() || Fundings::<T>::contains_key(market)),
            "3: positions owe funding that no market knows"
        );
        Ok(())
    }

    fn try_access() -> Result<(), TryRuntimeError> {
        for (who, keys) in Delegates::<T>::iter() {
            ensure!(
                !keys.is_empty() && Accounts::<T>::contains_key(&who),
                "8: delegates of an account that is not there"
            );
        }
        for minutes in Premiums::<T>::iter_values() {
            ensure!(!minutes.is_empty(), "8: an hour without minutes is stored");
        }
        Ok(())
    }

    fn try_account(account: &Account<T>) -> Result<(), TryRuntimeError> {
        ensure!(!account.is_empty(), "8: an account with nothing is stored");
        let collateral = &account.collateral;
        ensure!(
            collateral
                .windows(2)
                .all(|pair| pair.first().map(|(asset, _)| asset)
                    < pair.last().map(|(asset, _)| asset)),
            "8: collateral is out of order"
        );
        let settlement = T::Registry::settlement_asset();
        ensure!(
            collateral
                .iter()
                .all(|(asset, amount)| *amount > 0 && *asset != settlement),
            "8: an empty or misplaced collateral entry"
        );
        let market = |position: Option<&Position>| position.map(|position| position.market);
        ensure!(
            account
                .positions
                .windows(2)
                .all(|pair| market(pair.first()) < market(pair.last())),
            "8: positions are out of order"
        );
        account.positions.iter().try_for_each(try_position)?;
        if let Some(own) = account.isolated {
            ensure!(
                account
                    .positions
                    .iter()
                    .all(|position| position.market == own),
                "8: an isolated account is in another market"
            );
        }
        // What has no price now has no requirement that could be compared.
        if let Ok(health) = Self::value(account, Purpose::Owner) {
            ensure!(
                health.initial_margin >= health.maintenance_margin,
                "12: initial margin is below maintenance margin"
            );
            ensure!(
                health.initial_equity <= health.equity,
                "12: collateral counts more for initial margin than for maintenance"
            );
        }
        Ok(())
    }

    fn try_pots(sums: &Sums) -> Result<(), TryRuntimeError> {
        let settlement = T::Registry::settlement_asset();
        let mut booked: BTreeMap<AssetId, u128> = TotalDeposited::<T>::iter().collect();
        let held = booked.remove(&settlement).unwrap_or_default();
        let mut pools = Usd::ZERO;
        for state in Fundings::<T>::iter_values() {
            pools = pools
                .checked_add(state.pool)
                .ok_or("1: a sum does not fit")?;
        }
        let ledger = sums
            .settlement
            .checked_add(T::Fund::balance())
            .and_then(|sum| sum.checked_add(T::Cover::held()))
            .and_then(|sum| sum.checked_add(T::Pool::booked()))
            .and_then(|sum| sum.checked_add(pools))
            .and_then(|sum| u128::try_from(sum.0).ok());
        ensure!(
            ledger == Some(held),
            "1, 3: settlement balances + fund + cover + funding pools - entry notionals are not what came in"
        );
        ensure!(
            T::Assets::balance(settlement, &Self::pot_account(settlement)) >= held,
            "1: the settlement pot holds less than the ledger"
        );
        ensure!(
            booked == sums.collateral,
            "1, 8: collateral in the ledger is not what came in"
        );
        for (asset, amount) in booked {
            ensure!(
                T::Assets::balance(asset, &Self::pot_account(asset)) >= amount,
                "1: a pot holds less than the ledger"
            );
        }
        Ok(())
    }

    fn try_open_interest(sums: &Sums) -> Result<(), TryRuntimeError> {
        for (market, stored) in OpenInterests::<T>::iter() {
            ensure!(
                stored.long == stored.short,
                "2: long open interest is not short open interest"
            );
            let recomputed = sums.interest.get(&market).copied().unwrap_or_default();
            ensure!(
                stored == recomputed,
                "8: open interest is not the sum of the positions"
            );
        }
        ensure!(
            sums.interest
                .iter()
                .all(|(market, sum)| OpenInterests::<T>::get(market) == *sum),
            "8: positions without open interest"
        );
        Ok(())
    }
}

fn try_position(position: &Position) -> Result<(), TryRuntimeError> {
    ensure!(
        *position != empty_position(position.market),
        "8: a position with nothing is stored"
    );
    ensure!(
        position.size.0 != 0 || position.entry_notional.is_zero(),
        "3: a flat position has an entry notional"
    );
    ensure!(
        position.size.0 != 0 || position.funding_index == 0,
        "3: a flat position has a funding index"
    );
    let orders = &position.orders;
    ensure!(
        !orders.bid_notional.is_negative() && !orders.ask_notional.is_negative(),
        "8: a negative order exposure"
    );
    ensure!(
        (!orders.bid_quantity.is_zero() || orders.bid_notional.is_zero())
            && (!orders.ask_quantity.is_zero() || orders.ask_notional.is_zero()),
        "8: an order exposure without quantity"
    );
    Ok(())
}
