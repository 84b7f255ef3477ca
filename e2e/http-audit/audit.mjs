// Audits the router against the GraphQL over HTTP specification with the suite of `graphql-http`.
//
// Every MUST and SHOULD has to pass or to be listed, by its id and with the reason, in
// accepted.json (docs/decisions/graphql-over-http.md tells more); a listed one that passes is a
// mistake, too. A MAY that is not met is only printed.

import { readFileSync } from "node:fs";
import { serverAudits } from "graphql-http";
import { startAgora } from "../agora.mjs";

const accepted = JSON.parse(readFileSync(new URL("accepted.json", import.meta.url), "utf8"));

const agora = await startAgora();
const results = await runAudits(agora.ready.graphql);
await agora.stop();

const mistakes = [];
for (const { id, name, passed, reason } of results) {
  const optional = name.startsWith("MAY");
  const verdict = passed ? "met" : optional ? "not met" : id in accepted ? "accepted" : "FAILED";
  console.log(`${id}  ${verdict.padEnd(8)}  ${name}${passed ? "" : `\n                ${reason}`}`);
  if (verdict === "FAILED") mistakes.push(`${id} fails: ${name}: ${reason}`);
  if (passed && id in accepted) mistakes.push(`${id} is accepted as failing, but passes: unlist it`);
}
for (const id of Object.keys(accepted)) {
  if (!results.some((result) => result.id === id)) mistakes.push(`${id} is accepted, but no audit`);
}

const met = results.filter(({ passed }) => passed).length;
console.log(`\n${met} of ${results.length} audits are met.`);
if (mistakes.length > 0) {
  console.error(`\n${mistakes.join("\n")}\n\n--- agora\n${agora.output()}`);
  process.exitCode = 1;
}

async function runAudits(url) {
  const results = [];
  for (const audit of serverAudits({ url })) {
    const { id, name } = audit;
    try {
      const { status, reason } = await audit.fn();
      results.push({ id, name, passed: status === "ok", reason });
    } catch (error) {
      // The suite only judges answers; none at all, or one it cannot read, is thrown.
      results.push({ id, name, passed: false, reason: String(error.cause ?? error) });
    }
  }
  return results;
}
