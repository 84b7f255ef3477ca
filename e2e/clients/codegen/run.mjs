// graphql-codegen: types that compile, the same from the file and from the router, and a manifest that
// a router executes without anything else.

import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { generate } from "@graphql-codegen/cli";
import { startAgora } from "../../agora.mjs";
import { order, url } from "../agora.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const generated = `${here}generated/`;
const types = async (schema) => {
  rmSync(generated, { recursive: true, force: true });
  await generate({
    schema,
    documents: `${here}shop.ts`,
    silent: true,
    generates: {
      [generated]: { preset: "client", presetConfig: { persistedDocuments: true } },
    },
  });
  return readFileSync(`${generated}graphql.ts`, "utf8");
};
// Descriptions apart, which comments carry.
const plain = (text) => text.replace(/\/\*\*[\s\S]*?\*\//g, "").replace(/\s+/g, " ");
const introspected = await types(url);
assert.equal(plain(introspected), plain(await types(`${here}../../../schema/api.graphql`)));
execFileSync(`${here}../node_modules/.bin/tsc`, ["-p", here], { stdio: "inherit" });

const manifestFile = `${generated}persisted-documents.json`;
const manifest = JSON.parse(readFileSync(manifestFile, "utf8"));
const id = (name) => Object.keys(manifest).find((key) => manifest[key].includes(name));
const agora = await startAgora({
  sampleData: true,
  flags: ["--trusted-documents", manifestFile, "--trusted-documents-only"],
});
const post = async (body) => {
  const headers = { "content-type": "application/json" };
  const response = await fetch(agora.ready.graphql, { method: "POST", headers, body: JSON.stringify(body) });
  return response.json();
};
const product = await post({ documentId: id("ShopProduct"), variables: { id: "1" } });
assert.equal(product.data.product.name, "iPhone 15");
const placed = await post({ documentId: `sha256:${id("ShopPlace")}`, variables: order("1") });
assert.deepEqual(placed.data.placeOrder.userErrors, []);
const refused = await post({ query: "{ product(id: 1) { name } }" });
assert.equal(refused.errors[0].extensions.code, "TRUSTED_DOCUMENT_REQUIRED");
await agora.stop();
