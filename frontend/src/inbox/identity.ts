/** The work on identity: two things side by side, each fact with its quotes or cells, and whether they are one. */

import { BASE, type Card, type Labels, type Place, Refused } from "../api";
import type { App } from "../app";
import { called, ending } from "../dictionary";
import { type Child, datum, el } from "../dom";
import { cardLink, evidence, termShown } from "../views/components";
import { inboxWords } from "../words/inbox";
import { type Field, fields, marked, namesCompared, namesOf, type Value } from "./compare";
import { type How, panes, type Row } from "./panes";
import type { Item } from "./session";
import type { Work } from "./work";

const AT_FIRST = 6;

interface Reason {
  field: string;
  verdict: "equal" | "alike" | "different" | "unknown";
  words: Labels;
  /** The passages behind both sides, where the server knows them. */
  one?: Place[];
  other?: Place[];
}

export interface Pair extends Item {
  one: string;
  other: string;
  score: number | null;
  isSure: boolean;
  facts: number;
  reasons: Reason[];
}

const SIGNS: Record<Reason["verdict"], string> = { equal: "=", alike: "≈", different: "≠", unknown: "?" };
const HOW: Record<Reason["verdict"], How> =
  { equal: "equal", alike: "partly", different: "different", unknown: "only" };

/** The address of a CURIE of ours, or in angle brackets. */
export const addressOf = (text: string): string =>
  (text.startsWith("<") ? text.slice(1, -1) : text.replace(/^id:/, `${BASE}id/`));

/** A pair by its name alone, which the graph does not compare any more. */
export function pairOf(id: string): Pair {
  const [one = "", other = ""] = id.split(" ").map(addressOf);
  return { id, one, other, score: null, isSure: false, facts: 0, reasons: [] };
}

/** A pair means the same in either order. */
export const keyOf = (id: string): string => id.split(" ").sort().join(" ");

export const identity: Work<Pair> = {
  queue: "identity",
  verdicts: ["same", "different", "undecided"],
  later: "undecided",
  key: keyOf,
  item: pairOf,
  title: (lang) => inboxWords(lang).title,
  ask: (lang) => inboxWords(lang).ask,
  sides: (app, id) => {
    const { one, other } = pairOf(id);
    return [app.name(one), app.name(other)];
  },
  about,
  why: ({ reasons }) => Object.fromEntries((["pl", "en"] as const)
    .map((lang) => [lang, reasons.map(({ words }) => words[lang]).filter(Boolean).join("; ")])),
  load: async (app, pair) => {
    const [one, other] = await Promise.all([cardOf(app, pair.one), cardOf(app, pair.other)]);
    for (const card of [one, other]) if (card) app.dictionary.learn(card.names);
    return (shown) => drawn(shown, pair, one, other);
  },
};

/** The card of a thing; null for one of which the graph says nothing. */
const cardOf = (app: App, iri: string): Promise<Card | null> => app.source.card(iri, null)
  .catch((error: unknown) => {
    if (error instanceof Refused && error.code === "missing") return null;
    throw error;
  });

function about(app: App, { score, isSure, facts, reasons }: Pair): Child {
  const words = inboxWords(app.lang());
  const { fill, locale } = app.words();
  return score !== null && el("div", { class: "about" },
    el("p", { class: "soft" }, fill(words.score, { score: score.toLocaleString(locale, { minimumFractionDigits: 2 }) }),
      isSure && [" ", el("span", { class: "chip state" }, words.suggested)],
      ` · ${fill(words.factsTogether, { n: facts })}`),
    el("ul", { class: "reasons" }, reasons.map(({ verdict, words: said }) =>
      el("li", { class: `chip ${verdict}` }, `${SIGNS[verdict]} ${called(said, app.lang()) ?? ""}`))));
}

function drawn(app: App, pair: Pair, one: Card | null, other: Card | null): Child {
  const words = inboxWords(app.lang());
  const heads: [Child, Child] = [head(app, pair.one, one, words.staysAddress),
    head(app, pair.other, other, words.otherAddress)];
  return panes(app, heads, one && other ? [
    { title: words.reasonRows, rows: reasonRows(app, pair.reasons, one, other) },
    { title: words.factRows, rows: rows(app, one, other) },
  ] : []);
}

function head(app: App, iri: string, card: Card | null, address: string): Child {
  if (!card) return [datum(ending(iri)), el("p", { class: "gone" }, inboxWords(app.lang()).gone)];
  return [el("a", cardLink(app, iri), datum(called(card.labels, app.lang()) ?? ending(iri))),
    el("p", { class: "soft" }, el("code", {}, card.curie), ` – ${address}`)];
}

/** The reasons with passages: the words or cells of both sides. */
function reasonRows(app: App, reasons: readonly Reason[], one: Card, other: Card): Row[] {
  const shown = reasons.filter((reason) => reason.one?.length || reason.other?.length);
  return shown.map((reason) => ({ label: called(reason.words, app.lang()) ?? "", how: HOW[reason.verdict],
    one: opened(app, reason.one ?? [], one), other: opened(app, reason.other ?? [], other) }));
}

/** Open evidence; nothing without any. */
function opened(app: App, places: readonly Place[], { origins }: Card): Child {
  return places.length > 0 && unfolded(el("div", {}, evidence(app, places, origins)));
}

function unfolded(proofs: HTMLElement): HTMLElement {
  for (const proof of proofs.querySelectorAll("details")) proof.open = true;
  return proofs;
}

function rows(app: App, one: Card, other: Card): Row[] {
  const names = [namesOf(one), namesOf(other)] as const;
  const first: Row = { label: inboxWords(app.lang()).nameField, how: namesCompared(...names),
    one: named(names[0], names[1]), other: named(names[1], names[0]) };
  return [first, ...fields(one, other).map((field) => row(app, field, one, other))];
}

/** Names, with a mark on each word that no name of the other side has. */
const named = (names: readonly string[], others: readonly string[]): Child => el("ul", { class: "names" },
  names.map((name) => el("li", {}, el("bdi", {},
    marked(name, others).map(({ text, isShared }) => (isShared ? text : el("mark", {}, text)))))));

function row(app: App, field: Field, one: Card, other: Card): Row {
  const { labels, predicate, how } = field;
  const isOpen = how !== "only";
  return { label: called(labels, app.lang()) ?? app.name(predicate), how,
    one: values(app, field.one, one, isOpen), other: values(app, field.other, other, isOpen) };
}

/** The values of one side with their evidence, which is open where both sides say something. */
function values(app: App, found: readonly Value[], { origins }: Card, isOpen: boolean): Child {
  const more = found.length - AT_FIRST;
  const item = ({ term, places, isShared }: Value): HTMLElement => {
    const proofs = el("div", {}, evidence(app, places, origins));
    return el("li", {}, isShared || !isOpen ? termShown(app, term) : el("mark", {}, termShown(app, term)),
      isOpen ? unfolded(proofs) : proofs);
  };
  return found.length > 0 && el("ul", { class: "values" }, found.slice(0, AT_FIRST).map(item),
    more > 0 && el("li", { class: "soft" }, app.words().fill(app.words().andMore, { n: more })));
}
