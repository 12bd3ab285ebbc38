use super::*;

const KEEPER: AccountId32 = AccountId32([9; 32]);

fn candidate(index: u16, equity: i128, maintenance: i128) -> Candidate {
    Candidate {
        account: SubAccount {
            owner: AccountId32([1; 32]),
            index,
        },
        place: index.into(),
        parked: false,
        health: Health {
            equity: Usd(equity),
            maintenance_margin: Usd(maintenance),
            notional: Usd(maintenance * 30),
        },
        positions: vec![Position {
            market: 1,
            notional: Usd(maintenance * 30),
        }],
    }
}

fn view(due: Vec<Candidate>) -> View {
    View {
        block: 1,
        keeper: Some(KEEPER),
        closed_by_chain: 0,
        due,
    }
}

fn all() -> Standard {
    Standard {
        leave: Leave::Auto,
        min_notional: Usd::ZERO,
        markets: BTreeSet::new(),
        unpaid: false,
    }
}

fn chosen(mut strategy: Standard, view: &View) -> Vec<u16> {
    strategy
        .choose(view)
        .into_iter()
        .map(|account| account.index)
        .collect()
}

#[test]
fn standard_should_take_the_worst_first_when_all_can_pay() {
    let due = vec![
        candidate(0, 90, 100),
        candidate(1, 10, 100),
        candidate(2, 1, 2),
        candidate(3, 40, 100),
    ];
    assert_eq!(chosen(all(), &view(due)), [1, 3, 2, 0]);
}

#[test]
fn standard_should_leave_to_the_chain_what_it_closes_first() {
    let due = vec![
        candidate(0, 1, 100),
        candidate(1, 2, 100),
        candidate(2, 60, 100),
        candidate(3, 50, 100),
    ];
    let view = View {
        closed_by_chain: 2,
        ..view(due)
    };
    assert_eq!(chosen(all(), &view), [3, 2]);
    assert_eq!(
        chosen(
            Standard {
                leave: Leave::Fixed(0),
                ..all()
            },
            &view
        ),
        [0, 1, 3, 2]
    );
    assert_eq!(
        chosen(
            Standard {
                leave: Leave::Fixed(9),
                ..all()
            },
            &view
        ),
        [0u16; 0]
    );
}

#[test]
fn standard_should_leave_out_who_cannot_pay_unless_it_is_told() {
    let bankrupt = candidate(0, -5, 100);
    let parked = Candidate {
        parked: true,
        ..candidate(1, 50, 100)
    };
    let own = Candidate {
        account: SubAccount {
            owner: KEEPER,
            index: 2,
        },
        ..candidate(2, 60, 100)
    };
    let due = vec![bankrupt, parked, own, candidate(3, 70, 100)];
    assert_eq!(chosen(all(), &view(due.clone())), [3]);
    assert_eq!(
        chosen(
            Standard {
                unpaid: true,
                ..all()
            },
            &view(due)
        ),
        [0, 1, 2, 3]
    );
}

#[test]
fn standard_should_never_take_who_is_above_maintenance_or_flat() {
    let healthy = candidate(0, 100, 100);
    let flat = Candidate {
        positions: vec![],
        ..candidate(1, -5, 0)
    };
    let everything = Standard {
        unpaid: true,
        ..all()
    };
    assert_eq!(chosen(everything, &view(vec![healthy, flat])), [0u16; 0]);
}

#[test]
fn standard_should_keep_to_its_markets_and_its_least_notional() {
    let mut other = candidate(1, 50, 100);
    other.positions[0].market = 2;
    let due = vec![candidate(0, 50, 10), other, candidate(2, 60, 100)];
    let only = Standard {
        markets: BTreeSet::from([2]),
        ..all()
    };
    assert_eq!(chosen(only, &view(due.clone())), [1]);
    let large = Standard {
        min_notional: Usd(3_000),
        ..all()
    };
    assert_eq!(chosen(large, &view(due)), [1, 2]);
}

#[test]
fn ratio_should_not_overflow_when_numbers_are_extreme() {
    let huge = candidate(0, i128::MAX, 1);
    let none = Candidate {
        health: Health {
            equity: Usd(i128::MIN),
            maintenance_margin: Usd(0),
            notional: Usd(0),
        },
        ..candidate(1, 0, 1)
    };
    assert_eq!(none.by_health(&huge), Ordering::Less);
    assert_eq!(none.by_health(&none), Ordering::Equal);
}

#[test]
fn leave_should_be_read_when_it_is_a_number_or_auto() {
    assert_eq!("auto".parse(), Ok(Leave::Auto));
    assert_eq!("12".parse(), Ok(Leave::Fixed(12)));
    assert!("-1".parse::<Leave>().is_err());
}
