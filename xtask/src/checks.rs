//! Checks that compile little or nothing.

use crate::{
    run::{Cmd, Failure, Outcome},
    Workspace,
};
use std::collections::{BTreeMap, BTreeSet};

/// Prefixes of the SDK's crates. Two versions of one of these do not understand each other.
const SDK: [&str; 4] = ["sc-", "sp-", "frame-", "pallet-"];

/// `cargo fmt --check`.
pub fn format(workspace: &Workspace) -> Outcome {
    component(workspace, "fmt", "rustfmt")?;
    Cmd::new("cargo")
        .args(["fmt", "--all", "--check"])
        .current_dir(&workspace.root)
        .run("run `cargo fmt --all`")
}

/// Clippy on everything, warnings are errors.
///
/// Without the wasm runtime. That costs the build nothing: cargo keeps the results of build scripts
/// apart for the two.
pub fn clippy(workspace: &Workspace) -> Outcome {
    component(workspace, "clippy", "clippy")?;
    Cmd::new("cargo")
        .args(["clippy", "--locked", "--workspace", "--all-targets"])
        .args(["--", "-D", "warnings"])
        .env("SKIP_WASM_BUILD", "1")
        .current_dir(&workspace.root)
        .run("fix the first message above")
}

/// Minimal toolchains come without these; rust-toolchain.toml only helps those who use rustup.
fn component(workspace: &Workspace, command: &str, name: &str) -> Outcome {
    let there = || {
        Cmd::new("cargo")
            .args([command, "--version"])
            .current_dir(&workspace.root)
            .succeeds()
    };
    if there() {
        return Ok(());
    }
    Cmd::new("rustup")
        .args(["component", "add", name])
        .current_dir(&workspace.root)
        .run(&format!("install {name} for this toolchain, then repeat"))
}

/// Nothing of the SDK is there twice, and RocksDB is not there at all.
pub fn dependencies(workspace: &Workspace) -> Outcome {
    // Repeated subtrees are left out, which is what makes this graph printable.
    let tree = Cmd::new("cargo")
        .args(["tree", "--locked", "--workspace", "--prefix", "none"])
        .args(["--edges", "normal,build,dev", "--format", "{p}"])
        .current_dir(&workspace.root)
        .output()
        .ok_or_else(|| {
            Failure::new(
                "`cargo tree` failed",
                "run `cargo tree --locked` to see why",
            )
        })?;
    let versions = versions(&tree);
    println!("    {} crates", versions.len());
    let twice: Vec<String> = versions
        .iter()
        .filter(|(name, versions)| versions.len() > 1 && SDK.iter().any(|p| name.starts_with(p)))
        .map(|(name, versions)| {
            let versions: Vec<_> = versions.iter().copied().collect();
            format!("{name} {}", versions.join(" and "))
        })
        .collect();
    if !twice.is_empty() {
        return Err(Failure::new(
            format!("SDK crates in several versions: {}", twice.join(", ")),
            "pin them to the versions that polkadot-sdk asks for",
        ));
    }
    if let Some(name) = versions.keys().find(|name| name.contains("rocksdb")) {
        return Err(Failure::new(
            format!("{name} is compiled in, and the node is to use ParityDB"),
            "find who asks for it with `cargo tree --locked -e features -i librocksdb-sys`",
        ));
    }
    Ok(())
}

/// All versions of each crate in the output of `cargo tree --prefix none`.
fn versions(tree: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut versions = BTreeMap::<_, BTreeSet<_>>::new();
    for line in tree.lines() {
        let mut words = line.split(' ');
        if let (Some(name), Some(version)) = (words.next(), words.next()) {
            versions.entry(name).or_default().insert(version);
        }
    }
    versions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_should_be_collected_when_a_tree_repeats_itself() {
        let tree = "sp-core v43.0.0\nsp-core v43.0.0 (*)\nserde v1.0.0\n\nsp-core v42.0.0\nx v0.1.0 (/a b)";
        let found = versions(tree);
        assert_eq!(found.len(), 3);
        assert_eq!(found["sp-core"].len(), 2);
        assert_eq!(found["serde"].len(), 1);
    }
}
