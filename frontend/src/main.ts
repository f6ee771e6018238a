/** Starts the explorer: a server or files as the back end, the state of the address, the frame in the body. */

import "./styles/all.css";
import { http } from "./api";
import { app } from "./app";
import { el } from "./dom";
import { frame } from "./frame";
import { memory } from "./memory";
import { initial, store, type Theme } from "./state";
import { preferred } from "./words";

const remembered = memory.get("lang");
const lang = remembered === "pl" || remembered === "en" ? remembered : preferred(navigator.languages);
const wish = memory.get("theme");
const theme: Theme = wish === "light" || wish === "dark" ? wish : "auto";

const live = el("div", { class: "unseen", "aria-live": "polite", role: "status", id: "said" });
document.body.append(live);
const say = (text: string): void => {
  live.textContent = "";
  setTimeout(() => { live.textContent = text; }, 30);
};

/** Starts once the back end is there; the module itself must not wait for what is built from it. */
async function start(): Promise<void> {
  const folder = document.querySelector<HTMLMetaElement>('meta[name="kgraph-files"]')?.content;
  const source = folder ? (await import("./offline/source")).files(folder) : http();
  if (document.documentElement.hasAttribute("data-edited")) (await import("./inbox/token")).takeToken(window);
  const explorer = app(source, store(window, initial(lang, theme)), say);
  explorer.source.schema()
    .then(({ classes, properties }) => explorer.dictionary.learnThings([...classes, ...properties]), () => undefined);
  frame(explorer, document.body);
  const footer = document.querySelector("body > footer");
  if (footer && document.documentElement.hasAttribute("data-watched")) {
    (await import("./views/problems")).watch(explorer, footer);
  }
}

void start();
