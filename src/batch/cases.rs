//! Which cases a batch is of, and what they are called.
//!
//! A path is a case folder, a folder of case folders, or a pattern. A case is called by its path as it was said, with
//! `/` on every system and without what leads to the current folder (`./`) or out of it (`../`). Of absolute paths the
//! deepest folder that holds them all stands in its place, so that a name says nothing of a machine: `/mnt/a/products/x`
//! beside `/mnt/a/products/y` is `products/x`. Names decide the order, the shard and the folder of the output.

use crate::intake::InputError;
use crate::trace::is_passing;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

/// A case of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

/// The cases that some paths lead to.
#[derive(Debug, Default)]
pub struct Discovery {
    /// In the order of their names.
    pub cases: Vec<Found>,
    /// Folders beside cases that are none.
    pub left_out: Vec<PathBuf>,
}

/// A path as it was said, and from where.
#[derive(Debug, Clone)]
struct Said<'a> {
    base: &'a Path,
    path: PathBuf,
}

/// The cases that paths lead to, which are said from a folder; `except` is where reports go, which is no case.
pub fn find(base: &Path, paths: &[String], except: &Path) -> Result<Discovery, InputError> {
    let mut looking = Looking { base, except, found: Vec::new(), left_out: Vec::new() };
    for path in paths {
        looking.look(path)?;
    }
    let Looking { found, mut left_out, .. } = looking;
    left_out.sort();
    left_out.dedup();
    Ok(Discovery { cases: named(&found), left_out })
}

/// Fails where two cases have names that are one on some system; names both.
pub fn refuse_equal_names(cases: &[Found]) -> Result<(), InputError> {
    let mut seen: BTreeMap<String, &Found> = BTreeMap::new();
    for case in cases {
        let first = seen.insert(case.name.to_lowercase(), case);
        if let Some(first) = first.filter(|first| first.path != case.path) {
            let (one, other) = (first.path.display(), case.path.display());
            let what = if first.name == case.name {
                format!("Two cases would both be called \"{}\": {one} and {other}", case.name)
            } else {
                let names = format!("\"{}\" and \"{}\"", first.name, case.name);
                format!(
                    "{names} are one name where small and capital letters are the same: {one} and {other}"
                )
            };
            return Err(InputError::new(what)
                .hint("rename one of the folders, or name both from a folder that holds both"));
        }
    }
    Ok(())
}

struct Looking<'a> {
    base: &'a Path,
    except: &'a Path,
    found: Vec<Said<'a>>,
    left_out: Vec<PathBuf>,
}

impl Looking<'_> {
    fn look(&mut self, path: &str) -> Result<(), InputError> {
        let whole = self.base.join(path);
        if whole.exists() || !has_wildcards(path) {
            // What is no case is one that fails, and does not keep the others from being built.
            if !self.folder(Path::new(path)) {
                self.take(Path::new(path));
            }
            return Ok(());
        }
        let matches = self.matches(path)?;
        let mut any = false;
        for path in &matches {
            if self.is_astray(path) {
                self.take(path);
                any = true;
                continue;
            }
            if !self.base.join(path).is_dir() {
                continue;
            }
            let has_cases = self.folder(path);
            any |= has_cases;
            if !has_cases && !self.is_output(path) {
                self.left_out.push(tidy(path));
            }
        }
        if any {
            return Ok(());
        }
        Err(InputError::new(format!("No case folder is called \"{path}\"")).hint(
            "correct the pattern; a case folder is one with a case.toml, and * stands for a part of a name",
        ))
    }

    /// Takes a folder that is a case, or the cases in it; whether there is any.
    fn folder(&mut self, path: &Path) -> bool {
        let whole = self.base.join(path);
        if is_case(&whole) {
            self.take(path);
            return true;
        }
        let folders = inner(&whole).into_iter().map(|name| path.join(name));
        let folders = folders.filter(|folder| self.base.join(folder).is_dir() || self.is_astray(folder));
        let (cases, others): (Vec<PathBuf>, Vec<PathBuf>) =
            folders.partition(|folder| is_case(&self.base.join(folder)) || self.is_astray(folder));
        if cases.is_empty() {
            return false;
        }
        let others = others.iter().filter(|folder| !self.is_output(folder)).map(|folder| tidy(folder));
        let others: Vec<PathBuf> = others.collect();
        self.left_out.extend(others);
        for case in cases {
            self.take(&case);
        }
        true
    }

    /// A link that leads nowhere, as one to a disk that is not there: a case that fails, and not none.
    fn is_astray(&self, path: &Path) -> bool {
        let whole = self.base.join(path);
        whole.is_symlink() && !whole.exists()
    }

    fn take(&mut self, path: &Path) {
        self.found.push(Said { base: self.base, path: path.to_owned() });
    }

    fn is_output(&self, path: &Path) -> bool {
        let real = |path: &Path| path.canonicalize().ok();
        real(&self.base.join(path)).is_some_and(|folder| real(self.except).is_some_and(|out| out == folder))
    }

    /// The paths that a pattern stands for, from the base, in order.
    fn matches(&self, pattern: &str) -> Result<Vec<PathBuf>, InputError> {
        let mut paths = vec![PathBuf::new()];
        for part in Path::new(pattern).components() {
            paths = match part {
                Component::Normal(part) if has_wildcards(&part.to_string_lossy()) => {
                    let part = part.to_string_lossy();
                    let wanted = part_of_pattern(pattern, &part)?;
                    paths.iter().flat_map(|path| self.matching(path, &part, &wanted)).collect()
                }
                part => paths.into_iter().map(|path| path.join(part)).collect(),
            };
        }
        paths.retain(|path| self.base.join(path).exists() || self.is_astray(path));
        paths.sort();
        paths.dedup();
        Ok(paths)
    }

    /// What one part of a pattern stands for in a folder.
    fn matching(&self, folder: &Path, part: &str, wanted: &glob::Pattern) -> Vec<PathBuf> {
        let options = glob::MatchOptions {
            case_sensitive: true,
            require_literal_separator: true,
            require_literal_leading_dot: true,
        };
        let inner = inner(&self.base.join(folder)).into_iter().map(|name| folder.join(name));
        if part == "**" {
            let folders =
                inner.filter(|path| self.base.join(path).is_dir() && !self.base.join(path).is_symlink());
            let below = folders.flat_map(|path| self.matching(&path, part, wanted));
            return std::iter::once(folder.to_owned()).chain(below).collect();
        }
        let is_wanted = |path: &PathBuf| {
            path.file_name().is_some_and(|name| wanted.matches_with(&name.to_string_lossy(), options))
        };
        inner.filter(is_wanted).collect()
    }
}

fn part_of_pattern(pattern: &str, part: &str) -> Result<glob::Pattern, InputError> {
    glob::Pattern::new(part).map_err(|error| {
        InputError::new(format!("\"{pattern}\" is no pattern of paths: {}", error.msg))
            .hint("* stands for a part of a name, ** for any folders, [ab] for one of these letters")
    })
}

/// The names of what is in a folder, in order, without what is hidden or passing. What cannot be looked into holds no
/// case that anybody could build.
fn inner(folder: &Path) -> Vec<OsString> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name());
    let mut names: Vec<OsString> = names.filter(|name| !is_passing(&name.to_string_lossy())).collect();
    names.sort();
    names
}

fn is_case(folder: &Path) -> bool {
    folder.join("case.toml").is_file()
}

fn has_wildcards(path: &str) -> bool {
    path.contains(['*', '?', '['])
}

/// The path without the dots that mean nothing.
fn tidy(path: &Path) -> PathBuf {
    let parts: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    if parts.as_os_str().is_empty() { PathBuf::from(".") } else { parts }
}

/// The cases with their names, each once, in the order of these.
fn named(found: &[Said<'_>]) -> Vec<Found> {
    let absolute = found.iter().map(|said| said.path.as_path()).filter(|path| path.is_absolute());
    let shared = deepest(absolute);
    let mut cases: Vec<Found> = found
        .iter()
        .map(|said| {
            let path = tidy(&said.base.join(&said.path));
            Found { name: name(&said.path, shared.as_deref(), &path), path }
        })
        .collect();
    cases.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    cases.dedup();
    cases
}

fn name(said: &Path, shared: Option<&Path>, path: &Path) -> String {
    let below = shared.filter(|_| said.is_absolute()).and_then(|shared| {
        let above = shared.parent().unwrap_or(shared);
        said.strip_prefix(above).ok()
    });
    let mut parts: Vec<String> = Vec::new();
    for part in below.unwrap_or(said).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::ParentDir => {
                parts.pop();
            }
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    if parts.is_empty() {
        // The current folder has no other name than its own.
        let own =
            path.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
        parts.push(own.unwrap_or_else(|| "case".to_owned()));
    }
    parts.join("/")
}

/// The deepest folder that holds all of these.
fn deepest<'a>(mut paths: impl Iterator<Item = &'a Path>) -> Option<PathBuf> {
    let mut shared = paths.next()?.parent()?.to_owned();
    for path in paths {
        while !path.starts_with(&shared) || path == shared {
            shared = shared.parent()?.to_owned();
        }
    }
    Some(shared)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world(cases: &[&str], others: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for case in cases {
            std::fs::create_dir_all(folder.path().join(case)).unwrap();
            std::fs::write(folder.path().join(case).join("case.toml"), "").unwrap();
        }
        for other in others {
            std::fs::create_dir_all(folder.path().join(other)).unwrap();
        }
        folder
    }

    fn names(base: &Path, paths: &[&str]) -> Vec<String> {
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        let found = find(base, &paths, &base.join("out")).unwrap();
        found.cases.into_iter().map(|case| case.name).collect()
    }

    #[test]
    fn a_case_is_called_the_same_whichever_way_it_is_said() {
        let world = world(&["products/b", "products/a", "pilot"], &["products/drafts", "out"]);
        let base = world.path();
        let expected = ["products/a", "products/b"];
        for said in [
            &["products"][..],
            &["products/*"],
            &["./products/"],
            &["products/b", "products/a"],
            &["products", "products/a"],
        ] {
            assert_eq!(names(base, said), expected, "{said:?}");
        }
        let absolute = |name: &str| base.join(name).to_string_lossy().into_owned();
        for said in [
            vec![absolute("products")],
            vec![absolute("products/*")],
            vec![absolute("products/b"), absolute("products/a")],
        ] {
            let said: Vec<&str> = said.iter().map(String::as_str).collect();
            assert_eq!(names(base, &said), expected, "{said:?}");
        }
        assert_eq!(names(&base.join("pilot"), &["../products"]), expected);
        assert_eq!(names(&base.join("products"), &["."]), ["a", "b"]);
        assert_eq!(names(&base.join("pilot"), &["."]), ["pilot"]);
    }

    #[test]
    fn a_folder_beside_cases_is_told_and_that_of_the_reports_is_not() {
        let world = world(&["a", "b"], &["drafts", "out", ".git"]);
        let found = find(world.path(), &[".".to_owned()], &world.path().join("out")).unwrap();
        assert_eq!(found.left_out, [Path::new("drafts")]);
        assert_eq!(names(world.path(), &["*"]), ["a", "b"]);
    }

    #[test]
    fn a_path_that_leads_nowhere_is_a_case_that_fails_and_a_pattern_is_refused() {
        let world = world(&["a"], &["empty"]);
        assert_eq!(names(world.path(), &["a", "absent", "empty"]), ["a", "absent", "empty"]);
        let refused =
            |path: &str| find(world.path(), &[path.to_owned()], Path::new("out")).unwrap_err().to_string();
        assert!(refused("b*").starts_with("No case folder is called \"b*\"\n  do: "), "{}", refused("b*"));
        assert!(refused("a[").starts_with("\"a[\" is no pattern of paths"), "{}", refused("a["));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_nowhere_is_a_case_that_fails_and_no_name_stops_the_others() {
        use std::os::unix::ffi::OsStringExt as _;
        let world = world(&["p/a", "p/deep/b"], &[]);
        std::os::unix::fs::symlink("/nowhere/case", world.path().join("p/z")).unwrap();
        let odd = world.path().join("p").join(OsString::from_vec(b"odd\xff".to_vec()));
        std::fs::create_dir(&odd).unwrap();
        std::fs::write(odd.join("case.toml"), "").unwrap();
        for said in ["p", "p/*"] {
            let found = find(world.path(), &[said.to_owned()], Path::new("out")).unwrap();
            let names: Vec<&str> = found.cases.iter().map(|case| case.name.as_str()).collect();
            assert!(names.contains(&"p/a") && names.contains(&"p/z"), "{said}: {names:?}");
            assert!(names.contains(&"p/odd\u{fffd}"), "{said}: {names:?}");
            assert!(found.cases.iter().any(|case| case.path == odd), "{said}: the folder itself");
        }
        assert_eq!(names(world.path(), &["p/**/b"]), ["p/deep/b"]);
        assert_eq!(names(world.path(), &["[p]/?"]), ["p/a", "p/z"]);
    }

    #[test]
    fn a_folder_whose_name_looks_like_a_pattern_is_that_folder() {
        let world = world(&["case[1]", "case1"], &[]);
        assert_eq!(names(world.path(), &["case[1]"]), ["case[1]"]);
    }

    #[test]
    fn two_cases_of_one_name_are_refused_with_both_paths() {
        let case = |name: &str, path: &str| Found { name: name.to_owned(), path: path.into() };
        let error = refuse_equal_names(&[case("p/a", "../p/a"), case("p/a", "p/a")]).unwrap_err().to_string();
        assert!(error.contains("both be called \"p/a\"") && error.contains("../p/a and p/a"), "{error}");
        let error =
            refuse_equal_names(&[case("Alpha", "Alpha"), case("alpha", "alpha")]).unwrap_err().to_string();
        assert!(error.contains("\"Alpha\" and \"alpha\" are one name"), "{error}");
        assert!(refuse_equal_names(&[case("a", "a"), case("b", "b")]).is_ok());
    }
}
