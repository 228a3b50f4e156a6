//! Text that was never filled in, as the checks name it.

pub use crate::case::placeholder::{find as placeholder, is_placeholder};
