//! A static file server on this machine only: for `cargo xtask serve` and the browser tests.
//!
//! It never lets a browser keep an old build: nothing may be cached, and whoever asks for a service worker's
//! script gets one that removes itself and its caches. Every request is recorded, so that tests can count.

mod mime;
mod path;

use std::fs::File;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

pub use mime::mime_type;

/// Answers a browser that still has a service worker of an earlier run: the new one takes its place,
/// empties its caches, removes itself and reloads the pages that the old one had filled from them.
const SELF_REMOVING_WORKER: &str = r#"
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil((async () => {
  const names = await caches.keys();
  await Promise.all(names.map((name) => caches.delete(name)));
  await registration.unregister();
  if (names.length === 0) return;
  for (const page of await clients.matchAll({ type: "window" })) await page.navigate(page.url);
})()));
"#;

/// Files are read and sent by this many threads; a browser opens six connections to one host.
const THREADS: usize = 6;

/// A port that is taken but not answered yet: connections wait until [`Listener::serve`].
#[must_use]
pub struct Listener {
    server: Arc<Server>,
    address: SocketAddr,
}

impl Listener {
    /// Takes `port` of 127.0.0.1, or a free one if it is 0.
    ///
    /// # Errors
    /// The port is in use (`ErrorKind::AddrInUse`) or may not be used.
    pub fn bind(port: u16) -> io::Result<Listener> {
        // By hand, since `Server::http` hides the kind of the error.
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let server = Server::from_listener(listener, None).map_err(io::Error::other)?;
        Ok(Listener { server: Arc::new(server), address })
    }

    /// Starts to answer with the files of `folder`, below the URL path `prefix` ("/" or "/some/path/").
    ///
    /// # Panics
    /// If `prefix` is not ASCII.
    pub fn serve(self, folder: impl Into<PathBuf>, prefix: &str) -> SiteServer {
        assert!(prefix.is_ascii(), "the prefix is a plain URL path");
        let site = Arc::new(Site {
            folder: folder.into(),
            prefix: format!("/{}/", prefix.trim_matches('/')).replace("//", "/"),
            requests: Mutex::default(),
        });
        let threads = (0..THREADS)
            .map(|_| {
                let (server, site) = (Arc::clone(&self.server), Arc::clone(&site));
                std::thread::spawn(move || {
                    // `recv` fails when the server is being dropped.
                    while let Ok(request) = server.recv() {
                        site.answer(request);
                    }
                })
            })
            .collect();
        SiteServer { server: self.server, address: self.address, site, threads }
    }
}

/// A running server; stops on drop.
#[must_use]
pub struct SiteServer {
    server: Arc<Server>,
    address: SocketAddr,
    site: Arc<Site>,
    threads: Vec<JoinHandle<()>>,
}

impl SiteServer {
    /// The page's address with a trailing slash: `http://localhost:PORT/prefix/`.
    pub fn url(&self) -> String {
        format!("http://localhost:{}{}", self.address.port(), self.site.prefix)
    }

    /// Every request so far, in the order of arrival, as "GET /path?query".
    pub fn requests(&self) -> Vec<String> {
        self.site.lock().clone()
    }

    /// Waits until the server stops, which only a drop or the process's end brings about.
    pub fn wait(mut self) {
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

impl Drop for SiteServer {
    fn drop(&mut self) {
        for _ in &self.threads {
            self.server.unblock();
        }
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

struct Site {
    folder: PathBuf,
    prefix: String,
    requests: Mutex<Vec<String>>,
}

impl Site {
    fn lock(&self) -> MutexGuard<'_, Vec<String>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, request: Request) {
        self.lock().push(format!("{} {}", request.method(), request.url()));
        // An answer that cannot be sent means that the browser has gone.
        let _ = match self.find(&request) {
            Found::File(file, mime) => request.respond(with_headers(Response::from_file(file), mime)),
            Found::Worker => {
                request.respond(with_headers(Response::from_string(SELF_REMOVING_WORKER), "text/javascript"))
            }
            Found::Elsewhere(place) => {
                let moved = Response::from_string("").with_status_code(StatusCode(302));
                request.respond(moved.with_header(header("Location", &place)))
            }
            Found::Nothing(status, sentence) => {
                let response = Response::from_string(sentence).with_status_code(StatusCode(status));
                request.respond(with_headers(response, "text/plain; charset=utf-8"))
            }
        };
    }

    fn find(&self, request: &Request) -> Found {
        if !matches!(request.method(), Method::Get | Method::Head) {
            return Found::Nothing(405, "This server only gives files out.");
        }
        if request.headers().iter().any(|header| header.field.equiv("Service-Worker")) {
            return Found::Worker;
        }
        let url_path = request.url().split(['?', '#']).next().unwrap_or_default();
        if format!("{url_path}/") == self.prefix {
            return Found::Elsewhere(self.prefix.clone());
        }
        let inside = url_path.strip_prefix(&self.prefix).and_then(path::inside);
        let Some(mut file_path) = inside.map(|relative| self.folder.join(relative)) else {
            return Found::Nothing(404, "There is no such file.");
        };
        if file_path.is_dir() {
            file_path.push("index.html");
        }
        match File::open(&file_path) {
            Ok(file) => Found::File(file, mime_type(&file_path)),
            Err(_) => Found::Nothing(404, "There is no such file."),
        }
    }
}

enum Found {
    File(File, &'static str),
    Worker,
    Elsewhere(String),
    Nothing(u16, &'static str),
}

fn with_headers<R: io::Read>(response: Response<R>, mime: &str) -> Response<R> {
    response
        .with_header(header("Content-Type", mime))
        .with_header(header("Cache-Control", "no-store"))
        .with_chunked_threshold(usize::MAX) // so that Content-Length is always there, as from a static host
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("names, types and the prefix are ASCII")
}
