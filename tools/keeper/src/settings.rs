//! What the keeper is told once.

use subxt::utils::AccountId32;
use subxt_signer::sr25519::Keypair;

/// What does not change while the keeper runs.
pub struct Settings {
    /// The node.
    pub url: String,
    /// Who signs; nobody in a dry run.
    pub key: Option<Keypair>,
    /// Blocks in which a transaction may be included.
    pub longevity: u64,
    /// Most due accounts to look at in a block.
    pub look_at: u32,
    /// Most transactions on their way at a time.
    pub max_pending: usize,
    /// Goes by final blocks instead of the best ones.
    pub finalized: bool,
    /// Looks at one block and waits for what it sent.
    pub once: bool,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// The signer's account.
    pub fn account(&self) -> Option<AccountId32> {
        self.key.as_ref().map(|key| AccountId32(key.public_key().0))
    }
}
