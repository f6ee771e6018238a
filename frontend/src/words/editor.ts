/** The words of the query editor, apart because no other view needs them. */

import en from "../../../kgraph/base/words/en/editor.json";
import pl from "../../../kgraph/base/words/pl/editor.json";
import type { Lang } from "../api";
import type { Texts } from "./fill";

const WORDS: Record<Lang, Texts<typeof en>> = { pl, en };

export const editorWords = (lang: Lang) => WORDS[lang];
