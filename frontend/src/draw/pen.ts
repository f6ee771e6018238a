/** A canvas above the picture, and the signs on it. */

import { el } from "../dom";
import { LABEL } from "../look";
import type { Placed } from "./labels";
import type { Spot } from "./stage";

/** Pixels around the letters of a label. */
const HALO = 3;
/** The radius of a sign on a line or beside a mark. */
export const BADGE = 7.5;
const MOST_SPRITES = 800;

type Brush = CanvasRenderingContext2D;
type Size = Readonly<{ width: number; height: number }>;

/** A canvas with its context, and caches of text widths and drawn labels. */
export interface Pen {
  readonly canvas: HTMLCanvasElement;
  readonly brush: Brush;
  readonly widths: Map<string, number>;
  readonly sprites: Map<string, HTMLCanvasElement>;
}

export function pen(): Pen {
  const canvas = el("canvas", { class: "labels" });
  return { canvas, brush: canvas.getContext("2d")!, widths: new Map(), sprites: new Map() };
}

/** Clears the canvas and fits it to the picture. */
export function clear({ canvas, brush }: Pen, { width, height }: Size): void {
  const dense = window.devicePixelRatio || 1;
  const [across, down] = [Math.round(width * dense), Math.round(height * dense)];
  if (canvas.width !== across || canvas.height !== down) {
    Object.assign(canvas, { width: across, height: down });
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  }
  brush.setTransform(dense, 0, 0, dense, 0, 0);
  brush.clearRect(0, 0, width, height);
  brush.lineJoin = "round";
}

export function widthOf({ brush, widths }: Pen, line: string, isStrong = false): number {
  const name = `${isStrong} ${line}`;
  const known = widths.get(name);
  if (known !== undefined) return known;
  brush.font = fontOf(isStrong);
  const { width } = brush.measureText(line);
  widths.set(name, width);
  return width;
}

export const fontOf = (isStrong: boolean): string => `${isStrong ? "bold " : ""}${LABEL.size}px ${LABEL.family}`;

/** Draws a label from its sprite, because letters with a halo are slow to draw in every frame. */
export function drawLabel(pen: Pen, placed: Placed, ink: string, paper: string): void {
  const { brush, sprites } = pen;
  const { lines, x, y, align, isStrong } = placed;
  const width = Math.ceil(Math.max(...lines.map((line) => widthOf(pen, line, isStrong)))) + 2 * HALO;
  const height = lines.length * LABEL.leading + 2 * HALO;
  const name = [window.devicePixelRatio, ink, paper, align, isStrong, ...lines].join("\n");
  if (sprites.size > MOST_SPRITES) sprites.clear();
  const sprite = sprites.get(name) ?? spriteOf(placed, ink, paper, { width, height });
  sprites.set(name, sprite);
  const from = align === "center" ? x - width / 2 : align === "left" ? x - HALO : x - width + HALO;
  brush.drawImage(sprite, Math.round(from), Math.round(y - LABEL.leading / 2 - HALO), width, height);
}

function spriteOf({ lines, align, isStrong }: Placed, ink: string, paper: string,
    { width, height }: Size): HTMLCanvasElement {
  const dense = window.devicePixelRatio || 1;
  const sprite = el("canvas", { width: Math.ceil(width * dense), height: Math.ceil(height * dense) });
  const brush = sprite.getContext("2d")!;
  brush.scale(dense, dense);
  Object.assign(brush, {
    font: fontOf(isStrong), textBaseline: "middle", lineJoin: "round", textAlign: align,
    strokeStyle: paper, lineWidth: 4,
  });
  const x = align === "center" ? width / 2 : align === "left" ? HALO : width - HALO;
  const middle = (row: number): number => HALO + LABEL.leading * (row + 0.5);
  for (const [row, line] of lines.entries()) brush.strokeText(line, x, middle(row));
  brush.fillStyle = paper; // a line behind the label would show between its words, as if it were a sign
  for (const [row, line] of lines.entries()) {
    const { actualBoundingBoxLeft: before, actualBoundingBoxRight: after } = brush.measureText(line);
    brush.fillRect(x - before, middle(row) - LABEL.size / 3, before + after, (2 * LABEL.size) / 3);
  }
  brush.fillStyle = ink;
  for (const [row, line] of lines.entries()) brush.fillText(line, x, middle(row));
  return sprite;
}

export function drawRing({ brush }: Pen, { x, y, radius }: Spot, dash: number[], ink: string): void {
  brush.beginPath();
  brush.arc(x, y, radius + 4, 0, 2 * Math.PI);
  brush.setLineDash(dash);
  Object.assign(brush, { strokeStyle: ink, lineWidth: 3 });
  brush.stroke();
  brush.setLineDash([]);
}

function disc(brush: Brush, { x, y, radius }: Spot, fillStyle: string, strokeStyle: string): void {
  brush.beginPath();
  brush.arc(x, y, radius, 0, 2 * Math.PI);
  Object.assign(brush, { fillStyle, strokeStyle, lineWidth: 1.5 });
  brush.fill();
  brush.stroke();
}

export function drawBadge({ brush }: Pen, sign: string, { x, y }: Omit<Spot, "radius">, ink: string, paper: string) {
  disc(brush, { x, y, radius: BADGE }, paper, ink);
  const font = `bold 13px ${LABEL.family}`;
  Object.assign(brush, { textAlign: "center", textBaseline: "middle", font, fillStyle: ink });
  brush.fillText(sign, x, y + 0.5);
}

export function drawPin({ brush }: Pen, spot: Spot, ink: string, paper: string): void {
  const [x, y] = [spot.x - spot.radius * 0.8, spot.y - spot.radius * 0.8];
  brush.beginPath();
  brush.moveTo(x + 1.2, y - 1);
  brush.lineTo(x + 7, y + 7);
  Object.assign(brush, { strokeStyle: ink, lineWidth: 2 });
  brush.stroke();
  disc(brush, { x: x - 1, y: y - 3, radius: 4.5 }, ink, paper);
}
