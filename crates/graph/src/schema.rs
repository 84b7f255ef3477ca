//! What the graph knows of its schema: types, their fields, and which subgraphs have them.

use crate::references::{self, Owner};
use hive_router::graphql_tools::static_graphql::query::{Directive, Type, Value};
use hive_router::graphql_tools::static_graphql::schema::{
    Definition, Document, Field, TypeDefinition,
};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

pub(crate) struct Schema {
    types: HashMap<String, TypeInfo>,
    /// The object types that an interface or union stands for.
    possible: HashMap<String, Vec<String>>,
    pub(crate) query: String,
    pub(crate) mutation: Option<String>,
    pub(crate) subscription: Option<String>,
    /// In front of the aliases that the planner sees. No field of the schema starts like this.
    pub(crate) mark: String,
    /// The owners of entities by the names of their types.
    owners: HashMap<String, Owner>,
    subgraphs: Vec<String>,
    /// The schema that clients see.
    pub(crate) document: Arc<Document>,
}

/// An output type.
pub(crate) enum TypeInfo {
    Leaf(Leaf),
    Object(HashMap<String, FieldInfo>),
    Abstract(HashMap<String, FieldInfo>),
}

#[derive(Clone)]
pub(crate) enum Leaf {
    Int,
    Float,
    String,
    Boolean,
    Id,
    Enum(Arc<HashSet<String>>),
    Custom,
}

pub(crate) struct FieldInfo {
    pub(crate) of: Type,
    /// The names of the subgraphs that resolve the field.
    pub(crate) subgraphs: Arc<[String]>,
}

impl Schema {
    /// From the supergraph and the schema that clients see.
    pub(crate) fn new(supergraph: &Document, document: Arc<Document>) -> Self {
        let graphs = graphs(supergraph);
        let resolvers = resolvers(supergraph, &graphs);
        let types =
            types(&document).filter_map(|of| Some((of.name().to_owned(), info(of, &resolvers)?)));
        let types: HashMap<_, _> = types.collect();
        let is_field = |start: &str| {
            types.values().any(|of| {
                of.fields().is_some_and(|fields| fields.keys().any(|name| name.starts_with(start)))
            })
        };
        let unused = |mark: &str| {
            let mut mark = mark.to_owned();
            while is_field(&mark) {
                mark.push('_');
            }
            mark
        };
        let mark = unused("alias_");
        let field_of = |of: &str, name: &str| types.get(of)?.fields()?.get(name);
        let owners = references::owners(&document, &unused("exists_"), field_of);
        Self {
            possible: possible(&document),
            query: document.query_type_name().cloned().unwrap_or_else(|| "Query".to_owned()),
            mutation: document.mutation_type_name().cloned(),
            subscription: document.subscription_type_name().cloned(),
            subgraphs: graphs.into_values().collect(),
            owners,
            types,
            mark,
            document,
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&TypeInfo> {
        self.types.get(name)
    }

    pub(crate) fn field(&self, of: &str, name: &str) -> Option<&FieldInfo> {
        self.types.get(of)?.fields()?.get(name)
    }

    /// The owner of an entity of the type `object`, if a field that `subgraphs` resolve is only a
    /// reference to it.
    pub(crate) fn owner(&self, object: &str, subgraphs: &[String]) -> Option<&Owner> {
        self.owners.get(object).filter(|owner| !subgraphs.contains(&owner.subgraph))
    }

    pub(crate) fn possible(&self, name: &str) -> &[String] {
        self.possible.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether an object of the type `object` fits the type condition `condition`.
    pub(crate) fn fits(&self, object: &str, condition: &str) -> bool {
        object == condition || self.possible(condition).iter().any(|name| name == object)
    }

    pub(crate) fn subgraphs(&self) -> impl Iterator<Item = &str> {
        self.subgraphs.iter().map(String::as_str)
    }
}

impl TypeInfo {
    fn fields(&self) -> Option<&HashMap<String, FieldInfo>> {
        match self {
            Self::Object(fields) | Self::Abstract(fields) => Some(fields),
            Self::Leaf(_) => None,
        }
    }
}

/// The type without lists and non-null.
pub(crate) fn named(of: &Type) -> &str {
    match of {
        Type::NamedType(name) => name,
        Type::ListType(inner) | Type::NonNullType(inner) => named(inner),
    }
}

pub(crate) fn types(document: &Document) -> impl Iterator<Item = &TypeDefinition> {
    document.definitions.iter().filter_map(|definition| match definition {
        Definition::TypeDefinition(of) => Some(of),
        _ => None,
    })
}

/// Which subgraphs have a field: of a type, and of a field that says it itself.
type Resolvers = HashMap<String, (Arc<[String]>, HashMap<String, Arc<[String]>>)>;

fn info(of: &TypeDefinition, resolvers: &Resolvers) -> Option<TypeInfo> {
    let fields = |name: &str, fields: &[Field]| {
        let resolvers = resolvers.get(name);
        let with_subgraphs = fields.iter().map(|field| {
            let subgraphs = resolvers
                .map(|(all, of)| of.get(&field.name).unwrap_or(all).clone())
                .unwrap_or_default();
            (field.name.clone(), FieldInfo { of: field.field_type.clone(), subgraphs })
        });
        with_subgraphs.collect()
    };
    Some(match of {
        TypeDefinition::Scalar(scalar) => TypeInfo::Leaf(match scalar.name.as_str() {
            "Int" => Leaf::Int,
            "Float" => Leaf::Float,
            "String" => Leaf::String,
            "Boolean" => Leaf::Boolean,
            "ID" => Leaf::Id,
            _ => Leaf::Custom,
        }),
        TypeDefinition::Enum(of) => {
            let values = of.values.iter().map(|value| value.name.clone()).collect();
            TypeInfo::Leaf(Leaf::Enum(Arc::new(values)))
        }
        TypeDefinition::Object(object) => TypeInfo::Object(fields(&object.name, &object.fields)),
        TypeDefinition::Interface(interface) => {
            TypeInfo::Abstract(fields(&interface.name, &interface.fields))
        }
        TypeDefinition::Union(_) => TypeInfo::Abstract(HashMap::new()),
        TypeDefinition::InputObject(_) => return None,
    })
}

fn possible(document: &Document) -> HashMap<String, Vec<String>> {
    let mut possible: HashMap<String, Vec<String>> = HashMap::new();
    for of in types(document) {
        match of {
            TypeDefinition::Object(object) => {
                for interface in &object.implements_interfaces {
                    possible.entry(interface.clone()).or_default().push(object.name.clone());
                }
            }
            TypeDefinition::Union(union) => {
                possible.insert(union.name.clone(), union.types.clone());
            }
            _ => {}
        }
    }
    possible
}

/// The subgraphs' names by their values in `join__Graph`.
fn graphs(supergraph: &Document) -> HashMap<String, String> {
    let values = types(supergraph).flat_map(|of| match of {
        TypeDefinition::Enum(of) if of.name == "join__Graph" => of.values.as_slice(),
        _ => &[],
    });
    let named = values.filter_map(|value| {
        let name =
            arguments(&value.directives, "join__graph").find_map(|given| text(given, "name"))?;
        Some((value.name.clone(), name.to_owned()))
    });
    named.collect()
}

fn resolvers(supergraph: &Document, graphs: &HashMap<String, String>) -> Resolvers {
    let having = |directives: &[Directive], directive: &str| -> Arc<[String]> {
        arguments(directives, directive)
            .filter(|given| {
                !given.iter().any(|(name, value)| {
                    name == "external" && matches!(value, Value::Boolean(true))
                })
            })
            .filter_map(|given| graphs.get(text(given, "graph")?).cloned())
            .collect()
    };
    let of_type = types(supergraph).filter_map(|of| {
        let (name, directives, fields) = match of {
            TypeDefinition::Object(of) => (&of.name, &of.directives, &of.fields),
            TypeDefinition::Interface(of) => (&of.name, &of.directives, &of.fields),
            _ => return None,
        };
        let of_fields = fields
            .iter()
            .map(|field| (field.name.clone(), having(&field.directives, "join__field")))
            .filter(|(_, subgraphs)| !subgraphs.is_empty());
        Some((name.clone(), (having(directives, "join__type"), of_fields.collect())))
    });
    of_type.collect()
}

fn arguments<'a>(
    directives: &'a [Directive],
    name: &'a str,
) -> impl Iterator<Item = &'a [(String, Value)]> {
    let named = directives.iter().filter(move |directive| directive.name == name);
    named.map(|directive| directive.arguments.as_slice())
}

fn text<'a>(arguments: &'a [(String, Value)], name: &str) -> Option<&'a str> {
    arguments.iter().find(|(given, _)| given == name).and_then(|(_, value)| match value {
        Value::String(text) | Value::Enum(text) => Some(text.as_str()),
        _ => None,
    })
}
