/** The timeline, on an axis of years or as a table; things without dates are listed below. */

import type { Dated, Happened, Timeline } from "../api";
import type { App } from "../app";
import { type Axis, axis, axisOf, LASTING } from "../axis";
import { dayInWords, isIri } from "../dictionary";
import { type Child, datum, el, svg, swap, unseen } from "../dom";
import { beside } from "../facets/beside";
import { isSame } from "../selection";
import { isRedrawn, withParams } from "../state";
import { cardLink, sign, termText, thingLink } from "./components";
import { type Column, grid, markChosen } from "./grid";
import { loading } from "./loading";
import { fading, groupName, isOn, legend, track, when, years } from "./moments";
import { pictureMenu } from "./picture-files";
import { share } from "./share";
import type { View } from "./view";

/** What is shown: the answer, and the moments of each group that are loaded. */
interface Shown {
  readonly found: Timeline;
  readonly rows: Map<string, Dated[]>;
}

export function open(app: App): View {
  const inside = el("section", { class: "page timeline" });
  const { element, show: showFacets } = beside(app, inside);
  const show = loading(app, inside);
  let shown: Shown | null = null;
  const ask = async (): Promise<Shown> => {
    const found = await app.source.timeline(app.state().selection);
    app.dictionary.learn(found.names);
    app.dictionary.learnThings([...found.groups.flatMap(({ rows }) => rows), ...found.without]);
    return { found, rows: new Map(found.groups.map(({ group, rows }) => [group, [...rows]])) };
  };
  const redraw = (): void => { if (shown) swap(inside, page(app, shown, redraw)); };
  const draw = (): void => void show(ask, (known) => {
    shown = known;
    return page(app, known, redraw);
  });
  draw();
  return {
    element,
    update(state, before) {
      showFacets();
      if (!isSame(state.selection, before.selection)) draw();
      else if (isRedrawn(state, before)) redraw();
      else markChosen(app, inside);
    },
  };
}

function page(app: App, shown: Shown, redraw: () => void): Child[] {
  const { fill, timeline: words } = app.words();
  const { dated, undated, from, to } = shown.found;
  const whole = from && to ? axis([from, to]) : null;
  const scale = whole && zoomed(app, whole);
  const isTable = app.state().list;
  const choice = (id: string, list: boolean, text: string): HTMLElement =>
    el("button", { id, "aria-pressed": String(list === isTable), onclick: () => app.store.adjust({ list }) }, text);
  return [
    el("div", { class: "controls" },
      el("div", { class: "segmented", role: "group", "aria-label": words.form },
        choice("as-axis", false, words.asAxis), choice("as-table", true, words.asTable)),
      whole && scale && !isTable && zooming(app, whole, scale),
      el("p", { class: "soft" }, fill(words.showing, { n: dated, undated })),
      el("div", { class: "tools" }, scale && !isTable && downloads(app, scale, shown), share(app)),
    ),
    !scale && el("p", { class: "none" }, words.none),
    scale && !isTable && picture(app, scale, shown, redraw),
    scale && isTable && table(app, shown, redraw),
    undated > 0 && without(app, shown),
  ];
}

/** A menu with the loaded part of the axis as a file. */
function downloads(app: App, scale: Axis, { found, rows }: Shown): Child {
  const groups = found.groups.map(({ group, count }) => ({ group, count, rows: rows.get(group) ?? [] }));
  return pictureMenu(app, async (format) => (await import("./timeline-file")).save(app, scale, groups, format));
}

/** The part of the axis that the address asks for, else all of it. */
function zoomed(app: App, whole: Axis): Axis {
  const [, first, last] = /^(\d{4})\/(\d{4})$/.exec(app.state().params.zoom ?? "") ?? [];
  return (first && last && Number(first) < Number(last) ? axisOf(Number(first), Number(last)) : null) ?? whole;
}

/** Buttons that show more or less of the axis, or an earlier or later part. */
function zooming(app: App, whole: Axis, { first, last }: Axis): HTMLElement {
  const { facets: words } = app.words();
  const to = (start: number, end: number) => (): void => {
    const from = Math.max(whole.first, Math.round(start));
    const until = Math.min(whole.last, Math.max(from + 1, Math.round(end)));
    const zoom = from <= whole.first && until >= whole.last ? null : `${pad(from)}/${pad(until)}`;
    app.store.adjust({ params: withParams(app.state(), { zoom }) });
  };
  const [size, middle] = [last - first, (first + last) / 2];
  const button = (id: string, title: string, text: string, isOff: boolean, act: () => void): HTMLElement =>
    el("button", { id, class: "icon", title, "aria-label": title, disabled: isOff, onclick: act }, text);
  const isWhole = first <= whole.first && last >= whole.last;
  return el("div", { class: "zooming", role: "group", "aria-label": words.zoomAll },
    button("zoom-in", words.zoomIn, "+", size <= 1, to(middle - size / 4, middle + size / 4)),
    button("zoom-out", words.zoomOut, "−", isWhole, to(middle - size, middle + size)),
    button("zoom-earlier", words.earlier, "‹", first <= whole.first, to(first - size / 2, last - size / 2)),
    button("zoom-later", words.later, "›", last >= whole.last, to(first + size / 2, last + size / 2)),
    button("zoom-all", words.zoomAll, "⤢", isWhole, to(whole.first, whole.last)));
}

const pad = (year: number): string => String(year).padStart(4, "0");

/** The number of moments of a group that are not loaded yet. */
const leftOf = ({ rows }: Shown, { group, count }: Happened): number => count - (rows.get(group)?.length ?? 0);

/** Loads the next moments of some groups. */
async function load(app: App, shown: Shown, groups: readonly Happened[]): Promise<void> {
  const { selection } = app.state();
  await Promise.all(groups.map(async ({ group, rows: first }) => {
    const known = shown.rows.get(group)!;
    const { rows } = await app.source.moments(selection, group, Math.floor(known.length / first.length) + 1);
    app.dictionary.learnThings(rows);
    known.push(...rows);
  }));
}

/** A button that loads what is left; null when nothing is. */
function more(app: App, shown: Shown, groups: readonly Happened[], redraw: () => void): Child {
  const some = groups.filter((one) => leftOf(shown, one) > 0);
  const n = some.reduce((sum, one) => sum + Math.min(leftOf(shown, one), one.rows.length), 0);
  if (!n) return null;
  const { fill, more: text } = app.words();
  const id = `more-${some.map(({ group }) => group).join("-")}`;
  return el("button", { id, class: "more", onclick: () => void load(app, shown, some).then(redraw, () => undefined) },
    fill(text, { n }));
}

function table(app: App, shown: Shown, redraw: () => void): Child[] {
  const rows = [...shown.rows.values()].flat();
  return [
    grid(app, { caption: app.words().timeline.caption, columns: columns(app), rows, thing: ({ iri }) => iri }),
    more(app, shown, shown.found.groups, redraw),
  ];
}

/** The things without a date: the first of them, and how many more there are. */
function without(app: App, { found: { undated, without: first } }: Shown): Child[] {
  const { fill, timeline: words, map } = app.words();
  const left = undated - first.length;
  return [
    el("h2", {}, words.undated),
    el("p", { class: "soft" }, words.undatedLead),
    el("ul", { class: "undated" }, first.map(({ iri, kind }) =>
      el("li", { "data-thing": iri }, el("span", { class: "marked" }, sign(kind),
        el("span", {}, thingLink(app, iri), el("span", { class: "soft" }, ` (${app.name(kind)})`))))),
      left > 0 && el("li", { class: "soft" }, fill(map.others, { n: left }))),
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

function picture(app: App, scale: Axis, shown: Shown, redraw: () => void): Child[] {
  const { locale } = app.words();
  const all = [...shown.rows.values()].flat();
  return [
    legend(app, all.some(({ disputed }) => disputed.length > 0)),
    fading(),
    el("div", { class: "years", "aria-hidden": "true" }, svg("svg", { class: "strip" }, years(scale))),
    shown.found.groups.map((one) => {
      const title = groupName(app, one.group);
      const rows = (shown.rows.get(one.group) ?? []).filter((moment) => isOn(scale, moment));
      const count = el("span", { class: "soft" }, ` (${one.count.toLocaleString(locale)})`);
      return el("section", { "data-group": one.group }, el("h2", { class: "lane" }, title, count),
        el("ul", { class: "moments", "aria-label": title }, rows.map((moment) => momentRow(app, scale, moment))),
        more(app, shown, [one], redraw));
    }),
  ];
}

/** A row of the timeline, in words and drawn, as a link to the card. */
function momentRow(app: App, scale: Axis, one: Dated): HTMLElement {
  const { iri } = one;
  return el("li", { "data-thing": iri, "aria-current": app.state().thing === iri ? "true" : null },
    el("a", { class: "moment", ...cardLink(app, iri) },
      el("span", { class: "what" },
        el("span", { class: "called" }, sign(one.kind), datum(app.name(iri))), unseen(": "),
        el("span", { class: "when" }, when(app, one)), disputed(app, one)),
      el("span", { class: "track" },
        svg("svg", { class: "strip", "aria-hidden": "true" }, track(scale, one))),
    ),
  );
}
