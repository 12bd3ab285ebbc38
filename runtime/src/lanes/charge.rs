//! What a transaction's tip can buy.

use super::{feed_of, Feed, FEED_PRIORITY, MAX_USER_PRIORITY};
use crate::{Runtime, RuntimeCall, RuntimeOrigin};
use codec::{Decode, DecodeWithMemTracking, Encode};
use polkadot_sdk::{
    frame_support::{
        dispatch::{DispatchInfo, PostDispatchInfo},
        weights::Weight,
    },
    pallet_transaction_payment::ChargeTransactionPayment,
    sp_runtime::{
        traits::{Implication, TransactionExtension},
        transaction_validity::{
            InvalidTransaction, TransactionSource, TransactionValidityError, ValidTransaction,
        },
        DispatchResult,
    },
};
use scale_info::{Type, TypeInfo};

type Inner = ChargeTransactionPayment<Runtime>;

/// Charges the fee and puts the transaction into its lane. A feed of somebody who is no feeder is
/// invalid (`BadSigner`), and so is one with values that are not in order (`Call`).
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
        let feed = feed_of(&origin, call);
        // These would fail and cost their sender a fee; in the pool they would cost everybody.
        match feed {
            Feed::Stranger => return Err(InvalidTransaction::BadSigner.into()),
            Feed::Unsound => return Err(InvalidTransaction::Call.into()),
            Feed::Member | Feed::No => {}
        }
        let (mut valid, val, origin) =
            self.0
                .validate(origin, call, info, len, implicit, implication, source)?;
        valid.priority = match feed {
            Feed::Member => FEED_PRIORITY,
            Feed::No | Feed::Stranger | Feed::Unsound => valid.priority.min(MAX_USER_PRIORITY),
        };
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
