// Composes the committed subgraphs with The Guild's composer and compares the API that comes out
// with the committed schema/api.graphql. The two composers share no code: where they agree, a
// mistake of ours would have to be one of theirs too.
//
//   node agree.mjs [project root]

import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import {
  composeServices,
  compositionHasErrors,
  transformSupergraphToPublicSchema,
} from "@theguild/federation-composition";
import { buildASTSchema, buildSchema, lexicographicSortSchema, parse, printSchema } from "graphql";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(process.argv[2] ?? join(here, "../../.."));
const subgraphs = ["user", "product", "inventory", "order"];

function read(name) {
  return readFileSync(join(root, "schema", `${name}.graphql`), "utf8");
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

/** What both composers say of a schema, in one order and with one layout. */
function lines(schema) {
  return printSchema(lexicographicSortSchema(schema)).split("\n");
}

/** Lines of one that the other lacks, each with the definition that it stands in. */
function missing(from, of) {
  const placed = (text) => {
    let definition = "";
    return text.map((line) => {
      if (/^\w/.test(line)) definition = line.replace(/ \{$/, "");
      return line.startsWith(" ") ? `${definition}: ${line.trim()}` : line;
    });
  };
  const known = new Set(placed(from));
  return placed(of).filter((line) => line.trim() !== "" && !known.has(line));
}

const services = subgraphs.map((name) => ({
  name,
  url: `http://${name}/graphql`,
  typeDefs: parse(read(name)),
}));
const composed = composeServices(services);
if (compositionHasErrors(composed)) {
  const errors = composed.errors.map((error) => `  ${error.message}`);
  fail(`The Guild's composer refuses the subgraphs:\n${errors.join("\n")}`);
}
const theirs = lines(buildASTSchema(transformSupergraphToPublicSchema(parse(composed.supergraphSdl))));
const ours = lines(buildSchema(read("api")));

const differences = [
  ...missing(theirs, ours).map((line) => `  only ours:   ${line}`),
  ...missing(ours, theirs).map((line) => `  only theirs: ${line}`),
];
if (differences.length > 0) {
  fail(`The composers disagree about schema/api.graphql:\n${differences.join("\n")}`);
}
console.log(`The Guild's composer agrees: ${ours.length} lines of API.`);
