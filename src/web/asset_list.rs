//! What must be loaded before the engine can start: `assets.json`, and how far the loading has come.

use serde::Deserialize;
use thiserror::Error;

/// One file of `assets.json`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Asset {
    /// One of [`activities::Activity::roles`], or one that this page does not need.
    pub role: String,
    /// Path below the page's folder.
    pub file: String,
    /// Size in bytes, unpacked.
    pub bytes: u64,
    /// Lower-case hexadecimal SHA-256 of the unpacked file.
    pub sha256: String,
}

/// How much of the engine and its models has been loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BytesLoaded {
    pub loaded_bytes: u64,
    pub total_bytes: u64,
}

/// Why the engine or its models could not be loaded. The message is for a person.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AssetFault {
    #[error("The file {0} could not be fetched. Check the connection to the network; then try again.")]
    Offline(String),
    #[error(
        "The server does not give the file {file} (status {status}). Try again later; if you host this page, \
         copy all of its files."
    )]
    Missing { file: String, status: u16 },
    #[error(
        "The file {0} is damaged or belongs to another version of this page. Reload the page; if that does \
         not help, the files on the server are damaged."
    )]
    Damaged(String),
    #[error("The list of the engine's files cannot be read ({0}). If you host this page, build it again.")]
    List(String),
    #[error(
        "This page was not opened by a secure address, so that neither its files can be checked nor a camera \
         used. Open it by https, or as localhost."
    )]
    Insecure,
    #[error("This browser cannot run the engine ({0}). Use a current Chrome, Edge, Firefox or Safari.")]
    Unusable(String),
}

/// Read `assets.json` and see that it has a file for each of the roles `needed`; other files in it are left out.
///
/// # Errors
/// [`AssetFault::List`] where the text is no such list, a role is not in it or a hash is no hash.
pub fn parse(text: &str, needed: &[&str]) -> Result<Vec<Asset>, AssetFault> {
    let all: Vec<Asset> = serde_json::from_str(text).map_err(|error| AssetFault::List(error.to_string()))?;
    needed
        .iter()
        .map(|role| {
            let asset = all
                .iter()
                .find(|asset| asset.role == *role)
                .ok_or_else(|| AssetFault::List(format!("no file for the {role} is in it")))?;
            if asset.sha256.len() != 64
                || !asset.sha256.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
            {
                return Err(AssetFault::List(format!("{} has no SHA-256", asset.file)));
            }
            Ok(asset.clone())
        })
        .collect()
}

/// Counts the bytes of several files; what is shown never runs backwards and never exceeds the total.
#[derive(Debug)]
pub struct Counter {
    shown: BytesLoaded,
    /// Bytes of the files that are complete, and of the one that is loading.
    done: u64,
    current: u64,
}

impl Counter {
    pub fn new(assets: &[Asset]) -> Self {
        let total_bytes = assets.iter().map(|asset| asset.bytes).sum();
        Self { shown: BytesLoaded { loaded_bytes: 0, total_bytes }, done: 0, current: 0 }
    }

    /// A piece of the current file has come.
    pub fn add(&mut self, bytes: u64) -> BytesLoaded {
        self.current += bytes;
        self.show()
    }

    /// The current file starts again, because what came was stale.
    pub fn restart_file(&mut self) {
        self.current = 0;
    }

    /// The current file is complete.
    pub fn finish_file(&mut self, asset: &Asset) -> BytesLoaded {
        self.done += asset.bytes;
        self.current = 0;
        self.show()
    }

    fn show(&mut self) -> BytesLoaded {
        let loaded = (self.done + self.current).min(self.shown.total_bytes);
        self.shown.loaded_bytes = self.shown.loaded_bytes.max(loaded);
        self.shown
    }
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asset(file: &str, bytes: u64) -> Asset {
        Asset { role: file.into(), file: file.into(), bytes, sha256: "0".repeat(64) }
    }

    #[test]
    fn the_needed_files_come_in_the_order_asked_for() {
        let hash = "ab".repeat(32);
        let text = format!(
            r#"[{{"role":"b","file":"b.x","bytes":2,"sha256":"{hash}"}},{{"role":"x","file":"x.x","bytes":9,"sha256":"{hash}"}},
                {{"role":"a","file":"a.x","bytes":1,"sha256":"{hash}"}}]"#
        );
        let assets = parse(&text, &["a", "b"]).unwrap();
        assert_eq!(assets.iter().map(|asset| asset.file.as_str()).collect::<Vec<_>>(), ["a.x", "b.x"]);
        assert!(matches!(parse(&text, &["c"]), Err(AssetFault::List(why)) if why.contains("the c is in it")));
    }

    #[test]
    fn lists_without_hashes_are_refused() {
        assert!(matches!(parse("<!doctype html>", &[]), Err(AssetFault::List(_))));
        let text = r#"[{"role":"a","file":"a","bytes":1,"sha256":""}]"#;
        assert!(matches!(parse(text, &["a"]), Err(AssetFault::List(_))));
    }

    #[test]
    fn progress_adds_up_and_never_runs_backwards() {
        let assets = [asset("a", 100), asset("b", 50)];
        let mut counter = Counter::new(&assets);
        assert_eq!(counter.add(60), BytesLoaded { loaded_bytes: 60, total_bytes: 150 });
        counter.restart_file();
        assert_eq!(counter.add(10).loaded_bytes, 60);
        assert_eq!(counter.add(90).loaded_bytes, 100);
        assert_eq!(counter.finish_file(&assets[0]).loaded_bytes, 100);
        assert_eq!(counter.add(4000).loaded_bytes, 150);
        assert_eq!(counter.finish_file(&assets[1]).loaded_bytes, 150);
    }

    #[test]
    fn hex_keeps_leading_zeros() {
        assert_eq!(hex(&[0, 10, 255]), "000aff");
    }
}
