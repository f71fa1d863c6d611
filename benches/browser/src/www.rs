//! The folder that the pages are served from: links to what lies elsewhere, so that nothing is copied.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use brotli::enc::BrotliEncoderParams;
use serde_json::{Value, json};
use site_server::{Listener, SiteServer};

/// What belongs to the bench and not to a contender.
const HARNESS: [&str; 2] = ["pages", "pictures"];

/// The server, and the sizes of what it gave out.
pub struct Www {
    folder: PathBuf,
    server: SiteServer,
    /// The lengths of files after compression, once they are known.
    compressed: HashMap<String, u64>,
}

impl Www {
    /// Serves the repository's folders and `made` (what was built for the bench) from links in `folder`.
    ///
    /// # Errors
    /// A link cannot be made, or no port is free.
    pub fn start(root: &Path, site: &Path, made: &Path, folder: &Path) -> io::Result<Www> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
        let bench = root.join("benches/browser");
        for (name, target) in [
            ("pages", bench.join("pages")),
            ("npm", bench.join("node_modules")),
            ("pictures", root.join("tests/pictures")),
            ("models", root.join("models")),
            ("worker_start.js", root.join("src/web/worker_start.js")),
            ("site", site.to_owned()),
            ("made", made.to_owned()),
        ] {
            std::os::unix::fs::symlink(fs::canonicalize(target)?, folder.join(name))?;
        }
        let server = Listener::bind(0)?.serve(folder, "/");
        Ok(Www { folder: folder.to_owned(), server, compressed: HashMap::new() })
    }

    /// A file's URL on a host of that name. Every name below localhost is this machine and, to the browser, a site and
    /// so a process of its own.
    pub fn url(&self, host: &str, file: &str) -> String {
        self.server.url().replace("localhost", &format!("{host}.localhost")) + file
    }

    /// Whether a file is there to be served.
    pub fn has(&self, file: &str) -> bool {
        self.folder.join(file).is_file()
    }

    /// How many requests have come.
    pub fn mark(&self) -> usize {
        self.server.requests().len()
    }

    /// The contender's files since `mark`: how many, their bytes, and their bytes with brotli if asked for.
    pub fn loaded_since(&mut self, mark: usize, with_brotli: bool) -> io::Result<Value> {
        let (mut files, mut bytes, mut brotli_bytes) = (0, 0, 0);
        for request in self.server.requests().split_off(mark) {
            let target = request.split_whitespace().nth(1).unwrap_or_default();
            let file = target.split('?').next().unwrap_or_default().trim_start_matches('/').to_owned();
            let path = self.folder.join(&file);
            if HARNESS.iter().any(|folder| file.starts_with(folder)) || !path.is_file() {
                continue;
            }
            files += 1;
            bytes += fs::metadata(&path)?.len();
            if with_brotli {
                brotli_bytes += self.compressed_length(file, &path)?;
            }
        }
        let brotli_bytes = if with_brotli { json!(brotli_bytes) } else { Value::Null };
        Ok(json!({ "files": files, "bytes": bytes, "brotli_bytes": brotli_bytes }))
    }

    fn compressed_length(&mut self, file: String, path: &Path) -> io::Result<u64> {
        if let Some(&length) = self.compressed.get(&file) {
            return Ok(length);
        }
        let bytes = fs::read(path)?;
        // 9 of 11: the best takes minutes for some peers' files and saves a twentieth.
        let options = BrotliEncoderParams { quality: 9, size_hint: bytes.len(), ..Default::default() };
        let mut compressed = Vec::new();
        brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &options)?;
        self.compressed.insert(file, compressed.len() as u64);
        Ok(compressed.len() as u64)
    }
}
