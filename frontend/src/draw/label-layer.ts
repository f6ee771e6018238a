/** Labels and signs above sigma's picture: names of things and relations, rings, badges and pins. */

import { titleOf } from "../graph";
import { LABEL, pageColours } from "../look";
import { type Barrier, type Placed, place, type Sheet, type Wanted } from "./labels";
import { BADGE, clear, drawBadge, drawLabel, drawPin, drawRing, fontOf, type Pen, pen, widthOf } from "./pen";
import { IMPORTANT, isFirst } from "./ranking";
import { lineOf, type Spot, type Stage, segmentOf, spotOf } from "./stage";

/** With more things, most labels are drawn only at rest. */
const MANY = 300;
/** Milliseconds after which labels are drawn in any font. */
const FONTS = 400;
/** Pixels beyond the picture within which a thing may have a label. */
const AROUND = 40;
/** A thing with more facts has no names at its lines. */
const MOST_RELATIONS = 14;
/** A line that is shorter, in pixels, has no room for a name. */
const SHORTEST = 90;
/** Pixels between a badge and the labels around it. */
const CLEAR_OF_BADGE = 3;
/** Where a label on a line may stand, as shares of the line. */
const ALONG = [0.5, 0.4, 0.6, 0.3, 0.7];

export function labelLayer(stage: Stage) {
  const paint = pen();
  let later: ReturnType<typeof setTimeout> | undefined;
  stage.container.append(paint.canvas);
  let isGone = false;
  /** Labels wait for their fonts, so that they are placed and drawn once. */
  let hasFonts = false;
  const redraw = (): void => {
    clearTimeout(late);
    hasFonts = true;
    paint.widths.clear();
    paint.sprites.clear();
    if (!isGone) draw();
  };
  const late = setTimeout(redraw, FONTS);
  void Promise.all([false, true].map((isStrong) => document.fonts.load(fontOf(isStrong), "aą"))).then(redraw, redraw);

  /** While the picture moves, only the most important labels are drawn. */
  function draw(): void {
    if (!hasFonts) return;
    const { sigma, scene } = stage;
    const isMoving = sigma.getMouseCaptor().isMoving || sigma.getCamera().isAnimated();
    const isBrief = scene.visible.nodes.size > MANY && isMoving;
    clearTimeout(later);
    if (isBrief) later = setTimeout(draw, 150);
    clear(paint, sigma.getDimensions());
    drawLabels(stage, paint, isBrief ? 40 : 500);
  }

  return {
    draw,
    remove(): void {
      isGone = true;
      clearTimeout(later);
      clearTimeout(late);
      paint.canvas.remove();
    },
  };
}

/** Draws the labels; the event `labelled` says where they stand, and which lines they avoid. */
function drawLabels(stage: Stage, paint: Pen, most: number): void {
  const { scene } = stage;
  const { ink, soft, frame, paper, chosen } = pageColours(scene.mode);
  const forced = forcedThings(stage);
  const things = thingLabels(stage, forced, most);
  const relations = stage.isCrowd ? [] : [...sectorLabels(stage), ...relationLabels(stage)];
  const titles = stage.isCrowd || scene.chain.length ? [] : titleLabels(stage, relations);
  const { placed, sheet } = placedLabels(stage, paint, things, relations, titles);
  stage.container.dispatchEvent(new CustomEvent("labelled", { bubbles: true, detail: { placed, lines: sheet.lines } }));
  for (const iri of [scene.thing, scene.cursor]) ringAround(stage, paint, iri, chosen);
  const isRelation = new Set(relations.map(({ id }) => id));
  const isTitle = new Set(titles.map(({ id }) => id));
  const colour = ({ id }: Placed): string =>
    isRelation.has(id) ? chosen : isTitle.has(id) ? soft : scene.chain.length && !forced.has(id) ? frame : ink;
  for (const label of placed) drawLabel(paint, label, colour(label), paper);
  if (hasBadges(stage)) drawBadges(stage, paint);
  for (const iri of Object.keys(scene.pinned)) {
    const spot = scene.visible.nodes.has(iri) && spotOf(stage, iri);
    if (spot) drawPin(paint, spot, chosen, paper);
  }
}

function forcedThings({ scene, hovered, onChain }: Stage): Set<string> {
  const wanted = [scene.thing, scene.cursor, hovered, ...onChain];
  return new Set(wanted.filter((iri): iri is string => iri !== null && scene.visible.nodes.has(iri)));
}

/** Labels of the forced things and then of the others on the screen, about `most` in all. */
function thingLabels(stage: Stage, forced: ReadonlySet<string>, most: number): Wanted[] {
  const { scene, ranking, sigma, graph, main } = stage;
  const { width, height } = sigma.getDimensions();
  const important = new Set(ranking.slice(0, IMPORTANT));
  const isOnScreen = ({ x, y }: Spot): boolean =>
    x >= -AROUND && y >= -AROUND && x <= width + AROUND && y <= height + AROUND;
  const labels: Wanted[] = [];
  const add = (iri: string, isForced: boolean): void => {
    const spot = spotOf(stage, iri);
    if (!spot || !isOnScreen(spot)) return;
    const isStrong = iri === main || iri === scene.focus;
    const isOfFirst = isStrong || isFirst(graph, iri);
    labels.push({ id: iri, text: (scene.label ?? scene.name)(iri), ...spot, isForced: isForced || iri === scene.focus,
      isImportant: isOfFirst || important.has(iri), isFirst: isOfFirst, isStrong });
  };
  for (const iri of forced) add(iri, true);
  for (const iri of ranking) {
    if (labels.length > most) break;
    if (!forced.has(iri)) add(iri, false);
  }
  return labels;
}

/** Names of the relations of the hovered or chosen thing, and of the chain. */
function relationLabels(stage: Stage): Wanted[] {
  const { scene, graph, hovered } = stage;
  const centre = hovered ?? scene.thing;
  const isGrouped = centre === scene.focus && Boolean(scene.sectors?.length);
  const isBare = scene.chain.length || scene.fact || !centre || !graph.hasNode(centre) || isGrouped;
  const own = isBare ? [] : graph.edges(centre);
  const sure = [...(scene.fact ? [scene.fact] : []), ...scene.chain];
  const keys = new Set([...sure, ...(own.length <= MOST_RELATIONS ? own : [])]);
  return [...keys].flatMap((key) => {
    const line = scene.visible.edges.has(key) ? lineOf(stage, key) : null;
    if (!line || Math.hypot(line[0].x - line[1].x, line[0].y - line[1].y) < SHORTEST) return [];
    return [onLine(stage, key, line, sure.includes(key))];
  });
}

/** The label on a line: its relation, or what its thing is called. */
function onLine({ scene, graph }: Stage, key: string, [one, other]: readonly [Spot, Spot], isForced: boolean): Wanted {
  const text = titleOf(graph.getEdgeAttributes(key)).map(scene.name).join(", ");
  const [first, ...elsewhere] = ALONG.map((share) =>
    ({ x: one.x + (other.x - one.x) * share, y: one.y + (other.y - one.y) * share }));
  return { id: key, text, ...first!, elsewhere, radius: -1, isForced };
}

/** The functions of people, on the lines between them and organisations. */
function titleLabels(stage: Stage, others: readonly Wanted[]): Wanted[] {
  const { scene, graph } = stage;
  const known = new Set(others.map(({ id }) => id));
  return [...scene.visible.edges].flatMap((key) => {
    const { through, title, predicate } = graph.getEdgeAttributes(key);
    const line = through && title && title[0] !== predicate && !known.has(key) ? lineOf(stage, key) : null;
    return line ? [onLine(stage, key, line, false)] : [];
  });
}

/** One label for each group of a neighbourhood: the relation and the number of things. */
function sectorLabels({ scene, graph, sigma }: Stage): Wanted[] {
  const { focus, sectors } = scene;
  if (!focus || !sectors || !graph.hasNode(focus) || scene.chain.length) return [];
  const from = graph.getNodeAttributes(focus);
  return sectors.flatMap(({ predicate, through, members, at }) => {
    const shown = members.filter((iri) => scene.visible.nodes.has(iri));
    if (!shown.length) return [];
    const name = scene.name(through ?? predicate);
    const [first, ...elsewhere] = [1, 0.8, 1.2, 0.6, 1.4].map((share) => sigma.graphToViewport(
      { x: (from.x as number) + at[0] * share, y: (from.y as number) - at[1] * share }));
    const keys = shown.flatMap((iri) => [...graph.edges(focus, iri), ...graph.edges(iri, focus)]);
    const text = shown.length > 1 ? `${name} (${shown.length})` : name;
    const id = `sector ${through} ${predicate} ${members[0]}`;
    return [{ id, text, ...first!, elsewhere, radius: -1, isForced: false, isImportant: true, owns: new Set(keys) }];
  });
}

function placedLabels(stage: Stage, paint: Pen, things: readonly Wanted[], relations: readonly Wanted[],
    titles: readonly Wanted[]): { placed: Placed[]; sheet: Sheet } {
  const { scene, sigma, isCrowd } = stage;
  const { width, height } = sigma.getDimensions();
  const { covered, visible } = scene;
  const badges = hasBadges(stage) ? [...disputes(stage), ...unknowns(stage)] : [];
  const signs = badges.map((at) => ({ id: "", text: "", ...at, radius: BADGE + CLEAR_OF_BADGE, isForced: false }));
  const sheet: Sheet = {
    left: 0, top: covered.top, right: width - covered.right, bottom: height - covered.bottom,
    marks: [...things, ...signs],
    covers: scene.covers ?? [],
    lines: visible.edges.size > 2 * MANY ? [] : lines(stage),
    most: isCrowd ? 60 : 160,
    longest: width < 640 ? LABEL.short : LABEL.longest,
    measure: (line, isStrong) => widthOf(paint, line, isStrong),
  };
  // forced labels first; those on lines before those of lesser things, which have more places
  const all = [...things.filter((one) => one.isFirst), ...relations,
    ...things.filter((one) => !one.isFirst && one.isImportant), ...titles,
    ...things.filter((one) => !one.isFirst && !one.isImportant)];
  const order = [...all.filter(({ isForced }) => isForced), ...all.filter(({ isForced }) => !isForced)];
  return { placed: place(order, sheet), sheet };
}

const middle = ([one, other]: readonly [Spot, Spot]): { x: number; y: number } =>
  ({ x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 });

const lines = (stage: Stage): Barrier[] =>
  [...stage.scene.visible.edges].flatMap((key) => {
    const line = segmentOf(stage, key);
    return line ? [{ line, owners: [key, ...stage.graph.extremities(key)] }] : [];
  });

function ringAround(stage: Stage, paint: Pen, iri: string | null, ink: string): void {
  const { thing, cursor, visible } = stage.scene;
  const spot = iri && visible.nodes.has(iri) ? spotOf(stage, iri) : null;
  if (spot) drawRing(paint, spot, iri === cursor && iri !== thing ? [4, 4] : [], ink);
}

const hasBadges = ({ isCrowd, scene }: Stage): boolean => !isCrowd && !scene.chain.length;

const disputes = (stage: Stage): { x: number; y: number }[] =>
  stage.disputed.flatMap((key) => {
    const line = lineOf(stage, key);
    return line ? [middle(line)] : [];
  });

/** A sign on disputed lines, and a question mark beside things with known unknowns. */
function drawBadges(stage: Stage, paint: Pen): void {
  const { warn, soft, paper } = pageColours(stage.scene.mode);
  for (const spot of disputes(stage)) drawBadge(paint, "≠", spot, warn, paper);
  for (const spot of unknowns(stage)) drawBadge(paint, "?", spot, soft, paper);
}

const unknowns = (stage: Stage): { x: number; y: number }[] =>
  stage.unknown.flatMap((iri) => {
    const spot = spotOf(stage, iri);
    return spot ? [{ x: spot.x + spot.radius * 0.8, y: spot.y - spot.radius * 0.8 }] : [];
  });
