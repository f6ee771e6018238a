/** The search of the header: things, prepared questions, passages of sources and facts, each with what opens it. */

import "../styles/search.css";
import { html, nothing } from "lit-html";
import { folds } from "../../../kgraph/base/palette.json";
import { type FoundQuestion, type Hits, type Passage, pathOf, type Question, type Triple } from "../api";
import type { App } from "../app";
import { called } from "../dictionary";
import { datum } from "../dom";
import { fold } from "../fold";
import { edgeKey } from "../graph";
import { iriOf } from "../parameters";
import { sign } from "./components";
import { byKind, type Choice, searchBox, thing } from "./search";

/** The most things that are listed when something else is found too. */
const BESIDE = 8;
const LONGEST = 150;
/** The relations of things that are drawn as lines. */
const FOLDED = new Set(Object.values(folds).flatMap(({ hub, partners }) => [hub, ...partners]));
const SOURCE = "https://w3id.org/sekg/ns#Source";

/** The search field of the header. */
export const searchAll = (app: App) => searchBox(app, "search", app.words().search, {
  look: async (text, most, signal) => choices(app, await app.source.search(text, most, signal), text),
  none: (text) => app.words().fill(app.words().nothingFound, { text }),
});

async function choices(app: App, hits: Hits, text: string): Promise<Choice[]> {
  const { found, passages, facts, names } = hits;
  app.dictionary.learn(names);
  const [{ questions }, { prefixes }] = hits.questions.length
    ? await Promise.all([app.source.questions(), app.source.schema()]) : [{ questions: [] }, { prefixes: {} }];
  const asked = hits.questions.flatMap((one) => {
    const known = questions.find(({ name }) => name === one.name);
    return known ? [question(app, known, one, prefixes)] : [];
  });
  const beside = [...facts.map((one) => fact(app, one)), ...passages.map((one) => passage(app, one))];
  const things = byKind(beside.length || asked.length ? found.slice(0, BESIDE) : found)
    .map((one) => thing(app, one, app.open));
  // several words that fit a question are most likely one
  return /\s/.test(text) ? [...asked, ...things, ...beside] : [...things, ...asked, ...beside];
}

function question(app: App, { title }: Question, { name, values }: FoundQuestion,
    prefixes: Readonly<Record<string, string>>): Choice {
  const params = Object.fromEntries(Object.entries(values).map(([key, value]) => [`with-${key}`, value]));
  const about = Object.values(values).map((value) => app.name(iriOf(value, prefixes) ?? value)).join(", ");
  return {
    heading: () => app.words().searchGroups.questions,
    shown: () => html`<span class="asks" aria-hidden="true">?</span><span>${datum(called(title, app.lang()) ?? name)}${
      about ? html`<span class="soft beside">${datum(about, LONGEST)}</span>` : nothing}</span>`,
    take: () => app.store.step({ view: "questions", thing: null, fact: null, params: { question: name, ...params } }),
  };
}

function passage(app: App, { source, words }: Passage): Choice {
  return {
    heading: () => app.words().searchGroups.passages,
    shown: (typed) => html`${sign(SOURCE)}<span><q class=${/^[„“"].*[”“"]$/.test(words) ? "bare" : nothing}
      lang="pl">${marked(words, typed)}</q><span class="soft beside">${datum(app.name(source), LONGEST)}</span></span>`,
    take: () => void window.open(pageAt(app, source, words), "_blank", "noopener"),
  };
}

/** The page of a source at some of its words (https://wicg.github.io/scroll-to-text-fragment/). */
function pageAt(app: App, source: string, words: string): string {
  const address = `page/${pathOf(source)}${app.lang() === "pl" ? ".pl" : ""}.html`;
  const text = words.split("…")[0]!.trim().slice(0, 300);
  return new URL(`${address}#:~:text=${encodeURIComponent(text).replace(/-/g, "%2D")}`, document.baseURI).href;
}

function fact(app: App, { subject, predicate, object }: Triple): Choice {
  return {
    heading: () => app.words().searchGroups.facts,
    shown: () => html`<span class="line" aria-hidden="true">—</span><span>${datum(app.name(subject), LONGEST)} · <span
      class="soft">${app.name(predicate)}:</span> ${datum(app.name(object), LONGEST)}</span>`,
    take() {
      const key = edgeKey({ source: subject, predicate, target: object });
      const { expanded } = app.state();
      // a thing that is drawn as a line is drawn as a mark once it is expanded
      const ends = app.exploration.graph.hasEdge(key) ? [] : FOLDED.has(predicate) ? [subject, object] : [subject];
      app.store.step({ view: "network", params: {}, thing: null, chain: null, fact: key,
        expanded: [...new Set([...expanded, ...ends])] });
    },
  };
}

/** Words with those marked that begin like a typed one; the endings of Polish words differ. */
function marked(words: string, typed: string): unknown[] {
  const begun = fold(typed).split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2)
    .map((word) => word.slice(0, Math.max(3, word.length - 2)));
  const shown = words.length > LONGEST ? excerpt(words, begun) : words;
  return shown.split(/([\p{L}\p{N}]+)/u).map((part) =>
    (begun.some((word) => fold(part).startsWith(word)) ? html`<mark>${part}</mark>` : part));
}

/** The part of long words around the first that is marked. */
function excerpt(words: string, begun: readonly string[]): string {
  const parts = [...words.matchAll(/[\p{L}\p{N}]+/gu)];
  const first = parts.find(([part]) => begun.some((word) => fold(part).startsWith(word)))?.index ?? 0;
  const from = Math.max(0, first - LONGEST / 3);
  return `${from ? "…" : ""}${words.slice(from, from + LONGEST)}${from + LONGEST < words.length ? "…" : ""}`;
}
