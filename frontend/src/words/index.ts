/** The words of the page by language, from the catalogue that Python shares, and the language that a browser asks for. */

import enCommon from "../../../kgraph/base/words/en/common.json";
import enExplorer from "../../../kgraph/base/words/en/explorer.json";
import plCommon from "../../../kgraph/base/words/pl/common.json";
import plExplorer from "../../../kgraph/base/words/pl/explorer.json";
import type { Lang } from "../api";
import { type Fill, fillIn, LOCALES, type Texts } from "./fill";

type Common = Texts<typeof enCommon>;
type Explorer = Texts<typeof enExplorer>;
type Group = Record<string, string>;
type Counts = Record<"things" | "rows" | "triples", (n: number) => string>;

const mapWords = (fill: Fill, own: Explorer["map"], { things }: Counts) => ({
  ...own,
  summary: fill<[points: number, n: number]>(own.summary, "points", "n"),
  things,
  inside: (n: number, all: number) => (n ? fill<[string, number]>(own.inside, "things", "all")(things(n), all) : fill<[string]>(own.onlyInside, "things")(things(all))),
  within: fill<[name: string]>(own.within, "name"),
  others: fill<[n: number]>(own.others, "n"),
});

const queryWords = (fill: Fill, own: Explorer["query"], questions: string, { rows, triples }: Counts) => ({
  ...own,
  questions,
  rows,
  triples,
  limits: fill<[seconds: number]>(own.limits, "seconds"),
  ofThem: fill<[shown: number, all: number]>(own.ofThem, "shown", "all"),
  truncated: fill<[n: number]>(own.truncated, "n"),
  took: fill<[seconds: number]>(own.took, "seconds"),
  answer: (isTrue: boolean) => (isTrue ? own.answerYes : own.answerNo),
  cut: fill<[n: number]>(own.cut, "n"),
  mistake: fill<[line: number, column: number]>(own.mistake, "line", "column"),
  unknownPrefix: fill<[prefix: string]>(own.unknownPrefix, "prefix"),
  timeout: fill<[seconds: number]>(own.timeout, "seconds"),
  undefined: (terms: readonly string[]) => fill<[number, string]>(own.undefined, "n", "terms")(terms.length, terms.join(", ")),
});

const timelineWords = (fill: Fill, locale: string, own: Explorer["timeline"]) => ({
  ...own,
  showing: fill<[n: number, undated: number]>(own.showing, "n", "undated"),
  count: (n: number) => n.toLocaleString(locale),
  lasted: fill<[from: string, to: string]>(own.lasted, "from", "to"),
  since: (from: string, attested: string | null) =>
    (attested ? fill<[string, string]>(own.sinceAttested, "from", "attested")(from, attested) : fill<[string]>(own.since, "from")(from)),
  attested: (first: string, last: string | null) =>
    (last ? fill<[string, string]>(own.attestedTwice, "first", "last")(first, last) : fill<[string]>(own.attested, "first")(first)),
  until: (attested: string | null, to: string) =>
    (attested ? fill<[string, string]>(own.untilAttested, "attested", "to")(attested, to) : fill<[string]>(own.until, "to")(to)),
  within: fill<[period: string]>(own.within, "period"),
  between: fill<[from: string, to: string]>(own.between, "from", "to"),
  otherDates: fill<[days: string]>(own.otherDates, "days"),
});

const questionsWords = (fill: Fill, own: Explorer["questions"], common: Common) => ({
  ...own,
  all: common["all questions"],
  askers: own.askers as Group,
  found: fill<[n: number]>(own.found, "n"),
  unknown: fill<[name: string]>(own.unknown, "name"),
  unknownThing: fill<[text: string]>(own.unknownThing, "text"),
  choose: fill<[text: string]>(own.choose, "text"),
  noneOfKind: fill<[kind: string, text: string]>(own.noneOfKind, "kind", "text"),
  rows: fill<[n: number]>(own.rows, "n"),
});

/** The texts of a language as the views take them: what takes values is a function of them. */
function wordsOf(locale: string, common: Common, own: Explorer) {
  const fill = fillIn(locale);
  const { rows, triples: ofTriples, "facts count": ofFacts, ...shared } = common;
  const { things: ofThings, ofSources, ...alone } = own;
  const counts = {
    things: fill<[n: number]>(ofThings, "n"),
    facts: fill<[n: number]>(ofFacts, "n"),
    rows: fill<[n: number]>(rows, "n"),
    triples: fill<[n: number]>(ofTriples, "n"),
    sources: fill<[n: number]>(ofSources, "n"),
  };
  return {
    ...shared,
    ...alone,
    locale,
    title: common.site,
    toTheYear: common["exact gYear"],
    sourcesFilter: common.sources,
    manners: { ...own.manners, inferred: common.marks.inferred, said: common.unasserted },
    columns: { ...own.columns, sources: common.sources },
    views: { ...own.views, questions: common.questions, sources: common.sources } as Group,

    noView: fill<[name: string]>(own.noView, "name"),
    found: fill<[n: number]>(own.found, "n"),
    nothingFound: fill<[text: string]>(own.nothingFound, "text"),
    focusOn: fill<[name: string]>(own.focusOn, "name"),
    showing: (shown: number, lines: number) => fill<[string, string]>(own.showing, "things", "facts")(counts.things(shown), counts.facts(lines)),
    cursorAt: fill<[name: string, kind: string, n: number]>(own.cursorAt, "name", "kind", "n"),
    added: fill<[n: number]>(own.added, "n"),
    more: fill<[n: number]>(own.more, "n"),
    backwards: fill<[relation: string]>(common.backwards, "relation"),
    characters: fill<[from: number, to: number]>(own.characters, "from", "to"),
    pinned: fill<[name: string]>(own.pinned, "name"),
    unpinned: fill<[name: string]>(own.unpinned, "name"),
    chainLead: fill<[n: number]>(own.chainLead, "n"),
    chainOn: fill<[day: string]>(own.chainOn, "day"),
    chainNone: fill<[one: string, other: string]>(own.chainNone, "one", "other"),
    unknownThing: fill<[iri: string]>(own.unknownThing, "iri"),
    foot: (all: number, sources: number) => fill<[string, string]>(own.foot, "triples", "sources")(counts.triples(all), counts.sources(sources)),

    intro: {
      ...own.intro,
      steps: [
        [own.intro.steps.click, own.intro.steps.clickText],
        [common.search, own.intro.steps.searchText],
        [own.intro.steps.doubleClick, own.intro.steps.doubleClickText],
      ] as const,
      open: fill<[name: string]>(own.intro.open, "name"),
      chain: fill<[one: string, other: string]>(own.intro.chain, "one", "other"),
    },
    map: mapWords(fill, own.map, counts),
    forms: {
      ...own.forms,
      left: fill<[n: number]>(own.forms.left, "n"),
      unplaced: fill<[n: number]>(own.forms.unplaced, "n"),
    },
    query: queryWords(fill, own.query, common.questions, counts),
    table: {
      ...own.table,
      columns: { ...own.table.columns, facts: common.facts, sources: common.sources },
      showing: fill<[kind: string, n: number]>(own.table.showing, "kind", "n"),
    },
    timeline: timelineWords(fill, locale, own.timeline),
    questions: questionsWords(fill, own.questions, common),
  };
}

export type Words = ReturnType<typeof wordsOf>;

export const WORDS: Record<Lang, Words> = {
  pl: wordsOf(LOCALES.pl, plCommon, plExplorer),
  en: wordsOf(LOCALES.en, enCommon, enExplorer),
};

/** The first of the reader's languages that we have; Polish when there is none. */
export function preferred(languages: readonly string[]): Lang {
  for (const language of languages) {
    const lang = language.slice(0, 2).toLowerCase();
    if (lang === "pl" || lang === "en") return lang;
  }
  return "pl";
}
