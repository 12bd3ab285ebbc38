//! Crashes against the full runtime, natively: no node, no network.

use crate::{
    run::{Cmd, Outcome, Steps},
    setup, Workspace,
};

/// Builds the tool with the features of the whole workspace, so that no dependency is compiled for it
/// alone, and runs it.
pub fn run(steps: &mut Steps, workspace: &Workspace, args: &[String]) -> Outcome {
    let tools = setup::run(steps, workspace)?;
    steps.run("build", || {
        tools
            .cargo(workspace)
            .args([
                "build",
                "--locked",
                "--workspace",
                "--bin",
                "bulwark-replay",
            ])
            .run("fix the first error above")
    })?;
    Cmd::new(workspace.binary("bulwark-replay"))
        .args(args)
        .current_dir(&workspace.root)
        .run("the reason is above")
}
