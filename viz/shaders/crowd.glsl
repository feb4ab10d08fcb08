#extension GL_EXT_shader_explicit_arithmetic_types_int64 : require
#include "items.glsl"

// A crowd in the part of a picture that is drawn: pixels hold the nearest node, cells, which are two
// pixels wide and high, the edges that cross them. Cells reach one beyond the part on each side.
// What a shader needs of a frame it has in push constants, which lanes share; those of
// viz/vulkan/crowd_pass.cpp.
layout(buffer_reference, scalar) buffer Keys { uint64_t v[]; };  // depth, ~index of the ball
layout(buffer_reference, scalar) buffer Counts { uint v[]; };    // by hue, then by cell; in 1/64
layout(buffer_reference, scalar) buffer Shades { uint v[]; };    // premultiplied colours of cells

const int kHues = 6;

// Of a dispatch of more groups than one dimension has.
#define GROUP_NUMBER (gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x)

vec2 pixel(vec4 clip, vec2 viewport) { return (clip.xy / clip.w * 0.5 + 0.5) * viewport; }

float radius_in_pixels(float radius, float w, float scale, float unit) {
  return max(radius * scale / w, 2 * unit);
}
