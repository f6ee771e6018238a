/** Oxigraph in a thread of its own: the first message says where the graph is, each other one is a query. */

import init, * as oxigraph from "oxigraph/web.js";
import { Refused } from "../api";
import { type Answered, type Asked, evaluate, filled, isFatal } from "./evaluate";

export interface Refusal extends Pick<Refused, "reproach" | "detail" | "problem"> {
  /** Whether the thread is of no more use. */
  isOver: boolean;
}

/** What the thread says: that it is ready (null), an answer, or a refusal. */
export type Said = null | Answered | Refusal;

let answers: ((asked: Asked) => Answered) | null = null;

async function begin(graph: string): Promise<null> {
  const [trig] = await Promise.all([fetched(graph), init()]);
  const store = filled(oxigraph, trig);
  answers = (asked) => evaluate(oxigraph, store, asked);
  return null;
}

async function fetched(graph: string): Promise<Uint8Array> {
  const answer = await fetch(graph);
  if (!answer.ok) throw new Refused(answer.status === 404 ? "missing" : "broken", `${graph}: ${answer.status} ${answer.statusText}`);
  return new Uint8Array(await answer.arrayBuffer());
}

function refusal(error: unknown): Refusal {
  if (error instanceof Refused) return { reproach: error.reproach, detail: error.detail, problem: error.problem, isOver: !answers };
  const detail = "the query needs more memory than it may have, or is nested too deeply";
  if (answers && isFatal(error)) return { reproach: "broken", detail, problem: { status: 413, detail }, isOver: true };
  return { reproach: answers ? "broken" : "unreachable", detail: String(error), problem: {}, isOver: true };
}

addEventListener("message", async ({ data }: MessageEvent<string | Asked>) => {
  let said: Said;
  try {
    said = typeof data === "string" ? await begin(data) : answers!(data);
  } catch (error) {
    said = refusal(error);
  }
  postMessage(said);
});
