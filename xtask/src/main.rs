//! `cargo xtask COMMAND`: builds, serves, tests and packs the page. Each command installs what it needs, says what
//! it does, and does nothing that is done already.

mod args;
mod fault;
mod folders;
mod models;
mod serve;
mod shell;
mod site;
mod wasm;

use std::process::ExitCode;

use args::Args;
use fault::{Fault, Result};
use wasm::Profile;

const HELP: &str = "\
cargo xtask build [--release]            build the page into target/site/
cargo xtask serve [--port N] [--release] build it and serve it at http://localhost:8080
                  [--prefix /path/]      ... below a path, as some hosts do";

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
            site::build(&site::folder(), profile)
        }
        "serve" => {
            let profile = profile(&mut args);
            serve::serve(args, profile)
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
