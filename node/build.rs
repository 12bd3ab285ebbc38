//! Puts the commit hash into the version string (`bulwark-node --version`).
//!
//! A development build says `dev` instead: with the hash in it, every commit would compile and link
//! the node again, and without watching the commits the hash would soon be a wrong one.

use std::env;
use substrate_build_script_utils::{generate_cargo_keys, rerun_if_git_head_changed};

/// Overrides the hash, where there is no repository to ask.
const COMMIT_HASH: &str = "SUBSTRATE_CLI_GIT_COMMIT_HASH";

fn main() {
    println!("cargo:rerun-if-env-changed={COMMIT_HASH}");
    if env::var_os(COMMIT_HASH).is_none() {
        if env::var("PROFILE").is_ok_and(|profile| profile == "release") {
            rerun_if_git_head_changed();
        } else {
            env::set_var(COMMIT_HASH, "dev");
        }
    }
    generate_cargo_keys();
}
