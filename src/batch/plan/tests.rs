use super::*;
use std::fs;

struct World(tempfile::TempDir);

impl World {
    /// Case folders, each with a product and what its manifest says besides.
    fn new(cases: &[(&str, &str, &str)]) -> Self {
        let world = Self(tempfile::tempdir().unwrap());
        for (folder, product, rest) in cases {
            world.write(
                &format!("{folder}/case.toml"),
                &format!("as_of = 2026-09-14\n[product]\nname = \"{product}\"\n{rest}"),
            );
        }
        world
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn path(&self, path: &str) -> String {
        self.0.path().join(path).to_string_lossy().into_owned()
    }

    fn asked(&self, paths: &[&str]) -> Asked {
        let paths = paths.iter().map(|path| self.path(path)).collect();
        Asked { paths, out: self.0.path().join("out"), ..Asked::default() }
    }

    /// The plan of a batch file with this text.
    fn batch(&self, text: &str) -> Result<Plan, String> {
        self.write("batch.toml", text);
        Plan::of(&self.asked(&["batch.toml"])).map_err(|error| match error {
            PlanError::Input(error) => error.to_string().replace(&self.path("batch.toml"), "batch.toml"),
            PlanError::Report(error) => error.to_string(),
        })
    }
}

fn stems(plan: &Plan) -> Vec<String> {
    let stem = |job: &Job| match &job.stem {
        Ok(stem) => stem.to_string_lossy().replace('\\', "/"),
        Err(why) => why.lines().next().unwrap_or_default().to_owned(),
    };
    plan.jobs.iter().map(stem).collect()
}

#[test]
fn each_case_has_a_folder_and_the_name_that_the_template_gives() {
    let world = World::new(&[("cases/b", "Bee", "[release]\nversion = \"2.0\"\n"), ("cases/a", "A/:x", "")]);
    let plan = Plan::of(&world.asked(&["cases"])).unwrap();
    assert_eq!(plan.cases, ["cases/a", "cases/b"]);
    assert_eq!(
        stems(&plan),
        [
            "cases/a/Clinical-Safety-Case-Report-A-x-Release-not-given-vnot-given",
            "cases/b/Clinical-Safety-Case-Report-Bee-Release-2.0-vnot-given"
        ]
    );
}

#[test]
fn the_order_of_the_paths_changes_nothing() {
    let world = World::new(&[("x/a", "A", ""), ("x/b", "B", ""), ("x/c", "C", "")]);
    let plan = |paths: &[&str]| {
        let plan = Plan::of(&world.asked(paths)).unwrap();
        (plan.cases.clone(), stems(&plan))
    };
    let whole = plan(&["x"]);
    assert_eq!(plan(&["x/c", "x/a", "x/b"]), whole);
    assert_eq!(plan(&["x/*", "x/b"]), whole);
    let shard = |paths: &[&str], index| {
        let jobs = Plan::of(&world.asked(paths)).unwrap().into_jobs(Some(Shard { index, of: 2 }));
        jobs.into_iter().map(|job| job.case).collect::<Vec<_>>()
    };
    assert_eq!(shard(&["x"], 1), ["x/a", "x/c"]);
    assert_eq!(shard(&["x/c", "x/b", "x/a"], 2), ["x/b"]);
}

#[test]
fn a_batch_file_says_what_is_built_of_which() {
    let world = World::new(&[("p/one", "One", ""), ("p/two", "Two", ""), ("pilot", "Pilot", "")]);
    let plan = world
        .batch(
            "cases = [\"p/*\", \"pilot\"]\n[report]\ntemplates = [\"ers-cscr\", \"addendum\"]\nsince = \"1.0\"\noutput = \"{{ case.product.name }}/{{ template }}.pdf\"\n\
             [[overrides]]\ncases = [\"p*\"]\nreport = { release = true }\n\
             [[overrides]]\ncases = [\"pilot\"]\nreport = { templates = [\"ers-cscr\"], output = \"{{ name }}\", release = false, as_of = 2026-09-30 }\n",
        )
        .unwrap();
    assert_eq!(stems(&plan), ["One/ers-cscr", "One/addendum", "Two/ers-cscr", "Two/addendum", "pilot"]);
    let releases: Vec<bool> = plan.jobs.iter().map(|job| job.request.release).collect();
    assert_eq!(releases, [true, true, true, true, false]);
    let pilot = &plan.jobs[4].request;
    assert_eq!((pilot.as_of, pilot.since.as_deref()), (Some("2026-09-30".parse().unwrap()), Some("1.0")));
    assert_eq!(pilot.case, Path::new(&world.path("pilot")));
}

#[test]
fn two_reports_in_one_file_are_refused_with_both_names() {
    let world =
        World::new(&[("a", "Same", ""), ("b", "same", ""), ("c", "Other-DRAFT", ""), ("d", "Other", "")]);
    let error =
        world.batch("cases = [\"a\", \"b\"]\n[report]\noutput = \"{{ case.product.name }}\"\n").unwrap_err();
    let expected = "Two reports would be written to one file, same.pdf: of \"a\" (template ers-cscr) and of \"b\" (template ers-cscr)\n  do: ";
    assert!(error.starts_with(expected), "{error}");
    let error =
        world.batch("cases = [\"c\", \"d\"]\n[report]\noutput = \"{{ case.product.name }}\"\n").unwrap_err();
    assert!(error.contains("of \"c\"") && error.contains("of \"d\""), "the name of a draft counts: {error}");
    let error = world
        .batch("cases = [\"a\"]\n[report]\ntemplates = [\"ers-cscr\", \"addendum\"]\noutput = \"x\"\n")
        .unwrap_err();
    assert!(error.contains("(template ers-cscr)") && error.contains("(template addendum)"), "{error}");
}

#[test]
fn a_batch_file_is_refused_by_line_before_anything_is_built() {
    let world = World::new(&[("a", "A", "")]);
    for (text, expected) in [
        ("cases = [\"x*\"]\n", "No case folder is called \"x*\""),
        (
            "cases = [\"a\"]\n[[overrides]]\ncases = [\"b\"]\nreport = {}\n",
            "No case of the batch is called \"b\"\n  at: batch.toml, line 3\n  do: correct it; there are a",
        ),
        (
            "cases = [\"a\"]\n[report]\noutput = \"{{ name\"\n",
            "The name of the reports cannot be made: syntax error",
        ),
        ("cases = [\"a\"]\n[report]\ntemplates = [\"ers\"]\n", "there is no template \"ers\""),
    ] {
        let error = world.batch(text).unwrap_err();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn a_case_that_has_no_name_for_its_report_keeps_no_other_from_being_built() {
    let world = World::new(&[("a", "A", ""), ("b", "", "")]);
    world.write("c/case.toml", "[product\n");
    let plan = world
        .batch("cases = [\"a\", \"b\", \"c\", \"d\"]\n[report]\noutput = \"{{ case.product.name }}\"\n")
        .unwrap();
    let stems = stems(&plan);
    assert_eq!(stems[0], "A");
    assert_eq!(stems[1], "The case does not say which product it is for");
    assert!(stems[2].starts_with("Unclosed table") || stems[2].contains("table"), "{}", stems[2]);
    assert!(stems[3].contains("is not a folder"), "{}", stems[3]);
}

#[test]
fn a_pattern_may_ask_for_more_than_the_manifest_and_leads_nowhere_else() {
    let world = World::new(&[("a", "A", "")]);
    let stem = |output: &str| {
        let plan = world.batch(&format!("cases = [\"a\"]\n[report]\noutput = '{output}'\n")).unwrap();
        stems(&plan).remove(0)
    };
    assert_eq!(stem("{{ case.hazard_log.hazards | length }}-hazards.pdf"), "0-hazards");
    assert_eq!(stem("{{ name }}.v{{ case.release.version }}"), "a.vnot-given");
    assert!(stem("../{{ name }}").starts_with("The report has no name: \"../a\""));
    assert!(stem("{{ nmae }}-{{ case.product.name }}").contains("undefined value"));
    assert_eq!(stem("C:\\nul"), "C--nul");
    assert_eq!(stem("nul"), "nul-");
}

#[test]
fn what_is_said_at_the_command_goes_before_the_file() {
    let world = World::new(&[("a", "A", "")]);
    world.write(
        "batch.toml",
        "cases = [\"a\"]\n[report]\ntemplates = [\"ers-cscr\"]\noutput = \"{{ template }}\"\n",
    );
    let wanted = Wanted { templates: Some(vec!["addendum".to_owned()]), ..Wanted::default() };
    let plan = Plan::of(&Asked { wanted, ..world.asked(&["batch.toml"]) }).unwrap();
    assert_eq!(stems(&plan), ["addendum"]);
}

#[test]
fn folders_of_a_batch_file_are_beside_it_and_those_of_the_command_are_not() {
    let world = World::new(&[("sub/a", "A", "")]);
    world.write("sub/own/template.toml", "extends = \"ers-cscr\"\n");
    world.write(
        "sub/batch.toml",
        "cases = [\"a\"]\n[report]\ntemplates = [\"own\"]\nfonts = [\"fonts\"]\noutput = \"{{ template }}\"\n",
    );
    let plan = Plan::of(&world.asked(&["sub/batch.toml"])).unwrap();
    let request = &plan.jobs[0].request;
    assert_eq!(
        (request.template.as_str(), &request.fonts[..]),
        (world.path("sub/own").as_str(), &[world.path("sub/fonts").into()][..])
    );
    assert_eq!((stems(&plan), plan.cases), (vec!["own".to_owned()], vec!["a".to_owned()]));
    let wanted = Wanted { fonts: Some(vec!["elsewhere".to_owned()]), ..Wanted::default() };
    let plan = Plan::of(&Asked { wanted, ..world.asked(&["sub/batch.toml"]) }).unwrap();
    assert_eq!(plan.jobs[0].request.fonts, [Path::new("elsewhere")]);
}
