/** The names of the variables of questions. */

import en from "../../../kgraph/base/words/en/columns.json";
import pl from "../../../kgraph/base/words/pl/columns.json";
import type { Lang } from "../api";

const NAMES: Record<Lang, Record<string, string>> = { pl, en };

export const variableName = (variable: string, lang: Lang): string => NAMES[lang][variable] ?? variable;
