// Runs each program against a shop of its own: node run.mjs PYTHON
//
// Each line is a client and how long it took. The first fault ends the run with status 1.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startAgora } from "../agora.mjs";

const LIMIT_MS = 120_000;
const python = process.argv[2];
const here = fileURLToPath(new URL(".", import.meta.url));
const programs = [
  ["graphql-ws", ["node", "graphql-ws.mjs"]],
  ["graphql-sse", ["node", "graphql-sse.mjs"]],
  ["urql", ["node", "urql.mjs"]],
  ["Apollo Client", ["node", "apollo-client.mjs"]],
  ["Relay", ["node", "relay/run.mjs"]],
  ["graphql-codegen", ["node", "codegen/run.mjs"]],
  ["graphql-inspector", ["node", "inspector.mjs"]],
  ["gql", [python, "gql_client.py"]],
  ["sgqlc", [python, "sgqlc_client.py"]],
  ["gateways", ["node", "gateways/run.mjs"]],
];

for (const [name, command] of programs) {
  const start = Date.now();
  const agora = await startAgora({ sampleData: true });
  const { code, output } = await run(command, { AGORA_GRAPHQL: agora.ready.graphql });
  await agora.stop();
  if (code !== 0) {
    console.error(`${name}: FAILED\n${output}\n${agora.output()}`);
    process.exit(1);
  }
  console.log(`${name.padEnd(18)} ok ${String(Date.now() - start).padStart(6)} ms`);
}

function run([program, ...args], environment) {
  return new Promise((done) => {
    let output = "";
    const env = { ...process.env, ...environment };
    const child = spawn(program, args, { cwd: here, env, stdio: ["ignore", "pipe", "pipe"] });
    const late = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
    child.on("close", (code, signal) => {
      clearTimeout(late);
      done({ code: signal ?? code, output });
    });
  });
}
