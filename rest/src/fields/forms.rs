//! Bodies that HTML forms send.

use super::Body;
use bytes::Bytes;
use futures::stream;
use multer::Multipart;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::convert::Infallible;

/// Most fields of one form.
const FIELDS: usize = 10_000;

/// `application/x-www-form-urlencoded`.
pub(crate) fn urlencoded(bytes: &[u8]) -> Body {
    let mut fields = Fields::default();
    for (name, value) in form_urlencoded::parse(bytes) {
        fields.add(&name, Value::String(value.into_owned()));
    }
    fields.finish()
}

/// `multipart/form-data`.
///
/// # Errors
/// When the header does not say how the parts can be told from each other.
pub(crate) async fn multipart(content_type: &str, bytes: Bytes) -> Result<Body, multer::Error> {
    let boundary = multer::parse_boundary(content_type)?;
    if boundary.is_empty() {
        return Err(multer::Error::NoBoundary);
    }
    let whole = stream::once(async { Ok::<_, Infallible>(bytes) });
    let mut parts = Multipart::new(whole, boundary);
    let mut fields = Fields::default();
    let mut count = 0_usize;
    // As Django reads it: what comes after something that is no part is not looked at.
    while let Ok(Some(part)) = parts.next_field().await {
        count += 1;
        if count > FIELDS {
            break;
        }
        let Some(name) = part.name().map(str::to_owned) else { continue };
        // A file is no text, whatever is in it.
        let value = match part.file_name() {
            Some(_) => Value::Object(Map::new()),
            None => {
                let Ok(bytes) = part.bytes().await else { break };
                Value::String(String::from_utf8_lossy(&bytes).into_owned())
            }
        };
        fields.add(&name, value);
    }
    Ok(fields.finish())
}

/// Fields of a form. `items[0]price` is a member of the first object in a list, `items[0]` something
/// else that stands there.
#[derive(Default)]
struct Fields {
    members: Map<String, Value>,
    lists: BTreeMap<String, BTreeMap<usize, Value>>,
}

impl Fields {
    fn add(&mut self, name: &str, value: Value) {
        match indexed(name) {
            Some((list, index, member)) => {
                let list = self.lists.entry(list.to_owned()).or_default();
                if member.is_empty() {
                    list.insert(index, value);
                } else if let Some(Value::Object(object)) = list.get_mut(&index) {
                    object.insert(member.to_owned(), value);
                } else {
                    list.insert(index, json!({ member: value }));
                }
            }
            None => {
                self.members.insert(name.to_owned(), value);
            }
        }
    }

    fn finish(mut self) -> Body {
        for (name, objects) in self.lists {
            self.members.insert(name, objects.into_values().collect());
        }
        Body::from_form(self.members)
    }
}

fn indexed(name: &str) -> Option<(&str, usize, &str)> {
    let (list, rest) = name.split_once('[')?;
    let (index, member) = rest.split_once(']')?;
    Some((list, index.parse().ok()?, member))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_repeated_fields_counts() {
        let body = urlencoded(b"name=Fo+rm&mail=a%40b&name=last&empty=");
        assert_eq!(body.raw("name"), Some(&json!("last")));
        assert_eq!(body.raw("mail"), Some(&json!("a@b")));
        assert_eq!(body.raw("empty"), Some(&json!("")));
    }

    #[test]
    fn numbered_fields_are_a_list() {
        let body =
            urlencoded(b"items[1]quantity=2&items[0]product_id=7&items[0]quantity=1&items[2]=5");
        let items = json!([{ "product_id": "7", "quantity": "1" }, { "quantity": "2" }, "5"]);
        assert_eq!(body.raw("items"), Some(&items));
    }

    #[tokio::test]
    async fn parts_are_fields_and_files_are_no_texts() {
        let body = "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nä b\r\n\
                    --XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\nz\r\n\
                    --XX--\r\n";
        let read = multipart("multipart/form-data; boundary=XX", body.into()).await.unwrap();
        assert_eq!(read.raw("a"), Some(&json!("ä b")));
        assert_eq!(read.raw("f"), Some(&json!({})));
        for unbounded in ["multipart/form-data", "multipart/form-data; boundary="] {
            assert!(multipart(unbounded, Bytes::new()).await.is_err());
        }
    }
}
