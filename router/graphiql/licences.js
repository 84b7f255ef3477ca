import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

const packages = new Map();

// Remembers the packages that end up in a bundle. The page and each worker are bundles of their
// own, so one instance goes into each.
export function collectLicences() {
  return {
    name: "licences",
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        for (const id of Object.keys(chunk.modules ?? {})) {
          remember(packageOf(id.replace(/^\0/, "").replace(/\?.*$/, "")));
        }
      }
    },
  };
}

// All of them, with their licence texts.
export function licenceTexts() {
  // GraphiQL's style sheet contains two fonts, without their licences.
  for (const font of ["fira-code", "roboto"]) remember(packageOf(join("node_modules/@fontsource", font, "LICENSE")));
  return [...packages.keys()].sort().map((title) => {
    const { directory, license } = packages.get(title);
    const texts = readdirSync(directory)
      .filter((name) => /^(licen[cs]e|notice|thirdpartynotices)/i.test(name))
      .map((name) => readFileSync(join(directory, name), "utf8").trim());
    const text = texts.join("\n\n") || "The package has no licence file.";
    return `${"=".repeat(80)}\n${title} (${license ?? "see below"})\n\n${text}\n`;
  });
}

function remember(home) {
  if (home) packages.set(`${home.name} ${home.version}`, home);
}

function packageOf(file) {
  if (!file.includes("node_modules")) return undefined;
  for (let directory = dirname(file); directory.includes("node_modules"); directory = dirname(directory)) {
    const manifest = join(directory, "package.json");
    if (existsSync(manifest)) {
      const { name, version, license } = JSON.parse(readFileSync(manifest, "utf8"));
      // Some packages hold manifests without a name, for the module kind of a folder.
      if (name && version) return { name, version, license, directory };
    }
  }
  return undefined;
}
