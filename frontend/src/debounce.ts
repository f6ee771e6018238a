/** Debouncing: acts once after a pause in typing or in the moves of a slider. */

/** Milliseconds that a slider must rest before its day is asked about. */
const RESTING = 200;

export type Debounce = ReturnType<typeof debounce>;

export function debounce(milliseconds = RESTING) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const cancel = (): void => clearTimeout(timer);
  return {
    /** Acts after the pause, unless called again before. */
    soon(act: () => void): void {
      cancel();
      timer = setTimeout(act, milliseconds);
    },
    cancel,
  };
}
