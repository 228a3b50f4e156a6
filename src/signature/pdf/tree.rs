//! The trees of a PDF: pages, names, numbers. Each node has kids or is a leaf.

use super::super::SignatureError;
use super::document::{Objects, unsuited};
use super::object::{Dict, Object, Reference};
use std::collections::HashSet;

/// A leaf of a tree, with its reference where it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    pub reference: Option<Reference>,
    pub dict: Dict,
}

/// The leaves of a tree in their order. No node is visited twice, so one that contains itself is refused.
pub fn leaves(objects: &impl Objects, root: &Object) -> Result<Vec<Leaf>, SignatureError> {
    let (mut leaves, mut visited) = (Vec::new(), HashSet::new());
    let mut open = vec![root.clone()];
    while let Some(node) = open.pop() {
        let reference = node.as_reference();
        if reference.is_some_and(|reference| !visited.insert(reference)) {
            return Err(unsuited("a tree of objects contains a node of itself"));
        }
        let Object::Dict(dict) = objects.resolve(&node)? else {
            return Err(unsuited("a node of a tree is no dictionary"));
        };
        match objects.find_array(&dict, "Kids")? {
            Some(kids) => open.extend(kids.into_iter().rev()),
            None => leaves.push(Leaf { reference, dict }),
        }
    }
    Ok(leaves)
}

/// What a number tree holds for a number.
pub fn number(objects: &impl Objects, leaves: &[Leaf], key: i64) -> Result<Option<Object>, SignatureError> {
    for leaf in leaves {
        let pairs = objects.find_array(&leaf.dict, "Nums")?.unwrap_or_default();
        let found = pairs.chunks_exact(2).find(|pair| pair[0].as_integer() == Some(key));
        if let Some(pair) = found {
            return Ok(Some(pair[1].clone()));
        }
    }
    Ok(None)
}
