// The browser of the tests, and an ear for what its pages complain about.

import { existsSync } from "node:fs";
import puppeteer from "puppeteer-core";

const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** How long a page may take for anything. */
export const TIMEOUT_MS = 30_000;

/** Starts Chromium. */
export function launch() {
  return puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? BROWSERS.find(existsSync),
    // No sandbox, because tests may run as root; no traffic of the browser's own.
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage"].concat(
      ["--no-first-run", "--disable-background-networking", "--disable-component-update"],
      ["--disable-sync"],
    ),
  });
}

/** Collects errors of the page and requests that leave its origin. */
export async function listen(page, origin) {
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`console: ${message.text()}`);
  });
  page.on("requestfailed", (request) => {
    complaints.push(`failed: ${request.url()} ${request.failure()?.errorText}`);
  });
  const check = (text) => {
    const url = new URL(text);
    // What the page made itself; the origin of a blob is its maker's.
    if (url.protocol === "data:" || url.origin === origin) return;
    if (url.origin === origin.replace("http", "ws") || url.protocol === "chrome-extension:") return;
    complaints.push(`leaves ${origin}: ${text}`);
  };
  page.on("request", (request) => check(request.url()));
  const devtools = await page.createCDPSession();
  await devtools.send("Network.enable");
  devtools.on("Network.webSocketCreated", ({ url }) => check(url));
  return complaints;
}
