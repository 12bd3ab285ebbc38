//! `cargo xtask parameters`: the published schema of all governed parameters.

use crate::{no_arguments, run, Outcome, Workspace};

/// Prints the schema to `docs/`, or with `--check` tells whether it is up to date. The runtime's own
/// tables do it, so that what is published is what the chain obeys.
pub fn run(workspace: &Workspace, args: &[String]) -> Outcome {
    let check = args.iter().any(|arg| arg == "--check");
    let rest: Vec<String> = args
        .iter()
        .filter(|arg| *arg != "--check")
        .cloned()
        .collect();
    no_arguments(&rest)?;
    let mut command = run::Cmd::new("cargo").args([
        "run",
        "--quiet",
        "--locked",
        "--package",
        "bulwark-runtime",
        "--example",
        "parameters",
        "--",
        "docs",
    ]);
    if check {
        command = command.args(["--check"]);
    }
    command
        .env("SKIP_WASM_BUILD", "1")
        .current_dir(&workspace.root)
        .run("fix the first error above")
}
