//! Configuration of the pallets, split by topic.

mod consensus;
mod pools;
mod risk;
mod system;
mod transactions;

pub use consensus::{EPOCH_DURATION_IN_SLOTS, GENESIS_EPOCH_CONFIG};
pub use pools::{SettlementPools, POOL_SETUP_FEE};
pub use risk::{InsuranceReserve, SoundFeeds};
pub use system::{AssetOwner, ProxyType};
