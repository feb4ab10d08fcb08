#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_shader_atomic_int64 : require
#include "crowd.glsl"
#include "shape.glsl"
layout(local_size_x = 64) in;

layout(push_constant, scalar) uniform Push {
  mat4 view_projection;
  vec2 viewport;  // the whole picture, in pixels
  ivec2 origin, extent;  // the part, in pixels
  float scale, unit;
  uint nodes, flat_rays;
  Keys keys;
  Tiles tiles;
} push;

// Ordered as the numbers are.
uint ordered(float depth) {
  uint bits = floatBitsToUint(depth);
  return (bits >> 31) != 0 ? ~bits : bits | 0x80000000u;
}

// A node takes the pixels that it covers from those behind it.
void main() {
  uint index = GROUP_NUMBER * 64 + gl_LocalInvocationID.x;
  if (index >= push.nodes) return;
  Ball ball = ball_at(index);
  if (ball.id == 0) return;
  vec4 clip = push.view_projection * vec4(ball.at, 1);
  if (clip.z < 0 || clip.w <= 0 || clip.z > clip.w) return;
  vec2 middle = pixel(clip, push.viewport);
  float radius = radius_in_pixels(ball.radius, clip.w, push.scale, push.unit);
  uint shape = ball.shape;
  float reach = radius * (shape == 0 ? 1 : kWidest) + 0.5;
  // Pixels whose middles may be within.
  ivec2 from = max(ivec2(ceil(middle - reach - 0.5)), push.origin) - push.origin;
  ivec2 to = min(ivec2(floor(middle + reach + 0.5)), push.origin + push.extent) - push.origin;
  mark(push.tiles, push.extent.x, from, to);
  // Of parallel rays without what is the same for all, beside which differences would be rounded.
  mat4 m = push.view_projection;
  float depth = push.flat_rays != 0 ? dot(vec3(m[0].z, m[1].z, m[2].z), ball.at) : clip.w;
  uint64_t key = uint64_t(ordered(depth)) << 32 | uint64_t(~(index + 1));
  Keys all = push.keys;
  for (int y = from.y; y < to.y; ++y)
    for (int x = from.x; x < to.x; ++x) {
      vec2 at = (vec2(x, y) + vec2(push.origin) + 0.5 - middle) / radius;
      int pixel = y * push.extent.x + x;
      // By the letter this read races with the atomics of other nodes. It does no harm: the half of
      // a key that it reads is written at once and only becomes nearer, so that an old depth costs a
      // try alone. An atomic load, as no read at all, takes more time.
      bool takes = distance_from(shape, vec2(at.x, -at.y)) * radius < 0.5 &&
                   nearest_depth(pixel) >= uint(key >> 32);
      for (; takes; takes = false) atomicMin(all.v[pixel], key);  // as in mark()
    }
}
