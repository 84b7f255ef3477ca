//! Writes scalars and enum values, each checked against its type.

use crate::complete::is_null;
use crate::schema::Leaf;
use hive_router::executor::json_writer::write_and_escape_string;
use hive_router::executor::projection::response::serialize_value_to_buffer;
use hive_router::executor::response::value::Value;

/// Writes the value if it is one of this type; returns whether it is.
pub(crate) fn write(out: &mut Vec<u8>, leaf: &Leaf, value: &Value<'_>) -> bool {
    let is_valid = match (leaf, value) {
        (Leaf::Int, value) => whole(value).is_some_and(|number| i32::try_from(number).is_ok()),
        (Leaf::Float, Value::I64(_) | Value::U64(_)) => true,
        (Leaf::Float, Value::F64(number)) => number.is_finite(),
        (Leaf::Boolean, Value::Bool(_)) => true,
        (Leaf::String, Value::String(_)) | (Leaf::Id, Value::String(_)) => true,
        (Leaf::Enum(values), Value::String(name)) => values.contains(name.as_ref()),
        (Leaf::Id, Value::I64(number)) => {
            write_and_escape_string(out, &number.to_string());
            return true;
        }
        (Leaf::Id, Value::U64(number)) => {
            write_and_escape_string(out, &number.to_string());
            return true;
        }
        (Leaf::Custom, value) => !is_null(value),
        _ => false,
    };
    if is_valid {
        serialize_value_to_buffer(value, out);
    }
    is_valid
}

fn whole(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::I64(number) => Some(*number),
        Value::U64(number) => i64::try_from(*number).ok(),
        _ => None,
    }
}
