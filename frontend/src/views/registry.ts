/** The views of the menu. A file of that name in this folder with an `open` function is a view; its title is in words/. */

import type { App } from "../app";
import type { State } from "../state";

export interface View {
  readonly element: HTMLElement;
  /** Called after every change of the state, the language and the look included. */
  update(state: State, before: State): void;
  /** Called before the view is taken away. */
  leave?(): void;
}

export interface ViewModule {
  open(app: App): View;
}

const FILES = import.meta.glob<ViewModule>([
  "./network.ts", "./table.ts", "./map.ts", "./timeline.ts", "./questions.ts", "./sparql.ts", "./sources.ts",
]);
const ORDER = ["network", "table", "map", "timeline", "questions", "sparql", "sources"];

/** Names of the views that exist, in the order of the menu. */
export const VIEWS: readonly string[] = ORDER.filter((name) => `./${name}.ts` in FILES);

/** The module of a view, loaded when it is first needed; null for a view that does not exist. */
export function load(name: string): Promise<ViewModule> | null {
  return FILES[`./${name}.ts`]?.() ?? null;
}
