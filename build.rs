//! Gives the code a fingerprint of what the engine is made of, so that a report that an older engine built never counts
//! as unchanged: every source, template, font and table that goes into the library, and the versions of what it uses.

#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "so Cargo speaks with a build script")]

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::path::Path;
use std::{env, fs, io};

const PARTS: [&str; 6] = ["src", "report-templates", "fonts", "build.rs", "Cargo.toml", "Cargo.lock"];

fn main() -> io::Result<()> {
    // Two builds that differ have to differ here, and nobody tries to make them agree: 64 bits are enough for that.
    let mut hasher = DefaultHasher::new();
    for part in PARTS {
        println!("cargo::rerun-if-changed={part}");
        // A package from a registry may lack its lock file.
        if Path::new(part).exists() {
            add(Path::new(part), &mut hasher)?;
        }
    }
    for variable in ["TARGET", "PROFILE"] {
        env::var(variable).unwrap_or_default().hash(&mut hasher);
    }
    println!("cargo::rustc-env=CSCR_FINGERPRINT={:016x}", hasher.finish());
    Ok(())
}

fn add(path: &Path, hasher: &mut DefaultHasher) -> io::Result<()> {
    if !path.is_dir() {
        path.hash(hasher);
        fs::read(path)?.hash(hasher);
        return Ok(());
    }
    let mut entries = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    entries.iter().try_for_each(|entry| add(entry, hasher))
}
