/** The state: one value in memory, in the address and in the browser's history, which serves for undo and redo. */

import { BASE, type Lang } from "./api";
import { chosen as chosenIn, EVERYTHING, FACETS, isSame, type Selection, YEARS } from "./selection";

export type Theme = "auto" | "light" | "dark";
export type Manner = "stated" | "inferred" | "said";
/** The start of the picture: the overview, the whole graph, or one thing and its neighbours. */
export type Start = "overview" | "whole" | { focus: string };

export interface State {
  readonly view: string;
  readonly thing: string | null;
  /** The chosen fact, as the key of its edge. */
  readonly fact: string | null;
  readonly start: Start;
  readonly expanded: readonly string[];
  readonly chain: readonly [string, string] | null;
  readonly hidden: Readonly<Record<"kinds" | "relations" | "sources", readonly string[]>>
    & { readonly manners: readonly Manner[] };
  /** What is chosen, in every view. */
  readonly selection: Selection;
  readonly day: string | null;
  readonly pins: Readonly<Record<string, readonly [number, number]>>;
  readonly list: boolean;
  readonly lang: Lang;
  readonly theme: Theme;
  /** Embedded in another page: no header, no filters. */
  readonly embedded: boolean;
  /** The parameters of one view: the name of a question, a query, the column that is sorted by. */
  readonly params: Readonly<Record<string, string>>;
}

export const NOTHING_HIDDEN: State["hidden"] = { kinds: [], relations: [], sources: [], manners: [] };

export function initial(lang: Lang, theme: Theme): State {
  return {
    view: "network", thing: null, fact: null, start: "overview", expanded: [], chain: null,
    hidden: NOTHING_HIDDEN, selection: EVERYTHING, day: null, pins: {}, list: false,
    lang, theme, embedded: false, params: {},
  };
}

export const MANNERS: readonly Manner[] = ["stated", "inferred", "said"];

/** The state as the fragment of an address, without default values. */
export const toHash = (state: State): string => withThing(state.view, state.thing, withoutThing(state));

/** The parts of the address beside the view and the chosen thing. */
function withoutThing(state: State): string {
  const query = new URLSearchParams();
  const put = (name: string, ...values: (string | null)[]): void => {
    for (const value of values) if (value !== null) query.append(name, value);
  };
  put("fact", state.fact?.split("|").map(short).join("|") ?? null);
  if (state.start !== "overview") put("start", state.start === "whole" ? "whole" : `focus:${short(state.start.focus)}`);
  put("expand", ...state.expanded.map(short));
  if (state.chain) put("chain", ...state.chain.map(short));
  put("no-kind", ...state.hidden.kinds.map(short));
  put("no-relation", ...state.hidden.relations.map(short));
  put("no-source", ...state.hidden.sources.map(short));
  put("no-manner", ...state.hidden.manners);
  for (const [facet, value] of chosenIn(state.selection)) put(facet, short(value));
  put("day", state.day);
  for (const [iri, [x, y]] of Object.entries(state.pins)) put("pin", `${Math.round(x)},${Math.round(y)},${short(iri)}`);
  if (state.list) put("list", "1");
  if (state.embedded) put("embed", "1");
  if (state.theme !== "auto") put("theme", state.theme);
  for (const [name, value] of Object.entries(state.params)) put(`:${name}`, value);
  put("lang", state.lang);
  return readable(query);
}

/** The parts of an address, with the characters that need no escape. */
const readable = (query: URLSearchParams): string =>
  query.toString().replace(/%2F/g, "/").replace(/%3A/g, ":").replace(/%2C/g, ",").replace(/%7C/g, "|");

const withThing = (view: string, thing: string | null, rest: string): string =>
  `#/${view}?${thing ? `${readable(new URLSearchParams({ thing: short(thing) }))}&` : ""}${rest}`;

/** The state of a fragment; missing and invalid parts are taken from `usual`. */
export function fromHash(hash: string, usual: State): State {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  const query = new URLSearchParams(search);
  const all = (name: string): string[] => query.getAll(name).map(long);
  const one = (name: string): string | null => all(name)[0] ?? null;
  const chain = all("chain");
  const view = /^[a-z]+$/.test(path) ? path : usual.view;
  const fact = query.get("fact")?.split("|").map(long);
  return {
    view,
    thing: one("thing"),
    fact: fact?.length === 3 ? fact.join("|") : null,
    start: startFrom(query.get("start")),
    expanded: all("expand"),
    chain: chain[0] && chain[1] ? [chain[0], chain[1]] : null,
    hidden: {
      kinds: all("no-kind"), relations: all("no-relation"), sources: all("no-source"),
      manners: MANNERS.filter((manner) => query.getAll("no-manner").includes(manner)),
    },
    selection: selectionFrom(query, view),
    day: [query.get("day")].find(isDay) ?? null,
    pins: Object.fromEntries(query.getAll("pin").flatMap(pinFrom)),
    list: query.get("list") === "1",
    lang: chosen(query.get("lang"), ["pl", "en"] as const, usual.lang),
    theme: chosen(query.get("theme"), ["auto", "light", "dark"] as const, usual.theme),
    embedded: query.get("embed") === "1",
    params: Object.fromEntries(
      [...query].filter(([name]) => name.startsWith(":") && !(view === "table" && name === ":kind"))
        .map(([name, value]) => [name.slice(1), value])),
  };
}

/** The selection in an address; earlier addresses of the table have the kind among its parameters. */
function selectionFrom(query: URLSearchParams, view: string): Selection {
  const values = FACETS.map((facet) => {
    const given = [...query.getAll(facet), ...(view === "table" && facet === "kind" ? query.getAll(":kind") : [])];
    return [facet, facet === "year" ? given.filter((text) => YEARS.test(text)) : given.filter(Boolean).map(long)];
  });
  return Object.fromEntries(values) as Selection;
}

/** Whether a text is a day of the calendar. */
export function isDay(text: string | null): text is string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text ?? "") ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}

function chosen<T extends string>(value: string | null, possible: readonly T[], usual: T): T {
  return possible.find((one) => one === value) ?? usual;
}

function startFrom(text: string | null): Start {
  if (text === "whole") return "whole";
  return text?.startsWith("focus:") ? { focus: long(text.slice("focus:".length)) } : "overview";
}

function pinFrom(text: string): [string, [number, number]][] {
  const [x, y, ...iri] = text.split(",");
  const at: [number, number] = [Number(x), Number(y)];
  return iri.length && at.every(Number.isFinite) ? [[long(iri.join(",")), at]] : [];
}

const short = (iri: string): string => (iri.startsWith(BASE) ? iri.slice(BASE.length) : iri);
const long = (text: string): string => (/^[a-z][a-z0-9+.-]*:/i.test(text) ? text : BASE + text);

/** The parameters of the view with some changed; null or an empty text removes one. */
export function withParams({ params }: State, changes: Readonly<Record<string, string | null>>): State["params"] {
  const entries = Object.entries({ ...params, ...changes });
  return Object.fromEntries(entries.flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

export const differ = (one: State, other: State, ...names: (keyof State)[]): boolean =>
  names.some((name) => one[name] !== other[name]);

/** Whether a view must be redrawn: more has changed than the chosen thing. */
export const isRedrawn = (state: State, before: State): boolean =>
  differ(state, before, "lang", "list") || !isSame(state.selection, before.selection)
    || JSON.stringify(state.params) !== JSON.stringify(before.params);

export type Store = ReturnType<typeof store>;
type Listener = (state: State, before: State) => void;

/** The state of a window. Language, theme and frame stay when steps are undone. */
export function store(view: Window, usual: State) {
  const listeners = new Set<Listener>();
  let state = fromHash(view.location.hash, usual);
  let { at, last } = position(view.history.state) ?? { at: 0, last: 0 };
  /** Replaces the present entry of the history. It holds its position and the last one, for a reload. */
  const write = (to: State): void => view.history.replaceState({ at, last }, "", toHash(to));
  write(state);
  /** The address of the state without the chosen thing or fact; null until it is asked for. */
  let beside: string | null = null;

  function become(next: State): void {
    const before = state;
    state = next;
    beside = null;
    for (const listener of [...listeners]) listener(state, before);
  }

  view.addEventListener("popstate", (event) => {
    const found = position(event.state);
    const next = fromHash(view.location.hash, state);
    if (found === null) {
      at += 1;
      last = at;
      write(next);
      become(next);
    } else {
      at = found.at;
      last = Math.max(last, at);
      const { lang, theme, embedded } = state;
      become({ ...next, lang, theme, embedded });
      write(state);
    }
  });

  return {
    get: () => state,
    /** Changes the state by a step that can be undone. */
    step(patch: Partial<State>): void {
      const next = { ...state, ...patch };
      if (toHash(next) === toHash(state)) return;
      at += 1;
      last = at;
      view.history.pushState({ at, last }, "", toHash(next));
      become(next);
    },
    /** Changes the state without a step in the history. */
    adjust(patch: Partial<State>): void {
      const next = { ...state, ...patch };
      write(next);
      become(next);
    },
    /** The address of a thing's card, in the state as it is. */
    hashOf(thing: string): string {
      beside ??= withoutThing({ ...state, fact: null });
      return withThing(state.view, thing, beside);
    },
    undo: () => view.history.back(),
    redo: () => view.history.forward(),
    canUndo: () => at > 0,
    canRedo: () => at < last,
    listen(listener: Listener): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The position of an entry of the history, and the last position. */
function position(historyState: unknown): { at: number; last: number } | null {
  const { at, last } = (historyState ?? {}) as { at?: unknown; last?: unknown };
  return typeof at === "number" ? { at, last: typeof last === "number" ? last : at } : null;
}
