/** Parts of every sigma program: the colour of an item, or its id in the picking pass. */

export const { FLOAT, UNSIGNED_BYTE } = WebGLRenderingContext;

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
export const COLOURS = [
  { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
  { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
] as const;
