//! Asking somebody at the terminal.

use super::Failure;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

pub(super) enum Answer {
    Yes,
    No,
    /// There is no terminal, and so nobody to ask.
    Nobody,
}

/// Whether somebody types the whole word `yes`.
pub(super) fn confirmed(question: &str) -> Result<Answer, Failure> {
    let failed = |error: io::Error| Failure::Output {
        what: format!("The answer cannot be read: {error}\n  do: run the command at a terminal"),
    };
    if !io::stdin().is_terminal() {
        return Ok(Answer::Nobody);
    }
    let mut out = anstream::stderr();
    write!(out, "{question}").and_then(|()| out.flush()).map_err(failed)?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).map_err(failed)?;
    Ok(if answer.trim().eq_ignore_ascii_case("yes") { Answer::Yes } else { Answer::No })
}
