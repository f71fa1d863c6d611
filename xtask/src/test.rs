//! `cargo xtask test`: everything that must hold before a change is kept.

use std::process::Command;

use crate::args::Args;
use crate::fault::Result;
use crate::wasm::{self, Profile};
use crate::{chromium, folders, npm, shell, site};

/// All packages in two groups. Cargo unites the features of the dependencies of those that it builds together: this
/// program, built alone to be run, would have its dependencies compiled a second time if it were tested with the others.
const SELECTIONS: [&[&str]; 2] = [
    &["--package", "xtask"],
    &["--workspace", "--exclude", "xtask", "--features", "emotion-cli/onnx,emotion-study/schema"],
];

/// Format, lints for both targets, and all tests; the browser's run on the page as it is served.
pub fn test(mut args: Args) -> Result<()> {
    let long = args.flag("--long");
    let with_browser = !args.flag("--no-browser");
    args.finish()?;

    wasm::ensure_target()?;
    run(&mut cargo(&["fmt", "--all", "--check"]))?;
    for packages in SELECTIONS {
        run(cargo(&["clippy", "--all-targets"]).args(packages).args(["--", "--deny", "warnings"]))?;
    }
    // The profile of the build, so that procedural macros and build scripts are compiled once for both.
    let web = ["--target", wasm::TARGET, "--profile", Profile::Fast.name()];
    let both =
        ["--package", "emotion-depth", "--features", "page,engine,pictures", "--", "--deny", "warnings"];
    run(cargo(&["clippy"]).args(web).args(both))?;

    run(cargo(&["test", "--no-fail-fast"]).args(SELECTIONS[0]))?;
    let mut tests = cargo(&["test", "--no-fail-fast"]);
    tests.args(SELECTIONS[1]);
    if with_browser {
        site::build(&site::folder(), Profile::Fast)?;
        // The engine behind plain functions: the browser's bits are compared with the host's.
        run(cargo(&["build", "--package", "kernel-twin", "--target", wasm::TARGET])
            .args(["--profile", Profile::Fast.name()]))?;
        npm::ensure()?;
        tests.env(chromium::VARIABLE, chromium::ensure()?);
    } else {
        tests.args(["--exclude", "browser-tests"]);
    }
    if long {
        tests.args(["--", "--include-ignored"]);
    }
    run(&mut tests)?;
    shell::say("all tests passed");
    if with_browser {
        shell::say("pictures of every state of the page are in target/screenshots");
    }
    Ok(())
}

fn cargo(args: &[&str]) -> Command {
    let mut cargo = shell::cargo();
    cargo.args(args);
    cargo
}

fn run(command: &mut Command) -> Result<()> {
    shell::run(command.current_dir(folders::root()))
}
