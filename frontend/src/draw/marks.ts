/** A sigma node program: one point for each thing, shaped in the fragment shader; fast enough for 50,000 things. */

import { NodeProgram, type ProgramInfo } from "sigma/rendering";
import type { NodeDisplayData, RenderParams } from "sigma/types";
import { floatColor } from "sigma/utils";
import { COLOUR, COLOURS, colour, floats, PICKED } from "./shader";

export interface DrawnMark extends NodeDisplayData {
  /** Position in `SHAPES` of look.ts. */
  shape: number;
  border: string;
}

const VERTEX = /* glsl */ `
${COLOUR}
attribute vec4 a_border;
attribute vec2 a_position;
attribute float a_size;
attribute float a_shape;
uniform float u_sizeRatio;
uniform float u_pixelRatio;
uniform mat3 u_matrix;
varying vec4 v_border;
varying float v_radius;
varying float v_points;
varying float v_shape;
varying float v_pixel;

void main() {
  gl_Position = vec4((u_matrix * vec3(a_position, 1)).xy, 0, 1);
  v_radius = a_size / u_sizeRatio * u_pixelRatio;
  v_points = 2.0 * v_radius + 4.0;
  gl_PointSize = v_points;
  v_shape = a_shape;
  v_pixel = u_pixelRatio;
  v_border = a_border;
  v_border.a *= bias;
  ${PICKED}
}`;

const FRAGMENT = /* glsl */ `
precision highp float;
varying vec4 v_color;
varying vec4 v_border;
varying float v_radius;
varying float v_points;
varying float v_shape;
varying float v_pixel;

float triangle(vec2 p) { return max(abs(p.x) * 0.868 + p.y * 0.496, -p.y - 0.22) - 0.53; }

float star(vec2 p) {
  const vec2 k1 = vec2(0.809016994, -0.587785252);
  const vec2 k2 = vec2(-0.809016994, -0.587785252);
  p.x = abs(p.x);
  p -= 2.0 * max(dot(k1, p), 0.0) * k1;
  p -= 2.0 * max(dot(k2, p), 0.0) * k2;
  p.x = abs(p.x);
  p.y -= 1.06;
  vec2 ba = 0.48 * vec2(-k1.y, k1.x) - vec2(0.0, 1.0);
  float h = clamp(dot(p, ba) / dot(ba, ba), 0.0, 1.06);
  return length(p - ba * h) * sign(p.y * ba.x - p.x * ba.y);
}

float inside(vec2 p, float shape) {
  if (shape < 0.5) return length(p) - 0.9;
  if (shape < 1.5) return max(abs(p.x), abs(p.y)) - 0.78;
  if (shape < 2.5) return (abs(p.x) + abs(p.y) - 1.06) * 0.7071;
  if (shape < 3.5) return triangle(p);
  if (shape < 4.5) return max(abs(p.x) * 0.866 + abs(p.y) * 0.5, abs(p.y)) - 0.84;
  if (shape < 5.5) return star(p);
  return triangle(vec2(p.x, -p.y));
}

void main() {
  vec2 p = (gl_PointCoord - 0.5) * v_points / v_radius * vec2(1.0, -1.0);
  float d = inside(p, v_shape) * v_radius;
  #ifdef PICKING_MODE
  if (d > 2.0) discard;
  gl_FragColor = v_color;
  #else
  float cover = clamp(0.5 - d, 0.0, 1.0);
  if (cover <= 0.0) discard;
  float width = v_radius < 4.0 * v_pixel ? 0.0 : 1.3 * v_pixel;
  float fill = clamp(0.5 - d - width, 0.0, 1.0);
  gl_FragColor = vec4(mix(v_border.rgb, v_color.rgb, fill) * cover, cover);
  #endif
}`;

export class MarkProgram extends NodeProgram<"u_sizeRatio" | "u_pixelRatio" | "u_matrix"> {
  override getDefinition() {
    return {
      VERTICES: 1,
      VERTEX_SHADER_SOURCE: VERTEX,
      FRAGMENT_SHADER_SOURCE: FRAGMENT,
      METHOD: WebGLRenderingContext.POINTS,
      UNIFORMS: ["u_sizeRatio", "u_pixelRatio", "u_matrix"] as const,
      ATTRIBUTES: [...floats({ a_position: 2, a_size: 1, a_shape: 1 }), ...COLOURS, colour("a_border")],
    };
  }

  override processVisibleItem(index: number, start: number, data: NodeDisplayData): void {
    const { x, y, size, shape, color, border } = data as DrawnMark;
    this.array.set([x, y, size, shape, floatColor(color), index, floatColor(border)], start);
  }

  override setUniforms({ sizeRatio, pixelRatio, matrix }: RenderParams, { gl, uniformLocations }: ProgramInfo): void {
    gl.uniform1f(uniformLocations.u_sizeRatio!, sizeRatio);
    gl.uniform1f(uniformLocations.u_pixelRatio!, pixelRatio);
    gl.uniformMatrix3fv(uniformLocations.u_matrix!, false, matrix);
  }
}
