//! PDFs that tests make by hand.

/// A PDF of these objects, numbered from 1, of which the first is the catalog.
pub(in crate::signature) fn pdf(objects: &[&str]) -> Vec<u8> {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(pdf.len());
        pdf.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).bytes());
    }
    let start = pdf.len();
    let size = objects.len() + 1;
    pdf.extend(format!("xref\n0 {size}\n0000000000 65535 f\r\n").bytes());
    pdf.extend(offsets.iter().flat_map(|offset| format!("{offset:010} 00000 n\r\n").into_bytes()));
    pdf.extend(format!("trailer\n<</Size {size}/Root 1 0 R/ID [(document) (first)]>>\n").bytes());
    pdf.extend(format!("startxref\n{start}\n%%EOF\n").bytes());
    pdf
}
