/**
 * A plugin of Vite that has the page request early what it needs: the typeface, and by `public/ahead.js` the chunks and
 * the answers of the view in its address.
 */

import { basename } from "node:path";

const REGISTRY = /\/src\/views\/registry\.ts$/;

export const ahead = () => {
  /** The modules of the views. */
  let views = [];
  return {
    name: "ahead",
    apply: "build",
    buildEnd() {
      const registry = [...this.getModuleIds()].find((id) => REGISTRY.test(id));
      views = registry ? this.getModuleInfo(registry).dynamicallyImportedIds : [];
    },
    transformIndexHtml: {
      order: "post",
      handler: (html, { bundle }) => {
        const chunks = JSON.stringify(chunksOf(bundle, views)).replaceAll('"', "&quot;");
        const fonts = Object.keys(bundle).filter((file) => file.endsWith(".woff2"))
          .map((file) => `<link rel="preload" as="font" type="font/woff2" crossorigin href="./${file}">`);
        // before the style sheet, which scripts wait for
        const early = [`<script src="./ahead.js" data-chunks="${chunks}"></script>`, ...fonts, "<script"];
        return html.replace("<script", early.join("\n    "));
      },
    },
  };
};

/** The files of each view that the program does not have, by the name of the view. */
function chunksOf(bundle, views) {
  const chunks = Object.values(bundle).filter(({ type }) => type === "chunk");
  const known = new Set(chunks.filter(({ isEntry }) => isEntry).flatMap(({ fileName }) => within(bundle, fileName)));
  const found = chunks.filter(({ facadeModuleId }) => views.includes(facadeModuleId));
  return Object.fromEntries(found.map(({ facadeModuleId, fileName }) =>
    [basename(facadeModuleId, ".ts"), within(bundle, fileName).filter((file) => !known.has(file))]));
}

/** A chunk and all that it imports. */
function within(bundle, first) {
  const found = new Set([first]);
  for (const file of found) for (const other of bundle[file]?.imports ?? []) found.add(other);
  return [...found];
}
