/** The attributes by which sigma draws things and facts of the scene. */

import { type Line, manner, type Node } from "../graph";
import { aside, DASHES, hueOf, markOf, pageColours, READABLE, radius, SHAPES, thickness } from "../look";
import type { Shown } from "./stage";

export function drawnMark({ scene, degrees, onChain, isCrowd }: Shown, iri: string, thing: Node): object {
  const colours = pageColours(scene.mode);
  const isDimmed = scene.chain.length > 0 && !onChain.has(iri);
  const size = radius(thing.kind, degrees.get(iri) ?? 0, scene.visible.nodes.size);
  return {
    x: thing.x,
    y: thing.y,
    type: isCrowd ? "dot" : "mark",
    hidden: !scene.visible.nodes.has(iri),
    size: size * (iri === scene.thing ? 1.15 : 1),
    shape: SHAPES.indexOf(markOf(thing.kind).shape),
    color: isDimmed ? colours.dimmed : hueOf(thing.kind, scene.mode),
    border: isDimmed ? colours.edge : colours.ink,
    zIndex: iri === scene.thing ? 2 : onChain.has(iri) ? 1 : 0,
  };
}

export function drawnLine({ scene, hovered, isCrowd }: Shown, key: string, line: Line): object {
  const colours = pageColours(scene.mode);
  const how = manner(line);
  const inChain = scene.chain.includes(key);
  const centre = hovered ?? scene.thing;
  const isChosen = key === scene.fact || inChain || centre === line.source || centre === line.target;
  const isDimmed = scene.chain.length > 0 && !inChain && !isChosen;
  const usual = how === "stated" ? colours.line : colours.faint;
  return {
    type: isCrowd ? "hair" : scene.visible.edges.size > READABLE ? "dash" : "line",
    hidden: !scene.visible.edges.has(key),
    size: thickness(line.single) + (key === scene.fact || inChain ? 1.6 : 0),
    color: isDimmed ? colours.dimmed : line.disputed ? colours.warn : isChosen ? colours.chosen : usual,
    dash: DASHES[how],
    beside: aside(line),
    zIndex: isChosen ? 1 : 0,
  };
}
