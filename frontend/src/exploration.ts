/** Keeps the graph in step with the state: loads and merges the start, the expanded things and the chain. */

import { type Network, Refused, type Source } from "./api";
import type { Dictionary } from "./dictionary";
import { edgeKey, empty, merge } from "./graph";
import type { State, Store } from "./state";

export type Exploration = ReturnType<typeof exploration>;
type Listener = (phase: "changing" | "changed") => void;
type Part = readonly [name: string, ask: (source: Source) => Promise<Network>];

function parts({ start, expanded, chain, day }: State): Part[] {
  const near = (iri: string): Part => [`near ${iri}`, (source) => source.neighbourhood(iri, 1)];
  const first: Part = typeof start === "object" ? near(start.focus) : [start, (source) => source[start]()];
  const found = [first, ...expanded.map(near)];
  if (chain) found.push([`chain ${chain.join(" ")} ${day ?? ""}`, (source) => source.chain(...chain, day)]);
  return found;
}

export function exploration(source: Source, store: Store, dictionary: Dictionary) {
  const graph = empty();
  const listeners = new Set<Listener>();
  const tell: Listener = (phase) => {
    for (const listener of [...listeners]) listener(phase);
  };
  /** The parts in the graph, in order. A refused part is not among them, and is asked for again. */
  let merged: string[] = [];
  let wanted = "";
  let isReady = false;
  let isPart = false;
  let trouble: unknown = null;
  let chain: readonly string[] = [];

  async function follow(): Promise<void> {
    const state = store.get();
    const asked = parts(state);
    const names = asked.map(([name]) => name);
    if (wanted === names.join("\n") && !trouble) return;
    wanted = names.join("\n");
    isReady = false;
    trouble = null;
    const answers = await Promise.allSettled(asked.map(([, ask]) => ask(source)));
    if (wanted !== names.join("\n")) return;
    tell("changing");
    const [start] = answers;
    if (start?.status === "rejected") {
      trouble = start.reason;
      graph.clear();
      merged = [];
    } else {
      isPart = state.start === "overview" && start?.status === "fulfilled" && start.value.origin === null;
      const isLonger = merged.length > 0 && merged.every((name, index) => name === names[index]);
      if (!isLonger) {
        graph.clear();
        merged = [];
      }
      for (const [index, answer] of [...answers.entries()].slice(merged.length)) {
        if (answer.status === "rejected") continue;
        dictionary.learnAll(answer.value);
        merge(graph, answer.value, store.get().pins);
        merged.push(names[index]!);
      }
      const last = answers.at(-1);
      chain = state.chain && last?.status === "fulfilled" ? last.value.edges.map(edgeKey) : [];
      trouble = answers.map(reason)
        .find((found) => found && !(found instanceof Refused && found.code === "missing")) ?? null;
    }
    isReady = true;
    tell("changed");
  }

  return {
    graph,
    /** The keys of the edges of the chain, in order. */
    chain: () => chain,
    /** Whether the graph has what the state asks for. */
    isReady: () => isReady,
    /** Whether the overview is a part of a graph that is too large for one. */
    isPart: () => isPart,
    /** Why a request failed. */
    trouble: () => trouble,
    /** Brings the graph in step with the state; needed once, and after trouble. */
    follow: () => void follow(),
    /** Calls the listener just before and after each change of the graph. */
    listen(listener: Listener): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const reason = (answer: PromiseSettledResult<unknown>): unknown =>
  (answer.status === "rejected" ? answer.reason : null);
