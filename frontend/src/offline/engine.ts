/** Runs queries one after another in a worker; a query that times out or is aborted ends together with its worker. */

import { Refused } from "../api";
import type { Answered, Asked } from "./evaluate";
import type { Refusal, Said } from "./worker";

/** Evaluates a query; its seconds begin when the graph is loaded. */
export type Ask = (asked: Asked, seconds: number, signal?: AbortSignal) => Promise<Answered>;

const STOPPED = new Refused("stopped");

/** An engine over the graph in a TriG file, which the first query loads. */
export function engine(graph: URL): Ask {
  let running: ReturnType<typeof start> | null = null;
  let last: Promise<unknown> = Promise.resolve();

  function start() {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    return { worker, ready: reply(worker, graph.href) };
  }

  function end(why: unknown): never {
    running?.worker.terminate();
    running = null;
    throw why;
  }

  async function begun(signal: AbortSignal): Promise<Worker> {
    running ??= start();
    const { worker, ready } = running;
    const said = await until(signal, ready, STOPPED);
    return said ? end(refused(said as Refusal)) : worker;
  }

  async function answered(asked: Asked, seconds: number, signal: AbortSignal): Promise<Answered> {
    const worker = await begun(signal);
    const late = new Refused("timeout", `stopped after ${seconds} s; ask for less`, { status: 503 });
    const said = await until(AbortSignal.timeout(seconds * 1000), until(signal, reply(worker, asked), STOPPED), late)
      .catch(end);
    if (said && "text" in said) return said;
    const why = refused(said as Refusal);
    return (said as Refusal).isOver ? end(why) : Promise.reject(why);
  }

  return (asked, seconds, signal = new AbortController().signal) => {
    const turn = last;
    const mine = until(signal, turn, STOPPED).then(() => answered(asked, seconds, signal));
    last = Promise.allSettled([turn, mine]);
    return mine;
  };
}

const refused = ({ code, detail, problem }: Refusal): Refused => new Refused(code, detail, problem);

/** The worker's reply to a message. */
function reply(worker: Worker, message: string | Asked): Promise<Said> {
  return new Promise((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<Said>) => resolve(data);
    worker.onerror = ({ message }) =>
      resolve({ code: "unreachable", detail: message ?? "", problem: {}, isOver: true });
    worker.postMessage(message);
  });
}

/** The promise, rejected with `why` when the signal aborts first. */
function until<T>(signal: AbortSignal, promise: Promise<T>, why: Refused): Promise<T> {
  return new Promise((resolve, reject) => {
    const give = (): void => reject(why);
    if (signal.aborted) return give();
    signal.addEventListener("abort", give, { once: true });
    promise.then(resolve, reject);
  });
}
