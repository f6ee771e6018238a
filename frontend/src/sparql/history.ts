/** The latest queries, kept in this browser only. */

import { memory } from "../memory";

const MOST = 20;

/** The history with a query put first. */
export const remembered = (query: string, before: readonly string[]): string[] =>
  [query, ...before.filter((one) => one !== query)].slice(0, MOST);

export function history(): string[] {
  try {
    const kept: unknown = JSON.parse(memory.get("queries") ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

export const remember = (query: string): void => memory.set("queries", JSON.stringify(remembered(query, history())));
export const forget = (): void => memory.set("queries", "[]");
