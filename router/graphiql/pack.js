// Writes the built page to ../assets/graphiql, compressed, with a table of what is there for
// the router to include.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { constants, gzipSync } from "node:zlib";

const from = "dist";
const to = "../assets/graphiql";
const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".txt": "text/plain; charset=utf-8",
  ".woff2": "font/woff2",
};

rmSync(to, { recursive: true, force: true });
const files = readdirSync(from, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(from, join(entry.parentPath, entry.name)))
  .sort();
const rows = files.map((file) => {
  const type = types[extname(file)];
  if (!type) throw new Error(`no content type is known for ${file}`);
  const target = join(to, `${file}.gz`);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, gzipSync(readFileSync(join(from, file)), { level: constants.Z_BEST_COMPRESSION }));
  return `    ("${file}", "${type}", include_bytes!("${file}.gz")),\n`;
});
// The licences are for people too: not compressed.
writeFileSync(join(to, "LICENSES.txt"), readFileSync(join(from, "LICENSES.txt")));
writeFileSync(
  join(to, "files.rs"),
  `// Written by graphiql/pack.js: path under /graphiql/, content type, gzip.\n&[\n${rows.join("")}]\n`,
);
