//! The command line.

use crate::{
    settings::Settings,
    strategy::{Leave, Standard},
    types::Usd,
};
use clap::Parser;
use std::{path::PathBuf, str::FromStr};
use subxt_signer::{sr25519::Keypair, SecretUri};

/// Liquidates accounts under maintenance margin for half of the liquidation fee.
///
/// The chain liquidates by itself at the beginning of every block, and what it closes there earns a keeper
/// nothing. What is left is what does not fit into a block: so this keeper leaves the first accounts of the
/// queue to the chain and sends the signed call `Liquidation.liquidate` for those behind them.
///
/// Rewards go to the signer's sub-account 0. A call that closes something is free; one that does not costs
/// a fee in the native token.
#[derive(Debug, Parser)]
#[command(name = "bulwark-keeper", version)]
pub struct Args {
    /// The node.
    #[arg(long, value_name = "URL", default_value = "ws://127.0.0.1:9944")]
    url: String,

    /// Who signs (sr25519): a secret phrase with derivations, or a development key like `//Alice`. Others on
    /// this machine can see it: for real money use --key-file.
    #[arg(long, value_name = "SECRET", required_unless_present_any = ["key_file", "dry_run"])]
    key: Option<String>,

    /// A file with the secret in its first line.
    #[arg(long, value_name = "FILE", conflicts_with = "key")]
    key_file: Option<PathBuf>,

    /// Only accounts with a position in this market; may be repeated. Without it, all.
    #[arg(long = "market", value_name = "ID")]
    markets: Vec<u32>,

    /// Only accounts whose positions are worth so much in USD.
    #[arg(long, value_name = "USD", default_value = "0")]
    min_notional: Usd,

    /// How many accounts to leave to the chain, from the first in its order; `auto` is the most that it closed
    /// by itself in one of the last 16 blocks.
    #[arg(long, value_name = "N", default_value = "auto")]
    leave: Leave,

    /// Also accounts that are not expected to pay: bankrupt ones, those of which the chain could close
    /// nothing, and one's own.
    #[arg(long)]
    unpaid: bool,

    /// Due accounts to look at in a block; a node tells 256 at the most.
    #[arg(long, value_name = "N", default_value_t = 128, value_parser = clap::value_parser!(u32).range(1..=256))]
    look_at: u32,

    /// Transactions on their way at a time; never two for one account.
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=256))]
    max_pending: u16,

    /// Blocks after which a transaction that was not included is void.
    #[arg(long, value_name = "BLOCKS", default_value = "8", value_parser = ["4", "8", "16", "32", "64"])]
    longevity: String,

    /// Goes by final blocks, a few behind the best one: slower, and what is told is final.
    #[arg(long)]
    finalized: bool,

    /// Looks at one block, waits for the ends of what was sent, and ends.
    #[arg(long)]
    once: bool,

    /// Says what would be sent, and sends nothing. Needs no key.
    #[arg(long)]
    dry_run: bool,

    /// Lines of JSON.
    #[arg(long)]
    pub json: bool,
}

impl Args {
    /// The strategy that the options describe.
    pub fn strategy(&self) -> Standard {
        Standard {
            leave: self.leave,
            min_notional: self.min_notional,
            markets: self.markets.iter().copied().collect(),
            unpaid: self.unpaid,
        }
    }

    /// Everything else.
    pub fn settings(&self) -> Result<Settings, String> {
        // A key of a dry run tells whose accounts are one's own, but does not sign.
        Ok(Settings {
            url: self.url.clone(),
            key: if self.dry_run { None } else { self.keypair()? },
            longevity: self
                .longevity
                .parse()
                .map_err(|_| "--longevity is no number".to_string())?,
            look_at: self.look_at,
            max_pending: self.max_pending.into(),
            finalized: self.finalized,
            once: self.once,
        })
    }

    fn keypair(&self) -> Result<Option<Keypair>, String> {
        let secret = match (&self.key, &self.key_file) {
            (Some(secret), _) => secret.clone(),
            (None, Some(path)) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                text.lines().next().unwrap_or_default().trim().to_owned()
            }
            (None, None) => return Ok(None),
        };
        // What is wrong with it is not shown: it may be most of a secret.
        let wrong = || "the key is not a secret phrase, seed or development key".to_string();
        let uri = SecretUri::from_str(&secret).map_err(|_| wrong())?;
        Keypair::from_uri(&uri).map(Some).map_err(|_| wrong())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Args, clap::Error> {
        Args::try_parse_from(
            ["bulwark-keeper"]
                .into_iter()
                .chain(line.split_whitespace()),
        )
    }

    #[test]
    fn arguments_should_make_a_strategy() {
        let args =
            parse("--key //Alice --market 2 --market 5 --min-notional 2500.5 --leave 30").unwrap();
        let strategy = args.strategy();
        assert_eq!(strategy.markets, [2, 5].into());
        assert_eq!(strategy.min_notional, Usd(2_500_500_000));
        assert_eq!(strategy.leave, Leave::Fixed(30));
        assert!(!strategy.unpaid);
    }

    #[test]
    fn a_key_should_be_needed_unless_nothing_is_sent() {
        assert!(parse("").is_err());
        assert!(parse("--key //Alice --key-file x").is_err());
        assert!(parse("--dry-run")
            .unwrap()
            .settings()
            .unwrap()
            .key
            .is_none());
        let alice = parse("--key //Alice")
            .unwrap()
            .settings()
            .unwrap()
            .key
            .unwrap();
        let expected = subxt_signer::sr25519::dev::alice();
        assert_eq!(alice.public_key().0, expected.public_key().0);
    }

    #[test]
    fn a_key_should_be_read_from_the_first_line_of_a_file() {
        let path = std::env::temp_dir().join(format!("bulwark-keeper-{}", std::process::id()));
        std::fs::write(&path, "//Bob\nnot this\n").unwrap();
        let args = parse(&format!("--key-file {}", path.display())).unwrap();
        let bob = args.settings().unwrap().key.unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(
            bob.public_key().0,
            subxt_signer::sr25519::dev::bob().public_key().0
        );
        assert!(args.settings().unwrap_err().contains("bulwark-keeper-"));
    }

    #[test]
    fn a_bad_key_should_be_refused_without_being_shown() {
        let args = parse("--key not_a_secret_phrase").unwrap();
        let Err(error) = args.settings() else {
            panic!("it was taken")
        };
        assert!(!error.contains("not_a"), "{error}");
    }

    #[test]
    fn what_is_out_of_range_should_be_refused() {
        for bad in [
            "--look-at 0",
            "--look-at 257",
            "--max-pending 0",
            "--longevity 5",
            "--min-notional -1",
            "--leave some",
        ] {
            assert!(parse(&format!("--dry-run {bad}")).is_err(), "{bad}");
        }
    }
}
