//! A rating in one cell: `4x3=12`, `4 × 3`, `4*3 (12)`.
//!
//! Which of the two numbers is the severity only the words beside it say: `Risk (C x L)`.

/// Two factors, in the order of the cell, and what it says that they make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Product<'a> {
    first: &'a str,
    second: &'a str,
    pub risk: Option<&'a str>,
}

impl<'a> Product<'a> {
    pub(super) fn of(text: &'a str) -> Option<Self> {
        let (first, rest) = number(text)?;
        let rest = rest.trim_start().strip_prefix(['x', 'X', '×', '*'])?;
        let (second, rest) = number(rest)?;
        let rest = rest.trim_matches([' ', '=', '(', ')', '\u{a0}']);
        let risk = match number(rest) {
            Some((risk, "")) => Some(risk),
            _ if rest.is_empty() => None,
            _ => return None,
        };
        Some(Self { first, second, risk })
    }

    /// Severity and likelihood, by the words that head the cell; `None` where they do not say which is which.
    pub(super) fn factors(&self, header: &str) -> Option<(&'a str, &'a str)> {
        match severity_first(header) {
            Some(true) => Some((self.first, self.second)),
            Some(false) => Some((self.second, self.first)),
            None => None,
        }
    }
}

fn number(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (1..=3).contains(&end).then(|| text.split_at(end))
}

/// Whether the severity comes before the likelihood in `(C x L)` or `Likelihood × Severity`.
fn severity_first(header: &str) -> Option<bool> {
    let lower = header.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let severity = ["s", "c", "severity", "consequence", "impact"];
    let likelihood = ["l", "p", "o", "likelihood", "probability", "occurrence"];
    words
        .windows(3)
        .find_map(|three| match three {
            [one, "x" | "by" | "times", other] => both(one, other, &severity, &likelihood),
            _ => None,
        })
        .or_else(|| words.windows(2).find_map(|two| both(two[0], two[1], &severity, &likelihood)))
}

fn both(one: &str, other: &str, severity: &[&str], likelihood: &[&str]) -> Option<bool> {
    if severity.contains(&one) && likelihood.contains(&other) {
        Some(true)
    } else if likelihood.contains(&one) && severity.contains(&other) {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_is_two_factors_and_what_they_make() {
        let product = Product::of("4x3=12").unwrap();
        assert_eq!(product.factors("Risk before (C x L)"), Some(("4", "3")));
        assert_eq!(product.factors("Score: Likelihood × Severity"), Some(("3", "4")));
        assert_eq!(product.factors("LxS"), None, "letters that run together say too little");
        assert_eq!(product.factors("Risk score"), None);
        assert_eq!(product.risk, Some("12"));
        assert_eq!(Product::of(" 5 × 2 ").and_then(|product| product.risk), None);
        assert_eq!(Product::of("4 * 3 (12)").and_then(|product| product.risk), Some("12"));
        for other in ["12", "4x", "4x3 wards", "x3", "4x3=12=3", "2020x1000", "High"] {
            assert_eq!(Product::of(other), None, "{other}");
        }
    }
}
