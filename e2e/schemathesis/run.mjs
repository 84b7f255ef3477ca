// Runs schemathesis over each service's OpenAPI document, with what schemathesis.toml says: node
// run.mjs PATH_OF_SCHEMATHESIS. The document of everything holds the same operations, so of that
// one only the examples are tried.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startAgora } from "../agora.mjs";

const CONFIG = new URL("schemathesis.toml", import.meta.url).pathname;
const TIMEOUT_MS = 15 * 60_000;
/** At the same time, each with a shop of its own. */
const PARALLEL = 2;
/** The longest runs first. */
const RUNS = [
  ["openapi/product.json"],
  ["openapi/user.json"],
  ["openapi/order.json"],
  ["openapi/inventory.json"],
  ["openapi.json", "--phases", "examples"],
];

const [program] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), "schemathesis-"));
process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
const waiting = [...RUNS];
await Promise.all(
  Array.from({ length: PARALLEL }, async () => {
    for (let run = waiting.shift(); run; run = waiting.shift()) await judge(...run);
  }),
);

async function judge(document, ...options) {
  const agora = await startAgora({ sampleData: true });
  const url = new URL(document, agora.ready.rest.user);
  const { status, output } = await schemathesis("run", url.href, ...options);
  await agora.stop();
  const cases = /Test cases:\s+(.*)/.exec(output)?.[1];
  console.log(`${document}: ${cases ?? "no test cases"}`);
  if (status === 0 && cases) return;
  console.error(`${output}\n--- agora\n${agora.output()}`);
  process.exitCode = 1;
}

function schemathesis(...options) {
  return new Promise((settle, fail) => {
    const child = spawn(program, ["--config-file", CONFIG, ...options], {
      // It keeps what it learns in the directory that it is started in.
      cwd: directory,
      timeout: TIMEOUT_MS,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
    child.on("error", fail);
    child.on("close", (status) => settle({ status, output }));
  });
}
