/** The timeline as one drawing, for a file: the groups below each other, a line for each moment that is loaded. */

import type { Dated } from "../api";
import type { App } from "../app";
import type { Axis } from "../axis";
import { el, shortened, svg } from "../dom";
import type { Entry } from "../draw/framing";
import { asShown } from "../draw/shown";
import { saveDrawing, sourcesOf } from "../export";
import { byLegend, markOf } from "../look";
import { chosenNames } from "../selection";
import { shaped } from "./components";
import { fading, groupName, isOn, legend, track, when, years } from "./moments";
import type { DrawnFormat } from "./picture-files";

const WIDTH = 1240;
/** The space beside the lines, as beside the title of the frame. */
const EDGE = 32;
const ROOM = WIDTH - 2 * EDGE;
const NAMES = 430;
const ROW = 42;
const HEADING = 40;
/** Characters of a name and of dates beside the axis, in the widest of the usual typefaces. */
const LONGEST = { name: 46, when: 54 };

interface Group {
  readonly group: string;
  readonly count: number;
  readonly rows: readonly Dated[];
}

/** Downloads what of the groups is loaded and on the axis, in a frame. */
export async function save(app: App, scale: Axis, groups: readonly Group[], format: DrawnFormat): Promise<void> {
  const { fill, things, title, views } = app.words();
  const { selection } = app.state();
  const shown = groups.map((one) => ({ ...one, rows: one.rows.filter((moment) => isOn(scale, moment)) }));
  const rows = shown.flatMap((one) => one.rows);
  const place = el("div", { class: "apart" }, picture(app, scale, shown), legend(app, rows.some(isDisputed)));
  document.body.append(place);
  try {
    const [drawing] = place.getElementsByTagName("svg");
    const told = {
      title: `${title}: ${views.timeline}`,
      subtitle: [fill(things, { n: rows.length }), ...chosenNames(selection, app.name)].join(" · "),
      legend: entries(app, rows, place),
      sources: await sourcesOf(app, selection),
    };
    await saveDrawing(app, asShown(drawing!), told, "kgraph-timeline", format);
  } finally {
    place.remove();
  }
}

const isDisputed = ({ disputed }: Dated): boolean => disputed.length > 0;

/** The kinds of the moments, and the forms of lines. */
function entries(app: App, rows: readonly Dated[], place: HTMLElement): Entry[] {
  const kinds = [...new Set(rows.map(({ kind }) => kind))].sort(byLegend);
  return [
    ...kinds.map((kind): Entry => ({ mark: { kind }, text: app.name(kind) })),
    ...[...place.querySelectorAll(".forms li")].map((form): Entry =>
      ({ mark: { drawing: asShown(form.querySelector("svg")!) }, text: form.lastChild!.textContent ?? "" })),
  ];
}

function picture(app: App, scale: Axis, groups: readonly Group[]): SVGElement {
  let y = HEADING;
  const down = (size: number): number => {
    y += size;
    return y - size;
  };
  const parts = groups.filter(({ rows }) => rows.length).map(({ group, count, rows }) => [
    svg("text", { class: "lane", x: 0, y: down(HEADING) + 26 },
      `${groupName(app, group)} (${count.toLocaleString(app.words().locale)})`),
    rows.map((one) => line(app, scale, one, down(ROW))),
    count > rows.length && svg("text", { class: "soft", x: 22, y: down(ROW) + 24 }, left(app, count - rows.length)),
  ]);
  const axis = svg("svg", { x: NAMES, y: 8, width: ROOM - NAMES, height: 24, overflow: "visible" }, years(scale));
  return svg("svg", { class: "timeline-file", width: WIDTH, height: y },
    fading(), svg("g", { class: "strip", transform: `translate(${EDGE} 0)` }, axis, parts));
}

const left = (app: App, n: number): string => app.words().fill(app.words().andMore, { n });

/** A moment: its mark, name and dates, and beside them its line. */
function line(app: App, scale: Axis, one: Dated, y: number): SVGElement {
  const { hue, shape } = markOf(one.kind);
  return svg("g", {},
    svg("line", { class: "year", x1: 0, x2: ROOM, y1: y, y2: y }),
    svg("svg", { x: 0, y: y + 5, width: 15, height: 15, viewBox: "-1 -1 22 22" },
      shaped(shape, { fill: `var(--${hue})` })),
    svg("text", { class: "called", x: 22, y: y + 17 }, shortened(app.name(one.iri), LONGEST.name)),
    svg("text", { x: 22, y: y + 34 }, shortened(when(app, one), LONGEST.when)),
    svg("svg", { x: NAMES, y, width: ROOM - NAMES, height: ROW, overflow: "visible" }, track(scale, one)));
}
