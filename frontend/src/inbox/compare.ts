/** Two cards side by side: fields with the values of both, and what differs. */

import type { Card, Group, Labels, Place, Term } from "../api";
import { isIri } from "../dictionary";
import { fold } from "../fold";
import type { How } from "./panes";

const OTHER_NAME = "http://www.w3.org/2004/02/skos/core#altLabel";

export interface Value {
  term: Term;
  places: Place[];
  /** Whether the other side has it too. */
  isShared: boolean;
}

/** A field of two things; one without labels has the name of its relation. */
export interface Field {
  labels: Labels;
  predicate: string;
  how: How;
  one: Value[];
  other: Value[];
}

const wordsOf = (name: string): string[] => fold(name).split(/[^\p{L}\p{N}]+/u).filter(Boolean);

/** The names of a thing as sources write them, in Polish, each once but for capitals and marks; else any name. */
export function namesOf({ labels, notes }: Card): string[] {
  const others = notes.flatMap(({ predicate, value }) =>
    (predicate === OTHER_NAME && !isIri(value) && value.lang !== "en" ? [value.value] : []));
  const names = [labels.pl ?? Object.values(labels)[0], ...others].filter((name) => name !== undefined);
  return [...new Map(names.toReversed().map((name) => [wordsOf(name).join(" "), name])).values()].toReversed();
}

/** How the names of two things compare. */
export function namesCompared(one: readonly string[], other: readonly string[]): How {
  const whole = new Set(other.map((name) => wordsOf(name).join(" ")));
  if (one.some((name) => whole.has(wordsOf(name).join(" ")))) return "equal";
  const words = new Set(other.flatMap(wordsOf));
  return one.flatMap(wordsOf).some((word) => words.has(word)) ? "partly" : "different";
}

/** The words of a name, and whether a name of the other side has them. */
export function marked(name: string, others: readonly string[]): { text: string; isShared: boolean }[] {
  const known = new Set(others.flatMap(wordsOf));
  return name.split(/(\s+)/).filter(Boolean)
    .map((text) => ({ text, isShared: wordsOf(text).every((word) => known.has(word)) }));
}

/** The fields of two cards: the key facts, then other relations; those of one side only come last. */
export function fields(one: Card, other: Card): Field[] {
  const keyed = [one, other].map(keyFields);
  const covered = new Set([one, other].flatMap((card) => card.keys.flatMap(({ values }) =>
    values.flatMap(({ facts }) => facts.map(({ predicate }) => predicate)))));
  const grouped = [one, other].map((card) => groupFields(card, covered));
  const found = [paired(keyed[0]!, keyed[1]!), paired(grouped[0]!, grouped[1]!)].flat();
  return [...found.filter(({ how }) => how !== "only"), ...found.filter(({ how }) => how === "only")];
}

type Side = { labels: Labels; predicate: string; values: Omit<Value, "isShared">[] };

const keyFields = ({ keys }: Card): Map<string, Side> => new Map(keys.filter(({ values }) => values.length)
  .map(({ labels, values }) => [JSON.stringify(labels), { labels, predicate: "",
    values: values.map(({ value, facts }) => ({ term: value, places: facts.flatMap(({ places }) => places) })) }]));

const groupFields = ({ sections }: Card, covered: ReadonlySet<string>): Map<string, Side> =>
  new Map(sections.flatMap(({ groups }) => groups).filter(({ predicate }) => !covered.has(predicate))
    .map((group: Group) => [`${group.predicate} ${group.incoming}`, { labels: group.labels, predicate: group.predicate,
      values: group.facts.map(({ other, places }) => ({ term: other, places })) }]));

function paired(one: ReadonlyMap<string, Side>, other: ReadonlyMap<string, Side>): Field[] {
  return [...new Set([...one.keys(), ...other.keys()])].map((key) => {
    const [mine, theirs] = [one.get(key)?.values ?? [], other.get(key)?.values ?? []];
    const { labels, predicate } = (one.get(key) ?? other.get(key))!;
    return { labels, predicate, how: how(mine, theirs), one: shared(mine, theirs), other: shared(theirs, mine) };
  });
}

const same = (term: Term): string => (isIri(term) ? term.iri : fold(term.value));

function shared(values: Side["values"], others: Side["values"]): Value[] {
  const known = new Set(others.map(({ term }) => same(term)));
  return values.map((value) => ({ ...value, isShared: known.has(same(value.term)) }));
}

function how(one: Side["values"], other: Side["values"]): How {
  if (!one.length || !other.length) return "only";
  const all = [...shared(one, other), ...shared(other, one)];
  if (all.every(({ isShared }) => isShared)) return "equal";
  return all.some(({ isShared }) => isShared) ? "partly" : "different";
}
