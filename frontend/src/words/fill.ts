/** Texts of the catalogue with their values, numbers and plural forms in a language. */

import type { Lang } from "../api";

/** The tags by which numbers and plural forms are chosen. */
export const LOCALES: Record<Lang, string> = { pl: "pl-PL", en: "en-GB" };

/** A text for each plural category of its number `n`, or for one number.
 *  https://cldr.unicode.org/index/cldr-spec/plural-rules */
type Counted = Partial<Record<Intl.LDMLPluralRule | `=${number}`, string>>;
type Value = string | number;

/** A section of the catalogue in any language: languages differ in their plural categories. */
export type Texts<T> = {
  [K in keyof T]: T[K] extends string ? string : T[K] extends { one: string; other: string } ? Counted : Texts<T[K]>;
};

/** Fills texts: `{name}` becomes its value, a number in the locale's form; `{name:d}` leaves a number its digits. */
export function fillIn(locale: string) {
  const rules = new Intl.PluralRules(locale);
  const written = (value: Value | undefined, isPlain: boolean): string =>
    typeof value === "number" && !isPlain ? value.toLocaleString(locale, { maximumFractionDigits: 2 }) : String(value);
  return (text: string | Counted, values: Readonly<Record<string, Value>>): string => {
    const n = Number(values.n);
    const form = typeof text === "string" ? text : (text[`=${n}`] ?? text[rules.select(n)] ?? "");
    return form.replace(/\{(\w+)(:d)?\}/g, (_, name: string, plain?: string) => written(values[name], Boolean(plain)));
  };
}
