/** A chart of two columns of an answer: bars or a line. The table of the answer is its equivalent. */

import type { Term } from "../api";
import type { App } from "../app";
import { type Child, el, shortened, svg, swap } from "../dom";
import { asShown } from "../draw/shown";
import { fetchLabels } from "../fetch-labels";
import { pageColours } from "../look";
import { termText } from "../views/components";
import { type DrawnFormat, pictureButtons } from "../views/picture-files";
import type { Mounted } from "../views/view";
import { editorWords } from "../words/editor";
import { variableName } from "../words/variables";
import { type Answer, irisIn } from "./answer";
import { labelColumn, numeric, shapes } from "./charted";
import { numberOf } from "./sorting";

/** The most rows that are drawn. */
const MOST = 60;
const ROW = 26;
const WIDTH = 900;
const NAMES = 300;
const [HEIGHT, LEFT, BELOW] = [320, 60, 90];
const LONGEST = 38;

interface Point {
  readonly name: string;
  readonly value: number;
}

export async function draw(app: App, place: HTMLElement, answer: Answer): Promise<Mounted> {
  await fetchLabels(app, irisIn({ ...answer, rows: answer.rows.slice(0, MOST) })).catch(() => undefined);
  const value = numeric(answer).at(-1) ?? 0;
  const label = labelColumn(answer, value);
  const isTime = /year|rok|date|day|month/i.test(answer.columns[label] ?? "");
  const chosen = { value, label, shape: isTime ? "line" : "bars" };
  const canvas = el("div", { class: "chart-drawn" });
  const redraw = (): void => swap(canvas, picture(app, answer, chosen));
  swap(place, controls(app, answer, chosen, redraw), canvas);
  redraw();
  return { update: () => undefined, leave: () => undefined };
}

type Chosen = { value: number; label: number; shape: string };

function controls(app: App, answer: Answer, chosen: Chosen, redraw: () => void): Child {
  const { label, value, kind } = editorWords(app.lang()).chart;
  type Key = string | number;
  const pick = (id: string, title: string, options: readonly (readonly [Key, string])[], now: Key,
    take: (value: string) => void): HTMLElement =>
    el("label", { class: "field" }, el("span", {}, title), el("select", { id, onchange: (event: Event) => {
      take((event.currentTarget as HTMLSelectElement).value);
      redraw();
    } }, options.map(([key, text]) => el("option", { value: key, selected: key === now }, text))));
  const named = (all: readonly number[]) => all.map((at) => [at, columnName(app, answer, at)] as const);
  const every = answer.columns.map((_, at) => at);
  return el("div", { class: "controls chart-controls" },
    pick("chart-value", value, named(numeric(answer)), chosen.value, (at) => { chosen.value = Number(at); }),
    pick("chart-label", label, named(every), chosen.label, (at) => { chosen.label = Number(at); }),
    pick("chart-shape", kind, shapes(app), chosen.shape, (shape) => { chosen.shape = shape; }));
}

function picture(app: App, answer: Answer, { value, label, shape }: Chosen): Child {
  const { rows } = answer;
  const words = editorWords(app.lang()).chart;
  const { fill, locale } = app.words();
  const name = (term: Term | null | undefined): string => (term ? shortened(termText(app, term), LONGEST) : "—");
  const points = rows.flatMap((row): Point[] => {
    const number = numberOf(row[value]);
    return number === null ? [] : [{ name: name(row[label]), value: number }];
  }).slice(0, MOST);
  const column = columnName(app, answer, value);
  const title = fill(words.title, { value: column, label: columnName(app, answer, label) });
  const drawn = shape === "line" ? line(points, title, locale) : bars(points, title, locale);
  const cut = rows.length > points.length && fill(words.first, { n: points.length });
  const subtitle = cut ? `${title} · ${cut}` : title;
  const told = { title: answer.question ?? app.words().title, subtitle, column };
  return [
    el("div", { class: "chart-head" }, el("p", { class: "soft" }, subtitle),
      !app.state().embedded && pictureButtons(app, (format) => save(app, drawn, told, format))),
    el("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": title }, drawn)];
}

/** The name of a column of a prepared question, else its variable. */
const columnName = (app: App, { columns, question }: Answer, at: number): string =>
  (question ? variableName(columns[at] ?? "", app.lang()) : `?${columns[at]}`);

/** Downloads a chart in a frame. */
async function save(app: App, drawn: SVGSVGElement, told: Record<"title" | "subtitle" | "column", string>,
    format: DrawnFormat): Promise<void> {
  const { saveDrawing } = await import("../export");
  const { title, subtitle, column } = told;
  const legend = [{ mark: { colour: pageColours(app.mode()).accent }, text: column }];
  const { sources } = await app.source.about();
  await saveDrawing(app, asShown(drawn), { title, subtitle, legend, sources }, "kgraph-chart", format);
}

const frame = (height: number) => ({ class: "chart-svg", viewBox: `0 0 ${WIDTH} ${height}`, role: "img" });

/** A horizontal bar for each row, with its name and number. */
function bars(points: readonly Point[], title: string, locale: string): SVGSVGElement {
  const least = Math.min(0, ...points.map(({ value }) => value));
  const most = Math.max(0, ...points.map(({ value }) => value));
  const room = WIDTH - NAMES - 90;
  const across = (value: number): number => NAMES + ((value - least) / (most - least || 1)) * room;
  return svg("svg", { ...frame(points.length * ROW + 8), "aria-label": title },
    points.map(({ name, value }, at) => {
      const y = at * ROW + 4;
      const [from, to] = [across(Math.min(0, value)), across(Math.max(0, value))];
      return svg("g", {},
        svg("text", { x: NAMES - 8, y: y + 16, "text-anchor": "end" }, name),
        svg("rect", { class: "bar", x: from, y: y + 3, width: Math.max(1, to - from), height: ROW - 8, rx: 2 }),
        svg("text", { class: "number", x: to + 6, y: y + 16 }, value.toLocaleString(locale)));
    }));
}

/** A line through the rows in their order. */
function line(points: readonly Point[], title: string, locale: string): SVGSVGElement {
  const least = Math.min(0, ...points.map(({ value }) => value));
  const most = Math.max(1, ...points.map(({ value }) => value));
  const x = (at: number): number => LEFT + (at * (WIDTH - LEFT - 20)) / Math.max(1, points.length - 1);
  const y = (value: number): number => HEIGHT - BELOW - ((value - least) / (most - least)) * (HEIGHT - BELOW - 20);
  const every = Math.ceil(points.length / 20);
  return svg("svg", { ...frame(HEIGHT), "aria-label": title },
    [least, (least + most) / 2, most].map((value) => svg("g", {},
      svg("line", { class: "rule", x1: LEFT, x2: WIDTH, y1: y(value), y2: y(value) }),
      svg("text", { class: "number", x: LEFT - 8, y: y(value) + 4, "text-anchor": "end" },
        value.toLocaleString(locale)))),
    svg("polyline", { class: "drawn", points: points.map(({ value }, at) => `${x(at)},${y(value)}`).join(" ") }),
    points.map(({ name, value }, at) => svg("g", {},
      svg("circle", { class: "bar", cx: x(at), cy: y(value), r: 4 },
        svg("title", {}, `${name}: ${value.toLocaleString(locale)}`)),
      at % every === 0 && svg("text", { x: x(at), y: HEIGHT - BELOW + 16, "text-anchor": "end",
        transform: `rotate(-35 ${x(at)} ${HEIGHT - BELOW + 16})` }, shortened(name, 16)))));
}
