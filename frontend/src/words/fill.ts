/** Texts of the catalogue with their values, numbers and plural forms in a language. */

import type { Lang } from "../api";

/** The tags by which numbers and plural forms are chosen. */
export const LOCALES: Record<Lang, string> = { pl: "pl-PL", en: "en-GB" };

/** A text for each plural category of its number `n`, https://cldr.unicode.org/index/cldr-spec/plural-rules, or for one number. */
export type Counted = Partial<Record<Intl.LDMLPluralRule | `=${number}`, string>>;
export type Text = string | Counted;

/** A section of the catalogue in any language: languages differ in their plural categories. */
export type Texts<T> = { [K in keyof T]: T[K] extends string ? string : T[K] extends { one: string; other: string } ? Counted : Texts<T[K]> };

/** `{name}` in a text is its value, a number as the language writes it; `{name:d}` leaves a number its digits. */
export function fillIn(locale: string) {
  const rules = new Intl.PluralRules(locale);
  const form = (text: Counted, n: number): string => text[`=${n}`] ?? text[rules.select(n)] ?? "";
  const written = (value: string | number | undefined, isPlain: boolean): string =>
    typeof value === "number" && !isPlain ? value.toLocaleString(locale, { maximumFractionDigits: 2 }) : String(value);
  /** A text as a function of its values, which are named in the order of the arguments. */
  return <A extends (string | number)[]>(text: Text, ...names: { [At in keyof A]: string }) =>
    (...values: A): string =>
      (typeof text === "string" ? text : form(text, Number(values[names.indexOf("n")])))
        .replace(/\{(\w+)(:d)?\}/g, (_, name: string, plain?: string) => written(values[names.indexOf(name)], plain !== undefined));
}

export type Fill = ReturnType<typeof fillIn>;
