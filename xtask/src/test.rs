//! `cargo xtask test`: everything that must hold before a change is kept.

use std::process::Command;

use crate::args::Args;
use crate::fault::Result;
use crate::wasm::{self, Profile};
use crate::{chromium, folders, npm, shell, site};

/// Format, lints for both targets, and all tests; the browser's run on the page as it is served.
pub fn test(mut args: Args) -> Result<()> {
    let long = args.flag("--long");
    let with_browser = !args.flag("--no-browser");
    args.finish()?;

    wasm::ensure_target()?;
    run(&mut cargo(&["fmt", "--all", "--check"]))?;
    run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]))?;
    // The profile of the build, so that procedural macros and build scripts are compiled once for both.
    let web = ["--target", wasm::TARGET, "--profile", Profile::Fast.name(), "--no-default-features"];
    let both = ["--package", "emotion-depth", "--features", "page,engine", "--", "--deny", "warnings"];
    run(cargo(&["clippy"]).args(web).args(both))?;

    // One call for all packages: cargo compiles the dependencies with one set of features.
    let mut tests = cargo(&["test", "--workspace", "--no-fail-fast"]);
    if with_browser {
        site::build(&site::folder(), Profile::Fast)?;
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
