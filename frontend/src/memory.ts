/** What this browser remembers between visits; it may forbid that. */

export const memory = {
  get(name: string): string | null {
    try {
      return localStorage.getItem(`kgraph.${name}`);
    } catch {
      return null;
    }
  },
  set(name: string, value: string): void {
    try {
      localStorage.setItem(`kgraph.${name}`, value);
    } catch {
      // then it is asked again next time
    }
  },
};
