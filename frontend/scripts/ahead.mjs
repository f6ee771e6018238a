/**
 * A plugin of Vite that has the page request early what it needs: the typeface, and by `public/ahead.js` the chunks and
 * the answers of the view in its address.
 */

const VIEW = /\/src\/views\/(?!card|chain|fact)(\w+)\.ts$/;

export const ahead = () => ({
  name: "ahead",
  apply: "build",
  transformIndexHtml: {
    order: "post",
    handler: (html, { bundle }) => {
      const chunks = JSON.stringify(chunksOf(bundle)).replaceAll('"', "&quot;");
      const fonts = Object.keys(bundle).filter((file) => file.endsWith(".woff2"))
        .map((file) => `<link rel="preload" as="font" type="font/woff2" crossorigin href="./${file}">`);
      // before the style sheet, which scripts wait for
      const early = [`<script src="./ahead.js" data-chunks="${chunks}"></script>`, ...fonts, "<script"];
      return html.replace("<script", early.join("\n    "));
    },
  },
});

/** The files of each view that the program does not have, by the name of the view. */
function chunksOf(bundle) {
  const chunks = Object.values(bundle).filter(({ type }) => type === "chunk");
  const known = new Set(chunks.filter(({ isEntry }) => isEntry).flatMap(({ fileName }) => within(bundle, fileName)));
  const views = chunks.flatMap(({ facadeModuleId, fileName }) => {
    const [, name] = VIEW.exec(facadeModuleId ?? "") ?? [];
    return name ? [[name, within(bundle, fileName).filter((file) => !known.has(file))]] : [];
  });
  return Object.fromEntries(views);
}

/** A chunk and all that it imports. */
function within(bundle, first) {
  const found = new Set([first]);
  for (const file of found) for (const other of bundle[file]?.imports ?? []) found.add(other);
  return [...found];
}
