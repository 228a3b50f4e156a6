//! PDFs that tests make by hand.

/// A PDF of these objects, numbered from 1, of which the first is the catalog.
pub(in crate::signature) fn pdf(objects: &[&str]) -> Vec<u8> {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f\r\n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n\r\n", pdf.len());
        pdf.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).bytes());
    }
    let start = pdf.len();
    let size = objects.len() + 1;
    pdf.extend(table.bytes());
    pdf.extend(format!("trailer\n<</Size {size}/Root 1 0 R/ID [(document) (first)]>>\n").bytes());
    pdf.extend(format!("startxref\n{start}\n%%EOF\n").bytes());
    pdf
}
