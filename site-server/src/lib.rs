//! A static file server on this machine only: for `cargo xtask serve` and the browser tests.
//!
//! It never lets a browser keep an old build: nothing may be cached, and whoever asks for a service worker's
//! script that is not there gets one that removes itself and its caches; only a release has one. Every request is recorded, so that tests can count.
//!
//! By hand and not by a crate: a thread and a connection for each request is all that one browser needs, and the one small
//! crate for it can leave a connection waiting behind an idle one.

mod mime;
mod path;
mod request;

use std::fs::File;
use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

pub use mime::mime_type;
use request::Request;

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

/// A port that is taken but not answered yet: connections wait until [`Listener::serve`].
#[must_use]
pub struct Listener {
    listener: TcpListener,
    address: SocketAddr,
}

impl Listener {
    /// Takes `port` of 127.0.0.1, or a free one if it is 0.
    ///
    /// # Errors
    /// The port is in use (`ErrorKind::AddrInUse`) or may not be used.
    pub fn bind(port: u16) -> io::Result<Listener> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        Ok(Listener { listener, address })
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
            ending: AtomicBool::new(false),
        });
        let serving = Arc::clone(&site);
        let acceptor = std::thread::spawn(move || {
            for stream in self.listener.incoming() {
                if serving.ending.load(Ordering::Relaxed) {
                    return;
                }
                // A connection that broke before it was accepted is the browser's business.
                if let Ok(stream) = stream {
                    let site = Arc::clone(&serving);
                    std::thread::spawn(move || site.answer(stream));
                }
            }
        });
        SiteServer { address: self.address, site, acceptor: Some(acceptor) }
    }
}

/// A running server; accepts nothing more after its drop.
#[must_use]
pub struct SiteServer {
    address: SocketAddr,
    site: Arc<Site>,
    acceptor: Option<JoinHandle<()>>,
}

impl SiteServer {
    /// The page's address with a trailing slash: `http://localhost:PORT/prefix/`.
    pub fn url(&self) -> String {
        format!("http://localhost:{}{}", self.address.port(), self.site.prefix)
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Every request so far, in the order of arrival, as "GET /path?query".
    pub fn requests(&self) -> Vec<String> {
        self.site.lock().clone()
    }

    /// Waits until the process ends.
    pub fn wait(mut self) {
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

impl Drop for SiteServer {
    fn drop(&mut self) {
        self.site.ending.store(true, Ordering::Relaxed);
        // Wakes the acceptor, which waits for a connection.
        let _ = TcpStream::connect(self.address);
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

struct Site {
    folder: PathBuf,
    prefix: String,
    requests: Mutex<Vec<String>>,
    ending: AtomicBool,
}

impl Site {
    fn lock(&self) -> MutexGuard<'_, Vec<String>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, mut stream: TcpStream) {
        // Without a request there is nothing to answer: browsers open connections ahead of need.
        let Some(request) = Request::read(&stream) else { return };
        self.lock().push(format!("{} {}", request.method, request.target));
        // An answer that cannot be sent means that the browser has gone.
        let _ = self.find(&request).send(&mut stream, request.method != "HEAD");
    }

    fn find(&self, request: &Request) -> Answer {
        if !matches!(request.method.as_str(), "GET" | "HEAD") {
            return Answer::text("405 Method Not Allowed", "This server only gives files out.");
        }
        let missing = || match request.for_service_worker {
            true => Answer { mime: "text/javascript", ..Answer::text("200 OK", SELF_REMOVING_WORKER) },
            false => Answer::text("404 Not Found", "There is no such file."),
        };
        let url_path = request.target.split(['?', '#']).next().unwrap_or_default();
        if format!("{url_path}/") == self.prefix {
            return Answer { location: Some(self.prefix.clone()), ..Answer::text("302 Found", "") };
        }
        let inside = url_path.strip_prefix(&self.prefix).and_then(path::inside);
        let Some(mut file_path) = inside.map(|relative| self.folder.join(relative)) else { return missing() };
        if file_path.is_dir() {
            file_path.push("index.html");
        }
        let opened = File::open(&file_path).and_then(|file| Ok((file.metadata()?.len(), file)));
        match opened {
            Ok((length, file)) => Answer {
                mime: mime_type(&file_path),
                body: Body::File(file, length),
                ..Answer::text("200 OK", "")
            },
            Err(_) => missing(),
        }
    }
}

struct Answer {
    status: &'static str,
    mime: &'static str,
    location: Option<String>,
    body: Body,
}

enum Body {
    Text(&'static str),
    File(File, u64),
}

impl Answer {
    fn text(status: &'static str, text: &'static str) -> Answer {
        Answer { status, mime: "text/plain; charset=utf-8", location: None, body: Body::Text(text) }
    }

    fn send(self, stream: &mut TcpStream, with_body: bool) -> io::Result<()> {
        let Answer { status, mime, location, body } = self;
        let length = match &body {
            Body::Text(text) => text.len() as u64,
            Body::File(_, length) => *length,
        };
        let location = location.map(|place| format!("Location: {place}\r\n")).unwrap_or_default();
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {mime}\r\nContent-Length: {length}\r\n{location}\
             Cache-Control: no-store\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes())?;
        match body {
            Body::Text(text) if with_body => stream.write_all(text.as_bytes())?,
            Body::File(mut file, _) if with_body => drop(io::copy(&mut file, stream)?),
            _ => {}
        }
        stream.flush()
    }
}
