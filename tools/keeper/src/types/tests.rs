use super::*;

#[test]
fn usd_should_be_exact_when_it_is_shown() {
    for (amount, text) in [
        (0, "0"),
        (1, "0.000001"),
        (1_500_000, "1.5"),
        (-2_000_001, "-2.000001"),
        (12_345_000_000, "12345"),
        (i128::MIN, "-170141183460469231731687303715884.105728"),
    ] {
        assert_eq!(Usd(amount).to_string(), text);
    }
}

#[test]
fn usd_should_be_read_when_it_is_a_plain_decimal() {
    for (text, amount) in [
        ("0", 0),
        ("2500", 2_500_000_000),
        ("0.5", 500_000),
        ("7.000001", 7_000_001),
    ] {
        assert_eq!(text.parse(), Ok(Usd(amount)), "{text}");
    }
    for text in [
        "",
        ".",
        "1.",
        ".5",
        "-1",
        "+1",
        "1e3",
        "1.0000001",
        "x",
        "9999999999999999999999999999999999999",
    ] {
        assert!(text.parse::<Usd>().is_err(), "{text}");
    }
}
/// Types with the shapes that the chain's have, and more fields than are read.
mod of_chain {
    use codec::Encode;
    use scale_info::TypeInfo;

    #[derive(Clone, Encode, TypeInfo)]
    pub struct AccountId32(pub [u8; 32]);
    #[derive(Clone, Encode, TypeInfo)]
    pub struct SubAccount<AccountId> {
        pub owner: AccountId,
        pub index: u16,
    }
    #[derive(Clone, Encode, TypeInfo)]
    pub struct Usd(pub i128);
    #[derive(Clone, Encode, TypeInfo)]
    pub struct MarketId(pub u32);
    #[derive(Clone, Encode, TypeInfo)]
    pub struct Health {
        pub equity: Usd,
        pub initial_equity: Usd,
        pub maintenance_margin: Usd,
        pub notional: Usd,
    }
    #[derive(Clone, Encode, TypeInfo)]
    pub enum HealthError {
        PriceUnavailable,
        Overflow,
    }
    #[derive(Clone, Encode, TypeInfo)]
    pub struct Position {
        pub market: MarketId,
        pub size: i128,
        pub notional: Usd,
        pub liquidation_price: Option<u128>,
    }
    #[derive(Clone, Encode, TypeInfo)]
    pub struct Summary {
        pub balance: Usd,
        pub collateral: Vec<(u32, u128)>,
        pub isolated: Option<MarketId>,
        pub health: Result<Health, HealthError>,
        pub positions: Vec<Position>,
    }
    #[derive(Clone, Encode, TypeInfo)]
    pub struct Known {
        pub class: u8,
        pub page: u64,
        pub closed_at: Option<u32>,
    }
    #[derive(Clone, Encode, TypeInfo)]
    pub struct Liquidated {
        pub account: SubAccount<AccountId32>,
        pub market: MarketId,
        pub quantity: u128,
        pub notional: Usd,
        pub fee: Usd,
        pub reward: Usd,
        pub liquidator: Option<AccountId32>,
        pub due_since: u32,
    }
}

/// Encodes as the chain does and decodes by the type's description.
fn read<C: codec::Encode + scale_info::TypeInfo + 'static, T: DecodeAsType>(of_chain: &C) -> T {
    let mut registry = scale_info::Registry::new();
    let id = registry.register_type(&scale_info::MetaType::new::<C>()).id;
    let types: scale_info::PortableRegistry = registry.into();
    T::decode_as_type(&mut &of_chain.encode()[..], id, &types).unwrap()
}

#[test]
fn summary_should_be_read_by_names_when_there_are_more_fields() {
    let health = of_chain::Health {
        equity: of_chain::Usd(-5),
        initial_equity: of_chain::Usd(1),
        maintenance_margin: of_chain::Usd(7),
        notional: of_chain::Usd(100),
    };
    let position = of_chain::Position {
        market: of_chain::MarketId(3),
        size: -8,
        notional: of_chain::Usd(-100),
        liquidation_price: Some(9),
    };
    let mut summary = of_chain::Summary {
        balance: of_chain::Usd(2),
        collateral: vec![(4, 5)],
        isolated: Some(of_chain::MarketId(3)),
        health: Ok(health),
        positions: vec![position],
    };
    let expected = AccountSummary {
        health: Ok(Health {
            equity: Usd(-5),
            maintenance_margin: Usd(7),
            notional: Usd(100),
        }),
        positions: vec![Position {
            market: 3,
            notional: Usd(-100),
        }],
    };
    assert_eq!(
        read::<_, Option<AccountSummary>>(&Some(summary.clone())),
        Some(expected)
    );
    for (error, expected) in [
        (
            of_chain::HealthError::PriceUnavailable,
            HealthError::PriceUnavailable,
        ),
        (of_chain::HealthError::Overflow, HealthError::Overflow),
    ] {
        summary.health = Err(error);
        assert_eq!(read::<_, AccountSummary>(&summary).health, Err(expected));
    }
    assert_eq!(
        read::<_, Option<AccountSummary>>(&None::<of_chain::Summary>),
        None
    );
}

#[test]
fn due_accounts_should_be_read_in_their_order() {
    let account = |byte, index| of_chain::SubAccount {
        owner: of_chain::AccountId32([byte; 32]),
        index,
    };
    let due: Vec<SubAccount> = read(&vec![account(2, 1), account(1, 65_535)]);
    let owners: Vec<_> = due
        .iter()
        .map(|account| (account.owner.0[0], account.index))
        .collect();
    assert_eq!(owners, [(2, 1), (1, 65_535)]);
}

#[test]
fn closing_should_be_read_with_who_was_paid() {
    let mut closing = of_chain::Liquidated {
        account: of_chain::SubAccount {
            owner: of_chain::AccountId32([1; 32]),
            index: 4,
        },
        market: of_chain::MarketId(2),
        quantity: 10,
        notional: of_chain::Usd(1_000),
        fee: of_chain::Usd(15),
        reward: of_chain::Usd(7),
        liquidator: Some(of_chain::AccountId32([9; 32])),
        due_since: 12,
    };
    let expected = Liquidated {
        account: SubAccount {
            owner: AccountId32([1; 32]),
            index: 4,
        },
        market: 2,
        notional: Usd(1_000),
        fee: Usd(15),
        reward: Usd(7),
        liquidator: Some(AccountId32([9; 32])),
    };
    assert_eq!(read::<_, Liquidated>(&closing), expected);
    assert_eq!(read::<_, About>(&closing).account, expected.account);
    closing.liquidator = None;
    assert_eq!(read::<_, Liquidated>(&closing).liquidator, None);
}

#[test]
fn known_should_be_parked_in_the_last_class_only() {
    let known = |class| {
        read::<_, Known>(&of_chain::Known {
            class,
            page: 1,
            closed_at: Some(2),
        })
    };
    assert!(known(63).is_parked());
    assert!(!known(62).is_parked());
}
