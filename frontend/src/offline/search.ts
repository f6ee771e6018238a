/** Finds things by name as the server does: by prefixes of words, else by similar names. */

import type { Found } from "../api";
import { fold } from "../fold";

/** A name of a thing; `rank` is 0 for agents, agreements and events, 1 for places, 2 for all else. */
export interface Ranked extends Found {
  rank: number;
}

interface Entry {
  readonly named: Ranked;
  readonly folded: string;
  readonly words: readonly string[];
  readonly runs: readonly string[];
}

/** The least likeness of each typed word to some word of the name, from 0 to 1. */
const ALIKE = 0.75;
/** The number of the rarest typed trigrams that select the names to compare. */
const RAREST = 5;
const COMPARED = 100;

/** A search in names that returns each thing once, best first. */
export function finder(names: readonly Ranked[]): (text: string, limit: number) => Found[] {
  const entries = names.map((named): Entry => {
    const folded = fold(named.name);
    return { named, folded, words: wordsIn(folded), runs: runsIn(folded) };
  });
  return (text, limit) => {
    const words = wordsIn(fold(text));
    const found = words.length ? beginning(entries, words) : [];
    return once(found.length || !words.length ? found : similar(entries, words), limit);
  };
}

const wordsIn = (folded: string): string[] => folded.match(/[\p{L}\p{N}]+/gu) ?? [];

/** The trigrams of a text. */
function runsIn(text: string): string[] {
  const letters = [...text];
  return letters.slice(2).map((_, at) => letters.slice(at, at + 3).join(""));
}

function once(entries: readonly Entry[], limit: number): Found[] {
  const best = new Map<string, Found>();
  for (const { named: { rank: _, ...found } } of entries) if (!best.has(found.iri)) best.set(found.iri, found);
  return [...best.values()].slice(0, limit);
}

/** Names in which each typed word is a prefix of some word. */
function beginning(entries: readonly Entry[], words: readonly string[]): Entry[] {
  const wanted = words.map((word) => (token: string) => token.startsWith(word));
  const whole = words.join(" ");
  return scored(entries, "words", wanted)
    .filter(({ entry }) => wanted.every((begins) => entry.words.some(begins)))
    .sort((a, b) =>
      Number(b.entry.folded === whole) - Number(a.entry.folded === whole) || a.entry.named.rank - b.entry.named.rank
      || b.fit - a.fit || a.entry.named.name.length - b.entry.named.name.length || byIri(a.entry, b.entry))
    .map(({ entry }) => entry);
}

/** Names that share rare trigrams with the typed words and have a similar word for each. */
function similar(entries: readonly Entry[], words: readonly string[]): Entry[] {
  const wanted = rarest(entries, runsIn(words.join(" "))).map((run) => (token: string) => token === run);
  return scored(entries, "runs", wanted)
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => b.fit - a.fit || a.entry.named.rank - b.entry.named.rank || byIri(a.entry, b.entry))
    .slice(0, COMPARED)
    .map(({ entry }) => ({ entry, likeness: likeness(words, entry) }))
    .filter(({ likeness }) => likeness >= ALIKE)
    .sort((a, b) => b.likeness - a.likeness)
    .map(({ entry }) => entry);
}

const byIri = (one: Entry, other: Entry): number =>
  (one.named.iri < other.named.iri ? -1 : Number(one.named.iri > other.named.iri));

/** The few trigrams that occur in the fewest names, but in one at least. */
function rarest(entries: readonly Entry[], runs: readonly string[]): string[] {
  return [...new Set(runs)]
    .map((run) => ({ run, names: entries.filter((entry) => entry.runs.includes(run)).length }))
    .filter(({ names }) => names > 0)
    .sort((a, b) => a.names - b.names || (a.run < b.run ? -1 : 1))
    .slice(0, RAREST)
    .map(({ run }) => run);
}

/** Entries scored by Okapi BM25 with the constants of SQLite (https://sqlite.org/fts5.html#the_bm25_function). */
function scored(entries: readonly Entry[], of: "words" | "runs", wanted: readonly ((token: string) => boolean)[]) {
  const texts = entries.map((entry) => entry[of]);
  const usual = texts.reduce((sum, { length }) => sum + length, 0) / texts.length;
  const scores = texts.map(() => 0);
  for (const isWanted of wanted) {
    const hits = texts.map((tokens) => tokens.filter(isWanted).length);
    const having = hits.filter((hit) => hit > 0).length;
    const weight = Math.max(Math.log((texts.length - having + 0.5) / (having + 0.5)), 1e-6);
    for (const [at, hit] of hits.entries()) {
      scores[at]! += (weight * hit * 2.2) / (hit + 1.2 * (0.25 + (0.75 * texts[at]!.length) / usual));
    }
  }
  return entries.map((entry, at) => ({ entry, fit: scores[at]! }));
}

/** The likeness of each typed word to the most similar word of the name; the least of these. */
function likeness(words: readonly string[], { words: own, folded }: Entry): number {
  const ofName = own.length ? own : [folded];
  return Math.min(...words.map(
    (typed) => Math.max(...ofName.map((word) => (2 * shared(typed, word)) / (typed.length + word.length)))));
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
