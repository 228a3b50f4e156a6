//! The `cscr` command: parses arguments, calls the command, maps its outcome to an exit status.

/// A case is many small texts, and this allocator serves those sooner than most systems' own. Huge pages would make it
/// take a third more memory than it uses.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cscr::cli::main()
}
