/** The words of the page by language, from the catalogue shared with Python, and the language of the browser. */

import enCommon from "../../../kgraph/base/words/en/common.json";
import enExplorer from "../../../kgraph/base/words/en/explorer.json";
import plCommon from "../../../kgraph/base/words/pl/common.json";
import plExplorer from "../../../kgraph/base/words/pl/explorer.json";
import type { Lang } from "../api";
import { datesIn, fillIn, LOCALES, type Texts } from "./fill";

type Group = Record<string, string>;

/** The texts of a language under the names that the views use; `fill` puts values into a text. */
function wordsOf(locale: string, common: Texts<typeof enCommon>, own: Texts<typeof enExplorer>) {
  const fill = fillIn(locale);
  return {
    ...common,
    ...own,
    locale,
    fill,
    date: datesIn(locale),
    showing: (things: number, facts: number, concepts = 0) =>
      fill(concepts ? own.showingConcepts : own.showing, {
        things: fill(own.things, { n: things }), facts: fill(common["facts count"], { n: facts }),
        concepts: fill(own.concepts, { n: concepts }),
      }),
    title: common.site,
    toTheYear: common["exact gYear"],
    sourcesFilter: common.sources,
    manners: { ...own.manners, inferred: common.marks.inferred, said: common.unasserted },
    columns: { ...own.columns, sources: common.sources },
    views: { ...own.views, questions: common.questions, sources: common.sources } as Group,
    intro: {
      ...own.intro,
      steps: [
        [own.intro.steps.click, own.intro.steps.clickText],
        [common.search, own.intro.steps.searchText],
        [own.intro.steps.doubleClick, own.intro.steps.doubleClickText],
      ] as const,
      touchSteps: [
        [own.intro.steps.touch, own.intro.steps.clickText],
        [own.intro.steps.doubleTouch, own.intro.steps.doubleClickText],
      ] as const,
    },
    query: { ...own.query, questions: common.questions },
    table: { ...own.table, columns: { ...own.table.columns, facts: common.facts, sources: common.sources } },
    questions: { ...own.questions, all: common["all questions"], askers: own.questions.askers as Group },
  };
}

export type Words = ReturnType<typeof wordsOf>;

export const WORDS: Record<Lang, Words> = {
  pl: wordsOf(LOCALES.pl, plCommon, plExplorer),
  en: wordsOf(LOCALES.en, enCommon, enExplorer),
};

const LANGS: readonly string[] = Object.keys(WORDS);

/** The first of the reader's languages that we have; Polish when there is none. */
export const preferred = (languages: readonly string[]): Lang =>
  languages.map((language) => language.slice(0, 2).toLowerCase())
    .find((language): language is Lang => LANGS.includes(language)) ?? "pl";
