//! Signature fields: made where a report has spaces to sign in, and found again.
//!
//! What typesets the report knows links and no fields. So each space to sign in is an empty link to `x-sig:` and the
//! id of a person, and [`prepare`] turns it into a field: the annotation and its place in the reading order stay, what
//! they are changes. Nothing is measured, and the structure that makes the report accessible stays whole.

use super::SignatureError;
use super::pdf::{
    Dict, Document, Leaf, Object, Objects, Reference, Stream, Update, leaves, number, text, words,
};

/// What a link to a space to sign in begins with; the id of the person follows.
pub const PLACEHOLDER: &str = "x-sig:";

/// Printed, and not to be moved or deleted.
const FLAGS: i64 = 4 | 128;

/// A field that a report is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldText {
    /// The id of the person who signs there.
    pub id: String,
    /// What the field is called for people, also for those who cannot see it.
    pub label: String,
}

/// A signature field of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The id of the person who signs there.
    pub id: String,
    pub label: Option<String>,
    pub reference: Reference,
    /// Width and height in points; nothing where it is not to be seen.
    pub size: [f64; 2],
    /// The dictionary of its signature, where somebody has signed.
    pub signature: Option<Reference>,
}

/// Makes an empty, tagged signature field of each link to a space to sign in. A PDF without such links stays as it is.
pub fn prepare(pdf: Vec<u8>, fields: &[FieldText]) -> Result<Vec<u8>, SignatureError> {
    let document = Document::read(&pdf)?;
    let placeholders = placeholders(&document)?;
    if placeholders.is_empty() {
        return Ok(pdf);
    }
    if document.in_catalog("AcroForm")?.is_some() {
        return Err(SignatureError::new("the PDF has fields already")
            .hint("take the file from before its fields were made"));
    }
    let parents = parent_tree(&document)?;
    let mut update = Update::of(&document)?;
    let mut made = Vec::new();
    for (index, placeholder) in placeholders.iter().enumerate() {
        let id = &placeholder.id;
        if placeholders[..index].iter().any(|other| other.id == *id) {
            return Err(wrong_template(&format!("the report has two spaces for the signature of {id}")));
        }
        let Some(field) = fields.iter().find(|field| field.id == *id) else {
            return Err(wrong_template(&format!(
                "the report has a space for the signature of {id}, who is none of its signatories"
            )));
        };
        make_field(&mut update, placeholder, &field.label)?;
        tag_as_form(&mut update, &parents, placeholder)?;
        made.push(Object::from(placeholder.annotation));
    }
    let form = update.add(Dict::new().with("Fields", made).with("SigFlags", 0));
    let catalog = update.dict(update.catalog())?.with("AcroForm", form);
    update.set(update.catalog(), catalog);
    Ok(update.finish())
}

fn wrong_template(what: &str) -> SignatureError {
    SignatureError::new(what).hint("look in the template for its links to `x-sig:`: one for each signatory")
}

/// A link that stands for a field.
struct Placeholder {
    id: String,
    annotation: Reference,
    page: Reference,
    dict: Dict,
}

fn placeholders(document: &Document<'_>) -> Result<Vec<Placeholder>, SignatureError> {
    let catalog = document.dict(document.catalog())?;
    let pages = catalog.get("Pages").map(|root| leaves(document, root)).transpose()?.unwrap_or_default();
    let mut placeholders = Vec::new();
    for page in pages {
        let Leaf { reference: Some(page), dict } = page else { continue };
        let annotations = document.find_array(&dict, "Annots")?.unwrap_or_default();
        for annotation in annotations.iter().filter_map(Object::as_reference) {
            let dict = document.dict(annotation)?;
            if let Some(id) = signatory(document, &dict)? {
                placeholders.push(Placeholder { id, annotation, page, dict });
            }
        }
    }
    Ok(placeholders)
}

/// The id that a link to a space to sign in names.
fn signatory(document: &Document<'_>, annotation: &Dict) -> Result<Option<String>, SignatureError> {
    let Some(action) = document.find_dict(annotation, "A")? else { return Ok(None) };
    let uri = document.find(&action, "URI")?;
    let id =
        uri.as_ref().and_then(Object::as_string).and_then(|uri| uri.strip_prefix(PLACEHOLDER.as_bytes()));
    Ok(id.map(|id| String::from_utf8_lossy(id).into_owned()))
}

fn make_field(update: &mut Update<'_>, placeholder: &Placeholder, label: &str) -> Result<(), SignatureError> {
    let rectangle = placeholder.dict.get("Rect").cloned().unwrap_or(Object::Null);
    let [width, height] = size(&rectangle)?;
    let bounds = vec![Object::Integer(0), Object::Integer(0), Object::number(width), Object::number(height)];
    let empty = Dict::of_type("XObject").with("Subtype", Object::name("Form")).with("BBox", bounds);
    let empty = update.add(Stream { dict: empty, data: Vec::new() });
    let mut field = Dict::of_type("Annot")
        .with("Subtype", Object::name("Widget"))
        .with("FT", Object::name("Sig"))
        .with("T", text(&partial_name(&placeholder.id)))
        .with("TU", text(label))
        .with("F", FLAGS)
        .with("Rect", rectangle)
        .with("P", placeholder.page)
        .with("AP", Dict::new().with("N", empty));
    if let Some(parent) = placeholder.dict.get("StructParent") {
        field.set("StructParent", parent.clone());
    }
    update.set(placeholder.annotation, field);
    Ok(())
}

/// What the structure tree holds for annotations, by number.
fn parent_tree(document: &Document<'_>) -> Result<Vec<Leaf>, SignatureError> {
    let tree = document.in_catalog("StructTreeRoot")?.map(|(_, tree)| tree);
    let root = tree.as_ref().and_then(|tree| tree.get("ParentTree"));
    root.map(|root| leaves(document, root)).transpose().map(Option::unwrap_or_default)
}

/// The structure element of the link becomes one of a form. Its only child stands there by itself and not in an
/// array: validators that compare revisions expect the reference to a field in that place.
fn tag_as_form(
    update: &mut Update<'_>,
    parents: &[Leaf],
    placeholder: &Placeholder,
) -> Result<(), SignatureError> {
    let untagged =
        || wrong_template(&format!("the space for the signature of {} is not tagged", placeholder.id));
    let key = placeholder.dict.get("StructParent").and_then(Object::as_integer).ok_or_else(untagged)?;
    let element =
        number(update, parents, key)?.as_ref().and_then(Object::as_reference).ok_or_else(untagged)?;
    let mut dict = update.dict(element)?;
    let only_child = match dict.get("K") {
        Some(Object::Array(children)) if children.len() == 1 => Some(&children[0]),
        other => other,
    };
    let annotation = only_child.and_then(Object::as_dict).filter(|child| child.has("Obj"));
    let Some(annotation) = annotation.cloned() else {
        return Err(wrong_template(&format!(
            "the space for the signature of {} holds text: its link has to be empty",
            placeholder.id
        )));
    };
    dict.set("S", Object::name("Form"));
    dict.set("K", annotation);
    update.set(element, dict);
    Ok(())
}

fn size(rectangle: &Object) -> Result<[f64; 2], SignatureError> {
    let numbers: Option<Vec<f64>> =
        rectangle.as_array().and_then(|numbers| numbers.iter().map(Object::as_number).collect());
    match numbers.as_deref() {
        Some([left, bottom, right, top]) if right > left && top > bottom => Ok([right - left, top - bottom]),
        _ => Err(SignatureError::new("a signature field of the PDF has no extent")
            .hint("build the report with the template that comes with cscr")),
    }
}

/// The signature fields of a document, in their order.
pub fn fields(objects: &impl Objects) -> Result<Vec<Field>, SignatureError> {
    let Some((_, form)) = objects.in_catalog("AcroForm")? else { return Ok(Vec::new()) };
    let references = objects.find_array(&form, "Fields")?.unwrap_or_default();
    let mut fields = Vec::new();
    for reference in references.iter().filter_map(Object::as_reference) {
        let dict = objects.dict(reference)?;
        if dict.get("FT").is_some_and(|kind| kind.is_name("Sig")) {
            fields.push(field(reference, &dict));
        }
    }
    Ok(fields)
}

fn field(reference: Reference, dict: &Dict) -> Field {
    let said = |key: &str| dict.get(key).and_then(Object::as_string).map(words);
    Field {
        id: id_of(&said("T").unwrap_or_default()),
        label: said("TU"),
        reference,
        // Of a time-stamp over the document, the field is not to be seen.
        size: size(dict.get("Rect").unwrap_or(&Object::Null)).unwrap_or_default(),
        signature: dict.get("V").and_then(Object::as_reference),
    }
}

/// The name of a field for an id. A full stop would make it a field within another (ISO 32000-1, 12.7.3.2).
fn partial_name(id: &str) -> String {
    id.replace('%', "%25").replace('.', "%2E")
}

pub(super) fn id_of(name: &str) -> String {
    name.replace("%2E", ".").replace("%25", "%")
}

/// Reports that tests sign.
#[cfg(test)]
pub(super) mod testing {
    use super::{FieldText, prepare};
    use crate::signature::pdf::testing::pdf;

    /// A report of one page with a field for each of these people.
    pub fn report_for(ids: &[&str]) -> Vec<u8> {
        let number = |index: usize| 6 + 2 * index;
        let numbers = || (0..ids.len()).map(number);
        let joined = |items: Vec<String>| items.join(" ");
        let annotations = joined(numbers().map(|number| format!("{number} 0 R")).collect());
        let parents = joined(numbers().map(|number| format!("{number} {} 0 R", number + 1)).collect());
        let mut objects = vec![
            "<</Type/Catalog/Pages 2 0 R/StructTreeRoot 4 0 R>>".to_owned(),
            "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
            format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Annots[{annotations}]>>"),
            format!("<</Type/StructTreeRoot/K[5 0 R]/ParentTree<</Nums[{parents}]>>>>"),
            "<</Type/StructElem/S/Document/P 4 0 R>>".to_owned(),
        ];
        for (number, id) in numbers().zip(ids) {
            let action = format!("<</S/URI/URI(x-sig:{id})>>");
            let link = format!("/Subtype/Link/Rect[0 0 100 50]/F 4/StructParent {number}/A{action}");
            objects.push(format!("<</Type/Annot{link}>>"));
            objects.push(format!(
                "<</Type/StructElem/S/Link/P 5 0 R/K[<</Type/OBJR/Pg 3 0 R/Obj {number} 0 R>>]>>"
            ));
        }
        let objects: Vec<&str> = objects.iter().map(String::as_str).collect();
        let field = |id: &&str| FieldText { id: (*id).to_owned(), label: format!("Signature of {id}") };
        prepare(pdf(&objects), &ids.iter().map(field).collect::<Vec<_>>()).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::pdf::testing::pdf;

    const CATALOG: &str = "<</Type/Catalog/Pages 2 0 R/StructTreeRoot 5 0 R>>";
    const ELEMENT: &str = "<</Type/StructElem/S/Link/P 5 0 R/K[<</Type/OBJR/Pg 3 0 R/Obj 4 0 R>>]/Pg 3 0 R>>";

    /// A report of one page with one space to sign in.
    fn report(uri: &str, element: &str) -> Vec<u8> {
        pdf(&[
            CATALOG,
            "<</Type/Pages/Count 1/Kids[3 0 R]>>",
            "<</Type/Page/Parent 2 0 R/Annots[4 0 R 7 0 R]>>",
            &format!(
                "<</Type/Annot/Subtype/Link/Rect[10.5 20 110.5 70]/F 4/StructParent 8/A<</S/URI/URI{uri}>>>>"
            ),
            "<</Type/StructTreeRoot/K[6 0 R]/ParentTree<</Nums[7 1 0 R 8 6 0 R]>>>>",
            element,
            "<</Type/Annot/Subtype/Link/Rect[0 0 1 1]/StructParent 7/A<</S/URI/URI(https://example.org)>>>>",
        ])
    }

    fn text_of(id: &str) -> Vec<FieldText> {
        vec![FieldText { id: id.to_owned(), label: "Signature of Siân (locum)".to_owned() }]
    }

    fn problem(pdf: Vec<u8>) -> String {
        prepare(pdf, &text_of("cso")).unwrap_err().to_string()
    }

    #[test]
    fn a_space_to_sign_in_becomes_a_tagged_field() {
        let report = report("(x-sig:cso)", ELEMENT);
        let prepared = prepare(report.clone(), &text_of("cso")).unwrap();
        assert!(prepared.starts_with(&report));
        assert_eq!(prepare(report, &text_of("cso")).unwrap(), prepared, "the same bytes");
        let document = Document::read(&prepared).unwrap();
        let [field] = fields(&document).unwrap().try_into().unwrap();
        assert_eq!((field.id.as_str(), field.size, field.signature), ("cso", [100.0, 50.0], None));
        assert_eq!(field.label.as_deref(), Some("Signature of Siân (locum)"));

        let widget = document.dict(field.reference).unwrap();
        assert!(widget.get("Subtype").unwrap().is_name("Widget") && widget.get("F") == Some(&132.into()));
        assert_eq!(widget.get("StructParent"), Some(&8.into()));
        assert!(!widget.has("A"), "it leads nowhere any more");
        let appearance = widget.get("AP").and_then(Object::as_dict).unwrap();
        let appearance = document.dict(appearance.get("N").unwrap().as_reference().unwrap()).unwrap();
        assert_eq!(
            appearance.get("BBox").unwrap(),
            &vec![0.into(), 0.into(), Object::number(100.0), Object::number(50.0)].into()
        );

        let element = document.dict(Reference { number: 6, generation: 0 }).unwrap();
        assert!(element.get("S").unwrap().is_name("Form"));
        assert!(
            element.get("K").and_then(Object::as_dict).is_some_and(|child| child.has("Obj")),
            "a lone child"
        );
    }

    #[test]
    fn ids_are_names_of_fields_whatever_they_hold() {
        for (uri, id) in
            [("(x-sig:a.b%2E)", "a.b%2E"), ("<782D7369673A7369C3A26E>", "siân"), (r"(x-sig:\(a\))", "(a)")]
        {
            let prepared = prepare(report(uri, ELEMENT), &text_of(id)).unwrap();
            let document = Document::read(&prepared).unwrap();
            let [field] = fields(&document).unwrap().try_into().unwrap();
            assert_eq!(field.id, id);
            let name = document.dict(field.reference).unwrap().get("T").cloned();
            assert!(!words(name.unwrap().as_string().unwrap()).contains('.'));
        }
    }

    #[test]
    fn a_report_without_spaces_to_sign_in_stays_as_it_is() {
        let report = report("(https://example.org)", ELEMENT);
        assert_eq!(prepare(report.clone(), &text_of("cso")).unwrap(), report);
        assert_eq!(fields(&Document::read(&report).unwrap()).unwrap(), []);
    }

    #[test]
    fn what_a_template_gets_wrong_is_said() {
        let untagged = ELEMENT.replace("[<</Type/OBJR/Pg 3 0 R/Obj 4 0 R>>]", "[7 <</Type/OBJR/Obj 4 0 R>>]");
        assert!(
            problem(report("(x-sig:cso)", &untagged)).contains("of cso holds text: its link has to be empty")
        );
        assert!(
            problem(report("(x-sig:other)", ELEMENT)).contains("of other, who is none of its signatories")
        );
        let twice = pdf(&[
            CATALOG,
            "<</Type/Pages/Count 2/Kids[3 0 R 6 0 R]>>",
            "<</Type/Page/Annots[4 0 R]>>",
            "<</Rect[0 0 9 9]/StructParent 8/A<</URI(x-sig:cso)>>>>",
            "<</ParentTree<</Nums[8 7 0 R]>>>>",
            "<</Type/Page/Annots[4 0 R]>>",
            ELEMENT,
        ]);
        assert!(problem(twice).contains("two spaces for the signature of cso"));
        let flat = String::from_utf8(report("(x-sig:cso)", ELEMENT)).unwrap().replace("110.5 70", "010.5 70");
        assert!(problem(flat.into_bytes()).contains("has no extent"));
        let prepared = prepare(report("(x-sig:cso)", ELEMENT), &text_of("cso")).unwrap();
        assert_eq!(
            prepare(prepared.clone(), &text_of("cso")).unwrap(),
            prepared,
            "there is no link any more"
        );
    }
}
