import react from "@vitejs/plugin-react";
import { writeFileSync } from "node:fs";
import { defineConfig } from "vite";
import { collectLicences, licenceTexts } from "./licences.js";

const writeLicences = {
  name: "write-licences",
  closeBundle: () => writeFileSync("dist/LICENSES.txt", licenceTexts().join("\n")),
};

export default defineConfig({
  base: "/graphiql/",
  plugins: [react(), collectLicences(), writeLicences],
  // The editor's workers are files of their own: the page's security policy allows no other kind.
  worker: { format: "es", plugins: () => [collectLicences()] },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 5000,
    rolldownOptions: { onLog: (level, log, report) => log.code === "MODULE_LEVEL_DIRECTIVE" || report(level, log) },
  },
});
