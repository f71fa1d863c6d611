//! `cargo xtask test`: everything that must hold before a change is kept.

use std::fs;
use std::process::Command;

use crate::args::Args;
use crate::fault::{AtPath, Result};
use crate::wasm::{self, Profile};
use crate::{chromium, folders, layout, licences, npm, recipe, release, shell, site};

/// All packages in two groups. Cargo unites the features of the dependencies of those that it builds together: this
/// program, built alone to be run, would have its dependencies compiled a second time if it were tested with the others.
const SELECTIONS: [&[&str]; 2] = [
    &["--package", "xtask"],
    &[
        "--workspace",
        "--exclude",
        "xtask",
        "--features",
        "emotion-cli/onnx,emotion-study/schema,own-model/schema",
    ],
];

/// Format, licences, lints and documentation for both targets, and all tests; the browser's run on the page as it is served.
pub fn test(mut args: Args) -> Result<()> {
    let long = args.flag("--long");
    let with_browser = !args.flag("--no-browser");
    args.finish()?;

    wasm::ensure_target()?;
    say_toolchain()?;
    run(&mut cargo(&["fmt", "--all", "--check"]))?;
    licences::check()?;
    for packages in SELECTIONS {
        run(cargo(&["clippy", "--all-targets"]).args(packages).args(["--", "--deny", "warnings"]))?;
    }
    // The profile of the build, so that procedural macros and build scripts are compiled once for both.
    let web = ["--target", wasm::TARGET, "--profile", Profile::Fast.name()];
    let page = ["--package", "emotion-depth", "--features", "page,engine,pictures,onnx"];
    run(cargo(&["clippy"]).args(web).args(page).args(["--", "--deny", "warnings"]))?;
    document(SELECTIONS[1])?;
    document(&[&web[..], &page[..]].concat())?;

    release::ensure_curl()?;
    run(cargo(&["test", "--no-fail-fast"]).args(SELECTIONS[0]))?;
    let mut tests = cargo(&["test", "--no-fail-fast"]);
    tests.args(SELECTIONS[1]);
    if with_browser {
        site::build(&site::folder(), Profile::Fast)?;
        layout::lay_out_for_tests(&site::folder())?;
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
    if long {
        recipe::check()?;
    }
    shell::say("all tests passed");
    if with_browser {
        shell::say("pictures of every state of the page are in target/screenshots");
    }
    Ok(())
}

/// The documentation of libraries without a warning: no link leads nowhere. Private items are in it, so links to them lead
/// somewhere, too.
fn document(packages: &[&str]) -> Result<()> {
    run(cargo(&["doc", "--no-deps", "--lib", "--document-private-items"])
        .args(packages)
        .env("RUSTDOCFLAGS", "--deny warnings --allow rustdoc::private_intra_doc_links"))
}

/// Says which compiler the results are of. It is the pinned one, but where a machine has no way to get it.
fn say_toolchain() -> Result<()> {
    let path = folders::root().join("rust-toolchain.toml");
    let text = fs::read_to_string(&path).at("read", &path)?;
    let pinned =
        text.lines().find_map(|line| line.strip_prefix("channel = ")).unwrap_or_default().trim_matches('"');
    let mut ask = Command::new("rustc");
    let version = shell::output_of(ask.arg("--version").current_dir(folders::root())).unwrap_or_default();
    let is_pinned = version.split(' ').nth(1) == Some(pinned);
    shell::say(&format!("{version}, {}", if is_pinned { "as pinned" } else { "not the pinned one" }));
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

#[cfg(test)]
mod tests {
    /// So that the oldest version that is promised is the one that everything is tested with.
    #[test]
    fn the_pinned_toolchain_is_the_promised_one() {
        let pinned = include_str!("../../rust-toolchain.toml");
        let promised = env!("CARGO_PKG_RUST_VERSION");
        assert!(pinned.contains(&format!("channel = \"{promised}.0\"")), "{promised} is promised: {pinned}");
    }
}
