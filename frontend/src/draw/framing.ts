/** A frame around a picture that leaves the site: title, date, legend, source, licence and address. */

import { DASHES, LABEL, type Mode, pageColours } from "../look";
import type { Manner } from "../state";
import { round, shaped, xml } from "./svg";

export interface Entry {
  /** The kind whose mark is shown, the manner or dispute whose line is shown, a colour, or a sample. */
  readonly mark: { kind: string } | { line: Manner | "disputed" } | { colour: string } | { drawing: Drawn };
  readonly text: string;
}

/** What a frame says; each of `lines` is a paragraph below the picture. */
export interface Framing {
  readonly title: string;
  readonly subtitle: string;
  readonly legend: readonly Entry[];
  readonly lines: readonly string[];
  readonly mode: Mode;
}

export interface Drawn {
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

const EDGE = 32;
const NARROWEST = 900;
const TITLE = { size: 26, leading: 32 };
const SMALL = { size: 14, leading: 20 };
/** How much wider than ours the typefaces of other programs may be. */
const WIDER = 1.15;
const ENTRY = { gap: 26, mark: 26, leading: 26 };

type Measure = (text: string, size: number) => number;
type Placed = Entry & Record<"x" | "y", number>;

/** The drawing inside its frame, as one SVG. */
export function framed(inner: Drawn, framing: Framing): Drawn {
  const width = Math.max(NARROWEST, inner.width);
  const room = width - 2 * EDGE;
  const measure = measured();
  const titles = broken(framing.title, room, (text) => measure(text, TITLE.size) * WIDER);
  const top = EDGE + titles.length * TITLE.leading + SMALL.leading + 12;
  const below = top + inner.height + 12;
  const entries = flowed(framing.legend, room, below + 20, measure);
  const last = entries.at(-1)?.y ?? below;
  const rows = framing.lines.flatMap((line) => broken(line, room, (text) => measure(text, SMALL.size) * WIDER));
  const height = Math.round(last + 34 + rows.length * SMALL.leading + EDGE / 2);
  const { ink, soft, edge, paper } = pageColours(framing.mode);
  const rule = (y: number): string => `<path d="M${EDGE} ${y}H${width - EDGE}" stroke="${edge}"/>`;
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"
 font-family="${xml(LABEL.family)}">
<title>${xml(framing.title)}</title>
<rect width="100%" height="100%" fill="${paper}"/>
<g font-size="${TITLE.size}" font-weight="700" fill="${ink}">${written(titles, EDGE + 20, TITLE.leading)}</g>
<g font-size="${SMALL.size}" fill="${soft}">
${written([framing.subtitle], EDGE + titles.length * TITLE.leading + 12, SMALL.leading)}</g>
${nested(inner, Math.round((width - inner.width) / 2), top)}
${rule(below)}
<g font-size="${SMALL.size}" fill="${ink}">${entries.map((one) => drawnEntry(one, framing.mode)).join("\n")}</g>
<g font-size="${SMALL.size}" fill="${soft}">${written(rows, last + 38, SMALL.leading)}</g>
</svg>
`;
  return { text, width, height };
}

function measured(): Measure {
  const pen = document.createElement("canvas").getContext("2d")!;
  return (text, size) => {
    pen.font = `${size}px ${LABEL.family}`;
    return pen.measureText(text).width;
  };
}

/** The lines of a text that fit the room; a word that is too long, such as an address, goes on in the next line. */
export function broken(text: string, room: number, width: (text: string) => number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && width(longer) <= room) lines[lines.length - 1] = longer;
    else lines.push(...cut(word, room, width));
  }
  return lines;
}

/** A word in pieces that fit the room. */
function cut(word: string, room: number, width: (text: string) => number): string[] {
  if (width(word) <= room) return [word];
  const size = Math.max(1, Math.floor((word.length * room) / width(word)));
  return [word.slice(0, size), ...cut(word.slice(size), room, width)];
}

/** The entries of the legend in rows; a name is never parted from its mark. */
function flowed(legend: readonly Entry[], room: number, top: number, measure: Measure): Placed[] {
  let [x, y] = [0, top];
  return legend.map((entry) => {
    const width = markWidth(entry) + measure(entry.text, SMALL.size) * WIDER;
    if (x > 0 && x + width > room) [x, y] = [0, y + ENTRY.leading];
    const placed = { ...entry, x: EDGE + x, y };
    x += width + ENTRY.gap;
    return placed;
  });
}

const markWidth = ({ mark }: Entry): number =>
  ("line" in mark ? 2 * ENTRY.mark : "drawing" in mark ? mark.drawing.width + 10 : ENTRY.mark);

function drawnEntry(entry: Placed, mode: Mode): string {
  const { mark, text, x, y } = entry;
  const drawn = "kind" in mark ? shaped(mark.kind, { x: x + 8, y, radius: 8 }, mode)
    : "line" in mark ? sampled(mark.line, x, y, mode)
    : "drawing" in mark ? nested(mark.drawing, round(x), round(y - mark.drawing.height / 2))
    : `<rect x="${round(x)}" y="${round(y - 8)}" width="16" height="16" fill="${mark.colour}"
 stroke="${pageColours(mode).edge}"/>`;
  return `${drawn}<text x="${round(x + markWidth(entry))}" y="${round(y + 5)}">${xml(text)}</text>`;
}

function sampled(line: Manner | "disputed", x: number, y: number, mode: Mode): string {
  const colours = pageColours(mode);
  const dash = line === "disputed" ? null : DASHES[line];
  const colour = line === "disputed" ? colours.warn : line === "stated" ? colours.line : colours.faint;
  return `<path d="M${round(x)} ${round(y)}h40" stroke="${colour}" stroke-width="2"${
    dash ? ` stroke-dasharray="${dash.join(" ")}"` : ""}/>`;
}

const written = (lines: readonly string[], top: number, leading: number): string =>
  lines.map((line, at) => `<text x="${EDGE}" y="${round(top + at * leading)}">${xml(line)}</text>`).join("\n");

/** A drawing as a part of another one. */
const nested = ({ text }: Drawn, x: number, y: number): string =>
  text.replace(/^<\?xml[^>]*>\s*/, "").replace("<svg ", `<svg x="${x}" y="${y}" `).trim();
