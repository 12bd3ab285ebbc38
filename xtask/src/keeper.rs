//! `tools/keeper`: a workspace of its own, because it is there to be copied out and because subxt asks of
//! crates that the SDK uses too what would compile all of it another time.

use crate::{
    run::{Cmd, Outcome},
    Workspace,
};

/// Builds it beside the other binaries, and runs its tests.
pub fn test(workspace: &Workspace) -> Outcome {
    cargo(workspace, &["build", "--locked"]).run("fix the first error above")?;
    cargo(workspace, &["test", "--locked"]).run("the failed test is named above")
}

/// `cargo fmt --check`.
pub fn format(workspace: &Workspace) -> Outcome {
    cargo(workspace, &["fmt", "--check"]).run("run `cargo fmt` in tools/keeper")
}

/// Clippy, warnings are errors.
pub fn clippy(workspace: &Workspace) -> Outcome {
    cargo(workspace, &["clippy", "--locked", "--all-targets"])
        .args(["--", "-D", "warnings"])
        .run("fix the first message above")
}

fn cargo(workspace: &Workspace, args: &[&str]) -> Cmd {
    Cmd::new("cargo")
        .args(args)
        .env("CARGO_TARGET_DIR", &workspace.target)
        .current_dir(&workspace.root.join("tools").join("keeper"))
}
