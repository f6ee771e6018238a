/** Debouncing: acts once after a pause in what triggers it, such as typing or a slider. */

/** Milliseconds that a slider must rest before its day is asked about. */
export const RESTING = 200;

export interface Debounce {
  /** Act after the pause, unless called again before. */
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
