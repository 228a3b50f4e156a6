//! Makes many synthetic cases to run `cscr batch` on: `cargo run --example make_batch -- 100 DIR [FEWEST MOST]`.
//!
//! They have 3 to 300 hazards each unless said otherwise, as many up to 30 as above; a tenth is broken, in ten ways.

#[path = "synthetic/case.rs"]
#[allow(dead_code)] // what else can be measured
mod case;
#[path = "synthetic/many.rs"]
#[allow(dead_code)] // what tests ask of the cases
mod many;

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (count, folder, sizes) = match words[..] {
        [count, folder] => (count, folder, many::SIZES),
        [count, folder, fewest, most] => (count, folder, (fewest.parse()?, most.parse()?)),
        _ => return Err("usage: make_batch COUNT DIR [FEWEST MOST]".into()),
    };
    many::write(Path::new(folder), count.parse()?, sizes)?;
    Ok(())
}
