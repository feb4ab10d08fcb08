#extension GL_EXT_scalar_block_layout : require
#extension GL_EXT_buffer_reference : require

// What lies in the world. All data come by address in 128 bytes of push constants; there are no
// descriptors. The structs are those of viz/plan/plan.h and viz/vulkan/raster.cpp.
struct Ball {
  vec3 at;
  float radius;
  uint colour, id, shape, ring;
};
struct Line {
  vec3 a;
  float width;
  vec3 b;
  float head;
  uint colour, id, flags;
  float bend;
};
const uint kDashed = 1, kLoop = 2;
layout(buffer_reference, scalar) readonly buffer Balls { Ball v[]; };
layout(buffer_reference, scalar) readonly buffer Lines { Line v[]; };

layout(push_constant, scalar) uniform Push {
  mat4 view_projection;
  vec3 right;
  float scale;  // pixels of a unit at clip w = 1
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
