//! What policies pay, and who pays it.

use super::*;
use crate::{CoverEnds, Event, Policies};

#[test]
fn policy_should_pay_the_loss_up_to_its_cover_and_then_be_gone() {
    underwritten().execute_with(|| {
        let premium = buy(2, 500, 3);
        go_to(6);
        let before = assets();
        assert_eq!(lose(2, usd(300)), usd(300));
        assert_eq!(assets(), before.checked_sub(usd(300)).unwrap());
        System::assert_last_event(
            Event::CoverPaid {
                account: sub(2),
                market: A,
                loss: usd(300),
                paid: usd(300),
                assets: usd(700),
            }
            .into(),
        );
        assert_eq!(Insurance::policies(sub(2))[0].1.left, usd(200));
        // What it cannot pay is not paid, and its premium is earned.
        assert_eq!(lose(2, usd(300)), usd(200));
        assert_eq!(assets().0, 500_000_000 + premium.0);
        assert!(!Policies::<Test>::contains_key(sub(2), A));
        assert_eq!(CoverEnds::<Test>::iter().count(), 0);
        assert_eq!(lose(2, usd(300)), Usd::ZERO);
    });
}

#[test]
fn policy_should_pay_from_the_end_of_the_waiting_time_to_the_end_of_its_last_day() {
    for (block, paid) in [(1, 0), (5, 0), (6, 10), (399, 10), (400, 0), (9_000, 0)] {
        underwritten().execute_with(|| {
            buy(2, 500, 3);
            go_to(block);
            assert_eq!(lose(2, usd(10)), usd(paid), "{block}");
        });
    }
}

#[test]
fn nobody_should_be_paid_when_account_market_or_loss_are_not_those_of_the_policy() {
    underwritten().execute_with(|| {
        buy(2, 500, 3);
        go_to(6);
        let pay = <Insurance as LossCover<u64>>::pay;
        let before = <Insurance as LossCover<u64>>::held();
        assert_eq!(pay(&sub(3), A, usd(10)), Usd::ZERO);
        assert_eq!(pay(&SubAccount::new(2, 1), A, usd(10)), Usd::ZERO);
        assert_eq!(pay(&sub(2), MarketId(2), usd(10)), Usd::ZERO);
        for loss in [Usd::ZERO, Usd(-1), Usd(i128::MIN)] {
            assert_eq!(pay(&sub(2), A, loss), Usd::ZERO);
        }
        assert_eq!(<Insurance as LossCover<u64>>::held(), before);
        check();
    });
}

#[test]
fn policies_should_pay_in_the_order_of_their_ends() {
    underwritten().execute_with(|| {
        buy(2, 100, 5);
        buy(2, 50, 1);
        buy(2, 70, 5);
        // One that is not in force yet.
        go_to(10);
        buy(2, 60, 2);
        let left = || -> Vec<_> {
            Policies::<Test>::get(sub(2), A)
                .iter()
                .map(|policy| policy.left)
                .collect()
        };
        assert_eq!(left(), vec![usd(50), usd(60), usd(100), usd(70)]);
        assert_eq!(lose(2, usd(60)), usd(60));
        assert_eq!(left(), vec![usd(60), usd(90), usd(70)]);
        assert_eq!(lose(2, usd(500)), usd(160));
        assert_eq!(left(), vec![usd(60)]);
        assert_eq!(Insurance::cover_pool(A).unwrap().sold, usd(60));
    });
}

#[test]
fn underwriters_should_keep_the_premiums_when_everything_is_paid() {
    underwritten().execute_with(|| {
        let premium = buy(2, 1_000, 30);
        go_to(50);
        // More than all they had: what is left is what they were paid.
        assert_eq!(lose(2, usd(2_000)), usd(1_000));
        assert_eq!(assets(), premium);
        let first = Insurance::underwriter(A, 1).unwrap();
        assert_eq!(first.worth, premium);
        // A market starts again with what is there.
        underwrite(3, 500);
        let late = Insurance::underwriter(A, 3).unwrap();
        assert!(
            (usd(500).0 - 1_000..=usd(500).0).contains(&late.worth.0),
            "{late:?}"
        );
        go_to(200);
        assert!(Insurance::cover_quote(A, usd(100), 1).is_some());
    });
}

#[test]
fn policies_should_pay_when_no_call_has_settled_the_books_for_days() {
    underwritten().execute_with(|| {
        buy(2, 100, 1);
        buy(3, 100, 20);
        // The first is over, and nobody has said so.
        go_to(1_500);
        assert_eq!(lose(2, usd(100)), Usd::ZERO);
        assert_eq!(lose(3, usd(100)), usd(100));
        let pool = Insurance::cover_pool(A).unwrap();
        assert_eq!((pool.sold, pool.unearned), (Usd::ZERO, Usd::ZERO));
        check();
    });
}

#[test]
fn cover_should_not_be_sold_right_after_a_payment() {
    underwritten().execute_with(|| {
        buy(2, 100, 3);
        go_to(10);
        lose(2, usd(1));
        go_to(59);
        assert_eq!(Insurance::cover_quote(A, usd(100), 1), None);
        go_to(60);
        assert!(Insurance::cover_quote(A, usd(100), 1).is_some());
    });
}
