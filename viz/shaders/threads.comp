#version 460
#extension GL_GOOGLE_include_directive : require
#include "crowd.glsl"
#include "loop.glsl"
layout(local_size_x = 64) in;

layout(push_constant, scalar) uniform Push {
  mat4 view_projection;
  vec2 viewport;
  ivec2 first_cell, cells;
  uint threads, every, smooth_threads, unused;
  Counts counts;
  float scale, unit;
} push;

// As of crowd.h.
uint sampled(uint i, uint every) {
  for (; every > 1; every /= 2) {
    uint hash = i * 2654435761u;
    hash = (hash ^ hash >> 15) * 2246822519u;
    i = 2 * i + (hash >> 31);
  }
  return i;
}

const uint kLanes = 4;  // walk along one thread together
const float kMostSteps = 8192;

void count(ivec2 cell, uint plane, uint part) {
  Counts counts = push.counts;
  bool there = part != 0 && all(greaterThanEqual(cell, ivec2(0))) && all(lessThan(cell, push.cells));
  if (there) atomicAdd(counts.v[plane + cell.y * push.cells.x + cell.x], part);
}

// In steps of a cell at most; each counts as much as it is long along the axis along which it is
// longer. Nowhere is the curve faster than on the way between its middle points.
void count_loop(vec2 middle, float radius, float reach, uint plane, uint weight) {
  vec2 p[4];
  loop_curve(middle, radius, reach, p);
  vec2 low = push.first_cell, high = push.first_cell + push.cells;
  float around = radius * reach;
  bool outside = any(lessThan(middle + around, low)) || any(greaterThan(middle - around, high));
  float steps = outside ? 0 : ceil(min(3 * distance(p[1], p[2]), kMostSteps));
  for (float i = gl_LocalInvocationID.x % kLanes; i < steps; i += kLanes) {
    vec2 from = on_curve(p, i / steps), to = on_curve(p, (i + 1) / steps), way = abs(to - from);
    ivec2 cell = ivec2(floor((from + to) / 2)) - push.first_cell;
    count(cell, plane, uint(weight * max(way.x, way.y) + 0.5));
  }
}

// Counts itself in each cell that it crosses: one for each step along the axis along which it is
// longer. Steps lie at whole cells, so that they are the same whatever part is drawn.
void main() {
  uint index = GROUP_NUMBER * (64 / kLanes) + gl_LocalInvocationID.x / kLanes;
  if (index >= push.threads) return;
  index = sampled(index, push.every);
  if (2 * index >= textureSize(thread_texels)) return;
  Thread thread = thread_at(index);
  if (thread.id == 0) return;
  float reach = float(thread.kind >> 24);
  uint weight = thread.kind >> 16 & 0xff;
  uint plane = (thread.kind & 0xffff) * push.cells.x * push.cells.y;
  vec4 a = push.view_projection * vec4(thread.a, 1), b = a;
  if (reach == 0) b = push.view_projection * vec4(thread.b, 1);
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
  if (reach != 0) last = first - 1;
  for (int x = first + int(gl_LocalInvocationID.x % kLanes); x <= last; x += int(kLanes)) {
    float y = p.y + (clamp(x + 0.5, p.x, q.x) - p.x) * slope;
    float above = push.smooth_threads != 0 ? y - 0.5 : floor(y);
    // Shared by the two cells that it runs between.
    for (uint side = 0; side <= push.smooth_threads; ++side) {
      int beside = int(floor(above)) + int(side);
      uint part = uint(weight * fract(above) + 0.5);
      if (side == 0) part = weight - part;
      count((steep ? ivec2(beside, x) : ivec2(x, beside)) - push.first_cell, plane, part);
    }
  }
  for (bool loop = reach != 0; loop; loop = false) {  // as in mark()
    float radius = radius_in_pixels(thread.b.x, a.w, push.scale, push.unit);
    count_loop(pixel(a, push.viewport) / 2, radius / 2, reach, plane, weight);
  }
}
