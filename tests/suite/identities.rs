//! TEST identities by the command, and time-stamps over HTTP.

use crate::commands::{Ran, cscr, text};
use crate::signature_world::{Stamper, at, authority, issued_as_pem, person, revocation_list};
use assert_cmd::Command;
use cscr::signature::identity::{self, TestAuthority};
use cscr::signature::{Certificate, Signer as _, TimeStampAuthority as _, cms};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use tempfile::TempDir;

const PASSPHRASE: &str = "correct horse";

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("passphrase"), format!("{PASSPHRASE}\nand more\n")).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn make(&self, person: &str, file: &str, more: &[&str]) -> Ran {
        let (out, passphrase) = (self.path(file), self.path("passphrase"));
        let arguments = ["identity", "new", "--person", person, "--out", text(&out), "--date", "2026-01-01"];
        cscr(&[&arguments, more, &["--passphrase-file", text(&passphrase)]].concat())
    }

    fn show(&self, file: &str) -> Ran {
        let (file, passphrase) = (self.path(file), self.path("passphrase"));
        cscr(&["identity", "show", text(&file), "--passphrase-file", text(&passphrase)])
    }
}

#[test]
fn people_with_test_identities_share_an_authority() {
    let folder = Folder::new();
    let made = folder.make("Dr Helen Ashdown", "ashdown.p12", &["--id", "ashdown"]).ended(0);
    let written: Vec<&str> = made.out.lines().map(|line| line.rsplit(['/', '\\']).next().unwrap()).collect();
    assert_eq!(written, ["ashdown-ca.p12", "ashdown.p12", "ashdown-ca.pem"]);
    assert!(made.err.contains("TEST identity") && made.err.contains("--trust"), "{}", made.err);

    let authority = folder.path("ashdown-ca.p12");
    let made =
        folder.make("Simon Holt", "holt.p12", &["--ca", text(&authority), "--algorithm", "p384"]).ended(0);
    assert_eq!(made.out.lines().count(), 1, "the authority was there: {}", made.out);
    let anchor = Certificate::read_all(&std::fs::read(folder.path("ashdown-ca.pem")).unwrap()).unwrap();
    for file in ["ashdown.p12", "holt.p12"] {
        let identity = identity::open(&std::fs::read(folder.path(file)).unwrap(), Some(PASSPHRASE)).unwrap();
        assert_eq!(identity.chain()[1], anchor[0], "{file}");
    }

    let shown = folder.show("holt.p12").ended(0).out;
    assert!(
        shown.contains("Holder   CN=TEST Simon Holt, O=TEST ONLY - not a legal identity, C=GB\n"),
        "{shown}"
    );
    assert!(shown.contains("Valid    2026-01-01 to 2029-01-01\nKey      ECDSA P-384\n"), "{shown}");
    assert!(shown.contains("Test     a TEST identity"), "{shown}");
}

#[test]
fn nothing_is_written_over_and_rsa_is_refused_before_anything_is_asked() {
    let folder = Folder::new();
    folder.make("A", "a.p12", &[]).ended(0);
    let key = std::fs::read(folder.path("a.p12")).unwrap();
    let again = folder.make("A", "a.p12", &[]).ended(2);
    assert!(again.err.contains("is there already"), "{}", again.err);
    assert_eq!(std::fs::read(folder.path("a.p12")).unwrap(), key);
    let rsa = folder.make("A", "b.p12", &["--algorithm", "rsa"]).ended(2);
    assert!(rsa.err.contains("take p256 or p384"), "{}", rsa.err);
    assert!(!folder.path("b.p12").exists());
}

#[test]
fn the_passphrase_comes_from_a_file_or_a_variable_and_is_shown_nowhere() {
    let folder = Folder::new();
    folder.make("A", "a.p12", &[]).ended(0);
    let file = folder.path("a.p12");
    let show = |passphrase: &str| {
        let mut command = Command::cargo_bin("cscr").unwrap();
        let command = command.args(["identity", "show", text(&file), "--passphrase-env", "SECRET"]);
        let output = command.env("SECRET", passphrase).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert_eq!(show(PASSPHRASE).0, Some(0));
    let (status, words) = show("wrong battery");
    assert_eq!(status, Some(2));
    assert!(words.contains("the passphrase is wrong") && !words.contains("battery"), "{words}");
    let absent =
        cscr(&["identity", "show", text(&file), "--passphrase-env", "CSCR_NO_SUCH_VARIABLE"]).ended(2);
    assert!(
        absent.err.contains("is not set here") && absent.err.contains("`export CSCR_NO_SUCH_VARIABLE`"),
        "{}",
        absent.err
    );
    std::fs::write(folder.path("passphrase"), "\n").unwrap();
    let empty = folder.make("B", "b.p12", &[]).ended(2);
    assert!(empty.err.contains("the passphrase is empty"), "{}", empty.err);
}

/// A server that answers one request with these octets, whatever is asked.
fn server(listener: TcpListener, content: Vec<u8>) {
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", content.len());
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&content)).unwrap();
    });
}

#[test]
fn whether_a_certificate_was_revoked_is_asked_where_it_says() {
    let folder = Folder::new();
    let authority = authority();
    for (is_revoked, status, words) in [
        (
            true,
            1,
            "Revoked  since 2026-05-20T00:00:00Z: it was replaced by another certificate (revocation list of TEST",
        ),
        (false, 0, "Revoked  unknown: what TEST Signing CA says was out of date"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/list.crl", listener.local_addr().unwrap());
        let mut parameters = person();
        parameters.crl_distribution_points = vec![rcgen::CrlDistributionPoint { uris: vec![url] }];
        let file = issued_as_pem(&parameters, &authority);
        let identity = identity::open(file.as_bytes(), None).unwrap();
        let entry = (&identity.chain()[0], "2026-05-20T00:00:00Z", rcgen::RevocationReason::Superseded);
        let revoked = if is_revoked { vec![entry] } else { vec![] };
        server(listener, revocation_list(&authority, &revoked, (6, 1), (7, 1)));
        std::fs::write(folder.path("a.pem"), file).unwrap();
        let path = folder.path("a.pem");
        let show = ["identity", "show", text(&path), "--online"];
        let refused = cscr(&show).ended(0);
        assert!(refused.out.contains("leads to this machine or into a private network"), "{}", refused.out);
        let shown = cscr(&[&show[..], &["--private-network"]].concat()).ended(status);
        assert!(shown.out.contains(words), "{}", shown.out);
    }
}

/// A time-stamping server that answers one request.
fn time_stamping_server(authority: &TestAuthority) -> String {
    let stamper = Stamper::new(authority, "2026-09-15T09:06:00Z");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/tsa", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut request, mut piece) = (Vec::new(), [0; 4096]);
        let body = loop {
            let read = stream.read(&mut piece).unwrap();
            request.extend(&piece[..read]);
            let head = request.windows(4).position(|four| four == b"\r\n\r\n").map(|end| end + 4);
            let Some(head) = head else { continue };
            let lines = String::from_utf8_lossy(&request[..head]).to_lowercase();
            assert!(lines.contains("content-type: application/timestamp-query"), "{lines}");
            let length = lines.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
            if request.len() >= head + length.parse::<usize>().unwrap() {
                break request.split_off(head);
            }
        };
        let answer = stamper.answer(&body).unwrap();
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: {}\r\n\r\n",
            answer.len()
        );
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&answer)).unwrap();
    });
    url
}

#[test]
fn a_report_is_signed_with_a_time_stamp() {
    let folder = Folder::new();
    folder.make("Dr Helen Ashdown", "ashdown.p12", &[]).ended(0);
    let report = folder.path("report.pdf");
    std::fs::write(&report, crate::signing::draft()).unwrap();
    let authority = std::fs::read(folder.path("ashdown-ca.p12")).unwrap();
    let url = time_stamping_server(&TestAuthority::open(&authority, PASSPHRASE).unwrap());
    let (identity, passphrase) = (folder.path("ashdown.p12"), folder.path("passphrase"));
    let sign = |url: &str| {
        cscr(&[
            "sign",
            text(&report),
            "--as",
            "ashdown",
            "--identity",
            text(&identity),
            "--draft",
            "--name-differs",
            "--tsa",
            url,
            "--passphrase-file",
            text(&passphrase),
            "--date",
            "2026-09-15T09:05:00Z",
        ])
    };
    let before = std::fs::read(&report).unwrap();
    let refused = sign("ftp://example.org").ended(2);
    assert!(refused.err.contains("begins with http:// or https://"), "{}", refused.err);
    assert_eq!(std::fs::read(&report).unwrap(), before, "nothing was signed");

    sign(&url).ended(0);
    let pdf = std::fs::read(&report).unwrap();
    let stamp = time_stamp_of(&pdf);
    assert_eq!(stamp.time, at("2026-09-15T09:06:00Z"));
}

/// The time-stamp in the only signature of a PDF, found by its place in the file alone.
fn time_stamp_of(pdf: &[u8]) -> cscr::signature::timestamp::TimeStamp {
    let find = |needle: &[u8]| pdf.windows(needle.len()).rposition(|part| part == needle).unwrap();
    let start = find(b"/Contents <") + b"/Contents ".len();
    let end = start + pdf[start..].iter().position(|byte| *byte == b'>').unwrap();
    let digits = pdf[start + 1..end].chunks(2);
    let hole: Vec<u8> =
        digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect();
    let signature = cms::verify(&hole, &[&pdf[..start], &pdf[end + 1..]]).unwrap();
    assert!(signature.is_intact(), "{:?}", signature.checks);
    signature.time_stamp.unwrap().unwrap()
}
