/** The interface of a back end, typed. `http` asks a server; offline/ reads files and queries a local store. */

import { chosen, type Facet, type Selection } from "./selection";

export const BASE = "https://w3id.org/sekg/";
/** The status of a passage that states the fact. */
export const STATED = `${BASE}kind/claim-status/stated`;

export type Lang = "pl" | "en";
export type Labels = Partial<Record<string, string>>;
export type Names = Record<string, Labels>;
export type Term = { iri: string } | { value: string; lang: string | null; datatype: string };

/** A passage of a source about a fact. */
export interface Place {
  source: string;
  status: string;
  start: number | null;
  end: number | null;
  words: string | null;
  /** The row of a register, of which the header is 1. */
  row?: number;
}

/** The first and the last day or year, each null where it is not known. */
export type Interval = Record<"from" | "to", string | null>;

export interface Labelled {
  iri: string;
  labels: Labels;
}

export interface Named extends Labelled {
  kind: string;
}

export interface Thing extends Named, Interval {
  x: number;
  y: number;
  /** How many known unknowns it has, when the back end says so. */
  unknowns?: number;
  /** For a group of a large graph: how many things it holds. */
  holds?: number;
}

/** How the address of a group of a large graph begins. */
export const GROUP = `${BASE}group/`;
/** Whether an address is that of all groups of a region. */
export const isRegion = (iri: string): boolean => iri.startsWith(GROUP) && !iri.slice(GROUP.length).includes("/");

export interface Evidence {
  asserted: boolean;
  rule: string | null;
  disputed: boolean;
  single: boolean;
  /** True for a stated value in whose place the default graph has another. */
  yields?: boolean;
  places: Place[];
}

export interface Edge extends Evidence {
  source: string;
  predicate: string;
  target: string;
  /** When it held, once for each membership that it follows from; empty without any. */
  during: Interval[];
}

export interface Network {
  nodes: Thing[];
  edges: Edge[];
  names: Names;
  /** The thing that the others are placed around. Given only where the whole graph has no layout. */
  origin?: string | null;
  /** Whether it shows groups of a graph that is too large for one picture. */
  grouped?: boolean;
}

export interface Fact extends Evidence {
  other: Term;
  predicate: string;
  /** Whether the other end is the subject. */
  incoming: boolean;
  /** The memberships that it follows from; it holds while they last. */
  tenures: string[];
  /** The membership that it tells of. */
  office: string | null;
}

/** The facts of one relation, by a name for this direction; the ontology names it where `labels` is empty. */
export interface Group {
  labels: Labels;
  predicate: string;
  incoming: boolean;
  facts: Fact[];
}

/** A fact with both ends. */
export interface Told extends Evidence {
  subject: string;
  predicate: string;
  object: Term;
}

/** A key fact: its values, each with the facts it rests on, nearest first; else the known unknown about it.
 *  `status` is that of a value which no source asserts, such as planned. */
export interface Key {
  labels: Labels;
  unknown: string | null;
  values: { value: Term; office: string | null; status: string | null; facts: Told[] }[];
}

/** Who held what, as what, when in words; `later` are those who held the post after that. */
export interface Office {
  member: string;
  organisation: string;
  roles: string[];
  when: Labels;
  later: string[];
}

/** Who published a source, when, and where to read it; empty if unknown. */
export type Origin = Record<"publisher" | "issued" | "address", string> & { draft?: string };
export type Origins = Partial<Record<string, Origin>>;

/** Values that refine or contradict another value of the thing `of`, and why both cannot hold. */
export interface Difference {
  value: Term;
  link: string;
  other: Term;
  of: string;
  predicate: string;
  sources: string[];
  otherSources: string[];
  /** Whether the value is of a later time than the other. */
  isLater: boolean;
  because: Labels | null;
}

export interface Card extends Labelled {
  curie: string;
  kinds: string[];
  law: Labelled | null;
  sentence: Labels;
  /** How many facts sources state about it. */
  total: number;
  keys: Key[];
  notes: { predicate: string; value: Term }[];
  /** The facts in groups, in the order in which people think. */
  sections: { labels: Labels; groups: Group[] }[];
  /** Facts that only repeat others or follow from them. */
  folded: Group[];
  /** How many facts with it as their object the card leaves out, by their relations: a country has very many. */
  left: Record<string, number>;
  offices: Partial<Record<string, Office>>;
  origins: Origins;
  /** The sentence of each rule that gave a fact. */
  because: Partial<Record<string, Labels>>;
  /** The known unknowns about it, with what other sources answer. */
  unknowns: (Labelled & { answers: Answer[] })[];
  /** For a known unknown: what other sources answer. */
  answers: Answer[];
  /** For a known unknown: the thing and the relation that it is about, and the sources that leave it open. */
  leftOpen: { link: string; other: Term }[];
  links: Difference[];
  /** The states of the thing and of those on its card on the chosen day; empty without a day. */
  states: Record<string, string>;
  names: Names;
}

/** A value that answers a known unknown, and the sources that state it. */
export interface Answer {
  value: Term;
  sources: string[];
}

interface Claim {
  subject: string;
  predicate: string;
  object: Term;
  places: Place[];
}

export interface Reason extends Claim {
  rule: string | null;
  premises: Reason[];
}

export interface Side extends Claim {
  source: string;
}

/** Two claims that differ; of a refinement `one` is the more precise. */
export interface Dispute {
  contradiction: boolean;
  one: Side;
  other: Side;
  /** Why both cannot hold. */
  because: Labels | null;
}

export interface Found extends Named {
  name: string;
}

/** A fact by the IRIs of its parts. */
export interface Triple {
  subject: string;
  predicate: string;
  object: string;
}

/** Words of a source and a fact that they are evidence of; the object is empty when it is a literal. */
export interface Passage extends Triple {
  source: string;
  words: string;
  start: number | null;
  end: number | null;
}

/** A question that a search found, with the values of parameters that the text names. */
export interface FoundQuestion {
  name: string;
  values: Record<string, string>;
}

/** What a search finds, each the best first. */
export interface Hits {
  found: Found[];
  questions: FoundQuestion[];
  passages: Passage[];
  facts: Triple[];
  names: Names;
}

export interface About {
  title: Labels;
  version: string;
  licence: string;
  triples: number;
  /** Entries with a name: people, organisations, agreements, places and the like. */
  things: number;
  sources: number;
  /** Seconds that a query may take. */
  timeout: number;
}

export interface Property extends Labelled {
  definitions: Labels;
}

export interface Class extends Property {
  count: number;
}

export interface Schema {
  prefixes: Record<string, string>;
  classes: Class[];
  properties: Property[];
}

export interface Row extends Named {
  classifications: string[];
  /** Its seat, else where it is or took place, else where it is active. */
  places: string[];
  from: string | null;
  facts: number;
  sources: number;
}

/** A place with the things that are in it itself (`own`) and in all places inside it. */
export interface Located extends Named {
  lat: number | null;
  lon: number | null;
  within: string[];
  own: number;
  inside: number;
  /** The own things, where they were asked for. */
  things?: string[];
}

export interface Places {
  /** The number of selected things, and of those with a place. */
  total: number;
  placed: number;
  places: Located[];
  /** The number of organisations and clusters without a place, and the first of them. */
  unplaced: number;
  without: Named[];
  names: Names;
}

export interface FacetValues {
  values: { value: string; count: number }[];
  /** The number of values that are not listed. */
  left: number;
}

export interface FacetCounts {
  total: number;
  facets: Partial<Record<Facet, FacetValues>>;
  names: Names;
}

/** A page of a table: which rows, in which order. */
export interface Sheet {
  text: string;
  /** A column, with `-` from the end. */
  sort: string;
  lang: Lang;
  page: number;
  size: number;
}

export interface TablePage {
  total: number;
  page: number;
  size: number;
  rows: Row[];
  names: Names;
}

export type SheetFormat = "csv" | "excel" | "xlsx";

/** A thing with its first and last known day or year. */
export interface Dated extends Named {
  from: string;
  to: string;
  /** Whether no end is known. */
  open: boolean;
  /** Whether the first day is the beginning rather than an attestation. */
  begun: boolean;
  /** The dates on which sources contradict each other. */
  disputed: Term[];
}

/** What happened in one group, the earliest first. */
export interface Happened {
  group: string;
  count: number;
  rows: Dated[];
}

export interface Timeline {
  dated: number;
  undated: number;
  from: string | null;
  to: string | null;
  years: { year: string; count: number }[];
  groups: Happened[];
  /** The first things without a date. */
  without: Named[];
  names: Names;
}

export interface Question {
  name: string;
  title: Labels;
  meaning: Labels;
  askedBy: string;
  parameters: Record<string, string>;
  sparql: string;
  computed: boolean;
  /** More words to find it by, in both languages. */
  keywords: string;
  /** Its place among the questions that a newcomer is shown first. */
  leads: number | null;
  /** Its answer in one line, if it has one. */
  short: ShortAnswer | null;
}

/** The prepared questions, and the names in their answers in short. */
export interface Questions {
  questions: Question[];
  names: Names;
}

/** Things that answer a question about a thing, how many more do, and the day of all. */
export interface ShortAnswer {
  about: string;
  things: readonly string[];
  more: number;
  day: string | null;
}

/** The citation of an answer as a sentence, BibTeX and CSL-JSON. */
export interface Citation {
  sentence: string;
  bibtex: string;
  csl: Record<string, unknown>;
}

export type Binding = Record<string, { type: string; value: string; "xml:lang"?: string; datatype?: string }>;

export interface Results {
  head: { vars?: string[] };
  results?: { bindings: Binding[] };
  boolean?: boolean;
  /** Set when there are more rows than the server sends. */
  "kgraph:truncated"?: boolean;
}

/** The requests of the views. Each call rejects with `Refused`. */
export interface Source {
  about(): Promise<About>;
  schema(): Promise<Schema>;
  overview(signal?: AbortSignal): Promise<Network>;
  whole(signal?: AbortSignal): Promise<Network>;
  neighbourhood(focus: string, depth: number, signal?: AbortSignal): Promise<Network>;
  /** The shortest path of facts. With a day: of stated facts between things that existed on it. */
  chain(from: string, to: string, day: string | null): Promise<Network>;
  search(text: string, limit: number, signal?: AbortSignal): Promise<Hits>;
  card(iri: string, day: string | null): Promise<Card>;
  why(subject: string, predicate: string, object: string): Promise<{ reason: Reason; names: Names }>;
  /** The values of all facets with their counts; of one, those with the words of a text. */
  facets(selection: Selection, only?: { facet: Facet; text: string }): Promise<FacetCounts>;
  selected(selection: Selection): Promise<{ things: string[] }>;
  table(selection: Selection, sheet: Sheet): Promise<TablePage>;
  /** The formats in which the back end gives a whole table. */
  sheets: readonly SheetFormat[];
  sheet(selection: Selection, sheet: Sheet, format: SheetFormat): Promise<Blob>;
  places(selection: Selection, withThings?: boolean): Promise<Places>;
  timeline(selection: Selection): Promise<Timeline>;
  /** A further page of a group of the timeline. */
  moments(selection: Selection, group: string, page: number): Promise<{ rows: Dated[] }>;
  questions(): Promise<Questions>;
  /** The answer to a question; with a day, where it is computed from the network of that day. */
  answer(question: string, lang: Lang, parameters: Record<string, string>, day: string | null): Promise<Results>;
  /** The citation of an answer; a back end without a server has none. */
  cite?(about: Record<string, string>): Promise<Citation>;
  sources(lang: Lang): Promise<Results>;
  disputes(): Promise<{ disputes: Dispute[]; names: Names }>;
  /** The raw answer to a query in a format. */
  sparql(query: string, format: string, signal?: AbortSignal): Promise<{ text: string; format: string }>;
}

export type RefusalCode = "unreachable" | "timeout" | "missing" | "malformed" | "broken" | "stopped";

/** Why a call failed, as a code with a text in every language; `detail` is the back end's message. */
export class Refused extends Error {
  constructor(
    readonly code: RefusalCode,
    readonly detail = "",
    readonly problem: Record<string, unknown> = {},
  ) {
    super(`${code}: ${detail}`);
  }
}

const TIMEOUT = 30_000;
/** Milliseconds for the transfer of a query and its answer, besides its time on the server. */
const TRANSFER = 10_000;
export const RESULTS = "application/sparql-results+json";

/** Options of a request; the body is a query, the timeout in milliseconds. */
interface More {
  signal?: AbortSignal | undefined;
  body?: string;
  timeout?: number;
}

/** The answer that the page requested while the program was loading, once; undefined where it has not. */
function requestedAhead({ href }: URL, until: AbortSignal): Promise<Response> | undefined {
  const { kgraphAhead: answers = {} } = globalThis as { kgraphAhead?: Record<string, Promise<Response>> };
  const answer = answers[href];
  delete answers[href];
  const ended = (): Promise<never> =>
    new Promise((_, reject) => until.addEventListener("abort", () => reject(until.reason)));
  return answer && Promise.race([answer, ended()]);
}

/** Fetches addresses below a root; rejects with `Refused`. */
export function asking(root: URL) {
  const remembered = new Map<string, Promise<unknown>>();

  async function fetched(path: string, accept: string,
      { signal, body, timeout = TIMEOUT }: More = {}): Promise<Response> {
    const late = AbortSignal.timeout(timeout);
    const until = signal ? AbortSignal.any([signal, late]) : late;
    try {
      const answer = await (requestedAhead(new URL(path, root), until) ?? fetch(new URL(path, root), {
        signal: until,
        headers: { Accept: accept, ...(body === undefined ? {} : { "Content-Type": "application/sparql-query" }) },
        ...(body === undefined ? {} : { method: "POST", body }),
      }));
      if (!answer.ok) throw await refusal(answer);
      return answer;
    } catch (error) {
      if (error instanceof Refused) throw error;
      if (signal?.aborted) throw new Refused("stopped");
      throw new Refused(late.aborted ? "timeout" : "unreachable", String(error));
    }
  }

  async function json<T>(path: string, accept = "application/json", more: More = {}): Promise<T> {
    const answer = await fetched(path, accept, more);
    try {
      return (await answer.json()) as T;
    } catch (error) {
      throw new Refused(more.signal?.aborted ? "stopped" : "broken", String(error));
    }
  }

  /** Responses are kept while the page is open; failures are not. */
  function kept<T>(path: string, accept?: string, signal?: AbortSignal): Promise<T> {
    const known = remembered.get(path) as Promise<T> | undefined;
    if (known) return known;
    const asked = json<T>(path, accept, { signal });
    remembered.set(path, asked);
    asked.catch(() => remembered.delete(path));
    return asked;
  }

  return { fetched, json, kept };
}

/** The back end at an address, by default beside the page. */
export function http(root = new URL("./", document.baseURI)): Source {
  const { fetched, json, kept } = asking(root);
  const asked = (path: string, parameters: Record<string, string | number>): string =>
    `${path}?${new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]))}`;

  /** An address with the parameters of a selection and others that are not empty. */
  const listed = (path: string, selection: Selection, others: Record<string, string | number> = {}): string => {
    const more = Object.entries(others).filter(([, value]) => value !== "").map(([name, value]) => [name, `${value}`]);
    const query = new URLSearchParams([...chosen(selection), ...more]).toString();
    return query ? `${path}?${query}` : path;
  };
  const about = (): Promise<About> => kept("about");
  /** Milliseconds to wait for a query: the server ends it before that. */
  const untilEnded = async (): Promise<number> =>
    about().then(({ timeout }) => timeout * 1000 + TRANSFER, () => TIMEOUT);

  return {
    about,
    schema: () => kept("schema"),
    overview: (signal) => kept("network", undefined, signal),
    whole: (signal) => kept("network?whole=1", undefined, signal),
    neighbourhood: (focus, depth, signal) => kept(asked("network", { focus, depth }), undefined, signal),
    chain: (from, to, day) => kept(asked("chain", { from, to, ...asOf(day) })),
    search: (q, limit, signal) => json(asked("search", { q, limit }), undefined, { signal }),
    card: (iri, day) => kept(day ? asked(`things/${pathOf(iri)}`, asOf(day)) : `things/${pathOf(iri)}`),
    why: (subject, predicate, object) => kept(asked("why", { subject, predicate, object })),
    facets: (selection, only) => (only
      ? json(listed("facets", selection, { facet: only.facet, value: only.text })) : kept(listed("facets", selection))),
    selected: (selection) => kept(listed("selected", selection)),
    table: (selection, { text, sort, lang, page, size }) => kept(listed("table", selection,
      { find: text, sort, lang, page, size })),
    sheets: ["xlsx", "excel", "csv"],
    sheet: async (selection, { text, sort, lang }, format) => (await fetched(
      listed(format === "xlsx" ? "table.xlsx" : "table.csv", selection,
        { find: text, sort, lang, for: format === "excel" ? "excel" : "" }), "*/*")).blob(),
    places: (selection, withThings) => kept(listed("places", selection, { things: withThings ? 1 : "" })),
    timeline: (selection) => kept(listed("timeline", selection)),
    moments: (selection, group, page) => kept(listed("timeline", selection, { group, page })),
    questions: () => kept("questions"),
    answer: async (question, lang, parameters, day) =>
      json(asked(`questions/${encodeURIComponent(question)}`, { lang, ...parameters, ...asOf(day) }), RESULTS,
        { timeout: await untilEnded() }),
    cite: (about) => json(asked("cite", about)),
    sources: (lang) => kept(asked("sources", { lang }), RESULTS),
    disputes: () => kept("disputes"),
    async sparql(query, format, signal) {
      const answer = await fetched("sparql", format, { signal, body: query, timeout: await untilEnded() });
      return { text: await answer.text(), format: answer.headers.get("Content-Type") ?? format };
    },
  };
}

const asOf = (day: string | null): Record<string, string> => (day ? { "as-of": day } : {});

async function refusal(answer: Response): Promise<Refused> {
  const problem = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  const detail = typeof problem.detail === "string" ? problem.detail : answer.statusText;
  const code: Record<number, RefusalCode> = { 400: "malformed", 404: "missing", 503: "timeout", 504: "timeout" };
  return new Refused(code[answer.status] ?? "broken", detail, problem);
}

/** The document about one of our IRIs, without its suffix, and the place there, which begins with #: a concept stands
 *  on the page of its scheme, a term on that of the ontology. */
export function documentOf(iri: string): [path: string, place: string] {
  const [, path, place] = /^(kind\/[^/]+|[^#]*)[/#]?(.*)$/su.exec(iri.slice(BASE.length))!;
  return [pathOf(path!), place ? `#${encodeURIComponent(place)}` : ""];
}

/** The part of an IRI after the base as a path; a foreign IRI is escaped whole. */
export function pathOf(iri: string): string {
  const path = iri.startsWith(BASE) ? iri.slice(BASE.length) : iri;
  return path.split("/").map(encodeURIComponent).join("/");
}
