//! Prints the schema of the parameters to files: `cargo xtask parameters` starts it.
//!
//! Arguments: the folder to write to, and `--check` to only tell whether the files there are up to
//! date.

use bulwark_runtime::parameters::sections;
use pallet_markets::document::{json_schema, markdown};
use std::{env, fs, path::PathBuf, process::ExitCode};

fn main() -> ExitCode {
    let mut args = env::args().skip(1);
    let Some(folder) = args.next().map(PathBuf::from) else {
        eprintln!("usage: parameters FOLDER [--check]");
        return ExitCode::FAILURE;
    };
    let check = args.next().is_some_and(|arg| arg == "--check");
    let sections = sections();
    let files = [
        ("parameters.md", markdown(&sections)),
        ("parameters.schema.json", json_schema(&sections)),
    ];
    for (name, text) in files {
        let path = folder.join(name);
        if check {
            if fs::read_to_string(&path).ok().as_ref() != Some(&text) {
                eprintln!(
                    "{} is out of date: run `cargo xtask parameters`",
                    path.display()
                );
                return ExitCode::FAILURE;
            }
        } else if let Err(error) = fs::write(&path, text) {
            eprintln!("cannot write {}: {error}", path.display());
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
