//! A part of a batch, for one of several machines.
//!
//! Cases are dealt out in turn, in the order of their names: shard 1 of 3 has the first, the fourth, the seventh. So
//! shards differ by one case at most, and the releases of one product, which have neighbouring names and are of like
//! size, go to different machines. All reports of a case are of one shard.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Which part: `index` of `of`, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shard {
    pub index: usize,
    pub of: usize,
}

impl Shard {
    /// Whether it has the case; `cases` are the names of the whole batch, in order.
    #[must_use]
    pub fn has(self, cases: &[String], case: &str) -> bool {
        cases.binary_search_by(|name| name.as_str().cmp(case)).is_ok_and(|at| at % self.of == self.index - 1)
    }

    /// The names of its cases.
    pub fn cases(self, cases: &[String]) -> impl Iterator<Item = &str> {
        cases.iter().skip(self.index - 1).step_by(self.of).map(String::as_str)
    }

    /// Whether there can be such a part.
    #[must_use]
    pub fn is_sound(self) -> bool {
        (1..=self.of).contains(&self.index)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers =
            text.split_once('/').and_then(|(i, n)| Some((i.trim().parse().ok()?, n.trim().parse().ok()?)));
        numbers
            .map(|(index, of)| Self { index, of })
            .filter(|shard| shard.is_sound())
            .ok_or_else(|| "write I/N, such as 1/7 for the first of seven; the first is 1".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_is_of_exactly_one_shard_and_shards_are_of_a_size() {
        let cases: Vec<String> = (0..100).map(|number| format!("case-{number:03}")).collect();
        for of in [1, 3, 7, 100, 130] {
            let shards: Vec<Shard> = (1..=of).map(|index| Shard { index, of }).collect();
            for case in &cases {
                let having = shards.iter().filter(|shard| shard.has(&cases, case));
                assert_eq!(having.count(), 1, "{case} of {of}");
            }
            let sizes: Vec<usize> = shards.iter().map(|shard| shard.cases(&cases).count()).collect();
            assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1);
            for shard in shards {
                assert!(shard.cases(&cases).all(|case| shard.has(&cases, case)));
            }
        }
    }

    #[test]
    fn a_shard_is_written_as_a_part_of_a_number() {
        assert_eq!("2/7".parse(), Ok(Shard { index: 2, of: 7 }));
        assert_eq!(Shard { index: 2, of: 7 }.to_string(), "2/7");
        for wrong in ["0/7", "8/7", "7", "a/b", "1/0", "-1/3"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
