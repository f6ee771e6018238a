/** Keeps the graph in step with the state: the start, what was expanded and the chain are asked for and merged. */

import { type Network, Refused, type Source } from "./api";
import type { Dictionary } from "./dictionary";
import { edgeKey, empty, type Graph, merge } from "./graph";
import type { State, Store } from "./state";

export interface Exploration {
  readonly graph: Graph;
  /** The keys of the edges of the chain, in order. */
  chain(): readonly string[];
  /** Whether what the state asks for is in the graph. */
  isReady(): boolean;
  /** Whether the start is a part of an overview that would be too large. */
  isPart(): boolean;
  /** Why the start could not be had. */
  trouble(): unknown;
  /** Bring the graph in step now; needed once, and after trouble. */
  follow(): void;
  /** Called just before the graph changes and just after. */
  listen(listener: (phase: "changing" | "changed") => void): () => void;
}

type Part = readonly [name: string, ask: (source: Source) => Promise<Network>];

function parts(state: State): Part[] {
  const { start, day } = state;
  const near = (iri: string): Part => [`near ${iri}`, (source) => source.neighbourhood(iri, 1)];
  const first: Part =
    start === "overview" ? ["overview", (source) => source.overview()]
    : start === "whole" ? ["whole", (source) => source.whole()]
    : near(start.focus);
  const { chain } = state;
  return [
    first,
    ...state.expanded.map(near),
    ...(chain ? [[`chain ${chain.join(" ")} ${day ?? ""}`, (source: Source) => source.chain(...chain, day)] as const]
      : []),
  ];
}

export function exploration(source: Source, store: Store, dictionary: Dictionary): Exploration {
  const graph = empty();
  const listeners = new Set<(phase: "changing" | "changed") => void>();
  const tell = (phase: "changing" | "changed"): void => {
    for (const listener of [...listeners]) listener(phase);
  };
  /** What is in the graph, in order: what was refused is not, and is asked for again. */
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
        .find((found) => found && !(found instanceof Refused && found.reproach === "missing")) ?? null;
    }
    isReady = true;
    tell("changed");
  }

  return {
    graph,
    chain: () => chain,
    isReady: () => isReady,
    isPart: () => isPart,
    trouble: () => trouble,
    follow: () => void follow(),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const reason = (answer: PromiseSettledResult<unknown>): unknown =>
  (answer.status === "rejected" ? answer.reason : null);
