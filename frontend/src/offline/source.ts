/** The back end without a server: files beside the page, and Oxigraph in the browser for queries. */

import {
  type About, asking, BASE, type Card, GROUP, type Hits, type Lang, type Names, type Network, pathOf, type Question,
  type Questions, RESULTS, type Reason, Refused, type Results, type Schema, type Source, type Thing,
} from "../api";
import { excelFile, safeFile } from "../csv";
import { isIri } from "../dictionary";
import { dayTerm, iriOf } from "../parameters";
import { sheetHeadings } from "../words/sheet";
import { engine } from "./engine";
import * as listing from "./facets";
import { asOf, chain, chainRows, neighbourhood } from "./network";
import { type DatedFact, type DatedPassage, factFinder, finder, passageFinder, questionFinder,
  type Ranked } from "./search";
import { crc32 } from "./zip";

type Values = Record<string, string>;
/** What files say of themselves: a card is in one of so many `files`. */
type Filed = About & { files: number };
/** A file of cards by IRI, and why the inferred facts about these things hold. */
interface Cards {
  cards: Record<string, Card>;
  why: { reasons: Reason[]; names: Names };
}
type Backend = ReturnType<typeof backendIn>;

/** The files that several answers are made from, and the engine over the graph. */
function backendIn(folder: URL, graph: URL) {
  const { kept } = asking(folder);
  return {
    kept,
    ask: engine(graph),
    about: () => kept<Filed>("about.json"),
    schema: () => kept<Schema>("schema.json"),
    whole: () => kept<Network>("whole.json"),
    names: () => kept<{ found: Ranked[] }>("names.json"),
    index: once(async () => listing.indexOf(await kept<listing.Columnar>("facets.json"))),
    texts: () => kept<{ passages: DatedPassage[]; facts: DatedFact[]; names: Names }>("texts.json"),
    questions: () => kept<Questions>("questions.json"),
  };
}

/** The back end in a folder of files; the graph stands beside the folder. */
export function files(folder: string, page = new URL("./", document.baseURI)): Source {
  const backend = backendIn(new URL(folder, page), new URL("sekg.trig", page));
  const { kept, about, schema, index, questions } = backend;
  const find = once(() => searcher(backend));
  return {
    about, schema, questions,
    overview: () => kept("overview.json"),
    whole: () => wholeOrGroups(backend),
    neighbourhood: (focus, depth) => around(backend, focus, depth),
    chain: (from, to, day) => chainBetween(backend, from, to, day),
    search: async (text, limit) => (await find())(text, limit),
    card: (iri, day) => card(backend, iri, day),
    why: (subject, predicate, object) => why(backend, subject, predicate, object),
    facets: async (selection, only) => listing.facets(await index(), selection, only),
    selected: async (selection) => listing.paths(await index(), selection),
    table: async (selection, sheet) => listing.table(await index(), selection, sheet),
    sheets: ["xlsx", "excel", "csv"],
    async sheet(selection, sheet, format) {
      const rows = [sheetHeadings(sheet.lang), ...listing.cells(await index(), selection, sheet)];
      if (format === "xlsx") return (await import("./workbook")).workbook(rows);
      return format === "excel" ? excelFile(rows) : safeFile(rows);
    },
    places: async (selection, withThings) => listing.places(await index(), selection, withThings),
    timeline: async (selection) => listing.timeline(await index(), selection),
    moments: async (selection, group, page) => listing.moments(await index(), selection, group, page),
    sources: async (lang) => (await kept<Record<Lang, Results>>("sources.json"))[lang],
    disputes: () => kept("disputes.json"),
    answer: (name, lang, parameters, day) => answer(backend, name, lang, parameters, day),
    sparql: (query, format, signal) => evaluated(backend, query, format, {}, signal),
  };
}

/** The whole graph, or the groups of one that is too large for one picture. */
async function wholeOrGroups({ kept, whole }: Backend): Promise<Network> {
  const overview = await kept<Network>("overview.json");
  return overview.grouped ? overview : whole();
}

/** A search in all that the files hold. */
async function searcher({ names, texts, questions, schema }: Backend): Promise<(text: string, limit: number) => Hits> {
  const [{ found: named }, known, asked, { prefixes }] =
    await Promise.all([names(), texts(), questions(), schema()]);
  const kinds = new Map(named.map(({ iri, kind }) => [iri, kind]));
  const things = finder(named);
  const passages = passageFinder(known.passages);
  const facts = factFinder(known.facts);
  const findQuestions = questionFinder(asked.questions, things, (iri) => kinds.get(iri), prefixes);
  return (text, limit) => {
    const beside = { questions: findQuestions(text), passages: passages(text), facts: facts(text) };
    const hits = things(text, limit);
    const isGuess = hits[0]?.guessed && Object.values(beside).some(({ length }) => length > 0);
    const asked = beside.questions.flatMap(({ values }) => Object.values(values));
    const more = asked.flatMap((term) => named.filter(({ iri }) => iri === iriOf(term, prefixes)))
      .map(({ iri, labels }) => [iri, labels]);
    return { found: isGuess ? [] : hits, ...beside, names: { ...known.names, ...Object.fromEntries(more) } };
  };
}

/** Calls `make` once and keeps its promise; calls it again after a failure. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    made.catch(() => { made = null; });
    return made;
  };
}

async function around(backend: Backend, focus: string, depth: number): Promise<Network> {
  if (focus.startsWith(GROUP)) return backend.kept(`${pathOf(focus)}.json`);
  const found = neighbourhood(await backend.whole(), focus, depth);
  return found.nodes.length ? found : { nodes: [await unlinked(backend, focus)], edges: [], names: {} };
}

/** A thing without links. */
async function unlinked({ names, index }: Backend, iri: string): Promise<Thing> {
  const [{ found }, dated] = await Promise.all([names(), index()]);
  const known = found.find((one) => one.iri === iri);
  if (!known || iri.startsWith(`${BASE}source/`)) throw new Refused("missing", `nothing is known of <${iri}>`);
  const when = listing.datesOf(dated, iri);
  const [from, to] = [when?.begun ? when.from : null, when && !when.open ? when.to : null];
  return { iri, kind: known.kind, labels: known.labels, x: 0, y: 0, from, to };
}

async function chainBetween({ whole }: Backend, from: string, to: string, day: string | null): Promise<Network> {
  const found = chain(day ? asOf(await whole(), day) : await whole(), from, to);
  if (!found) throw new Refused("missing", `no chain of facts between <${from}> and <${to}>`);
  return found;
}

async function card(backend: Backend, iri: string, day: string | null): Promise<Card> {
  const found = (await cardsWith(backend, iri)).cards[iri];
  if (!found) throw new Refused("missing", `nothing is known of <${iri}>`);
  return day ? { ...found, ...(await statesOn(backend, found, day)) } : found;
}

/** The states on a day of a thing and of those on its card, by the query that the server runs. */
async function statesOn(backend: Backend, shown: Card, day: string): Promise<Pick<Card, "states" | "names">> {
  const { sparql, names } = await backend.kept<{ sparql: string; names: Names }>("states.json");
  const { text } = await evaluated(backend, sparql, RESULTS, { day: dayTerm(day) });
  const groups = [...shown.sections.flatMap((section) => section.groups), ...shown.folded];
  const facts = groups.flatMap((group) => group.facts);
  const ends = new Set(
    [shown.iri, ...facts.flatMap(({ other, tenures }) => (isIri(other) ? [other.iri, ...tenures] : []))]);
  const known = ((JSON.parse(text) as Results).results?.bindings ?? []).flatMap(({ thing, state }) =>
    (thing && state && ends.has(thing.value) ? [[thing.value, state.value] as const] : []));
  return { states: Object.fromEntries(known), names: { ...shown.names, ...names } };
}

/** The number of the file with the card of a thing: the CRC-32 of its IRI modulo the number of files. */
export const numberOf = (iri: string, files: number): number => crc32(new TextEncoder().encode(iri)) % files;

async function cardsWith({ about, kept }: Backend, iri: string): Promise<Cards> {
  return kept(`things/${numberOf(iri, (await about()).files)}.json`);
}

async function why(backend: Backend, subject: string, predicate: string, object: string) {
  const { reasons, names } = (await cardsWith(backend, subject)).why;
  const reason = reasons.find((one) =>
    one.subject === subject && one.predicate === predicate && isIri(one.object) && one.object.iri === object);
  if (!reason) throw new Refused("missing", "this fact is not inferred, or not known");
  return { reason, names };
}

async function evaluated({ ask, schema, about }: Backend, query: string, accept: string, values: Values,
    signal?: AbortSignal) {
  const [{ prefixes }, { timeout }] = await Promise.all([schema(), about()]);
  return ask({ query, values, accept, prefixes }, timeout, signal);
}

async function answer(backend: Backend, name: string, lang: Lang, parameters: Values,
    day: string | null): Promise<Results> {
  const question = (await backend.questions()).questions.find((one) => one.name === name);
  if (!question) throw new Refused("missing", `no question “${name}”`);
  const unknown = Object.keys(parameters).find((one) => !Object.hasOwn(question.parameters, one));
  if (unknown) throw new Refused("malformed", `${name} has no parameter “${unknown}”`);
  const given = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== "UNDEF"));
  const isUsual = Object.keys(given).length === 0;
  const answers = (): Promise<Record<string, Record<Lang, Results>>> => backend.kept("answers.json");
  const usual = async (): Promise<Results> => (await answers())[name]![lang];
  if (question.computed) return isUsual && !day ? usual() : computed(backend, question, given, day);
  try {
    const { text } = await evaluated(backend, question.sparql, RESULTS, { ...given, lang });
    return JSON.parse(text) as Results;
  } catch (error) {
    if (!isUsual || !isMissing(error)) throw error;
    return usual();
  }
}

/** The answer to a question that is computed without SPARQL, for a day or for values other than its defaults. */
async function computed(backend: Backend, question: Question, given: Values, day: string | null): Promise<Results> {
  const detail = "without a server this question is answered for its usual values and all dates only";
  if (question.name !== "chain") throw new Refused("missing", detail);
  const { prefixes } = await backend.schema();
  const end = (name: string): string => iriOf(given[name] ?? question.parameters[name] ?? "", prefixes) ?? "";
  return chainRows(await chainBetween(backend, end("from"), end("to"), day));
}

/** Whether the engine could not be loaded, so that the answer in a file is given. */
const isMissing = (error: unknown): boolean =>
  error instanceof Refused && ["unreachable", "missing"].includes(error.code);
