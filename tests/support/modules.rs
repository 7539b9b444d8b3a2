//! Which module of a package uses which, read from the paths in its sources.
//!
//! A module may use its ancestors and its descendants: a folder's `mod.rs` holds what the folder shares. Between modules of
//! one folder, and all that is below them, the uses must not form a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The path of a module, from the crate root.
pub type Module = Vec<String>;

/// The modules of a package, with their text.
#[derive(Clone, Debug, Default)]
pub struct Modules {
    texts: BTreeMap<Module, String>,
}

/// One use: the module that holds the path, and the path as it is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    pub by: String,
    pub path: String,
}

/// A path in a text.
struct Written {
    /// The module that holds it.
    within: Module,
    parts: Vec<String>,
    /// The name that a `pub use` gives it.
    exported_as: Option<String>,
}

impl Modules {
    /// The modules below `src`, without unit tests and without packages of their own.
    pub fn read(src: &Path) -> Self {
        let mut modules = Self::default();
        modules.read_folder(src, &[]);
        modules
    }

    fn read_folder(&mut self, folder: &Path, above: &[String]) {
        for entry in fs::read_dir(folder).expect("a source folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_stem().expect("a name").to_str().expect("UTF-8").to_owned();
            let own: Module = above.iter().cloned().chain([name.clone()]).collect();
            if path.is_dir() {
                if !path.join("Cargo.toml").exists() {
                    self.read_folder(&path, &own);
                }
            } else if path.extension().is_some_and(|end| end == "rs") && name != "tests" {
                let is_folder = name == "mod" || above.is_empty() && name == "lib";
                let module = if is_folder { above.to_vec() } else { own };
                self.add(&module, &fs::read_to_string(path).expect("a source"));
            }
        }
    }

    /// Adds the text of a module, or more text of it.
    pub fn add(&mut self, module: &[String], text: &str) {
        let shipped = text.split("#[cfg(test)]\nmod tests").next().unwrap_or("");
        self.texts.entry(module.to_vec()).or_default().push_str(shipped);
    }

    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Every circle: for each of its modules, by which paths it uses others of the circle.
    pub fn circles(&self) -> Vec<BTreeMap<String, BTreeSet<Use>>> {
        let uses = self.uses();
        let mut circles = Vec::new();
        let mut seen = BTreeSet::new();
        for start in uses.keys() {
            let circle: BTreeSet<&Module> =
                uses.keys().filter(|other| reaches(&uses, start, other) && reaches(&uses, other, start)).collect();
            if circle.is_empty() || !seen.insert(circle.clone()) {
                continue;
            }
            let mut named = BTreeMap::new();
            for from in &circle {
                let within = uses[*from].iter().filter(|(to, _)| circle.contains(to));
                named.insert(from.join("::"), within.flat_map(|(_, uses)| uses.clone()).collect());
            }
            circles.push(named);
        }
        circles
    }

    /// Of each module of a folder, which others of the same folder it uses, and by which paths.
    fn uses(&self) -> BTreeMap<Module, BTreeMap<Module, BTreeSet<Use>>> {
        let mut exports = BTreeMap::new();
        let mut paths = Vec::new();
        for (module, text) in &self.texts {
            for path in paths_in(module, text) {
                let Some(target) = self.absolute(&path) else { continue };
                if let Some(name) = &path.exported_as {
                    exports.insert((path.within.clone(), name.clone()), target.clone());
                }
                paths.push((module.clone(), path.parts.join("::"), target));
            }
        }
        let mut uses: BTreeMap<Module, BTreeMap<Module, BTreeSet<Use>>> = BTreeMap::new();
        for (by, path, target) in paths {
            let target = self.module_of(&target, &exports, 0);
            let shared = by.iter().zip(&target).take_while(|(one, other)| one == other).count();
            // An ancestor or a descendant.
            if shared == by.len() || shared == target.len() {
                continue;
            }
            let (from, to) = (by[..=shared].to_vec(), target[..=shared].to_vec());
            let this = Use { by: by.join("::"), path };
            uses.entry(from).or_default().entry(to).or_default().insert(this);
        }
        uses
    }

    /// The path from the crate root, if it is one into this package.
    fn absolute(&self, path: &Written) -> Option<Vec<String>> {
        let mut rest = path.parts.as_slice();
        let mut at = path.within.clone();
        match rest.first()?.as_str() {
            "crate" => at.clear(),
            "self" | "super" => {}
            child => {
                at.push(child.to_owned());
                let is_module = self.texts.contains_key(&at);
                at.pop();
                return is_module.then(|| at.iter().chain(rest).cloned().collect());
            }
        }
        while let [first, after @ ..] = rest {
            match first.as_str() {
                "super" => drop(at.pop()),
                "crate" | "self" => {}
                _ => break,
            }
            rest = after;
        }
        Some(at.iter().chain(rest).cloned().collect())
    }

    /// The module that holds what a path names, behind every `pub use`.
    fn module_of(&self, path: &[String], exports: &BTreeMap<(Module, String), Vec<String>>, depth: u8) -> Module {
        let length = (0..=path.len()).rev().find(|length| self.texts.contains_key(&path[..*length])).unwrap_or(0);
        let module = path[..length].to_vec();
        if let Some(exported) = path.get(length).and_then(|name| exports.get(&(module.clone(), name.clone()))) {
            if depth < 8 {
                let behind = exported.iter().chain(&path[length + 1..]).cloned().collect::<Vec<_>>();
                return self.module_of(&behind, exports, depth + 1);
            }
        }
        module
    }
}

/// Whether one module uses another, over however many between.
fn reaches(uses: &BTreeMap<Module, BTreeMap<Module, BTreeSet<Use>>>, from: &Module, to: &Module) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(module) = open.pop() {
        for used in uses.get(module).into_iter().flat_map(BTreeMap::keys) {
            if used == to {
                return true;
            }
            if seen.insert(used) {
                open.push(used);
            }
        }
    }
    false
}

/// Every path of a text that begins with `crate`, `self` or `super`, and everything that it says `use` of.
fn paths_in(module: &[String], text: &str) -> Vec<Written> {
    let tokens = tokens(text);
    let mut paths = Vec::new();
    let mut within = module.to_vec();
    // At which depth of braces the inline modules begin.
    let (mut depth, mut inline) = (0_usize, Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        let word = tokens[at].as_str();
        match word {
            "{" => depth += 1,
            "}" => {
                depth = depth.saturating_sub(1);
                if inline.last() == Some(&depth) {
                    inline.pop();
                    within.pop();
                }
            }
            "mod" if tokens.get(at + 2).is_some_and(|token| token == "{") => {
                within.push(tokens[at + 1].clone());
                inline.push(depth);
            }
            "use" => {
                let is_public = at > 0 && (tokens[at - 1] == "pub" || tokens[at - 1] == ")");
                at = use_tree(&tokens, at + 1, &[], &within, is_public, &mut paths);
                continue;
            }
            "crate" | "self" | "super" if tokens.get(at + 1).is_some_and(|token| token == "::") => {
                let mut parts = vec![word.to_owned()];
                while tokens.get(at + 1).is_some_and(|token| token == "::")
                    && tokens.get(at + 2).is_some_and(|token| is_word(token))
                {
                    parts.push(tokens[at + 2].clone());
                    at += 2;
                }
                paths.push(Written { within: within.clone(), parts, exported_as: None });
            }
            _ => {}
        }
        at += 1;
    }
    paths
}

/// Reads the tree of a `use` from `at`, and returns where it ends.
fn use_tree(
    tokens: &[String],
    mut at: usize,
    above: &[String],
    within: &[String],
    is_public: bool,
    paths: &mut Vec<Written>,
) -> usize {
    let mut parts = above.to_vec();
    let written = |mut parts: Vec<String>, name: Option<&String>| {
        if parts.len() > 1 && parts.last().is_some_and(|last| last == "self") {
            parts.pop();
        }
        let exported_as = name.or(parts.last()).filter(|_| is_public).cloned();
        Written { within: within.to_vec(), parts, exported_as }
    };
    while let Some(token) = tokens.get(at) {
        match token.as_str() {
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token != "}") {
                    at = use_tree(tokens, at, &parts, within, is_public, paths);
                    at += usize::from(tokens.get(at).is_some_and(|token| token == ","));
                }
                return at + 1;
            }
            "::" => at += 1,
            "as" => {
                paths.push(written(parts, tokens.get(at + 1)));
                return at + 2;
            }
            "*" => {
                paths.push(written(parts, None));
                return at + 1;
            }
            word if is_word(word) => {
                parts.push(word.to_owned());
                at += 1;
                if !tokens.get(at).is_some_and(|next| next == "::" || next == "as") {
                    paths.push(written(parts, None));
                    return at;
                }
            }
            _ => return at,
        }
    }
    at
}

fn is_word(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// Words, `::` and single characters, without comments, strings and characters.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("r#\"") {
            rest.find("\"#").map_or(rest.len(), |end| end + 2)
        } else if first == '"' {
            string_len(rest)
        } else if rest.starts_with("'\"'") || rest.starts_with("'{'") || rest.starts_with("'}'") {
            3
        } else {
            let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            let length = if rest.starts_with("::") { 2 } else { word.max(first.len_utf8()) };
            if !first.is_whitespace() {
                tokens.push(rest[..length].to_owned());
            }
            length
        };
        rest = &rest[length..];
    }
    tokens
}

/// The length of the string that a text begins with, its quotes included.
fn string_len(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}
