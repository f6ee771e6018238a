/** The graph drawn with sigma: marks, lines and labels of what is visible; clicks, dragging and the keyboard's cursor go out as calls. */

import Sigma from "sigma";
import type { CameraState } from "sigma/types";
import { empty, type Graph, type Line, manner, type Node, type Visible } from "../graph";
import { aside, CROWD, DASHES, hueOf, LABEL, type Mode, markOf, pageColours, READABLE, radius, SHAPES, sizeRatio, thickness } from "../look";
import { type Placed, place, type Line as Segment, type Wanted } from "./labels";
import { DashProgram, HairProgram, LineProgram } from "./lines";
import { DotProgram, MarkProgram } from "./marks";
import { whilePrinting } from "./print";
import { degreesOf, IMPORTANT, ranked } from "./ranking";
import { drawing } from "./svg";

/** What the picture should show; it asks again whenever it draws. */
export interface Scene {
  visible: Visible;
  thing: string | null;
  fact: string | null;
  /** Things that stay where the reader put them. */
  pinned: Readonly<Record<string, unknown>>;
  chain: readonly string[];
  /** Where the keyboard is. */
  cursor: string | null;
  mode: Mode;
  name(iri: string): string;
  /** Where labels would not be seen. */
  covered: Insets;
}

export interface Handlers {
  choose(iri: string): void;
  chooseFact(key: string): void;
  chooseNothing(): void;
  expand(iri: string): void;
  pin(iri: string, x: number, y: number): void;
  hover(what: { node?: string; edge?: string } | null, x: number, y: number): void;
}

/** Pixels at the sides of the picture that something else covers or labels need. */
export interface Insets {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export interface Picture {
  show(scene: Scene): void;
  /** Let go of the graph while much of it changes. */
  pause(): void;
  resume(scene: Scene): void;
  fit(things: Iterable<string> | null, insets: Insets, isGentle: boolean): void;
  /** Move only when the things cannot be seen. */
  reveal(things: Iterable<string>, insets: Insets): void;
  zoom(factor: number): void;
  /** Where a thing would be, so many pixels from where it is. */
  beside(iri: string, dx: number, dy: number): readonly [number, number] | null;
  /** The visible thing nearest to another one in a direction on the screen. */
  towards(from: string | null, dx: number, dy: number): string | null;
  leave(): void;
}

/** Pixels around the letters of a label. */
const HALO = 3;
/** From so many things on, most labels wait until the picture stands still. */
const MANY = 300;
/** The radius of a sign on a line or beside a mark. */
const BADGE = 7.5;
/** A hand that shakes by so many pixels has not dragged. */
const CLUMSY = 4;
/** The camera's ratio when it shows a single thing. */
const CLOSE = 0.25;

const calm = matchMedia("(prefers-reduced-motion: reduce)");

export function picture(container: HTMLElement, graph: Graph, first: Scene, handlers: Handlers): Picture {
  let scene = first;
  let ranking: string[] = [];
  let degrees = new Map<string, number>();
  let near = new Set<string>();
  let later = 0;
  let disputed: string[] = [];
  let unknown: string[] = [];
  let hovered: string | null = null;
  let isCrowd = graph.order > CROWD || graph.size > CROWD;
  const nothing = empty();

  prepare();
  const sigma = new Sigma(graph, container, {
    nodeProgramClasses: { mark: MarkProgram, dot: DotProgram },
    edgeProgramClasses: { line: LineProgram, dash: DashProgram, hair: HairProgram },
    defaultNodeType: "mark",
    defaultEdgeType: "line",
    renderLabels: false,
    renderEdgeLabels: false,
    enableEdgeEvents: !isCrowd,
    hideEdgesOnMove: graph.size > CROWD,
    zIndex: true,
    minCameraRatio: 0.002,
    maxCameraRatio: 8,
    enableCameraRotation: false,
    stagePadding: 0,
    dragTimeout: 500,
    zoomToSizeRatioFunction: (ratio: number) => sizeRatio(ratio, container.clientWidth),
    defaultDrawNodeHover: () => undefined,
    allowInvalidContainer: true,
    nodeReducer: (iri, thing) => drawnMark(iri, thing as Node) as never,
    edgeReducer: (key, line) => drawnLine(key, line as Line) as never,
  });
  if (graph.order) sigma.setCustomBBox(extent());

  const camera = sigma.getCamera();
  const labels = document.createElement("canvas");
  labels.className = "labels";
  container.append(labels);
  const pen = labels.getContext("2d")!;
  const widths = new Map<string, number>();
  const sprites = new Map<string, HTMLCanvasElement>();

  function extent(): { x: [number, number]; y: [number, number] } {
    const [xs, ys] = [[Infinity, -Infinity] as [number, number], [Infinity, -Infinity] as [number, number]];
    graph.forEachNode((_, { x, y }) => {
      xs[0] = Math.min(xs[0], x); xs[1] = Math.max(xs[1], x);
      ys[0] = Math.min(ys[0], y); ys[1] = Math.max(ys[1], y);
    });
    if (xs[0] === xs[1]) { xs[0] -= 100; xs[1] += 100; }
    if (ys[0] === ys[1]) { ys[0] -= 100; ys[1] += 100; }
    return { x: xs, y: ys };
  }

  function drawnMark(iri: string, thing: Node): object {
    const colours = pageColours(scene.mode);
    const isDimmed = scene.chain.length > 0 && !near.has(iri);
    return {
      x: thing.x,
      y: thing.y,
      type: isCrowd ? "dot" : "mark",
      hidden: !scene.visible.nodes.has(iri),
      size: radius(thing.kind, degrees.get(iri) ?? 0, scene.visible.nodes.size) * (iri === scene.thing ? 1.15 : 1),
      shape: SHAPES.indexOf(markOf(thing.kind).shape),
      color: isDimmed ? colours.dimmed : hueOf(thing.kind, scene.mode),
      border: isDimmed ? colours.edge : colours.ink,
      isHollow: false,
      zIndex: iri === scene.thing ? 2 : near.has(iri) ? 1 : 0,
    };
  }

  function drawnLine(key: string, line: Line): object {
    const colours = pageColours(scene.mode);
    const how = manner(line);
    const inChain = scene.chain.includes(key);
    const isChosen = key === scene.fact || inChain || (hovered ?? scene.thing) === line.source || (hovered ?? scene.thing) === line.target;
    const isDimmed = scene.chain.length > 0 && !inChain && !isChosen;
    return {
      type: isCrowd ? "hair" : scene.visible.edges.size > READABLE ? "dash" : "line",
      hidden: !scene.visible.edges.has(key),
      size: thickness(line.single) + (key === scene.fact || inChain ? 1.6 : 0),
      color: isDimmed ? colours.dimmed : line.disputed ? colours.warn : isChosen ? colours.chosen : how === "stated" ? colours.line : colours.faint,
      dash: DASHES[how],
      beside: aside(line),
      zIndex: isChosen ? 1 : 0,
    };
  }

  /** What follows from the scene once, rather than for every mark. */
  function prepare(): void {
    degrees = degreesOf(graph, scene.visible);
    near = new Set();
    for (const key of scene.chain) if (graph.hasEdge(key)) graph.extremities(key).forEach((end) => near.add(end));
    disputed = [...scene.visible.edges].filter((key) => graph.getEdgeAttribute(key, "disputed"));
    unknown = [...scene.visible.nodes].filter((iri) => graph.getNodeAttribute(iri, "unknowns"));
    ranking = ranked(graph, scene.visible, degrees, near);
  }

  /** Draw again only what differs between two scenes with the same things. */
  function touchUp(things: readonly (string | null)[], facts: readonly (string | null)[]): void {
    const nodes = things.filter((iri): iri is string => iri !== null && graph.hasNode(iri));
    const edges = new Set(facts.filter((key): key is string => key !== null && graph.hasEdge(key)));
    for (const iri of nodes) graph.forEachEdge(iri, (key) => edges.add(key));
    sigma.refresh({ partialGraph: { nodes, edges: [...edges] }, skipIndexation: true });
  }

  // ── Labels: our own layer above sigma's ──

  function at(iri: string): { x: number; y: number; radius: number } | null {
    const shown = sigma.getNodeDisplayData(iri);
    if (!shown) return null;
    const { x, y } = sigma.framedGraphToViewport(shown);
    return { x, y, radius: sigma.scaleSize(shown.size) };
  }

  /** Labels for the picture as it is; while it moves, only the most important. */
  function write(): void {
    const isMoving = scene.visible.nodes.size > MANY && (sigma.getMouseCaptor().isMoving || camera.isAnimated());
    clearTimeout(later);
    if (isMoving) later = window.setTimeout(write, 150);
    const { width, height } = sigma.getDimensions();
    const dense = window.devicePixelRatio || 1;
    if (labels.width !== Math.round(width * dense) || labels.height !== Math.round(height * dense)) {
      labels.width = Math.round(width * dense);
      labels.height = Math.round(height * dense);
      labels.style.width = `${width}px`;
      labels.style.height = `${height}px`;
    }
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.font = `${LABEL.size}px ${LABEL.family}`;
    const forced = new Set([scene.thing, scene.cursor, hovered, ...near].filter((iri): iri is string => iri !== null && scene.visible.nodes.has(iri)));
    const important = new Set(ranking.slice(0, IMPORTANT));
    const marks: Wanted[] = [];
    for (const iri of [...forced, ...ranking]) {
      if (marks.length > (isMoving ? 40 : 500)) break;
      if (marks.length >= forced.size && forced.has(iri)) continue;
      const spot = at(iri);
      if (!spot || spot.x < -40 || spot.y < -40 || spot.x > width + 40 || spot.y > height + 40) continue;
      marks.push({ id: iri, text: scene.name(iri), ...spot, isForced: forced.has(iri), isImportant: important.has(iri) });
    }
    const colours = pageColours(scene.mode);
    if (!isCrowd && !scene.chain.length) {
      for (const { x, y } of disputes()) marks.push({ id: "", text: "", x, y, radius: BADGE, isForced: false });
    }
    const named = marks.filter((mark) => mark.id);
    const isForced = (one: Wanted): boolean => one.isForced;
    const relations = isCrowd ? [] : relationLabels();
    const placed = place(
      // the relations of a chain have one place only, things have eight
      [...relations.filter(isForced), ...named.filter(isForced), ...relations.filter((one) => !isForced(one)), ...named.filter((one) => !isForced(one))],
      {
        left: 0, top: scene.covered.top, right: width - scene.covered.right, bottom: height - scene.covered.bottom, marks, most: isCrowd ? 60 : 160, longest: width < 640 ? LABEL.short : LABEL.longest,
        lines: scene.visible.edges.size > 300 ? [] : segments(),
        measure: (line) => widths.get(line) ?? (widths.set(line, pen.measureText(line).width), widths.get(line)!),
      },
    );
    for (const iri of [scene.thing, scene.cursor]) ring(iri, iri === scene.cursor && iri !== scene.thing ? [4, 4] : [], colours.chosen);
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    const isRelation = new Set(relations.map((relation) => relation.id));
    for (const label of placed) text(label, isRelation.has(label.id) ? colours.chosen : scene.chain.length && !near.has(label.id) && !forced.has(label.id) ? colours.frame : colours.ink, colours.paper);
    if (!isCrowd && !scene.chain.length) badges(colours.warn, colours.paper);
    for (const iri of Object.keys(scene.pinned)) if (scene.visible.nodes.has(iri)) pinOf(iri, colours.chosen, colours.paper);
  }

  /** A label from its sprite: drawing letters with a halo anew in every frame is slow. */
  function text({ lines, x, y, align }: Placed, ink: string, paper: string): void {
    const width = Math.ceil(Math.max(...lines.map((line) => widths.get(line) ?? 0))) + 2 * HALO;
    const height = lines.length * LABEL.leading + 2 * HALO;
    const from = align === "center" ? x - width / 2 : align === "left" ? x - HALO : x - width + HALO;
    const sprite = spriteOf(lines, align, ink, paper, width, height);
    pen.drawImage(sprite, Math.round(from), Math.round(y - LABEL.leading / 2 - HALO), width, height);
  }

  function spriteOf(lines: readonly string[], align: Placed["align"], ink: string, paper: string, width: number, height: number): HTMLCanvasElement {
    const dense = window.devicePixelRatio || 1;
    const name = [dense, ink, paper, align, ...lines].join("\n");
    const known = sprites.get(name);
    if (known) return known;
    if (sprites.size > 800) sprites.clear();
    const sprite = document.createElement("canvas");
    sprite.width = Math.ceil(width * dense);
    sprite.height = Math.ceil(height * dense);
    const brush = sprite.getContext("2d")!;
    brush.scale(dense, dense);
    Object.assign(brush, { font: `${LABEL.size}px ${LABEL.family}`, textBaseline: "middle", lineJoin: "round", textAlign: align, strokeStyle: paper, fillStyle: ink, lineWidth: 4 });
    const x = align === "center" ? width / 2 : align === "left" ? HALO : width - HALO;
    const each = (draw: (line: string, x: number, y: number) => void): void => lines.forEach((line, index) => draw(line, x, HALO + LABEL.leading * (index + 0.5)));
    each((line, at, y) => brush.strokeText(line, at, y));
    each((line, at, y) => brush.fillText(line, at, y));
    sprites.set(name, sprite);
    return sprite;
  }

  function ring(iri: string | null, dash: number[], colour: string): void {
    const spot = iri && scene.visible.nodes.has(iri) ? at(iri) : null;
    if (!spot) return;
    pen.beginPath();
    pen.arc(spot.x, spot.y, spot.radius + 4, 0, 2 * Math.PI);
    pen.setLineDash(dash);
    pen.strokeStyle = colour;
    pen.lineWidth = 3;
    pen.stroke();
    pen.setLineDash([]);
  }

  function segments(): Segment[] {
    return [...scene.visible.edges].flatMap((key) => {
      const [one, other] = graph.extremities(key).map(at);
      return one && other ? [[one.x, one.y, other.x, other.y] as const] : [];
    });
  }

  /** Names of the relations at the thing that is pointed at or chosen, and along the chain. */
  function relationLabels(): Wanted[] {
    const centre = hovered ?? scene.thing;
    const near = scene.chain.length || scene.fact ? [] : centre && graph.hasNode(centre) ? graph.edges(centre) : [];
    const keys = [...new Set([...(scene.fact ? [scene.fact] : []), ...scene.chain, ...(near.length <= 14 ? near : [])])];
    return keys.flatMap((key) => {
      if (!scene.visible.edges.has(key) || !graph.hasEdge(key)) return [];
      const [one, other] = graph.extremities(key).map(at);
      if (!one || !other || Math.hypot(one.x - other.x, one.y - other.y) < 90) return [];
      return [{ id: key, text: scene.name(graph.getEdgeAttribute(key, "predicate")), x: (one.x + other.x) / 2, y: (one.y + other.y) / 2, radius: -1, isForced: scene.chain.includes(key) || key === scene.fact }];
    });
  }

  /** The middles of disputed lines. */
  function disputes(): { x: number; y: number }[] {
    return disputed.flatMap((key) => {
      const [one, other] = graph.hasEdge(key) ? graph.extremities(key).map(at) : [];
      return one && other ? [{ x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 }] : [];
    });
  }

  /** A sign in the middle of disputed lines, and a question mark beside what is partly unknown. */
  function badges(ink: string, paper: string): void {
    pen.textAlign = "center";
    pen.font = `bold 13px ${LABEL.family}`;
    for (const { x, y } of disputes()) badge("≠", x, y, ink, paper);
    for (const iri of unknown) {
      const spot = graph.hasNode(iri) ? at(iri) : null;
      if (spot) badge("?", spot.x + spot.radius * 0.8, spot.y - spot.radius * 0.8, pageColours(scene.mode).soft, paper);
    }
  }

  /** A pin stuck into a mark. */
  function pinOf(iri: string, ink: string, paper: string): void {
    const spot = at(iri);
    if (!spot) return;
    const [x, y] = [spot.x - spot.radius * 0.8, spot.y - spot.radius * 0.8];
    pen.beginPath();
    pen.moveTo(x + 1.2, y - 1);
    pen.lineTo(x + 7, y + 7);
    pen.lineWidth = 2;
    pen.strokeStyle = ink;
    pen.stroke();
    pen.beginPath();
    pen.arc(x - 1, y - 3, 4.5, 0, 2 * Math.PI);
    pen.fillStyle = ink;
    pen.fill();
    pen.lineWidth = 1.5;
    pen.strokeStyle = paper;
    pen.stroke();
  }

  function badge(sign: string, x: number, y: number, ink: string, paper: string): void {
    pen.beginPath();
    pen.arc(x, y, BADGE, 0, 2 * Math.PI);
    pen.fillStyle = paper;
    pen.fill();
    pen.strokeStyle = ink;
    pen.lineWidth = 1.5;
    pen.stroke();
    pen.fillStyle = ink;
    pen.fillText(sign, x, y + 0.5);
  }

  sigma.on("afterRender", write);
  sigma.once("afterRender", () => performance.mark("picture"));

  // ── Pointing, clicking, dragging ──

  // sigma reads back pixels at every move of the pointer, which stops the drawing: not while the picture is dragged
  const eyes = sigma as unknown as { getNodeAtPosition(at: object): string | null; getEdgeAtPoint(x: number, y: number): string | null };
  const [nodeAt, edgeAt] = [eyes.getNodeAtPosition.bind(sigma), eyes.getEdgeAtPoint.bind(sigma)];
  eyes.getNodeAtPosition = (spot) => (sigma.getMouseCaptor().isMoving ? null : nodeAt(spot));
  eyes.getEdgeAtPoint = (x, y) => (sigma.getMouseCaptor().isMoving ? null : edgeAt(x, y));

  let dragged: { iri: string; x: number; y: number } | null = null;
  let wasDragged = false;
  let timer = 0;

  sigma.on("enterNode", ({ node, event }) => { hovered = node; container.style.cursor = "pointer"; handlers.hover({ node }, event.x, event.y); touchUp([node, scene.thing], []); });
  sigma.on("leaveNode", ({ node }) => { hovered = null; container.style.cursor = ""; handlers.hover(null, 0, 0); touchUp([node, scene.thing], []); });
  sigma.on("enterEdge", ({ edge, event }) => { container.style.cursor = "pointer"; handlers.hover({ edge }, event.x, event.y); });
  sigma.on("leaveEdge", () => { container.style.cursor = ""; handlers.hover(null, 0, 0); });
  sigma.on("clickNode", ({ node }) => { if (!wasDragged) handlers.choose(node); });
  sigma.on("clickEdge", ({ edge }) => { if (!wasDragged) handlers.chooseFact(edge); });
  sigma.on("clickStage", () => { if (!wasDragged) handlers.chooseNothing(); });
  sigma.on("doubleClickNode", ({ node, preventSigmaDefault }) => { preventSigmaDefault(); handlers.expand(node); });
  sigma.on("downNode", ({ node, event }) => { dragged = { iri: node, x: event.x, y: event.y }; wasDragged = false; });
  sigma.on("moveBody", ({ event }) => {
    if (!dragged || !graph.hasNode(dragged.iri)) return;
    event.preventSigmaDefault();
    event.original.preventDefault();
    wasDragged ||= Math.hypot(event.x - dragged.x, event.y - dragged.y) > CLUMSY;
    if (!wasDragged) return;
    const { x, y } = sigma.viewportToGraph(event);
    graph.mergeNodeAttributes(dragged.iri, { x, y });
  });
  const drop = (): void => {
    if (dragged && wasDragged && graph.hasNode(dragged.iri)) {
      const { x, y } = graph.getNodeAttributes(dragged.iri);
      handlers.pin(dragged.iri, x, y);
    }
    dragged = null;
    clearTimeout(timer);
    timer = window.setTimeout(() => { wasDragged = false; }, 50);
  };
  for (const end of ["mouseup", "touchend", "touchcancel"]) window.addEventListener(end, drop);

  camera.on("updated", () => handlers.hover(null, 0, 0));

  const watcher = new ResizeObserver(() => { sigma.resize(); sigma.refresh({ skipIndexation: true }); });
  watcher.observe(container);

  // ── The camera ──

  const NEUTRAL: CameraState = { x: 0.5, y: 0.5, ratio: 1, angle: 0 };

  /** The camera that shows some things between the insets, no closer than `least`. */
  function seen(things: Iterable<string>, insets: Insets, least = CLOSE): CameraState | null {
    const [xs, ys]: [number[], number[]] = [[], []];
    for (const iri of things) {
      const shown = sigma.getNodeDisplayData(iri);
      if (!shown) continue;
      const { x, y } = sigma.framedGraphToViewport(shown, { cameraState: NEUTRAL });
      xs.push(x);
      ys.push(y);
    }
    if (!xs.length) return null;
    const { width, height } = sigma.getDimensions();
    const [left, right, top, bottom] = [min(xs), max(xs), min(ys), max(ys)];
    const room = [Math.max(80, width - insets.left - insets.right), Math.max(80, height - insets.top - insets.bottom)] as const;
    const ratio = Math.max((right - left) / room[0], (bottom - top) / room[1], least);
    const middle = {
      x: (left + right) / 2 + ((insets.right - insets.left) / 2) * ratio,
      y: (top + bottom) / 2 + ((insets.bottom - insets.top) / 2) * ratio,
    };
    return { ...sigma.viewportToFramedGraph(middle, { cameraState: NEUTRAL }), ratio, angle: 0 };
  }

  function go(to: CameraState | null, isGentle: boolean): void {
    if (!to) return;
    if (isGentle && !calm.matches) void camera.animate(to, { duration: 350 });
    else camera.setState(to);
  }

  const stopPrinting = whilePrinting(
    () => container.append(parsed(drawing(graph, scene.visible, { title: document.title, mode: "light", name: scene.name }).text)),
    () => container.querySelector(":scope > svg")?.remove(),
  );

  return {
    show(next) {
      const before = scene;
      scene = next;
      if (next.visible === before.visible && next.mode === before.mode && next.chain === before.chain && next.name === before.name) {
        touchUp([before.thing, next.thing, before.cursor, next.cursor], [before.fact, next.fact]);
        return;
      }
      isCrowd = scene.visible.nodes.size > CROWD || scene.visible.edges.size > CROWD;
      if (hovered && !graph.hasNode(hovered)) hovered = null;
      prepare();
      sigma.setSetting("enableEdgeEvents", !isCrowd);
      sigma.refresh({ skipIndexation: false });
    },
    pause: () => sigma.setGraph(nothing as never),
    resume(next) {
      scene = next;
      isCrowd = scene.visible.nodes.size > CROWD || scene.visible.edges.size > CROWD;
      hovered = null;
      const isFirst = !sigma.getCustomBBox() && graph.order > 0;
      if (isFirst) sigma.setCustomBBox(extent());
      prepare();
      sigma.setGraph(graph as never);
    },
    fit(things, insets, isGentle) {
      go(seen(things ?? scene.visible.nodes, insets), isGentle);
    },
    reveal(things, insets) {
      const { width, height } = sigma.getDimensions();
      const spots = [...things].map(at).filter((spot) => spot !== null);
      const isOut = spots.some(({ x, y }) => x < insets.left / 2 || y < insets.top / 2 || x > width - insets.right || y > height - insets.bottom);
      if (!isOut) return;
      go(seen(things, insets, spots.length > 1 ? CLOSE : Math.max(CLOSE, camera.getState().ratio)), true);
    },
    zoom(factor) {
      const state = camera.getState();
      go({ ...state, ratio: camera.getBoundedRatio(state.ratio * factor) }, true);
    },
    beside(iri, dx, dy) {
      const spot = graph.hasNode(iri) ? at(iri) : null;
      if (!spot) return null;
      const { x, y } = sigma.viewportToGraph({ x: spot.x + dx, y: spot.y + dy });
      return [x, y];
    },
    towards(from, dx, dy) {
      const { width, height } = sigma.getDimensions();
      const origin = (from && scene.visible.nodes.has(from) ? at(from) : null) ?? { x: width / 2, y: height / 2 };
      let best: string | null = null;
      let least = Infinity;
      for (const iri of scene.visible.nodes) {
        const spot = iri === from ? null : at(iri);
        if (!spot) continue;
        const along = (spot.x - origin.x) * dx + (spot.y - origin.y) * dy;
        const across = Math.abs((spot.x - origin.x) * dy) + Math.abs((spot.y - origin.y) * dx);
        const cost = from === null ? Math.hypot(spot.x - origin.x, spot.y - origin.y) : along > 1 ? along + 2 * across : Infinity;
        if (cost < least) [best, least] = [iri, cost];
      }
      return best;
    },
    leave() {
      clearTimeout(later);
      watcher.disconnect();
      stopPrinting();
      for (const end of ["mouseup", "touchend", "touchcancel"]) window.removeEventListener(end, drop);
      sigma.kill();
      labels.remove();
    },
  };
}

const parsed = (text: string): Element => document.importNode(new DOMParser().parseFromString(text, "image/svg+xml").documentElement, true);
const min = (values: readonly number[]): number => values.reduce((least, value) => Math.min(least, value), Infinity);
const max = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, value), -Infinity);
