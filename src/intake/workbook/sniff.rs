//! What a file is, by its first bytes: so that a wrong file is named for what it is.

/// Says what these bytes are when they are not a workbook that can be read, and what to do about it.
pub(super) fn not_a_workbook(bytes: &[u8]) -> Option<(String, &'static str)> {
    const SAVE_AS: &str = "open it in a spreadsheet program and save it as .xlsx";
    const NAME_THE_LOG: &str = "name the hazard log's spreadsheet (.xlsx)";
    let known: [(&[u8], &str, &str); 8] = [
        (b"%PDF", "a PDF document", NAME_THE_LOG),
        (b"\x89PNG", "a PNG picture", NAME_THE_LOG),
        (b"\xff\xd8\xff", "a JPEG picture", NAME_THE_LOG),
        (b"GIF8", "a GIF picture", NAME_THE_LOG),
        // One container holds old .xls files and new files under a password alike.
        (
            b"\xd0\xcf\x11\xe0",
            "an old .xls workbook or a password-protected one",
            "open it, remove the password if it has one, and save it as .xlsx",
        ),
        (b"{\\rtf", "a rich text document", NAME_THE_LOG),
        (b"\x7fELF", "a program", NAME_THE_LOG),
        (b"<", "a web page or XML document", SAVE_AS),
    ];
    if bytes.is_empty() {
        return Some(("an empty file".to_owned(), "check that it was saved and copied whole"));
    }
    if bytes.starts_with(b"PK") {
        return None;
    }
    let found = known.iter().find(|(magic, ..)| bytes.starts_with(magic));
    Some(match found {
        Some((_, what, remedy)) => ((*what).to_owned(), remedy),
        None if looks_like_text(bytes) => ("a text file".to_owned(), SAVE_AS),
        None => ("not a spreadsheet that can be recognised".to_owned(), NAME_THE_LOG),
    })
}

fn looks_like_text(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    !head.contains(&0) && head.iter().filter(|byte| byte.is_ascii()).count() * 10 >= head.len() * 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_file_is_named_for_what_it_is() {
        let what = |bytes: &[u8]| not_a_workbook(bytes).map(|(what, _)| what);
        assert_eq!(what(b"PK\x03\x04rest"), None);
        assert_eq!(what(b"").as_deref(), Some("an empty file"));
        assert_eq!(what(b"%PDF-1.7").as_deref(), Some("a PDF document"));
        assert_eq!(what(b"Hazard,Name\n1,x\n").as_deref(), Some("a text file"));
        assert_eq!(what(&[0, 1, 2, 3]).as_deref(), Some("not a spreadsheet that can be recognised"));
    }
}
