//! `cscr export`: a hazard log written back says what it said.

mod command;
mod logs;
mod round_trip;
