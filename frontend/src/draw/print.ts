/** What is otherwise on paper than on the screen. */

/** Change something for the time of printing; gives what ends that. */
export function whilePrinting(before: () => void, after: () => void): () => void {
  window.addEventListener("beforeprint", before);
  window.addEventListener("afterprint", after);
  return () => {
    window.removeEventListener("beforeprint", before);
    window.removeEventListener("afterprint", after);
  };
}
