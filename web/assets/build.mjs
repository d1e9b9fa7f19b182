// Builds the one stylesheet and the one script that the sites serve. See README.md.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { compile } from "sass";

const toolkit = "node_modules/nhsuk-frontend/dist/nhsuk";
const out = "../../src/wherry/web/components/static/wherry";
const notice = "/*! Built from nhsuk-frontend 10.6.1 (MIT): see nhsuk-frontend.txt */\n";

mkdirSync(`${out}/images`, { recursive: true });
const { css } = compile("source/wherry.scss", { loadPaths: ["node_modules"], style: "compressed", quietDeps: true });
writeFileSync(`${out}/wherry.css`, `${notice}${css.replace(/^\uFEFF/, "")}\n`);

// One file: a second module would be a second request, and hashed file names do not reach into imports.
const script = readFileSync(`${toolkit}/nhsuk-frontend.min.js`, "utf8").replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "");
writeFileSync(`${out}/wherry.js`, `${notice}${script}\n${readFileSync("source/wherry.mjs", "utf8")}`);

for (const icon of ["cross", "arrow-up", "arrow-down", "arrow-up-down"]) {
  cpSync(`${toolkit}/assets/images/nhsuk-icon-${icon}.svg`, `${out}/images/nhsuk-icon-${icon}.svg`);
}
cpSync("source/wherry.svg", `${out}/wherry.svg`);
cpSync("notices/nhsuk-frontend.txt", `${out}/nhsuk-frontend.txt`);
