#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_buffer_reference_uvec2 : require
#include "world.glsl"
layout(location = 0) out vec2 at;  // pixels: along the line from its begin, across it
layout(location = 1) flat out uint colour;
layout(location = 2) flat out uint id;
layout(location = 3) flat out vec3 size;  // pixels: length, half width, length of the head
layout(location = 4) flat out uint dashed;
layout(location = 5) out float depth;

vec2 pixel(vec4 clip) { return (clip.xy / clip.w * 0.5 + 0.5) * push.viewport; }

// Two rectangles on the screen: the ribbon, and the square of the head. Both are given as points of
// w = 1, so that everything runs evenly over the screen.
void main() {
  Line line = Lines(push.data).v[gl_InstanceIndex];
  vec4 a = push.view_projection * vec4(line.a, 1), b = push.view_projection * vec4(line.b, 1);
  gl_Position = vec4(0, 0, 2, 1);  // nowhere
  if (a.z < 0 && b.z < 0) return;
  if (a.z < 0) a = mix(b, a, b.z / (b.z - a.z));
  bool whole = b.z >= 0;
  if (!whole) b = mix(a, b, a.z / (a.z - b.z));
  vec2 p = pixel(a), q = pixel(b), way = q - p;
  float span = length(way);
  if (span < 1e-3) return;
  way /= span;
  float head = whole ? min(line.head, 0.6 * span) : 0, half_width = 0.5 * line.width;

  int vertex = gl_VertexIndex % 6;
  vec2 corner = vec2(vertex == 1 || vertex == 2 || vertex == 4, vertex == 2 || vertex == 4 || vertex == 5);
  bool of_head = gl_VertexIndex >= 6;
  float from = of_head ? span - head : -1, to = of_head ? span + 1 : span - head;
  float reach = of_head ? 0.45 * head + 1 : half_width + 1;
  at = vec2(mix(from, to, corner.x), mix(-reach, reach, corner.y));
  vec2 screen = p + at.x * way + at.y * vec2(-way.y, way.x);
  float share = clamp(at.x / span, 0, 1);
  gl_Position = vec4(screen / push.viewport * 2 - 1, mix(a.z / a.w, b.z / b.w, share), 1);
  colour = line.colour;
  id = line.id;
  size = vec3(span, half_width, head);
  dashed = line.dashed;
  depth = mix(a.w, b.w, share);
}
