// graphql-inspector: the schema that the router shows is the one in the repository, and operations fit it.

import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { diff, validate } from "@graphql-inspector/core";
import { Source, buildClientSchema, buildSchema, getIntrospectionQuery } from "graphql";
import { MOVE, PLACE, WATCH, send } from "./agora.mjs";

const introspected = buildClientSchema((await send(getIntrospectionQuery())).data);
const committed = buildSchema(readFileSync(new URL("../../schema/api.graphql", import.meta.url), "utf8"));
const changes = await diff(committed, introspected);
assert.deepEqual(changes.map(({ message }) => message), []);

const sources = [PLACE, MOVE, WATCH].map((text, index) => new Source(text, `${index}.graphql`));
assert.deepEqual(validate(introspected, sources), []);
assert.equal(validate(introspected, [new Source("{ product { nothing } }", "wrong.graphql")]).length, 1);
