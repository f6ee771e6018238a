/** A canvas above the picture, and the signs that are drawn on it. */

import { LABEL } from "../look";
import type { Placed } from "./labels";
import type { Spot } from "./stage";

/** Pixels around the letters of a label. */
const HALO = 3;
/** The radius of a sign on a line or beside a mark. */
export const BADGE = 7.5;
const MOST_SPRITES = 800;

export interface Pen {
  readonly canvas: HTMLCanvasElement;
  /** Wipe the canvas, which has the size of its picture. */
  clear(size: { width: number; height: number }): void;
  measure(line: string): number;
  label(placed: Placed, ink: string, paper: string): void;
  ring(spot: Spot, dash: number[], ink: string): void;
  badge(sign: string, spot: { x: number; y: number }, ink: string, paper: string): void;
  pin(spot: Spot, ink: string, paper: string): void;
}

export function pen(): Pen {
  const canvas = document.createElement("canvas");
  canvas.className = "labels";
  const brush = canvas.getContext("2d")!;
  const widths = new Map<string, number>();
  const sprites = new Map<string, HTMLCanvasElement>();

  function measure(line: string): number {
    const width = widths.get(line) ?? brush.measureText(line).width;
    widths.set(line, width);
    return width;
  }

  /** A label from its sprite: drawing letters with a halo anew in every frame is slow. */
  function label(placed: Placed, ink: string, paper: string): void {
    const { lines, x, y, align } = placed;
    const dense = window.devicePixelRatio || 1;
    const width = Math.ceil(Math.max(...lines.map(measure))) + 2 * HALO;
    const height = lines.length * LABEL.leading + 2 * HALO;
    const name = [dense, ink, paper, align, ...lines].join("\n");
    if (sprites.size > MOST_SPRITES) sprites.clear();
    const sprite = sprites.get(name) ?? spriteOf(placed, ink, paper, width, height);
    sprites.set(name, sprite);
    const from = align === "center" ? x - width / 2 : align === "left" ? x - HALO : x - width + HALO;
    brush.drawImage(sprite, Math.round(from), Math.round(y - LABEL.leading / 2 - HALO), width, height);
  }

  return {
    canvas,
    clear: (size) => cleared(canvas, brush, size),
    measure,
    label,
    ring: (spot, dash, ink) => ring(brush, spot, dash, ink),
    badge: (sign, spot, ink, paper) => badge(brush, sign, spot, ink, paper),
    pin: (spot, ink, paper) => pin(brush, spot, ink, paper),
  };
}

type Brush = CanvasRenderingContext2D;

function cleared(canvas: HTMLCanvasElement, brush: Brush, { width, height }: { width: number; height: number }): void {
  const dense = window.devicePixelRatio || 1;
  const [across, down] = [Math.round(width * dense), Math.round(height * dense)];
  if (canvas.width !== across || canvas.height !== down) {
    Object.assign(canvas, { width: across, height: down });
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  }
  brush.setTransform(dense, 0, 0, dense, 0, 0);
  brush.clearRect(0, 0, width, height);
  brush.font = `${LABEL.size}px ${LABEL.family}`;
  brush.lineJoin = "round";
}

function spriteOf({ lines, align }: Placed, ink: string, paper: string, width: number, height: number) {
  const dense = window.devicePixelRatio || 1;
  const sprite = document.createElement("canvas");
  sprite.width = Math.ceil(width * dense);
  sprite.height = Math.ceil(height * dense);
  const brush = sprite.getContext("2d")!;
  brush.scale(dense, dense);
  Object.assign(brush, {
    font: `${LABEL.size}px ${LABEL.family}`, textBaseline: "middle", lineJoin: "round", textAlign: align,
    strokeStyle: paper, fillStyle: ink, lineWidth: 4,
  });
  const x = align === "center" ? width / 2 : align === "left" ? HALO : width - HALO;
  const middle = (row: number): number => HALO + LABEL.leading * (row + 0.5);
  for (const [row, line] of lines.entries()) brush.strokeText(line, x, middle(row));
  for (const [row, line] of lines.entries()) brush.fillText(line, x, middle(row));
  return sprite;
}

function ring(brush: Brush, { x, y, radius }: Spot, dash: number[], ink: string): void {
  brush.beginPath();
  brush.arc(x, y, radius + 4, 0, 2 * Math.PI);
  brush.setLineDash(dash);
  brush.strokeStyle = ink;
  brush.lineWidth = 3;
  brush.stroke();
  brush.setLineDash([]);
}

function disc(brush: Brush, x: number, y: number, radius: number, fill: string, stroke: string): void {
  brush.beginPath();
  brush.arc(x, y, radius, 0, 2 * Math.PI);
  brush.fillStyle = fill;
  brush.fill();
  brush.lineWidth = 1.5;
  brush.strokeStyle = stroke;
  brush.stroke();
}

function badge(brush: Brush, sign: string, { x, y }: { x: number; y: number }, ink: string, paper: string): void {
  disc(brush, x, y, BADGE, paper, ink);
  Object.assign(brush,
    { textAlign: "center", textBaseline: "middle", font: `bold 13px ${LABEL.family}`, fillStyle: ink });
  brush.fillText(sign, x, y + 0.5);
}

/** A pin stuck into a mark. */
function pin(brush: Brush, spot: Spot, ink: string, paper: string): void {
  const [x, y] = [spot.x - spot.radius * 0.8, spot.y - spot.radius * 0.8];
  brush.beginPath();
  brush.moveTo(x + 1.2, y - 1);
  brush.lineTo(x + 7, y + 7);
  brush.lineWidth = 2;
  brush.strokeStyle = ink;
  brush.stroke();
  disc(brush, x - 1, y - 3, 4.5, ink, paper);
}
