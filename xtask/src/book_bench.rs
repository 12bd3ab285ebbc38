//! Measures the order book, the matching core beside another engine and the compiled runtime, and margin in the
//! compiled runtime.

use crate::{
    run::{Cmd, Failure, Outcome, Steps},
    setup, Workspace,
};
use std::path::{Path, PathBuf};

/// Builds the tool and the runtime as they are released; where the runtime is.
fn build(steps: &mut Steps, workspace: &Workspace, tools: &setup::Tools) -> Outcome<PathBuf> {
    let release = workspace.target.join("release");
    steps.run("release build", || {
        println!(
            "    The SDK is compiled once more for this: count on half an hour the first time."
        );
        tools
            .cargo(workspace)
            .args(["build", "--locked", "--release"])
            .args(["--package", "bulwark-book-bench"])
            .run("fix the first error above")
    })?;
    let runtime = release
        .join("wbuild/bulwark-runtime")
        .join("bulwark_runtime.compact.compressed.wasm");
    if !runtime.is_file() {
        return Err(Failure::new(
            format!("the build left no {}", runtime.display()),
            "remove the `wbuild` folder there, then repeat",
        ));
    }
    Ok(runtime)
}

fn measure(workspace: &Workspace, part: &str, runtime: &Path, args: &[String]) -> Outcome {
    Cmd::new(workspace.target.join("release/bulwark-book-bench"))
        .args([part])
        .arg("--wasm", runtime)
        .args(args)
        .current_dir(&workspace.root)
        .run("the reason is above")
}

/// Measures health, deposits and withdrawals in the compiled runtime.
pub fn margin(steps: &mut Steps, workspace: &Workspace, args: &[String]) -> Outcome {
    let tools = setup::run(steps, workspace)?;
    let runtime = build(steps, workspace, &tools)?;
    steps.run("compiled runtime", || {
        measure(workspace, "margin", &runtime, args)
    })
}

/// Measures the order book. `args` are for the part in the compiled runtime.
pub fn run(steps: &mut Steps, workspace: &Workspace, args: &[String]) -> Outcome {
    let tools = setup::run(steps, workspace)?;
    let runtime = build(steps, workspace, &tools)?;
    steps.run("matching core", || {
        tools
            .cargo(workspace)
            .args([
                "test",
                "--locked",
                "--release",
                "--package",
                "pallet-order-book",
            ])
            .args(["--", "--ignored", "--nocapture", "matching_core"])
            .run("the reason is above")
    })?;
    steps.run("compiled runtime", || {
        measure(workspace, "wasm", &runtime, args)
    })
}
