//! Cycles in a graph of modules.

use std::collections::{BTreeMap, BTreeSet};

/// One module needs another one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Arrow {
    pub(crate) from: String,
    pub(crate) to: String,
    /// The path that says so.
    pub(crate) path: String,
}

/// Each group of modules that reach each other, as the arrows between them.
pub(crate) fn cycles(arrows: &[Arrow]) -> Vec<String> {
    let mut next: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for arrow in arrows {
        next.entry(&arrow.from).or_default().insert(&arrow.to);
    }
    let reach: BTreeMap<&str, BTreeSet<&str>> =
        next.keys().map(|from| (*from, reachable(from, &next))).collect();
    let together = |one: &str, other: &str| reach.get(one).is_some_and(|all| all.contains(other));
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for from in next.keys() {
        if !together(from, from) || !seen.insert(*from) {
            continue;
        }
        let group: BTreeSet<&str> =
            next.keys().copied().filter(|other| together(from, other) && together(other, from)).collect();
        seen.extend(&group);
        let mut inside: BTreeMap<(&str, &str), &str> = BTreeMap::new();
        for arrow in arrows {
            if group.contains(&*arrow.from) && group.contains(&*arrow.to) {
                inside.entry((&arrow.from, &arrow.to)).or_insert(&arrow.path);
            }
        }
        let lines: Vec<_> =
            inside.iter().map(|((from, to), path)| format!("{from} -> {to} ({path})")).collect();
        found.push(lines.join(", "));
    }
    found
}

fn reachable<'a>(from: &str, next: &BTreeMap<&str, BTreeSet<&'a str>>) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = vec![from];
    while let Some(node) = open.pop() {
        for other in next.get(node).into_iter().flatten() {
            if reached.insert(*other) {
                open.push(other);
            }
        }
    }
    reached
}
