/** The requests of the inbox: what waits in a queue, the answers in its file, and writes with the token. */

import { asking, type Labels, type Lang, Refused } from "../api";
import { token } from "./token";

/** An answer in the file; `tag` changes with all that the file says about the item. */
export interface Answer {
  item: string;
  verdict: string;
  by: string;
  day: string;
  why: Labels;
  tag: string;
}

export interface State {
  /** Who decides, where the server knows it. */
  curator: string;
  file: string;
  /** The command that builds the graph; empty when the server does that by itself. */
  command: string;
  answers: Answer[];
  /** What is wrong with the answers of the file. */
  problems: Labels[];
}

/** An answer as it is sent; `seen` is the tag of the answer that the curator has seen. */
export interface Given {
  item: string;
  verdict: string;
  by: string;
  why: Labels;
  seen: string | null;
}

export type Client = ReturnType<typeof client>;

export function client(queue: string, root = new URL("./", document.baseURI)) {
  const { json } = asking(root);
  return {
    read: () => json<State>(`inbox/${queue}`),
    items: <Items>() => json<Items>(`inbox/${queue}/items`),
    answer: (given: Given) => posted(new URL(`inbox/${queue}`, root), given),
    undo: (item: string, seen: string) => posted(new URL(`inbox/${queue}/undo`, root), { item, seen }),
  };
}

async function posted(address: URL, content: unknown): Promise<State> {
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token.get()}` };
  const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(content) })
    .catch((error: unknown) => { throw new Refused("unreachable", String(error)); });
  const found = await answer.json().catch(() => ({})) as Record<string, unknown>;
  if (answer.ok) return found as unknown as State;
  throw new Refused("broken", typeof found.detail === "string" ? found.detail : answer.statusText,
    { ...found, status: answer.status });
}

/** What a refusal says in a language: the server's words, else its detail. */
export function saidIn({ problem, detail }: Refused, lang: Lang): string {
  return (problem.words as Labels | undefined)?.[lang] ?? detail;
}
