//! What a transaction's tip can buy.

use super::{feed_of, Feed, FEED_PRIORITY, MAX_USER_PRIORITY};
use crate::{AccountId, OrderBook, Runtime, RuntimeCall, RuntimeOrigin};
use bulwark_primitives::SubAccount;
use codec::{Decode, DecodeWithMemTracking, Encode};
use pallet_order_book::WeightInfo as _;
use polkadot_sdk::{
    frame_support::{
        dispatch::{DispatchInfo, PostDispatchInfo},
        weights::Weight,
    },
    frame_system::ensure_signed,
    pallet_skip_feeless_payment::{Intermediate, SkipCheckIfFeeless},
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

type Fee = ChargeTransactionPayment<Runtime>;
type Inner = SkipCheckIfFeeless<Runtime, Fee>;

/// Charges the fee, or notes that none was needed, and puts the transaction into its lane. A feed of
/// somebody who is no feeder is invalid (`BadSigner`), and so is one with values that are not in order
/// (`Call`).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking)]
pub struct ChargeWithLane(Inner);

impl ChargeWithLane {
    /// With a tip in base units of the native token.
    pub fn from(tip: crate::Balance) -> Self {
        Self(Inner::from(Fee::from(tip)))
    }
}

impl TypeInfo for ChargeWithLane {
    type Identity = Fee;

    fn type_info() -> Type {
        Fee::type_info()
    }
}

type BookWeights = <Runtime as pallet_order_book::Config>::WeightInfo;

/// The account of a call that may need no fee, and how many actions it counts as.
fn free_lane(origin: &RuntimeOrigin, call: &RuntimeCall) -> Option<(SubAccount<AccountId>, u32)> {
    let RuntimeCall::OrderBook(call) = call else {
        return None;
    };
    let (index, actions) = OrderBook::lane_of(call)?;
    let owner = ensure_signed(origin.clone()).ok()?;
    Some((SubAccount::new(owner, index), actions))
}

/// What is asked about a call before anybody knows who sent it.
fn free_lane_weight(call: &RuntimeCall) -> Weight {
    match call {
        RuntimeCall::OrderBook(call) if OrderBook::lane_of(call).is_some() => {
            BookWeights::free_action()
        }
        _ => Weight::zero(),
    }
}

impl TransactionExtension<RuntimeCall> for ChargeWithLane {
    const IDENTIFIER: &'static str = <Inner as TransactionExtension<RuntimeCall>>::IDENTIFIER;
    type Implicit = ();
    type Val = <Inner as TransactionExtension<RuntimeCall>>::Val;
    /// With the weight that was not needed.
    type Pre = (<Inner as TransactionExtension<RuntimeCall>>::Pre, Weight);

    fn weight(&self, call: &RuntimeCall) -> Weight {
        self.0.weight(call).saturating_add(free_lane_weight(call))
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
        let mut unspent = Weight::zero();
        if let Some((account, actions)) = free_lane(origin, call) {
            // Noted here and not in the call: what a call that fails has done is undone.
            let counted = match val {
                Intermediate::Skip(_) => OrderBook::note_free(&account, actions),
                Intermediate::Apply(_) => OrderBook::has_counted(&account),
            };
            if counted {
                unspent =
                    BookWeights::free_action().saturating_sub(BookWeights::free_action_counted());
            }
        }
        Ok((self.0.prepare(val, origin, call, info, len)?, unspent))
    }

    fn post_dispatch_details(
        (pre, unspent): Self::Pre,
        info: &DispatchInfo,
        post_info: &PostDispatchInfo,
        len: usize,
        result: &DispatchResult,
    ) -> Result<Weight, TransactionValidityError> {
        let more = Inner::post_dispatch_details(pre, info, post_info, len, result)?;
        Ok(unspent.saturating_add(more))
    }
}
