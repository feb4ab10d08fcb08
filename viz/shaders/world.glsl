#include "items.glsl"

// What lies in the world: 128 bytes of push constants, those of viz/vulkan/raster.cpp.
layout(push_constant, scalar) uniform Push {
  mat4 view_projection;
  vec3 right;
  float scale;  // pixels of a unit of the world at clip w = 1
  vec3 up;
  uint outline;  // colours, as Rgba in memory
  vec2 viewport;
  uint background;
  float unit;  // pixels
  uvec2 data;        // address of the items
  float fog_begin, fog_scale;
} push;

vec3 in_fog(vec3 colour, float depth) {
  float share = 0.35 * clamp((depth - push.fog_begin) * push.fog_scale, 0, 1);
  return mix(colour, unpackUnorm4x8(push.background).rgb, share);
}
