//! The built page on a server of its own, as it is or damaged on purpose.

use std::fs;
use std::path::{Path, PathBuf};

use site_server::{Listener, SiteServer};

use testkit::TempFolder;

/// Cargo's target folder.
pub(crate) fn target() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder))
}

/// The page's server, which records every request.
pub struct Site {
    pub server: SiteServer,
    folder: Option<TempFolder>,
}

impl Site {
    /// Serves target/site at the root of a free port.
    pub fn start() -> Site {
        Site::below("/")
    }

    /// Serves it below a path, as some hosts do.
    pub fn below(prefix: &str) -> Site {
        Site { server: listen().serve(built(), prefix), folder: None }
    }

    /// The bytes of a file of the built page.
    pub fn file(name: &str) -> Vec<u8> {
        fs::read(built().join(name)).unwrap_or_else(|error| panic!("{name} of the built page: {error}"))
    }

    /// Serves a copy in which `change` has changed something.
    pub fn changed(change: impl FnOnce(&Path)) -> Site {
        let folder = TempFolder::new();
        copy(&built(), folder.path());
        change(folder.path());
        Site { server: listen().serve(folder.path(), "/"), folder: Some(folder) }
    }

    /// Serves a copy of the page as it is hosted: the release `one`, or `two`, which differs from it in a style sheet.
    pub fn release(name: &str) -> Site {
        let folder = TempFolder::new();
        copy(&release(name), folder.path());
        Site { server: listen().serve(folder.path(), "/"), folder: Some(folder) }
    }

    /// Puts the files of a release onto the host, beside or over those that are there.
    pub fn deploy(&self, name: &str) {
        self.change(|folder| copy(&release(name), folder));
    }

    /// Ends the server, as a host that is gone: what asks is refused. The port stays known for [`StoppedSite::start`].
    pub fn stop(self) -> StoppedSite {
        let Site { server, folder } = self;
        let port = server.port();
        drop(server);
        StoppedSite { port, folder: folder.expect("the site has a folder of its own") }
    }

    /// Serves a folder with this one page and nothing else.
    pub fn of_html(html: &str) -> Site {
        let folder = TempFolder::new();
        fs::write(folder.path().join("index.html"), html).expect("the page can be written");
        Site { server: listen().serve(folder.path(), "/"), folder: Some(folder) }
    }

    /// Changes the files of a site of [`Site::changed`] while it is served.
    ///
    /// # Panics
    /// For another kind of site.
    pub fn change(&self, change: impl FnOnce(&Path)) {
        change(self.folder.as_ref().expect("the site has a folder of its own").path());
    }

    pub fn url(&self) -> String {
        self.server.url()
    }
}

/// A site whose server is gone.
pub struct StoppedSite {
    port: u16,
    folder: TempFolder,
}

impl StoppedSite {
    /// Serves it again at the same address.
    pub fn start(self) -> Site {
        let listener = Listener::bind(self.port).expect("the port is free again");
        Site { server: listener.serve(self.folder.path(), "/"), folder: Some(self.folder) }
    }
}

fn release(name: &str) -> PathBuf {
    let folder = target().join("releases").join(name);
    assert!(folder.join("index.html").exists(), "the releases are not there: run `cargo xtask build`");
    folder
}

fn listen() -> Listener {
    Listener::bind(0).expect("a port is free")
}

fn built() -> PathBuf {
    let folder = target().join("site");
    assert!(
        folder.join("index.html").exists(),
        "the page is not built: run `cargo xtask build` or `cargo xtask test`"
    );
    folder
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("the folder can be listed") {
        let path = entry.expect("the folder can be listed").path();
        let there = to.join(path.file_name().expect("a listed path has a name"));
        if path.is_dir() {
            fs::create_dir_all(&there).expect("a folder can be made");
            copy(&path, &there);
        } else {
            fs::copy(&path, &there).expect("a file can be copied");
        }
    }
}
