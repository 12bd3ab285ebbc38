//! Spot pools: the settlement asset against other assets, made and filled by anybody.
//!
//! They are a place to sell collateral of accounts that cannot pay and never a source of prices: what
//! they pay is bounded by the oracle ([`bulwark_risk_math::spot`]).

use super::risk::{InsuranceReserve, SettlementAsset};
use crate::{
    currency::{BLW, MILLI_BLW},
    AccountId, AssetConversion, Assets, Balance, Balances, Insurance, Margin, PoolAssets, Runtime,
    RuntimeEvent,
};
use alloc::vec;
use bulwark_primitives::{AssetId, Rate, SpotPool, Usd};
use bulwark_traits::{Custody, LossFund, SpotSource};
use polkadot_sdk::{
    frame_support::{
        instances::Instance1,
        parameter_types,
        traits::{
            fungibles::{Balanced, Credit},
            AsEnsureOriginWithArg, ConstU128, ConstU32, Get, NeverEnsureOrigin, OnUnbalanced,
        },
        PalletId,
    },
    frame_system::EnsureRoot,
    pallet_asset_conversion::{AccountIdConverter, PoolLocator, Swap, WithFirstAsset},
    sp_runtime::{DispatchError, Permill},
    *,
};

/// What liquidity providers take of each swap: 0.3 %. Governance may set it for a pool, up to 1 %.
const POOL_FEE: Permill = Permill::from_parts(3_000);
/// What making a pool costs: 100 USD, for the insurance fund.
pub const POOL_SETUP_FEE: Balance = 100_000_000;
/// A rate has 9 decimals, a `Permill` 6.
const RATE_PER_PERMILL: u64 = 1_000;

/// A pool has the settlement asset and one other, so there are no more of them than assets.
type PoolId = (AssetId, AssetId);
type Locator = WithFirstAsset<
    SettlementAsset,
    AccountId,
    AssetId,
    AccountIdConverter<ConversionPalletId, PoolId>,
>;

parameter_types! {
    pub const ConversionPalletId: PalletId = PalletId(*b"blw/pool");
    pub const DefaultPoolFee: Permill = POOL_FEE;
    pub const MaxPoolFee: Permill = Permill::from_percent(1);
    pub const WithdrawalFee: Permill = Permill::zero();
}

/// Shares of pools. Only the pools make them.
impl pallet_assets::Config<Instance1> for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Balance = Balance;
    type RemoveItemsLimit = ConstU32<256>;
    type AssetId = u32;
    type AssetIdParameter = u32;
    type ReserveData = ();
    type Currency = Balances;
    type CreateOrigin = AsEnsureOriginWithArg<NeverEnsureOrigin<AccountId>>;
    type ForceOrigin = EnsureRoot<AccountId>;
    // Nobody pays it: nobody creates an asset here.
    type AssetDeposit = ConstU128<{ 100 * BLW }>;
    type AssetAccountDeposit = ConstU128<{ 10 * MILLI_BLW }>;
    type MetadataDepositBase = ConstU128<BLW>;
    type MetadataDepositPerByte = ConstU128<{ 10 * MILLI_BLW }>;
    type ApprovalDeposit = ConstU128<{ 10 * MILLI_BLW }>;
    type StringLimit = ConstU32<50>;
    type Freezer = ();
    type Holder = ();
    type Extra = ();
    type CallbackHandle = ();
    type AssetIdAllocator = ();
    type WeightInfo = pallet_assets::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = ();
}

impl pallet_asset_conversion::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Balance = Balance;
    type HigherPrecisionBalance = sp_core::U256;
    type AssetKind = AssetId;
    type Assets = Assets;
    type PoolId = PoolId;
    type PoolLocator = Locator;
    type PoolAssetId = u32;
    type PoolAssets = PoolAssets;
    type LPFee = DefaultPoolFee;
    type AdminOrigin = EnsureRoot<AccountId>;
    type MaxSwapFee = MaxPoolFee;
    type PoolSetupFee = ConstU128<POOL_SETUP_FEE>;
    type PoolSetupFeeAsset = SettlementAsset;
    type PoolSetupFeeTarget = FeeToFund;
    type LiquidityWithdrawalFee = WithdrawalFee;
    type MintMinLiquidity = ConstU128<100>;
    // One asset into another by way of the settlement asset.
    type MaxSwapPathLength = ConstU32<3>;
    type PalletId = ConversionPalletId;
    type WeightInfo = pallet_asset_conversion::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = ();
}

/// Setup fees are income of the insurance fund.
#[derive(Debug)]
pub struct FeeToFund;

impl OnUnbalanced<Credit<AccountId, Assets>> for FeeToFund {
    fn on_nonzero_unbalanced(credit: Credit<AccountId, Assets>) {
        let reserve = InsuranceReserve::get();
        let Ok(amount) = i128::try_from(credit.peek()).map(Usd) else {
            return;
        };
        // What cannot be booked stays in the reserve account, or is burned when that cannot take it.
        if Assets::resolve(&reserve, credit).is_ok() && Margin::collect(&reserve, amount).is_ok() {
            Insurance::credit(amount);
        }
    }
}

/// The pools as a source for what has to be sold.
#[derive(Debug)]
pub struct SettlementPools;

impl SpotSource<AccountId> for SettlementPools {
    fn pool(asset: AssetId) -> Option<SpotPool> {
        let settlement = SettlementAsset::get();
        let id = Locator::pool_id(&asset, &settlement).ok()?;
        let (base, quote) = AssetConversion::get_reserves(asset, settlement).ok()?;
        let fee = u64::from(AssetConversion::pool_fee(&id).deconstruct());
        Some(SpotPool {
            base,
            quote,
            fee: Rate(fee.checked_mul(RATE_PER_PERMILL)?),
        })
    }

    fn sell(
        from: &AccountId,
        asset: AssetId,
        amount: u128,
        least: Usd,
    ) -> Result<Usd, DispatchError> {
        let overflow = DispatchError::Arithmetic(sp_runtime::ArithmeticError::Overflow);
        let path = vec![asset, SettlementAsset::get()];
        let least = u128::try_from(least.0).map_err(|_| overflow)?;
        let brought = <AssetConversion as Swap<AccountId>>::swap_exact_tokens_for_tokens(
            from.clone(),
            path,
            amount,
            Some(least),
            from.clone(),
            false,
        )?;
        i128::try_from(brought).map(Usd).map_err(|_| overflow)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn make(asset: AssetId, base: u128, quote: Usd) -> sp_runtime::DispatchResult {
        use polkadot_sdk::frame_support::traits::fungibles::{Create, Inspect, Mutate};
        let settlement = SettlementAsset::get();
        let address = Locator::pool_address(&asset, &settlement)
            .map_err(|()| DispatchError::Other("not a pair"))?;
        for (asset, amount) in [(asset, base), (settlement, quote.0.unsigned_abs())] {
            if !Assets::asset_exists(asset) {
                <Assets as Create<AccountId>>::create(asset, address.clone(), true, 1)?;
            }
            Assets::set_balance(asset, &address, amount);
        }
        Ok(())
    }
}
