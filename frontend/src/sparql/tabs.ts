/** The queries that this browser keeps, one a tab, and their files. */

import { memory } from "../memory";

export interface Tab {
  /** The name that the reader gave; empty for none. */
  readonly name: string;
  readonly text: string;
}

export interface Tabs {
  readonly list: readonly Tab[];
  readonly at: number;
}

const MOST = 30;

const isTab = (one: unknown): one is Tab =>
  typeof one === "object" && one !== null && typeof (one as Tab).name === "string"
    && typeof (one as Tab).text === "string";

/** The tabs of the last visit. `asked` is the query of the address: it is chosen, in a tab of its own if need be.
 *  A tab without a name whose text is kept elsewhere (`isKept`) gives its place to it. */
export function opened(asked: string | undefined, usual: string, isKept: (text: string) => boolean): Tabs {
  const list = kept();
  if (!list.length) return { list: [{ name: "", text: asked ?? usual }], at: 0 };
  const last = Math.min(Number(memory.get("query-tab") ?? 0) || 0, list.length - 1);
  if (asked === undefined) return { list, at: last };
  const known = list.findIndex(({ text }) => text === asked);
  if (known >= 0) return { list, at: known };
  const { name, text } = list[last]!;
  const isFree = !name && (!text.trim() || text === usual || isKept(text));
  return isFree ? changed({ list, at: last }, { text: asked }) : added({ list, at: last }, { name: "", text: asked });
}

function kept(): Tab[] {
  try {
    const found: unknown = JSON.parse(memory.get("query-tabs") ?? "[]");
    return Array.isArray(found) ? found.filter(isTab).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

export function keep({ list, at }: Tabs): void {
  memory.set("query-tabs", JSON.stringify(list));
  memory.set("query-tab", String(at));
}

/** The tabs with another one, which is chosen; the first one goes when there are too many. */
export function added({ list }: Tabs, tab: Tab): Tabs {
  const all = [...list, tab].slice(-MOST);
  return { list: all, at: all.length - 1 };
}

/** The tabs without one; the last one leaves an empty tab. */
export function closed({ list, at }: Tabs, gone: number): Tabs {
  const rest = list.filter((_, place) => place !== gone);
  if (!rest.length) return { list: [{ name: "", text: "" }], at: 0 };
  return { list: rest, at: Math.min(gone < at ? at - 1 : at, rest.length - 1) };
}

export const changed = ({ list, at }: Tabs, change: Partial<Tab>): Tabs =>
  ({ list: list.map((tab, place) => (place === at ? { ...tab, ...change } : tab)), at });

/** The file of all queries. */
export const written = ({ list }: Tabs): string =>
  JSON.stringify({ queries: list.map(({ name, text }) => ({ name, query: text })) }, null, 1);

/** The queries in a file: one in a `.rq` file, several in a file of `written`; none in any other. */
export function read(file: string, text: string): Tab[] {
  if (/\.(rq|sparql|txt)$/i.test(file)) return [{ name: file.replace(/\.\w+$/, ""), text }];
  try {
    const { queries } = JSON.parse(text) as { queries?: unknown };
    return (Array.isArray(queries) ? queries : []).map((one: { name?: unknown; query?: unknown }) =>
      ({ name: one?.name ?? "", text: one?.query })).filter(isTab).slice(0, MOST);
  } catch {
    return [];
  }
}
