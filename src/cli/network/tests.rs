use super::*;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A server that gives these answers, one a connection, and the last one for ever.
struct Server {
    url: String,
    asked: Arc<AtomicUsize>,
}

#[derive(Clone)]
enum Answer {
    /// Status line and headers but for the length, and the content.
    Says(&'static str, Vec<u8>),
    /// Takes this long before it says anything.
    Waits(Duration),
    /// Closes the connection at once.
    Closes,
}

fn server(answers: Vec<Answer>) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/path", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let place = count.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
            read_request(&mut stream);
            match &answers[place] {
                Answer::Says(head, content) => {
                    let head = format!(
                        "HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                        content.len()
                    );
                    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(content));
                }
                Answer::Waits(time) => std::thread::sleep(*time),
                Answer::Closes => {}
            }
        }
    });
    Server { url, asked }
}

/// Reads a request to its end. Who closes a connection with something unread in it takes the answer back.
fn read_request(stream: &mut TcpStream) {
    let mut request = Vec::new();
    let mut part = [0; 4096];
    while !is_whole(&request) {
        match stream.read(&mut part) {
            Ok(count) if count > 0 => request.extend_from_slice(&part[..count]),
            _ => return,
        }
    }
}

fn is_whole(request: &[u8]) -> bool {
    let request = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, content)) = request.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length = length.map_or(0, |length| length.trim().parse().unwrap());
    content.len() >= length
}

impl Server {
    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn quick() -> Network {
    let pause = Duration::from_millis(1);
    Network::with(Duration::from_secs(5), Duration::from_secs(5), [pause, pause], Reach::Anywhere)
}

fn says(head: &'static str, content: &[u8]) -> Answer {
    Answer::Says(head, content.to_vec())
}

#[test]
fn an_answer_comes_through_as_it_is() {
    let server = server(vec![says("200 OK", b"\x30\x00")]);
    assert_eq!(quick().fetch(&server.url).unwrap(), b"\x30\x00");
    assert_eq!(quick().ocsp(&server.url, b"question").unwrap(), b"\x30\x00");
    assert_eq!(server.asked(), 2);
}

/// Whoever makes a certificate writes into it where to ask.
#[test]
fn no_certificate_has_this_machine_asked() {
    let server = server(vec![says("200 OK", b"secret")]);
    let port = server.url.rsplit(':').next().unwrap().to_owned();
    let network = Network::new(Reach::Public);
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"] {
        let error = network.fetch(&format!("http://{host}:{port}")).unwrap_err();
        assert!(!error.what.contains("answers"), "{error}");
    }
    let error = network.fetch(&server.url).unwrap_err();
    assert!(error.what.ends_with("leads to this machine or into a private network"), "{error}");
    assert_eq!(server.asked(), 0);
}

#[test]
fn all_asking_together_has_an_end() {
    let server = server(vec![says("200 OK", b"now")]);
    let mut network = quick();
    network.until = Instant::now();
    let error = network.fetch(&server.url).unwrap_err();
    assert!(error.what.contains("was not asked"), "{error}");
    assert_eq!(server.asked(), 0);
}

#[test]
fn a_server_that_fails_is_asked_again() {
    let busy = says("503 Service Unavailable", b"busy");
    let server = server(vec![Answer::Closes, busy, says("200 OK", b"now")]);
    assert_eq!(quick().fetch(&server.url).unwrap(), b"now");
    assert_eq!(server.asked(), 3);
}

#[test]
fn a_server_that_goes_on_failing_is_given_up() {
    let server = server(vec![says("500 Internal Server Error", b"")]);
    let error = quick().fetch(&server.url).unwrap_err();
    assert!(error.what.ends_with("answers: 500 Internal Server Error"), "{error}");
    assert_eq!(server.asked(), 3);
}

#[test]
fn a_refusal_is_not_asked_about_again() {
    let server = server(vec![says("404 Not Found", b"")]);
    let error = quick().fetch(&server.url).unwrap_err();
    assert!(error.what.ends_with("/path answers: 404 Not Found"), "{error}");
    assert_eq!(server.asked(), 1);
}

#[test]
fn a_slow_server_is_given_up() {
    let server = server(vec![Answer::Waits(Duration::from_secs(20))]);
    let network = Network::with(Duration::from_secs(5), Duration::from_millis(200), PAUSES, Reach::Anywhere);
    let start = std::time::Instant::now();
    let error = network.fetch(&server.url).unwrap_err();
    assert!(error.what.contains("is too slow"), "{error}");
    assert!(start.elapsed() < Duration::from_secs(15));
    assert_eq!(server.asked(), 1);
}

#[test]
fn an_answer_has_a_limit() {
    let much = usize::try_from(ANSWER).unwrap() + 1;
    let server = server(vec![says("200 OK", &vec![0; much])]);
    let error = quick().ocsp(&server.url, b"question").unwrap_err();
    assert!(error.what.contains("sends more than 1048576 octets"), "{error}");
    assert_eq!(quick().fetch(&server.url).unwrap().len(), much, "a list may be larger");
}

#[test]
fn what_is_no_time_stamp_is_told_so() {
    let server = server(vec![says("200 OK\r\nContent-Type: text/html", b"<html>Welcome</html>")]);
    let network = quick();
    let authority = network.authority(&server.url).unwrap();
    let error = crate::signature::timestamp::request(&authority, b"message").unwrap_err();
    assert!(error.what.contains("no time-stamp response"), "{error}");
}

#[test]
fn a_server_that_is_not_there_is_told() {
    // A port that was free a moment ago.
    let url = format!("http://{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    let error = quick().fetch(&url).unwrap_err();
    assert!(error.what.contains("cannot be reached"), "{error}");
}

#[test]
fn what_is_no_http_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(b"220 mail.example ESMTP\r\n\r\n");
        }
    });
    let error = quick().fetch(&url).unwrap_err();
    assert!(error.what.contains("does not speak HTTP"), "{error}");
}

#[test]
fn only_addresses_of_the_web_are_asked_and_none_is_shown_with_a_password() {
    for url in ["ftp://example.org", "file:///etc/passwd", "example.org", "http://", "https:///path", ""] {
        let error = quick().fetch(url).unwrap_err();
        assert!(error.what.contains("is no address of a server"), "{url}: {error}");
    }
    assert_eq!(shown("https://name:word@tsa.example:80/a@b"), "https://tsa.example:80/a@b");
    let server = server(vec![says("404 Not Found", b"")]);
    let with_password = server.url.replace("http://", "http://name:word@");
    assert!(!quick().fetch(&with_password).unwrap_err().to_string().contains("word"));
}
