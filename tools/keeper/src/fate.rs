//! How a sent liquidation ended.

use crate::types::{Liquidated, SubAccount, Usd};
use subxt::utils::AccountId32;

/// What a transaction in a block has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Closings in it.
    pub closings: Vec<Liquidated>,
    /// Why nothing could be closed.
    pub parked: Option<String>,
    /// The error that it ended with.
    pub error: Option<String>,
    /// What was paid for it, in base units of the native token; nothing for a call that was free.
    pub cost: u128,
}

/// How a sent liquidation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Something was closed and the keeper was paid.
    Earned {
        /// In which market.
        market: u32,
        /// For how much was closed.
        notional: Usd,
        /// What the keeper got.
        reward: Usd,
    },
    /// It is in a block, and there is no reward.
    InVain {
        /// The error's name, or `Parked.` with the chain's reason, or `NoReward`.
        reason: String,
        /// What was paid for it, in base units of the native token.
        cost: u128,
    },
    /// It came into no block.
    Dropped {
        /// One word for it.
        reason: &'static str,
        /// As the node puts it.
        detail: String,
    },
}

impl Fate {
    /// What a receipt means to the keeper `me`, who wanted to liquidate `account`.
    pub fn of(receipt: Receipt, account: &SubAccount, me: &AccountId32) -> Self {
        let Receipt {
            closings,
            parked,
            error,
            cost,
        } = receipt;
        let mut own = closings
            .iter()
            .filter(|closing| closing.account == *account && closing.liquidator == Some(*me));
        if let Some(first) = own.next() {
            let (notional, reward) = own.fold(
                (first.notional, first.reward),
                |(notional, reward), closing| {
                    (notional.plus(closing.notional), reward.plus(closing.reward))
                },
            );
            return Self::Earned {
                market: first.market,
                notional,
                reward,
            };
        }
        let reason = error
            .or_else(|| parked.map(|reason| format!("Parked.{reason}")))
            .unwrap_or_else(|| "NoReward".into());
        Self::InVain { reason, cost }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: AccountId32 = AccountId32([9; 32]);
    const ACCOUNT: SubAccount = SubAccount {
        owner: AccountId32([1; 32]),
        index: 3,
    };

    fn closing(reward: i128, liquidator: Option<AccountId32>) -> Liquidated {
        Liquidated {
            account: ACCOUNT,
            market: 2,
            notional: Usd(reward * 100),
            fee: Usd(reward * 2),
            reward: Usd(reward),
            liquidator,
        }
    }

    #[test]
    fn fate_should_be_earned_when_the_keeper_was_paid() {
        let closings = vec![
            closing(5, Some(ME)),
            closing(7, Some(ME)),
            closing(100, None),
        ];
        let receipt = Receipt {
            closings,
            ..Receipt::default()
        };
        let earned = Fate::Earned {
            market: 2,
            notional: Usd(1_200),
            reward: Usd(12),
        };
        assert_eq!(Fate::of(receipt, &ACCOUNT, &ME), earned);
    }

    #[test]
    fn fate_should_name_the_reason_when_nothing_was_earned() {
        let in_vain = |reason: &str| Fate::InVain {
            reason: reason.into(),
            cost: 4,
        };
        let paid = Receipt {
            cost: 4,
            ..Receipt::default()
        };
        let failed = Receipt {
            error: Some("Liquidation.AlreadyClosed".into()),
            ..paid.clone()
        };
        assert_eq!(
            Fate::of(failed, &ACCOUNT, &ME),
            in_vain("Liquidation.AlreadyClosed")
        );
        let parked = Receipt {
            parked: Some("NoLiquidity".into()),
            ..paid.clone()
        };
        assert_eq!(
            Fate::of(parked, &ACCOUNT, &ME),
            in_vain("Parked.NoLiquidity")
        );
        // A bankrupt account is closed without a fee, so nobody is paid.
        let unpaid = Receipt {
            closings: vec![closing(0, None)],
            ..paid
        };
        assert_eq!(Fate::of(unpaid, &ACCOUNT, &ME), in_vain("NoReward"));
    }

    #[test]
    fn fate_should_not_count_closings_of_other_accounts() {
        let other = Liquidated {
            account: SubAccount {
                index: 4,
                ..ACCOUNT
            },
            ..closing(5, Some(ME))
        };
        let receipt = Receipt {
            closings: vec![other],
            ..Receipt::default()
        };
        let in_vain = Fate::InVain {
            reason: "NoReward".into(),
            cost: 0,
        };
        assert_eq!(Fate::of(receipt, &ACCOUNT, &ME), in_vain);
    }
}
