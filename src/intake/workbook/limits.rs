//! How much of a file is read before it is refused.
//!
//! A small file can unpack to more than a machine holds, and a sheet can claim a million rows. What a file says
//! of its own size is not believed.

/// Sizes beyond which a file is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Size on disk, in MiB.
    pub file_mib: u64,
    /// Size once unpacked, in MiB.
    pub unpacked_mib: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_mib: 64, unpacked_mib: 1024 }
    }
}
