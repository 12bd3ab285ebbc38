//! Benchmarks of `pallet_margin`, each with an account that has all positions and all collateral,
//! and the set-up that other pallets' benchmarks ask for.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

use super::*;
use crate::types::empty_position;
use bulwark_primitives::{
    CollateralParams, FundingParams, MarginTier, MarketParams, Position, Price, Quantity, Rate,
    Tier, Usd, PRICE_SCALE, SIZE_SCALE,
};
use frame_benchmarking::v2::*;
use frame_support::traits::fungibles::{Create, Inspect, Mutate};
use frame_system::RawOrigin;

impl<T: Config> Pallet<T> {
    /// Gives an account settlement asset, with the tokens behind it.
    pub(crate) fn bench_endow(who: &SubAccount<T::AccountId>, amount: Usd) {
        let asset = T::Registry::settlement_asset();
        let mut account = Self::load(who);
        account.add_balance(amount).unwrap();
        Self::store(who, account);
        let units = u128::try_from(amount.0).unwrap();
        TotalDeposited::<T>::mutate(asset, |total| *total += units);
        // A mock without tokens has nothing to mint.
        let _ = T::Assets::mint_into(asset, &Self::pot_account(asset), units);
        T::Observer::account_changed(who);
    }

    /// Makes an account's collateral of one asset `amount` base units.
    pub(crate) fn bench_set_collateral(
        who: &SubAccount<T::AccountId>,
        asset: AssetId,
        amount: u128,
    ) {
        let mut account = Self::load(who);
        let had = account.collateral_of(asset);
        account.set_collateral(asset, amount).unwrap();
        TotalDeposited::<T>::mutate(asset, |total| *total = *total - had + amount);
        Self::store(who, account);
        T::Observer::account_changed(who);
    }

    /// Makes a pool of an asset, and mints what the pot lacks of it.
    pub(crate) fn bench_make_pool(asset: AssetId, base: u128, quote: Usd) {
        T::Spot::make(asset, base, quote).unwrap();
        let pot = Self::pot_account(asset);
        Self::ensure_exists(&pot);
        let missing = TotalDeposited::<T>::get(asset) - T::Assets::balance(asset, &pot);
        T::Assets::mint_into(asset, &pot, missing).unwrap();
    }

    /// Opens a position against a counterparty that takes the other side of all of them.
    pub(crate) fn bench_open_position(
        who: &SubAccount<T::AccountId>,
        position: Position,
        balance: Usd,
    ) {
        let counterparty = SubAccount::new(Self::pot_account(AssetId::MAX), SubAccountIndex::MAX);
        let mut account = Self::load(who);
        let mut other = Self::load(&counterparty);
        let was = account.position(position.market);
        let mut opposite = other.position(position.market);
        let opposite_was = opposite;
        opposite.size.0 -= position.size.0 - was.size.0;
        opposite.entry_notional.0 -= position.entry_notional.0 - was.entry_notional.0;
        account.balance = balance;
        account.set_position(position).unwrap();
        // Its own limit on markets must not limit the benchmark.
        let _ = other.set_position(opposite);
        OpenInterests::<T>::mutate(position.market, |sums| {
            *sums = sums
                .moved(was.size, position.size)
                .and_then(|sums| sums.moved(opposite_was.size, opposite.size))
                .unwrap();
        });
        Self::store(who, account);
        Self::store(&counterparty, other);
        T::Cover::insure(who, position.market);
        T::Observer::account_changed(who);
    }

    /// Gives an account as many positions and collateral assets as it can have, each in a market or
    /// an asset with a price of its own, and leaves room for a position in `market` if there is
    /// none. The other side of the positions is nobody's. Offsets are of accounts with half as many
    /// positions, which cost less: a position more is two reads and a valuation.
    pub(crate) fn bench_fill_up(who: &SubAccount<T::AccountId>, market: MarketId) {
        let mut account = Self::load(who);
        for n in 0..T::MaxPositions::get() {
            let (id, index) = (MarketId(FIRST + n), FIRST + n);
            T::Registry::set_market(id, market_params(index));
            T::Prices::set_price(index, Price(100 * PRICE_SCALE));
            let room = usize::from(account.position(market) == empty_position(market));
            if account.positions.len() + room >= T::MaxPositions::get() as usize && id != market {
                continue;
            }
            let position = Position {
                size: Size(SIZE_SCALE as i128),
                entry_notional: Usd::dollars(100),
                ..empty_position(id)
            };
            account.set_position(position).unwrap();
            OpenInterests::<T>::mutate(id, |sums| {
                sums.long.0 += SIZE_SCALE;
                sums.short.0 += SIZE_SCALE;
            });
        }
        for n in 0..T::MaxCollateral::get() {
            let held = FIRST_COLLATERAL + n;
            T::Registry::set_collateral(held, collateral_params());
            T::Prices::set_price(held, Price(10 * PRICE_SCALE));
            account.set_collateral(held, AMOUNT).unwrap();
            TotalDeposited::<T>::mutate(held, |total| *total += AMOUNT);
        }
        Self::store(who, account);
        T::Observer::account_changed(who);
    }

    /// Takes an account's means away: what it owes is more than any benchmark gives.
    pub(crate) fn bench_drain(who: &SubAccount<T::AccountId>) {
        let mut account = Self::load(who);
        account.balance = Usd::dollars(-1_000_000_000_000);
        Self::store(who, account);
    }
}

/// First of the market ids that the benchmarks use, and of the ids of their index assets.
const FIRST: u32 = 500_000;
/// First of the ids of collateral assets that the benchmarks use.
const FIRST_COLLATERAL: u32 = FIRST + 10_000;
/// Base units of each collateral asset that an account holds, and that a call moves.
const AMOUNT: u128 = 10_000_000;

/// Most markets.
const MARKETS: u32 = 64;

fn market_params(index_asset: AssetId) -> MarketParams {
    MarketParams {
        index_asset,
        tier: Tier::A,
        tick_size: Price(PRICE_SCALE / 10),
        lot_size: Quantity(SIZE_SCALE / 1_000),
        min_order: Quantity(SIZE_SCALE / 1_000),
        initial_margin: Rate::percent(5),
        maintenance_margin: Rate::percent(3),
        maker_fee: Rate::basis_points(2),
        taker_fee: Rate::basis_points(5),
        liquidation_fee: Rate::percent(1),
        max_open_interest: Quantity(1_000_000 * SIZE_SCALE),
        price_band: Rate::percent(5),
        // Tiers and caps that matter to every position.
        margin_tiers: core::array::from_fn(|n| MarginTier {
            from: Usd::dollars(10 + n as i64),
            add_on: Rate::basis_points(n as u32 + 1),
        }),
        lower_open_interest: Quantity(SIZE_SCALE / 2),
        funding: FundingParams {
            interest: Rate::basis_points(1),
            impact_notional: Usd::dollars(10_000),
        },
    }
}

fn collateral_params() -> CollateralParams {
    CollateralParams {
        tier: Tier::B,
        decimals: 8,
        initial_factor: Rate::percent(80),
        maintenance_factor: Rate::percent(87),
        deposit_cap: 1_000_000_000_000_000,
        min_deposit: 1,
        scale_start: 1,
    }
}

/// Makes the account the largest there can be. Returns one of its assets, the first in the list, of
/// which the owner has tokens too.
fn worst_account<T: Config>(who: &SubAccount<T::AccountId>) -> AssetId
where
    T::Assets: Create<T::AccountId>,
{
    Pallet::<T>::bench_endow(who, Usd::dollars(1_000_000));
    Pallet::<T>::bench_fill_up(who, MarketId(FIRST));
    let account = Accounts::<T>::get(who);
    assert_eq!(account.positions.len() as u32, T::MaxPositions::get());
    assert_eq!(account.collateral.len() as u32, T::MaxCollateral::get());
    let asset = FIRST_COLLATERAL;
    let pot = Pallet::<T>::pot_account(asset);
    T::Assets::create(asset, pot.clone(), true, 1).unwrap();
    T::Assets::mint_into(asset, &who.owner, 10 * AMOUNT).unwrap();
    T::Assets::mint_into(asset, &pot, AMOUNT).unwrap();
    asset
}

#[benchmarks(where T::Assets: Create<T::AccountId>)]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn deposit() {
        let who = SubAccount::new(whitelisted_caller::<T::AccountId>(), 0);
        let asset = worst_account::<T>(&who);

        #[extrinsic_call]
        _(RawOrigin::Signed(who.owner.clone()), 0, asset, AMOUNT);

        assert_eq!(Accounts::<T>::get(&who).collateral_of(asset), 2 * AMOUNT);
    }

    #[benchmark]
    fn withdraw() {
        let who = SubAccount::new(whitelisted_caller::<T::AccountId>(), 0);
        let asset = worst_account::<T>(&who);

        #[extrinsic_call]
        _(RawOrigin::Signed(who.owner.clone()), 0, asset, AMOUNT);

        assert_eq!(Accounts::<T>::get(&who).collateral_of(asset), 0);
        assert_eq!(T::Assets::balance(asset, &who.owner), 11 * AMOUNT);
    }

    /// A debt for an account without, of all that it had and as much again of the pool.
    #[benchmark]
    fn borrow() {
        let who = SubAccount::new(whitelisted_caller::<T::AccountId>(), 0);
        let asset = T::Registry::settlement_asset();
        if !T::Assets::asset_exists(asset) {
            T::Assets::create(asset, Pallet::<T>::pot_account(asset), true, 1).unwrap();
        }
        worst_account::<T>(&who);
        // A thousand coins that count in full for a loan.
        let params = CollateralParams {
            scale_start: 1_000_000_000_000_000,
            ..collateral_params()
        };
        T::Registry::set_collateral(FIRST_COLLATERAL, params);
        Accounts::<T>::mutate(&who, |account| {
            account
                .set_collateral(FIRST_COLLATERAL, 100_000_000_000)
                .unwrap();
            account.balance = Usd::dollars(100);
        });
        T::Pool::fill(Usd::dollars(1_000));
        let amount = Usd::dollars(200);

        #[extrinsic_call]
        _(RawOrigin::Signed(who.owner.clone()), 0, amount);

        assert_eq!(Accounts::<T>::get(&who).balance, Usd::dollars(-100));
    }

    #[benchmark]
    fn transfer() {
        let owner = whitelisted_caller::<T::AccountId>();
        let from = SubAccount::new(owner.clone(), 0);
        let to = SubAccount::new(owner.clone(), 1);
        let asset = worst_account::<T>(&from);
        let mut twin = Accounts::<T>::get(&from);
        twin.collateral.retain(|(held, _)| *held != asset);
        twin.balance = Usd::dollars(1_000_000);
        Accounts::<T>::insert(&to, twin);
        T::Observer::account_changed(&to);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), 0, 1, asset, AMOUNT);

        assert_eq!(Accounts::<T>::get(&to).collateral_of(asset), AMOUNT);
    }

    #[benchmark]
    fn isolate() {
        let who = SubAccount::new(whitelisted_caller::<T::AccountId>(), 0);
        worst_account::<T>(&who);
        Accounts::<T>::mutate(&who, |account| {
            account.positions.clear();
            account.isolated = Some(MarketId(FIRST));
        });

        #[extrinsic_call]
        _(RawOrigin::Signed(who.owner.clone()), 0, None);

        assert_eq!(Accounts::<T>::get(&who).isolated, None);
    }

    #[benchmark]
    fn set_delegate() {
        let who = SubAccount::new(whitelisted_caller::<T::AccountId>(), 0);
        worst_account::<T>(&who);
        for n in 1..access::MAX_DELEGATES {
            Pallet::<T>::do_set_delegate(who.clone(), account("key", n, 0), true).unwrap();
        }
        let last: T::AccountId = account("key", 0, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(who.owner.clone()), 0, last, true);

        let keys = Delegates::<T>::get(&who);
        assert_eq!(keys.len() as u32, access::MAX_DELEGATES);
    }

    // The cheapest call there is stands for the one that is made.
    #[benchmark]
    fn trade_as() {
        let who = SubAccount::new(account::<T::AccountId>("owner", 0, 0), 0);
        worst_account::<T>(&who);
        let delegate = whitelisted_caller::<T::AccountId>();
        Pallet::<T>::do_set_delegate(who.clone(), delegate.clone(), true).unwrap();
        let call = T::Trading::example(0).expect("there is a call that trades");

        #[extrinsic_call]
        _(
            RawOrigin::Signed(delegate),
            who.owner.clone(),
            Box::new(call),
        );
    }

    #[benchmark]
    fn set_outflow_limits() -> Result<(), BenchmarkError> {
        let mut limits = outflow::OutflowParams::default();
        limits.day.pot = Rate::percent(11);
        let origin =
            T::AdminOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, limits);

        assert_eq!(OutflowLimits::<T>::get(), limits);
        Ok(())
    }

    // Every market has a price, a scattered book and an hour that ends.
    #[benchmark]
    fn step_funding(m: Linear<1, MARKETS>) {
        let now = T::Clock::now();
        for id in T::Registry::market_ids() {
            // What a genesis registers has no price here, so it costs less than the others.
            Fundings::<T>::remove(id);
        }
        let before = T::Registry::market_ids().len() as u32;
        for n in before..m.max(before) {
            let market = MarketId(FIRST + n);
            T::Registry::set_market(market, market_params(FIRST + n));
            T::Prices::set_price(FIRST + n, Price(100 * PRICE_SCALE));
            T::Impact::scatter(market);
            let minutes = alloc::vec![FundingRate(1); MINUTES as usize - 1];
            Premiums::<T>::insert(market, funding::Minutes::try_from(minutes).unwrap());
            // Without a clock that has run for an hour, an hour in the future ends as well.
            let at = now.checked_sub(3_600_000).unwrap_or(now + 3_600_000);
            Fundings::<T>::insert(
                market,
                FundingState {
                    at,
                    samples: 1,
                    rate: FundingRate(1_000),
                    ..FundingState::default()
                },
            );
        }
        let stepped;

        #[block]
        {
            stepped = Pallet::<T>::step_funding();
        }

        assert_eq!(stepped, m.max(before));
        for n in before..m {
            assert!(!Fundings::<T>::get(MarketId(FIRST + n)).paused);
            assert!(Premiums::<T>::get(MarketId(FIRST + n)).is_empty());
        }
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
