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

export type DatePart = "day" | "month" | "year";

/** Dates of a language, as `Intl.DateTimeFormat` writes them; a formatter is made once for all dates with its parts. */
export function datesIn(locale: string) {
  const known = new Map<string, Intl.DateTimeFormat>();
  return (time: Date, ...parts: readonly DatePart[]): string => {
    const key = parts.join(" ");
    const shown = Object.fromEntries(parts.map((part) => [part, part === "month" ? "long" : "numeric"]));
    const format = known.get(key) ?? new Intl.DateTimeFormat(locale, { ...shown, timeZone: "UTC" });
    known.set(key, format);
    return format.format(time);
  };
}

/** Fills texts: `{name}` becomes its value, a number in the locale's form; `{name:d}` leaves a number its digits. */
export function fillIn(locale: string) {
  let rules: Intl.PluralRules | null = null; // made when needed: one language is seldom used
  let numbers: Intl.NumberFormat | null = null;
  const written = (value: Value | undefined, isPlain: boolean): string => {
    if (typeof value !== "number" || isPlain) return String(value);
    numbers ??= new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
    return numbers.format(value);
  };
  const category = (n: number): Intl.LDMLPluralRule => {
    rules ??= new Intl.PluralRules(locale);
    return rules.select(n);
  };
  return (text: string | Counted, values: Readonly<Record<string, Value>>): string => {
    const n = Number(values.n);
    const form = typeof text === "string" ? text : (text[`=${n}`] ?? text[category(n)] ?? "");
    return form.replace(/\{(\w+)(:d)?\}/g, (_, name: string, plain?: string) => written(values[name], Boolean(plain)));
  };
}
