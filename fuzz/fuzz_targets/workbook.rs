//! Whatever bytes somebody calls a hazard log: read, or refused with a message.
#![no_main]

use cscr::case::matrix::RiskPolicy;
use cscr::intake::hazard_log::{LogFiles, RatedBy, ReadOptions, read_files};
use cscr::intake::workbook::Limits;
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: allow_caught_panics(), |bytes: &[u8]| {
    let files = LogFiles::file("log", bytes.to_vec());
    let limits = Limits { file_mib: 1, unpacked_mib: 16, ..Limits::default() };
    let policy = RiskPolicy::nhs();
    let options = ReadOptions { limits, ..ReadOptions::default() };
    if let Err(error) = read_files(&files, &options, &RatedBy::from(&policy)) {
        assert!(!error.what.is_empty());
    }
});

/// calamine panics over some malformed .xls and .xlsb files, and the library makes an error of that. Any other panic
/// is a find.
fn allow_caught_panics() {
    let abort = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !panic.location().is_some_and(|place| place.file().contains("calamine")) {
            abort(panic);
        }
    }));
}
