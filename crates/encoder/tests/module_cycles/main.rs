//! No two modules of a crate need each other, directly or through others: each can be read after those it imports.

mod graph;
mod source;

use std::path::Path;

use graph::cycles;
use source::Crate;

/// The crates of the workspace that keep these rules.
const CRATES: [&str; 7] = ["bitstream", "camera", "convert", "encoder", "node", "v4l2", "virtual-jetson"];

/// Pairs of files that may import each other, because they are one `impl` in two files: crate, file, file.
const ONE_IMPL: [(&str, &str, &str); 0] = [];

#[test]
fn modules_do_not_import_each_other_in_a_cycle() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    for name in CRATES {
        let arrows = Crate::read(&crates.join(name).join("src")).arrows();
        let allowed = |from: &str, to: &str| {
            ONE_IMPL.iter().any(|(of, one, other)| {
                *of == name && ((*one, *other) == (from, to) || (*other, *one) == (from, to))
            })
        };
        let arrows: Vec<_> = arrows.into_iter().filter(|arrow| !allowed(&arrow.from, &arrow.to)).collect();
        assert!(arrows.len() > 10, "hardly any imports were found in {name}");
        found.extend(cycles(&arrows).into_iter().map(|cycle| format!("{name}: {cycle}")));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn a_folder_is_a_module_whose_first_file_says_what_it_is_for() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for name in CRATES {
        let mut open = vec![crates.join(name).join("src")];
        while let Some(folder) = open.pop() {
            let first = folder.join(if folder.ends_with("src") { "lib.rs" } else { "mod.rs" });
            let text = std::fs::read_to_string(&first).unwrap_or_else(|error| panic!("{first:?}: {error}"));
            let says = text.starts_with("//! ") || text.starts_with("#![doc = include_str!(");
            assert!(says, "{first:?} does not say what its folder is for");
            open.extend(
                folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()),
            );
        }
    }
}

#[test]
fn a_cycle_through_a_re_export_and_a_child_is_found() {
    let made_up = Crate::of(&[
        ("lib.rs", "mod a; mod b { fn inline() {} } mod c; pub use a::inner::Thing;"),
        ("a/mod.rs", "pub(crate) mod inner;"),
        ("a/inner.rs", "use crate::c::{self, Other}; pub struct Thing;"),
        ("c.rs", "pub struct Other; fn f() { let made = crate::Thing; }"),
    ]);
    assert_eq!(
        cycles(&made_up.arrows()),
        ["a/inner.rs -> c.rs (crate::c::Other), c.rs -> a/inner.rs (crate::Thing)"]
    );
}

#[test]
fn tests_and_declarations_are_no_imports() {
    let made_up = Crate::of(&[
        ("lib.rs", "mod a; pub fn f() {} #[cfg(test)] mod tests { use crate::a::g; }"),
        ("a.rs", "fn g() { crate::f(); }"),
    ]);
    assert!(cycles(&made_up.arrows()).is_empty());
}
