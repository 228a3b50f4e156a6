//! The command line: arguments in, a library call, words out. The only place that prints.
//!
//! Results go to standard output; words about them, and errors, to standard error. Exit status: 0 done;
//! 1 the answer is no; 2 the call or the input could not be understood.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod approve;
mod ask;
mod batch;
mod build;
mod check;
mod clock;
mod diff;
mod exemptions;
mod explain;
mod export;
mod findings;
mod identity;
mod import;
mod init;
mod interrupt;
mod issue;
mod limits;
mod log;
mod ltv;
mod network;
mod output;
mod pack;
mod passphrase;
mod reference;
mod schema;
mod selection;
mod sign;
mod stale;
mod terminal;
mod verify;
mod watch;

use crate::case::Date;
use crate::intake::InputError;
use crate::signature::SignatureError;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

/// Makes Clinical Safety Case Reports from hazard logs, PSA records and risk assessments.
#[derive(Debug, Parser)]
#[command(name = "cscr", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Print results and errors only
    #[arg(long, short, global = true)]
    quiet: bool,
}

/// The command that `cscr batch` runs for each report.
const WORKER: &str = "build-for-batch";

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a case folder from a hazard log and a TOM workbook
    Init(init::Init),
    /// Read one hazard log and show what was understood
    Import(import::Import),
    /// Check a case: findings and what is missing
    Check(check::Check),
    /// Build the report of a case as a PDF
    Build(build::Build),
    /// Build the report again whenever a file of the case is saved
    Watch(watch::Watch),
    /// Build the reports of many cases, only those that would be otherwise than they are
    Batch(batch::Batch),
    #[command(name = WORKER, hide = true)]
    Worker(batch::Worker),
    /// Sign a report in the field of a person
    Sign(sign::Sign),
    /// Say what the signatures of a report are worth
    Verify(verify::Verify),
    /// Put into a signed report what proves its signatures in years to come
    Ltv(ltv::Ltv),
    /// Issue a version of the report: date, revision history, and a copy of what it says
    Issue(issue::Issue),
    /// List the issues of a case, who approved them, and what has changed since
    Log(log::Log),
    /// Say what changed between two versions of a case or a hazard log
    Diff(diff::Diff),
    /// Record that a person approves a document as it is now
    Approve(approve::Approve),
    /// Make a TEST identity to try signing with, or show whose an identity is
    Identity(identity::Identity),
    /// Write the hazard log of a case as a workbook, or in another format
    Export(export::Export),
    /// Pack a safety case for those who receive it, or verify such a pack
    Pack(pack::Pack),
    /// Explain checks: why each matters and what to do about its findings
    Explain(reference::Explain),
    /// Print the JSON Schema of a file of a case, for editors that complete and check
    Schema(schema::Schema),
}

/// What commands on a case folder share.
#[derive(Debug, Args)]
struct CaseArgs {
    /// The case folder
    case: PathBuf,
    /// Date to judge registrations and due dates by; without it, `as_of` in case.toml or the latest date
    /// in the inputs
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<Date>,
    #[command(flatten)]
    limits: limits::LimitOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FindingsFormat {
    Text,
    Json,
    /// SARIF 2.1.0, for tools of code review and continuous integration
    Sarif,
}

/// How a command ended, if it did not fail.
enum Outcome {
    Done,
    /// The answer is no: a refused release, blocking findings.
    No,
}

/// Why a command failed.
enum Failure {
    Input(InputError),
    Report(crate::report::ReportError),
    Signature(SignatureError),
    Output {
        what: String,
    },
    /// There is no new report, and something to say of the last one.
    Kept {
        failure: Box<Failure>,
        last: String,
    },
}

impl Failure {
    fn refused(refusal: &crate::signoff::Refusal) -> Self {
        Self::Output { what: refusal.to_string() }
    }
}

impl From<InputError> for Failure {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

impl From<crate::export::ExportError> for Failure {
    fn from(error: crate::export::ExportError) -> Self {
        Self::Output { what: error.to_string() }
    }
}

impl From<SignatureError> for Failure {
    fn from(error: SignatureError) -> Self {
        Self::Signature(error)
    }
}

impl From<crate::report::ReportError> for Failure {
    fn from(error: crate::report::ReportError) -> Self {
        Self::Report(error)
    }
}

/// Runs the command of the process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command {
        Command::Init(command) => command.run(cli.quiet),
        Command::Import(command) => command.run(cli.quiet),
        Command::Check(command) => command.run(cli.quiet),
        Command::Build(command) => command.run(cli.quiet),
        Command::Watch(command) => command.run(cli.quiet),
        Command::Batch(command) => command.run(cli.quiet),
        Command::Worker(command) => command.run(),
        Command::Sign(command) => command.run(cli.quiet),
        Command::Verify(command) => command.run(),
        Command::Ltv(command) => command.run(cli.quiet),
        Command::Issue(command) => command.run(cli.quiet),
        Command::Log(command) => command.run(),
        Command::Diff(command) => command.run(),
        Command::Approve(command) => command.run(cli.quiet),
        Command::Identity(command) => command.run(cli.quiet),
        Command::Export(command) => command.run(cli.quiet),
        Command::Pack(command) => command.run(cli.quiet),
        Command::Explain(command) => command.run(),
        Command::Schema(command) => command.run(cli.quiet),
    };
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::No) => ExitCode::from(1),
        Err(failure) => {
            terminal::failure(&failure);
            ExitCode::from(2)
        }
    }
}
