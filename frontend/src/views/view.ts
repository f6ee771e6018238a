/** The interface of a view. */

import type { State } from "../state";

export interface View {
  readonly element: HTMLElement;
  /** Called after every change of the state, the language and the look included. */
  update(state: State, before: State): void;
  /** Called before the view is removed. */
  leave?(): void;
}

/** A part of a view that follows the state until it is removed. */
export interface Mounted {
  update(): void;
  leave(): void;
}
