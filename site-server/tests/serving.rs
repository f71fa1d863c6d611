//! The server over a real socket, spoken to in plain HTTP.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

use site_server::{Listener, SiteServer};

/// Two files below `prefix`, in a folder that no other test writes.
fn site(folder: &str, prefix: &str) -> SiteServer {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("index.html"), "<p>hello").unwrap();
    std::fs::write(folder.join("page.wasm"), b"\0asm").unwrap();
    Listener::bind(0).unwrap().serve(folder, prefix)
}

/// Status line, headers and body of one request.
fn ask(server: &SiteServer, request_line: &str, headers: &str) -> String {
    let url = server.url();
    let host = url.trim_start_matches("http://").split('/').next().unwrap();
    let mut stream = TcpStream::connect(host.replace("localhost", "127.0.0.1")).unwrap();
    write!(stream, "{request_line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n").unwrap();
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).unwrap();
    String::from_utf8_lossy(&reply).into_owned()
}

#[test]
fn files_come_with_their_type_and_are_never_kept() {
    let server = site("types", "/");
    let page = ask(&server, "GET /", "");
    assert!(page.starts_with("HTTP/1.1 200") && page.ends_with("<p>hello"), "{page}");
    assert!(page.contains("Content-Type: text/html; charset=utf-8"), "{page}");
    assert!(page.contains("Cache-Control: no-store"), "{page}");
    assert!(ask(&server, "GET /page.wasm?v=1", "").contains("Content-Type: application/wasm"));
    assert!(ask(&server, "GET /missing.js", "").starts_with("HTTP/1.1 404"));
    assert!(ask(&server, "GET /../Cargo.toml", "").starts_with("HTTP/1.1 404"));
    assert!(ask(&server, "POST /", "Content-Length: 0\r\n").starts_with("HTTP/1.1 405"));
    assert_eq!(server.requests()[..2], ["GET /", "GET /page.wasm?v=1"]);
}

#[test]
fn a_sub_path_is_served_and_nothing_beside_it() {
    let server = site("sub-path", "some/path");
    assert!(server.url().ends_with("/some/path/"));
    assert!(ask(&server, "GET /some/path/", "").ends_with("<p>hello"));
    assert!(ask(&server, "GET /some/path", "").contains("Location: /some/path/"));
    assert!(ask(&server, "GET /", "").starts_with("HTTP/1.1 404"));
}

#[test]
fn a_service_worker_of_an_earlier_run_is_replaced_by_one_that_removes_itself() {
    let server = site("worker", "/");
    let script = ask(&server, "GET /offline-1.js", "Service-Worker: script\r\n");
    assert!(script.contains("registration.unregister()"), "{script}");
    assert!(script.contains("Content-Type: text/javascript"), "{script}");
    // The worker of a release is a file like others.
    assert!(!ask(&server, "GET /page.wasm", "Service-Worker: script\r\n").contains("unregister"));
}

#[test]
fn a_taken_port_is_named_as_such() {
    let server = site("port", "/");
    let port = server.url().trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap();
    let fault = Listener::bind(port).err().unwrap();
    assert_eq!(fault.kind(), std::io::ErrorKind::AddrInUse);
}

/// A browser keeps connections open for as long as it may; if the server did too, later ones could wait for ever.
#[test]
fn every_answer_ends_its_connection() {
    let server = site("closing", "/");
    let address =
        server.url().trim_start_matches("http://").trim_end_matches('/').replace("localhost", "127.0.0.1");
    for _ in 0..20 {
        let mut stream = TcpStream::connect(&address).unwrap();
        write!(stream, "GET /page.wasm HTTP/1.1\r\nHost: {address}\r\nConnection: keep-alive\r\n\r\n")
            .unwrap();
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).unwrap();
        assert!(String::from_utf8_lossy(&reply).contains("Connection: close\r\n"));
    }
}
