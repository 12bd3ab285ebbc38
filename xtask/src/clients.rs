//! Runs the tests of `e2e/`: JavaScript clients against a node.

use crate::{
    run::{Cmd, Outcome},
    setup, Workspace,
};
use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    time::Duration,
};

/// The oldest Node.js that the clients run on.
const NODE_MAJOR: u32 = 20;

/// What is installed when the machine's is older.
const NODE_PACKAGE: &str = "node@22";

/// Installs the clients and runs their tests against the node that was built.
pub fn test(workspace: &Workspace) -> Outcome {
    let path = node_js(workspace)?;
    let e2e = workspace.root.join("e2e");
    let npm = |args: &[&str]| {
        Cmd::new("npm")
            .args(args)
            .current_dir(&e2e)
            .env("PATH", &path)
            .env("BULWARK_NODE", workspace.binary("bulwark-node"))
    };
    npm(&["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .limit(Duration::from_secs(900))
        .run(
            "check that the npm registry can be reached, or leave the clients out with --no-e2e",
        )?;
    npm(&["test"])
        .limit(Duration::from_secs(1_800))
        .run("the failed test is named above; the node's log is in the directory it prints")
}

/// A search path on which `node` is new enough.
fn node_js(workspace: &Workspace) -> Outcome<OsString> {
    let ours = env::var_os("PATH").unwrap_or_default();
    if major(&ours) >= Some(NODE_MAJOR) {
        return Ok(ours);
    }
    let home = workspace.target.join("xtask").join("node");
    let bin = home.join("node_modules").join(".bin");
    let with_ours = prepend(&bin, &ours);
    if major(&with_ours) >= Some(NODE_MAJOR) {
        return Ok(with_ours);
    }
    println!("    Node.js: {NODE_MAJOR} or newer is needed; installing {NODE_PACKAGE} in the target directory");
    if !Cmd::new("npm").args(["--version"]).succeeds() && setup::has_apt() {
        setup::apt_install(&["nodejs", "npm"])?;
    }
    let by_hand = "install Node.js 20 or newer with npm, or leave the clients out with --no-e2e";
    // Its own directory: `npm ci` empties that of the clients.
    Cmd::new("npm")
        .args([
            "install",
            "--no-audit",
            "--no-fund",
            "--no-save",
            "--prefix",
        ])
        .args([home.as_os_str()])
        .args([NODE_PACKAGE])
        .limit(Duration::from_secs(600))
        .run(by_hand)?;
    Ok(with_ours)
}

fn prepend(first: &Path, rest: &OsString) -> OsString {
    let all = [PathBuf::from(first)]
        .into_iter()
        .chain(env::split_paths(rest));
    env::join_paths(all).unwrap_or_else(|_| rest.clone())
}

/// Major version of the Node.js on `path`.
fn major(path: &OsString) -> Option<u32> {
    let node = env::split_paths(path)
        .map(|directory| directory.join("node"))
        .find(|file| file.is_file())?;
    let version = Cmd::new(node).args(["--version"]).output()?;
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}
