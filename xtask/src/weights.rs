//! Generates the weights of the runtime from the pallets' benchmarks.
//!
//! The node is built with its `benchmark` command, and the runtime as it is released: optimised,
//! because its time is what is measured. The benchmarks run in that wasm; storage accesses are
//! counted and weighed by the SDK's figures for ParityDB.

use crate::{
    run::{Cmd, Failure, Outcome, Steps},
    setup, Workspace,
};
use std::path::PathBuf;

/// Pallets with weights of their own.
const PALLETS: [&str; 9] = [
    "pallet_backstop",
    "pallet_circuit_breaker",
    "pallet_insurance",
    "pallet_lending",
    "pallet_liquidation",
    "pallet_margin",
    "pallet_markets",
    "pallet_order_book",
    "pallet_price_oracle",
];

/// Where the weights go, in the checkout.
const FOLDER: &str = "runtime/src/weights";

/// Points per component, and runs of each.
const STEPS: &str = "8";
const REPEATS: &str = "4";
/// Fewer, to see whether the benchmarks run at all. Nothing is written then.
const QUICK: &str = "2";

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
struct Options {
    pallets: Vec<String>,
    quick: bool,
}

/// Builds what measures, measures, writes `runtime/src/weights/`.
pub fn run(steps: &mut Steps, workspace: &Workspace, args: &[String]) -> Outcome {
    let options = parse(args)?;
    let tools = setup::run(steps, workspace)?;
    steps.run("build with benchmarks", || {
        println!(
            "    The SDK is compiled once more for this, with other features: count on half an hour \
             the first time."
        );
        tools
            .cargo(workspace)
            .args(["build", "--locked", "--workspace", "--bin", "bulwark-node"])
            .args(["--features", "bulwark-node/runtime-benchmarks"])
            .env("WASM_BUILD_TYPE", "release")
            // A runtime that `benchmark storage` of parachains needs; outside the SDK's own
            // repository it does not find itself.
            .env("SKIP_FRAME_STORAGE_ACCESS_TEST_RUNTIME_WASM_BUILD", "1")
            .run("fix the first error above")
    })?;
    let runtime = wasm(workspace)?;
    for pallet in &options.pallets {
        steps.run(pallet, || {
            measure(workspace, &runtime, pallet, options.quick)
        })?;
    }
    Ok(())
}

fn parse(args: &[String]) -> Outcome<Options> {
    let mut options = Options {
        pallets: Vec::new(),
        quick: false,
    };
    for arg in args {
        if arg == "--quick" {
            options.quick = true;
        } else if PALLETS.contains(&arg.as_str()) {
            options.pallets.push(arg.clone());
        } else {
            return Err(Failure::new(
                format!("`{arg}` is no pallet with benchmarks"),
                format!("name some of {}, or none for all", PALLETS.join(", ")),
            ));
        }
    }
    if options.pallets.is_empty() {
        options.pallets = PALLETS.iter().map(ToString::to_string).collect();
    }
    Ok(options)
}

/// The runtime that was built last.
fn wasm(workspace: &Workspace) -> Outcome<PathBuf> {
    let folder = workspace.binary("wbuild").join("bulwark-runtime");
    let file = folder.join("bulwark_runtime.compact.compressed.wasm");
    if file.is_file() {
        Ok(file)
    } else {
        Err(Failure::new(
            format!("the build left no {}", file.display()),
            "remove the `wbuild` folder beside it, then repeat",
        ))
    }
}

fn measure(workspace: &Workspace, runtime: &PathBuf, pallet: &str, quick: bool) -> Outcome {
    let folder = workspace.root.join(FOLDER);
    let (steps, repeats) = if quick {
        (QUICK, "1")
    } else {
        (STEPS, REPEATS)
    };
    let command = Cmd::new(workspace.binary("bulwark-node"))
        .args(["benchmark", "pallet", "--genesis-builder", "runtime"])
        .args(["--pallet", pallet, "--extrinsic", "*"])
        .args(["--steps", steps, "--repeat", repeats, "--min-duration", "0"])
        .args(["--wasm-execution", "compiled", "--heap-pages", "4096"])
        // A chain without parachains has no proof to record.
        .args(["--disable-proof-recording", "--no-storage-info"])
        // One fit over all points. `max`, the larger of two fits term by term, gives benchmarks of several
        // components the base of their largest case.
        .args(["--quiet", "--output-analysis", "min-squares"])
        .arg("--runtime", runtime)
        .current_dir(&workspace.root);
    let command = if quick {
        command
    } else {
        command
            .arg("--template", folder.join("template.hbs"))
            .arg("--output", folder.join(format!("{pallet}.rs")))
    };
    command.run("the benchmark that failed is named above; `cargo test --features runtime-benchmarks` in its pallet shows more")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_pallets_should_be_measured_when_none_is_named() {
        let options = parse(&["--quick".to_string()]).unwrap();
        assert_eq!(
            (options.pallets.len(), options.quick),
            (PALLETS.len(), true)
        );
    }

    #[test]
    fn unknown_pallets_should_be_refused_when_named() {
        let error = parse(&["pallet_balances".to_string()]).unwrap_err();
        assert!(error.to_string().contains("`pallet_balances`"), "{error}");
    }
}
