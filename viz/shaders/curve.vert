#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_buffer_reference_uvec2 : require
#include "world.glsl"
#include "ribbon.glsl"
#include "loop.glsl"

const int kPieces = 20;

// A ribbon along a cubic Bezier curve on the screen, and the square of the head at its end. Points
// are w = 1, so that everything runs evenly over the screen.
void main() {
  Line line = Lines(push.data).v[gl_InstanceIndex];
  gl_Position = vec4(0, 0, 2, 1);  // nowhere
  vec2 p[4];
  vec4 a = push.view_projection * vec4(line.a, 1), b = a;
  bool whole = true;
  if ((line.flags & kLoop) != 0) {
    if (a.z < 0) return;
    loop_curve(pixel(a), max(line.b.x * push.scale / a.w, 2 * push.unit), line.bend, p);
  } else {
    b = push.view_projection * vec4(line.b, 1);
    if (!cut_at_near(a, b, whole)) return;
    p[0] = pixel(a);
    p[3] = pixel(b);
    vec2 way = p[3] - p[0], out_ = line.bend / 0.75 * vec2(-way.y, way.x);
    p[1] = p[0] + way / 3 + out_;
    p[2] = p[3] - way / 3 + out_;
  }

  float length_to[kPieces + 1];
  length_to[0] = 0;
  vec2 before = p[0];
  for (int i = 1; i <= kPieces; ++i) {
    vec2 here = on_curve(p, float(i) / kPieces);
    length_to[i] = length_to[i - 1] + distance(before, here);
    before = here;
  }
  float span = length_to[kPieces];
  if (span < 1e-3) return;
  float head = whole ? min(line.head, 0.6 * span) : 0, neck = span - head;
  // Where the neck is, as a share of the curve.
  int last = 1;
  while (last < kPieces && length_to[last] < neck) ++last;
  float piece = length_to[last] - length_to[last - 1];
  float neck_at = (float(last - 1) + (piece > 0 ? (neck - length_to[last - 1]) / piece : 0)) / kPieces;

  bool of_head = gl_VertexIndex >= 6 * kPieces;
  vec2 corner = corner_of(gl_VertexIndex % 6);
  float reach, share;
  vec2 screen;
  if (of_head) {
    reach = 0.45 * head + 1;
    vec2 begin = on_curve(p, neck_at), way = p[3] - begin;
    if (head <= 0 || length(way) < 1e-3) return;
    way /= length(way);
    at = vec2(mix(neck, span + 1, corner.x), mix(-reach, reach, corner.y));
    screen = p[3] + (at.x - span) * way + at.y * vec2(-way.y, way.x);
    share = at.x / span;
  } else {
    reach = 0.5 * line.width + 1;
    int end = gl_VertexIndex / 6 + int(corner.x);
    bool past = end >= last;
    share = past ? neck_at : float(end) / kPieces;
    at = vec2(past ? neck : length_to[end], mix(-reach, reach, corner.y));
    vec2 way = on_curve(p, min(share + 0.01, 1)) - on_curve(p, max(share - 0.01, 0));
    way /= max(length(way), 1e-6);
    screen = on_curve(p, share) + at.y * vec2(-way.y, way.x);
  }
  place(screen, a, b, clamp(share, 0, 1));
  describe(line, vec3(span, 0.5 * line.width, head));
}
