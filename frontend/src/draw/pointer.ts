/** Pointing, clicking and dragging in the picture. */

import { refresh, type Stage } from "./stage";

export interface Handlers {
  choose(iri: string): void;
  chooseFact(key: string): void;
  chooseNothing(): void;
  expand(iri: string): void;
  pin(iri: string, x: number, y: number): void;
  hover(what: { node?: string; edge?: string } | null, x: number, y: number): void;
}

/** Pixels that a pointer may move in a click. */
const CLUMSY = 4;
/** Milliseconds after a drop in which a click belongs to the drag. */
const AFTER_DROP = 50;
const ENDS = ["mouseup", "touchend", "touchcancel"] as const;

/** Listens to the pointer; returns a function that stops listening. */
export function listenToPointer(stage: Stage, handlers: Handlers): () => void {
  pickOnlyAtRest(stage);
  listenToHover(stage, handlers);
  const drag = dragging(stage, handlers);
  const { sigma } = stage;
  const unlessDragged = (act: () => void): void => { if (!drag.hasMoved()) act(); };
  sigma.on("clickNode", ({ node }) => unlessDragged(() => handlers.choose(node)));
  sigma.on("clickEdge", ({ edge }) => unlessDragged(() => handlers.chooseFact(edge)));
  sigma.on("clickStage", () => unlessDragged(handlers.chooseNothing));
  sigma.on("doubleClickNode", ({ node, preventSigmaDefault }) => {
    preventSigmaDefault();
    handlers.expand(node);
  });
  sigma.getCamera().on("updated", () => handlers.hover(null, 0, 0));
  for (const end of ENDS) window.addEventListener(end, drag.drop);
  return () => {
    for (const end of ENDS) window.removeEventListener(end, drag.drop);
  };
}

/** Sigma reads back pixels at every move of the pointer, which stalls the GPU: not while the picture is dragged. */
function pickOnlyAtRest({ sigma }: Stage): void {
  const picking = sigma as unknown as {
    getNodeAtPosition(at: object): string | null;
    getEdgeAtPoint(x: number, y: number): string | null;
  };
  const [nodeAt, edgeAt] = [picking.getNodeAtPosition.bind(sigma), picking.getEdgeAtPoint.bind(sigma)];
  picking.getNodeAtPosition = (spot) => (sigma.getMouseCaptor().isMoving ? null : nodeAt(spot));
  picking.getEdgeAtPoint = (x, y) => (sigma.getMouseCaptor().isMoving ? null : edgeAt(x, y));
}

function listenToHover(stage: Stage, { hover }: Handlers): void {
  const { sigma, container } = stage;
  const over = (what: { node?: string; edge?: string }, { x, y }: { x: number; y: number }): void => {
    container.style.cursor = "pointer";
    hover(what, x, y);
  };
  const out = (): void => {
    container.style.cursor = "";
    hover(null, 0, 0);
  };
  const become = (hovered: string | null, node: string): void => {
    stage.hovered = hovered;
    refresh(stage, [node, stage.scene.thing]);
  };
  sigma.on("enterNode", ({ node, event }) => {
    over({ node }, event);
    become(node, node);
  });
  sigma.on("leaveNode", ({ node }) => {
    out();
    become(null, node);
  });
  sigma.on("enterEdge", ({ edge, event }) => over({ edge }, event));
  sigma.on("leaveEdge", out);
}

function dragging({ sigma, graph }: Stage, { pin }: Handlers) {
  let dragged: { iri: string; x: number; y: number } | null = null;
  let hasMoved = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  sigma.on("downNode", ({ node, event }) => {
    dragged = { iri: node, x: event.x, y: event.y };
    hasMoved = false;
  });
  sigma.on("moveBody", ({ event }) => {
    if (!dragged || !graph.hasNode(dragged.iri)) return;
    event.preventSigmaDefault();
    event.original.preventDefault();
    hasMoved ||= Math.hypot(event.x - dragged.x, event.y - dragged.y) > CLUMSY;
    if (!hasMoved) return;
    const { x, y } = sigma.viewportToGraph(event);
    graph.mergeNodeAttributes(dragged.iri, { x, y });
  });
  return {
    hasMoved: () => hasMoved,
    drop(): void {
      if (dragged && hasMoved && graph.hasNode(dragged.iri)) {
        const { x, y } = graph.getNodeAttributes(dragged.iri);
        pin(dragged.iri, x, y);
      }
      dragged = null;
      clearTimeout(timer);
      timer = setTimeout(() => { hasMoved = false; }, AFTER_DROP);
    },
  };
}
