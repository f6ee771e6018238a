/**
 * The licences of the npm packages in the explorer, as plugins of Vite.
 *
 * The build writes `third-party-notices.txt` for people and `bundled.json` for the SBOM. It fails when a package has no
 * licence text, neither among its own files nor as `notices/NAME.txt`.
 */

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";

const LICENCE = /^(licen[sc]e|copying|notice)/i;
const PACKAGES = `${sep}node_modules${sep}`;

/** What the wheel contains of others beside npm packages. */
const OTHERS = ["notices/outline.txt", "../kgraph/publish/templates/picture-notices.txt"];

/** The prefixes of the modules that Vite and Rolldown add. */
const HELPERS = { "\0vite/": "vite", "\0rolldown/": "rolldown" };

const HEAD = `Third-party notices

kgraph's explorer contains the npm packages below. Their licences follow, then those of other people's work that comes
with kgraph: the outline of the voivodeships, and what a picture of a network contains.
`;

/** A plugin for the bundle, and one for the bundles of its workers, whose packages the first also lists. */
export function notices() {
  const packages = new Map();
  let root = "";
  const collect = (bundle) => {
    for (const id of Object.values(bundle).flatMap((output) => output.moduleIds ?? output.originalFileNames)) {
      const folder = folderOf(id, root);
      if (folder) packages.set(folder, described(folder, join(root, "notices")));
    }
  };
  const worker = () => ({ name: "notices-of-workers", generateBundle: (_, bundle) => collect(bundle) });
  const main = {
    name: "notices",
    apply: "build",
    configResolved: (config) => {
      root = config.root;
    },
    generateBundle(_, bundle) {
      collect(bundle);
      const found = [...packages.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
      const listed = found.map(({ text, ...known }) => known);
      this.emitFile({ type: "asset", fileName: "third-party-notices.txt", source: written(found, root) });
      this.emitFile({ type: "asset", fileName: "bundled.json", source: `${JSON.stringify(listed, null, 1)}\n` });
    },
  };
  return { main, worker };
}

/** The folder of the package that a module belongs to; none for our own modules. */
function folderOf(id, root) {
  const helper = Object.keys(HELPERS).find((prefix) => id.startsWith(prefix));
  if (helper) return join(root, "node_modules", HELPERS[helper]);
  const path = join(id.startsWith("node_modules") ? root : "", id.replace(/^\0/, "").replace(/\?.*$/, ""));
  const start = path.lastIndexOf(PACKAGES);
  if (start < 0) return undefined;
  const [scope, name] = path.slice(start + PACKAGES.length).split(sep);
  return join(path.slice(0, start + PACKAGES.length), scope, scope.startsWith("@") ? name : "");
}

/** Name, version, licence, dependencies and licence text of the package in a folder; an error without the text. */
export function described(folder, own) {
  const { name, version, license, dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const given = join(own, `${name.replace("/", "__")}.txt`);
  const text = (existsSync(given) ? [given] : licences(folder)).map((file) => readFileSync(file, "utf8").trim()).join("\n\n");
  if (!text) throw new Error(`${name} ${version} comes without a licence text; put it into frontend/notices/${name}.txt`);
  return { name, version, licence: license, dependencies: Object.keys(dependencies).sort(), text };
}

const licences = (folder) => readdirSync(folder).filter((name) => LICENCE.test(name)).sort()
  .map((name) => join(folder, name)).filter((file) => statSync(file).isFile());

const RULE = "=".repeat(80);

const written = (packages, root) => [
  HEAD,
  ...packages.map(({ name, version, licence, text }) => `${RULE}\n${name} ${version} (${licence})\n${RULE}\n\n${text}\n`),
  ...OTHERS.map((path) => `${RULE}\n${readFileSync(join(root, path), "utf8").trim()}\n`),
].join("\n").replace(/\r\n?/g, "\n");
