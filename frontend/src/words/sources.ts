/** The words of the view of sources, apart because no other view needs them. */

import enCommon from "../../../kgraph/base/words/en/common.json";
import enSources from "../../../kgraph/base/words/en/sources.json";
import plCommon from "../../../kgraph/base/words/pl/common.json";
import plSources from "../../../kgraph/base/words/pl/sources.json";
import type { Lang } from "../api";
import { fillIn, LOCALES, type Texts } from "./fill";

const wordsOf = (locale: string, common: Texts<typeof enCommon>, own: Texts<typeof enSources>) => ({
  ...own,
  undated: common.undated,
  contradictions: common.contradictions,
  refinements: common.refinements,
  caption: (n: number) => fillIn(locale)(own.caption, { n }),
  columns: { ...own.columns, ...common.contributions, source: common.source },
});

const WORDS = { pl: wordsOf(LOCALES.pl, plCommon, plSources), en: wordsOf(LOCALES.en, enCommon, enSources) };

export const sourcesWords = (lang: Lang) => WORDS[lang];
