//! Pools with real tokens: a wallet for each asset, and the formulas of `risk-math`.

use super::{Assets, RuntimeOrigin, SETTLEMENT};
use bulwark_primitives::{AssetId, Rate, SpotPool, Usd};
use bulwark_risk_math::paid_by;
use bulwark_traits::SpotSource;
use frame_support::{
    ensure, parameter_types,
    traits::{fungibles::Mutate, tokens::Preservation},
};
use sp_runtime::DispatchError;

parameter_types! {
    /// Whether a sale fails after it has taken the tokens.
    pub static Broken: bool = false;
}

#[derive(Debug)]
pub struct Pool;

impl Pool {
    /// The wallet of a pool.
    pub fn wallet(asset: AssetId) -> u64 {
        1_000 + u64::from(asset)
    }

    /// Gives a pool these reserves, in base units, whatever it had.
    pub fn set(asset: AssetId, base: u128, quote: u128) {
        let wallet = Self::wallet(asset);
        if !frame_system::Pallet::<super::Test>::account_exists(&wallet) {
            frame_system::Pallet::<super::Test>::inc_providers(&wallet);
        }
        for (asset, amount) in [(asset, base), (SETTLEMENT, quote)] {
            Assets::set_balance(asset, &wallet, amount);
        }
    }

    /// Sells for somebody as anybody may, with nothing that has to be brought.
    pub fn swap(who: u64, asset: AssetId, amount: u128) -> Usd {
        Self::sell(&who, asset, amount, Usd::ZERO).unwrap()
    }

    /// Buys what so many base units of the settlement asset bring.
    pub fn buy(who: u64, asset: AssetId, spent: u128) -> u128 {
        let pool = Self::pool(asset).unwrap();
        let reversed = SpotPool {
            base: pool.quote,
            quote: pool.base,
            ..pool
        };
        let brought = paid_by(&reversed, spent).unwrap();
        Self::pay(SETTLEMENT, who, Self::wallet(asset), spent).unwrap();
        Self::pay(asset, Self::wallet(asset), who, brought).unwrap();
        brought
    }

    fn pay(asset: AssetId, from: u64, to: u64, amount: u128) -> Result<(), DispatchError> {
        <Assets as Mutate<u64>>::transfer(asset, &from, &to, amount, Preservation::Expendable)
            .map(|_| ())
    }

    /// Lets nobody move an asset out of any wallet.
    pub fn freeze(asset: AssetId) {
        Assets::freeze_asset(RuntimeOrigin::signed(99), asset).unwrap();
    }
}

impl SpotSource<u64> for Pool {
    fn pool(asset: AssetId) -> Option<SpotPool> {
        let wallet = Self::wallet(asset);
        let pool = SpotPool {
            base: Assets::balance(asset, wallet),
            quote: Assets::balance(SETTLEMENT, wallet),
            fee: Rate::basis_points(30),
        };
        (pool.base > 0 && pool.quote > 0).then_some(pool)
    }

    fn sell(wallet: &u64, asset: AssetId, amount: u128, least: Usd) -> Result<Usd, DispatchError> {
        let pool = Self::pool(asset).ok_or("no pool")?;
        let brought = paid_by(&pool, amount).map_err(|_| "does not fit")?;
        ensure!(brought as i128 >= least.0, "brings less");
        Self::pay(asset, *wallet, Self::wallet(asset), amount)?;
        ensure!(!Broken::get(), "broken");
        Self::pay(SETTLEMENT, Self::wallet(asset), *wallet, brought)?;
        Ok(Usd(brought as i128))
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn make(asset: AssetId, base: u128, quote: Usd) -> sp_runtime::DispatchResult {
        Self::set(asset, base, quote.0 as u128);
        Ok(())
    }
}
