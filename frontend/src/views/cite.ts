/** The citation of an answer, to copy: a sentence, BibTeX, CSL-JSON. Only a server gives it, with the graph's hash. */

import type { App } from "../app";
import { type Child, el } from "../dom";
import { menu } from "./components";
import { loading } from "./loading";
import { copier } from "./share";

/** A menu with the citation of the answer to a question or query, which was given now. */
export function cite(app: App, about: Readonly<Record<string, string>>): Child {
  const { source } = app;
  if (!source.cite) return null;
  const { cite: words } = app.words();
  const asked = new Date().toISOString();
  const place = el("div", { class: "cited" });
  const show = loading(app, place);
  const ask = () => source.cite!({ ...about, asked, lang: app.lang() });
  const fill = (): void => void show(ask, ({ sentence, bibtex, csl }) => [
    part(app, "sentence", words.sentence, sentence),
    part(app, "bibtex", "BibTeX", bibtex),
    part(app, "csl", "CSL-JSON", JSON.stringify(csl, null, 1)),
  ]);
  return menu("cite", words.title, () => [place], "cite", fill);
}

/** One form of the citation with its button. */
function part(app: App, name: string, title: string, text: string): Child {
  const { cite: words } = app.words();
  const shown = el("pre", { id: `cite-${name}-text`, tabindex: "0", "aria-label": title }, text);
  const select = (): string => {
    getSelection()?.selectAllChildren(shown);
    return words.notCopied;
  };
  return el("section", {}, el("h3", {}, title), shown,
    copier(app, `cite-${name}`, words.copy, words.copied, () => text, select));
}
