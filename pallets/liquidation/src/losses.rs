//! The order of losses, in one place.
//!
//! | layer | whose money | where |
//! |---|---|---|
//! | 1 | the account's own collateral | closing into the book, [`Pallet::close_account`]; what it has besides settlement asset to pools and the fund, [`LiquidationLedger::absorb`] |
//! | 2 | liquidation fees of the market | [`LossFund::draw`] |
//! | 3 | the backstop vault, within its caps | [`Pallet::offer`] |
//! | 4 | the insurance fund within the market's share of it, then its stakers | [`LossFund::draw`] |
//! | 6 | open profit of the positions closed against the account, highest rank first | [`Pallet::deleverage`] |
//! | 7 | open profit of the market, the same fraction of each | [`Pallet::cover_loss`] |
//!
//! Layer 3 takes a position over with its debt: it happens while the account still has positions, and what
//! it has borne is part of the loss that is told of. Layer 5 (cover) pays those who bear 6 or 7.
//!
//! Layer 6 happens while the account still has positions, layers 2 and 4 when it has none, so the
//! former leaves out what the latter will pay: who is closed gives up his share of what is owed
//! *beyond the fund*, and the fund pays the rest when the account is flat. Each attempt that
//! took something from somebody ends with one [`Event::LossCovered`], whose layers and rest sum to the shortfall
//! exactly; a loss that takes several blocks is several of them.
//!
//! What nobody can pay - no reserves, and no profit open in the market - stays with the account as
//! a debt, and from [`LEAST_UNCOVERED`] on the market turns reduce-only. It is brought again in every block in which there is
//! budget for parked accounts: the next income of the fund, or the next profit of the market, pays it.

use crate::{
    closing::Target,
    queue::{known, EffectivePrices},
    ranking::{Candidate, MAX_COUNTERPARTIES},
    types::{Attempt, Outcome},
    Config, Event, Known, KnownBits, Pallet,
};
use alloc::vec::Vec;
use bulwark_primitives::{Factor, Health, Incident, MarketId, Quantity, Size, SubAccount, Usd};
use bulwark_risk_math::{can_give, haircut, to_give_up, MathError};
use bulwark_traits::{
    Deleveraging, LiquidationLedger, LossFund, LossLedger, MarketGuard, OpenLosses, Reserves,
};
use core::cmp::Reverse;

/// Blocks after which a bankrupt account that the book does not take, and whose debt the fund would pay,
/// is closed against opposite positions: half a minute. When the fund would not pay it is at once.
pub const DELEVERAGE_BANKRUPT_AFTER: u32 = 15;
/// Blocks after which a solvent account that the book does not take is closed against opposite positions,
/// at mark: five minutes.
pub const DELEVERAGE_AFTER: u32 = 150;

/// Least unpaid loss that turns its market reduce-only: a cent. An account that was closed at its bankruptcy
/// price may owe the interest of the blocks until it is brought to the fund, and nobody would be helped by
/// a market that stands still for that.
pub const LEAST_UNCOVERED: Usd = Usd(10_000);

/// What an account owes beyond what the fund would pay for it now; nothing for a solvent account.
pub(crate) fn missing<T: Config>(market: MarketId, health: &Health) -> Usd {
    let reserves = T::Fund::available(market).total().unwrap_or_default();
    health
        .equity
        .checked_add(reserves)
        .and_then(Usd::checked_neg)
        .unwrap_or_default()
        .max(Usd::ZERO)
}

impl<T: Config> Pallet<T> {
    /// Layer 6: closes up to `quantity` of a position against opposite ones, highest rank first.
    /// Whether anything was closed. One search an attempt.
    ///
    /// At the bankruptcy price, less what the fund will pay: each part brings in its share of what is
    /// [`missing`] beyond its value at mark. A counterparty that cannot give its share, because it has
    /// won less or would fall under maintenance, is closed for what it can; the rest is asked of
    /// those after it.
    pub(crate) fn deleverage(
        account: &SubAccount<T::AccountId>,
        target: &Target,
        quantity: Quantity,
        attempt: &mut Attempt,
    ) -> bool {
        if !attempt.others || attempt.searches > 0 {
            return false;
        }
        attempt.searches = 1;
        let (market, size) = (target.market(), target.size());
        let opposite = if size.is_long() {
            Factor::Short(market)
        } else {
            Factor::Long(market)
        };
        let mut left = quantity;
        let candidates = Self::search(opposite, account);
        for candidate in candidates.into_iter().take(most()) {
            if left.is_zero() {
                break;
            }
            let part = left.min(candidate.open.size.quantity());
            let Ok(give_up) = Self::asked_of(account, target, part) else {
                Self::math_failed(market, MathError::Overflow);
                break;
            };
            let closed =
                Self::close_against(account, market, part, give_up, candidate.account, attempt);
            left = left.checked_sub(closed).unwrap_or_default();
        }
        left < quantity
    }

    /// What the counterparty of a part is asked to give up.
    fn asked_of(
        account: &SubAccount<T::AccountId>,
        target: &Target,
        part: Quantity,
    ) -> Result<Usd, MathError> {
        let health = T::Ledger::health(account).map_err(|_| MathError::Overflow)?;
        let missing = missing::<T>(target.market(), &health);
        if missing.is_zero() {
            return Ok(missing);
        }
        let part = part.long().unwrap_or(Size::ZERO);
        let margin = target.margin_of(part)?;
        to_give_up(missing, margin, health.maintenance_margin)
    }

    pub(crate) fn close_against(
        account: &SubAccount<T::AccountId>,
        market: MarketId,
        quantity: Quantity,
        give_up: Usd,
        counterparty: SubAccount<T::AccountId>,
        attempt: &mut Attempt,
    ) -> Quantity {
        let order = Deleveraging {
            account: account.clone(),
            counterparty,
            market,
            quantity,
            give_up,
        };
        attempt.deleveraged = attempt.deleveraged.saturating_add(1);
        match T::Ledger::deleverage(&order) {
            Ok(done) => {
                attempt.given_up = attempt
                    .given_up
                    .checked_add(done.given_up)
                    .unwrap_or(attempt.given_up);
                Self::deposit_event(Event::Deleveraged {
                    account: order.account,
                    counterparty: order.counterparty,
                    market,
                    quantity: done.quantity,
                    notional: done.notional,
                    given_up: done.given_up,
                });
                done.quantity
            }
            Err(error) => {
                log::error!(
                    target: crate::LOG_TARGET,
                    "event=deleverage_failed order={order:?} error={error:?}",
                );
                Quantity::ZERO
            }
        }
    }

    /// Layers 2, 4 and 7: brings what a flat account owes to the fund, and what the fund does not
    /// pay to the open profits of the market. A rest that stays unpaid stays with the account, which
    /// stays due; it is brought again when somebody has something.
    pub(crate) fn cover_loss(
        account: &SubAccount<T::AccountId>,
        was_parked: bool,
        attempt: &mut Attempt,
    ) -> Outcome {
        attempt.covered = true;
        let market = Self::known(account)
            .and_then(|known| known.market)
            .unwrap_or(MarketId::LOANS);
        let reserves = T::Fund::available(market);
        let is_empty = reserves.total().unwrap_or_default() <= Usd::ZERO;
        let absorbed = T::Ledger::absorb(account, &mut |amount| {
            // The fund is not asked again for a debt that it was asked for before, as long as it is empty; pools,
            // for what is left of the collateral, are.
            if was_parked && is_empty {
                Usd::ZERO
            } else {
                T::Fund::draw(market, amount)
            }
        });
        let (owed, paid) = match absorbed {
            Ok(absorbed) => {
                attempt.sales = attempt.sales.saturating_add(absorbed.sales);
                (absorbed.shortfall, absorbed.paid)
            }
            Err(error) => {
                log::error!(
                    target: crate::LOG_TARGET,
                    "event=absorb_failed account={account:?} error={error:?}",
                );
                T::Guard::report(market, Incident::MathFailure);
                return Outcome::MathFailure;
            }
        };
        let rest = owed.checked_sub(paid).unwrap_or(owed);
        let by_haircut = Self::cut_profits(account, market, rest, attempt);
        let loss = Loss {
            reserves: reserves.split(paid),
            by_haircut,
            unpaid: rest.checked_sub(by_haircut).unwrap_or(rest),
        };
        if !was_parked || paid > Usd::ZERO || by_haircut > Usd::ZERO {
            Self::announce_loss(account, market, loss, attempt);
        }
        Self::evaluate_again(account, &mut EffectivePrices::default(), attempt);
        if Known::<T>::contains_key(account) {
            if attempt.others {
                Outcome::FundShort
            } else {
                Outcome::NoRoom
            }
        } else {
            Outcome::Progress
        }
    }

    /// Tells of a loss with what was given up since the last time, if there is anything to tell.
    pub(crate) fn announce_loss(
        account: &SubAccount<T::AccountId>,
        market: MarketId,
        loss: Loss,
        attempt: &mut Attempt,
    ) {
        let by_deleveraging = core::mem::take(&mut attempt.given_up);
        let by_vault = core::mem::take(&mut attempt.by_vault);
        let Loss {
            reserves,
            by_haircut,
            unpaid,
        } = loss;
        let shortfall = [by_vault, by_deleveraging, by_haircut, unpaid]
            .into_iter()
            .try_fold(reserves.total().unwrap_or_default(), Usd::checked_add)
            .unwrap_or_default();
        if shortfall > Usd::ZERO {
            Self::deposit_event(Event::LossCovered {
                account: account.clone(),
                market,
                shortfall,
                by_fees: reserves.fees,
                by_fund: reserves.own,
                by_stakers: reserves.stakers,
                by_deleveraging,
                by_haircut,
                unpaid,
                by_vault,
            });
        }
        if unpaid >= LEAST_UNCOVERED {
            T::Guard::report(market, Incident::UncoveredLoss);
        }
    }

    /// Layer 7: takes `missing` out of the open profits of a market, the same fraction of what each
    /// can give; returns what was taken.
    ///
    /// An index that every account would apply to itself later cannot do this: it would have to say
    /// of each position whether it was in profit when the loss came, and until it is applied health would be
    /// wrong without any trigger knowing. So the fraction is applied at once, to the
    /// [`MAX_COUNTERPARTIES`] positions of either side that rank highest; when all of theirs is not
    /// enough, those behind them follow in the next block.
    fn cut_profits(
        account: &SubAccount<T::AccountId>,
        market: MarketId,
        missing: Usd,
        attempt: &mut Attempt,
    ) -> Usd {
        if !attempt.others || missing <= Usd::ZERO {
            return Usd::ZERO;
        }
        attempt.searches = attempt.searches.saturating_add(2);
        let mut winners: Vec<_> = [Factor::Long(market), Factor::Short(market)]
            .into_iter()
            .flat_map(|factor| Self::search(factor, account))
            .filter_map(|winner| Some((spare(&winner)?, winner)))
            .collect();
        winners.sort_by_cached_key(|(_, winner)| (Reverse(winner.score), winner.account.clone()));
        winners.truncate(most());
        let all = winners
            .iter()
            .try_fold(Usd::ZERO, |sum, (spare, _)| sum.checked_add(*spare))
            .unwrap_or(Usd::MAX);
        let mut left = missing;
        for (spare, winner) in winners {
            let share = haircut(missing, spare, all).unwrap_or_default();
            let share = share.min(spare).min(left);
            attempt.cut = attempt.cut.saturating_add(1);
            match T::Ledger::cut_profit(&winner.account, market, account, share) {
                Ok(taken) => left = left.checked_sub(taken).unwrap_or(left),
                Err(error) => log::error!(
                    target: crate::LOG_TARGET,
                    "event=haircut_failed account={:?} error={error:?}",
                    winner.account,
                ),
            }
        }
        missing.checked_sub(left).unwrap_or_default()
    }
}

/// Who has paid how much of a loss, deleveraging apart.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Loss {
    pub reserves: Reserves,
    pub by_haircut: Usd,
    pub unpaid: Usd,
}

impl<T: Config> OpenLosses for Pallet<T> {
    /// Accounts of the worst class owe more than they own. One that is parked is not among them: what
    /// nobody can pay was brought to the fund before.
    fn is_open() -> bool {
        KnownBits::<T>::get() & known::mask(0) != 0
    }
}

fn most() -> usize {
    usize::try_from(MAX_COUNTERPARTIES).unwrap_or(usize::MAX)
}

/// What a winner can give without being closed; `None` when that is nothing.
fn spare<AccountId>(winner: &Candidate<AccountId>) -> Option<Usd> {
    let slack = winner.open.health?.slack()?;
    Some(can_give(winner.open.profit, slack)).filter(|spare| *spare > Usd::ZERO)
}
