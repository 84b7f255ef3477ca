// Runs docs/agora.postman_collection.json against an Agora with sample data, twice: what it
// creates it deletes again, and nothing in it depends on what was there before.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import newman from "newman";
import { checkout, startAgora } from "../agora.mjs";

const COLLECTION = join(checkout, "docs/agora.postman_collection.json");
const RUNS = 2;

const collection = JSON.parse(readFileSync(COLLECTION, "utf8"));
const agora = await startAgora({ sampleData: true });
const complaints = missing(collection);
let assertions = 0;
try {
  for (let run = 0; run < RUNS; run += 1) {
    const summary = await play(collection, agora.ready.rest);
    assertions += summary.run.stats.assertions.total;
    for (const { source, error } of summary.run.failures) {
      complaints.push(`${source?.name ?? "the collection"}: ${error.test ?? ""} ${error.message}`);
    }
  }
} finally {
  await agora.stop();
}
if (assertions === 0) complaints.push("nothing was asserted");
console.log(`${assertions} assertions in ${RUNS} runs, ${complaints.length} complaints.`);
if (complaints.length > 0) {
  console.error(`${complaints.join("\n")}\n\n--- agora\n${agora.output()}`);
  process.exitCode = 1;
}

function play(collection, rest) {
  const envVar = Object.entries(rest).map(([name, value]) => ({ key: `${name}Url`, value }));
  return new Promise((settle, fail) => {
    newman.run({ collection, envVar, reporters: [], timeoutRequest: 30_000 }, (error, summary) =>
      error ? fail(error) : settle(summary),
    );
  });
}

/** Requests without an assertion, and those without an example of their answer. */
function missing(collection) {
  const requests = collection.item.flatMap((folder) => folder.item);
  const without = (what, test) =>
    requests.filter((request) => !test(request)).map(({ name }) => `${name} has no ${what}`);
  return [
    ...without("assertion", (request) => request.event.some(({ listen }) => listen === "test")),
    ...without("example", (request) => request.response.length > 0),
  ];
}
