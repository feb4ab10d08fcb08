#extension GL_EXT_shader_explicit_arithmetic_types_int64 : require
#include "items.glsl"

// A crowd in the part of a picture that is drawn: pixels hold the nearest node, cells, which are two
// pixels wide and high, the edges that cross them. Cells reach one beyond the part on each side.
// The struct is that of viz/vulkan/crowd_pass.cpp.
layout(buffer_reference, scalar) buffer Keys { uint64_t v[]; };   // depth, ~index of the ball
layout(buffer_reference, scalar) buffer Counts { uint v[]; };     // by hue, then by cell; in 1/64
layout(buffer_reference, scalar) buffer Shades { uint v[]; };     // premultiplied colours of cells

const int kHues = 6;

layout(buffer_reference, scalar) readonly buffer Frame {
  mat4 view_projection;
  vec2 viewport;           // the whole picture, in pixels
  ivec2 origin, extent;    // the part, in pixels
  ivec2 first_cell, cells;
  float scale, unit;
  uint nodes, threads;
  uint flat_rays, dimmed, smooth_threads;
  float one, doubling;  // opacity
  uint background, outline;
  float fog_begin, fog_scale;
  uint hues[kHues];
  uint unused;
  Balls balls;
  Threads thread;
  Keys keys;
  Counts counts;
  Shades shades;
};

layout(push_constant, scalar) uniform Push { Frame frame; } push;

vec2 pixel(vec4 clip) { return (clip.xy / clip.w * 0.5 + 0.5) * push.frame.viewport; }

float radius_in_pixels(Ball ball, float w) {
  return max(ball.radius * push.frame.scale / w, 2 * push.frame.unit);
}

// Of a dispatch of more groups than one dimension has.
#define GROUP_NUMBER (gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x)
