//! This pallet's share of the numbered invariants, recomputed from every account.

use crate::{
    types::{empty_position, Account, OpenInterest},
    valuation::Purpose,
    Accounts, Config, OpenInterests, Pallet, SeizedSince, TotalDeposited,
};
use alloc::collections::BTreeMap;
use bulwark_primitives::{AssetId, MarketId, Position, Size, Usd};
use bulwark_traits::{LossFund, MarketRegistry};
use frame_support::{ensure, traits::fungibles::Inspect};
use sp_runtime::TryRuntimeError;

/// Sums over all accounts.
#[derive(Default)]
struct Sums {
    /// Balances less entry notionals.
    settlement: Usd,
    collateral: BTreeMap<AssetId, u128>,
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
        }
        Some(())
    }
}

impl<T: Config> Pallet<T> {
    /// Checks invariants 1, 2, 3, 8 and 12 over all accounts.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut sums = Sums::default();
        for (_, account) in Accounts::<T>::iter() {
            Self::try_account(&account)?;
            sums.add(&account).ok_or("8: a sum does not fit")?;
        }
        for asset in SeizedSince::<T>::iter_keys() {
            ensure!(
                Accounts::<T>::get(Self::vault()).collateral_of(asset) > 0,
                "8: an asset is for sale and not there"
            );
        }
        Self::try_pots(&sums)?;
        Self::try_open_interest(&sums)
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
        // What has no price now has no requirement that could be compared.
        if let Ok(health) = Self::value(account, Purpose::Owner, None) {
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
        let ledger = sums
            .settlement
            .checked_add(T::Fund::balance())
            .and_then(|sum| u128::try_from(sum.0).ok());
        ensure!(
            ledger == Some(held),
            "1, 3: settlement balances + fund - entry notionals are not what came in"
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
