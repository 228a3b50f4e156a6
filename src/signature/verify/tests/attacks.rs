//! The published attacks on signed PDFs, those that apply to files of one form and one table a revision.

use super::hidden::Appended;
use super::*;
use crate::signature::testing::revocation_list;

/// A report that two have signed, and what another revision makes of it.
fn attacked(change: impl FnOnce(&mut Update<'_>)) -> String {
    let world = World::new();
    let signed = world.sign(&world.sign(&report(), "ada"), "ben");
    let attacked = updated(&signed, change);
    assert!(!is_accepted(&attacked), "{:#?}", answer(&attacked));
    objections(&attacked)
}

fn change_dict(update: &mut Update<'_>, number: u32, key: &str, value: impl Into<Object>) {
    let dict = update.dict(object(number)).unwrap().with(key, value);
    update.set(object(number), dict);
}

#[test]
fn content_that_a_later_revision_replaces_is_named() {
    let replaced = |number: u32| attacked(|update| update.set(object(number), stream("BT (low) Tj ET")));
    assert_eq!(replaced(5), "the content of page 1 was changed");
    assert_eq!(replaced(6), "the content of page 2 was changed");
    assert_eq!(replaced(13), "the attachment case.json was changed");
    assert_eq!(replaced(14), "the metadata was changed");
    let said = attacked(|update| {
        let other = update.add(stream("BT (low) Tj ET"));
        change_dict(update, 3, "Contents", other);
    });
    assert_eq!(said, "the content of page 1 was replaced");
    let said = attacked(|update| change_dict(update, 12, "Desc", Object::name("other")));
    assert_eq!(said, "the attachment case.json was changed");
    let said = attacked(|update| change_dict(update, 11, "RoleMap", Dict::new()));
    assert_eq!(said, "the structure that gives the reading order was changed");
}

#[test]
fn a_page_that_comes_in_or_goes_is_named() {
    let said = attacked(|update| {
        let page = update.dict(object(3)).unwrap();
        let page = update.add(page);
        let kids = [object(3), object(4), page].map(Object::from).to_vec();
        change_dict(update, 2, "Kids", kids);
    });
    assert!(said.starts_with("a page was added; the list of the pages was changed"), "{said}");
    let said = attacked(|update| change_dict(update, 2, "Kids", vec![object(4).into()]));
    assert!(said.contains("a page was removed"), "{said}");
    let said = attacked(|update| change_dict(update, 2, "Kids", vec![object(4).into(), object(3).into()]));
    assert!(said.contains("another order"), "{said}");
}

#[test]
fn annotations_over_signed_pages_are_named() {
    let note = || Dict::of_type("Annot").with("Subtype", Object::name("FreeText"));
    let said = attacked(|update| {
        let note = update.add(note());
        change_dict(update, 3, "Annots", vec![note.into()]);
    });
    assert_eq!(said, "an annotation was added to page 1");
    let said = attacked(|update| change_dict(update, 4, "Annots", vec![object(8).into(), object(9).into()]));
    assert!(said.contains("an annotation was removed from page 2"), "{said}");
}

#[test]
fn a_signed_field_stays_as_it_is() {
    let said = attacked(|update| {
        let form = update.add(Stream {
            dict: Dict::of_type("XObject").with("Subtype", Object::name("Form")),
            data: Vec::new(),
        });
        change_dict(update, 8, "AP", Dict::new().with("N", form));
    });
    assert_eq!(said, "the appearance of the field of ada was added");
    let said = attacked(|update| change_dict(update, 8, "V", Object::Null));
    assert!(said.contains("the signature of ada was changed"), "{said}");
    let said =
        attacked(|update| change_dict(update, 9, "Rect", vec![0.into(), 0.into(), 9.into(), 9.into()]));
    assert_eq!(said, "the field of ben was moved");
}

#[test]
fn an_empty_field_takes_a_signature_and_nothing_else() {
    let said = attacked(|update| change_dict(update, 10, "TU", Object::name("other")));
    assert_eq!(said, "the field of cleo: its entry /TU was changed");
    // A stamp without a signature: what people see says that somebody has signed.
    let said = attacked(|update| {
        let form = Dict::of_type("XObject").with("Subtype", Object::name("Form"));
        let form = update.add(Stream { dict: form, data: b"BT (Signed by Cleo) Tj ET".to_vec() });
        change_dict(update, 10, "AP", Dict::new().with("N", form));
    });
    assert_eq!(said, "the appearance of the field of cleo was added");
    // Another one's signature, transplanted.
    let said = attacked(|update| {
        let ada = update.dict(object(8)).unwrap().get("V").unwrap().as_reference().unwrap();
        let ada = update.dict(ada).unwrap();
        let copy = update.add(ada);
        change_dict(update, 10, "V", copy);
    });
    assert!(said.contains("what it leaves out is not exactly its own value"), "{said}");
    let said = attacked(|update| {
        let ada = update.dict(object(8)).unwrap().get("V").unwrap().clone();
        change_dict(update, 10, "V", ada);
    });
    assert!(said.contains("the fields of ada and cleo share one signature"), "{said}");
}

#[test]
fn a_file_that_another_program_has_saved_anew_is_called_that() {
    let world = World::new();
    let signed = world.sign(&world.sign(&report(), "ada"), "ben");
    let mut saved = Vec::new();
    lopdf::Document::load_mem(&signed).unwrap().save_to(&mut saved).unwrap();
    assert!(!is_accepted(&saved));
    let said = objections(&saved);
    assert!(
        said.contains("another program has saved the file anew, and what was signed is no longer in it"),
        "{said}"
    );
}

#[test]
fn a_field_so_large_that_it_could_hide_a_page_shows_nothing() {
    let world = World::new();
    let large = String::from_utf8(report()).unwrap().replace("[230 10 330 60]", "[30 10 590 842]");
    let signed = world.sign(&large.into_bytes(), "ada");
    let shown = updated(&signed, |update| {
        let form = Dict::of_type("XObject").with("Subtype", Object::name("Form"));
        let form = update.add(Stream { dict: form, data: b"1 g 0 0 560 832 re f".to_vec() });
        change_dict(update, 10, "AP", Dict::new().with("N", form));
        let signature = update.add(Dict::of_type("Sig"));
        change_dict(update, 10, "V", signature);
    });
    assert!(
        objections(&shown).contains("the appearance of the field of cleo was added"),
        "{}",
        objections(&shown)
    );
}

#[test]
fn what_the_catalog_does_is_signed() {
    for (key, said) in [
        ("OpenAction", "what happens when the file is opened was added"),
        ("OCProperties", "the list of layers was added"),
        ("Lang", "the catalog's entry /Lang was changed"),
        ("Version", "the version of the format was added"),
        ("Metadata", "the metadata was changed"),
        ("Perms", "the list of permissions was changed"),
    ] {
        let found = attacked(|update| change_dict(update, 1, key, Dict::new()));
        assert!(found.starts_with(said), "{found}");
    }
    let said = attacked(|update| change_dict(update, 7, "NeedAppearances", Object::Boolean(true)));
    assert_eq!(said, "the form's entry /NeedAppearances was added");
    let said = attacked(|update| change_dict(update, 7, "SigFlags", 0));
    assert_eq!(said, "the form's entry /SigFlags was changed");
    let said = attacked(|update| change_dict(update, 7, "Fields", vec![object(8).into(), object(9).into()]));
    assert!(said.contains("a field was removed from the form"), "{said}");
}

/// Whatever a revision puts in its place, an object that was signed stays.
#[test]
fn no_signed_object_can_be_put_in_the_place_of_another() {
    for number in 1..=14 {
        let said = attacked(|update| {
            let other = update.object(object(if number == 3 { 4 } else { 3 })).unwrap();
            update.set(object(number), other);
        });
        assert!(!said.is_empty(), "object {number}");
        attacked(|update| update.set(object(number), Object::Null));
    }
}

/// A shadow attack: something signed refers to an object that is not there, and a later revision brings it in.
#[test]
fn an_object_that_was_missing_cannot_be_brought_in_later() {
    let world = World::new();
    // The signature is object 16.
    let prepared = updated(&report(), |update| change_dict(update, 3, "Group", object(17)));
    let signed = world.sign(&prepared, "ada");
    assert!(is_accepted(&signed));
    let attacked = updated(&signed, |update| assert_eq!(update.add(Dict::new()), object(17)));
    assert_eq!(objections(&attacked), "something came in that page 1 referred to and that was not there");
}

/// A list that is something else as well grows under no harmless name.
#[test]
fn validation_data_is_no_cover_for_other_changes() {
    let world = World::new();
    let prepared = updated(&report(), |update| {
        let contents = update.add(vec![object(5).into()]);
        change_dict(update, 3, "Contents", contents);
        change_dict(update, 1, "DSS", Dict::new().with("Certs", contents));
    });
    let signed = world.sign(&prepared, "ada");
    let attacked = updated(&signed, |update| {
        let contents = update.dict(object(3)).unwrap().get("Contents").unwrap().as_reference().unwrap();
        let more = update.add(stream("BT (no risk) Tj ET"));
        update.set(contents, vec![object(5).into(), more.into()]);
    });
    assert!(!is_accepted(&attacked));
    assert!(objections(&attacked).contains("the content of page 1 was changed"), "{}", objections(&attacked));
}

#[test]
fn validation_data_may_come_in_and_grow() {
    let world = World::new();
    let signed = world.sign(&report(), "ada");
    let stored = updated(&signed, |update| {
        let certificate = update.add(stream(world.authority.certificate().der()));
        let store = update.add(Dict::of_type("DSS").with("Certs", vec![certificate.into()]));
        change_dict(update, 1, "DSS", store);
    });
    assert!(is_accepted(&stored), "{}", objections(&stored));
    let store =
        |update: &mut Update<'_>| update.dict(object(1)).unwrap().get("DSS").unwrap().as_reference().unwrap();
    let grown = updated(&stored, |update| {
        let list = update.add(stream(revocation_list(&world.authority, &[], (1, 1), (12, 1))));
        let own = store(update);
        let dict = update.dict(own).unwrap().with("CRLs", vec![list.into()]);
        update.set(own, dict);
    });
    assert!(is_accepted(&grown), "{}", objections(&grown));
    let signed_again = world.sign(&grown, "ben");
    assert!(is_accepted(&signed_again), "{}", objections(&signed_again));
    let shrunk = updated(&stored, |update| {
        let own = store(update);
        update.set(own, Dict::of_type("DSS"));
    });
    assert!(objections(&shrunk).contains("data for long-term validation was changed"));
    let filled = updated(&stored, |update| {
        let own = store(update);
        let dict = update.dict(own).unwrap().with("Pages", object(2));
        update.set(own, dict);
    });
    assert!(objections(&filled).contains("data for long-term validation was changed"));
}

#[test]
fn nothing_is_left_in_the_file_that_nothing_leads_to() {
    let said = attacked(|update| {
        update.add(stream("nothing leads here"));
        update.set(object(15), stream("nor here"));
    });
    assert_eq!(said, "2 objects were put in that nothing leads to");
}

/// Only a field for a signature can have a document time-stamp in it, and nobody looks at what is in another.
#[test]
fn a_field_of_another_kind_is_no_document_time_stamp() {
    let said = attacked(|update| {
        let value = update.add(Dict::new().with("SubFilter", Object::name("ETSI.RFC3161")));
        let sides = vec![0.into(); 4];
        let field = Dict::new().with("FT", Object::name("Tx")).with("T", Object::String(b"cleo".to_vec()));
        let field = update.add(field.with("Rect", sides).with("V", value));
        let fields = [8, 9, 10].map(|number| object(number).into());
        change_dict(update, 7, "Fields", [&fields[..], &[field.into()]].concat());
    });
    assert_eq!(said, "a field was added to the form: cleo");
}

#[test]
fn another_catalog_or_another_identifier_is_another_document() {
    let world = World::new();
    let signed = world.sign(&report(), "ada");
    for (from, to, said) in [
        ("/Root 1 0 R", "/Root 3 0 R", "nobody has signed"),
        ("/ID[(document)", "/ID[(other)", "the identifier of the document was changed"),
        ("/ID", "/Info 15 0 R/ID", "the document information was added"),
        ("/ID", "/Other 1/ID", "the trailer's entry /Other was added"),
    ] {
        let other = Appended::behind(&signed).with(from, to);
        assert!(!is_accepted(&other));
        assert!(objections(&other).contains(said), "{to}: {}", objections(&other));
    }
}

#[test]
fn nothing_may_be_filled_in_after_a_certification_that_forbids_it() {
    let world = World::new();
    let signed = world.sign(&report(), "ada");
    let both = world.sign(&signed, "ben");
    let stricter = |pdf: &[u8]| {
        let at = pdf.windows(4).position(|window| window == b"/P 2").unwrap();
        let mut pdf = pdf.to_vec();
        pdf[at + 3] = b'1';
        pdf
    };
    let said = objections(&stricter(&both));
    assert!(
        said.contains("the empty field of ben was signed, which an earlier signature does not allow"),
        "{said}"
    );
}
