//! Commands and steps: what runs is shown, how long it takes is told, failures say what to do.

use std::{
    env,
    ffi::{OsStr, OsString},
    fmt,
    io::IsTerminal,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

/// How often a long step says that it is alive, where nobody sees a progress bar.
const HEARTBEAT: Duration = Duration::from_secs(60);

/// What went wrong and what to do about it, on one line.
#[derive(Debug)]
pub struct Failure {
    what: String,
    remedy: String,
}

/// The result of a step.
pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    pub fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            remedy: remedy.into(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = format!("{}: {}", self.what, self.remedy);
        f.write_str(&line.replace('\n', " "))
    }
}

/// The steps taken so far, with their times.
#[derive(Debug, Default)]
pub struct Steps {
    taken: Vec<(String, Duration, bool)>,
}

impl Steps {
    /// Takes one step. Its failure names it.
    pub fn run<T>(&mut self, name: &str, step: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        println!("==> {name}");
        let begun = Instant::now();
        let result = step();
        let took = begun.elapsed();
        self.taken.push((name.to_string(), took, result.is_ok()));
        match &result {
            Ok(_) => println!("    {name}: done in {}", Elapsed(took)),
            Err(_) => println!("    {name}: FAILED after {}", Elapsed(took)),
        }
        result.map_err(|failure| Failure {
            what: format!("step `{name}` failed: {}", failure.what),
            ..failure
        })
    }

    /// Prints all times, when there was more than one step.
    pub fn print_summary(&self) {
        if self.taken.len() < 2 {
            return;
        }
        println!();
        for (name, took, good) in &self.taken {
            let verdict = if *good { "" } else { "  FAILED" };
            println!("    {name:<24}{:>14}{verdict}", Elapsed(*took).to_string());
        }
        let total = self.taken.iter().map(|(_, took, _)| *took).sum();
        println!("    {:<24}{:>14}", "total", Elapsed(total).to_string());
    }
}

/// A duration for people.
pub struct Elapsed(pub Duration);

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_secs() {
            0..=9 => write!(f, "{:.1} s", self.0.as_secs_f64()),
            s @ 10..=119 => write!(f, "{s} s"),
            s => write!(f, "{} min {:02} s", s / 60, s % 60),
        }
    }
}

/// A command.
#[derive(Debug)]
pub struct Cmd {
    inner: Command,
    limit: Option<Duration>,
    quiet: bool,
}

impl Cmd {
    /// `program` without arguments and without standard input, in a clean environment.
    ///
    /// `cargo run`, by which we were started, tells its child about the package it ran. Build scripts
    /// that watch such variables (ring's does) would then rebuild half the tree each time somebody
    /// changes between `cargo xtask` and plain `cargo`.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        let mut inner = Command::new(program);
        inner.stdin(Stdio::null());
        for (name, _) in env::vars_os() {
            if is_of_cargo_run(&name) {
                inner.env_remove(&name);
            }
        }
        Self {
            inner,
            limit: None,
            quiet: false,
        }
    }

    pub fn args<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(mut self, args: I) -> Self {
        self.inner.args(args);
        self
    }

    /// An option with its value.
    pub fn arg(self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.args([OsStr::new(name), value.as_ref()])
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.inner.env(name, value);
        self
    }

    pub fn env_remove(mut self, name: &str) -> Self {
        self.inner.env_remove(name);
        self
    }

    pub fn current_dir(mut self, dir: &Path) -> Self {
        self.inner.current_dir(dir);
        self
    }

    pub fn keep_stdin(mut self) -> Self {
        self.inner.stdin(Stdio::inherit());
        self
    }

    /// Ends the command after so long.
    pub const fn limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Without showing the command or what it prints.
    pub const fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// Runs it. A failure ends with `remedy`.
    pub fn run(mut self, remedy: &str) -> Outcome {
        let line = self.line();
        if self.quiet {
            self.inner.stdout(Stdio::null()).stderr(Stdio::null());
        } else {
            println!("    $ {line}");
        }
        let fail = |what: String| Err(Failure::new(what, remedy));
        let mut child = match self.inner.spawn() {
            Ok(child) => child,
            Err(error) => return fail(format!("`{line}` cannot be started ({error})")),
        };
        match wait(&mut child, self.limit) {
            Some(status) if status.success() => Ok(()),
            Some(status) => fail(format!("`{line}` ended with {status}")),
            None => fail(format!("`{line}` did not end in time")),
        }
    }

    /// Whether it can be run and succeeds; shows nothing.
    pub fn succeeds(self) -> bool {
        self.quiet().run("").is_ok()
    }

    /// What it prints, trimmed; `None` when it cannot be run or fails. Shows nothing.
    pub fn output(mut self) -> Option<String> {
        let output = self.inner.stderr(Stdio::null()).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_string())
    }

    fn line(&self) -> String {
        let name = Path::new(self.inner.get_program()).file_name();
        let words = name.into_iter().chain(self.inner.get_args());
        let words: Vec<_> = words.map(OsStr::to_string_lossy).collect();
        words.join(" ")
    }
}

/// Waits for `child`, at most `limit`, and says now and then that it is still there.
fn wait(child: &mut Child, limit: Option<Duration>) -> Option<ExitStatus> {
    let begun = Instant::now();
    let (done, is_done) = mpsc::channel::<()>();
    let heartbeat = (!std::io::stderr().is_terminal()).then(|| {
        thread::spawn(move || {
            while is_done.recv_timeout(HEARTBEAT) == Err(RecvTimeoutError::Timeout) {
                println!("    ... {}", Elapsed(begun.elapsed()));
            }
        })
    });
    let status = loop {
        let Some(limit) = limit else {
            break child.wait().ok();
        };
        match child.try_wait() {
            Ok(Some(status)) => break Some(status),
            Ok(None) if begun.elapsed() < limit => thread::sleep(Duration::from_millis(100)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                break None;
            }
        }
    };
    drop(done);
    if let Some(heartbeat) = heartbeat {
        let _ = heartbeat.join();
    }
    status
}

/// Whether `cargo run` put the variable there. `OPENSSL_NO_VENDOR` is from `.cargo/config.toml`, from
/// where a nested cargo takes it again.
fn is_of_cargo_run(name: &OsString) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("CARGO_PKG_")
        || name.starts_with("CARGO_MANIFEST_")
        || matches!(
            &*name,
            "CARGO" | "CARGO_BIN_NAME" | "CARGO_CRATE_NAME" | "OPENSSL_NO_VENDOR" | "OUT_DIR"
        )
}
