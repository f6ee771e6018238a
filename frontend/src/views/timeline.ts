/** The timeline, on an axis of years or as a table; things without dates are listed below. */

import type { Dated, Timeline } from "../api";
import type { App } from "../app";
import { type Axis, along, axis, extent, yearShare } from "../axis";
import { dayInWords, inWords, isIri } from "../dictionary";
import { type Child, datum, el, svg, unseen } from "../dom";
import { LASTING, lastDay } from "../graph";
import { byLegend, markOf } from "../look";
import { isRedrawn } from "../state";
import { cardLink, shaped, sign, termText, thingLink } from "./components";
import { type Column, grid, markChosen, portions } from "./grid";
import { loading } from "./loading";
import { share } from "./share";
import type { View } from "./view";

const BAR = { y: -6, height: 12 } as const;
const DIFFERING = { x: 11, y: 5 } as const;
/** Pixels over which an unknown beginning fades in. */
const DAWN = 34;

export function open(app: App): View {
  const element = el("section", { class: "page timeline" });
  const show = loading(app, element);
  const ask = async (): Promise<Timeline> => {
    const found = await app.source.timeline();
    app.dictionary.learn(found.names);
    app.dictionary.learnThings([...found.dated, ...found.undated]);
    return found;
  };
  const draw = (): void => void show(ask, (found) => page(app, found));
  draw();
  return { element, update: (state, before) => (isRedrawn(state, before) ? draw() : markChosen(app, element)) };
}

function page(app: App, { dated, undated }: Timeline): Child[] {
  const { fill, timeline: words } = app.words();
  const scale = axis(dated.flatMap(({ from, to }) => [from, to]));
  const isTable = app.state().list;
  const choice = (id: string, list: boolean, text: string): HTMLElement =>
    el("button", { id, "aria-pressed": String(list === isTable), onclick: () => app.store.adjust({ list }) }, text);
  return [
    el("div", { class: "controls" },
      el("div", { class: "segmented", role: "group", "aria-label": words.form },
        choice("as-axis", false, words.asAxis), choice("as-table", true, words.asTable)),
      el("p", { class: "soft" }, fill(words.showing, { n: dated.length, undated: undated.length })),
      el("div", { class: "tools" }, share(app)),
    ),
    !scale && el("p", { class: "none" }, words.none),
    scale && !isTable && picture(app, scale, dated),
    scale && isTable
      && grid(app, { caption: words.caption, columns: columns(app), rows: dated, thing: ({ iri }) => iri }),
    undated.length > 0 && [
      el("h2", {}, words.undated),
      el("p", { class: "soft" }, words.undatedLead),
      el("ul", { class: "undated" }, undated.map(({ iri, kind }) =>
        el("li", { "data-thing": iri }, el("span", { class: "marked" }, sign(kind),
          el("span", {}, thingLink(app, iri), el("span", { class: "soft" }, ` (${app.name(kind)})`)))))),
    ],
  ];
}

function columns(app: App): Column<Dated>[] {
  const { columns: words } = app.words().timeline;
  const day = (value: string): Child => el("time", { datetime: value }, dayInWords(value, app.words()));
  const missing = (text: string): Child => el("span", { class: "chip unknown" }, `? ${text}`);
  return [
    { key: "name", title: words.name, value: ({ iri }) => app.name(iri),
      shown: ({ iri, kind }) => el("span", { class: "marked" }, sign(kind), thingLink(app, iri)) },
    { key: "kind", title: words.kind, value: ({ kind }) => app.name(kind), shown: ({ kind }) => app.name(kind) },
    { key: "from", title: words.from, value: ({ from, begun }) => (begun ? from : null),
      shown: ({ from, begun }) => (begun ? day(from) : missing(app.words().timeline.noBeginning)) },
    { key: "to", title: words.to, value: ({ to, open: isOpen }) => (isOpen ? null : to),
      shown: ({ to, open: isOpen }) => (isOpen ? missing(app.words().timeline.noEnd) : day(to)) },
    { key: "when", title: words.when, value: (one) => remark(app, one),
      shown: (one) => [remark(app, one), disputed(app, one)] },
  ];
}

/** The dates in words where the two days alone would say too much. */
const remark = (app: App, one: Dated): string | null =>
  one.open || !one.begun || (!LASTING.has(one.kind) && one.from !== one.to) ? when(app, one) : null;

/** A chip with the other dates where sources contradict each other. */
function disputed(app: App, { from, to, disputed: dates }: Dated): Child {
  const words = app.words();
  const others = dates.filter((date) => !isIri(date) && date.value !== from && date.value !== to)
    .map((date) => termText(app, date));
  const list = new Intl.ListFormat(words.locale).format(others);
  const said = others.length ? words.fill(words.timeline.otherDates, { days: list }) : words.marks.disputed;
  return dates.length > 0 && [" ", el("span", { class: "chip disputed" }, `≠ ${said}`)];
}

/** The dates in words that claim no more than is known. */
function when(app: App, { kind, from, to, open: isOpen, begun }: Dated): string {
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

function picture(app: App, scale: Axis, dated: readonly Dated[]): Child[] {
  const { locale } = app.words();
  const kinds = [...new Set(dated.map(({ kind }) => kind))].sort(byLegend);
  return [
    legend(app, dated.some(({ disputed }) => disputed.length > 0)),
    fading(),
    el("div", { class: "years", "aria-hidden": "true" }, svg("svg", { class: "strip" }, years(scale))),
    kinds.map((kind) => {
      const own = dated.filter((one) => one.kind === kind)
        .sort((one, other) => (one.from < other.from ? -1 : Number(one.from > other.from)));
      const list = el("ul", { class: "moments", "aria-label": app.name(kind) });
      const more = portions(app, list, own, (one) => moment(app, scale, one));
      const count = el("span", { class: "soft" }, ` (${own.length.toLocaleString(locale)})`);
      return el("section", {}, el("h2", { class: "lane" }, sign(kind), " ", app.name(kind), count), list, more);
    }),
  ];
}

function legend(app: App, isDisputed: boolean): Child {
  const words = app.words().timeline;
  const sample = (...drawn: SVGElement[]): SVGElement =>
    svg("svg", { class: "form", viewBox: "0 -15 44 30", "aria-hidden": "true" }, drawn);
  const bar = (x: number, width: number, mask: string | null = null): SVGElement =>
    svg("rect", { class: "bar", x, width, ...BAR, mask: mask && `url(#${mask})` });
  const range = svg("rect", { class: "range", x: 2, width: 40, ...BAR });
  const start = svg("circle", { class: "point hollow", cx: 20, r: 6.5 });
  const [point, differing] = [svg("circle", { class: "point", cx: 16, r: 6.5 }), differs(16)];
  return el("ul", { class: "forms soft" },
    el("li", {}, sample(bar(2, 40)), words.forms.lasting),
    el("li", {}, sample(bar(2, 12), bar(14, 28, "fading")), words.forms.open),
    el("li", {}, sample(bar(2, 18, "dawning"), bar(20, 22, "fading"), start), words.forms.attested),
    el("li", {}, sample(range), words.forms.within),
    isDisputed && el("li", {}, sample(point, differing), words.forms.disputed),
  );
}

const differs = (dx: number | null = null): SVGElement => svg("text", { class: "differing", ...DIFFERING, dx }, "≠");

/** Masks: an open end fades out, an unknown beginning fades in. */
const fading = (): SVGElement => {
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

function years(scale: Axis): SVGElement[] {
  return scale.ticks.map((year, index) => {
    const anchor = index === 0 ? "start" : index === scale.ticks.length - 1 ? "end" : "middle";
    const [name, x] = [index % 2 ? "minor" : null, percent(yearShare(scale, year))];
    return svg("text", { class: name, x, y: 16, "text-anchor": anchor }, String(year));
  });
}

/** A row of the timeline, in words and drawn, as a link to the card. */
function moment(app: App, scale: Axis, one: Dated): HTMLElement {
  const { iri } = one;
  const lines = scale.ticks.map((year) => {
    const x = percent(yearShare(scale, year));
    return svg("line", { class: "year", x1: x, x2: x, y1: 0, y2: "100%" });
  });
  return el("li", { "data-thing": iri, "aria-current": app.state().thing === iri ? "true" : null },
    el("a", { class: "moment", ...cardLink(app, iri) },
      el("span", { class: "what" },
        el("span", { class: "called" }, datum(app.name(iri))), unseen(": "),
        el("span", { class: "when" }, when(app, one)), disputed(app, one)),
      el("span", { class: "track" },
        svg("svg", { class: "strip", "aria-hidden": "true" }, lines,
          svg("svg", { y: "50%", overflow: "visible" }, drawn(scale, one)))),
    ),
  );
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
