//! SDL as text: every description a block string, arguments with descriptions one to a line.
//!
//! The library's own printer puts a whole field, descriptions included, on one line.

use crate::ast::{
    Definition, Directive, Document, Field, InputValue, SchemaDefinition, TypeDefinition,
};
use std::fmt::Display;

const INDENT: &str = "  ";

pub(crate) fn document(document: &Document) -> String {
    let definitions = document.definitions.iter().map(definition);
    definitions.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
}

fn definition(definition: &Definition) -> String {
    match definition {
        Definition::SchemaDefinition(definition) => schema(definition),
        Definition::TypeDefinition(definition) => type_definition(definition),
        Definition::DirectiveDefinition(directive) => {
            let repeatable = if directive.repeatable { " repeatable" } else { "" };
            let places: Vec<&str> =
                directive.locations.iter().map(|location| location.as_str()).collect();
            format!(
                "{}directive @{}{}{repeatable} on {}\n",
                description(&directive.description, ""),
                directive.name,
                arguments(&directive.arguments, ""),
                places.join(" | ")
            )
        }
        // A composed document has no extensions.
        Definition::TypeExtension(extension) => extension.to_string(),
    }
}

fn schema(schema: &SchemaDefinition) -> String {
    let roots = [
        ("query", &schema.query),
        ("mutation", &schema.mutation),
        ("subscription", &schema.subscription),
    ];
    let roots = roots
        .iter()
        .filter_map(|(kind, name)| Some(format!("{kind}: {}", name.as_ref()?)))
        .collect();
    format!("schema{}{}", own_lines(&schema.directives), block(roots))
}

fn type_definition(definition: &TypeDefinition) -> String {
    match definition {
        TypeDefinition::Scalar(scalar) => {
            let head = format!("{}scalar {}", description(&scalar.description, ""), scalar.name);
            format!("{head}{}\n", in_line(&scalar.directives))
        }
        TypeDefinition::Object(object) => {
            let head = format!("{}type {}", description(&object.description, ""), object.name);
            let head = head + &implements(&object.implements_interfaces);
            let fields = object.fields.iter().map(field).collect();
            head + &own_lines(&object.directives) + &block(fields)
        }
        TypeDefinition::Interface(interface) => {
            let text = description(&interface.description, "");
            let head = format!("{text}interface {}", interface.name);
            let head = head + &implements(&interface.implements_interfaces);
            let fields = interface.fields.iter().map(field).collect();
            head + &own_lines(&interface.directives) + &block(fields)
        }
        TypeDefinition::Union(union) => {
            let head = format!("{}union {}", description(&union.description, ""), union.name);
            format!("{head}{} = {}\n", in_line(&union.directives), union.types.join(" | "))
        }
        TypeDefinition::Enum(values) => {
            let head = format!("{}enum {}", description(&values.description, ""), values.name);
            let lines = values.values.iter().map(|value| {
                let text = description(&value.description, INDENT);
                format!("{}{}{}", unindented(&text), value.name, in_line(&value.directives))
            });
            head + &own_lines(&values.directives) + &block(lines.collect())
        }
        TypeDefinition::InputObject(input) => {
            let head = format!("{}input {}", description(&input.description, ""), input.name);
            let fields = input.fields.iter().map(|field| {
                unindented(&description(&field.description, INDENT)) + &input_value(field)
            });
            head + &own_lines(&input.directives) + &block(fields.collect())
        }
    }
}

fn field(field: &Field) -> String {
    format!(
        "{}{}{}: {}{}",
        unindented(&description(&field.description, INDENT)),
        field.name,
        arguments(&field.arguments, INDENT),
        field.field_type,
        in_line(&field.directives)
    )
}

fn arguments(arguments: &[InputValue], indent: &str) -> String {
    if arguments.is_empty() {
        return String::new();
    }
    if arguments.iter().all(|argument| argument.description.is_none()) {
        let list: Vec<String> = arguments.iter().map(input_value).collect();
        return format!("({})", list.join(", "));
    }
    let deeper = format!("{indent}{INDENT}");
    let lines = arguments.iter().map(|argument| {
        let text = description(&argument.description, &deeper);
        format!("{text}{deeper}{}\n", input_value(argument))
    });
    format!("(\n{}{indent})", lines.collect::<String>())
}

fn input_value(value: &InputValue) -> String {
    let default = value.default_value.as_ref().map(|default| format!(" = {default}"));
    let directives = in_line(&value.directives);
    format!("{}: {}{}{directives}", value.name, value.value_type, default.unwrap_or_default())
}

fn implements(interfaces: &[String]) -> String {
    if interfaces.is_empty() {
        String::new()
    } else {
        format!(" implements {}", interfaces.join(" & "))
    }
}

fn in_line(directives: &[Directive]) -> String {
    directives.iter().map(|applied| format!(" {}", directive(applied))).collect()
}

fn own_lines(directives: &[Directive]) -> String {
    directives.iter().map(|applied| format!("\n{INDENT}{}", directive(applied))).collect()
}

fn directive(directive: &Directive) -> String {
    let arguments = directive.arguments.iter().map(|(name, value)| format!("{name}: {value}"));
    let arguments = arguments.collect::<Vec<_>>().join(", ");
    if arguments.is_empty() {
        format!("@{}", directive.name)
    } else {
        format!("@{}({arguments})", directive.name)
    }
}

fn block(lines: Vec<impl Display>) -> String {
    if lines.is_empty() {
        return "\n".to_owned();
    }
    let lines: String = lines.iter().map(|line| format!("{INDENT}{line}\n")).collect();
    format!(" {{\n{lines}}}\n")
}

fn description(text: &Option<String>, indent: &str) -> String {
    let Some(text) = text.as_ref().filter(|text| !text.is_empty()) else {
        return String::new();
    };
    let text = text.replace("\"\"\"", "\\\"\"\"");
    // A quote or backslash at the end would run into the closing quotes.
    if !text.contains('\n') && !text.ends_with(['"', '\\']) {
        return format!("{indent}\"\"\"{text}\"\"\"\n");
    }
    let lines = text.lines().map(|line| format!("{indent}{line}").trim_end().to_owned() + "\n");
    format!("{indent}\"\"\"\n{}{indent}\"\"\"\n", lines.collect::<String>())
}

/// `block` indents the first line; the others bring their own indent.
fn unindented(description: &str) -> String {
    match description.strip_prefix(INDENT) {
        Some(rest) => format!("{rest}{INDENT}"),
        None => String::new(),
    }
}
