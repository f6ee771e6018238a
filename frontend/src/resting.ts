/** Doing something once what calls for it, a slider or typing, stands still. */

/** So many milliseconds a slider stands still before its day is asked about. */
export const RESTING = 200;

export interface Resting {
  /** Do this unless something else is wanted within the pause. */
  soon(act: () => void): void;
  cancel(): void;
}

export function resting(milliseconds = RESTING): Resting {
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
