// Opens Swagger UI on each port in Chromium: the port's own service is shown first, nothing is
// loaded from elsewhere, and "Try it out" gets an answer. Keeps a picture in target/swagger.png.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { checkout, startAgora } from "../agora.mjs";
import { launch, listen, TIMEOUT_MS } from "./chromium.mjs";

const PICTURE = join(checkout, "target/swagger.png");
/** What each port shows first: its title, and a path to try with a word of its answer. */
const PAGES = {
  user: ["Agora: Users", "/users/", "john_doe"],
  inventory: ["Agora: Inventory", "/api/inventory/", "reserved"],
  order: ["Agora: Orders", "/orders/", "1059.97"],
  product: ["Agora: Products", "/products/", "T-Shirt"],
};

mkdirSync(join(checkout, "target"), { recursive: true });
const agora = await startAgora({ sampleData: true });
const browser = await launch();
try {
  for (const [service, [title, path, word]] of Object.entries(PAGES)) {
    const page = await browser.newPage();
    const url = new URL("/swagger/", agora.ready.rest[service]);
    const complaints = await listen(page, url.origin);
    try {
      await visit(page, url, title);
      await tryOut(page, path, word);
    } catch (error) {
      throw new Error(`${url}: ${error.stack}\n--- the page says\n${complaints.join("\n")}`);
    } finally {
      // In any case: a picture is what helps most when this fails.
      await page.screenshot({ path: PICTURE });
    }
    assert.deepEqual(complaints, [], "the page complains, or loads from elsewhere");
    await page.close();
  }
  console.log(`Swagger UI answered on ${Object.keys(PAGES).length} ports: ${PICTURE}`);
} catch (error) {
  console.error(error.message, `\n--- agora\n${agora.output()}`);
  process.exitCode = 1;
} finally {
  await browser.close();
  await agora.stop();
}

async function visit(page, url, title) {
  await page.setViewport({ width: 1440, height: 1000 });
  page.setDefaultTimeout(TIMEOUT_MS);
  const answer = await page.goto(url.href, { waitUntil: "networkidle0" });
  assert.equal(answer.status(), 200, `${url} answers ${answer.status()}`);
  await page.waitForSelector(".opblock");
  const shown = await page.$eval(".info .title", (element) => element.textContent);
  assert.ok(shown.startsWith(title), `${shown} instead of ${title}`);
}

/** Executes the GET of `path` as a person does, and finds `word` in the answer shown. */
async function tryOut(page, path, word) {
  const block = await page.waitForSelector(`.opblock-get:has([data-path="${path}"])`);
  await (await block.waitForSelector(".opblock-summary-control")).click();
  await (await block.waitForSelector(".try-out__btn")).click();
  await (await block.waitForSelector(".execute")).click();
  await page.waitForFunction(
    (element, text) => {
      const live = element.querySelector(".live-responses-table");
      return live?.textContent.includes(text) && live.textContent.includes("200");
    },
    {},
    block,
    word,
  );
  await (await block.$(".responses-wrapper")).evaluate((element) => element.scrollIntoView());
}
