/** Labels of terms, collected from every response; and literals in words. */

import { BASE, type Labelled, type Labels, type Lang, type Names, type Network, type Term } from "./api";
import type { Words } from "./words";
import type { DatePart } from "./words/fill";

const XSD = "http://www.w3.org/2001/XMLSchema#";

export type Dictionary = ReturnType<typeof dictionary>;

export function dictionary() {
  const known = new Map<string, Labels>();
  const learn = (names: Names): void => {
    for (const [iri, labels] of Object.entries(names)) if (Object.keys(labels).length) known.set(iri, labels);
  };
  const learnThings = (things: readonly Labelled[]): void =>
    learn(Object.fromEntries(things.map(({ iri, labels }) => [iri, labels])));
  return {
    learn,
    learnThings,
    /** Learns the names of the things of a network and of all it mentions. */
    learnAll({ names, nodes }: Network): void {
      learn(names);
      learnThings(nodes);
    },
    /** The name in a language, else in another, else the end of the IRI. */
    name: (iri: string, lang: Lang) => called(known.get(iri), lang) ?? ending(iri),
    isNamed: (iri: string) => known.has(iri),
  };
}

export function called(labels: Labels | undefined, lang: Lang): string | undefined {
  return labels?.[lang] ?? Object.values(labels ?? {})[0];
}

/** A readable form of an IRI without a name. */
export function ending(iri: string): string {
  if (iri.startsWith(BASE)) return iri.slice(BASE.length).replace(/^ns#/, "");
  return iri.replace(/^https?:\/\//, "");
}

export const isIri = (term: Term): term is { iri: string } => "iri" in term;

/** A literal in words: dates to their precision, numbers and truth values in the reader's language. */
export function inWords(literal: Exclude<Term, { iri: string }>, words: Words): string {
  const { value, datatype } = literal;
  const date = (text: string, ...parts: readonly DatePart[]): string => {
    const time = new Date(`${text}T00:00:00Z`);
    return Number.isNaN(time.getTime()) ? value : words.date(time, ...parts);
  };
  switch (datatype.startsWith(XSD) ? datatype.slice(XSD.length) : "") {
    case "date": return date(value, "day", "month", "year");
    case "dateTime": return date(value.slice(0, 10), "day", "month", "year");
    case "gYearMonth": return date(`${value}-01`, "month", "year");
    case "gMonthDay": return `${date(`2000${value.slice(1)}`, "day", "month")} ${words.yearNotGiven}`;
    case "boolean": return value === "true" || value === "1" ? words.yes : words.no;
    case "integer": return /^[+-]?\d{1,30}$/.test(value) ? grouped(BigInt(value), words.locale) : value;
    case "decimal": return decimal(value, words.locale);
    default: return value;
  }
}

function decimal(value: string, locale: string): string {
  const parts = /^([+-]?)(\d{1,30})(?:\.(\d+))?$/.exec(value);
  if (!parts) return value;
  const [, sign, whole = "", part] = parts;
  const mark = new Intl.NumberFormat(locale).format(1.5).charAt(1);
  return (sign === "-" ? sign : "") + grouped(BigInt(whole), locale) + (part === undefined ? "" : mark + part);
}

const grouped = (value: bigint, locale: string): string =>
  new Intl.NumberFormat(locale, { useGrouping: "min2" } as Intl.NumberFormatOptions).format(value);

/** The precision of a date in words; null for other datatypes. */
export function precision(datatype: string, words: Words): string | null {
  const { toTheDay: date, toTheMonth: gYearMonth, toTheYear: gYear, withoutYear: gMonthDay } = words;
  const exact: Record<string, string> = { date, gYearMonth, gYear, gMonthDay };
  return datatype.startsWith(XSD) ? (exact[datatype.slice(XSD.length)] ?? null) : null;
}

const PRECISIONS: Record<number, string> = { 4: "gYear", 7: "gYearMonth" };

/** A day, or a month or year where no day is known, in words. */
export const dayInWords = (day: string, words: Words): string =>
  inWords({ value: day, lang: null, datatype: XSD + (PRECISIONS[day.length] ?? "date") }, words);
