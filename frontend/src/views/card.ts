/** The card of a thing: names, kind, facts by relation with their evidence, known unknowns, actions. */

import { type Answer, BASE, type Card, type Fact, type Group, pathOf, Refused, type Schema, type Term } from "../api";
import { type App, isOurs, isThing } from "../app";
import { called, dayInWords, ending, isIri } from "../dictionary";
import { type Child, datum, el, swap } from "../dom";
import { manner } from "../graph";
import { pinButton } from "../network/pin";
import { type Manner, toHash } from "../state";
import {
  disclosure, marks, outerLink, quotes, sign, termShown, thingLink, why,
} from "./components";
import { searchField } from "./search";

const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const LABELS = new Set([
  "http://www.w3.org/2004/02/skos/core#prefLabel", "http://www.w3.org/2000/01/rdf-schema#label",
  "http://purl.org/dc/terms/title",
]);
/** Relations of minor interest, which come last. */
const LATER = new Set([
  "http://www.w3.org/2004/02/skos/core#altLabel", "https://w3id.org/sekg/ns#earliest",
  "https://w3id.org/sekg/ns#latest", "http://www.w3.org/ns/adms#identifier",
]);
const SHOWN_AT_FIRST = 8;

/** Fills `place` with the card of a thing on the chosen day, or with an error. */
export async function showCard(app: App, place: HTMLElement, iri: string): Promise<void> {
  const { day } = app.state();
  const isWanted = (): boolean => app.state().thing === iri && app.state().day === day;
  try {
    const [card, schema] = await Promise.all([
      app.source.card(iri, day),
      app.source.schema().catch((): Schema => ({ prefixes: {}, classes: [], properties: [] })),
    ]);
    if (!isWanted()) return;
    app.dictionary.learn(card.names);
    swap(place, drawn(app, card, schema));
  } catch (error) {
    if (!isWanted()) return;
    const words = app.words();
    const isUnknown = error instanceof Refused && error.code === "missing";
    const title = isUnknown ? words.fill(words.unknownThing, { iri: ending(iri).slice(0, 200) }) : words.card;
    swap(place,
      el("h2", { tabindex: "-1" }, title),
      isUnknown
        ? el("div", { class: "trouble", role: "alert" }, el("p", {}, words.trouble.missing),
          el("button", { onclick: () => document.getElementById("search")?.focus() }, words.search))
        : app.trouble(error, () => void showCard(app, place, iri)),
    );
  }
}

function drawn(app: App, card: Card, schema: Schema): Child[] {
  const words = app.words();
  const rank = ({ predicate }: Group): number => (LATER.has(predicate) ? 1 : 0);
  const groups = card.groups.filter(({ predicate }) => !LABELS.has(predicate) && predicate !== TYPE)
    .sort((one, other) => rank(one) - rank(other));
  const name = called(card.labels, app.lang()) ?? card.curie;
  const [lang, other] =
    Object.entries(card.labels).find(([language, label]) => language !== app.lang() && label !== name) ?? [];
  return [
    el("h2", { tabindex: "-1" }, datum(name)),
    other && el("p", { class: "also", lang }, datum(other)),
    kinds(app, card, schema),
    stateNow(app, card),
    leftOpen(app, card),
    actions(app, card),
    differences(app, card),
    section(app, card, groups, "stated", words.statedFacts),
    section(app, card, groups, "said", words.saidFacts),
    section(app, card, groups, "inferred", words.inferredFacts),
    !groups.length && !card.notes.length && !card.leftOpen.length && el("p", { class: "soft" }, words.nothingKnown),
    unknowns(app, card),
    notes(app, card),
    data(app, card),
  ];
}

function kinds(app: App, card: Card, schema: Schema): Child {
  const words = app.words();
  const [first, ...others] = card.kinds;
  if (!first) return null;
  const known = schema.classes.find((one) => one.iri === first);
  const rest = others.length > 0 && el("span", { class: "soft" }, `, ${others.map(app.name).join(", ")}`);
  const name = [sign(first), " ", el("strong", {}, called(known?.labels, app.lang()) ?? app.name(first)), rest];
  const definition = called(known?.definitions, app.lang());
  const details = definition
    && el("details", {}, el("summary", {}, name), el("p", { class: "soft" }, datum(definition)));
  return el("div", { class: "kinds" },
    details || el("p", {}, name),
    card.law && el("p", { class: "soft" }, `${words.basedOn} `, lawLink(app, card.law)),
  );
}

const lawLink = (app: App, { iri, labels }: NonNullable<Card["law"]>): HTMLElement =>
  (isOurs(iri) ? termShown(app, { iri }) : outerLink(app, iri, called(labels, app.lang()) ?? iri));

/** The chosen day where the card has states, and the state of the thing on it. */
function stateNow(app: App, card: Card): Child {
  const { day } = app.state();
  if (!day || !Object.keys(card.states).length) return null;
  const words = app.words();
  const own = card.states[card.iri];
  return el("p", { class: "as-of" }, `${words.time}: `, el("strong", {}, dayInWords(day, words)),
    own && [" ", stateChip(app, own)]);
}

const stateChip = (app: App, state: string): HTMLElement => el("span", { class: "chip state" }, datum(app.name(state)));

/** For a known unknown: the thing and relation it is about, and the sources that leave it open. */
function leftOpen(app: App, card: Card): Child {
  const { openAbout, openAspect, openBy } = app.words();
  const of = (link: string, title: string): Child => {
    const ends = card.leftOpen.filter((one) => one.link === `${BASE}ns#${link}`);
    return ends.length > 0 && [el("dt", {}, title), ends.map(({ other }) => el("dd", {}, termShown(app, other)))];
  };
  return card.leftOpen.length > 0 && el("dl", { class: "box unknowns left-open" }, of("about", openAbout),
    of("aspect", openAspect), of("leavesUnknown", openBy));
}

function actions(app: App, card: Card): Child {
  if (!isThing(card.iri) || app.state().embedded) return null;
  const words = app.words();
  const { expanded, start } = app.state();
  const isExpanded = expanded.includes(card.iri);
  const isFocus = typeof start === "object" && start.focus === card.iri;
  const expand = (): void => {
    const next = isExpanded ? expanded.filter((iri) => iri !== card.iri) : [...expanded, card.iri];
    app.store.step({ view: "network", expanded: next });
  };
  const focus = (): void =>
    app.store.step({ view: "network", start: isFocus ? "overview" : { focus: card.iri }, expanded: [] });
  return el("div", { class: "actions", role: "group", "aria-label": words.actions },
    el("button", { id: "expand", class: "main", "aria-pressed": String(isExpanded), onclick: expand },
      isExpanded ? words.collapse : words.expand),
    el("button", { id: "focus", "aria-pressed": String(isFocus), onclick: focus },
      isFocus ? words.unfocus : words.focus),
    pinButton(app, card.iri),
    chainSearch(app, card.iri),
  );
}

function chainSearch(app: App, from: string): HTMLElement[] {
  const words = app.words();
  const place = el("div", { class: "chain-search" });
  const choose = (to: string): void => app.store.step({ view: "network", chain: [from, to], thing: null, fact: null });
  return disclosure({ id: "ask-chain" }, words.chainTo, place, () => {
    const field = searchField(app, "chain-goal", words.chainSearch, choose);
    place.append(el("p", {}, words.chainSearch), field.element);
    field.input.focus();
  });
}

/** A box for each way in which claims of two sources differ. */
function differences(app: App, card: Card): Child {
  const words = app.words();
  return [
    differing(app, card, "contradicts", "differences", `≠ ${words.differences}`, words.contradicts),
    differing(app, card, "refines", "refinements", `⊂ ${words.refinements}`, words.refines),
    differing(app, card, "differsInTime", "changes", `↔ ${words.changes}`, words.differsInTime),
  ];
}

function differing(app: App, card: Card, name: string, box: string, title: string, between: string): Child {
  const own = card.links.filter(({ link }) => link === `${BASE}ns#${name}`);
  if (!own.length) return null;
  return el("section", { class: `box ${box}` },
    el("h3", {}, title),
    el("ul", {}, own.map(({ value, other, of }) =>
      el("li", {},
        el("strong", {}, termShown(app, value)), ` ${between} `,
        el("strong", {}, termShown(app, other)), of !== card.iri && [" (", termShown(app, { iri: of }), ")"]))),
  );
}

function section(app: App, card: Card, groups: readonly Group[], how: Manner, title: string): Child {
  const own = groups
    .map((group) => ({ ...group, facts: group.facts.filter((fact) => manner(fact) === how) }))
    .filter((group) => group.facts.length);
  if (!own.length) return null;
  const total = own.reduce((sum, group) => sum + group.facts.length, 0);
  const content = own.map((group) => relation(app, card, group));
  if (how !== "inferred") return el("section", {}, el("h3", {}, title), content);
  return el("details", { class: "inferred-facts" }, el("summary", {}, el("h3", {}, title), ` (${total})`),
    el("p", { class: "soft" }, app.words().inferredLead), content);
}

function relation(app: App, card: Card, group: Group): HTMLElement {
  const words = app.words();
  const name = app.name(group.predicate);
  const items = (facts: readonly Fact[]): HTMLElement[] => facts.map((fact) => factItem(app, card, group, fact));
  const list = el("ul", { class: "facts" }, items(group.facts.slice(0, SHOWN_AT_FIRST)));
  const rest = group.facts.slice(SHOWN_AT_FIRST);
  const grow = ({ currentTarget }: Event): void => {
    (currentTarget as HTMLElement).remove();
    list.append(...items(rest));
  };
  const more = rest.length > 0
    && el("button", { class: "small", onclick: grow }, words.fill(words.more, { n: rest.length }));
  const title = group.incoming ? words.fill(words.backwards, { relation: name }) : name;
  const count = group.facts.length > 1 && el("span", { class: "soft" }, ` (${group.facts.length})`);
  return el("div", { class: "group" }, el("h4", {}, title, count), list, more);
}

function factItem(app: App, card: Card, group: Group, fact: Fact): HTMLElement {
  const { graph } = app.exploration;
  const { other } = fact;
  const kind = isIri(other) && graph.hasNode(other.iri) && graph.getNodeAttribute(other.iri, "kind");
  const known = stateOf(card, fact);
  const isBackwards = group.incoming && isIri(other);
  const [subject, object]: [string, Term] = isBackwards ? [other.iri, { iri: card.iri }] : [card.iri, other];
  return el("li", {},
    el("div", { class: "what" },
      kind && sign(kind), el("span", {}, termShown(app, other), rolesIn(app, card, other)),
      known && [" ", stateChip(app, known)], marks(app, fact).map((mark) => (mark ? [" ", mark] : null))),
    quotes(app, fact.places),
    manner(fact) === "inferred" && why(app, subject, group.predicate, object),
  );
}

/** States in order of certainty (kgraph/graph/states.py). */
const CERTAINTY = ["certainly", "not-known-to-have-ended", "not-known-to-have-begun", "ended", "not-begun"]
  .map((state) => `${BASE}kind/time-state/${state}`);

/** The state of a fact on the day: that of its memberships, else that of the thing at its other end. */
function stateOf(card: Card, { other, tenures }: Fact): string | undefined {
  const held = new Set(tenures.map((tenure) => card.states[tenure]));
  return CERTAINTY.find((state) => held.has(state)) ?? (isIri(other) ? card.states[other.iri] : undefined);
}

const rolesIn = (app: App, card: Card, end: Term): Child =>
  isIri(end) && (card.roles[end.iri] ?? []).map((role) => [" · ", termShown(app, { iri: role })]);

function unknowns(app: App, card: Card): Child {
  const words = app.words();
  const open = card.unknowns.filter(({ answers }) => !answers.length);
  const silent = card.unknowns.filter(({ answers }) => answers.length);
  const item = ({ iri, labels, answers }: Card["unknowns"][number]): HTMLElement =>
    el("li", {}, thingLink(app, iri, called(labels, app.lang())), answered(app, answers));
  return [
    open.length > 0 && el("section", { class: "box unknowns" },
      el("h3", {}, `? ${words.unknowns}`),
      el("p", { class: "soft" }, words.unknownsLead),
      el("ul", {}, open.map(item))),
    silent.length > 0 && el("section", { class: "box silent" },
      el("p", { class: "soft" }, words.silentLead), el("ul", {}, silent.map(item))),
    card.answers.length > 0 && el("section", { class: "box silent" },
      el("p", { class: "soft" }, words.silentLead), answered(app, card.answers)),
  ];
}

/** What other sources answer to a known unknown. */
const answered = (app: App, answers: readonly Answer[]): Child => answers.length > 0 && el("ul", {},
  answers.map(({ value, sources }) => el("li", {}, termShown(app, value), " — ",
    sources.map((source, at) => [at > 0 && ", ", thingLink(app, source)]))));

function notes(app: App, card: Card): Child {
  const isOwn = (value: Term): boolean => isIri(value) || !value.lang || value.lang === app.lang();
  const own = card.notes.filter(({ predicate, value }) => !LABELS.has(predicate) && isOwn(value));
  if (!own.length) return null;
  const relations = [...new Set(own.map(({ predicate }) => predicate))];
  return el("section", {},
    el("h3", {}, app.words().notes),
    el("dl", { class: "notes" },
      relations.map((predicate) => [
        el("dt", {}, app.name(predicate)),
        own.filter((note) => note.predicate === predicate).map(({ value }) => el("dd", {}, termShown(app, value))),
      ]),
    ),
  );
}

function data(app: App, card: Card): Child {
  const words = app.words();
  const query = `DESCRIBE <${card.iri}>`;
  const sparql = toHash({ ...app.state(), view: "sparql", params: { query } });
  const path = `data/${pathOf(card.iri.replace(/#.*/, ""))}`; // a term of the ontology is described with the others
  return el("section", { class: "data" },
    el("h3", {}, words.data),
    el("p", {}, el("code", {}, card.curie)),
    isOurs(card.iri) && el("p", {}, el("a", { href: `${path}.ttl` }, words.asTurtle), " · ",
      el("a", { href: `${path}.jsonld` }, words.asJsonld), " · ", el("a", { href: sparql }, words.asSparql)),
  );
}
