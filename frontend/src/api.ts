/** What the front end asks of a back end, typed. `http` asks a server; offline/ reads files and a local store. */

export const BASE = "https://w3id.org/sekg/";
/** The status of a place whose source states the fact. */
export const STATED = `${BASE}kind/claim-status/stated`;

export type Lang = "pl" | "en";
export type Labels = Partial<Record<string, string>>;
export type Names = Record<string, Labels>;
export type Term = { iri: string } | { value: string; lang: string | null; datatype: string };

export interface Place {
  source: string;
  status: string;
  start: number | null;
  end: number | null;
  words: string | null;
}

/** The first and the last day or year, each null where it is not known. */
export interface Interval {
  from: string | null;
  to: string | null;
}

export interface Thing extends Interval {
  iri: string;
  kind: string;
  labels: Labels;
  x: number;
  y: number;
  /** How many things are known to be unknown about it, when the back end says so. */
  unknowns?: number;
}

export interface Evidence {
  asserted: boolean;
  rule: string | null;
  disputed: boolean;
  single: boolean;
  places: Place[];
}

export interface Edge extends Evidence {
  source: string;
  predicate: string;
  target: string;
  /** From when to when it held, once for each membership that it follows from; without any it has no dates. */
  during: Interval[];
}

export interface Network {
  nodes: Thing[];
  edges: Edge[];
  names: Names;
  /** Given when the whole has no layout: the thing that the others are placed around, if there is one. */
  origin?: string | null;
}

export interface Fact extends Evidence {
  other: Term;
  /** The memberships that it follows from; it holds while they last. */
  tenures: string[];
}

export interface Group {
  predicate: string;
  incoming: boolean;
  facts: Fact[];
}

export interface Card {
  iri: string;
  curie: string;
  labels: Labels;
  kinds: string[];
  law: { iri: string; labels: Labels } | null;
  notes: { predicate: string; value: Term }[];
  groups: Group[];
  /** What is not known of it. */
  unknowns: { iri: string; labels: Labels }[];
  /** Of a known unknown: what it is about, which relation is meant, and the sources that leave it open. */
  leftOpen: { link: string; other: Term }[];
  /** Values that refine or contradict another, and the thing that this is said of. */
  links: { value: Term; link: string; other: Term; of: string }[];
  /** As what the memberships on the card are held. */
  roles: Record<string, string[]>;
  /** What is known of it, and of things on the card, on the day that was asked for; empty when none was. */
  states: Record<string, string>;
  names: Names;
}

export interface Reason {
  subject: string;
  predicate: string;
  object: Term;
  rule: string | null;
  places: Place[];
  premises: Reason[];
}

export interface Found {
  iri: string;
  name: string;
  kind: string;
  labels: Labels;
}

export interface About {
  title: Labels;
  version: string;
  licence: string;
  base: string;
  triples: number;
  sources: number;
  timeout: number;
  bytes: number;
}

export interface Class {
  iri: string;
  labels: Labels;
  definitions: Labels;
  count: number;
}

export interface Property {
  iri: string;
  labels: Labels;
  definitions: Labels;
  domain: string | null;
  range: string | null;
}

export interface Schema {
  prefixes: Record<string, string>;
  classes: Class[];
  properties: Property[];
}

export interface Row {
  iri: string;
  labels: Labels;
  classifications: string[];
  seats: string[];
  from: string | null;
  facts: number;
  sources: number;
}

export interface Located {
  iri: string;
  labels: Labels;
  kind: string;
  lat: number | null;
  lon: number | null;
  within: string[];
  things: string[];
}

type Named = { iri: string; kind: string; labels: Labels };

interface Ends {
  /** Whether no end is known. */
  open: boolean;
  /** Whether the first day is the beginning rather than an attestation. */
  begun: boolean;
  /** The dates on which sources contradict each other. */
  disputed: Term[];
}

export interface Timeline {
  /** From the first to the last known day or year. */
  dated: (Named & { from: string; to: string } & Ends)[];
  undated: Named[];
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
}

export interface Side {
  subject: string;
  predicate: string;
  object: Term;
  source: string;
  places: Place[];
}

/** Two claims that differ; of a refinement `one` is the more precise. */
export interface Dispute {
  contradiction: boolean;
  one: Side;
  other: Side;
}

export interface Results {
  head: { vars?: string[] };
  results?: { bindings: Record<string, { type: string; value: string; "xml:lang"?: string; datatype?: string }>[] };
  boolean?: boolean;
  /** Set when there are more rows than the server sends. */
  "kgraph:truncated"?: boolean;
}

/** Everything a view may ask. Each call rejects with `Refused`. */
export interface Source {
  about(): Promise<About>;
  schema(): Promise<Schema>;
  overview(): Promise<Network>;
  whole(): Promise<Network>;
  neighbourhood(focus: string, depth: number): Promise<Network>;
  /** The shortest way through the facts; as of a day through stated ones only, past what was not there. */
  chain(from: string, to: string, day: string | null): Promise<Network>;
  search(text: string, limit: number, signal?: AbortSignal): Promise<{ found: Found[] }>;
  card(iri: string, day: string | null): Promise<Card>;
  why(subject: string, predicate: string, object: string): Promise<{ reason: Reason; names: Names }>;
  table(kind: string): Promise<{ rows: Row[]; names: Names }>;
  places(): Promise<{ places: Located[]; names: Names }>;
  timeline(): Promise<Timeline>;
  questions(): Promise<{ questions: Question[] }>;
  answer(question: string, lang: Lang, parameters: Record<string, string>): Promise<Results>;
  sources(lang: Lang): Promise<Results>;
  disputes(): Promise<{ disputes: Dispute[]; names: Names }>;
  /** The raw answer to a query in the format asked for, so that it can be shown or kept as it is. */
  sparql(query: string, format: string, signal?: AbortSignal): Promise<{ text: string; format: string }>;
}

export type Reproach = "unreachable" | "timeout" | "missing" | "malformed" | "broken" | "stopped";

/** Why a call failed, in a way that every language has words for; `detail` is what the back end said. */
export class Refused extends Error {
  constructor(
    readonly reproach: Reproach,
    readonly detail = "",
    readonly problem: Record<string, unknown> = {},
  ) {
    super(`${reproach}: ${detail}`);
  }
}

const PATIENCE = 30_000;
/** What a query may take on its way, beside the time that the server gives it. */
const WAY = 10_000;
export const RESULTS = "application/sparql-results+json";

/** Options of a request: a signal that aborts it, a query as its body, and its timeout in milliseconds. */
interface More {
  signal?: AbortSignal | undefined;
  body?: string;
  patience?: number;
}

export interface Asking {
  fetched(path: string, accept: string, more?: More): Promise<Response>;
  json<T>(path: string, accept?: string, more?: More): Promise<T>;
  /** The same question has the same answer while the page is open; a refusal is asked again. */
  kept<T>(path: string, accept?: string): Promise<T>;
}

/** What is at the addresses below a root; what goes wrong is `Refused`. */
export function asking(root: URL): Asking {
  const remembered = new Map<string, Promise<unknown>>();

  async function fetched(path: string, accept: string,
      { signal, body, patience = PATIENCE }: More = {}): Promise<Response> {
    const late = AbortSignal.timeout(patience);
    const until = signal ? AbortSignal.any([signal, late]) : late;
    try {
      const answer = await fetch(new URL(path, root), {
        signal: until,
        headers: { Accept: accept, ...(body === undefined ? {} : { "Content-Type": "application/sparql-query" }) },
        ...(body === undefined ? {} : { method: "POST", body }),
      });
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

  function kept<T>(path: string, accept?: string): Promise<T> {
    const known = remembered.get(path) as Promise<T> | undefined;
    if (known) return known;
    const asked = json<T>(path, accept);
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

  const about = (): Promise<About> => kept("about");
  /** The server ends a query itself: it is waited for a little longer. */
  const untilEnded = async (): Promise<number> => about().then(({ timeout }) => timeout * 1000 + WAY, () => PATIENCE);

  return {
    about,
    schema: () => kept("schema"),
    overview: () => kept("network"),
    whole: () => kept("network?whole=1"),
    neighbourhood: (focus, depth) => kept(asked("network", { focus, depth })),
    chain: (from, to, day) => kept(asked("chain", { from, to, ...asOf(day) })),
    search: (q, limit, signal) => json(asked("search", { q, limit }), undefined, { signal }),
    card: (iri, day) => kept(day ? asked(`things/${pathOf(iri)}`, asOf(day)) : `things/${pathOf(iri)}`),
    why: (subject, predicate, object) => kept(asked("why", { subject, predicate, object })),
    table: (kind) => kept(asked("table", { kind })),
    places: () => kept("places"),
    timeline: () => kept("timeline"),
    questions: () => kept("questions"),
    answer: async (question, lang, parameters) =>
      json(asked(`questions/${encodeURIComponent(question)}`, { lang, ...parameters }), RESULTS,
        { patience: await untilEnded() }),
    sources: (lang) => kept(asked("sources", { lang }), RESULTS),
    disputes: () => kept("disputes"),
    async sparql(query, format, signal) {
      const answer = await fetched("sparql", format, { signal, body: query, patience: await untilEnded() });
      return { text: await answer.text(), format: answer.headers.get("Content-Type") ?? format };
    },
  };
}

const asOf = (day: string | null): Record<string, string> => (day ? { "as-of": day } : {});

async function refusal(answer: Response): Promise<Refused> {
  const problem = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  const detail = typeof problem.detail === "string" ? problem.detail : answer.statusText;
  const reproach: Record<number, Reproach> = { 400: "malformed", 404: "missing", 503: "timeout", 504: "timeout" };
  return new Refused(reproach[answer.status] ?? "broken", detail, problem);
}

/** The part of an IRI after the base, as a path; a whole foreign IRI is escaped. */
export function pathOf(iri: string): string {
  const path = iri.startsWith(BASE) ? iri.slice(BASE.length) : iri;
  return path.split("/").map(encodeURIComponent).join("/");
}
