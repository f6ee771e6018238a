/** The chain between two things: each step a fact with its evidence. */

import { Refused } from "../api";
import type { App } from "../app";
import { dayInWords } from "../dictionary";
import { datum, el, swap } from "../dom";
import { fetchLabels } from "../fetch-labels";
import { edgeKey, manner } from "../graph";
import { marks, quotes, sentence, thingLink, why } from "./components";
import { otherSides } from "./fact";

/** Fills `place` with the chain on the chosen day, or with an error. */
export async function showChain(app: App, place: HTMLElement, [from, to]: readonly [string, string]): Promise<void> {
  const words = app.words();
  const { day } = app.state();
  const isWanted = (): boolean => {
    const { day: now, chain, thing, fact } = app.state();
    return now === day && chain?.[0] === from && chain[1] === to && !thing && !fact;
  };
  const heading = el("h2", { tabindex: "-1" }, words.chain);
  const ends = (): HTMLElement => el("p", { class: "ends" }, thingLink(app, from), " → ", thingLink(app, to));
  const asOf = day && el("p", { class: "as-of" }, words.fill(words.chainOn, { day: dayInWords(day, words) }));
  try {
    const chain = await app.source.chain(from, to, day);
    if (!isWanted()) return;
    app.dictionary.learnAll(chain);
    swap(place,
      heading,
      ends(),
      asOf,
      el("p", { class: "soft" }, words.fill(words.chainLead, { n: chain.edges.length })),
      el("ol", { class: "steps" },
        chain.edges.map((edge) =>
          el("li", { class: "step" },
            sentence(app, edge.source, edge.predicate, { iri: edge.target }),
            el("p", { class: "marks" }, marks(app, edge)),
            quotes(app, edge.places),
            manner(edge) === "inferred" && why(app, edge.source, edge.predicate, { iri: edge.target }),
            otherSides(app, edge),
            el("button", { class: "small unseen-until-focus", onclick: () => app.openFact(edgeKey(edge)) }, words.fact),
          ),
        ),
      ),
    );
  } catch (error) {
    const isNone = error instanceof Refused && error.code === "missing";
    if (isNone) await fetchLabels(app, [from, to]).catch(() => undefined);
    if (!isWanted()) return;
    const none = words.fill(words.chainNone, { one: app.name(from), other: app.name(to) });
    swap(place, heading, ends(), asOf, isNone ? el("p", { role: "alert" }, datum(none))
      : app.trouble(error, () => void showChain(app, place, [from, to])));
  }
}
