//! The parsed form of SDL that Hive works on, with owned text.

pub(crate) use hive_router::graphql_tools::static_graphql::schema::{
    Directive, Document, Field, InputValue, ObjectType, SchemaDefinition, Type, TypeDefinition,
    Value,
};

/// One definition of a document; the library names all of its siblings but not this one.
pub(crate) type Definition =
    hive_router::graphql_tools::parser::schema::Definition<'static, String>;
