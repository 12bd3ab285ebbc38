//! Runtime APIs.

use crate::InherentDataExt as _;
use crate::{
    AccountId, Babe, Balance, Block, BlockNumber, Executive, Grandpa, Historical, Insurance,
    Liquidation, Margin, Markets, Nonce, OrderBook, Runtime, RuntimeCall, RuntimeGenesisConfig,
    SessionKeys, System, TransactionPayment, VERSION,
};
use alloc::vec::Vec;
use bulwark_primitives::{
    AssetId, ClientOrderId, CollateralParams, Health, MarketId, MarketParams, OrderId, Price,
    Quantity, Rate, Side, SubAccount, Usd,
};
use bulwark_runtime_api::markets::{CorrelationInfo, MarketInfo, ParameterSchema, ScheduleInfo};
use bulwark_runtime_api::{
    AccountSummary, AdlRank, AuctionInfo, BackstopDepositorInfo, BackstopInfo, CoverPolicyInfo,
    CoverPoolInfo, CoverQuoteInfo, DepthSide, ExpectedMoveInfo, FeederInfo, FundReserves,
    HealthError, HourInfo, LendingPoolInfo, MarketSummary, OrderInfo, OutflowInfo, PriceInfo,
    QuoteInfo, SlowPriceInfo, StatusInfo, StopInfo, SupplierInfo, TradeInfo, TwapInfo,
    UnderwriterInfo,
};
use bulwark_traits::{LossFund, MarketRegistry, Reserves, TradingAuthority};
use polkadot_sdk::{
    frame_support::{
        genesis_builder_helper::{build_state, get_preset},
        traits::KeyOwnerProofSystem,
        weights::Weight,
    },
    pallet_transaction_payment::{FeeDetails, RuntimeDispatchInfo},
    sp_api::impl_runtime_apis,
    sp_consensus_grandpa::AuthorityId as GrandpaId,
    sp_core::{crypto::KeyTypeId, OpaqueMetadata},
    sp_inherents::{CheckInherentsResult, InherentData},
    sp_runtime::{
        traits::{Block as BlockT, NumberFor},
        transaction_validity::{TransactionSource, TransactionValidity},
        ApplyExtrinsicResult, ExtrinsicInclusionMode,
    },
    sp_version::RuntimeVersion,
    *,
};

/// Most levels that one depth query answers.
const MAX_DEPTH_LEVELS: u32 = 100;
/// Most accounts that one query of the due set answers.
const MAX_DUE_ACCOUNTS: u32 = 256;

impl_runtime_apis! {
    impl sp_api::Core<Block> for Runtime {
        fn version() -> RuntimeVersion {
            VERSION
        }

        fn execute_block(block: <Block as BlockT>::LazyBlock) {
            Executive::execute_block(block)
        }

        fn initialize_block(header: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode {
            Executive::initialize_block(header)
        }
    }

    impl sp_api::Metadata<Block> for Runtime {
        fn metadata() -> OpaqueMetadata {
            OpaqueMetadata::new(Runtime::metadata().into())
        }

        fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
            Runtime::metadata_at_version(version)
        }

        fn metadata_versions() -> Vec<u32> {
            Runtime::metadata_versions()
        }
    }

    impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
        fn execute_view_function(
            id: frame_support::view_functions::ViewFunctionId,
            input: Vec<u8>,
        ) -> Result<Vec<u8>, frame_support::view_functions::ViewFunctionDispatchError> {
            Runtime::execute_view_function(id, input)
        }
    }

    impl sp_block_builder::BlockBuilder<Block> for Runtime {
        fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
            Executive::apply_extrinsic(extrinsic)
        }

        fn finalize_block() -> <Block as BlockT>::Header {
            Executive::finalize_block()
        }

        fn inherent_extrinsics(data: InherentData) -> Vec<<Block as BlockT>::Extrinsic> {
            data.create_extrinsics()
        }

        fn check_inherents(
            block: <Block as BlockT>::LazyBlock,
            data: InherentData,
        ) -> CheckInherentsResult {
            data.check_extrinsics(&block)
        }
    }

    impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
        fn validate_transaction(
            source: TransactionSource,
            tx: <Block as BlockT>::Extrinsic,
            block_hash: <Block as BlockT>::Hash,
        ) -> TransactionValidity {
            Executive::validate_transaction(source, tx, block_hash)
        }
    }

    impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
        fn offchain_worker(header: &<Block as BlockT>::Header) {
            Executive::offchain_worker(header)
        }
    }

    impl sp_consensus_babe::BabeApi<Block> for Runtime {
        fn configuration() -> sp_consensus_babe::BabeConfiguration {
            let epoch_config =
                Babe::epoch_config().unwrap_or(crate::configs::GENESIS_EPOCH_CONFIG);
            sp_consensus_babe::BabeConfiguration {
                slot_duration: Babe::slot_duration(),
                epoch_length: crate::configs::EPOCH_DURATION_IN_SLOTS,
                c: epoch_config.c,
                authorities: Babe::authorities().to_vec(),
                randomness: Babe::randomness(),
                allowed_slots: epoch_config.allowed_slots,
            }
        }

        fn current_epoch_start() -> sp_consensus_babe::Slot {
            Babe::current_epoch_start()
        }

        fn current_epoch() -> sp_consensus_babe::Epoch {
            Babe::current_epoch()
        }

        fn next_epoch() -> sp_consensus_babe::Epoch {
            Babe::next_epoch()
        }

        fn generate_key_ownership_proof(
            _slot: sp_consensus_babe::Slot,
            authority_id: sp_consensus_babe::AuthorityId,
        ) -> Option<sp_consensus_babe::OpaqueKeyOwnershipProof> {
            use codec::Encode;
            Historical::prove((sp_consensus_babe::KEY_TYPE, authority_id))
                .map(|proof| proof.encode())
                .map(sp_consensus_babe::OpaqueKeyOwnershipProof::new)
        }

        fn submit_report_equivocation_unsigned_extrinsic(
            equivocation_proof: sp_consensus_babe::EquivocationProof<<Block as BlockT>::Header>,
            key_owner_proof: sp_consensus_babe::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            let key_owner_proof = key_owner_proof.decode()?;
            Babe::submit_unsigned_equivocation_report(equivocation_proof, key_owner_proof)
        }
    }

    impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
        fn grandpa_authorities() -> sp_consensus_grandpa::AuthorityList {
            Grandpa::grandpa_authorities()
        }

        fn current_set_id() -> sp_consensus_grandpa::SetId {
            pallet_grandpa::CurrentSetId::<Runtime>::get()
        }

        fn submit_report_equivocation_unsigned_extrinsic(
            equivocation_proof: sp_consensus_grandpa::EquivocationProof<
                <Block as BlockT>::Hash,
                NumberFor<Block>,
            >,
            key_owner_proof: sp_consensus_grandpa::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            let key_owner_proof = key_owner_proof.decode()?;
            Grandpa::submit_unsigned_equivocation_report(equivocation_proof, key_owner_proof)
        }

        fn generate_key_ownership_proof(
            _set_id: sp_consensus_grandpa::SetId,
            authority_id: GrandpaId,
        ) -> Option<sp_consensus_grandpa::OpaqueKeyOwnershipProof> {
            use codec::Encode;
            Historical::prove((sp_consensus_grandpa::KEY_TYPE, authority_id))
                .map(|proof| proof.encode())
                .map(sp_consensus_grandpa::OpaqueKeyOwnershipProof::new)
        }
    }

    impl sp_session::SessionKeys<Block> for Runtime {
        fn generate_session_keys(
            owner: Vec<u8>,
            seed: Option<Vec<u8>>,
        ) -> sp_session::OpaqueGeneratedSessionKeys {
            SessionKeys::generate(&owner, seed).into()
        }

        fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
            SessionKeys::decode_into_raw_public_keys(&encoded)
        }
    }

    impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
        fn account_nonce(account: AccountId) -> Nonce {
            System::account_nonce(account)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance>
        for Runtime
    {
        fn query_info(
            uxt: <Block as BlockT>::Extrinsic,
            len: u32,
        ) -> RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_info(uxt, len)
        }

        fn query_fee_details(uxt: <Block as BlockT>::Extrinsic, len: u32) -> FeeDetails<Balance> {
            TransactionPayment::query_fee_details(uxt, len)
        }

        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }

        fn query_length_to_fee(length: u32) -> Balance {
            TransactionPayment::length_to_fee(length)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi<
        Block, Balance, RuntimeCall,
    > for Runtime {
        fn query_call_info(call: RuntimeCall, len: u32) -> RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_call_info(call, len)
        }

        fn query_call_fee_details(call: RuntimeCall, len: u32) -> FeeDetails<Balance> {
            TransactionPayment::query_call_fee_details(call, len)
        }

        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }

        fn query_length_to_fee(length: u32) -> Balance {
            TransactionPayment::length_to_fee(length)
        }
    }

    impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
        fn build_state(config: Vec<u8>) -> sp_genesis_builder::Result {
            build_state::<RuntimeGenesisConfig>(config)
        }

        fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
            get_preset::<RuntimeGenesisConfig>(id, crate::genesis_presets::get_preset)
        }

        fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
            crate::genesis_presets::names()
        }
    }

    impl bulwark_runtime_api::OracleApi<Block, AccountId, Balance> for Runtime {
        fn price(asset: AssetId) -> Option<PriceInfo> {
            crate::oracle_reads::price(asset)
        }

        fn prices() -> Vec<(AssetId, PriceInfo)> {
            crate::oracle_reads::prices()
        }

        fn twap(asset: AssetId) -> Option<TwapInfo> {
            crate::oracle_reads::twap(asset)
        }

        fn slow_price(asset: AssetId) -> Option<SlowPriceInfo> {
            crate::oracle_reads::slow_price(asset)
        }

        fn hour_range(asset: AssetId) -> Option<HourInfo> {
            crate::oracle_reads::hour_range(asset)
        }

        fn history(asset: AssetId, limit: u32) -> Vec<PriceInfo> {
            crate::oracle_reads::history(asset, limit)
        }

        fn feeders() -> Vec<FeederInfo<AccountId, Balance>> {
            crate::oracle_reads::feeders()
        }

        fn expected_move(asset: AssetId) -> Option<ExpectedMoveInfo> {
            crate::oracle_reads::expected_move(asset)
        }
    }

    impl bulwark_runtime_api::MarginApi<Block, AccountId> for Runtime {
        fn account_health(account: SubAccount<AccountId>) -> Result<Health, HealthError> {
            crate::reads::health(&account)
        }

        fn account_summary(account: SubAccount<AccountId>) -> Option<AccountSummary> {
            crate::reads::summary(&account)
        }

        fn market(market: MarketId) -> Option<MarketParams> {
            Markets::market(market)
        }

        fn open_interest(market: MarketId) -> (Quantity, Quantity) {
            crate::reads::open_interest(market)
        }

        fn market_summary(market: MarketId) -> Option<MarketSummary> {
            crate::reads::market_summary(market)
        }

        fn margin_at(market: MarketId, notional: Usd) -> Option<(Rate, Rate)> {
            Margin::margin_at(market, notional)
        }

        fn max_order(account: SubAccount<AccountId>, market: MarketId) -> (Quantity, Quantity) {
            (
                Margin::max_order(&account, market, Side::Bid),
                Margin::max_order(&account, market, Side::Ask),
            )
        }

        fn max_withdrawal(account: SubAccount<AccountId>, asset: AssetId) -> u128 {
            Margin::max_withdrawal(&account, asset)
        }

        fn outflow(asset: AssetId) -> Option<OutflowInfo> {
            let room = Margin::outflow_room(asset)?;
            Some(OutflowInfo {
                now: room.now,
                hour: room.hour,
                day: room.day,
            })
        }

        fn max_borrow(account: SubAccount<AccountId>) -> Usd {
            Margin::max_borrow(&account)
        }

        fn summary_after(
            account: SubAccount<AccountId>,
            market: MarketId,
            side: Side,
            quantity: Quantity,
            price: Price,
        ) -> Option<AccountSummary> {
            crate::reads::summary_after(&account, market, side, quantity, price)
        }

        fn summary_at(
            account: SubAccount<AccountId>,
            prices: Vec<(AssetId, Price)>,
        ) -> Option<AccountSummary> {
            crate::reads::summary_at(&account, &prices)
        }

        fn may_trade(who: AccountId, account: SubAccount<AccountId>) -> bool {
            <Margin as TradingAuthority<AccountId>>::may_trade(&who, &account)
        }
    }

    impl bulwark_runtime_api::markets::MarketsApi<Block> for Runtime {
        fn parameters() -> ParameterSchema {
            crate::market_reads::parameters()
        }

        fn schedule() -> ScheduleInfo {
            crate::market_reads::schedule()
        }

        fn markets() -> Vec<MarketInfo> {
            crate::market_reads::markets()
        }

        fn collaterals() -> Vec<(AssetId, CollateralParams)> {
            Markets::list_collaterals()
        }

        fn market_at(market: MarketId, block: u32) -> Option<MarketParams> {
            Markets::market_at(market, block)
        }

        fn collateral_at(asset: AssetId, block: u32) -> Option<CollateralParams> {
            Markets::collateral_at(asset, block)
        }

        fn correlations_at(block: u32) -> CorrelationInfo {
            crate::market_reads::correlations_at(block)
        }
    }

    impl bulwark_runtime_api::OrderBookApi<Block, AccountId, BlockNumber> for Runtime {
        fn depth(market: MarketId, levels: u32) -> (DepthSide, DepthSide) {
            let levels = levels.min(MAX_DEPTH_LEVELS);
            (
                OrderBook::depth(market, bulwark_primitives::Side::Bid, levels),
                OrderBook::depth(market, bulwark_primitives::Side::Ask, levels),
            )
        }

        fn best(market: MarketId) -> (Option<Price>, Option<Price>) {
            (OrderBook::best_bid(market), OrderBook::best_ask(market))
        }

        fn open_orders(account: SubAccount<AccountId>) -> Vec<OrderInfo<AccountId, BlockNumber>> {
            crate::reads::orders(&account)
        }

        fn order(market: MarketId, id: OrderId) -> Option<OrderInfo<AccountId, BlockNumber>> {
            crate::reads::order(market, id)
        }

        fn order_by_client_id(
            account: SubAccount<AccountId>,
            client_id: ClientOrderId,
        ) -> Option<OrderInfo<AccountId, BlockNumber>> {
            crate::reads::order_by_client_id(&account, client_id)
        }

        fn quote(
            market: MarketId,
            side: bulwark_primitives::Side,
            quantity: Quantity,
        ) -> Option<QuoteInfo> {
            crate::reads::quote(market, side, quantity)
        }

        fn auction(market: MarketId) -> Option<AuctionInfo> {
            crate::reads::auction(market)
        }

        fn stops(account: SubAccount<AccountId>) -> Vec<StopInfo<AccountId>> {
            crate::reads::stops(&account)
        }

        fn volume(account: SubAccount<AccountId>) -> Usd {
            OrderBook::volume_of(&account)
        }
    }

    impl bulwark_runtime_api::OrderBookTradesApi<Block, AccountId> for Runtime {
        fn trades() -> Vec<TradeInfo<AccountId>> {
            crate::reads::trades()
        }
    }

    impl bulwark_runtime_api::LiquidationApi<Block, AccountId> for Runtime {
        fn due_accounts(limit: u32) -> Vec<SubAccount<AccountId>> {
            Liquidation::due_accounts(limit.min(MAX_DUE_ACCOUNTS))
        }

        fn is_due(account: SubAccount<AccountId>) -> bool {
            Liquidation::is_due(&account)
        }

        fn adl_rank(account: SubAccount<AccountId>, market: MarketId) -> Option<AdlRank> {
            let pallet_liquidation::AdlRank { score, place, of } =
                Liquidation::adl_rank(&account, market)?;
            Some(AdlRank { score, place, of })
        }
    }

    impl bulwark_runtime_api::InsuranceApi<Block> for Runtime {
        fn fund() -> Usd {
            <Insurance as LossFund>::balance()
        }

        fn available(market: MarketId) -> FundReserves {
            let Reserves { fees, own, stakers } = <Insurance as LossFund>::available(market);
            FundReserves { fees, own, stakers }
        }
    }

    impl bulwark_runtime_api::BackstopApi<Block, AccountId> for Runtime {
        fn vault() -> BackstopInfo {
            crate::reads::backstop()
        }

        fn depositor(who: AccountId) -> Option<BackstopDepositorInfo> {
            crate::reads::backstop_depositor(who)
        }
    }

    impl bulwark_runtime_api::CoverApi<Block, AccountId> for Runtime {
        fn cover_quote(market: MarketId, cover: Usd, days: u32) -> Option<CoverQuoteInfo> {
            crate::cover_reads::quote(market, cover, days)
        }

        fn policies(account: SubAccount<AccountId>) -> Vec<CoverPolicyInfo> {
            crate::cover_reads::policies(account)
        }

        fn cover_pool(market: MarketId) -> Option<CoverPoolInfo> {
            crate::cover_reads::pool(market)
        }

        fn underwriter(market: MarketId, who: AccountId) -> Option<UnderwriterInfo> {
            crate::cover_reads::underwriter(market, who)
        }
    }

    impl bulwark_runtime_api::LendingApi<Block, AccountId> for Runtime {
        fn pool() -> Option<LendingPoolInfo> {
            crate::reads::lending_pool()
        }

        fn supplier(who: AccountId) -> Option<SupplierInfo> {
            crate::reads::supplier(who)
        }
    }

    impl bulwark_runtime_api::CircuitBreakerApi<Block> for Runtime {
        fn market_status(market: MarketId) -> StatusInfo {
            crate::reads::status(market)
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    impl frame_benchmarking::Benchmark<Block> for Runtime {
        fn benchmark_metadata(
            extra: bool,
        ) -> (Vec<frame_benchmarking::BenchmarkList>, Vec<frame_support::traits::StorageInfo>) {
            crate::benchmarks::metadata(extra)
        }

        fn dispatch_benchmark(
            config: frame_benchmarking::BenchmarkConfig,
        ) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String> {
            crate::benchmarks::dispatch(config)
        }
    }

    #[cfg(feature = "try-runtime")]
    impl frame_try_runtime::TryRuntime<Block> for Runtime {
        fn on_runtime_upgrade(
            checks: frame_try_runtime::UpgradeCheckSelect,
        ) -> (Weight, Weight) {
            // A failed upgrade check has to stop the try-runtime tool; nothing else calls this.
            #[allow(clippy::unwrap_used)]
            let weight = Executive::try_runtime_upgrade(checks).unwrap();
            (weight, <Runtime as frame_system::Config>::BlockWeights::get().max_block)
        }

        fn execute_block(
            block: <Block as BlockT>::LazyBlock,
            state_root_check: bool,
            signature_check: bool,
            select: frame_try_runtime::TryStateSelect,
        ) -> Weight {
            #[allow(clippy::unwrap_used)]
            Executive::try_execute_block(block, state_root_check, signature_check, select).unwrap()
        }
    }
}
