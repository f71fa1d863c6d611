//! From Rust sources to a wasm module with its JavaScript glue: cargo and wasm-bindgen.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use activities::{Activity, Engine};
use wasm_bindgen_cli_support::Bindgen;

use crate::fault::{AtPath, Fault, Result};
use crate::folders;
use crate::shell;

pub const TARGET: &str = "wasm32-unknown-unknown";

/// How much work goes into the optimisation. Both give the same numbers.
#[derive(Clone, Copy, PartialEq)]
pub enum Profile {
    /// For `serve` and the tests: quick to build.
    Fast,
    /// For what is published: small.
    Release,
}

impl Profile {
    /// The profile's name in Cargo.toml, which is also its folder's.
    pub fn name(self) -> &'static str {
        match self {
            Profile::Fast => "web-fast",
            Profile::Release => "web",
        }
    }
}

/// A binary of the package. Each is built with no features but those that it needs.
#[derive(Clone, Copy)]
pub enum Binary {
    /// The page of an activity: Leptos; loaded as a module.
    Page(Activity),
    /// An engine; its glue is a classic script, so that it can stand in the blob of a worker. `with_onnx`: with tract, for a
    /// network that the int8 engine does not know wholly: ten times as large.
    Engine { engine: Engine, with_onnx: bool },
}

impl Binary {
    fn name(self) -> &'static str {
        match self {
            Binary::Page(activity) => activity.id,
            Binary::Engine { engine, .. } => engine.binary(),
        }
    }

    /// The profile to build it with: what is published of the page is made small before fast.
    fn profile(self, profile: Profile) -> &'static str {
        match (self, profile) {
            (Binary::Page(_), Profile::Release) => "web-page",
            _ => profile.name(),
        }
    }

    fn features(self) -> String {
        match self {
            Binary::Page(_) => "page".to_owned(),
            Binary::Engine { engine: Engine::Panel, .. } => "panel_worker".to_owned(),
            Binary::Engine { engine, with_onnx } => {
                let pictures = if engine == Engine::Pictures { ",pictures" } else { "" };
                let onnx = if with_onnx { ",onnx" } else { "" };
                format!("engine{pictures}{onnx}")
            }
        }
    }
}

/// Installs Rust's standard library for wasm where it is missing.
///
/// # Errors
/// It is missing and rustup cannot fetch it.
pub fn ensure_target() -> Result<()> {
    let mut ask = Command::new("rustc");
    ask.args(["--print", "target-libdir", "--target", TARGET]).current_dir(folders::root());
    let folder = shell::output_of(&mut ask).ok_or_else(|| {
        Fault::new(
            "`rustc` could not be asked for its folders. Install Rust from https://rustup.rs and try again.",
        )
    })?;
    if Path::new(&folder).exists() {
        return Ok(());
    }
    let mut add = Command::new("rustup");
    add.args(["target", "add", TARGET]).current_dir(folders::root());
    shell::run(&mut add).map_err(|fault| {
        let what = format!("Rust's standard library for {TARGET} is missing and could not be added");
        Fault::new(format!("{what}: {fault} Add it by hand and try again."))
    })
}

/// Builds `binary` and returns the folder with `NAME.js` and `NAME_bg.wasm`. Does nothing that is done already.
///
/// # Errors
/// A compiler's error, or a module that wasm-bindgen cannot read.
pub fn build(binary: Binary, profile: Profile) -> Result<PathBuf> {
    let name = binary.name();
    let mut cargo = shell::cargo();
    cargo.args(["build", "--package", "emotion-depth", "--bin", name, "--target", TARGET]);
    let built_as = binary.profile(profile);
    cargo.args(["--profile", built_as, "--no-default-features", "--features", &binary.features()]);
    shell::run(cargo.current_dir(folders::root()))?;

    let module = folders::target().join(TARGET).join(built_as).join(name).with_extension("wasm");
    let folder = folders::target().join("glue").join(built_as).join(name);
    if !is_newer(&folder.join(name).with_extension("js"), &module) {
        shell::say(&format!("make the glue of {name}.wasm"));
        folders::renew(&folder)?;
        bind(binary, profile, &module, &folder)?;
    }
    Ok(folder)
}

fn bind(binary: Binary, profile: Profile, module: &Path, folder: &Path) -> Result<()> {
    let shrink = profile == Profile::Release;
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).typescript(false);
    bindgen.remove_name_section(shrink).remove_producers_section(shrink);
    match binary {
        Binary::Page(_) => bindgen.web(true),
        _ => bindgen.no_modules(true),
    }
    .and_then(|bindgen| bindgen.generate(folder))
    .map_err(|error| Fault::new(format!("wasm-bindgen could not read {}: {error:#}.", module.display())))
}

/// Whether `made` exists and is not older than its source and this program, whose options shape it.
fn is_newer(made: &Path, source: &Path) -> bool {
    let time = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    let program = std::env::current_exe().ok().and_then(|path| time(&path));
    match (time(made), time(source), program) {
        (Some(made), Some(source), Some(program)) => made >= source && made >= program,
        _ => false,
    }
}

/// The bytes of a file of the built site.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).at("read", path)
}
