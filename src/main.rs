//! The `cscr` command: parses arguments, calls the command, maps its outcome to an exit status.

fn main() -> std::process::ExitCode {
    cscr::cli::main()
}
