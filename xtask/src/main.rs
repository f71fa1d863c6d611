//! `cargo xtask COMMAND`: builds, serves, tests and packs the page. Each command installs what it needs, says what
//! it does, and does nothing that is done already.

mod apt;
mod args;
mod bench;
mod chromium;
mod dist;
mod fault;
mod first_visit;
mod folders;
mod layout;
mod licences;
mod models;
mod npm;
mod python;
mod recipe;
mod release;
mod screenshot;
mod serve;
mod shell;
mod site;
mod test;
mod wasm;

use std::process::ExitCode;

use args::Args;
use fault::{Fault, Result};
use wasm::Profile;

const HELP: &str = "\
cargo xtask build [--release]            build the page into target/site/
cargo xtask serve [--port N] [--release] build it and serve it at http://localhost:8080
                  [--prefix /path/]      ... below a path, as some hosts do
cargo xtask bench [--quick] [--release]  measure the page beside its peers; writes benches/browser/results.md
                  [--films]              ... recorded video alone
                  [--panel]              ... panels alone, beside pandas and DuckDB
cargo xtask test [--no-browser]          format, lints and every test, the browser's included
                 [--long]                ... and those that take long
cargo xtask recipe                       run the DuckDB recipe for panels beside the cli; a part of test --long
cargo xtask licences                     check licences and sources of all dependencies (deny.toml)
cargo xtask dist                         build the page into dist/ for any static host
cargo xtask verify PLACE [--manifest FILE]  compare a copy of the page, a folder or an address, with a release
cargo xtask models                       make models/*.plan of models/*.onnx
cargo xtask screenshot                   make the README's picture, docs/screenshot.png";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_else(|| "help".to_owned());
    match dispatch(&command, Args::new(&command, words)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("xtask: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: &str, mut args: Args) -> Result<()> {
    match command {
        "build" => {
            let profile = profile(&mut args);
            args.finish()?;
            site::build(&site::folder(), profile)?;
            layout::lay_out_for_tests(&site::folder())
        }
        "serve" => {
            let profile = profile(&mut args);
            serve::serve(args, profile)
        }
        "test" => test::test(args),
        "bench" => {
            let profile = profile(&mut args);
            bench::bench(args, profile)
        }
        "dist" => {
            args.finish()?;
            dist::dist()
        }
        "verify" => release::verify(args),
        "licences" => {
            args.finish()?;
            licences::check()
        }
        "recipe" => {
            args.finish()?;
            recipe::check()
        }
        "models" => {
            args.finish()?;
            models::compile()
        }
        "screenshot" => {
            args.finish()?;
            screenshot::screenshot()
        }
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        _ => Err(Fault::new(format!("There is no command `{command}`. These are:\n{HELP}"))),
    }
}

fn profile(args: &mut Args) -> Profile {
    if args.flag("--release") { Profile::Release } else { Profile::Fast }
}
