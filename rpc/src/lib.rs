//! JSON-RPC methods over the runtime APIs of Bulwark, for scripts, dashboards and `curl`.
//!
//! Everything here can be had by `state_call` too, which is what typed clients do; these methods
//! are for those who have no SCALE codec at hand.
//!
//! # Conventions
//!
//! - Amounts are exact decimal strings in whole units: a price `"101516.5"` is USD per unit, a
//!   quantity `"0.1"` is a tenth of a unit, a fraction `"0.05"` is 5 %. Amounts of collateral are
//!   base units of the asset, as strings. Times are milliseconds since the Unix epoch.
//! - The last argument `at` of each method is the hash of a block; without it, the best block.
//! - Account ids are SS58 strings; a sub-account is a pair of arguments `owner`, `sub_account`.
//! - Errors have a code of [`error`] and a message that says what to do.
//!
//! | namespace | methods |
//! |---|---|
//! | [`oracle`] | `oracle_price`, `oracle_prices`, `oracle_twap`, `oracle_slowPrice`, `oracle_hourRange`, `oracle_history`, `oracle_feeders`, `oracle_expectedMove` |
//! | [`margin`] | `margin_accountHealth`, `margin_accountSummary`, `margin_accountAfterOrder`, `margin_accountAtPrices`, `margin_maxOrder`, `margin_maxWithdrawal`, `margin_marketSummary`, `margin_marginAt`, `margin_openInterest` |
//! | [`markets`] | `markets_parameters`, `markets_list`, `markets_collaterals`, `markets_market`, `markets_collateral` |
//! | [`order_book`] | `orderBook_depth`, `orderBook_best`, `orderBook_openOrders` |
//! | [`order_book_subscriptions`] | `orderBook_subscribeDepth`, `orderBook_subscribeTrades` |
//! | [`liquidation`] | `liquidation_dueAccounts`, `liquidation_isDue`, `liquidation_adlRank` |
//! | [`backstop`] | `backstop_vault`, `backstop_depositor` |
//! | [`insurance`] | `insurance_fund`, `insurance_available` |
//! | [`cover`] | `insurance_coverQuote`, `insurance_policies`, `insurance_coverPool`, `insurance_underwriter` |
//! | [`lending`] | `lending_pool`, `lending_supplier` |
//! | [`circuit_breaker`] | `circuitBreaker_marketStatus` |

pub mod backstop;
pub mod circuit_breaker;
pub mod cover;
pub mod decimal;
pub mod error;
pub mod insurance;
pub mod lending;
pub mod liquidation;
pub mod margin;
pub mod markets;
pub mod oracle;
pub mod order_book;
pub mod order_book_subscriptions;

pub use decimal::Decimal;

use bulwark_primitives::{SubAccount, SubAccountIndex};
use bulwark_runtime_api::{
    BackstopApi, CircuitBreakerApi, CoverApi, InsuranceApi, LendingApi, LiquidationApi, MarginApi,
    MarketsApi, OracleApi, OrderBookApi, OrderBookTradesApi,
};
use jsonrpsee::{core::RegisterMethodError, RpcModule};
use polkadot_sdk::{
    sc_client_api::BlockchainEvents,
    sp_api::ProvideRuntimeApi,
    sp_blockchain::HeaderBackend,
    sp_runtime::{
        traits::{Block as BlockT, NumberFor},
        AccountId32,
    },
};
use serde::{Deserialize, Serialize};
use std::{marker::PhantomData, sync::Arc};

/// Who owns an account.
pub type AccountId = AccountId32;

/// The methods, over a client.
#[derive(Debug)]
pub struct Reads<C, Block> {
    client: Arc<C>,
    block: PhantomData<Block>,
}

impl<C, Block> Clone for Reads<C, Block> {
    fn clone(&self) -> Self {
        Self::new(self.client.clone())
    }
}

impl<C, Block> Reads<C, Block> {
    /// Over `client`.
    pub fn new(client: Arc<C>) -> Self {
        Self {
            client,
            block: PhantomData,
        }
    }
}

impl<C: HeaderBackend<Block>, Block: BlockT> Reads<C, Block> {
    /// The block that is asked about.
    fn block(&self, at: Option<Block::Hash>) -> Block::Hash {
        at.unwrap_or_else(|| self.client.info().best_hash)
    }
}

/// All methods of this crate.
///
/// # Errors
/// When two methods have one name, which a test excludes.
pub fn module<C, Block>(client: Arc<C>) -> Result<RpcModule<()>, RegisterMethodError>
where
    Block: BlockT,
    NumberFor<Block>: Serialize,
    C: ProvideRuntimeApi<Block>
        + HeaderBackend<Block>
        + BlockchainEvents<Block>
        + Send
        + Sync
        + 'static,
    C::Api: OracleApi<Block, AccountId, oracle::Balance>
        + MarginApi<Block, AccountId>
        + MarketsApi<Block>
        + OrderBookApi<Block, AccountId, NumberFor<Block>>
        + OrderBookTradesApi<Block, AccountId>
        + LiquidationApi<Block, AccountId>
        + InsuranceApi<Block>
        + BackstopApi<Block, AccountId>
        + CoverApi<Block, AccountId>
        + LendingApi<Block, AccountId>
        + CircuitBreakerApi<Block>,
{
    use backstop::BackstopRpcServer;
    use circuit_breaker::CircuitBreakerRpcServer;
    use cover::CoverRpcServer;
    use insurance::InsuranceRpcServer;
    use lending::LendingRpcServer;
    use liquidation::LiquidationRpcServer;
    use margin::MarginRpcServer;
    use markets::MarketsRpcServer;
    use oracle::OracleRpcServer;
    use order_book::OrderBookRpcServer;
    use order_book_subscriptions::OrderBookSubscriptionsRpcServer;

    let reads = Reads::<C, Block>::new(client);
    let mut module = RpcModule::new(());
    module.merge(OracleRpcServer::into_rpc(reads.clone()))?;
    module.merge(MarginRpcServer::into_rpc(reads.clone()))?;
    module.merge(MarketsRpcServer::into_rpc(reads.clone()))?;
    module.merge(OrderBookRpcServer::into_rpc(reads.clone()))?;
    module.merge(OrderBookSubscriptionsRpcServer::into_rpc(reads.clone()))?;
    module.merge(LiquidationRpcServer::into_rpc(reads.clone()))?;
    module.merge(InsuranceRpcServer::into_rpc(reads.clone()))?;
    module.merge(BackstopRpcServer::into_rpc(reads.clone()))?;
    module.merge(CoverRpcServer::into_rpc(reads.clone()))?;
    module.merge(LendingRpcServer::into_rpc(reads.clone()))?;
    module.merge(CircuitBreakerRpcServer::into_rpc(reads))?;
    Ok(module)
}

/// A sub-account in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Who signs for it, SS58.
    pub owner: AccountId,
    /// Which one of the owner's.
    pub sub_account: SubAccountIndex,
}

impl From<SubAccount<AccountId>> for Account {
    fn from(account: SubAccount<AccountId>) -> Self {
        Self {
            owner: account.owner,
            sub_account: account.index,
        }
    }
}
