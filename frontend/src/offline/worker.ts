/** Oxigraph in a worker: the first message is the address of the graph, each other one a query. */

import init, * as oxigraph from "oxigraph/web.js";
import { Refused } from "../api";
import { type Answered, type Asked, evaluate, filled, isFatal } from "./evaluate";

export interface Refusal extends Pick<Refused, "code" | "detail" | "problem"> {
  /** Whether the worker is unusable. */
  isOver: boolean;
}

/** The messages of the worker: ready (null), an answer, or a refusal. */
export type Said = null | Answered | Refusal;

type Answer = (asked: Asked) => Answered;

/** Loads the graph at an address; returns the function that queries it. */
async function begin(graph: string): Promise<Answer> {
  const [trig] = await Promise.all([fetched(graph), init()]);
  const store = filled(oxigraph, trig);
  return (asked) => evaluate(oxigraph, store, asked);
}

async function fetched(graph: string): Promise<Uint8Array> {
  const answer = await fetch(graph);
  const code = answer.status === 404 ? "missing" : "broken";
  if (!answer.ok) throw new Refused(code, `${graph}: ${answer.status} ${answer.statusText}`);
  return new Uint8Array(await answer.arrayBuffer());
}

function refusal(error: unknown, hasBegun: boolean): Refusal {
  if (error instanceof Refused) {
    return { code: error.code, detail: error.detail, problem: error.problem, isOver: !hasBegun };
  }
  const detail = "the query needs more memory than it may have, or is nested too deeply";
  if (hasBegun && isFatal(error)) return { code: "broken", detail, problem: { status: 413, detail }, isOver: true };
  return { code: hasBegun ? "broken" : "unreachable", detail: String(error), problem: {}, isOver: true };
}

addEventListener("message", async ({ data: graph }: MessageEvent<string>) => {
  try {
    const answer = await begin(graph);
    addEventListener("message", ({ data: asked }: MessageEvent<Asked>) => postMessage(said(answer, asked)));
    postMessage(null);
  } catch (error) {
    postMessage(refusal(error, false));
  }
}, { once: true });

function said(answer: Answer, asked: Asked): Said {
  try {
    return answer(asked);
  } catch (error) {
    return refusal(error, true);
  }
}
