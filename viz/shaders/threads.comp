#version 460
#extension GL_GOOGLE_include_directive : require
#include "crowd.glsl"
layout(local_size_x = 64) in;

layout(push_constant, scalar) uniform Push {
  mat4 view_projection;
  vec2 viewport;
  ivec2 first_cell, cells;
  uint threads, smooth_threads;
  Threads thread;
  Counts counts;
} push;

const uint kLanes = 4;  // walk along one thread together

void add(ivec2 cell, uint hue, uint weight) {
  cell -= push.first_cell;
  if (weight == 0 || any(lessThan(cell, ivec2(0))) || any(greaterThanEqual(cell, push.cells))) return;
  atomicAdd(push.counts.v[(hue * push.cells.y + cell.y) * push.cells.x + cell.x], weight);
}

// Counts itself in each cell that it crosses: one for each step along the axis along which it is
// longer. Steps lie at whole cells, so that they are the same whatever part is drawn.
void main() {
  uint index = GROUP_NUMBER * (64 / kLanes) + gl_LocalInvocationID.x / kLanes;
  if (index >= push.threads) return;
  Thread thread = push.thread.v[index];
  vec4 a = push.view_projection * vec4(thread.a, 1), b = push.view_projection * vec4(thread.b, 1);
  if (a.z < 0 && b.z < 0) return;
  if (a.z < 0) a = mix(b, a, b.z / (b.z - a.z));
  if (b.z < 0) b = mix(a, b, a.z / (a.z - b.z));
  vec2 p = pixel(a, push.viewport) / 2, q = pixel(b, push.viewport) / 2;
  ivec2 low = push.first_cell, high = push.first_cell + push.cells;
  bool steep = abs(q.y - p.y) > abs(q.x - p.x);
  if (steep) {
    p = p.yx;
    q = q.yx;
    low = low.yx;
    high = high.yx;
  }
  if (p.x > q.x) {
    vec2 kept = p;
    p = q;
    q = kept;
  }
  float slope = (q.y - p.y) / max(q.x - p.x, 1e-6), from = p.x, to = q.x;
  if (abs(slope) > 1e-6) {  // only where it is between `low` and `high` on the other axis too
    float enter = p.x + (low.y - 1 - p.y) / slope, leave = p.x + (high.y + 1 - p.y) / slope;
    from = max(from, min(enter, leave) - 1);
    to = min(to, max(enter, leave) + 1);
  }
  int first = int(floor(max(from, float(low.x)))), last = int(floor(min(to, float(high.x - 1))));
  uint hue = thread.hue_and_weight & 0xffff, weight = thread.hue_and_weight >> 16;
  for (int x = first + int(gl_LocalInvocationID.x % kLanes); x <= last; x += int(kLanes)) {
    float y = p.y + (clamp(x + 0.5, p.x, q.x) - p.x) * slope;
    if (push.smooth_threads != 0) {  // shared by the two cells that it runs between
      int between = int(floor(y - 0.5));
      uint below = uint(weight * (y - 0.5 - between) + 0.5);
      add(steep ? ivec2(between, x) : ivec2(x, between), hue, weight - below);
      add(steep ? ivec2(between + 1, x) : ivec2(x, between + 1), hue, below);
    } else {
      int cell = int(floor(y));
      add(steep ? ivec2(cell, x) : ivec2(x, cell), hue, weight);
    }
  }
}
