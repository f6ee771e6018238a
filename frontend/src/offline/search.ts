/** Finds things, passages, facts and questions as the server does (`kgraph/graph/names/search.py`, `finding.py`). */

import type { Found, FoundQuestion, Passage, Question, Triple } from "../api";
import { fold } from "../fold";
import { iriOf } from "../parameters";
import { closeness, telling, type Worded, worded, wordsIn } from "../stemming";

/** A name of a thing; `rank` is 0 for agents, 1 for agreements and events, 2 for places, 3 for all else. */
export interface Ranked extends Found {
  rank: number;
  /** The years that the thing can be found by. */
  years: readonly number[];
}

export type DatedPassage = Passage & { years: readonly number[] };
export type DatedFact = Triple & { names: string; years: readonly number[] };

/** The least likeness of each typed word to some word of the name, from 0 to 1. */
const ALIKE = 0.75;
/** The number of the rarest typed trigrams that select the names to compare. */
const RAREST = 5;
const COMPARED = 100;
/** The distance of a year that only the dates of a hit have, and of a word that only the meaning of a question has. */
const APART = 3;
/** The most questions, passages and facts, and the most passages of one source. */
const MOST = 5;
const FROM_ONE = 2;
/** The characters of a passage that tells enough at a glance. */
const SENTENCE = 100;
/** The words that must be a question's own when the others name a thing to ask about. */
const ENOUGH = 2;

type Entry<Item> = { readonly item: Item; readonly text: Worded; readonly years: readonly number[] };

const entry = <Item>(item: Item, text: string, years: readonly number[]): Entry<Item> =>
  ({ item, text: worded(text), years });

/** The distance of the words from an entry; null when it lacks one. */
function distance<Item>(words: readonly string[], { text, years }: Entry<Item>): number | null {
  let total = 0;
  for (const word of words) {
    const far = closeness(word, text) ?? (years.some((year) => String(year) === word) ? APART : null);
    if (far === null) return null;
    total += far;
  }
  return total;
}

/** The entries with all words, each with its distance. */
function having<Item>(entries: readonly Entry<Item>[], words: readonly string[]) {
  return entries.flatMap((found) => {
    const far = distance(words, found);
    return far === null ? [] : [{ ...found, far }];
  });
}

const byText = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

/** A hit of a search; `guessed` when the name is only similar. */
export interface Hit extends Found {
  guessed: boolean;
}

/** A search in names that returns each thing once, best first. */
export function finder(names: readonly Ranked[]): (text: string, limit: number) => Hit[] {
  const entries = names.map((named) => entry(named, named.name, named.years));
  const folded = entries.map(({ item }) => ({ item, folded: fold(item.name), runs: runsIn(fold(item.name)) }));
  return (text, limit) => {
    const words = wordsIn(text);
    if (!words.length) return [];
    const whole = words.join(" ");
    const found = having(entries, telling(words)).sort((a, b) =>
      Number(a.text.whole !== whole) - Number(b.text.whole !== whole) || a.item.rank - b.item.rank || a.far - b.far
      || [...a.item.name].length - [...b.item.name].length || byText(a.item.name, b.item.name)
      || byText(a.item.iri, b.item.iri)).map(({ item }) => item);
    return found.length ? once(found, limit, false) : once(similar(folded, words), limit, true);
  };
}

function once(found: readonly Ranked[], limit: number, guessed: boolean): Hit[] {
  const best = new Map<string, Hit>();
  for (const { rank: _, years: __, ...hit } of found) if (!best.has(hit.iri)) best.set(hit.iri, { ...hit, guessed });
  return [...best.values()].slice(0, limit);
}

/** The trigrams of a text. */
function runsIn(text: string): string[] {
  const letters = [...text];
  return letters.slice(2).map((_, at) => letters.slice(at, at + 3).join(""));
}

type Spelt = { readonly item: Ranked; readonly folded: string; readonly runs: readonly string[] };

/** Names that share rare trigrams with the typed words and have a similar word for each. */
function similar(names: readonly Spelt[], words: readonly string[]): Ranked[] {
  const wanted = rarest(names, runsIn(words.join(" ")));
  const fits = scored(names.map(({ runs }) => runs), wanted);
  return names.map((name, at) => ({ ...name, fit: fits[at]! }))
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => b.fit - a.fit || a.item.rank - b.item.rank || byText(a.item.iri, b.item.iri))
    .slice(0, COMPARED)
    .map(({ item, folded }) => ({ item, likeness: likeness(words, folded) }))
    .filter(({ likeness }) => likeness >= ALIKE)
    .sort((a, b) => b.likeness - a.likeness)
    .map(({ item }) => item);
}

/** The few trigrams that occur in the fewest names, but in one at least. */
function rarest(names: readonly Spelt[], runs: readonly string[]): string[] {
  return [...new Set(runs)]
    .map((run) => ({ run, count: names.filter((name) => name.runs.includes(run)).length }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => a.count - b.count || byText(a.run, b.run))
    .slice(0, RAREST)
    .map(({ run }) => run);
}

/** Okapi BM25 with the constants of SQLite (https://sqlite.org/fts5.html#the_bm25_function). */
function scored(texts: readonly (readonly string[])[], wanted: readonly string[]): number[] {
  const usual = texts.reduce((sum, { length }) => sum + length, 0) / texts.length;
  const scores = texts.map(() => 0);
  for (const run of wanted) {
    const hits = texts.map((runs) => runs.filter((one) => one === run).length);
    const having = hits.filter((hit) => hit > 0).length;
    const weight = Math.max(Math.log((texts.length - having + 0.5) / (having + 0.5)), 1e-6);
    for (const [at, hit] of hits.entries()) {
      scores[at]! += (weight * hit * 2.2) / (hit + 1.2 * (0.25 + (0.75 * texts[at]!.length) / usual));
    }
  }
  return scores;
}

/** The likeness of each typed word to the most similar word of the name; the least of these. */
function likeness(words: readonly string[], folded: string): number {
  const own = folded.match(/[\p{L}\p{N}]+/gu) ?? [folded];
  return Math.min(...words.map(
    (typed) => Math.max(...own.map((word) => (2 * shared(typed, word)) / (typed.length + word.length)))));
}

/** The number of matching characters by Python's difflib: the longest common part, then those before and after it. */
function shared(one: string, other: string): number {
  let [length, inOne, inOther] = [0, 0, 0];
  for (let a = 0; a < one.length; a += 1) {
    for (let b = 0; b < other.length; b += 1) {
      let same = 0;
      while (a + same < one.length && one[a + same] === other[b + same]) same += 1;
      if (same > length) [length, inOne, inOther] = [same, a, b];
    }
  }
  const before = (): number => shared(one.slice(0, inOne), other.slice(0, inOther));
  const after = (): number => shared(one.slice(inOne + length), other.slice(inOther + length));
  return length && length + before() + after();
}

/** A search in passages: the nearest first, then those that tell most at a glance, at most two of a source. */
export function passageFinder(passages: readonly DatedPassage[]): (text: string) => Passage[] {
  const entries = passages.map((one) => entry(one, one.words, one.years));
  return (text) => {
    const words = telling(wordsIn(text));
    if (!words.length) return [];
    const apart = (one: Passage): number => Math.abs([...one.words].length - SENTENCE);
    const earlier = new Map<string, number>();
    return having(entries, words).slice(0, COMPARED)
      .sort((a, b) => a.far - b.far || apart(a.item) - apart(b.item))
      .filter(({ item: { source } }) => {
        earlier.set(source, (earlier.get(source) ?? 0) + 1);
        return earlier.get(source)! <= FROM_ONE;
      })
      .slice(0, MOST).map(({ item: { years: _, ...passage } }) => passage);
  };
}

/** A search in facts by the names of their parts; at least two words are needed. */
export function factFinder(facts: readonly DatedFact[]): (text: string) => Triple[] {
  const entries = facts.map((one) => entry(one, one.names, one.years));
  return (text) => {
    const words = telling(wordsIn(text));
    if (words.length < 2) return [];
    return having(entries, words).slice(0, COMPARED).sort((a, b) => a.far - b.far).slice(0, MOST)
      .map(({ item: { subject, predicate, object } }) => ({ subject, predicate, object }));
  };
}

/** A search in questions, some words of which may name a thing to ask about; `find` finds things. */
export function questionFinder(questions: readonly Question[], find: (text: string, limit: number) => Hit[],
    kindOf: (iri: string) => string | undefined, prefixes: Readonly<Record<string, string>>) {
  const all = questions.map((question) => ({ question,
    own: worded([...Object.values(question.title), question.keywords].join(" ")),
    meaning: worded(Object.values(question.meaning).join(" ")) }));

  /** The first thing found of the kind that a parameter takes. */
  function valuesOf({ parameters }: Question, words: readonly string[]): Record<string, string> | null {
    const found = find(words.join(" "), 20).filter(({ guessed }) => !guessed);
    for (const [name, usual] of Object.entries(parameters)) {
      const kind = kindOf(iriOf(usual, prefixes) ?? "");
      const hit = kind && found.find((one) => one.kind === kind);
      if (hit) return { [name]: shortOf(hit.iri, prefixes) };
    }
    return null;
  }

  return (text: string): FoundQuestion[] => {
    const words = telling(wordsIn(text)).filter((word) => !/^\d+$/.test(word));
    if (!words.length) return [];
    const rated = all.flatMap(({ question, own, meaning }) => {
      const away = words.map((word) => closeness(word, own) ?? (closeness(word, meaning) === null ? null : APART));
      const foreign = words.filter((_, at) => away[at] === null);
      const near = away.filter((far) => far !== null);
      const isOwn = near.filter((far) => far < APART).length >= ENOUGH;
      const values = foreign.length ? isOwn && valuesOf(question, foreign) : {};
      const far = near.reduce((sum, one) => sum + one, 0);
      const isBeside = near.includes(APART);
      return values ? [{ isBeside, foreign: foreign.length, far, name: question.name, values }] : [];
    }).sort((a, b) => Number(a.isBeside) - Number(b.isBeside) || a.foreign - b.foreign || a.far - b.far
      || byText(a.name, b.name));
    return rated.filter(({ isBeside }) => isBeside === rated[0]?.isBeside).slice(0, MOST)
      .map(({ name, values }) => ({ name, values }));
  };
}

const shortOf = (iri: string, prefixes: Readonly<Record<string, string>>): string => {
  const [prefix, start] = Object.entries(prefixes).filter(([, start]) => iri.startsWith(start))
    .sort(([, one], [, other]) => other.length - one.length)[0] ?? [];
  return start === undefined ? iri : `${prefix}:${iri.slice(start.length)}`;
};
