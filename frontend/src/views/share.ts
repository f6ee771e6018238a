/** Sharing of the present view: its link, and the HTML that embeds it in another page. */

import type { App } from "../app";
import { type Child, el } from "../dom";
import { toHash } from "../state";
import { menu } from "./components";

const SAID = 2500;
const HEIGHT = 600;

/** A button that copies the link, and a menu with the HTML to embed. `before` updates the address. */
export function share(app: App, before: () => void = () => undefined): Child {
  if (app.state().embedded) return null;
  const words = app.words();
  const link = (): string => {
    before();
    return location.href;
  };
  return [copier(app, "share", words.share, words.shared, link, () => words.notShared), embed(app, before)];
}

/** A button that copies a text and says so; `otherwise` gives the message where copying is forbidden. */
export function copier(app: App, id: string, title: string, done: string, text: () => string,
    otherwise: () => string): HTMLElement {
  const button = el("button", { id, onclick: () => void copy() }, title);
  async function copy(): Promise<void> {
    const isCopied = await navigator.clipboard?.writeText(text()).then(() => true, () => false);
    const said = isCopied ? done : otherwise();
    app.say(said);
    button.textContent = isCopied ? `✓ ${said}` : said;
    setTimeout(() => { button.textContent = title; }, SAID);
  }
  return button;
}

function embed(app: App, before: () => void): HTMLElement {
  const { embed: words } = app.words();
  const code = el("textarea",
    { id: "embed-code", readonly: true, rows: 5, spellcheck: "false", onfocus: () => code.select() });
  const select = (): string => {
    code.select();
    return words.notCopied;
  };
  const fill = (): void => {
    before();
    code.value = frame(app);
  };
  return menu("embed", words.title, () => [
    el("p", {}, words.lead),
    el("label", { class: "unseen", for: "embed-code" }, words.code), code,
    copier(app, "embed-copy", words.copy, words.copied, () => code.value, select),
  ], "embed", fill);
}

/** The HTML that embeds the present view, in its language and look. */
function frame(app: App): string {
  const address = new URL(toHash({ ...app.state(), embedded: true }), location.href).href;
  const [src, title] = [escaped(address), escaped(document.title)];
  return `<iframe src="${src}" title="${title}" width="100%" height="${HEIGHT}" `
    + 'style="border: 0" loading="lazy"></iframe>';
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
