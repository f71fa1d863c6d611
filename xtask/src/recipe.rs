//! The recipe of docs/panels.md for panels that outgrow a browser: DuckDB from PyPI makes the same table of person-seconds as the
//! cli.

use std::fs;
use std::process::Command;

use crate::fault::{AtPath, Result};
use crate::{folders, python, shell};

/// People of the panel; every kind of person that the rules tell apart is added by the script.
const PEOPLE: &str = "40";

/// Makes a panel, merges it by the cli and by `crates/panel/recipe/panel.sql`, and compares the tables.
pub fn check() -> Result<()> {
    let recipe = folders::root().join("crates/panel/recipe");
    let target = folders::target().join("recipe");
    fs::create_dir_all(&target).at("make the folder", &target)?;
    let python = python::ensure(&target.join("python"), &recipe.join("requirements.txt"))?;
    let (results, merged) = (target.join("results"), target.join("merged"));
    folders::renew(&results)?;
    let example = |package: &str, name: &str| {
        let mut cargo = shell::cargo();
        cargo.args(["run", "--quiet", "--package", package, "--example", name, "--"]);
        cargo.current_dir(folders::root());
        cargo
    };
    shell::run(example("emotion-panel", "sample_files").arg(&results).arg(PEOPLE))?;
    let script = recipe.join("compare.py");
    shell::run(Command::new(&python).arg(&script).arg("prepare").arg(&target))?;
    shell::run(example("emotion-cli", "panel").arg(&results).arg("--out").arg(&merged).arg("--no-samples"))?;
    shell::run(Command::new(&python).arg(&script).arg("compare").arg(&target))?;
    shell::say("the recipe of docs/panels.md gives the table of the cli");
    Ok(())
}
