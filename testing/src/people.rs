//! Who and what the scenarios talk about.

use bulwark_primitives::{AssetId, MarketId, Price, Quantity, Usd, PRICE_SCALE, SIZE_SCALE};
use polkadot_sdk::{
    sp_core::{sr25519::Pair, Pair as _},
    sp_io::hashing::blake2_256,
    sp_keyring::Sr25519Keyring,
};

/// The settlement asset.
pub const USDX: AssetId = 1;
/// The index asset of [`BTC_USD`].
pub const BTC: AssetId = 2;
/// The market of the genesis.
pub const BTC_USD: MarketId = MarketId(1);

/// The development feeder, validator and sudo.
pub fn alice() -> Pair {
    Sr25519Keyring::Alice.pair()
}

/// A funded account.
pub fn bob() -> Pair {
    Sr25519Keyring::Bob.pair()
}

/// A funded account.
pub fn charlie() -> Pair {
    Sr25519Keyring::Charlie.pair()
}

/// A funded account.
pub fn dave() -> Pair {
    Sr25519Keyring::Dave.pair()
}

/// A funded account that never trades. Not Alice: she authors the blocks and so earns from
/// liquidations.
pub fn eve() -> Pair {
    Sr25519Keyring::Eve.pair()
}

/// So many people whom no preset knows: they have nothing until [`endow`](crate::endow) gives it.
pub fn crowd(count: usize) -> Vec<Pair> {
    (0..count)
        .map(|index| Pair::from_seed(&blake2_256(format!("crowd {index}").as_bytes())))
        .collect()
}

/// The account of a key pair.
pub fn account(pair: &Pair) -> bulwark_runtime::AccountId {
    pair.public().into()
}

/// Whole dollars.
pub fn usd(dollars: i64) -> Usd {
    Usd::dollars(dollars)
}

/// A price in whole dollars.
pub fn price(dollars: u128) -> Price {
    Price(dollars * PRICE_SCALE)
}

/// A quantity in thousandths.
pub fn quantity(thousandths: u128) -> Quantity {
    Quantity(thousandths * SIZE_SCALE / 1_000)
}
