/** Doing something once what calls for it, a slider or typing, stands still. */

/** So many milliseconds a slider stands still before its day is asked about. */
export const RESTING = 200;

export interface Debounce {
  /** Do this unless something else is wanted within the pause. */
  soon(act: () => void): void;
  cancel(): void;
}

export function debounce(milliseconds = RESTING): Debounce {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const cancel = (): void => clearTimeout(timer);
  return {
    soon(act) {
      cancel();
      timer = setTimeout(act, milliseconds);
    },
    cancel,
  };
}
