/** Sigma edge programs: `LineProgram` draws dashes and heads, `DashProgram` only dashes. */

import { EdgeProgram, type ProgramInfo } from "sigma/rendering";
import type { EdgeDisplayData, NodeDisplayData, RenderParams } from "sigma/types";
import { floatColor } from "sigma/utils";
import { COLOUR, COLOURS, floats, PICKED } from "./shader";

export interface DrawnLine extends EdgeDisplayData {
  /** Pixels drawn and left out; null for an unbroken line. */
  dash: readonly [number, number] | null;
  /** The offset in pixels of parallel facts. */
  beside: number;
}

const VERTEX = /* glsl */ `
${COLOUR}
attribute vec2 a_start;
attribute vec2 a_end;
attribute vec2 a_radii;
attribute vec2 a_dash;
attribute float a_thickness;
attribute float a_beside;
attribute float a_along;
attribute float a_side;
attribute float a_head;
uniform mat3 u_matrix;
uniform vec2 u_view;
uniform float u_sizeRatio;
uniform float u_pixelRatio;
varying vec2 v_dash;
varying float v_along;
varying float v_length;
varying float v_side;
varying float v_thickness;

void main() {
  vec2 scale = u_view * 0.5;
  vec2 start = (u_matrix * vec3(a_start, 1)).xy * scale;
  vec2 end = (u_matrix * vec3(a_end, 1)).xy * scale;
  vec2 way = end - start;
  float far = max(length(way), 0.001);
  vec2 ahead = way / far;
  vec2 aside = vec2(-ahead.y, ahead.x);
  vec2 radii = a_radii / u_sizeRatio + vec2(1.0, 2.5);
  v_length = max(far - radii.x - radii.y, 0.0);
  float head = min(6.0 + 1.6 * a_thickness, v_length);
  #ifdef PICKING_MODE
  float reach = 6.0;
  #else
  float reach = mix(0.5 * a_thickness + 1.0, 4.5 + a_thickness, a_head);
  #endif
  v_along = mix(a_along * (v_length - head), v_length - head * (1.0 - a_along), a_head);
  v_side = a_side * reach;
  vec2 at = start + ahead * (radii.x + v_along) + aside * (v_side + a_beside);
  gl_Position = vec4(at / scale, 0, 1);
  v_thickness = a_thickness;
  v_dash = a_dash;
  ${PICKED}
}`;

const FRAGMENT = /* glsl */ `
precision highp float;
varying vec4 v_color;
varying vec2 v_dash;
varying float v_along;
varying float v_length;
varying float v_side;
varying float v_thickness;
uniform float u_pixelRatio;

void main() {
  #ifdef PICKING_MODE
  gl_FragColor = v_color;
  #else
  float ahead = v_length - v_along;
  float head = 6.0 + 1.6 * v_thickness;
  float half_ = v_thickness * 0.5;
  bool inHead = ahead < head - 0.01 && v_length > head;
  if (inHead) half_ = (2.6 + 0.9 * v_thickness) * ahead / head;
  float cover = clamp((half_ - abs(v_side)) * u_pixelRatio + 0.5, 0.0, 1.0);
  if (!inHead && v_dash.y > 0.0) {
    float at = mod(v_along, v_dash.x + v_dash.y);
    cover *= clamp((v_dash.x - at) * u_pixelRatio + 0.5, 0.0, 1.0);
  }
  if (cover <= 0.0) discard;
  gl_FragColor = vec4(v_color.rgb * cover, cover);
  #endif
}`;

/** Two triangles, as positions along and beside the line. The head is a second, wider quad. */
const CORNERS = [[0, 1], [0, -1], [1, 1], [1, 1], [0, -1], [1, -1]] as const;

export class LineProgram extends EdgeProgram<"u_matrix" | "u_view" | "u_sizeRatio" | "u_pixelRatio"> {
  override getDefinition() {
    return {
      VERTICES: 12,
      VERTEX_SHADER_SOURCE: VERTEX,
      FRAGMENT_SHADER_SOURCE: FRAGMENT,
      METHOD: WebGLRenderingContext.TRIANGLES,
      UNIFORMS: ["u_matrix", "u_view", "u_sizeRatio", "u_pixelRatio"] as const,
      ATTRIBUTES: [
        ...floats({ a_start: 2, a_end: 2, a_radii: 2, a_dash: 2, a_thickness: 1, a_beside: 1 }),
        ...COLOURS,
      ],
      CONSTANT_ATTRIBUTES: floats({ a_along: 1, a_side: 1, a_head: 1 }),
      CONSTANT_DATA: [0, 1].flatMap((head) => CORNERS.map(([along, side]) => [along, side, head])),
    };
  }

  override processVisibleItem(index: number, start: number, source: NodeDisplayData, target: NodeDisplayData,
      data: EdgeDisplayData): void {
    const line = data as DrawnLine;
    const [drawn, left] = line.dash ?? [0, 0];
    this.array.set(
      [source.x, source.y, target.x, target.y, source.size, target.size, drawn, left, line.size, line.beside,
        floatColor(line.color), index],
      start,
    );
  }

  override setUniforms({ matrix, width, height, sizeRatio, pixelRatio }: RenderParams,
      { gl, uniformLocations }: ProgramInfo): void {
    gl.uniformMatrix3fv(uniformLocations.u_matrix!, false, matrix);
    gl.uniform2f(uniformLocations.u_view!, width, height);
    gl.uniform1f(uniformLocations.u_sizeRatio!, sizeRatio);
    gl.uniform1f(uniformLocations.u_pixelRatio!, pixelRatio);
  }
}

const DASH_VERTEX = /* glsl */ `
${COLOUR}
attribute vec2 a_position;
attribute vec2 a_other;
attribute vec2 a_dash;
attribute float a_end;
uniform mat3 u_matrix;
uniform vec2 u_view;
varying vec2 v_dash;
varying float v_along;

void main() {
  vec2 at = (u_matrix * vec3(a_position, 1)).xy;
  vec2 other = (u_matrix * vec3(a_other, 1)).xy;
  gl_Position = vec4(at, 0, 1);
  v_along = a_end * length((other - at) * u_view * 0.5);
  v_dash = a_dash;
  ${PICKED}
}`;

const DASH_FRAGMENT = /* glsl */ `
precision highp float;
varying vec4 v_color;
varying vec2 v_dash;
varying float v_along;

void main() {
  #ifndef PICKING_MODE
  if (v_dash.y > 0.0 && mod(v_along, v_dash.x + v_dash.y) > v_dash.x) discard;
  #endif
  gl_FragColor = v_color;
}`;

/** A dashed line of one pixel, at a tenth of the cost of `LineProgram`. */
export class DashProgram extends EdgeProgram<"u_matrix" | "u_view"> {
  override getDefinition() {
    return {
      VERTICES: 2,
      VERTEX_SHADER_SOURCE: DASH_VERTEX,
      FRAGMENT_SHADER_SOURCE: DASH_FRAGMENT,
      METHOD: WebGLRenderingContext.LINES,
      UNIFORMS: ["u_matrix", "u_view"] as const,
      ATTRIBUTES: [...floats({ a_position: 2, a_other: 2, a_dash: 2, a_end: 1 }), ...COLOURS],
    };
  }

  override processVisibleItem(index: number, start: number, source: NodeDisplayData, target: NodeDisplayData,
      data: EdgeDisplayData): void {
    const [drawn, left] = (data as DrawnLine).dash ?? [0, 0];
    const colour = floatColor(data.color);
    this.array.set(
      [source.x, source.y, target.x, target.y, drawn, left, 0, colour, index, target.x, target.y, source.x, source.y,
        drawn, left, 1, colour, index],
      start,
    );
  }

  override setUniforms({ matrix, width, height }: RenderParams, { gl, uniformLocations }: ProgramInfo): void {
    gl.uniformMatrix3fv(uniformLocations.u_matrix!, false, matrix);
    gl.uniform2f(uniformLocations.u_view!, width, height);
  }
}
