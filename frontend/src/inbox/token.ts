/** The token with which a curator writes; this tab keeps it, and the address does not. */

const NAME = "kgraph.token";

/** Takes the token out of the address that the server printed: `#/inbox?token=…`. */
export function takeToken({ location, history, sessionStorage: kept }: Window): void {
  const [path = "", search = ""] = location.hash.split(/\?(.*)/s);
  const query = new URLSearchParams(search);
  const given = query.get("token");
  if (!given) return;
  query.delete("token");
  kept.setItem(NAME, given);
  history.replaceState(history.state, "", query.size ? `${path}?${query}` : path);
}

export const token = {
  get: (): string => sessionStorage.getItem(NAME) ?? "",
  /** Keeps a token, or the one in an address with a token. */
  set: (text: string): void => sessionStorage.setItem(NAME, tokenIn(text)),
  drop: (): void => sessionStorage.removeItem(NAME),
};

export const tokenIn = (text: string): string => /[?&]token=([^&\s]+)/.exec(text)?.[1] ?? text.trim();
