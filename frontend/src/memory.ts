/** Values that this browser keeps between visits, unless it forbids that. */

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
      // the browser forbids storage
    }
  },
};
