//! `[submission]` of case.toml: files that go with the case to those who receive it, and that nothing else names.
//!
//! None of it is part of the case: it says which files are sent, and asserts nothing, so no approval covers it.

use super::files::CaseFolder;
use super::toml_input::Lines;
use super::{InputError, suggestion};
use crate::case::Case;
use schemars::JsonSchema;
use serde::Deserialize;

/// What is sent beside that which the case itself holds. What is absent was not given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Submission {
    /// Who receives it: the name of a profile, or a profile of your own in the case folder ("profile.toml").
    pub profile: Option<String>,
    /// Whom the covering letter goes to, a line each: name, department, organisation.
    pub recipient: Vec<String>,
    /// The signed report (PDF). Left out, the report is built, and is not signed.
    pub signed_report: Option<String>,
    /// The clinical risk management plan, as a file (3.2).
    pub plan: Option<String>,
    /// Files that show the Clinical Safety Officer's registration and training (2.3).
    pub cso_evidence: Vec<String>,
    /// Assessments of third-party products, as files (2.5).
    pub third_party_assessments: Vec<ThirdPartyAssessment>,
}

/// The assessment of one third-party product, as a file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThirdPartyAssessment {
    /// Name of the product, as `[[third_party_products]]` has it.
    pub product: String,
    /// The file.
    pub file: String,
}

impl Submission {
    /// Every file with the path of its key.
    fn files(&self) -> impl Iterator<Item = (String, &str)> {
        let single = [("signed_report", &self.signed_report), ("plan", &self.plan)];
        let single = single.into_iter().filter_map(|(key, file)| Some((key.to_owned(), file.as_deref()?)));
        let officer = self.cso_evidence.iter().enumerate();
        let officer = officer.map(|(at, file)| (format!("cso_evidence/{at}"), file.as_str()));
        let products = self.third_party_assessments.iter().enumerate();
        let products =
            products.map(|(at, entry)| (format!("third_party_assessments/{at}/file"), entry.file.as_str()));
        single.chain(officer).chain(products).map(|(key, file)| (format!("submission/{key}"), file))
    }

    /// Refuses paths that leave the case folder, and assessments of products that the case does not have.
    pub(super) fn check(&self, folder: &CaseFolder, case: &Case, lines: &Lines) -> Result<(), InputError> {
        for (key, file) in self.files() {
            folder.locate(file).map_err(|error| error.at(lines.place(&key)))?;
        }
        let products = || case.third_party_products.items().iter().map(|product| product.name.as_str());
        for (at, ThirdPartyAssessment { product, .. }) in self.third_party_assessments.iter().enumerate() {
            if !products().any(|name| name == product) {
                let remedy = suggestion::remedy(product, products());
                return Err(InputError::new(format!("\"{product}\" is none of [[third_party_products]]"))
                    .at(lines.place(&format!("submission/third_party_assessments/{at}/product")))
                    .hint(format!(
                        "name the product as [[third_party_products]] does, or add it there: {remedy}"
                    )));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::intake::files::CaseFolder;
    use crate::intake::manifest::ResolvedManifest;

    fn read(text: &str) -> Result<super::Submission, String> {
        let folder = tempfile::tempdir().unwrap();
        let manifest = format!("[product]\nname = \"Hub\"\n{text}");
        std::fs::write(folder.path().join("case.toml"), manifest).unwrap();
        let folder = CaseFolder::open(folder.path()).unwrap();
        ResolvedManifest::read(&folder).map(|read| read.submission).map_err(|error| error.to_string())
    }

    #[test]
    fn a_file_need_not_be_there_and_may_not_lie_outside() {
        let read_back = read("[submission]\nplan = \"plan.pdf\"\ncso_evidence = [\"gmc.pdf\"]\n").unwrap();
        assert_eq!((read_back.plan.as_deref(), read_back.cso_evidence.len()), (Some("plan.pdf"), 1));
        let said = read("[submission]\ncso_evidence = [\"a.pdf\", \"../b.pdf\"]\n").unwrap_err();
        assert!(said.contains("not a path inside") && said.contains("case.toml, line 4"), "{said}");
    }

    #[test]
    fn an_assessment_is_of_a_product_of_the_case() {
        let products =
            "[[third_party_products]]\nname = \"PostgreSQL\"\n[[submission.third_party_assessments]]\n";
        let entry = |product: &str| format!("{products}product = \"{product}\"\nfile = \"a.pdf\"\n");
        assert_eq!(read(&entry("PostgreSQL")).unwrap().third_party_assessments.len(), 1);
        let said = read(&entry("Postgres")).unwrap_err();
        assert!(said.contains("none of [[third_party_products]]") && said.contains("line 6"), "{said}");
    }
}
