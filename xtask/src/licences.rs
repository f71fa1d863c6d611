//! The licences and the sources of everything that is built in, held to `deny.toml`.
//!
//! cargo-deny reads the same file and knows more, but takes minutes to build. This is the part that every test can afford:
//! it asks cargo alone, and works without network once all packages are downloaded.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Stdio;

use serde::Deserialize;
use spdx::{Expression, ParseMode};

use crate::fault::{AtPath, Fault, Result};
use crate::{folders, shell};

/// The part of `deny.toml` that is checked here.
#[derive(Deserialize)]
struct Policy {
    graph: Graph,
    licenses: Licences,
    sources: Sources,
}

#[derive(Deserialize)]
struct Graph {
    targets: Vec<String>,
}

#[derive(Deserialize)]
struct Licences {
    /// SPDX identifiers.
    allow: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: BTreeSet<String>,
}

/// What `cargo metadata` says; the rest of it is passed over.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    /// `None`: a package of this workspace.
    source: Option<String>,
}

/// Checks every package that is built for any of the policy's targets, with all features.
///
/// # Errors
/// A package with a licence or from a source that `deny.toml` does not allow, or cargo cannot tell.
pub fn check() -> Result<()> {
    let path = folders::root().join("deny.toml");
    let text = fs::read_to_string(&path).at("read", &path)?;
    let policy: Policy = toml::from_str(&text)
        .map_err(|error| Fault::new(format!("deny.toml cannot be understood: {error}")))?;
    let mut faults = BTreeSet::new();
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for target in &policy.graph.targets {
        for package in packages(target)? {
            faults.extend(policy.faults(&package));
            versions.entry(package.name).or_default().insert(package.version);
        }
    }
    if !faults.is_empty() {
        let list = faults.into_iter().collect::<Vec<_>>().join("\n  ");
        return Err(Fault::new(format!("deny.toml does not allow:\n  {list}")));
    }
    let several: Vec<_> =
        versions.iter().filter(|(_, versions)| versions.len() > 1).map(|(name, _)| &**name).collect();
    shell::say(&format!(
        "licences and sources of {} packages are as deny.toml allows; in more than one version: {}",
        versions.len(),
        if several.is_empty() { "none".to_owned() } else { several.join(", ") }
    ));
    Ok(())
}

/// What is built for `target`, with all features of all packages, their tests included.
fn packages(target: &str) -> Result<Vec<Package>> {
    let unknown = |error: &dyn std::fmt::Display| {
        Fault::new(format!("`cargo metadata` could not tell what is built for {target}: {error}."))
    };
    let mut cargo = shell::cargo();
    cargo.args(["metadata", "--format-version", "1", "--all-features", "--filter-platform", target]);
    cargo.current_dir(folders::root()).stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = cargo.output().map_err(|error| unknown(&error))?;
    if !output.status.success() {
        return Err(unknown(&output.status));
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout).map_err(|error| unknown(&error))?;
    // The list also has what only other machines need.
    let built: BTreeSet<String> = metadata.resolve.nodes.into_iter().map(|node| node.id).collect();
    Ok(metadata.packages.into_iter().filter(|package| built.contains(&package.id)).collect())
}

impl Policy {
    /// What is wrong with a package, a sentence for each.
    fn faults(&self, package: &Package) -> Vec<String> {
        let Some(source) = &package.source else { return Vec::new() };
        let named = |what: String| format!("{} {}: {what}", package.name, package.version);
        let mut faults = Vec::new();
        let registry = source.strip_prefix("registry+").unwrap_or(source);
        if !self.sources.allow_registry.contains(registry) {
            faults.push(named(format!("it comes from {source}")));
        }
        match package.license.as_deref().map(|text| (text, Expression::parse_mode(text, ParseMode::LAX))) {
            None => faults.push(named("it names no licence".to_owned())),
            Some((text, Err(_))) => {
                faults.push(named(format!("its licence \"{text}\" is no SPDX expression")))
            }
            Some((text, Ok(licence))) => {
                if !licence.evaluate(|needed| self.licenses.allow.contains(&needed.to_string())) {
                    faults.push(named(format!("its licence is {text}")));
                }
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

    fn faults(license: Option<&str>, source: Option<&str>) -> Vec<String> {
        let policy = Policy {
            graph: Graph { targets: vec![] },
            licenses: Licences { allow: ["MIT", "Unicode-3.0"].map(str::to_owned).into() },
            sources: Sources { allow_registry: [CRATES_IO["registry+".len()..].to_owned()].into() },
        };
        policy.faults(&Package {
            id: "a".into(),
            name: "a".into(),
            version: "1.0.0".into(),
            license: license.map(str::to_owned),
            source: source.map(str::to_owned),
        })
    }

    #[test]
    fn of_licences_to_choose_from_one_must_be_allowed_and_of_joined_ones_all() {
        let fine = |license| faults(Some(license), Some(CRATES_IO)).is_empty();
        for allowed in ["MIT", "MIT OR GPL-3.0-only", "Apache-2.0/MIT", "MIT AND Unicode-3.0"] {
            assert!(fine(allowed), "{allowed}");
        }
        for refused in ["GPL-3.0-only", "MIT AND GPL-3.0-only", "Apache-2.0 WITH LLVM-exception", "as I like"]
        {
            assert!(!fine(refused), "{refused}");
        }
    }

    #[test]
    fn a_package_without_a_licence_or_from_elsewhere_is_refused() {
        assert_eq!(faults(None, Some(CRATES_IO)), ["a 1.0.0: it names no licence"]);
        for source in ["git+https://example.org/a", "registry+https://example.org/index"] {
            assert_eq!(faults(Some("MIT"), Some(source)), [format!("a 1.0.0: it comes from {source}")]);
        }
        assert!(faults(None, None).is_empty(), "our own");
    }
}
