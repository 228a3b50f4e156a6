//! The few formulas that forms are made of: conditions over answers, and texts that follow from them.
//!
//! What is not known here is not guessed: a formula with another function, a range or a name has no value.

use crate::intake::workbook::Address;

/// The value of a cell or of a formula.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Blank,
    Text(String),
    Number(f64),
    Bool(bool),
}

/// The value of a formula, where `cell` tells those of the cells that it reads.
pub(super) fn evaluate(formula: &str, cell: &mut dyn FnMut(Address) -> Option<Value>) -> Option<Value> {
    let tokens = tokens(formula)?;
    let mut parser = Parser { tokens: &tokens, at: 0, depth: 0, operators: 0 };
    let expression = parser.comparison()?;
    (parser.at == tokens.len()).then(|| expression.value(cell))?
}

/// Whether a formula on a sheet may read one of these cells of the sheet `of`; `own` says that it stands there itself.
/// In doubt, it may.
pub(super) fn may_read(
    formula: &str,
    of: &str,
    own: bool,
    cells: &dyn Fn(Address) -> bool,
    any: &dyn Fn(Address, Address) -> bool,
) -> bool {
    let Some(tokens) = tokens(formula) else { return own || formula.contains(of) };
    let mut at = 0;
    let mut is_own = own;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token {
            Token::Sheet(name) => {
                is_own = name == of;
                continue;
            }
            Token::Cell(first) if is_own => {
                if let (Some(Token::Colon), Some(Token::Cell(last))) = (tokens.get(at), tokens.get(at + 1)) {
                    at += 2;
                    if any(*first, *last) {
                        return true;
                    }
                } else if cells(*first) {
                    return true;
                }
            }
            // A name may stand for any cell, a column for many.
            Token::Name(name)
                if !matches!(tokens.get(at), Some(Token::Open))
                    && !name.eq_ignore_ascii_case("true")
                    && !name.eq_ignore_ascii_case("false") =>
            {
                return true;
            }
            _ => {}
        }
        is_own = own;
    }
    false
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Text(String),
    Number(f64),
    Cell(Address),
    /// A sheet's name, with the exclamation mark after it.
    Sheet(String),
    Name(String),
    Operator(&'static str),
    Open,
    Close,
    Comma,
    Colon,
}

/// Two-letter operators first.
const OPERATORS: [&str; 11] = ["<>", "<=", ">=", "=", "<", ">", "&", "+", "-", "*", "/"];

fn tokens(formula: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = formula.trim_start().strip_prefix('=').unwrap_or(formula);
    loop {
        rest = rest.trim_start();
        let Some(first) = rest.chars().next() else { return Some(tokens) };
        let (token, length) = match first {
            '"' => {
                let (text, length) = quoted(rest, '"')?;
                (Token::Text(text), length)
            }
            '\'' => {
                let (name, length) = quoted(rest, '\'')?;
                (Token::Sheet(name), length + rest.get(length..)?.strip_prefix('!').map(|_| 1)?)
            }
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            ':' => (Token::Colon, 1),
            c if c.is_ascii_digit() => {
                let length = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
                (Token::Number(rest[..length].parse().ok()?), length)
            }
            c if c.is_alphabetic() || c == '_' || c == '$' => {
                let length = rest
                    .find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.' | '$'))
                    .unwrap_or(rest.len());
                let word = &rest[..length];
                match word.parse() {
                    _ if rest[length..].starts_with('!') => (Token::Sheet(word.to_owned()), length + 1),
                    Ok(address) if !rest[length..].starts_with('(') => (Token::Cell(address), length),
                    _ => (Token::Name(word.to_owned()), length),
                }
            }
            _ => {
                let operator = OPERATORS.into_iter().find(|operator| rest.starts_with(operator))?;
                (Token::Operator(operator), operator.len())
            }
        };
        tokens.push(token);
        rest = &rest[length..];
    }
}

/// A text in marks, in which a mark is written twice; with the length of the whole.
fn quoted(text: &str, mark: char) -> Option<(String, usize)> {
    let mut out = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != mark {
            out.push(c);
        } else if chars.next_if(|(_, next)| *next == mark).is_some() {
            out.push(mark);
        } else {
            return Some((out, at + 1));
        }
    }
    None
}

enum Expression {
    Value(Value),
    Cell(Address),
    Call(String, Vec<Expression>),
    Operation(&'static str, Box<Expression>, Box<Expression>),
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    /// How many brackets are open.
    depth: usize,
    operators: usize,
}

/// Brackets within brackets, as many as a spreadsheet program allows; and operators in a formula, which forms have a few
/// of. What goes further is not computed, because computing goes as deep.
const DEEPEST: usize = 64;
const MOST_OPERATORS: usize = 128;

impl Parser<'_> {
    fn operator(&mut self, known: &[&'static str]) -> Option<&'static str> {
        match self.tokens.get(self.at) {
            Some(Token::Operator(operator))
                if known.contains(operator) && self.operators < MOST_OPERATORS =>
            {
                self.at += 1;
                self.operators += 1;
                Some(operator)
            }
            _ => None,
        }
    }

    /// What stands in brackets.
    fn inner(&mut self) -> Option<Expression> {
        if self.depth == DEEPEST {
            return None;
        }
        self.depth += 1;
        let inner = self.comparison();
        self.depth -= 1;
        inner
    }

    fn comparison(&mut self) -> Option<Expression> {
        let mut left = self.joined()?;
        while let Some(operator) = self.operator(&["<>", "<=", ">=", "=", "<", ">"]) {
            left = Expression::Operation(operator, Box::new(left), Box::new(self.joined()?));
        }
        Some(left)
    }

    fn joined(&mut self) -> Option<Expression> {
        let mut left = self.primary()?;
        while let Some(operator) = self.operator(&["&"]) {
            left = Expression::Operation(operator, Box::new(left), Box::new(self.primary()?));
        }
        Some(left)
    }

    fn primary(&mut self) -> Option<Expression> {
        let token = self.tokens.get(self.at)?;
        self.at += 1;
        match token {
            Token::Text(text) => Some(Expression::Value(Value::Text(text.clone()))),
            Token::Number(number) => Some(Expression::Value(Value::Number(*number))),
            // A range is more than one value.
            Token::Cell(address) => {
                (self.tokens.get(self.at) != Some(&Token::Colon)).then_some(Expression::Cell(*address))
            }
            Token::Open => {
                let inner = self.inner()?;
                self.expect(&Token::Close)?;
                Some(inner)
            }
            Token::Name(name) => {
                let name = name.to_ascii_uppercase();
                if self.tokens.get(self.at) != Some(&Token::Open) {
                    let is_true = match name.as_str() {
                        "TRUE" => true,
                        "FALSE" => false,
                        _ => return None,
                    };
                    return Some(Expression::Value(Value::Bool(is_true)));
                }
                self.at += 1;
                let mut arguments = Vec::new();
                if self.tokens.get(self.at) == Some(&Token::Close) {
                    self.at += 1;
                    return Some(Expression::Call(name, arguments));
                }
                loop {
                    arguments.push(self.inner()?);
                    match self.tokens.get(self.at)? {
                        Token::Comma => self.at += 1,
                        Token::Close => {
                            self.at += 1;
                            return Some(Expression::Call(name, arguments));
                        }
                        _ => return None,
                    }
                }
            }
            _ => None,
        }
    }

    fn expect(&mut self, token: &Token) -> Option<()> {
        (self.tokens.get(self.at)? == token).then(|| self.at += 1)
    }
}

/// A cell of a spreadsheet holds no longer text.
const LONGEST_TEXT: usize = 32_767;

type Cells<'a> = dyn FnMut(Address) -> Option<Value> + 'a;

impl Expression {
    fn value(&self, cell: &mut Cells<'_>) -> Option<Value> {
        match self {
            Self::Value(value) => Some(value.clone()),
            Self::Cell(address) => cell(*address),
            Self::Operation("&", left, right) => {
                let joined = left.value(cell)?.text()? + &right.value(cell)?.text()?;
                (joined.len() <= LONGEST_TEXT).then_some(Value::Text(joined))
            }
            Self::Operation(operator, left, right) => {
                compare(operator, &left.value(cell)?, &right.value(cell)?).map(Value::Bool)
            }
            Self::Call(name, arguments) => call(name, arguments, cell),
        }
    }
}

fn call(name: &str, arguments: &[Expression], cell: &mut Cells<'_>) -> Option<Value> {
    let truths = |cell: &mut Cells<'_>| {
        arguments.iter().map(|each| each.value(cell)?.truth()).collect::<Option<Vec<bool>>>()
    };
    match (name, arguments) {
        ("IF", [condition, then]) => {
            if condition.value(cell)?.truth()? {
                then.value(cell)
            } else {
                Some(Value::Bool(false))
            }
        }
        ("IF", [condition, then, otherwise]) => {
            if condition.value(cell)?.truth()? {
                then.value(cell)
            } else {
                otherwise.value(cell)
            }
        }
        ("OR", [_, ..]) => Some(Value::Bool(truths(cell)?.contains(&true))),
        ("AND", [_, ..]) => Some(Value::Bool(!truths(cell)?.contains(&false))),
        ("NOT", [one]) => Some(Value::Bool(!one.value(cell)?.truth()?)),
        ("ISBLANK", [one]) => Some(Value::Bool(one.value(cell)? == Value::Blank)),
        ("HYPERLINK", [address]) => address.value(cell),
        ("HYPERLINK", [_, shown]) => shown.value(cell),
        ("LEFT", [text, count]) => part_of(&text.value(cell)?, 1, &count.value(cell)?),
        ("LEFT", [text]) => part_of(&text.value(cell)?, 1, &Value::Number(1.0)),
        ("MID", [text, start, count]) => {
            let start = start.value(cell)?.count().filter(|start| *start > 0)?;
            part_of(&text.value(cell)?, start, &count.value(cell)?)
        }
        _ => None,
    }
}

fn part_of(text: &Value, start: usize, count: &Value) -> Option<Value> {
    let part = text.text()?.chars().skip(start - 1).take(count.count()?).collect();
    Some(Value::Text(part))
}

/// How two values compare. Texts do whatever their case; their order only where no alphabet could differ.
fn compare(operator: &str, left: &Value, right: &Value) -> Option<bool> {
    use std::cmp::Ordering;
    let order = match (left, right) {
        (Value::Number(one), Value::Number(other)) => one.partial_cmp(other)?,
        (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
        (Value::Text(_) | Value::Blank, Value::Text(_) | Value::Blank) => {
            let (one, other) = (left.text()?.to_lowercase(), right.text()?.to_lowercase());
            let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            if one == other {
                Ordering::Equal
            } else if matches!(operator, "=" | "<>") || is_plain(&one) && is_plain(&other) {
                one.cmp(&other)
            } else {
                return None;
            }
        }
        // What is of different kinds is not equal; which comes first no form should ask.
        _ if matches!(operator, "=" | "<>") && *left != Value::Blank && *right != Value::Blank => {
            Ordering::Less
        }
        _ => return None,
    };
    Some(match operator {
        "=" => order.is_eq(),
        "<>" => order.is_ne(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        _ => order.is_ge(),
    })
}

impl Value {
    fn text(&self) -> Option<String> {
        match self {
            Self::Blank => Some(String::new()),
            Self::Text(text) => Some(text.clone()),
            Self::Number(number) => Some(number.to_string()),
            Self::Bool(_) => None,
        }
    }

    fn truth(&self) -> Option<bool> {
        match self {
            Self::Bool(is_true) => Some(*is_true),
            Self::Number(number) => Some(*number != 0.0),
            Self::Blank => Some(false),
            Self::Text(_) => None,
        }
    }

    /// A count of characters.
    fn count(&self) -> Option<usize> {
        match self {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            Self::Number(number) if (0.0..=32_767.0).contains(number) => Some(number.trunc() as usize),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(formula: &str) -> Option<Value> {
        let mut cell = |address: Address| match address.to_string().as_str() {
            "F9" => Some(Value::Text("yes".to_owned())),
            "C22" => Some(Value::Text("4- Group".to_owned())),
            "A1" => Some(Value::Number(2.0)),
            "Z9" => None,
            _ => Some(Value::Blank),
        };
        evaluate(formula, &mut cell)
    }

    fn shows(formula: &str, words: &str) {
        assert_eq!(value(formula), Some(Value::Text(words.to_owned())), "{formula}");
    }

    #[test]
    fn what_forms_are_made_of() {
        shows("IF(OR(F9=\"Yes\"), HYPERLINK(\"http://a\", \"5 - \"\"M\"\"\"),\n\"1\")", "5 - \"M\"");
        shows("IF(MID(C$22,1,1)>\"2\", \"RISK\", \"\")", "RISK");
        shows("IF(MID(C$22,1,1)>\"4\", \"RISK\", \"\")", "");
        shows("=IF(AND($F$9=\"YES\",NOT(ISBLANK(A1)),F10=\"\"),LEFT(\"abc\",2)&A1,1)", "ab2");
        // Only what is needed is looked at.
        shows("IF(F9=\"Yes\",\"known\",Z9)", "known");
        assert_eq!(value("IF(F10=\"Yes\",1)"), Some(Value::Bool(false)));
        assert_eq!(value("A1>=2"), Some(Value::Bool(true)));
    }

    #[test]
    fn what_is_not_known_has_no_value() {
        for formula in [
            "COUNTIF(F9:F20,\"Yes\")",
            "F9:F20",
            "Level",
            "Z9=\"Yes\"",
            "'Other sheet'!A1",
            "F9>\"no\"",
            "A1+1",
            "IF(\"x\",1,2)",
            "IF(F9=\"Yes\"",
            "\"open",
            "",
        ] {
            assert_eq!(value(formula), None, "{formula}");
        }
    }

    #[test]
    fn what_a_formula_may_read() {
        let reads = |formula: &str, own: bool| {
            let is = |address: Address| address.to_string() == "F9";
            let any = |first: Address, last: Address| {
                (first.row..=last.row).contains(&8) && (first.column..=last.column).contains(&5)
            };
            may_read(formula, "7 - Safety", own, &is, &any)
        };
        assert!(
            reads("SUM(F$9)", true) && reads("COUNTIF(F1:F20,\"x\")", true) && reads("Level&\"x\"", true)
        );
        assert!(!reads("SUM(F10)", true) && !reads("IF(TRUE,\"F9\",1)", true) && !reads("Other!F9", true));
        assert!(
            reads("'7 - Safety'!F9", false) && !reads("F9", false) && !reads("'7 - Safety'!F10+F9", false)
        );
        assert!(reads("{1,2}", true));
    }
}
