/** What differs between paper and screen. */

/** Change something while the page is printed; returns a function that stops listening. */
export function whilePrinting(before: () => void, after: () => void): () => void {
  window.addEventListener("beforeprint", before);
  window.addEventListener("afterprint", after);
  return () => {
    window.removeEventListener("beforeprint", before);
    window.removeEventListener("afterprint", after);
  };
}
