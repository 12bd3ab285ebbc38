//! A sent transaction on its way.

use crate::{
    chain::{self, Progress},
    fate::Fate,
    types::SubAccount,
};
use subxt::{transactions::TransactionStatus, utils::AccountId32};
use tokio::task::JoinSet;

/// Those on their way over one connection; each ends with what became of it, if that can be told.
pub type Watched = JoinSet<(SubAccount, Option<Fate>)>;

/// Follows a transaction to its end, or to its final block. Nothing when the end cannot be told.
pub async fn follow(
    mut progress: Progress,
    account: SubAccount,
    me: AccountId32,
    finalized: bool,
) -> (SubAccount, Option<Fate>) {
    let dropped = |reason, detail| (account, Some(Fate::Dropped { reason, detail }));
    while let Some(Ok(status)) = progress.next().await {
        let included = match status {
            TransactionStatus::InBestBlock(included) if !finalized => included,
            TransactionStatus::InFinalizedBlock(included) => included,
            TransactionStatus::Invalid { message } => return dropped("Invalid", message),
            TransactionStatus::Dropped { message } => return dropped("Dropped", message),
            TransactionStatus::Error { message } => return dropped("Error", message),
            TransactionStatus::InBestBlock(_)
            | TransactionStatus::Validated
            | TransactionStatus::Broadcasted
            | TransactionStatus::NoLongerInBestBlock => continue,
        };
        let receipt = chain::receipt(&included).await.ok();
        return (
            account,
            receipt.map(|receipt| Fate::of(receipt, &account, &me)),
        );
    }
    (account, None)
}
