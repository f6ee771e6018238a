/** What every view is given: back end, state, graph, labels, words, and a few shared actions. */

import { BASE, type Lang, Refused, type Source } from "./api";
import { type Dictionary, dictionary } from "./dictionary";
import { el } from "./dom";
import { type Exploration, exploration } from "./exploration";
import { type Mode, modeOf } from "./look";
import type { State, Store } from "./state";
import { WORDS, type Words } from "./words";

export interface App {
  readonly source: Source;
  readonly store: Store;
  readonly exploration: Exploration;
  readonly dictionary: Dictionary;
  state(): State;
  lang(): Lang;
  words(): Words;
  mode(): Mode;
  /** The name of a term in the chosen language. */
  name(iri: string): string;
  /** Choose a thing: its card opens, and the picture takes it in. */
  open(iri: string): void;
  openFact(key: string): void;
  /** Announce a text to screen readers. */
  say(text: string): void;
  /** An error in words, with a button to try again. */
  trouble(error: unknown, again: () => void): HTMLElement;
}

export function app(source: Source, store: Store, say: (text: string) => void): App {
  const names = dictionary();
  const explored = exploration(source, store, names);
  const words = (): Words => WORDS[store.get().lang];
  const made: App = {
    source,
    store,
    exploration: explored,
    dictionary: names,
    state: store.get,
    lang: () => store.get().lang,
    words,
    mode: () => modeOf(store.get().theme),
    name: (iri) => (iri === RESOURCE ? words().otherKind : names.name(iri, store.get().lang)),
    open(iri) {
      const { view, expanded } = store.get();
      const isNew = view === "network" && isThing(iri) && explored.isReady() && !explored.graph.hasNode(iri)
        && !expanded.includes(iri);
      store.step({ thing: iri, fact: null, ...(isNew ? { expanded: [...expanded, iri] } : {}) });
    },
    openFact: (key) => store.step({ fact: key, thing: null }),
    say,
    trouble(error, again) {
      const refused = error instanceof Refused ? error : new Refused("broken", String(error));
      const box = el("div", { class: "trouble", role: "alert" },
        el("p", {}, words().trouble[refused.reproach]),
        refused.detail && refused.reproach !== "unreachable"
          && el("p", { class: "soft" }, `${words().said} `, el("bdi", {}, refused.detail.slice(0, 600))),
        el("button", { onclick: again }, words().again),
      );
      return box;
    },
  };
  return made;
}

const RESOURCE = "http://www.w3.org/2000/01/rdf-schema#Resource";

/** Whether an IRI is one of ours: it has a card, other IRIs are addresses elsewhere. */
export const isOurs = (iri: string): boolean => iri.startsWith(BASE);
/** Whether it may be drawn: terms of the ontology and sources are not. */
export const isThing = (iri: string): boolean =>
  isOurs(iri) && !iri.startsWith(`${BASE}ns#`) && !iri.startsWith(`${BASE}source/`);
