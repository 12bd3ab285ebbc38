//! What liquidation asks the backstop vault, and what the vault asks the ledger.

use bulwark_primitives::{MarketId, Price, Quantity, Size, SubAccount, Usd};
use sp_runtime::{DispatchError, DispatchResult};

/// A part of a position that is offered to the backstop vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Takeover<AccountId> {
    /// Whose position has to go.
    pub account: SubAccount<AccountId>,
    /// In which market.
    pub market: MarketId,
    /// How much at most, 18 decimals, signed like the position: positive when the account is long.
    pub size: Size,
    /// At what price per unit, 18 decimals, for both sides: a long account sells at it to the vault, a
    /// short one buys back from it. Below mark for a long and above it for a short is what the vault is
    /// paid for its help; beyond mark the other way is a loss that it takes over at once.
    pub price: Price,
}

/// What the vault took over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakenOver {
    /// How much. Nothing when the vault does not take any of it; nothing has changed then.
    pub quantity: Quantity,
    /// `price * quantity`, what a long account got and a short one paid: rounded down for a long and up
    /// for a short, in favour of the vault, by less than a base unit.
    pub notional: Usd,
}

/// The backstop vault as liquidation sees it: a source that takes positions over with its own capital,
/// when the book cannot or may not.
///
/// The caller offers positions of accounts under two thirds of maintenance margin
/// (`risk_math::is_for_backstop`), at a price between the account's bankruptcy price and the mark. The
/// vault does not look at the account's health; it looks at what it is asked to risk.
///
/// # In which markets
/// `Active`, `PostOnly`, `ReduceOnly` and `Paused`: a takeover is no fill and needs no open market. Never
/// in `Settling` and `Closed`, never without a price that liquidation may use, and never from the
/// vault's own accounts.
pub trait Backstop<AccountId> {
    /// How much of `offer` the vault takes at its price in this state: the whole of it, or whole lots
    /// (rounded down) that leave the account with none or at least the market's smallest order. Within the
    /// market's cap of notional, and within what the caps of loss of the market and of the day leave:
    /// the vault counts all it puts at risk as if it were lost. Reads a bounded number of items,
    /// changes nothing and tells nobody.
    ///
    /// The quantity is not of the offer's position but of the offer: an offer of more than the account
    /// has is cut by [`Self::take_over`].
    fn quote(offer: &Takeover<AccountId>) -> Quantity;

    /// Takes over as much of `offer` as [`Self::quote`] says, at most what the account has on that side, in one
    /// trade outside the book at the offer's price. No fee is taken. The due queue is told of both
    /// accounts, the vault's first.
    ///
    /// When a cap left less than was offered, an event says which. Nothing taken is no error.
    ///
    /// # Errors
    /// Whatever the ledger has against it, for example that the account has no such position;
    /// nothing has changed then.
    fn take_over(offer: &Takeover<AccountId>) -> Result<TakenOver, DispatchError>;

    /// Whether an account is one of the vault's own: it is liquidated like any other, by everybody but
    /// the vault.
    fn is_own(account: &SubAccount<AccountId>) -> bool;

    /// Gives the vault so much capital, and takes its caps of loss away, so that it takes what it is offered;
    /// for benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn endow(amount: Usd) {
        let _ = amount;
    }
}

/// No vault: nothing is taken.
impl<AccountId> Backstop<AccountId> for () {
    fn quote(_: &Takeover<AccountId>) -> Quantity {
        Quantity::ZERO
    }

    fn take_over(_: &Takeover<AccountId>) -> Result<TakenOver, DispatchError> {
        Ok(TakenOver::default())
    }

    fn is_own(_: &SubAccount<AccountId>) -> bool {
        false
    }
}

/// Accounts as the vault sees them, beside what liquidation sees.
pub trait BackstopLedger<AccountId> {
    /// Moves settlement asset from a wallet into an account of the vault. The observer is told.
    fn deposit(from: &AccountId, to: &SubAccount<AccountId>, amount: Usd) -> DispatchResult;

    /// Moves settlement asset out of an account of the vault into a wallet, by the rules of a withdrawal
    /// and by the one function through which all value leaves. The observer is told.
    fn withdraw(from: &SubAccount<AccountId>, to: &AccountId, amount: Usd) -> DispatchResult;

    /// Moves settlement asset between two accounts of the vault. `from` is held to the rules of a
    /// withdrawal. The observer is told of both.
    fn allot(
        from: &SubAccount<AccountId>,
        to: &SubAccount<AccountId>,
        amount: Usd,
    ) -> DispatchResult;

    /// Trades `offer` between its account and `to`, which is tied to the market by it: what the
    /// account has less, `to` has more, or less of the opposite. `to` needs initial margin at the
    /// prices that liquidation may use afterwards, unless it only became smaller. Open interest does not
    /// grow. The observer is told of both, `to` first.
    fn take_over(
        offer: &Takeover<AccountId>,
        to: &SubAccount<AccountId>,
    ) -> Result<TakenOver, DispatchError>;

    /// Settlement asset of an account, interest included, unsettled funding not.
    fn balance(account: &SubAccount<AccountId>) -> Usd;

    /// Gives a wallet settlement asset, for benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn endow_wallet(who: &AccountId, amount: Usd);
}
