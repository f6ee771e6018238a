/** Parts of every sigma program: the colour of an item, or its id in the picking pass; descriptions of attributes. */

const { FLOAT, UNSIGNED_BYTE } = WebGLRenderingContext;

/** Attributes of so many floats each, in order. */
export const floats = (sizes: Readonly<Record<string, number>>) =>
  Object.entries(sizes).map(([name, size]) => ({ name, size, type: FLOAT }));

/** An attribute that is a colour. */
export const colour = (name: string) => ({ name, size: 4, type: UNSIGNED_BYTE, normalized: true });

/** For the head of a vertex shader. */
export const COLOUR = /* glsl */ `
attribute vec4 a_id;
attribute vec4 a_color;
varying vec4 v_color;
const float bias = 255.0 / 254.0;`;

/** For its `main`. */
export const PICKED = /* glsl */ `
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= bias;`;

/** The attributes of `COLOUR`, in the order in which an item gives them. */
export const COLOURS = ["a_color", "a_id"].map(colour);
