//! Weights generated from the pallets' benchmarks by `cargo xtask weights`, and the work of the due
//! queue that comes on top of them ([`observed`]).

pub mod observed;
pub mod pallet_backstop;
pub mod pallet_circuit_breaker;
pub mod pallet_insurance;
pub mod pallet_lending;
pub mod pallet_liquidation;
pub mod pallet_margin;
pub mod pallet_markets;
pub mod pallet_order_book;
pub mod pallet_price_oracle;
pub mod told;

#[cfg(test)]
mod tests {
    use crate::{weights, Runtime, RuntimeCall};
    use bulwark_primitives::{
        MarketId, Price, Quantity, Side, SubAccount, TimeInForce, PRICE_SCALE, SIZE_SCALE,
    };
    use pallet_liquidation::WeightInfo as _;
    use pallet_order_book::{BookAction, NewOrder, WeightInfo as _};
    use polkadot_sdk::{
        frame_support::traits::GetCallMetadata,
        frame_support::{dispatch::GetDispatchInfo, weights::Weight},
        frame_system,
        sp_runtime::AccountId32,
    };

    type Book = weights::pallet_order_book::WeightInfo<Runtime>;
    type Closing = weights::pallet_liquidation::WeightInfo<Runtime>;

    fn order() -> NewOrder<u32> {
        NewOrder {
            market: MarketId(1),
            side: Side::Bid,
            quantity: Quantity(SIZE_SCALE),
            price: Price(PRICE_SCALE),
            time_in_force: TimeInForce::GoodTillCancelled,
            reduce_only: false,
            expires_at: None,
        }
    }

    #[test]
    fn order_taken_out_of_the_way_should_cost_no_more_than_a_fill_when_an_account_is_closed() {
        let removal = Book::close(1, 1).saturating_sub(Book::close(1, 0));
        let fill = Closing::close_fills(2).saturating_sub(Closing::close_fills(1));
        assert!(removal.ref_time() <= fill.ref_time(), "{removal} {fill}");
    }

    #[test]
    fn taker_should_be_put_right_once_when_one_order_has_many_fills() {
        type Charged = weights::observed::Observed<Book>;
        let changed = |accounts: u64| Closing::account_changed().saturating_mul(accounts);
        let added = |with: fn(u32, u32) -> Weight, without: fn(u32, u32) -> Weight, fills| {
            with(fills, 3).saturating_sub(without(fills, 3))
        };
        for (fills, accounts) in [(0, 0), (1, 2), (24, 25)] {
            let placed = added(Charged::place_order_fill, Book::place_order_fill, fills);
            assert_eq!(placed, changed(accounts));
            let closed = added(Charged::close, Book::close, fills);
            assert_eq!(closed, changed(accounts));
        }
        // Orders of a batch each end a row of fills of their own.
        let taken = Charged::batch_take(24).saturating_sub(Book::batch_take(24));
        assert_eq!(taken, changed(48));
    }

    fn replaced() -> BookAction<u32> {
        BookAction::Amend {
            market: MarketId(1),
            order_id: 0,
            quantity: Quantity(SIZE_SCALE),
            price: Price(PRICE_SCALE),
            post_only: true,
        }
    }

    fn mixed(n: u32) -> BookAction<u32> {
        if n.is_multiple_of(2) {
            BookAction::Place(order())
        } else {
            replaced()
        }
    }

    /// What users have in a block, and what a batch of them reserves of it.
    fn reserved(action: impl Fn(u32) -> BookAction<u32>) -> (u64, u64) {
        let batch: RuntimeCall = pallet_order_book::Call::batch {
            sub_account: 0,
            actions: (0..64).map(action).collect(),
            atomic: false,
        }
        .into();
        let info = batch.get_dispatch_info();
        let limits = <Runtime as frame_system::Config>::BlockWeights::get();
        let users = limits.get(info.class).max_total.unwrap_or(Weight::MAX);
        (users.ref_time(), info.call_weight.ref_time())
    }

    #[test]
    fn batch_should_leave_room_for_others_when_it_only_moves_quotes() {
        let (users, batch) = reserved(|_| replaced());
        assert!(batch * 4 <= users, "{batch} of {users}");
        let (users, batch) = reserved(|order_id| BookAction::Cancel {
            market: MarketId(1),
            order_id: order_id.into(),
        });
        assert!(batch * 15 <= users, "{batch} of {users}");
    }

    #[test]
    fn action_of_a_batch_should_weigh_less_than_its_call() {
        let more = |of: fn(u32) -> Weight| of(64).saturating_sub(of(63)).ref_time();
        assert!(more(Book::batch_place) < Book::place_order_rest().ref_time());
        assert!(more(Book::batch_cancel) < Book::cancel_order().ref_time());
        // What is undone has read and computed, but not written.
        assert!(more(Book::batch_undone) < more(Book::batch_replace));
        assert!(more(Book::check_margin_light) < more(Book::check_margin));
        assert!(more(Book::check_margin) < Book::check_margin(0).ref_time());
    }

    #[test]
    fn largest_calls_should_fit_into_a_block() {
        let order = order();
        let calls: [RuntimeCall; 5] = [
            pallet_order_book::Call::place_order {
                sub_account: 0,
                market: order.market,
                side: order.side,
                quantity: order.quantity,
                price: order.price,
                time_in_force: order.time_in_force,
                reduce_only: false,
                expires_at: None,
            }
            .into(),
            pallet_order_book::Call::batch {
                sub_account: 0,
                actions: (0..64).map(|_| BookAction::Place(order.clone())).collect(),
                atomic: false,
            }
            .into(),
            // Half of a market maker's quotes replaced, and an order that takes between any two of them.
            pallet_order_book::Call::batch {
                sub_account: 0,
                actions: (0..64).map(mixed).collect(),
                atomic: false,
            }
            .into(),
            // All of his quotes replaced.
            pallet_order_book::Call::batch {
                sub_account: 0,
                actions: (0..64).map(|_| replaced()).collect(),
                atomic: false,
            }
            .into(),
            pallet_liquidation::Call::liquidate {
                account: SubAccount::new(AccountId32::new([1; 32]), 0),
            }
            .into(),
        ];
        let limits = <Runtime as frame_system::Config>::BlockWeights::get();
        for call in calls {
            let info = call.get_dispatch_info();
            let limit = limits.get(info.class);
            let most = limit
                .max_extrinsic
                .or(limit.max_total)
                .unwrap_or(Weight::MAX);
            assert!(
                info.total_weight().all_lte(most),
                "{:?}: {} of {most}",
                call.get_call_metadata(),
                info.total_weight()
            );
        }
    }
}
