/** Elements made in one call. Strings become text nodes, never markup. */

export type Child = Node | string | null | undefined | false | readonly Child[];
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: never) => void)>;

/** An element with attributes (`true`: an empty one; `false`, null: none), listeners (`onclick`) and children. */
export function el<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]) {
  return filled(document.createElement(tag), attributes, children);
}

export function svg<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function filled<E extends Element>(element: E, attributes: Attributes, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  append(element, children);
  return element;
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (typeof child === "string" || child instanceof Node) element.append(child);
    else if (Array.isArray(child)) append(element, child);
  }
}

/** Replaces the children; the focus goes to the new element with the id of the focused one. */
export function swap(place: Element, ...children: Child[]): void {
  const focused = place.contains(document.activeElement) ? document.activeElement?.id : "";
  place.replaceChildren();
  append(place, children);
  if (focused) document.getElementById(focused)?.focus();
}

/** A name or value from the data: isolated from the direction of the text around it, and shortened. */
export function datum(text: string, longest = 1200): HTMLElement {
  return el("bdi", {}, shortened(text, longest));
}

export function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest).trimEnd()}…` : text;
}

/** Text for screen readers. */
export const unseen = (text: string): HTMLElement => el("span", { class: "unseen" }, text);

/** Does something once the browser has painted what is there. */
export const afterPaint = (act: () => void): number => requestAnimationFrame(() => setTimeout(act));

/** Changes something while the page is printed; returns a function that stops listening. */
export function whilePrinting(before: () => void, after: () => void): () => void {
  window.addEventListener("beforeprint", before);
  window.addEventListener("afterprint", after);
  return () => {
    window.removeEventListener("beforeprint", before);
    window.removeEventListener("afterprint", after);
  };
}

/** Whether this browser can draw with WebGL. */
export function hasWebgl(): boolean {
  try {
    const canvas = document.createElement("canvas");
    const gl = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
    gl?.getExtension("WEBGL_lose_context")?.loseContext();
    return gl !== null;
  } catch {
    return false;
  }
}

/** A page on which what explains the content is folded. */
export const NARROW = "(max-width: 52rem)";

/** Whether the main pointer is a finger. */
export const hasTouch = (): boolean => matchMedia("(pointer: coarse)").matches;
