//! Transaction lanes: feeds before liquidations before everything a user can pay for.
//!
//! The fee extension turns a tip into priority, up to `u64::MAX`: with it alone, whoever wants a
//! price or a liquidation to wait could buy that. [`ChargeWithLane`] is the SDK's
//! `ChargeTransactionPayment` with the priority it answers put into a lane. On the wire and in the
//! metadata it is the SDK's extension, so wallets need to know nothing of it.

use crate::{PriceOracle, Runtime, RuntimeCall, RuntimeOrigin};
use codec::{Decode, DecodeWithMemTracking, Encode};
use polkadot_sdk::{
    frame_support::{
        dispatch::{DispatchInfo, PostDispatchInfo},
        traits::SortedMembers,
        weights::Weight,
    },
    frame_system::ensure_signed,
    pallet_oracle,
    pallet_transaction_payment::ChargeTransactionPayment,
    sp_runtime::{
        traits::{Implication, TransactionExtension},
        transaction_validity::{
            InvalidTransaction, TransactionPriority, TransactionSource, TransactionValidityError,
            ValidTransaction,
        },
        DispatchResult,
    },
};
use scale_info::{Type, TypeInfo};

/// No tip buys more than this.
pub const MAX_USER_PRIORITY: TransactionPriority = 1 << 61;
/// Priority of the free `liquidate` call.
pub const LIQUIDATION_PRIORITY: TransactionPriority = 1 << 62;
/// Priority of a feeder's `feed_values`.
pub const FEED_PRIORITY: TransactionPriority = 1 << 63;

type Inner = ChargeTransactionPayment<Runtime>;

/// Charges the fee and puts the transaction into its lane.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking)]
pub struct ChargeWithLane(Inner);

impl ChargeWithLane {
    /// With a tip in base units of the native token.
    pub fn from(tip: crate::Balance) -> Self {
        Self(Inner::from(tip))
    }
}

impl TypeInfo for ChargeWithLane {
    type Identity = Inner;

    fn type_info() -> Type {
        Inner::type_info()
    }
}

/// The lane of a call, given what its fee would buy.
///
/// A feed goes first and is free, so it gets no farther than the pool unless a feeder signed it and
/// its values are in order.
fn lane(
    origin: &RuntimeOrigin,
    call: &RuntimeCall,
    bought: TransactionPriority,
) -> Result<TransactionPriority, InvalidTransaction> {
    match call {
        RuntimeCall::Oracle(pallet_oracle::Call::feed_values { values }) => {
            if !ensure_signed(origin.clone()).is_ok_and(|who| PriceOracle::contains(&who)) {
                Err(InvalidTransaction::BadSigner)
            } else if !PriceOracle::is_sound_feed(values) {
                Err(InvalidTransaction::Call)
            } else {
                Ok(FEED_PRIORITY)
            }
        }
        _ => Ok(bought.min(MAX_USER_PRIORITY)),
    }
}

impl TransactionExtension<RuntimeCall> for ChargeWithLane {
    const IDENTIFIER: &'static str = <Inner as TransactionExtension<RuntimeCall>>::IDENTIFIER;
    type Implicit = ();
    type Val = <Inner as TransactionExtension<RuntimeCall>>::Val;
    type Pre = <Inner as TransactionExtension<RuntimeCall>>::Pre;

    fn weight(&self, call: &RuntimeCall) -> Weight {
        self.0.weight(call)
    }

    fn validate(
        &self,
        origin: RuntimeOrigin,
        call: &RuntimeCall,
        info: &DispatchInfo,
        len: usize,
        implicit: (),
        implication: &impl Implication,
        source: TransactionSource,
    ) -> Result<(ValidTransaction, Self::Val, RuntimeOrigin), TransactionValidityError> {
        let (mut valid, val, origin) =
            self.0
                .validate(origin, call, info, len, implicit, implication, source)?;
        valid.priority = lane(&origin, call, valid.priority)?;
        Ok((valid, val, origin))
    }

    fn prepare(
        self,
        val: Self::Val,
        origin: &RuntimeOrigin,
        call: &RuntimeCall,
        info: &DispatchInfo,
        len: usize,
    ) -> Result<Self::Pre, TransactionValidityError> {
        self.0.prepare(val, origin, call, info, len)
    }

    fn post_dispatch_details(
        pre: Self::Pre,
        info: &DispatchInfo,
        post_info: &PostDispatchInfo,
        len: usize,
        result: &DispatchResult,
    ) -> Result<Weight, TransactionValidityError> {
        Inner::post_dispatch_details(pre, info, post_info, len, result)
    }
}
