//! `cargo xtask serve`: the page on this machine.

use std::io::ErrorKind;

use site_server::Listener;

use crate::args::Args;
use crate::fault::{Fault, Result};
use crate::wasm::Profile;
use crate::{shell, site};

const DEFAULT_PORT: u16 = 8080;

/// Builds the page and serves it until it is interrupted.
pub fn serve(mut args: Args, profile: Profile) -> Result<()> {
    let port = match args.value("--port")? {
        None => DEFAULT_PORT,
        Some(text) => text.parse().map_err(|_| {
            Fault::new(format!("`--port` wants a number from 0 to 65535, and `{text}` is none."))
        })?,
    };
    let prefix = args.value("--prefix")?.unwrap_or_default();
    args.finish()?;
    if !prefix.is_ascii() {
        return Err(Fault::new("`--prefix` wants a plain path such as /emotion-depth/."));
    }
    // Before the build: whether the port is free is known at once, and a page asked for early waits.
    let listener = Listener::bind(port).map_err(|error| sentence(port, &error))?;
    site::build(&site::folder(), profile)?;
    let server = listener.serve(site::folder(), &prefix);
    shell::say(&format!("the page is at {} (stop with Ctrl+C)", server.url()));
    server.wait();
    Ok(())
}

fn sentence(port: u16, error: &std::io::Error) -> Fault {
    let next = port.saturating_add(1).max(DEFAULT_PORT + 1);
    Fault::new(match error.kind() {
        ErrorKind::AddrInUse => format!(
            "Port {port} is in use by another program, perhaps by an earlier `cargo xtask serve`. Stop that one, or \
             choose another port: `cargo xtask serve --port {next}`."
        ),
        ErrorKind::PermissionDenied => {
            format!(
                "Port {port} may not be used by this account. Choose another: `cargo xtask serve --port {next}`."
            )
        }
        _ => {
            format!("Port {port} cannot be used: {error}. Choose another: `cargo xtask serve --port {next}`.")
        }
    })
}
