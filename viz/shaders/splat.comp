#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_shader_atomic_int64 : require
#include "crowd.glsl"
#include "shape.glsl"
layout(local_size_x = 64) in;

// Ordered as the numbers are.
uint ordered(float depth) {
  uint bits = floatBitsToUint(depth);
  return (bits >> 31) != 0 ? ~bits : bits | 0x80000000u;
}

// A node takes the pixels that it covers from those behind it.
void main() {
  Frame frame = push.frame;
  uint index = GROUP_NUMBER * 64 + gl_LocalInvocationID.x;
  if (index >= frame.nodes) return;
  Ball ball = frame.balls.v[index];
  vec4 clip = frame.view_projection * vec4(ball.at, 1);
  if (clip.z < 0 || clip.w <= 0 || clip.z > clip.w) return;
  vec2 middle = pixel(clip);
  float radius = radius_in_pixels(ball, clip.w), reach = radius * kWidest + 0.5;
  ivec2 from = max(ivec2(floor(middle - reach)), frame.origin) - frame.origin;
  ivec2 to = min(ivec2(ceil(middle + reach)), frame.origin + frame.extent) - frame.origin;
  // Of parallel rays without what is the same for all, beside which differences would be rounded.
  mat4 m = frame.view_projection;
  float depth = frame.flat_rays != 0 ? dot(vec3(m[0].z, m[1].z, m[2].z), ball.at) : clip.w;
  uint64_t key = uint64_t(ordered(depth)) << 32 | uint64_t(~index);
  for (int y = from.y; y < to.y; ++y)
    for (int x = from.x; x < to.x; ++x) {
      vec2 at = (vec2(x, y) + vec2(frame.origin) + 0.5 - middle) / radius;
      if (distance_from(ball.shape, vec2(at.x, -at.y)) * radius < 0.5)
        atomicMin(frame.keys.v[y * frame.extent.x + x], key);
    }
}
