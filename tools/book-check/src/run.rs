//! Block by block over a node's chain.

use crate::{from_storage, Book, PALLETS};
use bulwark_client::{chain::check_runtime, Client, KeyValues, View};
use bulwark_runtime::{BlockNumber, Hash, RuntimeEvent, System};
use polkadot_sdk::sp_io::hashing::twox_128;
use std::{
    fmt,
    time::{Duration, Instant},
};

/// Without a new block for so long the chain counts as dead.
const SILENCE: Duration = Duration::from_secs(40);
const POLL: Duration = Duration::from_millis(200);
/// Differences that are kept to be shown.
const SHOWN: usize = 20;

/// What to check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The block to begin after: 0 is the genesis, with its empty book; another one's book is taken
    /// from its state.
    pub from: BlockNumber,
    /// The last block; without it the best one. One that is not there yet is waited for.
    pub to: Option<BlockNumber>,
    /// Compares after so many blocks, and after the last.
    pub every: BlockNumber,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            from: 0,
            to: None,
            every: 10,
        }
    }
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The block it began after.
    pub from: BlockNumber,
    /// The last block.
    pub to: BlockNumber,
    /// Events that changed the book.
    pub events: u64,
    /// How often the whole book was compared.
    pub compared: u32,
    /// Orders that rest at the end.
    pub orders: usize,
    /// The first differences between events and state.
    pub differences: Vec<String>,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            from,
            to,
            events,
            compared,
            orders,
            differences,
        } = self;
        write!(
            f,
            "order book from events: blocks {} to {to}, {events} events, {orders} orders rest, compared with the state {compared} times: ",
            from + 1,
        )?;
        match differences.len() {
            0 => f.write_str("no difference"),
            SHOWN => write!(f, "{SHOWN} differences or more"),
            count => write!(f, "{count} differences"),
        }
    }
}

/// Rebuilds and compares; stops at the first comparison that finds a difference.
///
/// # Errors
/// When the node cannot be asked. A difference is no error: see [`Summary::differences`].
pub async fn check(
    client: &Client,
    options: Options,
    mut progress: impl FnMut(String),
) -> Result<Summary, String> {
    let Options { from, to, every } = options;
    let to = match to {
        Some(to) => to,
        None => client.best_number().await?,
    };
    if to < from {
        return Err(format!("block {to} is before block {from}"));
    }
    let mut summary = Summary {
        from,
        to: from,
        ..Summary::default()
    };
    let start = hash_of(client, from).await?;
    let best = hash_of(client, client.best_number().await?).await?;
    check_runtime(client, &View::new(client.state(best).await?)).await?;
    let mut book = if from == 0 {
        Book::default()
    } else {
        stored(client, start).await?
    };
    progress(format!("block {from}: {} orders rest", book.orders()));
    let mut next = from;
    while next < to && summary.differences.is_empty() {
        next += 1;
        let hash = hash_of(client, next).await?;
        follow(client, hash, next, &mut book, &mut summary).await?;
        if next == to || (next - from).is_multiple_of(every.max(1)) {
            compare(client, hash, next, &book, &mut summary).await?;
            progress(format!(
                "block {next}: {} events so far, {} orders rest, {}",
                summary.events,
                book.orders(),
                if summary.differences.is_empty() {
                    "as in the state"
                } else {
                    "NOT as in the state"
                },
            ));
        }
    }
    if to == from {
        compare(client, start, from, &book, &mut summary).await?;
    }
    summary.to = next;
    summary.orders = book.orders();
    summary.differences.truncate(SHOWN);
    Ok(summary)
}

/// The hash of a block of the best chain; waits for it.
async fn hash_of(client: &Client, number: BlockNumber) -> Result<Hash, String> {
    let since = Instant::now();
    let mut best = client.best_number().await?;
    let mut changed = since;
    loop {
        if let Some(hash) = client.block_hash(number).await? {
            return Ok(hash);
        }
        tokio::time::sleep(POLL).await;
        let now = client.best_number().await?;
        if now != best {
            (best, changed) = (now, Instant::now());
        } else if changed.elapsed() > SILENCE {
            return Err(format!(
                "no block after {best} for {} seconds",
                SILENCE.as_secs()
            ));
        }
    }
}

/// Applies the events of a block.
async fn follow(
    client: &Client,
    hash: Hash,
    number: BlockNumber,
    book: &mut Book,
    summary: &mut Summary,
) -> Result<(), String> {
    let key = [twox_128(b"System"), twox_128(b"Events")].concat();
    let value = client.value(hash, &key).await.map_err(pruned)?;
    let view = View::new(value.map(|value| (key, value)).into_iter().collect());
    let events: Vec<RuntimeEvent> = view.read(|| {
        System::read_events_no_consensus()
            .map(|record| record.event)
            .collect()
    });
    for event in events {
        let RuntimeEvent::OrderBook(event) = event else {
            continue;
        };
        match book.apply(&event) {
            Ok(changed) => summary.events += u64::from(changed),
            Err(error) => summary.differences.push(format!("block {number}: {error}")),
        }
    }
    Ok(())
}

async fn compare(
    client: &Client,
    hash: Hash,
    number: BlockNumber,
    book: &Book,
    summary: &mut Summary,
) -> Result<(), String> {
    summary.compared += 1;
    let lines = match stored(client, hash).await {
        Ok(stored) => book.differences(&stored),
        Err(error) => vec![error],
    };
    let lines = lines.into_iter();
    summary
        .differences
        .extend(lines.map(|line| format!("block {number}: {line}")));
    Ok(())
}

/// The book in the state of a block.
async fn stored(client: &Client, hash: Hash) -> Result<Book, String> {
    let mut state = KeyValues::new();
    for pallet in PALLETS {
        let prefix = twox_128(pallet.as_bytes());
        state.extend(client.pairs(&prefix, hash).await.map_err(pruned)?);
    }
    from_storage(&View::new(state))
}

fn pruned(error: String) -> String {
    format!("{error}; when the state of old blocks is pruned, begin later with --from or keep it with --state-pruning archive")
}
