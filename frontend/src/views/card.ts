/** The card of a thing: names, kind, facts by relation with their evidence, known unknowns, actions. */

import {
  type Answer, BASE, type Card, type Difference, documentOf, type Fact, type Group, type Key, Refused, type Schema,
  type Term, type Told,
} from "../api";
import { type App, isOurs, isThing } from "../app";
import { called, dayInWords, ending, isIri } from "../dictionary";
import { type Child, datum, el, swap } from "../dom";
import { manner } from "../graph";
import { pinButton } from "../network/pin";
import { toHash } from "../state";
import "../styles/card.css";
import {
  cardLink, disclosure, evidence, marks, origin, outerLink, sentence, sign, termShown, thingLink, why,
} from "./components";
import { searchField } from "./search";

const LABELS = new Set([
  "http://www.w3.org/2004/02/skos/core#prefLabel", "http://www.w3.org/2000/01/rdf-schema#label",
  "http://purl.org/dc/terms/title",
]);
const SHOWN_AT_FIRST = 8;
const VALUES_AT_FIRST = 6;

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
  const name = called(card.labels, app.lang()) ?? card.curie;
  const [lang, other] =
    Object.entries(card.labels).find(([language, label]) => language !== app.lang() && label !== name) ?? [];
  const isEmpty = !card.sections.length && !card.folded.length && !card.notes.length && !card.leftOpen.length;
  return [
    el("h2", { tabindex: "-1" }, datum(name)),
    other && el("p", { class: "also", lang }, datum(other)),
    kinds(app, card, schema),
    el("p", { class: "in-short" }, datum(called(card.sentence, app.lang()) ?? "")),
    stateNow(app, card),
    keyFacts(app, card),
    leftOpen(app, card),
    actions(app, card),
    differences(app, card),
    card.sections.map(({ labels, groups }) => el("section", { class: "told" },
      el("h3", {}, called(labels, app.lang()) ?? words.otherFacts),
      groups.map((group) => relation(app, card, group)))),
    hasQuotes(card) ? null : el("p", { class: "soft" }, words.withoutQuotes),
    folded(app, card),
    isEmpty && el("p", { class: "soft" }, words.nothingKnown),
    unknowns(app, card),
    notes(app, card),
    data(app, card),
  ];
}

/** Whether any fact has a quote, or there is no fact that could have one. */
function hasQuotes({ sections }: Card): boolean {
  const places = sections.flatMap(({ groups }) => groups.flatMap(({ facts }) => facts.flatMap((fact) => fact.places)));
  return !places.length || places.some((place) => place.words !== null);
}

/** The key facts: each value a link, and on whose word it is, which opens to the facts it rests on. */
function keyFacts(app: App, card: Card): Child {
  const rows = card.keys.map((key) => [
    el("dt", {}, called(key.labels, app.lang()) ?? ""),
    el("dd", {}, key.unknown ? unanswered(app, key.unknown) : keyValues(app, card, key)),
  ]);
  return rows.length > 0 && el("dl", { class: "key-facts" }, rows);
}

const unanswered = (app: App, unknown: string): HTMLElement =>
  el("a", { class: "unanswered", ...cardLink(app, unknown) }, `? ${app.words().notSaid}`);

function keyValues(app: App, card: Card, { values }: Key): Child {
  const first = values.slice(0, VALUES_AT_FIRST);
  const more = values.length - first.length;
  const common = statusOfAll(values);
  const shown = first.map(({ value, office, ...one }, at) => {
    const marked = keyMarks(app, common ? { ...one, status: null } : one, values);
    return office ? el("div", {}, officeShown(app, card, value, office), marked)
      : [at > 0 && ", ", termShown(app, value), marked];
  });
  return [shown, more > 0 && ` ${app.words().fill(app.words().andMore, { n: more })}`,
    common && [" ", statusChip(app, common)], proof(app, card, values)];
}

type KeyValue = Key["values"][number];

/** The status that all of several values have: it is shown once. */
function statusOfAll([first, ...others]: readonly KeyValue[]): string | null {
  const status = others.length ? first?.status : null;
  return status && others.every((one) => one.status === status) ? status : null;
}

/** Chips of a value: disputed, its status, and inferred where other values of the key fact are not. */
function keyMarks(app: App, { status, facts }: Pick<KeyValue, "status" | "facts">, all: readonly KeyValue[]): Child {
  const { marks: words } = app.words();
  const isInferred = (fact: Told | undefined): boolean => fact !== undefined && manner(fact) === "inferred";
  return [
    facts[0]?.disputed && [" ", el("span", { class: "chip disputed" }, `≠ ${words.disputed}`)],
    status && [" ", statusChip(app, status)],
    isInferred(facts[0]) && !all.every((one) => isInferred(one.facts[0]))
      && [" ", el("span", { class: "chip inferred" }, words.inferred)],
  ];
}

const statusChip = (app: App, status: string): HTMLElement =>
  el("span", { class: "chip said" }, datum(app.name(status)));

/** Whose word the values are, which opens to the facts that they rest on. */
function proof(app: App, card: Card, values: Key["values"]): Child {
  const facts = values.flatMap((one) => one.facts);
  const sources = [...new Set(values.flatMap((one) => one.facts[0]?.places.map((place) => place.source) ?? []))];
  const names = [...new Set(sources.map((source) => origin(app, card.origins, source)))];
  const unique = [...new Map(facts.map((fact) => [JSON.stringify([fact.subject, fact.predicate, fact.object]), fact]))
    .values()];
  const isInferred = !names.length;
  const title = isInferred ? app.words().marks.inferred : names.join("; ");
  const fill = ({ currentTarget }: Event): void => {
    const opened = currentTarget as HTMLElement;
    if (opened.childElementCount === 1) opened.append(...unique.map((fact) => toldFact(app, card, fact)));
  };
  return facts.length > 0 && el("details", { class: "proof", ontoggle: fill },
    el("summary", {}, datum(isInferred ? title : app.words().fill(app.words().accordingTo, { sources: title }), 160)));
}

const toldFact = (app: App, card: Card, fact: Told): HTMLElement => el("div", { class: "told-fact" },
  sentence(app, fact.subject, fact.predicate, fact.object),
  evidence(app, fact.places, card.origins),
  fact.rule && el("p", { class: "because" }, datum(called(card.because[fact.rule], app.lang()) ?? "")));

/** An office: as what, where or who, when, and who held it later. */
function officeShown(app: App, card: Card, end: Term, membership: string): Child {
  const office = card.offices[membership];
  if (!office) return termShown(app, end);
  const words = app.words();
  const isMember = card.iri === office.member;
  const others = card.iri === membership ? [office.member, office.organisation]
    : [isMember ? office.organisation : office.member];
  const roles = office.roles.map(app.name).join(", ") || app.name(membership);
  const later = office.later.map((iri, at) => [at > 0 && ", ", thingLink(app, iri)]);
  return [
    others.map((iri, at) => [at > 0 && ", ", thingLink(app, iri)]),
    ", ", thingLink(app, membership, roles),
    el("span", { class: "when" }, called(office.when, app.lang()) ?? "",
      later.length > 0 && [`; ${words.laterInOffice} `, later]),
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
    differing(app, card, "listsDiffer", "lists", `≈ ${words.listsDiffer}`, words.onAnotherList),
  ];
}

function differing(app: App, card: Card, name: string, box: string, title: string, between: string): Child {
  const own = card.links.filter(({ link }) => link === `${BASE}ns#${name}`);
  if (!own.length) return null;
  return el("section", { class: `box ${box}` },
    el("h3", {}, title),
    el("ul", {}, own.map((one) => el("li", {},
      sides(app, card, one).map((side, at) => [at > 0 && `${between.startsWith(",") ? "" : " "}${between} `, side]),
      reasonOf(app, one)))),
  );
}

/** Both values of a difference, the earlier first where they differ in time. */
function sides(app: App, card: Card, one: Difference): Child[] {
  const of = one.of !== card.iri && [" (", termShown(app, { iri: one.of }), ")"];
  const shown = [sided(app, card, one.value, one.sources), [sided(app, card, one.other, one.otherSources), of]];
  return one.isLater ? shown.reverse() : shown;
}

/** A value and the sources that give it. */
const sided = (app: App, card: Card, value: Term, sources: readonly string[]): Child => [
  el("strong", {}, termShown(app, value)), " ",
  el("span", { class: "soft" }, "(", sources.map((source, at) => [at > 0 && "; ",
    thingLink(app, source, origin(app, card.origins, source))]), ")"),
];

/** Why two values cannot both hold. */
const reasonOf = (app: App, { because }: Difference): Child =>
  because && el("p", { class: "because" }, datum(called(because, app.lang()) ?? ""));

/** What only repeats other facts or follows from them, drawn when it is opened. */
function folded(app: App, card: Card): Child {
  const words = app.words();
  const total = card.folded.reduce((sum, { facts }) => sum + facts.length, 0);
  const place = el("div");
  const fill = ({ currentTarget }: Event): void => {
    if ((currentTarget as HTMLDetailsElement).open && !place.childElementCount) {
      swap(place, el("p", { class: "soft" }, words.foldedLead), card.folded.map((one) => relation(app, card, one)));
    }
  };
  return total > 0 && el("details", { class: "inferred-facts", ontoggle: fill },
    el("summary", {}, words.fill(words.foldedFacts, { n: total })), place);
}

/** How many facts of a group the card leaves out. */
function leftOf(card: Card, { facts }: Group): number {
  const ways = new Set(facts.flatMap(({ incoming, predicate }) => (incoming ? [predicate] : [])));
  return [...ways].reduce((sum, predicate) => sum + (card.left[predicate] ?? 0), 0);
}

function relation(app: App, card: Card, group: Group): HTMLElement {
  const words = app.words();
  const name = called(group.labels, app.lang())
    ?? (group.incoming ? words.fill(words.backwards, { relation: app.name(group.predicate) })
      : app.name(group.predicate));
  const items = (facts: readonly Fact[]): HTMLElement[] => facts.map((fact) => factItem(app, card, fact));
  const list = el("ul", { class: "facts" }, items(group.facts.slice(0, SHOWN_AT_FIRST)));
  const rest = group.facts.slice(SHOWN_AT_FIRST);
  const grow = ({ currentTarget }: Event): void => {
    (currentTarget as HTMLElement).remove();
    list.append(...items(rest));
  };
  const more = rest.length > 0
    && el("button", { class: "small", onclick: grow }, words.fill(words.more, { n: rest.length }));
  const left = leftOf(card, group);
  const total = group.facts.length + left;
  const count = total > 1 && el("span", { class: "soft" }, ` (${total.toLocaleString(words.locale)})`);
  return el("div", { class: "group" }, el("h4", {}, name, count), list, more,
    left > 0 && el("p", { class: "soft" }, words.fill(words.andMore, { n: left })));
}

function factItem(app: App, card: Card, fact: Fact): HTMLElement {
  const { graph } = app.exploration;
  const { other } = fact;
  const kind = isIri(other) && graph.hasNode(other.iri) && graph.getNodeAttribute(other.iri, "kind");
  const known = stateOf(card, fact);
  const [subject, object]: [string, Term] =
    fact.incoming && isIri(other) ? [other.iri, { iri: card.iri }] : [card.iri, other];
  const because = fact.rule && called(card.because[fact.rule], app.lang());
  return el("li", {},
    el("div", { class: "what" },
      kind && sign(kind),
      el("span", {}, fact.office ? officeShown(app, card, other, fact.office) : termShown(app, other)),
      known && [" ", stateChip(app, known)], qualities(app, fact).map((mark) => (mark ? [" ", mark] : null))),
    evidence(app, fact.places, card.origins),
    manner(fact) === "inferred" && el("div", { class: "because" }, because && datum(because), " ",
      why(app, subject, fact.predicate, object)),
  );
}

/** The marks of a fact; one that is said has the way in which it is said at its source instead. */
const qualities = (app: App, fact: Fact): Child[] => (manner(fact) === "said" ? [] : marks(app, fact));

/** States in order of certainty (kgraph/graph/statements/states.py). */
const CERTAINTY = ["certainly", "not-known-to-have-ended", "not-known-to-have-begun", "ended", "not-begun"]
  .map((state) => `${BASE}kind/time-state/${state}`);

/** The state of a fact on the day: that of its memberships, else that of the thing at its other end. */
function stateOf(card: Card, { other, tenures }: Fact): string | undefined {
  const held = new Set(tenures.map((tenure) => card.states[tenure]));
  return CERTAINTY.find((state) => held.has(state)) ?? (isIri(other) ? card.states[other.iri] : undefined);
}

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
  const path = `data/${documentOf(card.iri)[0]}`;
  return el("section", { class: "data" },
    el("h3", {}, words.data),
    isOurs(card.iri) && hasPage(card.iri) && el("p", {}, el("a", { class: "readable", href: pageOf(app, card.iri) },
      words.readablePage)),
    el("p", {}, el("code", {}, card.curie)),
    isOurs(card.iri) && el("p", {}, el("a", { href: `${path}.ttl` }, words.asTurtle), " · ",
      el("a", { href: `${path}.jsonld` }, words.asJsonld), " · ", el("a", { href: sparql }, words.asSparql)),
  );
}

const hasPage = (iri: string): boolean => /^(id|kind|source)\/./.test(iri.slice(BASE.length));

function pageOf(app: App, iri: string): string {
  const [path, place] = documentOf(iri);
  return `page/${path}.${app.lang() === "pl" ? "pl.html" : "html"}${place}`;
}
