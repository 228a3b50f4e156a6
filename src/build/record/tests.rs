use super::*;
use crate::intake::workbook::Limits;
use crate::report::RenderOptions;
use crate::trace::Trace;

struct Built {
    folder: tempfile::TempDir,
    request: Request,
}

impl Built {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let request = Request {
            case: folder.path().to_owned(),
            as_of: None,
            limits: Limits::default(),
            template: "ers-cscr".to_owned(),
            templates: None,
            fonts: Vec::new(),
            release: false,
            since: None,
            options: RenderOptions::default(),
        };
        let built = Self { folder, request };
        fs::write(built.path("case.toml"), "a = 1").unwrap();
        fs::write(built.output(), "%PDF of one").unwrap();
        built.record().write(&built.output(), &Desk::default()).unwrap();
        built
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn output(&self) -> PathBuf {
        self.path("report.pdf")
    }

    fn inputs(&self) -> Inputs {
        let trace = Trace::kept();
        trace.read(&self.path("case.toml"), &fs::read(self.path("case.toml")));
        trace.presence(&self.path("waivers.toml"), false);
        trace.inputs()
    }

    fn record(&self) -> Record {
        let said = Said { subject: "A report".to_owned(), pages: 3, ..Said::default() };
        Record::of(&self.request, self.inputs(), &self.output(), b"%PDF of one", said).unwrap()
    }

    fn unchanged(&self) -> Option<Standing> {
        let by_name = unchanged(&self.request, &Place::File(self.output()));
        let by_folder = unchanged(&self.request, &Place::Folder(self.folder.path().to_owned()));
        assert_eq!(by_name, by_folder);
        assert_eq!(by_name, unchanged(&self.request, &Place::Named(self.path("report"))));
        by_name.map(|unchanged| unchanged.standing)
    }

    fn rewrite(&self, edit: impl Fn(&mut serde_json::Value)) {
        let path = self.path(".cscr/report.pdf.json");
        let mut record = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        edit(&mut record);
        fs::write(path, record.to_string()).unwrap();
    }
}

#[test]
fn a_build_is_unchanged_until_an_input_or_its_report_is_otherwise() {
    let built = Built::new();
    assert_eq!(built.unchanged(), Some(Standing::AsBuilt));
    fs::write(built.path("case.toml"), "a = 2").unwrap();
    assert_eq!(built.unchanged(), None);
    fs::write(built.path("case.toml"), "a = 1").unwrap();
    assert_eq!(built.unchanged(), Some(Standing::AsBuilt));
    fs::write(built.path("waivers.toml"), "").unwrap();
    assert_eq!(built.unchanged(), None, "a file that was looked for has appeared");
    fs::remove_file(built.path("waivers.toml")).unwrap();
    fs::write(built.output(), "%PDF of two").unwrap();
    assert_eq!(built.unchanged(), None);
    fs::remove_file(built.output()).unwrap();
    assert_eq!(built.unchanged(), None);
}

#[test]
fn another_request_is_another_build() {
    let mut built = Built::new();
    built.request.release = true;
    assert_eq!(built.unchanged(), None);
    let place = Place::File(built.output());
    assert!(last(&built.request, &place).is_some(), "it is a report of the same case all the same");
    built.request.template = "other".to_owned();
    assert!(last(&built.request, &place).is_none());
}

#[test]
fn the_last_report_is_the_one_that_was_built_last() {
    let built = Built::new();
    let later = built.path("a-later-version.pdf");
    fs::write(&later, "%PDF of two").unwrap();
    let record = Record::of(&built.request, built.inputs(), &later, b"%PDF of two", Said::default()).unwrap();
    record.write(&later, &Desk::default()).unwrap();
    let folder = Place::Folder(built.folder.path().to_owned());
    let written_at = |name: &str, seconds| {
        let file = fs::File::options().write(true).open(built.path(&format!(".cscr/{name}.json"))).unwrap();
        file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds)).unwrap();
    };
    let last = || last(&built.request, &folder).unwrap().output;
    written_at("report.pdf", 20);
    written_at("a-later-version.pdf", 10);
    assert_eq!(last(), built.output());
    written_at("a-later-version.pdf", 30);
    assert_eq!(last(), later);
}

#[test]
fn what_was_put_behind_a_report_leaves_it_what_it_was() {
    let built = Built::new();
    fs::write(built.output(), "%PDF of one, and a signature\n%%EOF\n").unwrap();
    assert_eq!(built.unchanged(), Some(Standing::Extended));
    fs::write(built.output(), "%PDF of one, and words").unwrap();
    assert_eq!(built.unchanged(), None, "that is no PDF any more");
    fs::write(built.output(), "%PDF of 1").unwrap();
    assert_eq!(built.unchanged(), None);
}

#[test]
fn a_record_that_is_damaged_or_of_another_engine_is_as_good_as_none() {
    let built = Built::new();
    let place = Place::File(built.output());
    let of_another = Record { engine: "0.0.1+0".to_owned(), ..built.record() };
    of_another.write(&built.output(), &Desk::default()).unwrap();
    assert_eq!(built.unchanged(), None);
    assert!(last(&built.request, &place).is_some());
    built.record().write(&built.output(), &Desk::default()).unwrap();
    built.rewrite(|record| record["said"]["pages"] = 99_999.into());
    assert_eq!(built.unchanged(), None, "what was written by hand");
    for key in ["format", "engine", "request", "inputs", "output", "bytes", "sha256", "said", "seal"] {
        built.record().write(&built.output(), &Desk::default()).unwrap();
        built.rewrite(|record| record[key] = serde_json::Value::Null);
        assert_eq!(built.unchanged(), None, "{key}");
    }
    built.record().write(&built.output(), &Desk::default()).unwrap();
    built.rewrite(|record| record["output"] = "../report.pdf".into());
    assert_eq!(built.unchanged(), None, "a record speaks for the report that it is named after");
    built.rewrite(|record| record["request"]["since"] = "1.0".into());
    assert_eq!(built.unchanged(), None);
    for text in ["", "{", "[1]", "\u{0}"] {
        fs::write(built.path(".cscr/report.pdf.json"), text).unwrap();
        assert_eq!(built.unchanged(), None);
        assert_eq!(last(&built.request, &place), None);
    }
}

#[test]
fn a_build_whose_inputs_changed_meanwhile_leaves_no_record() {
    let built = Built::new();
    let inputs = built.inputs();
    fs::write(built.path("case.toml"), "a = 2").unwrap();
    assert!(Record::of(&built.request, inputs, &built.output(), b"%PDF", Said::default()).is_none());
}

#[test]
fn records_are_read_by_many_at_once() {
    let built = Built::new();
    let work: Vec<u32> = (0..32).collect();
    let found = crate::parallel::each(&work, |_| {
        built.record().write(&built.output(), &Desk::default()).unwrap();
        built.unchanged()
    });
    assert!(found.iter().all(|standing| *standing == Some(Standing::AsBuilt)));
}

#[test]
fn a_record_is_no_file_of_a_case_and_of_no_repository() {
    let built = Built::new();
    assert_eq!(fs::read_to_string(built.path(".cscr/.gitignore")).unwrap(), "*\n");
    let names = crate::trace::entries(built.folder.path()).unwrap();
    assert!(names.iter().all(|entry| entry.name != ".cscr"));
}
