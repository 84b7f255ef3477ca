// Starts the built `agora` for a script, on free ports and in a directory of its own.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** The root of the checkout. */
export const checkout = resolve(fileURLToPath(import.meta.url), "../..");

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 20;

/** Starts Agora, with more flags and environment variables; answers its ready file, what it wrote, and a way to stop it. */
export async function startAgora({ sampleData = false, flags = [], variables = {} } = {}) {
  const binary = findBinary();
  const directory = mkdtempSync(join(tmpdir(), "agora-"));
  const readyFile = join(directory, "ready.json");
  const logFile = join(directory, "log");
  const log = openSync(logFile, "a");
  const child = spawn(
    binary,
    [
      ...["serve", "--port", "0", "--rest-ports", "0,0,0,0"],
      ...["--data-dir", join(directory, "data"), "--ready-file", readyFile],
      sampleData ? "--sample-data" : "--no-sample-data",
      ...flags,
    ],
    { cwd: directory, env: { ...environment(), ...variables }, stdio: ["ignore", log, log] },
  );
  let ended;
  const end = new Promise((settle) => {
    child.on("error", (error) => settle((ended = error.message)));
    child.on("exit", (code, signal) => settle((ended = `ended with ${signal ?? `status ${code}`}`)));
  });
  process.setMaxListeners(0);
  // However the script ends, the server and its directory go with it.
  process.on("exit", () => {
    child.kill("SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  });
  const output = () => readFileSync(logFile, "utf8");
  const ready = await whenReady(readyFile, () => ended, output);
  const stop = async () => {
    child.kill("SIGKILL");
    await end;
  };
  return { ready, output, stop };
}

async function whenReady(file, ended, output) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      return JSON.parse(readFileSync(file, "utf8"));
    } catch {
      // Not there, or not yet whole.
    }
    const why = ended() ?? (Date.now() > deadline ? `not ready after ${START_TIMEOUT_MS} ms` : null);
    if (why) throw new Error(`agora: ${why}\n${output()}`);
    await pause(POLL_MS);
  }
}

function findBinary() {
  const target = resolve(checkout, process.env.CARGO_TARGET_DIR ?? "target");
  const binary = process.env.AGORA_BIN ?? join(target, "debug/agora");
  if (!existsSync(binary)) throw new Error(`${binary} is missing: run cargo build -p agora`);
  return resolve(binary);
}

/** Our own environment without what would configure Agora. */
function environment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith("AGORA_")),
  );
}
