//! Fees, and how the node's workers build transactions.

use crate::{
    currency::{MICRO_BLW, MILLI_BLW},
    lanes::{ChargeWithLane, InLane},
    AccountId, Authorship, Balance, Balances, Nonce, Runtime, RuntimeCall, RuntimeEvent, Signature,
    SignedPayload, System, TxExtension, UncheckedExtrinsic,
};
use codec::Encode;
use polkadot_sdk::{
    frame_support::{
        parameter_types,
        traits::{ConstU8, Imbalance, OnUnbalanced},
        weights::{
            constants::ExtrinsicBaseWeight, ConstantMultiplier, WeightToFeeCoefficient,
            WeightToFeeCoefficients, WeightToFeePolynomial,
        },
    },
    frame_system::offchain::{
        AppCrypto, CreateAuthorizedTransaction, CreateBare, CreateSignedTransaction,
        CreateTransaction, CreateTransactionBase, SigningTypes,
    },
    pallet_transaction_payment::{FungibleAdapter, Multiplier, TargetedFeeAdjustment},
    sp_runtime::{
        generic::Era,
        traits::{SaturatedConversion, StaticLookup, Verify, Zero},
        FixedPointNumber, Perbill, Perquintill,
    },
    *,
};

parameter_types! {
    pub const TransactionByteFee: Balance = MICRO_BLW;
    pub const TargetBlockFullness: Perquintill = Perquintill::from_percent(25);
    pub AdjustmentVariable: Multiplier = Multiplier::saturating_from_rational(1, 100_000);
    pub MinimumMultiplier: Multiplier = Multiplier::saturating_from_rational(1, 10u128);
    pub MaximumMultiplier: Multiplier = Multiplier::saturating_from_integer(1_000);
}

/// A tenth of a milli-BLW for the base weight of an extrinsic, linear.
#[derive(Debug)]
pub struct WeightToFee;

impl WeightToFeePolynomial for WeightToFee {
    type Balance = Balance;

    fn polynomial() -> WeightToFeeCoefficients<Balance> {
        let base = Balance::from(ExtrinsicBaseWeight::get().ref_time()).max(1);
        let fee = MILLI_BLW.checked_div(10).unwrap_or(1);
        [WeightToFeeCoefficient {
            degree: 1,
            negative: false,
            coeff_frac: Perbill::from_rational(fee.checked_rem(base).unwrap_or(0), base),
            coeff_integer: fee.checked_div(base).unwrap_or(0),
        }]
        .into_iter()
        .collect()
    }
}

/// Fees and tips go to the block's author: there is no inflation to pay validators from.
#[derive(Debug)]
pub struct ToAuthor;

type FeeCredit = frame_support::traits::fungible::Credit<AccountId, Balances>;

impl OnUnbalanced<FeeCredit> for ToAuthor {
    fn on_nonzero_unbalanced(credit: FeeCredit) {
        use frame_support::traits::fungible::Balanced;
        if credit.peek().is_zero() {
            return;
        }
        match Authorship::author() {
            // What cannot be credited (an author below the existential deposit) is burned.
            Some(author) => drop(Balances::resolve(&author, credit)),
            None => drop(credit),
        }
    }
}

impl pallet_transaction_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type OnChargeTransaction = FungibleAdapter<Balances, ToAuthor>;
    type WeightToFee = WeightToFee;
    type LengthToFee = ConstantMultiplier<Balance, TransactionByteFee>;
    type FeeMultiplierUpdate = TargetedFeeAdjustment<
        Self,
        TargetBlockFullness,
        AdjustmentVariable,
        MinimumMultiplier,
        MaximumMultiplier,
    >;
    type OperationalFeeMultiplier = ConstU8<5>;
    type WeightInfo = pallet_transaction_payment::weights::SubstrateWeight<Runtime>;
}

impl pallet_skip_feeless_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
}

/// The extension of a transaction that the node builds itself.
fn extension(nonce: Nonce, era: Era) -> TxExtension {
    (
        frame_system::AuthorizeCall::<Runtime>::new(),
        frame_system::CheckNonZeroSender::<Runtime>::new(),
        frame_system::CheckSpecVersion::<Runtime>::new(),
        frame_system::CheckTxVersion::<Runtime>::new(),
        frame_system::CheckGenesis::<Runtime>::new(),
        frame_system::CheckEra::<Runtime>::from(era),
        frame_system::CheckNonce::<Runtime>::from(nonce),
        InLane::new(frame_system::CheckWeight::<Runtime>::new()),
        ChargeWithLane::from(0),
        frame_metadata_hash_extension::CheckMetadataHash::<Runtime>::new(false),
        InLane::new(frame_system::WeightReclaim::<Runtime>::new()),
    )
}

impl SigningTypes for Runtime {
    type Public = <Signature as Verify>::Signer;
    type Signature = Signature;
}

impl<Call> CreateTransactionBase<Call> for Runtime
where
    RuntimeCall: From<Call>,
{
    type Extrinsic = UncheckedExtrinsic;
    type RuntimeCall = RuntimeCall;
}

impl<Call> CreateTransaction<Call> for Runtime
where
    RuntimeCall: From<Call>,
{
    type Extension = TxExtension;

    fn create_transaction(call: RuntimeCall, extension: TxExtension) -> UncheckedExtrinsic {
        UncheckedExtrinsic::new_transaction(call, extension)
    }
}

impl<Call> CreateAuthorizedTransaction<Call> for Runtime
where
    RuntimeCall: From<Call>,
{
    fn create_extension() -> TxExtension {
        extension(0, Era::Immortal)
    }
}

impl<Call> CreateBare<Call> for Runtime
where
    RuntimeCall: From<Call>,
{
    fn create_bare(call: RuntimeCall) -> UncheckedExtrinsic {
        UncheckedExtrinsic::new_bare(call)
    }
}

impl<Call> CreateSignedTransaction<Call> for Runtime
where
    RuntimeCall: From<Call>,
{
    fn create_signed_transaction<C: AppCrypto<Self::Public, Self::Signature>>(
        call: RuntimeCall,
        public: Self::Public,
        account: AccountId,
        nonce: Nonce,
    ) -> Option<UncheckedExtrinsic> {
        // A feed that is not in a block soon is worth nothing: mortal, so that it leaves the pool.
        let now: u64 = System::block_number()
            .saturated_into::<u64>()
            .saturating_sub(1);
        let era = Era::mortal(16, now);
        let payload = SignedPayload::new(call, extension(nonce, era))
            .inspect_err(|error| log::warn!("unable to create signed payload: {error:?}"))
            .ok()?;
        let signature = payload.using_encoded(|bytes| C::sign(bytes, public))?;
        let address = <Runtime as frame_system::Config>::Lookup::unlookup(account);
        let (call, extension, _) = payload.deconstruct();
        Some(UncheckedExtrinsic::new_signed(
            call, address, signature, extension,
        ))
    }
}
