//! Which part of a block a transaction counts against.

use super::{feed_of, Feed};
use crate::{RuntimeCall, RuntimeOrigin};
use codec::{Decode, DecodeWithMemTracking, Encode};
use core::fmt::Debug;
use polkadot_sdk::{
    frame_support::{
        dispatch::{DispatchClass, DispatchInfo, PostDispatchInfo},
        weights::Weight,
    },
    sp_runtime::{
        traits::{Implication, TransactionExtension},
        transaction_validity::{
            TransactionSource, TransactionValidity, TransactionValidityError, ValidTransaction,
        },
        DispatchResult,
    },
};
use scale_info::{Type, TypeInfo};

/// An extension that counts weight by class (`CheckWeight`, `WeightReclaim`), for which the feed of
/// a feeder is operational.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking)]
pub struct InLane<E>(E);

impl<E> InLane<E> {
    /// Around `extension`.
    pub const fn new(extension: E) -> Self {
        Self(extension)
    }
}

impl<E: TypeInfo + 'static> TypeInfo for InLane<E> {
    type Identity = E;

    fn type_info() -> Type {
        E::type_info()
    }
}

/// The same call, in the lane of feeds.
fn operational(info: &DispatchInfo) -> DispatchInfo {
    DispatchInfo {
        class: DispatchClass::Operational,
        ..*info
    }
}

impl<E> TransactionExtension<RuntimeCall> for InLane<E>
where
    E: TransactionExtension<RuntimeCall, Implicit = ()>,
{
    const IDENTIFIER: &'static str = E::IDENTIFIER;
    type Implicit = ();
    type Val = (bool, E::Val);
    // After dispatch the call is gone, so what it was is kept.
    type Pre = (bool, E::Pre);

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
        let is_feed = feed_of(&origin, call) == Feed::Member;
        let info = if is_feed { &operational(info) } else { info };
        let (valid, val, origin) =
            self.0
                .validate(origin, call, info, len, implicit, implication, source)?;
        Ok((valid, (is_feed, val), origin))
    }

    fn prepare(
        self,
        (is_feed, val): Self::Val,
        origin: &RuntimeOrigin,
        call: &RuntimeCall,
        info: &DispatchInfo,
        len: usize,
    ) -> Result<Self::Pre, TransactionValidityError> {
        let info = if is_feed { &operational(info) } else { info };
        Ok((is_feed, self.0.prepare(val, origin, call, info, len)?))
    }

    fn post_dispatch_details(
        (is_feed, pre): Self::Pre,
        info: &DispatchInfo,
        post_info: &PostDispatchInfo,
        len: usize,
        result: &DispatchResult,
    ) -> Result<Weight, TransactionValidityError> {
        let info = if is_feed { &operational(info) } else { info };
        E::post_dispatch_details(pre, info, post_info, len, result)
    }

    fn bare_validate(call: &RuntimeCall, info: &DispatchInfo, len: usize) -> TransactionValidity {
        E::bare_validate(call, info, len)
    }

    fn bare_validate_and_prepare(
        call: &RuntimeCall,
        info: &DispatchInfo,
        len: usize,
    ) -> Result<(), TransactionValidityError> {
        E::bare_validate_and_prepare(call, info, len)
    }

    fn bare_post_dispatch(
        info: &DispatchInfo,
        post_info: &mut PostDispatchInfo,
        len: usize,
        result: &DispatchResult,
    ) -> Result<(), TransactionValidityError> {
        E::bare_post_dispatch(info, post_info, len, result)
    }
}
