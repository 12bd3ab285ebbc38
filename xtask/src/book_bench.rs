//! Measures the order book: the matching core beside another engine, and the compiled runtime.

use crate::{
    run::{Cmd, Failure, Outcome, Steps},
    setup, Workspace,
};

/// Builds everything as it is released and measures. `args` are for the part in the compiled runtime.
pub fn run(steps: &mut Steps, workspace: &Workspace, args: &[String]) -> Outcome {
    let tools = setup::run(steps, workspace)?;
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
        Cmd::new(release.join("bulwark-book-bench"))
            .args(["wasm"])
            .arg("--wasm", &runtime)
            .args(args)
            .current_dir(&workspace.root)
            .run("the reason is above")
    })
}
