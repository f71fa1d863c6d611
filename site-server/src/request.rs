use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::time::Duration;

/// No honest request line with its headers is longer.
const MOST_BYTES: u64 = 64 * 1024;
/// So long an opened connection may stay silent.
const PATIENCE: Duration = Duration::from_secs(60);

/// The head of an HTTP request, as far as it matters here.
pub struct Request {
    pub method: String,
    pub target: String,
    /// Browsers mark the request for a service worker's script with a header of that name.
    pub for_service_worker: bool,
}

impl Request {
    /// Reads the head up to its empty line; `None` if the connection ends before or says something else.
    pub fn read(stream: &TcpStream) -> Option<Request> {
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        Request::parse(&mut BufReader::new(stream.take(MOST_BYTES)))
    }

    fn parse(head: &mut impl BufRead) -> Option<Request> {
        let mut lines = head.lines().map_while(Result::ok);
        let first = lines.next()?;
        let mut words = first.split(' ');
        let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
        words.next().filter(|version| version.starts_with("HTTP/1."))?;
        let mut for_service_worker = false;
        for line in lines {
            if line.is_empty() {
                return Some(Request { method, target, for_service_worker });
            }
            let name = line.split(':').next().unwrap_or_default();
            for_service_worker |= name.eq_ignore_ascii_case("Service-Worker");
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_requests_are_read() {
        let parse = |text: &str| Request::parse(&mut text.as_bytes());
        let request = parse("GET /a?b HTTP/1.1\r\nhost: x\r\nservice-worker: script\r\n\r\n").unwrap();
        assert_eq!((request.method.as_str(), request.target.as_str()), ("GET", "/a?b"));
        assert!(request.for_service_worker);
        for broken in ["", "GET /a HTTP/1.1\r\n", "GET /a\r\n\r\n", "\u{16}\u{3}\u{1}\r\n\r\n"] {
            assert!(parse(broken).is_none(), "{broken:?}");
        }
    }
}
