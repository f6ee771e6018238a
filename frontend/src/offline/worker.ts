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

type Answer = (asked: Asked) => Answered;

/** Gives the way to ask the graph at an address. */
async function begin(graph: string): Promise<Answer> {
  const [trig] = await Promise.all([fetched(graph), init()]);
  const store = filled(oxigraph, trig);
  return (asked) => evaluate(oxigraph, store, asked);
}

async function fetched(graph: string): Promise<Uint8Array> {
  const answer = await fetch(graph);
  const reproach = answer.status === 404 ? "missing" : "broken";
  if (!answer.ok) throw new Refused(reproach, `${graph}: ${answer.status} ${answer.statusText}`);
  return new Uint8Array(await answer.arrayBuffer());
}

function refusal(error: unknown, hasBegun: boolean): Refusal {
  if (error instanceof Refused) {
    return { reproach: error.reproach, detail: error.detail, problem: error.problem, isOver: !hasBegun };
  }
  const detail = "the query needs more memory than it may have, or is nested too deeply";
  if (hasBegun && isFatal(error)) return { reproach: "broken", detail, problem: { status: 413, detail }, isOver: true };
  return { reproach: hasBegun ? "broken" : "unreachable", detail: String(error), problem: {}, isOver: true };
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
