/** The words of the inbox, apart because only curators need them. */

import en from "../../../kgraph/base/words/en/inbox.json";
import pl from "../../../kgraph/base/words/pl/inbox.json";
import type { Lang } from "../api";
import type { Texts } from "./fill";

const WORDS: Record<Lang, Texts<typeof en>> = { pl, en };

export const inboxWords = (lang: Lang) => WORDS[lang];
