// Opens GraphiQL in Chromium as a newcomer does: the page renders, nothing is loaded from
// elsewhere, the first tab's query runs and shows products. Keeps a picture in target/graphiql.png.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { checkout, startAgora } from "../agora.mjs";
import { launch, listen, TIMEOUT_MS } from "./chromium.mjs";

/** Operations that the page offers to try. */
const TABS = 4;
const PICTURE = join(checkout, "target/graphiql.png");

const agora = await startAgora({ sampleData: true });
const browser = await launch();
try {
  await visit(await browser.newPage(), new URL(agora.ready.graphiql));
  console.log(`GraphiQL rendered and ran its first query: ${PICTURE}`);
} catch (error) {
  console.error(error.message, `\n--- agora\n${agora.output()}`);
  process.exitCode = 1;
} finally {
  await browser.close();
  await agora.stop();
}

async function visit(page, url) {
  const complaints = await listen(page, url.origin);
  await page.setViewport({ width: 1440, height: 900 });
  page.setDefaultTimeout(TIMEOUT_MS);
  mkdirSync(join(checkout, "target"), { recursive: true });
  try {
    const answer = await page.goto(url.href, { waitUntil: "networkidle0" });
    assert.equal(answer.status(), 200, `${url} answers ${answer.status()}`);
    await page.waitForSelector("button.graphiql-execute-button");
    const tabs = await page.$$eval(".graphiql-tab", (found) => found.length);
    assert.ok(tabs >= TABS, `${tabs} tabs instead of ${TABS}`);
    await runQuery(page);
  } catch (error) {
    throw new Error(`${error.stack}\n--- the page says\n${complaints.join("\n")}`);
  } finally {
    // In any case: a picture is what helps most when this fails.
    await page.screenshot({ path: PICTURE });
  }
  assert.deepEqual(complaints, [], "the page complains, or loads from elsewhere");
}

/** Clicks the run button and finds the products of the answer in the result pane. */
async function runQuery(page) {
  const answering = page.waitForResponse((response) => {
    const sent = response.request().postData() ?? "";
    return sent.includes("products") && !sent.includes("__schema");
  });
  await page.click("button.graphiql-execute-button");
  const answer = await (await answering).json();
  assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
  const names = JSON.stringify(answer.data.products).match(/"name":"[^"]+"/g) ?? [];
  assert.ok(names.length > 0, `no products: ${JSON.stringify(answer.data)}`);
  const first = names[0].slice('"name":"'.length, -1);
  await page.waitForFunction(
    (text) => {
      const pane = document.querySelector(".graphiql-response");
      // The editor shows spaces as no-break spaces.
      return pane?.textContent.replaceAll("\u00a0", " ").includes(text);
    },
    {},
    first,
  );
}
