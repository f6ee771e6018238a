/** What of an answer a chart shows: a column of numbers by a column of names. */

import type { App } from "../app";
import { editorWords } from "../words/editor";
import type { Answer } from "./answer";
import { numberOf } from "./sorting";

/** The columns whose values are all numbers, and at least one. */
export const numeric = ({ columns, rows }: Answer): number[] =>
  columns.map((_, at) => at).filter((at) => {
    const terms = rows.flatMap((row) => row[at] ?? []);
    return terms.length > 0 && terms.every((term) => numberOf(term) !== null);
  });

/** Why an answer has no chart, in words, or null. */
export async function whyNotCharted(app: App, answer: Answer): Promise<string | null> {
  return numeric(answer).length ? null : app.words().forms.noNumbers;
}

/** The column of names that fits best: the first that holds no numbers, else the first other one. */
export function labelColumn(answer: Answer, value: number): number {
  const numbers = numeric(answer);
  const others = answer.columns.map((_, at) => at).filter((at) => at !== value);
  return others.find((at) => !numbers.includes(at)) ?? others[0] ?? value;
}

export const shapes = (app: App) => {
  const words = editorWords(app.lang()).chart;
  return [["bars", words.bars], ["line", words.line]] as const;
};
