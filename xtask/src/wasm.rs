//! A standard library for the runtime's target.
//!
//! `rustup target add` is the normal way. Where rustup's server cannot be reached, Debian's packages
//! have rustc with the sources of its library, from which `core` and `alloc` are built once. The
//! runtime is then compiled by that rustc, and everything else by rustup's.

use crate::{
    run::{Cmd, Failure, Outcome},
    setup, Workspace,
};
use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Duration,
};

/// The runtime's target.
const TARGET: &str = "wasm32v1-none";

/// Name under which Debian's rustc is known to rustup.
const TOOLCHAIN: &str = "debian";

/// Where Debian's rustc looks for libraries of the target.
const LIBRARIES: &str = "/usr/lib/rustlib/wasm32v1-none/lib";

/// In [`LIBRARIES`]: which rustc they were built by. They fit that one alone.
const STAMP: &str = "built-by-rustc";

/// The crates that make up the library.
const CRATES: [&str; 3] = ["core", "alloc", "compiler_builtins"];

/// The oldest rustc that compiles this workspace (`rust-version` in Cargo.toml).
const MINOR_NEEDED: u32 = 88;

/// Longest wait for rustup's server.
const DOWNLOAD_LIMIT: Duration = Duration::from_secs(300);

/// Makes sure that the runtime can be compiled. Returns the toolchain for it, when that is not the
/// one for everything else.
pub fn ensure_std(workspace: &Workspace) -> Outcome<Option<String>> {
    match env::var("WASM_BUILD_TOOLCHAIN") {
        Ok(name) if name == TOOLCHAIN => return debian(workspace).map(Some),
        Ok(name) if !name.is_empty() => return chosen(name).map(Some),
        _ => {}
    }
    let rustc = || Cmd::new("rustc").current_dir(&workspace.root);
    if has_std(rustc()) {
        println!("    {TARGET}: there");
        return Ok(None);
    }
    if stamp_is_right() {
        return debian(workspace).map(Some);
    }
    if !has_rustup() {
        return Err(Failure::new(
            format!("rustc has no {TARGET} and there is no rustup to get it"),
            "install Rust with rustup (https://rustup.rs), then repeat",
        ));
    }
    println!("    {TARGET}: installing with rustup");
    let added = Cmd::new("rustup")
        .args(["target", "add", TARGET])
        .current_dir(&workspace.root)
        .env("RUST_BACKTRACE", "0")
        .limit(DOWNLOAD_LIMIT)
        .run("make rustup's server reachable, then repeat");
    match added {
        Ok(()) if has_std(rustc()) => Ok(None),
        Ok(()) => Err(Failure::new(
            format!("rustup installed {TARGET}, but rustc does not find it"),
            "run `rustup target add wasm32v1-none` for the toolchain of rust-toolchain.toml",
        )),
        Err(failure) if !setup::has_apt() => Err(failure),
        Err(failure) => {
            println!("    {TARGET}: {failure}");
            println!("    {TARGET}: building it from Debian's Rust packages instead");
            debian(workspace).map(Some)
        }
    }
}

/// The toolchain that the user set.
fn chosen(name: String) -> Outcome<String> {
    let rustc = Cmd::new("rustup").args(["run", &name, "rustc"]);
    if has_std(rustc) {
        println!("    {TARGET}: there, in WASM_BUILD_TOOLCHAIN={name}");
        return Ok(name);
    }
    Err(Failure::new(
        format!("WASM_BUILD_TOOLCHAIN={name} has no {TARGET}"),
        format!("run `rustup target add --toolchain {name} {TARGET}` or unset the variable"),
    ))
}

/// Whether `rustc` finds a `core` for the target.
fn has_std(rustc: Cmd) -> bool {
    let directory = rustc
        .args(["--print", "target-libdir", "--target", TARGET])
        .output();
    directory.is_some_and(|dir| !rlibs(Path::new(&dir), "core").is_empty())
}

fn has_rustup() -> bool {
    Cmd::new("rustup").args(["--version"]).succeeds()
}

/// Debian's rustc with a library for the target.
fn debian(workspace: &Workspace) -> Outcome<String> {
    if stamp_is_right() {
        println!("    {TARGET}: there, for Debian's rustc");
        return Ok(TOOLCHAIN.into());
    }
    if !setup::has_apt() || !has_rustup() {
        return Err(Failure::new(
            format!(
                "{TARGET} for the toolchain `{TOOLCHAIN}` can only be built on Debian with rustup"
            ),
            "unset WASM_BUILD_TOOLCHAIN, then repeat",
        ));
    }
    install_rustc()?;
    let by_hand = "run `rustup toolchain link debian /usr`, then repeat";
    if !is_linked() {
        let link = ["toolchain", "link", TOOLCHAIN, "/usr"];
        Cmd::new("rustup").args(link).run(by_hand)?;
    }
    let version =
        rustc_version().ok_or_else(|| Failure::new("/usr/bin/rustc does not run", by_hand))?;
    let scratch = workspace.target.join("xtask").join("wasm-std");
    println!("    {TARGET}: building core and alloc for {version}, about a minute");
    let built = build(&scratch)?;
    install(&built, &scratch, &version)?;
    // Best effort: it is only disk space.
    let _ = fs::remove_dir_all(&scratch);
    sweep(&workspace.target)?;
    Ok(TOOLCHAIN.into())
}

/// Debian 12 carries a recent Rust under names of its own, beside the old one.
fn install_rustc() -> Outcome {
    let too_old = |found: String| {
        Failure::new(
            format!("this system's {found}, and Rust 1.{MINOR_NEEDED} is needed"),
            "make rustup's server reachable and run `rustup target add wasm32v1-none`",
        )
    };
    let families = [
        ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm"],
        ["rustc", "cargo", "rust-src", "rust-llvm"],
    ];
    if candidate("rustc").is_none() && candidate("rustc-web").is_none() {
        // Empty package lists; what is missing is said below.
        let update = setup::as_root("apt-get").args(["update"]);
        update.run("run `apt-get update` as root, then repeat")?;
    }
    let family = families.iter().find(|[rustc, ..]| {
        candidate(rustc).is_some_and(|version| minor(&version) >= Some(MINOR_NEEDED))
    });
    let Some(family) = family else {
        let found = match candidate("rustc") {
            Some(version) => format!("rustc is {version}"),
            None => "package lists have no rustc".into(),
        };
        return Err(too_old(found));
    };
    let mut packages = family.to_vec();
    let linker = linker_of(family[3]);
    packages.extend(linker.as_deref());
    setup::apt_install(&packages)
}

/// The version of `package` that apt would install.
fn candidate(package: &str) -> Option<String> {
    let policy = Cmd::new("apt-cache").args(["policy", package]).output()?;
    let line = policy
        .lines()
        .find_map(|line| line.trim().strip_prefix("Candidate: "))?;
    (line != "(none)").then(|| line.to_string())
}

/// 96 of `1.96.0+dfsg1-1`.
fn minor(version: &str) -> Option<u32> {
    version.split('.').nth(1)?.parse().ok()
}

/// The linker of the LLVM that `package` depends on: `lld-22` for `llvm-22`.
fn linker_of(package: &str) -> Option<String> {
    let depends = Cmd::new("apt-cache").args(["depends", package]).output()?;
    let number = depends
        .lines()
        .find_map(|line| line.trim().strip_prefix("Depends: llvm-"))?;
    Some(format!("lld-{number}"))
}

fn is_linked() -> bool {
    let rustc = Cmd::new("rustup").args(["run", TOOLCHAIN, "rustc", "--print", "sysroot"]);
    rustc.output().as_deref() == Some("/usr")
}

fn rustc_version() -> Option<String> {
    let rustc = Cmd::new("rustup").args(["run", TOOLCHAIN, "rustc", "-V"]);
    rustc.output()
}

/// Whether the library is there and belongs to the rustc that is there.
fn stamp_is_right() -> bool {
    let stamp = fs::read_to_string(Path::new(LIBRARIES).join(STAMP)).ok();
    let complete = CRATES
        .iter()
        .all(|name| rlibs(Path::new(LIBRARIES), name).len() == 1);
    complete && is_linked() && stamp.map(|s| s.trim().to_string()) == rustc_version()
}

/// Compiles the library in a crate that needs nothing else of it.
fn build(scratch: &Path) -> Outcome<Vec<PathBuf>> {
    let write = |name: &str, text: &str| {
        let path = scratch.join(name);
        let made = fs::create_dir_all(path.parent().unwrap_or(scratch));
        made.and_then(|()| fs::write(&path, text)).map_err(|error| {
            Failure::new(
                format!("cannot write {} ({error})", path.display()),
                "make room or set CARGO_TARGET_DIR to a writable directory",
            )
        })
    };
    // What an interrupted run left would be taken for the result.
    let _ = fs::remove_dir_all(scratch);
    write("Cargo.toml", SCRATCH_MANIFEST)?;
    write("src/lib.rs", SCRATCH_CRATE)?;
    Cmd::new("rustup")
        .args(["run", TOOLCHAIN, "cargo", "build", "--release"])
        .args(["--target", TARGET, "-Z", "build-std=core,alloc"])
        .current_dir(scratch)
        .env("RUSTC_BOOTSTRAP", "1")
        // Without its bitcode the runtime's link-time optimisation stops.
        .env("RUSTFLAGS", "-C embed-bitcode=yes")
        .env("CARGO_TARGET_DIR", scratch.join("target"))
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTC_WRAPPER")
        .run(
            "the compiler's message is above; `apt-get install --reinstall rust-web-src` may help",
        )?;
    let deps = scratch.join("target").join(TARGET).join("release/deps");
    let built: Vec<PathBuf> = CRATES.iter().flat_map(|name| rlibs(&deps, name)).collect();
    if built.len() != CRATES.len() {
        return Err(Failure::new(
            format!(
                "{} libraries were built where {} are needed",
                built.len(),
                CRATES.len()
            ),
            "remove the target directory's `xtask` folder, then repeat",
        ));
    }
    Ok(built)
}

const SCRATCH_MANIFEST: &str = "\
[package]
name = \"wasm-std\"
version = \"0.0.0\"
edition = \"2021\"

[lib]
crate-type = [\"cdylib\"]

[profile.release]
panic = \"abort\"

[workspace]
";

const SCRATCH_CRATE: &str = "\
#![no_std]
extern crate alloc;
use core::alloc::{GlobalAlloc, Layout};
struct None;
unsafe impl GlobalAlloc for None {
    unsafe fn alloc(&self, _: Layout) -> *mut u8 { core::ptr::null_mut() }
    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}
#[global_allocator]
static ALLOCATOR: None = None;
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! { loop {} }
";

/// Puts the library where rustc looks, in place of an older one.
fn install(built: &[PathBuf], scratch: &Path, version: &str) -> Outcome {
    let remedy = "it needs root: repeat as a user who may use sudo";
    let stamp = scratch.join(STAMP);
    fs::write(&stamp, format!("{version}\n")).map_err(|error| {
        Failure::new(
            format!("cannot write {} ({error})", stamp.display()),
            remedy,
        )
    })?;
    setup::as_root("mkdir")
        .args(["-p", LIBRARIES])
        .run(remedy)?;
    let old: Vec<PathBuf> = CRATES
        .iter()
        .flat_map(|name| rlibs(Path::new(LIBRARIES), name))
        .chain([Path::new(LIBRARIES).join(STAMP)])
        .collect();
    setup::as_root("rm").args(["-f"]).args(&old).run(remedy)?;
    // The stamp comes last: an interrupted copy is no library.
    for file in built.iter().chain([&stamp]) {
        setup::as_root("install")
            .args(["-m", "644"])
            .args([file, Path::new(LIBRARIES)])
            .run(remedy)?;
    }
    Ok(())
}

/// Removes what was compiled against another library: cargo does not notice that one changes.
fn sweep(target: &Path) -> Outcome {
    for profile in directories(target) {
        for project in directories(&profile.join("wbuild")) {
            let stale = project.join("target");
            if stale.exists() {
                println!("    {TARGET}: removing {}", stale.display());
                fs::remove_dir_all(&stale).map_err(|error| {
                    Failure::new(
                        format!("{} cannot be removed ({error})", stale.display()),
                        "remove it by hand, then repeat",
                    )
                })?;
            }
        }
    }
    Ok(())
}

/// The libraries of crate `name` in `directory`.
fn rlibs(directory: &Path, name: &str) -> Vec<PathBuf> {
    let prefix = format!("lib{name}-");
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .filter(|path| {
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            file.starts_with(&prefix) && file.ends_with(".rlib")
        })
        .collect()
}

fn directories(parent: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minor_should_be_read_when_version_is_debians() {
        assert_eq!(minor("1.96.0+dfsg1-1~deb12u2"), Some(96));
        assert_eq!(minor("1.63.0+dfsg1-2"), Some(63));
        assert_eq!(minor("(none)"), None);
    }

    #[test]
    fn needed_minor_should_be_the_workspace_s_when_read_from_the_manifest() {
        let manifest = include_str!("../../Cargo.toml");
        assert!(manifest.contains(&format!("rust-version = \"1.{MINOR_NEEDED}\"")));
    }
}
