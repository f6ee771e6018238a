/** Parameters of a view in the address with some changed; null removes one. */

import type { State } from "./state";

export function withParams(state: State, changes: Record<string, string | null>): State["params"] {
  const entries = Object.entries({ ...state.params, ...changes });
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== ""));
}

/** Whether two states differ in more than what is chosen. */
export const isRedrawn = (state: State, before: State): boolean =>
  state.lang !== before.lang || state.list !== before.list
    || JSON.stringify(state.params) !== JSON.stringify(before.params);
