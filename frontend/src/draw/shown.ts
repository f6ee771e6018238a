/** A drawing of the page as a file of its own: with the look that the page's style sheets give it. */

import type { Drawn } from "./framing";

const LOOK = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "paint-order", "font-size",
  "font-weight", "text-anchor", "opacity"] as const;
const COLOURS: ReadonlySet<string> = new Set(["fill", "stroke"]);
/** What belongs to the page: roles, listeners' marks, the focus. */
const OF_THE_PAGE = ["role", "tabindex", "aria-label", "aria-hidden", "class", "id", "data-iri", "data-level"];

/** The drawing, as wide and high as it is on the page. */
export function asShown(drawing: SVGSVGElement): Drawn {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const rgb = painter();
  const copies = copy.querySelectorAll("*");
  drawing.querySelectorAll("*").forEach((element, at) => {
    const look = getComputedStyle(element);
    for (const name of LOOK) {
      const value = look.getPropertyValue(name);
      const isColour = COLOURS.has(name) && value !== "none" && !value.startsWith("url(");
      copies[at]!.setAttribute(name, isColour ? rgb(value) : value);
    }
    for (const name of OF_THE_PAGE) if (name !== "id" || !isReferred(element)) copies[at]!.removeAttribute(name);
  });
  const { clientWidth: width, clientHeight: height } = drawing;
  for (const name of [...OF_THE_PAGE, "style"]) copy.removeAttribute(name);
  for (const [name, value] of Object.entries({ width, height, overflow: "hidden" })) {
    copy.setAttribute(name, String(value));
  }
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

/** Whether other elements refer to this one by its id. */
const isReferred = (element: Element): boolean =>
  element instanceof SVGMaskElement || element instanceof SVGGradientElement;

/** Gives a colour of CSS as every program reads it. */
export function painter(): (colour: string) => string {
  const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
  const known = new Map<string, string>();
  return (colour) => {
    if (!known.has(colour)) {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = colour;
      pen.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
      known.set(colour, alpha === 0 ? "none" : `rgb(${red}, ${green}, ${blue})`);
    }
    return known.get(colour)!;
  };
}
