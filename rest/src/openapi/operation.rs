//! One operation of the REST interface as OpenAPI describes it.

use crate::http::KEY_CHARS;
use serde_json::Value;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{AnyOfBuilder, Array, ObjectBuilder, Schema, Type};
use utoipa::openapi::{HttpMethod, Ref, RefOr, Required};

/// Media type of everything that is sent and answered.
const JSON: &str = "application/json";
/// The name of the parameter in `…/{id}/`.
const ID: &str = "id";

/// A method on a path: what it takes and what it answers.
pub(super) struct Operation {
    pub(super) method: HttpMethod,
    pub(super) path: &'static str,
    /// Unique; also the end of the address in Swagger UI.
    pub(super) id: &'static str,
    summary: &'static str,
    description: Option<&'static str>,
    parameters: Vec<Parameter>,
    body: Option<(RefOr<Schema>, Value)>,
    answers: Vec<(u16, Response)>,
}

pub(super) fn get(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::new(HttpMethod::Get, path, id, summary)
}

pub(super) fn post(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::new(HttpMethod::Post, path, id, summary)
}

pub(super) fn put(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::new(HttpMethod::Put, path, id, summary)
}

pub(super) fn patch(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::new(HttpMethod::Patch, path, id, summary)
}

pub(super) fn delete(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    let operation = Operation::new(HttpMethod::Delete, path, id, summary);
    let gone = ResponseBuilder::new().description("It is gone.").build();
    operation.answer(204, gone)
}

impl Operation {
    fn new(
        method: HttpMethod,
        path: &'static str,
        id: &'static str,
        summary: &'static str,
    ) -> Self {
        let operation = Self {
            method,
            path,
            id,
            summary,
            description: None,
            parameters: Vec::new(),
            body: None,
            answers: Vec::new(),
        };
        let operation = operation.refuses(503, "A part of the shop does not answer.", &["Problem"]);
        if path.contains("{id}") { operation.finds_by_id() } else { operation }
    }

    /// Says more than the summary.
    pub(super) fn describes(mut self, text: &'static str) -> Self {
        self.description = Some(text);
        self
    }

    /// Takes a parameter in the query.
    pub(super) fn filters(
        mut self,
        name: &str,
        schema: impl Into<RefOr<Schema>>,
        text: &str,
    ) -> Self {
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Query)
            .required(Required::False)
            .description(Some(text))
            .schema(Some(schema));
        self.parameters.push(parameter.build());
        self
    }

    /// Takes a name for the attempt, so that it can be repeated without being made twice. After
    /// the answers are told: this one says more about the one that `status` stands for.
    pub(super) fn repeats(mut self, status: u16) -> Self {
        let name = ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(KEY_CHARS))
            .pattern(Some("^[!-~]([ -~]*[!-~])?$"))
            .build();
        let parameter = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(
                "The client's name for this attempt. For 24 hours at least, the same name with \
                 the same body is carried out once.",
            ))
            .schema(Some(name))
            .example(Some("a3f5c1d2-order-1".into()));
        self.parameters.push(parameter.build());
        let text = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["true"]));
        let replayed = HeaderBuilder::new()
            .schema(Some(text))
            .description(Some("The attempt was made before, and this is what became of it."))
            .build();
        if let Some((_, answer)) = self.answers.iter_mut().find(|(other, _)| *other == status) {
            answer.headers.insert("Idempotent-Replayed".to_owned(), RefOr::T(replayed));
        }
        self.refuses(422, "The same name was given to another attempt.", &["Problem"])
    }

    /// Takes a body.
    pub(super) fn takes(self, body: impl Into<RefOr<Schema>>, example: Value) -> Self {
        let body = body.into();
        let mut operation = self
            .refuses(400, "It says what is wrong.", &["Faults", "Problem", "Detail"])
            .refuses(413, "The body is too large.", &["Detail"])
            .refuses(415, "The body is neither JSON nor a form.", &["Detail"]);
        operation.body = Some((body, example));
        operation
    }

    /// Answers an object of this shape.
    pub(super) fn shows(self, status: u16, shape: &str, example: Value) -> Self {
        let shown = response(shape, Ref::from_schema_name(shape), Some(example));
        self.answer(status, shown)
    }

    /// Answers an array of objects of this shape.
    pub(super) fn lists(self, shape: &str, example: Value) -> Self {
        let list = Array::new(Ref::from_schema_name(shape));
        self.answer(200, response("All of them, without pages.", list, Some(example)))
    }

    /// Refuses with a body of one of these shapes.
    pub(super) fn refuses(self, status: u16, why: &str, shapes: &[&str]) -> Self {
        let refusal = match shapes {
            [shape] => response(why, Ref::from_schema_name(*shape), None),
            shapes => {
                let any = shapes.iter().fold(AnyOfBuilder::new(), |any, shape| {
                    any.item(Ref::from_schema_name(*shape))
                });
                response(why, Schema::AnyOf(any.build()), None)
            }
        };
        self.answer(status, refusal)
    }

    /// As OpenAPI has it, under the heading `tag`.
    pub(super) fn build(self, tag: &str) -> utoipa::openapi::path::Operation {
        let mut operation = OperationBuilder::new()
            .operation_id(Some(self.id))
            .tag(tag)
            .summary(Some(self.summary))
            .description(self.description)
            .parameters(Some(self.parameters));
        if let Some((schema, example)) = self.body {
            let content = ContentBuilder::new().schema(Some(schema)).example(Some(example));
            // PATCH without a body is a change of nothing.
            let required = match self.method {
                HttpMethod::Patch => Required::False,
                _ => Required::True,
            };
            let body = RequestBodyBuilder::new().required(Some(required));
            operation = operation.request_body(Some(body.content(JSON, content.build()).build()));
        }
        for (status, response) in self.answers {
            operation = operation.response(status.to_string(), response);
        }
        operation.build()
    }

    fn finds_by_id(mut self) -> Self {
        let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
        let parameter = ParameterBuilder::new()
            .name(ID)
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some("Which one."))
            .schema(Some(number))
            .example(Some(1.into()));
        self.parameters.push(parameter.build());
        self.refuses(404, "There is none with this id.", &["Detail"])
    }

    /// A later answer replaces an earlier one of the same status.
    fn answer(mut self, status: u16, response: Response) -> Self {
        self.answers.retain(|(other, _)| *other != status);
        self.answers.push((status, response));
        self
    }
}

fn response(
    description: &str,
    schema: impl Into<RefOr<Schema>>,
    example: Option<Value>,
) -> Response {
    let content = ContentBuilder::new().schema(Some(schema)).example(example);
    ResponseBuilder::new().description(description).content(JSON, content.build()).build()
}
