/** The drawing of a moment on an axis of years, and its dates in words: for the timeline and for its picture. */

import type { Dated } from "../api";
import type { App } from "../app";
import { type Axis, along, extent, yearShare } from "../axis";
import { dayInWords, inWords } from "../dictionary";
import { type Child, el, NARROW, svg } from "../dom";
import { LASTING, lastDay } from "../graph";
import { markOf } from "../look";
import { shaped } from "./components";

const BAR = { y: -6, height: 12 } as const;
const DIFFERING = { x: 11, y: 5 } as const;
/** Pixels over which an unknown beginning fades in. */
const DAWN = 34;

/** The dates in words that claim no more than is known. */
export function when(app: App, { kind, from, to, open: isOpen, begun }: Dated): string {
  const all = app.words();
  const { fill, timeline: words } = all;
  const day = (value: string): string => dayInWords(value, all);
  const [first, last, isOneDay] = [day(from), day(to), from === to];
  if (!begun && isOpen) return fill(isOneDay ? words.attested : words.attestedTwice, { first, last });
  if (!begun) return fill(isOneDay ? words.until : words.untilAttested, { attested: first, to: last });
  if (isOpen) return fill(isOneDay ? words.since : words.sinceAttested, { from: first, attested: last });
  if (LASTING.has(kind)) return fill(words.lasted, { from: first, to: last });
  const exact = extent(from, to);
  if (exact === "day") return first;
  if (exact === "year") return fill(words.within, { period: from.slice(0, 4) });
  const month = { value: from.slice(0, 7), lang: null, datatype: "http://www.w3.org/2001/XMLSchema#gYearMonth" };
  if (exact === "month") return fill(words.within, { period: inWords(month, all) });
  return fill(words.between, { from: first, to: last });
}

export function groupName(app: App, group: string): string {
  const { groups } = app.words().facets;
  return groups[group as keyof typeof groups];
}

/** Whether a moment is on the shown part of the axis. */
export const isOn = ({ first, last }: Axis, { from, to, open: isOpen }: Dated): boolean =>
  Number(from.slice(0, 4)) < last && (isOpen || Number(to.slice(0, 4)) >= first);

export function legend(app: App, isDisputed: boolean): Child {
  const words = app.words().timeline;
  const sample = (...drawn: SVGElement[]): SVGElement =>
    svg("svg", { class: "form", viewBox: "0 -15 44 30", "aria-hidden": "true" }, drawn);
  const bar = (x: number, width: number, mask: string | null = null): SVGElement =>
    svg("rect", { class: "bar", x, width, ...BAR, mask: mask && `url(#${mask})` });
  const range = svg("rect", { class: "range", x: 2, width: 40, ...BAR });
  const start = svg("circle", { class: "point hollow", cx: 20, r: 6.5 });
  const [point, differing] = [svg("circle", { class: "point", cx: 16, r: 6.5 }), differs(16)];
  const forms = el("ul", { class: "forms soft" },
    el("li", {}, sample(bar(2, 40)), words.forms.lasting),
    el("li", {}, sample(bar(2, 12), bar(14, 28, "fading")), words.forms.open),
    el("li", {}, sample(bar(2, 18, "dawning"), bar(20, 22, "fading"), start), words.forms.attested),
    el("li", {}, sample(range), words.forms.within),
    isDisputed && el("li", {}, sample(point, differing), words.forms.disputed),
  );
  return el("details", { class: "forms-key", open: !matchMedia(NARROW).matches }, el("summary", {}, words.key), forms);
}

const differs = (dx: number | null = null): SVGElement => svg("text", { class: "differing", ...DIFFERING, dx }, "≠");

/** Masks: an open end fades out, an unknown beginning fades in. */
export const fading = (): SVGElement => {
  const stop = (offset: number, opacity: number): SVGElement =>
    svg("stop", { offset, "stop-color": "white", "stop-opacity": opacity });
  const mask = (id: string, first: number, last: number): SVGElement[] => [
    svg("linearGradient", { id: `${id}-by` }, stop(0, first), stop(1, last)),
    svg("mask", { id, maskContentUnits: "objectBoundingBox" },
      svg("rect", { width: 1, height: 1, fill: `url(#${id}-by)` })),
  ];
  const masks = [mask("fading", 0.6, 0.04), mask("dawning", 0.04, 0.6)];
  return svg("svg", { class: "unseen", width: 1, height: 1, "aria-hidden": "true" }, masks);
};

const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;

export function years(scale: Axis): SVGElement[] {
  return scale.ticks.map((year, index) => {
    const anchor = index === 0 ? "start" : index === scale.ticks.length - 1 ? "end" : "middle";
    const [name, x] = [index % 2 ? "minor" : null, percent(yearShare(scale, year))];
    return svg("text", { class: name, x, y: 16, "text-anchor": anchor }, String(year));
  });
}

/** A moment over the lines of the years; the drawing takes the width that it is given. */
export function track(scale: Axis, one: Dated): SVGElement[] {
  const lines = scale.ticks.map((year) => {
    const x = percent(yearShare(scale, year));
    return svg("line", { class: "year", x1: x, x2: x, y1: 0, y2: "100%" });
  });
  return [...lines, svg("svg", { y: "50%", overflow: "visible" }, drawn(scale, one))];
}

function drawn(scale: Axis, { kind, from, to, open: isOpen, begun, disputed: dates }: Dated): SVGElement[] {
  const [start, end] = [along(scale, from), along(scale, lastDay(to))];
  const fill = `var(--${markOf(kind).hue})`;
  const isLasting = isOpen || LASTING.has(kind);
  const at = isLasting ? start : (start + end) / 2;
  const bar = (name: string, left: number, right: number, others = {}): SVGElement =>
    svg("rect", { class: name, x: percent(left), width: percent(right - left), ...BAR, fill, ...others });
  const movedTo = (x: number, ...shapes: SVGElement[]): SVGElement =>
    svg("svg", { x: percent(x), overflow: "visible" }, shapes);
  const dawn = svg("rect", { class: "bar", x: -DAWN, width: DAWN, ...BAR, fill, mask: "url(#dawning)" });
  return [
    ...(begun ? [] : [movedTo(start, dawn)]),
    ...(end > start ? [bar(isLasting ? "bar" : "range", start, end)] : []),
    ...(isOpen ? [bar("bar", end, 1, { mask: "url(#fading)" })] : []),
    point(kind, at, begun),
    ...(dates.length ? [movedTo(at, differs())] : []),
  ];
}

/** The mark of the kind at a share of the width; hollow for an unknown beginning. */
function point(kind: string, at: number, begun: boolean): SVGElement {
  const { hue, shape } = markOf(kind);
  const paint = { class: begun ? "point" : "point hollow", fill: begun ? `var(--${hue})` : null,
    transform: "scale(.8) translate(-10 -10)" };
  return svg("svg", { x: percent(at), overflow: "visible" }, shaped(shape, paint));
}
