//! What the modules of a crate import, read from its sources.
//!
//! A path counts for the file that defines what it names: re-exports are followed. `mod` declarations and re-exports are no imports by
//! themselves, and neither is what only tests use.

use std::collections::BTreeMap;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Item, UseTree, Visibility};

use crate::graph::Arrow;

type Names = Vec<String>;

/// A module, or the modules that are written in one file.
#[derive(Debug, Default)]
struct Module {
    file: String,
    /// What `use` names, and whether the module itself imports it, or only passes it on.
    uses: BTreeMap<String, (Names, bool)>,
    globs: Vec<(Names, bool)>,
    /// All other paths.
    paths: Vec<Names>,
}

pub(crate) struct Crate(BTreeMap<Names, Module>);

impl Crate {
    /// Reads `src`.
    pub(crate) fn read(src: &Path) -> Self {
        Self::parse(&|file| std::fs::read_to_string(src.join(file)).ok())
    }

    /// A crate of these files.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        Self::parse(&|file| files.iter().find(|(name, _)| *name == file).map(|(_, text)| (*text).to_owned()))
    }

    fn parse(text_of: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut modules = Self(BTreeMap::new());
        modules.add_file(Vec::new(), "lib.rs", text_of);
        modules
    }

    fn add_file(&mut self, name: Names, file: &str, text_of: &dyn Fn(&str) -> Option<String>) {
        let text = text_of(file).unwrap_or_else(|| panic!("{file} is missing"));
        let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        self.add(name, file, parsed.items, text_of);
    }

    fn add(&mut self, name: Names, file: &str, items: Vec<Item>, text_of: &dyn Fn(&str) -> Option<String>) {
        let mut module = Module { file: file.to_owned(), ..Module::default() };
        for item in items {
            match item {
                Item::Mod(item) if !is_for_tests(&item.attrs) => {
                    let child = [name.clone(), vec![item.ident.to_string()]].concat();
                    match item.content {
                        Some((_, items)) => self.add(child, file, items, text_of),
                        None => self.add_file(child.clone(), &file_of(&child, text_of), text_of),
                    }
                }
                Item::Use(item) if !is_for_tests(&item.attrs) => {
                    let imports = matches!(item.vis, Visibility::Inherited);
                    module.add_use(&item.tree, Vec::new(), imports);
                }
                Item::Mod(_) | Item::Use(_) => {}
                item if is_for_tests(attributes(&item)) => {}
                item => collect(item.into_token_stream(), &mut module.paths),
            }
        }
        self.0.insert(name, module);
    }

    /// Who imports what, by files.
    pub(crate) fn arrows(&self) -> Vec<Arrow> {
        let mut arrows = Vec::new();
        for (name, module) in &self.0 {
            let imported = module.uses.values().filter(|(_, imports)| *imports).map(|(path, _)| path);
            let globs = module.globs.iter().filter(|(_, imports)| *imports).map(|(path, _)| path);
            for path in imported.chain(&module.paths) {
                if let Some((to, true)) = self.find(name, path, 0) {
                    push(&mut arrows, module, &self.0[&to].file, path);
                }
            }
            for path in globs {
                if let Some((to, _)) = self.find(name, path, 0) {
                    push(&mut arrows, module, &self.0[&to].file, path);
                }
            }
        }
        arrows.sort();
        arrows.dedup();
        arrows
    }

    /// The module that defines what `path` names, as module `from` sees it; with `true` where it is something in that module, not
    /// the module itself. Nothing for what is not of this crate.
    fn find(&self, from: &Names, path: &[String], depth: u32) -> Option<(Names, bool)> {
        let (first, rest) = path.split_first()?;
        // What only tests have, in code that only they compile.
        if depth > 20 || path.iter().any(|name| name == "tests") {
            return None;
        }
        let start = match first.as_str() {
            "crate" => Vec::new(),
            "self" => from.clone(),
            "super" => from[..from.len().checked_sub(1)?].to_vec(),
            _ => return self.member(from, path, depth),
        };
        if rest.is_empty() {
            return Some((start, false));
        }
        if rest[0] == "super" {
            return self.find(&start, rest, depth + 1);
        }
        self.member(&start, rest, depth).or(Some((start, true)))
    }

    /// As [`Self::find`], for a path that begins with a name in `module`.
    fn member(&self, module: &Names, path: &[String], depth: u32) -> Option<(Names, bool)> {
        let (first, rest) = path.split_first()?;
        let child = [module.clone(), vec![first.clone()]].concat();
        if self.0.contains_key(&child) {
            return match rest {
                [] => Some((child, false)),
                _ => self.member(&child, rest, depth + 1).or(Some((child, true))),
            };
        }
        let known = self.0.get(module)?;
        if let Some((used, _)) = known.uses.get(first) {
            // A crate's own name, or one of another crate's.
            let (to, is_item) = self.find(module, used, depth + 1).filter(|_| used != path)?;
            if !is_item && !rest.is_empty() {
                return self.member(&to, rest, depth + 1).or(Some((to, true)));
            }
            return Some((to, is_item));
        }
        known.globs.iter().find_map(|(glob, _)| {
            let (to, _) = self.find(module, glob, depth + 1)?;
            self.0.get(&to).filter(|target| target.uses.contains_key(first))?;
            self.member(&to, path, depth + 1)
        })
    }
}

impl Module {
    fn add_use(&mut self, tree: &UseTree, mut before: Names, imports: bool) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.add_use(&path.tree, before, imports);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.add_use(tree, before.clone(), imports);
                }
            }
            UseTree::Name(name) if name.ident == "self" => {
                if let Some(last) = before.last().cloned() {
                    self.uses.insert(last, (before, imports));
                }
            }
            UseTree::Name(name) => {
                before.push(name.ident.to_string());
                self.uses.insert(name.ident.to_string(), (before, imports));
            }
            UseTree::Rename(name) => {
                before.push(name.ident.to_string());
                self.uses.insert(name.rename.to_string(), (before, imports));
            }
            UseTree::Glob(_) => self.globs.push((before, imports)),
        }
    }
}

fn push(arrows: &mut Vec<Arrow>, module: &Module, to: &str, path: &Names) {
    if module.file != to {
        arrows.push(Arrow { from: module.file.clone(), to: to.to_owned(), path: path.join("::") });
    }
}

fn file_of(name: &Names, text_of: &dyn Fn(&str) -> Option<String>) -> String {
    let plain = format!("{}.rs", name.join("/"));
    if text_of(&plain).is_some() { plain } else { format!("{}/mod.rs", name.join("/")) }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.meta.to_token_stream().to_string().contains("test")
            && !attribute.meta.to_token_stream().to_string().contains("not")
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        _ => &[],
    }
}

/// Every path of a piece of source: names with `::` between them, and single names, which may be re-exported ones.
fn collect(tokens: TokenStream, paths: &mut Vec<Names>) {
    let mut path = Names::new();
    let mut colons = 0;
    for token in tokens {
        match token {
            TokenTree::Ident(name) => {
                if colons < 2 && !path.is_empty() {
                    paths.push(std::mem::take(&mut path));
                }
                path.push(name.to_string());
                colons = 0;
            }
            TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
            other => {
                if !path.is_empty() {
                    paths.push(std::mem::take(&mut path));
                }
                colons = 0;
                if let TokenTree::Group(group) = other {
                    collect(group.stream(), paths);
                }
            }
        }
    }
    if !path.is_empty() {
        paths.push(path);
    }
}
