#version 460
#extension GL_GOOGLE_include_directive : require
#include "world.glsl"
#include "shape.glsl"
layout(location = 0) in vec2 at;
layout(location = 1) flat in uint colour;
layout(location = 2) flat in uint id;
layout(location = 3) flat in uint shape;
layout(location = 4) flat in float pixels;
layout(location = 5) flat in float ring;
layout(location = 6) flat in float depth;
layout(location = 0) out vec4 out_colour;
layout(location = 1) out uint out_id;

void main() {
  float d = distance_from(shape, at) * pixels;  // pixels from the edge
  float inside = clamp(0.5 - d, 0, 1);
  float around = ring > 0 ? clamp(0.5 - (abs(length(at) - 1.5) * pixels - 1.5 * push.unit), 0, 1) : 0;
  vec4 c = unpackUnorm4x8(colour);
  float alpha = c.a * inside;
  if (alpha <= 0 && around <= 0) discard;
  vec3 outline = unpackUnorm4x8(push.outline).rgb;
  vec3 seen = around > inside ? outline : face_of(shape, at, d, pixels, c.rgb, outline, push.unit);
  out_colour = vec4(in_fog(seen, depth), max(alpha, around));
  out_id = id;
}
