//! Signing and submitting a feed.

use super::KEY_TYPE;
use alloc::vec::Vec;
use bulwark_primitives::{AssetId, Price};
use core::marker::PhantomData;
use frame_support::BoundedVec;
use frame_system::offchain::{AppCrypto, CreateSignedTransaction, SendSignedTransaction, Signer};
use sp_runtime::{MultiSignature, MultiSigner};

mod app {
    use sp_application_crypto::{app_crypto, sr25519};
    app_crypto!(sr25519, super::KEY_TYPE);
}

/// Public key of a feeder.
pub type FeederId = app::Public;

/// Signature of a feeder.
pub type FeederSignature = app::Signature;

sp_application_crypto::with_pair! {
    /// Key pair of a feeder.
    pub type FeederPair = app::Pair;
}

/// Signs with the feeder's key in the keystore.
#[derive(Debug)]
pub struct FeederCrypto;

impl AppCrypto<MultiSigner, MultiSignature> for FeederCrypto {
    type RuntimeAppPublic = FeederId;
    type GenericPublic = sp_core::sr25519::Public;
    type GenericSignature = sp_core::sr25519::Signature;
}

/// Why a feed did not get into the transaction pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubmitError {
    /// More values than one feed may have.
    TooMany,
    /// The key is gone or the transaction could not be built.
    NotSigned,
    /// The pool did not take it: an earlier feed of the same feeder may still be in it.
    Refused,
}

impl SubmitError {
    /// For log lines.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooMany => "too_many_values",
            Self::NotSigned => "not_signed",
            Self::Refused => "refused_by_pool",
        }
    }
}

/// How the worker gets a feed into the transaction pool.
pub trait SubmitFeed<AccountId> {
    /// The accounts of the feeder keys in this node's keystore.
    fn local_feeders() -> Vec<AccountId>;
    /// Signs `values` as `feeder` and submits them.
    fn submit(feeder: &AccountId, values: Vec<(AssetId, Price)>) -> Result<(), SubmitError>;
}

/// A runtime whose nodes do not feed.
impl<AccountId> SubmitFeed<AccountId> for () {
    fn local_feeders() -> Vec<AccountId> {
        Vec::new()
    }

    fn submit(_: &AccountId, _: Vec<(AssetId, Price)>) -> Result<(), SubmitError> {
        Err(SubmitError::NotSigned)
    }
}

/// [`SubmitFeed`] by a signed `feed_values` of the SDK's `pallet_oracle`.
#[derive(Debug)]
pub struct SignedFeed<T, C = FeederCrypto, I = ()>(PhantomData<(T, C, I)>);

impl<T, C, I> SubmitFeed<T::AccountId> for SignedFeed<T, C, I>
where
    I: 'static,
    T: pallet_oracle::Config<I, OracleKey = AssetId, OracleValue = Price>
        + CreateSignedTransaction<pallet_oracle::Call<T, I>>,
    C: AppCrypto<T::Public, T::Signature>,
{
    fn local_feeders() -> Vec<T::AccountId> {
        Signer::<T, C>::keystore_accounts()
            .map(|account| account.id)
            .collect()
    }

    fn submit(feeder: &T::AccountId, values: Vec<(AssetId, Price)>) -> Result<(), SubmitError> {
        let values: BoundedVec<_, T::MaxFeedValues> =
            values.try_into().map_err(|_| SubmitError::TooMany)?;
        let account = Signer::<T, C>::keystore_accounts()
            .find(|account| account.id == *feeder)
            .ok_or(SubmitError::NotSigned)?;
        let call = pallet_oracle::Call::<T, I>::feed_values { values };
        Signer::<T, C>::any_account()
            .send_single_signed_transaction(&account, call)
            .ok_or(SubmitError::NotSigned)?
            .map_err(|()| SubmitError::Refused)
    }
}
