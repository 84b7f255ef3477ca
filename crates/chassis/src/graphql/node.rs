//! Globally unique ids of entities, as Relay's global object identification has them.

use async_graphql::ID;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use std::fmt::Display;
use std::str::FromStr;

/// The maximum length of a global id in bytes: type names and ids are short.
const MAX_BYTES: usize = 256;

/// The global id of the entity that has `id` among the entities of its type.
pub fn node_id(type_name: &str, id: impl Display) -> ID {
    ID(BASE64_URL_SAFE_NO_PAD.encode(format!("{type_name}:{id}")))
}

/// A global id, split into its parts. Whether there is such an entity it does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeId {
    /// The name of the entity's type.
    pub type_name: String,
    /// The entity's id among the entities of its type.
    pub id: String,
}

/// A text that is not a global id. Code: `BAD_USER_INPUT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the id is not a nodeId of this shop")]
pub struct InvalidNodeId;

impl FromStr for NodeId {
    type Err = InvalidNodeId;

    fn from_str(text: &str) -> Result<Self, InvalidNodeId> {
        if text.len() > MAX_BYTES {
            return Err(InvalidNodeId);
        }
        let decoded = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidNodeId)?;
        let decoded = String::from_utf8(decoded).map_err(|_| InvalidNodeId)?;
        let (type_name, id) = decoded.split_once(':').ok_or(InvalidNodeId)?;
        Ok(Self { type_name: type_name.to_owned(), id: id.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::{InvalidNodeId, NodeId, node_id};

    #[test]
    fn a_global_id_is_read_as_it_was_written() {
        let id = node_id("StockItem", 12);
        let node = NodeId { type_name: "StockItem".to_owned(), id: "12".to_owned() };
        assert_eq!(id.parse(), Ok(node));
    }

    #[test]
    fn any_other_text_is_refused() {
        let long = "QUFB".repeat(100);
        for text in ["", "1", "UHJvZHVjdA", "UHJvZHVjdDox=", "é", "_w", long.as_str()] {
            assert_eq!(text.parse::<NodeId>(), Err(InvalidNodeId), "{text}");
        }
    }
}
