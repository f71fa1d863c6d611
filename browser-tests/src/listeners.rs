//! Live listeners on this machine: whatever a page manages to send, they count.
//!
//! A rejected `fetch` proves nothing, since CORS rejects too; what arrived or did not arrive does.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::DEADLINE;

#[derive(Default)]
struct Hits {
    lines: Mutex<Vec<String>>,
    added: Condvar,
}

/// An HTTP server that answers everybody, a raw TCP port and a UDP port.
pub struct Listeners {
    pub http_port: u16,
    pub tcp_port: u16,
    pub udp_port: u16,
    hits: Arc<Hits>,
    ending: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Listeners {
    /// Takes three free ports of 127.0.0.1.
    pub fn start() -> Listeners {
        let http = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let mut listeners = Listeners {
            http_port: http.local_addr().expect("it is bound").port(),
            tcp_port: tcp.local_addr().expect("it is bound").port(),
            udp_port: udp.local_addr().expect("it is bound").port(),
            hits: Arc::default(),
            ending: Arc::default(),
            threads: Vec::new(),
        };
        listeners.accept(http, "http", |stream, hit| {
            let mut request = [0; 1024];
            let length = stream.read(&mut request).unwrap_or(0);
            hit(String::from_utf8_lossy(&request[..length]).lines().next().unwrap_or("(nothing)"));
            let head =
                "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Type: text/javascript\r\n";
            let _ = write!(stream, "{head}Content-Length: 0\r\nConnection: close\r\n\r\n");
        });
        listeners.accept(tcp, "tcp", |_, hit| hit("a connection"));
        listeners.receive(udp);
        listeners
    }

    /// What has arrived, one line each.
    pub fn hits(&self) -> Vec<String> {
        self.hits.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until the hits are as wanted, or the deadline has passed, and gives them.
    pub fn wait_until(&self, wanted: impl Fn(&[String]) -> bool) -> Vec<String> {
        let lines = self.hits.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.hits.added.wait_timeout_while(lines, DEADLINE, |lines| !wanted(lines));
        waited.unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    fn hit(&self, kind: &'static str) -> impl Fn(&str) + Clone + Send + 'static {
        let hits = Arc::clone(&self.hits);
        move |what| {
            hits.lines.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{kind}: {what}"));
            hits.added.notify_all();
        }
    }

    fn accept(
        &mut self,
        listener: TcpListener,
        kind: &'static str,
        answer: impl Fn(&mut TcpStream, &dyn Fn(&str)) + Clone + Send + 'static,
    ) {
        let (hit, ending) = (self.hit(kind), Arc::clone(&self.ending));
        self.threads.push(std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ending.load(Ordering::Relaxed) {
                    return;
                }
                // A thread each: browsers also open connections over which they may never ask.
                if let Ok(mut stream) = stream {
                    let (hit, answer) = (hit.clone(), answer.clone());
                    std::thread::spawn(move || answer(&mut stream, &hit));
                }
            }
        }));
    }

    fn receive(&mut self, socket: UdpSocket) {
        let (hit, ending) = (self.hit("udp"), Arc::clone(&self.ending));
        // Only so that the thread sees the end; a datagram wakes it at once.
        socket.set_read_timeout(Some(Duration::from_millis(200))).expect("a timeout can be set");
        self.threads.push(std::thread::spawn(move || {
            let mut datagram = [0; 2048];
            while !ending.load(Ordering::Relaxed) {
                match socket.recv_from(&mut datagram) {
                    Ok((length, _)) => hit(&format!("{length} bytes")),
                    Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                    Err(_) => return,
                }
            }
        }));
    }
}

impl Drop for Listeners {
    fn drop(&mut self) {
        self.ending.store(true, Ordering::Relaxed);
        for port in [self.http_port, self.tcp_port] {
            let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, port));
        }
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}
