//! Installs what a machine lacks: system packages, and a wasm standard library.

use crate::{
    run::{Cmd, Failure, Outcome, Steps},
    wasm, Workspace,
};
use std::time::Duration;

/// Debian's names of what the build calls: `protoc` (network protocols), clang (bindings), a C++
/// compiler (binaryen), OpenSSL (WebRTC transport).
const PACKAGES: [&str; 6] = [
    "clang",
    "g++",
    "libclang-dev",
    "libssl-dev",
    "pkg-config",
    "protobuf-compiler",
];

/// What setup found or made.
#[derive(Debug)]
pub struct Tools {
    /// Toolchain for the wasm runtime, when it is not the one for everything else.
    wasm_toolchain: Option<String>,
}

impl Tools {
    /// Cargo, in the checkout, with what it needs for the wasm runtime.
    pub fn cargo(&self, workspace: &Workspace) -> Cmd {
        let cargo = Cmd::new("cargo")
            .current_dir(&workspace.root)
            .env_remove("SKIP_WASM_BUILD");
        match &self.wasm_toolchain {
            Some(name) => cargo.env("WASM_BUILD_TOOLCHAIN", name),
            None => cargo,
        }
    }
}

/// Checks, says what it will do, does it. Nothing is done twice.
pub fn run(steps: &mut Steps, workspace: &Workspace) -> Outcome<Tools> {
    steps.run("setup", || {
        system_packages()?;
        let wasm_toolchain = wasm::ensure_std(workspace)?;
        if let Some(name) = &wasm_toolchain {
            println!("    for a plain `cargo build`: export WASM_BUILD_TOOLCHAIN={name}");
        }
        Ok(Tools { wasm_toolchain })
    })
}

fn system_packages() -> Outcome {
    if has_apt() {
        return apt_install(&PACKAGES);
    }
    let missing = missing_tools();
    if missing.is_empty() {
        println!("    build tools: there");
        return Ok(());
    }
    let remedy = if cfg!(target_os = "macos") {
        "brew install protobuf llvm openssl@3 pkg-config, then repeat"
    } else {
        "install them with your package manager, then repeat"
    };
    let what = format!("missing: {}", missing.join(", "));
    Err(Failure::new(what, remedy))
}

/// What is not there, on systems without apt.
fn missing_tools() -> Vec<&'static str> {
    let has = |program: &str, args: &[&str]| Cmd::new(program).args(args).succeeds();
    let mut missing = Vec::new();
    if !has("protoc", &["--version"]) {
        missing.push("protoc (protobuf compiler)");
    }
    if !has("clang", &["--version"]) {
        missing.push("clang with libclang");
    }
    if !has("c++", &["--version"]) {
        missing.push("a C++ compiler");
    }
    if !has("pkg-config", &["--version"]) {
        missing.push("pkg-config");
    }
    // Homebrew keeps OpenSSL where pkg-config does not look; the build finds it by itself.
    let has_brew_openssl = || has("brew", &["--prefix", "openssl@3"]);
    if !has("pkg-config", &["--exists", "openssl"]) && !has_brew_openssl() {
        missing.push("the OpenSSL headers");
    }
    missing
}

/// Whether this is Debian, Ubuntu or one of their children.
pub fn has_apt() -> bool {
    let has = |program: &str| Cmd::new(program).args(["--version"]).succeeds();
    has("apt-get") && has("dpkg-query")
}

/// Installs those of `packages` that are missing.
pub fn apt_install(packages: &[&str]) -> Outcome {
    let missing: Vec<&str> = packages
        .iter()
        .copied()
        .filter(|package| !is_installed(package))
        .collect();
    if missing.is_empty() {
        println!("    packages: {} are there", packages.join(" "));
        return Ok(());
    }
    println!("    packages: installing {}", missing.join(" "));
    let list = missing.join(" ");
    let by_hand = format!("run `apt-get update && apt-get install {list}` as root, then repeat");
    let install = || {
        let args = ["install", "--yes", "--no-install-recommends"];
        as_root("apt-get")
            .args(args)
            .args(&missing)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .limit(Duration::from_secs(1_800))
            .run(&by_hand)
    };
    // The package lists of a fresh container are empty, and those of an old machine lead nowhere.
    install().or_else(|_| {
        println!("    packages: once more, with fresh lists");
        as_root("apt-get")
            .args(["update"])
            .limit(Duration::from_secs(600))
            .run(&by_hand)?;
        install()
    })
}

/// Whether dpkg says that `package` is installed.
fn is_installed(package: &str) -> bool {
    let query = Cmd::new("dpkg-query").args(["--show", "--showformat=${Status}", package]);
    query.output().as_deref() == Some("install ok installed")
}

/// `program`, through sudo unless we are root already.
pub fn as_root(program: &str) -> Cmd {
    let is_root = Cmd::new("id").args(["-u"]).output().as_deref() == Some("0");
    if is_root {
        Cmd::new(program)
    } else {
        // sudo asks for the password on the terminal and drops the environment.
        Cmd::new("sudo").args(["DEBIAN_FRONTEND=noninteractive", program])
    }
}
