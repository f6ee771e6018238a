/** Facets, tables, maps and timelines without a server, from the file of a release (kgraph/graph/faceting/columnar.py).
 *  The rules are those of kgraph/graph/faceting/facets.py and listing.py. */

import {
  BASE, type Dated, type FacetCounts, type Happened, type Labels, type Lang, type Located, type Named, type Names,
  type Places, type Row, type Sheet, type TablePage, type Timeline,
} from "../api";
import { extent, LASTING } from "../axis";
import { fold } from "../fold";
import { FACETS, type Facet, type Selection, yearsOf } from "../selection";

/** The values of a facet, and for each the things that have it directly, and the others. */
interface Pairs {
  values: string[];
  things: [number[], number[]][];
}

/** The file: things in columns; IRIs below the base without it. */
export interface Columnar {
  things: string[];
  kinds: string[];
  main: number[];
  datable: number[];
  facts: number[];
  sources: number[];
  columns: Record<Facet, Pairs>;
  homes: Pairs;
  moments: Record<string, Omit<Dated, keyof Named>>;
  points: Record<string, [number, number]>;
  within: Record<string, string[]>;
  labels: Names;
  orders: Record<Lang, Record<string, number[]>>;
}

export type Index = ReturnType<typeof indexOf>;
type Mask = Uint8Array;

const FEW = 12;
/** Facets of which all values are listed. */
const WHOLE: ReadonlySet<Facet> = new Set<Facet>(["kind", "form", "function", "status", "year"]);
const MOMENTS = 60;
const BY_FACTS: Sheet = { text: "", sort: "-facts", lang: "pl", page: 1, size: MOMENTS };
const SE = `${BASE}ns#`;
const ORG = "http://www.w3.org/ns/org#";
const SEATABLE = [`${ORG}Organization`, `${SE}Cluster`];
const GROUPS: Record<string, readonly string[]> = {
  signing: [`${SE}SigningEvent`, `${SE}Agreement`],
  award: [`${SE}Award`],
  founding: [`${ORG}ChangeEvent`, `${ORG}Organization`],
  event: [`${SE}Event`],
  office: [`${ORG}Membership`],
  status: [`${SE}StatusRecord`],
};

const long = (path: string): string => (/^(https?:|\d+$)/.test(path) ? path : BASE + path);

function columnOf({ values, things }: Pairs, size: number) {
  const iris = values.map(long);
  const direct: number[][] = Array.from({ length: size }, () => []);
  things.forEach(([own], number) => { for (const thing of own) direct[thing]!.push(number); });
  return {
    values: iris, things,
    number: new Map(iris.map((value, number) => [value, number])),
    /** The direct values of each thing. */
    of: (thing: number): string[] => direct[thing]!.map((number) => iris[number]!),
  };
}

export function indexOf(file: Columnar) {
  const things = file.things.map(long);
  const labels = new Map(Object.entries(file.labels).map(([path, names]) => [long(path), names]));
  const of = (pairs: Pairs) => columnOf(pairs, things.length);
  return {
    file, things, labels,
    kinds: file.kinds.map(long),
    columns: Object.fromEntries(FACETS.map((facet) => [facet, of(file.columns[facet])])) as Record<Facet, Column>,
    homes: of(file.homes),
    number: new Map(things.map((iri, number) => [iri, number])),
    folded: things.map((iri) => fold(`${Object.values(labels.get(iri) ?? {}).join(" ")} ${iri.replace(/.*\//, "")}`)),
    moment: (thing: number) => file.moments[file.things[thing]!],
  };
}

type Column = ReturnType<typeof columnOf>;

function maskOf(size: number, numbers: Iterable<number>): Mask {
  const mask = new Uint8Array(size);
  for (const number of numbers) mask[number] = 1;
  return mask;
}

const numbersOf = (mask: Mask): number[] => Array.from(mask.keys()).filter((number) => mask[number]);

export function selected(index: Index, selection: Selection, text = ""): Mask {
  const every = havingAll(index, selection, text);
  return selection.kind.length ? every : both(every, maskOf(every.length, index.file.main));
}

/** The things that have a chosen value of each facet and each word, those aside too. */
function havingAll(index: Index, selection: Selection, text: string): Mask {
  const size = index.things.length;
  let mask: Mask = new Uint8Array(size).fill(1);
  for (const facet of FACETS) {
    const values = facet === "year" ? yearsOf(selection) : selection[facet];
    if (values.length) mask = both(mask, having(index.columns[facet], values, size));
  }
  for (const word of fold(text).split(/\s+/).filter(Boolean)) mask = both(mask, withWord(index, word));
  return mask;
}

const both = (one: Mask, other: Mask): Mask => one.map((is, number) => is & other[number]!);

function having(column: Column, values: readonly string[], size: number): Mask {
  const numbers = values.map((value) => column.number.get(value)).filter((number) => number !== undefined);
  return maskOf(size, numbers.flatMap((number) => column.things[number]!.flat()));
}

const calledIn = (index: Index, value: string): string => fold(Object.values(index.labels.get(value) ?? {}).join(" "));

function withWord(index: Index, word: string): Mask {
  const mask = maskOf(index.things.length,
    index.folded.flatMap((name, number) => (name.includes(word) ? [number] : [])));
  for (const column of [index.columns.form, index.columns.function, index.homes])
    column.values.forEach((value, number) => {
      if (calledIn(index, value).includes(word)) for (const thing of column.things[number]!.flat()) mask[thing] = 1;
    });
  return mask;
}

/** The values of a facet with their numbers of things, as if none of its values were chosen; most first. */
function counted(index: Index, selection: Selection, facet: Facet): [string, number][] {
  const others = { ...selection, [facet]: [] };
  const mask = facet === "kind" ? havingAll(index, others, "") : selected(index, others);
  const { values, things } = index.columns[facet];
  const wanted = new Set(facet === "year" ? yearsOf(selection) : selection[facet]);
  return values.map((value, number): [string, number] => [value, sum(mask, things[number]!.flat())])
    .filter(([value, count]) => count > 0 || wanted.has(value))
    .sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));
}

const sum = (mask: Mask, things: readonly number[]): number =>
  things.reduce((count, thing) => count + mask[thing]!, 0);

export function facets(index: Index, selection: Selection, only?: { facet: Facet; text: string }): FacetCounts {
  const words = fold(only?.text ?? "").split(/\s+/).filter(Boolean);
  const isCalled = (value: string): boolean => {
    const name = words.length ? `${calledIn(index, value)} ${fold(value)}` : "";
    return words.every((word) => name.includes(word));
  };
  const found: FacetCounts = { total: numbersOf(selected(index, selection)).length, facets: {}, names: {} };
  for (const facet of only ? [only.facet] : FACETS) {
    const all = counted(index, selection, facet).filter(([value]) => isCalled(value));
    const chosen = new Set(selection[facet]);
    const kept = all.filter(([value], number) => number < FEW || chosen.has(value) || WHOLE.has(facet));
    if (facet === "year") kept.sort(([one], [other]) => (one < other ? -1 : 1));
    found.facets[facet] =
      { values: kept.map(([value, count]) => ({ value, count })), left: all.length - kept.length };
    Object.assign(found.names, namesOf(index, kept.map(([value]) => value)));
  }
  return found;
}

function namesOf(index: Index, terms: Iterable<string>): Names {
  const known = [...new Set(terms)].flatMap((iri): [string, Labels][] => {
    const labels = index.labels.get(iri);
    return labels ? [[iri, labels]] : [];
  });
  return Object.fromEntries(known);
}

const labelled = (index: Index, thing: number): Named => {
  const iri = index.things[thing]!;
  return { iri, kind: index.kinds[thing]!, labels: index.labels.get(iri) ?? {} };
};

const classifications = (index: Index, thing: number): string[] =>
  (["form", "function", "status"] as const).flatMap((facet) => index.columns[facet].of(thing));

/** The first known day of a thing; the month or the year alone where it happened on some day of it. */
function since(index: Index, thing: number): string | null {
  const known = index.moment(thing);
  if (!known || known.open || LASTING.has(index.kinds[thing]!)) return known?.from ?? null;
  const { from, to } = known;
  return from.slice(0, { day: 10, stretch: 10, month: 7, year: 4 }[extent(from, to)]);
}

const rowOf = (index: Index, thing: number): Row => ({
  ...labelled(index, thing),
  classifications: classifications(index, thing),
  places: index.homes.of(thing),
  from: since(index, thing),
  facts: index.file.facts[thing]!,
  sources: index.file.sources[thing]!,
});

/** The selected things in the order of a sheet; those without a value come last, equal ones by name. */
function inOrder(index: Index, selection: Selection, { text, sort, lang }: Sheet): number[] {
  const isDown = sort.startsWith("-");
  const ranks = index.file.orders[lang][sort.replace(/^-/, "")]!;
  const names = index.file.orders[lang].name!;
  return numbersOf(selected(index, selection, text)).sort((one, other) => {
    const [first, second] = [ranks[one]!, ranks[other]!];
    const isMissing = Number(first < 0) - Number(second < 0);
    return isMissing || (isDown ? second - first : first - second) || names[one]! - names[other]! || one - other;
  });
}

export function table(index: Index, selection: Selection, sheet: Sheet): TablePage {
  const all = inOrder(index, selection, sheet);
  const rows = all.slice((sheet.page - 1) * sheet.size, sheet.page * sheet.size).map((thing) => rowOf(index, thing));
  const mentioned = rows.flatMap((row) => [row.kind, ...row.classifications, ...row.places]);
  return { total: all.length, page: sheet.page, size: sheet.size, rows, names: namesOf(index, mentioned) };
}

/** The rows of the whole table, in a language. */
export function cells(index: Index, selection: Selection, sheet: Sheet): (string | number | null)[][] {
  const name = (iri: string): string => {
    const labels = index.labels.get(iri) ?? {};
    return labels[sheet.lang] ?? Object.values(labels)[0] ?? iri;
  };
  return inOrder(index, selection, sheet).map((thing) => {
    const row = rowOf(index, thing);
    const list = (iris: readonly string[]): string | null => iris.map(name).join("; ") || null;
    return [row.iri, name(row.iri), name(row.kind), list(row.classifications), list(row.places), row.from, row.facts,
      row.sources];
  });
}

export function places(index: Index, selection: Selection, withThings = false): Places {
  const mask = selected(index, selection);
  const { values, things } = index.columns.place;
  const chosen = new Set(selection.place);
  const within = (iri: string): string[] => (index.file.within[iri.slice(BASE.length)] ?? []).map(long);
  const found = values.flatMap((iri, number): Located[] => {
    const [own, others] = things[number]!;
    const inside = sum(mask, own) + sum(mask, others);
    const thing = index.number.get(iri);
    if (thing === undefined || (!inside && !chosen.has(iri))) return [];
    const [lat, lon] = index.file.points[iri.slice(BASE.length)] ?? [null, null];
    const listed = withThings ? { things: own.filter((one) => mask[one]).map((one) => index.things[one]!) } : {};
    return [{ ...labelled(index, thing), lat, lon, within: within(iri), own: sum(mask, own), inside, ...listed }];
  });
  const placed = maskOf(mask.length, things.flat(2));
  const seatable = having(index.columns.kind, SEATABLE, mask.length);
  const unplaced = inOrder(index, selection, BY_FACTS).filter((thing) => seatable[thing] && !placed[thing]);
  const without = unplaced.slice(0, MOMENTS).map((thing) => labelled(index, thing));
  return {
    total: numbersOf(mask).length, placed: numbersOf(both(mask, placed)).length, places: found,
    unplaced: unplaced.length, without,
    names: namesOf(index, [...found.flatMap(({ kind, within: outer }) => [kind, ...outer]),
      ...without.map(({ kind }) => kind)]),
  };
}

export function timeline(index: Index, selection: Selection): Timeline {
  const { groups, without } = grouped(index, selection);
  const dated = Object.values(groups).flat().map((thing) => index.moment(thing)!);
  const from = dated.map((one) => one.from).sort();
  const to = dated.map((one) => one.to).sort();
  const datable = maskOf(index.things.length, index.file.datable);
  const of = both(selected(index, { ...selection, year: [] }), datable);
  const { values, things } = index.columns.year;
  return {
    dated: dated.length, undated: without.length, from: from[0] ?? null, to: to.at(-1) ?? null,
    years: values.map((year, number) => ({ year, count: sum(of, things[number]!.flat()) }))
      .filter(({ count }) => count > 0),
    groups: Object.entries(groups).filter(([, all]) => all.length).map(([group, all]): Happened =>
      ({ group, count: all.length, rows: all.slice(0, MOMENTS).map((thing) => momentOf(index, thing)) })),
    without: without.slice(0, MOMENTS).map((thing) => labelled(index, thing)),
    names: namesOf(index, index.file.datable.map((thing) => index.kinds[thing]!)),
  };
}

const momentOf = (index: Index, thing: number): Dated =>
  ({ ...labelled(index, thing), ...index.moment(thing)! });

export const moments = (index: Index, selection: Selection, group: string, page: number): { rows: Dated[] } =>
  ({ rows: (grouped(index, selection).groups[group] ?? []).slice((page - 1) * MOMENTS, page * MOMENTS)
    .map((thing) => momentOf(index, thing)) });

/** The dated things by group, the earliest first, and the things that should have a date by name. */
function grouped(index: Index, selection: Selection) {
  const mask = selected(index, selection);
  const datable = index.file.datable.filter((thing) => mask[thing]);
  const names = index.file.orders.pl.name!;
  const without = datable.filter((thing) => !index.moment(thing))
    .sort((one, other) => names[one]! - names[other]! || one - other);
  let left = datable.filter((thing) => index.moment(thing)).sort((one, other) => {
    const [first, second] = [index.moment(one)!.from, index.moment(other)!.from];
    return first < second ? -1 : first > second ? 1 : one - other;
  });
  const groups: Record<string, number[]> = {};
  for (const [name, classes] of Object.entries(GROUPS)) {
    const ofClass = having(index.columns.kind, classes, index.things.length);
    groups[name] = left.filter((thing) => ofClass[thing]);
    left = left.filter((thing) => !ofClass[thing]);
  }
  groups.event!.push(...left);
  return { groups, without };
}

export const paths = (index: Index, selection: Selection): { things: string[] } =>
  ({ things: numbersOf(selected(index, selection)).map((thing) => index.file.things[thing]!) });

/** The dates of a thing; undefined without any. */
export const datesOf = (index: Index, iri: string) => index.file.moments[iri.slice(BASE.length)];
