//! The node as a child process.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

/// Where the last line of the log is looked for when the node dies.
const LOG_TAIL: u64 = 4_096;
/// Tenths of a second that a node has to end after its connection did.
const PATIENCE: u32 = 50;

/// Which blocks the node runs its offchain workers for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum OffchainWorker {
    /// For every block: the node's own feeder brings the prices.
    Always,
    /// Never: no feeder and no liquidator is awake, only block execution itself. The demo signs the
    /// prices as an outside feeder.
    Never,
}

impl OffchainWorker {
    /// As on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

/// What to start.
#[derive(Debug)]
pub struct NodeOptions<'a> {
    pub binary: &'a Path,
    pub rpc_port: u16,
    pub p2p_port: u16,
    pub price_sources: &'a Path,
    pub log: &'a Path,
    pub offchain_worker: OffchainWorker,
}

/// A running node, ended when dropped.
#[derive(Debug)]
pub struct Node {
    child: Child,
    log: PathBuf,
}

impl Node {
    /// Starts a development chain that lives in memory only.
    pub fn start(options: &NodeOptions<'_>) -> Result<Self, String> {
        let log = File::create(options.log)
            .map_err(|e| format!("cannot write the node's log {}: {e}", options.log.display()))?;
        let errors = log
            .try_clone()
            .map_err(|e| format!("cannot write the node's log: {e}"))?;
        let child = Command::new(options.binary)
            .args(["--dev", "--tmp", "--no-prometheus", "--no-telemetry"])
            .args(["--no-mdns", "--rpc-max-response-size", "64"])
            .args(["--rpc-port", &options.rpc_port.to_string()])
            .args(["--port", &options.p2p_port.to_string()])
            .args(["--offchain-worker", options.offchain_worker.as_str()])
            .arg("--price-sources")
            .arg(options.price_sources)
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .map_err(|e| format!("cannot start {}: {e}", options.binary.display()))?;
        Ok(Self {
            child,
            log: options.log.to_path_buf(),
        })
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// An error with the last line of its log when it no longer runs.
    pub fn check(&mut self) -> Result<(), String> {
        match self.child.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) => Err(self.obituary(status)),
            Err(e) => Err(format!("cannot watch the node: {e}")),
        }
    }

    /// As [`Self::check`], for a node that may be about to end: gives it a moment.
    pub async fn check_patiently(&mut self) -> Result<(), String> {
        for _ in 0..PATIENCE {
            self.check()?;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }

    fn obituary(&self, status: ExitStatus) -> String {
        let last = last_line(&self.log).unwrap_or_default();
        format!("the node ended ({status}); the last line of its log: {last}")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // By its own handle, so no other process can be hit.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn last_line(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LOG_TAIL)))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let last = text.lines().rev().find(|line| !line.trim().is_empty());
    Ok(last.unwrap_or_default().trim().to_owned())
}

/// The node's binary: the one given, else the one beside this program.
pub fn find_binary(given: Option<&Path>) -> Result<PathBuf, String> {
    if let Some(path) = given {
        return if path.is_file() {
            Ok(path.to_path_buf())
        } else {
            Err(format!("--node {}: no such file", path.display()))
        };
    }
    let own = std::env::current_exe().map_err(|e| format!("cannot find this program: {e}"))?;
    let beside = own.with_file_name(format!("bulwark-node{}", std::env::consts::EXE_SUFFIX));
    if beside.is_file() {
        Ok(beside)
    } else {
        Err(format!(
            "no node at {}: run `cargo xtask demo`, which builds it, or name one with --node PATH",
            beside.display()
        ))
    }
}

/// A TCP port nobody listens on now.
pub fn free_port() -> Result<u16, String> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|e| format!("no free port: {e}"))
}

/// An error when somebody listens on `port`.
pub fn check_port(flag: &str, port: u16) -> Result<(), String> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .map(drop)
        .map_err(|e| format!("{flag} {port}: {e}"))
}
