/** The context of every view: back end, state, graph, labels, words, shared actions. */

import { BASE, GROUP, Refused, type Source } from "./api";
import { dictionary } from "./dictionary";
import { el } from "./dom";
import { exploration } from "./exploration";
import { modeOf } from "./look";
import type { Store } from "./state";
import { WORDS, type Words } from "./words";

export type App = ReturnType<typeof app>;

/** `say` announces a text to screen readers. */
export function app(source: Source, store: Store, say: (text: string) => void) {
  const names = dictionary();
  const explored = exploration(source, store, names);
  const words = (): Words => WORDS[store.get().lang];
  return {
    source,
    store,
    say,
    exploration: explored,
    dictionary: names,
    state: store.get,
    lang: () => store.get().lang,
    words,
    mode: () => modeOf(store.get().theme),
    /** The name of a term in the chosen language. */
    name: (iri: string) => (iri === RESOURCE ? words().otherKind : names.name(iri, store.get().lang)),
    /** Chooses a thing: its card opens, and the picture adds it. A group opens in the picture. */
    open(iri: string): void {
      if (iri.startsWith(GROUP)) {
        const nothing = { expanded: [], chain: null, thing: null, fact: null };
        store.step({ view: "network", start: { focus: iri }, ...nothing });
        return;
      }
      const { view, expanded } = store.get();
      const isNew = view === "network" && isThing(iri) && explored.isReady() && !explored.graph.hasNode(iri)
        && !explored.isLine(iri) && !expanded.includes(iri);
      store.step({ thing: iri, fact: null, ...(isNew ? { expanded: [...expanded, iri] } : {}) });
    },
    openFact: (fact: string) => store.step({ fact, thing: null }),
    /** An error in words, with a button to try again. */
    trouble(error: unknown, again: () => void): HTMLElement {
      const refused = error instanceof Refused ? error : new Refused("broken", String(error));
      return el("div", { class: "trouble", role: "alert" },
        el("p", {}, words().trouble[refused.code]),
        refused.detail && refused.code !== "unreachable"
          && el("p", { class: "soft" }, `${words().said} `, el("bdi", {}, refused.detail.slice(0, 600))),
        el("button", { onclick: again }, words().again),
      );
    },
  };
}

const RESOURCE = "http://www.w3.org/2000/01/rdf-schema#Resource";

/** Whether an IRI is below our base: only those have cards. */
export const isOurs = (iri: string): boolean => iri.startsWith(BASE);
/** Whether an IRI may be drawn: not a term of the ontology or a source. */
export const isThing = (iri: string): boolean =>
  isOurs(iri) && !iri.startsWith(`${BASE}ns#`) && !iri.startsWith(`${BASE}source/`);
