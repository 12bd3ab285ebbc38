//! `cargo xtask`: sets a machine up, shows the demo, runs the tests.
//!
//! Whoever has cargo and a C compiler can start here; `setup` installs what else is needed, and
//! every other command begins with it. A failure ends with one line that says what to do.

mod book_bench;
mod checks;
mod clients;
mod keeper;
mod parameters;
mod replay;
mod run;
mod setup;
mod wasm;
mod weights;

use run::{Failure, Outcome, Steps};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

const HELP: &str = "\
cargo xtask <command>

  setup            installs what this machine lacks; safe to repeat
  demo [ARGS]      sets up, builds the node, and plays a crash against it. Among ARGS:
      --data FILE.csv  recorded bars; without it a crash like March 2020 is made
      --from T --to T  the part to play, UTC, like 2025-10-10T21:00
      --speed X        replayed seconds per second
      --headless       lines instead of a live table
      --help           all of them
  backtest [ARGS]  measures the volatility model on recorded hours against other models. Among ARGS:
      --data PATH..    hourly bars: files or directories
      --train-end DATE --from DATE --to DATE
      --json FILE, --plots DIR
      --help           all of them
  replay [ARGS]    plays crashes against the full runtime with many accounts. Among ARGS:
      --scenario NAME  2020-03 ... 2025-10 or `crashes`; gap, depth, outage, congested or `made`
      --data PATH..    recorded bars, for recorded scenarios
      --accounts N --seed S
      --json FILE, --html FILE
      --help           all of them
  test [OPTIONS]   sets up, builds, and runs all tests: Rust, JavaScript clients against a running
                   node, and a short demo without a screen
      --no-e2e     without the JavaScript clients and the keeper that they run
      --quick      `cargo test` only
  book-bench [ARGS]
                   measures the order book: its matching core beside another engine, and extrinsics
                   and batches in the compiled runtime at books of several sizes. Among ARGS:
      --orders N,N  --rounds N  --state flat|trie
  margin-bench [ARGS]
                   measures health, deposits and withdrawals in the compiled runtime. Among ARGS:
      --rounds N  --state flat|trie
  weights [PALLET ...] [--quick]
                   measures the pallets' benchmarks and writes runtime/src/weights/; with --quick
                   only sees whether they run
  parameters [--check]
                   prints the schema of all governed parameters to docs/; with --check only tells
                   whether it is up to date
  ci               format, dependency and lint checks, then everything `test` does, then demos on
                   recorded market data where there is some, with offchain workers and without
  help             this

CARGO_TARGET_DIR is respected. The first build compiles about 800 crates: count on 45 minutes on
two cores, and 15 GB of disk.
";

/// What recorded market data is looked for beside the checkout, and which part of it is played:
/// the hour of 10 October 2025 in which Bitcoin lost 10 % and most alternatives far more.
const RECORDED: &str = "../shared/data/market/binance_perp_BTCUSDT_5m_2025-10.csv";
const RECORDED_FROM: &str = "2025-10-10T21:00:00Z";
const RECORDED_TO: &str = "2025-10-10T21:40:00Z";

fn main() -> ExitCode {
    let mut args = env::args().skip(1);
    let command = args.next().unwrap_or_else(|| "help".into());
    let rest: Vec<String> = args.collect();
    let mut steps = Steps::default();
    let result = Workspace::find().and_then(|workspace| match command.as_str() {
        "setup" => no_arguments(&rest).and_then(|()| {
            setup::run(&mut steps, &workspace)?;
            println!("Ready. Next: cargo xtask demo");
            Ok(())
        }),
        "demo" => demo(&mut steps, &workspace, &rest),
        "backtest" => backtest(&workspace, &rest),
        "replay" => replay::run(&mut steps, &workspace, &rest),
        "test" => test(&mut steps, &workspace, &rest),
        "parameters" => parameters::run(&workspace, &rest),
        "book-bench" => book_bench::run(&mut steps, &workspace, &rest),
        "margin-bench" => book_bench::margin(&mut steps, &workspace, &rest),
        "weights" => weights::run(&mut steps, &workspace, &rest),
        "ci" => no_arguments(&rest).and_then(|()| ci(&mut steps, &workspace)),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(Failure::new(
            format!("there is no command `{other}`"),
            "see `cargo xtask help`",
        )),
    });
    steps.print_summary();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Where everything is.
#[derive(Debug)]
pub struct Workspace {
    /// The checkout.
    root: PathBuf,
    /// Cargo's target directory.
    target: PathBuf,
    /// Where the binaries of the profile are, which is also where this binary is.
    binaries: PathBuf,
}

impl Workspace {
    fn find() -> Outcome<Self> {
        let lost = || {
            Failure::new(
                "cannot find the checkout or its target directory",
                "start it as `cargo xtask` inside the checkout",
            )
        };
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
        let binaries = env::current_exe().map_err(|_| lost())?;
        let binaries = binaries.parent().ok_or_else(lost)?;
        Ok(Self {
            root: root.ok_or_else(lost)?.to_path_buf(),
            target: binaries.parent().ok_or_else(lost)?.to_path_buf(),
            binaries: binaries.to_path_buf(),
        })
    }

    fn binary(&self, name: &str) -> PathBuf {
        self.binaries.join(name)
    }
}

fn no_arguments(rest: &[String]) -> Outcome {
    match rest.first() {
        None => Ok(()),
        Some(extra) => Err(Failure::new(
            format!("`{extra}` is not expected here"),
            "see `cargo xtask help`",
        )),
    }
}

fn demo(steps: &mut Steps, workspace: &Workspace, args: &[String]) -> Outcome {
    let tools = setup::run(steps, workspace)?;
    build(steps, workspace, &tools)?;
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    play(workspace, &args)
}

/// Needs nothing of the chain, so it builds in a minute where nothing has been built yet.
fn backtest(workspace: &Workspace, args: &[String]) -> Outcome {
    run::Cmd::new("cargo")
        .args([
            "build",
            "--quiet",
            "--locked",
            "--package",
            "bulwark-backtest",
        ])
        .current_dir(&workspace.root)
        .run("fix the first error above")?;
    run::Cmd::new(workspace.binary("bulwark-backtest"))
        .args(args)
        .current_dir(&workspace.root)
        .run("the reason is above")
}

fn test(steps: &mut Steps, workspace: &Workspace, args: &[String]) -> Outcome {
    let (mut with_clients, mut quick) = (true, false);
    for arg in args {
        match arg.as_str() {
            "--no-e2e" => with_clients = false,
            "--quick" => quick = true,
            other => no_arguments(&[other.to_string()])?,
        }
    }
    let tools = setup::run(steps, workspace)?;
    if quick {
        return cargo_test(steps, workspace, &tools);
    }
    test_all(steps, workspace, &tools, with_clients)
}

fn ci(steps: &mut Steps, workspace: &Workspace) -> Outcome {
    let tools = setup::run(steps, workspace)?;
    steps.run("format", || checks::format(workspace))?;
    steps.run("dependencies", || checks::dependencies(workspace))?;
    steps.run("clippy", || checks::clippy(workspace))?;
    steps.run("keeper: format and clippy", || {
        keeper::format(workspace)?;
        keeper::clippy(workspace)
    })?;
    test_all(steps, workspace, &tools, true)?;
    let recorded = workspace.root.join(RECORDED);
    if recorded.is_file() {
        let data = recorded.display().to_string();
        let range = ["--from", RECORDED_FROM, "--to", RECORDED_TO];
        // The chain has to close accounts with its workers and without any.
        for workers in ["always", "never"] {
            let name = format!("recorded, workers {workers}");
            let workers = ["--offchain-worker", workers];
            let args = [&["--data", &data][..], &range, &workers].concat();
            steps.run(&name, || play_headless(workspace, &args))?;
        }
        Ok(())
    } else {
        println!("SKIPPED: demo on recorded data, because there is no {RECORDED}");
        Ok(())
    }
}

/// Everything that runs code.
fn test_all(
    steps: &mut Steps,
    workspace: &Workspace,
    tools: &setup::Tools,
    with_clients: bool,
) -> Outcome {
    build(steps, workspace, tools)?;
    cargo_test(steps, workspace, tools)?;
    if with_clients {
        // The clients' tests run it against a node.
        steps.run("keeper", || keeper::test(workspace))?;
        steps.run("JavaScript clients", || clients::test(workspace))?;
    }
    steps.run("demo", || play_headless(workspace, &[]))
}

/// Builds everything, with `--workspace` as for `cargo test`: the same features, so that no
/// dependency is compiled for each.
fn build(steps: &mut Steps, workspace: &Workspace, tools: &setup::Tools) -> Outcome {
    if !workspace.binary("bulwark-node").exists() {
        println!(
            "The first build compiles about 800 crates: count on 45 minutes on two cores. \
             Interrupt it when you like, it goes on where it was."
        );
    }
    steps.run("build", || {
        tools
            .cargo(workspace)
            .args(["build", "--locked", "--workspace"])
            .run(
                "fix the first error above; if it is about a missing tool, run `cargo xtask setup`",
            )
    })
}

fn cargo_test(steps: &mut Steps, workspace: &Workspace, tools: &setup::Tools) -> Outcome {
    let test = || {
        tools
            .cargo(workspace)
            .args(["test", "--locked", "--workspace"])
    };
    steps.run("build of the tests", || {
        test().args(["--no-run"]).run("fix the first error above")
    })?;
    steps.run("cargo test", || {
        test().run("the failed test is named above; run it alone with `cargo test NAME`")
    })
}

/// The demo for machines. Its report goes to the target directory, not to where people look for theirs.
fn play_headless(workspace: &Workspace, args: &[&str]) -> Outcome {
    let report = workspace.target.join("xtask").join("demo-report.html");
    fs::create_dir_all(workspace.target.join("xtask")).map_err(|error| {
        Failure::new(
            format!("cannot write to the target directory ({error})"),
            "make room or set CARGO_TARGET_DIR to a writable directory",
        )
    })?;
    let report = report.display().to_string();
    let args = [&["--headless", "--report", &report][..], args].concat();
    play(workspace, &args)
}

fn play(workspace: &Workspace, args: &[&str]) -> Outcome {
    run::Cmd::new(workspace.binary("bulwark-demo"))
        .args(args)
        .current_dir(&workspace.root)
        .keep_stdin()
        .run("the reason is above")
}
