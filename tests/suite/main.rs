//! Tests by behaviour, through the library and the binary; one binary, because each links all of Typst.

#![allow(clippy::unwrap_used)] // a failed fixture fails its test

use cscr::signature;

mod awkward_layouts;
mod batching;
mod changes_since;
mod check_command;
mod checks;
mod clause_tables;
mod commands;
mod differences;
mod digests;
mod documents;
mod export;
mod hazard_log;
mod identities;
mod layouts;
mod log_fixture;
mod log_formats;
mod log_kinds;
mod made_up;
mod packing;
mod real_files;
mod report_engine;
mod several_logs;
#[path = "../../src/signature/testing.rs"]
#[allow(dead_code)] // what the library's own tests sign with, and more of it than is needed here
mod signature_world;
mod signing;
mod signoff;
mod submission;
mod verifying;
mod warm_and_cold;
mod watching;
mod workbooks;
