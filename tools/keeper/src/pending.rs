//! Transactions whose end is not known yet, and the nonce of the next one.

use crate::types::SubAccount;
use std::collections::BTreeMap;

/// Blocks after the last in which a transaction may be included until it is given up: its end is told
/// late when the node is busy.
const GRACE: u64 = 2;

/// Accounts for which a transaction is on its way. They outlive a connection: what was sent over the last
/// one may still get into a block.
#[derive(Debug)]
pub struct Pending {
    longevity: u64,
    /// The block up to which each is waited for.
    until: BTreeMap<SubAccount, u64>,
    nonce: Option<u64>,
}

impl Pending {
    /// For transactions that live for `longevity` blocks.
    pub const fn new(longevity: u64) -> Self {
        Self {
            longevity,
            until: BTreeMap::new(),
            nonce: None,
        }
    }

    /// Whether one is on its way for `account`.
    pub fn contains(&self, account: &SubAccount) -> bool {
        self.until.contains_key(account)
    }

    /// How many are on their way.
    pub fn len(&self) -> usize {
        self.until.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.until.is_empty()
    }

    /// One was sent at `block`.
    pub fn sent(&mut self, account: SubAccount, block: u64) {
        let until = block.saturating_add(self.longevity).saturating_add(GRACE);
        self.until.insert(account, until);
    }

    /// The end of one is known; whether it was still waited for.
    pub fn settle(&mut self, account: &SubAccount) -> bool {
        self.until.remove(account).is_some()
    }

    /// Gives up those that cannot get into a block after `block` any more.
    pub fn expire(&mut self, block: u64) -> Vec<SubAccount> {
        let (gone, kept) = std::mem::take(&mut self.until)
            .into_iter()
            .partition(|(_, until)| *until < block);
        self.until = kept;
        let gone: BTreeMap<_, _> = gone;
        gone.into_keys().collect()
    }

    /// Forgets everything: the node is of another chain.
    pub fn clear(&mut self) {
        self.until.clear();
        self.nonce = None;
    }

    /// The nonce of the next transaction; nothing when the node has to be asked.
    pub const fn nonce(&self) -> Option<u64> {
        self.nonce
    }

    /// What the next transaction's nonce is, or that it is not known: something that was sent is lost, and
    /// what comes after it would wait in vain.
    pub fn set_nonce(&mut self, nonce: Option<u64>) {
        self.nonce = nonce;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use subxt::utils::AccountId32;

    fn account(index: u16) -> SubAccount {
        SubAccount {
            owner: AccountId32([1; 32]),
            index,
        }
    }

    #[test]
    fn pending_should_be_given_up_when_it_cannot_be_included_any_more() {
        let mut pending = Pending::new(8);
        pending.sent(account(0), 100);
        pending.sent(account(1), 103);
        assert_eq!(pending.expire(110), []);
        assert_eq!(pending.expire(111), [account(0)]);
        assert!(!pending.contains(&account(0)));
        assert!(pending.contains(&account(1)));
        assert_eq!(pending.len(), 1);
    }

    #[test]
    fn pending_should_be_settled_once() {
        let mut pending = Pending::new(8);
        pending.sent(account(0), 1);
        assert!(pending.settle(&account(0)));
        assert!(!pending.settle(&account(0)));
        assert!(pending.is_empty());
    }

    #[test]
    fn nonce_should_be_asked_for_when_the_chain_is_another() {
        let mut pending = Pending::new(8);
        pending.set_nonce(Some(5));
        pending.sent(account(0), 1);
        pending.clear();
        assert_eq!(pending.nonce(), None);
        assert!(pending.is_empty());
    }
}
