use crate::{mock::*, OrderInfo};
use bulwark_primitives::{MarketId, Side};
use frame_support::assert_ok;

#[test]
fn depth_should_list_levels_best_first() {
    run(|| {
        for (tick, lots) in [
            (1_000, 2),
            (70_000, 1),
            (999, 4),
            (1_000, 3),
            (16_000_000, 1),
        ] {
            assert_ok!(bid(1, lots, tick).place());
        }
        assert_eq!(
            levels(Side::Bid),
            vec![(16_000_000, 1), (70_000, 1), (1_000, 5), (999, 4)]
        );
        let two = OrderBook::depth(MARKET, Side::Bid, 2);
        assert_eq!(two.len(), 2);
        assert_eq!(two[1], (price(MARKET, 70_000), quantity(MARKET, 1)));
        assert_eq!(OrderBook::best_bid(MARKET), Some(price(MARKET, 16_000_000)));
        assert_eq!(OrderBook::best_ask(MARKET), None);
        assert_ok!(OrderBook::cancel_all(RuntimeOrigin::signed(1), 0, None));
        assert_ok!(ask(1, 1, 7).place());
        assert_ok!(ask(1, 1, 3_000).place());
        assert_eq!(levels(Side::Ask), vec![(7, 1), (3_000, 1)]);
        assert_eq!(OrderBook::best_ask(MARKET), Some(price(MARKET, 7)));
    });
}

#[test]
fn answers_should_be_empty_when_the_market_does_not_exist() {
    run(|| {
        assert_eq!(OrderBook::depth(MarketId(5), Side::Bid, 9), vec![]);
        assert_eq!(OrderBook::best_bid(MarketId(5)), None);
    });
}

#[test]
fn orders_of_should_list_what_is_left_of_an_accounts_orders() {
    run(|| {
        assert_ok!(bid(1, 5, 1_000).expires_at(9).place());
        assert_ok!(ask(2, 2, 1_000).place());
        assert_eq!(
            OrderBook::orders_of(&account(1)),
            vec![OrderInfo {
                market: MARKET,
                order_id: 0,
                side: Side::Bid,
                price: price(MARKET, 1_000),
                quantity: quantity(MARKET, 3),
                reduce_only: false,
                expires_at: Some(9),
                good_till: None,
                client_id: None,
            }]
        );
        assert_eq!(OrderBook::orders_of(&account(2)), vec![]);
    });
}
