#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_buffer_reference_uvec2 : require
#include "world.glsl"
#include "ribbon.glsl"

// Two rectangles on the screen: the ribbon, and the square of the head. Both are given as points of
// w = 1, so that everything runs evenly over the screen.
void main() {
  Line line = Lines(push.data).v[gl_InstanceIndex];
  vec4 a = push.view_projection * vec4(line.a, 1), b = push.view_projection * vec4(line.b, 1);
  gl_Position = vec4(0, 0, 2, 1);  // nowhere
  bool whole;
  if (!cut_at_near(a, b, whole)) return;
  vec2 p = pixel(a), q = pixel(b), way = q - p;
  float span = length(way);
  if (span < 1e-3) return;
  way /= span;
  float head = whole ? min(line.head, 0.6 * span) : 0, half_width = 0.5 * line.width;

  vec2 corner = corner_of(gl_VertexIndex % 6);
  bool of_head = gl_VertexIndex >= 6;
  float from = of_head ? span - head : -1, to = of_head ? span + 1 : span - head;
  float reach = of_head ? 0.45 * head + 1 : half_width + 1;
  at = vec2(mix(from, to, corner.x), mix(-reach, reach, corner.y));
  place(p + at.x * way + at.y * vec2(-way.y, way.x), a, b, clamp(at.x / span, 0, 1));
  describe(line, vec3(span, half_width, head));
}
