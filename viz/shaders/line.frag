#version 460
#extension GL_GOOGLE_include_directive : require
#include "world.glsl"
layout(location = 0) in vec2 at;
layout(location = 1) flat in uint colour;
layout(location = 2) flat in uint id;
layout(location = 3) flat in vec3 size;
layout(location = 4) flat in uint dashed;
layout(location = 5) in float depth;
layout(location = 0) out vec4 out_colour;
layout(location = 1) out uint out_id;

void main() {
  float neck = size.x - size.z, covered;
  if (at.x >= neck && size.z > 0) {
    covered = 0.4 * (size.x - at.x) - abs(at.y) + 0.5;  // the head narrows to its tip
  } else {
    covered = size.y - abs(at.y) + 0.5;
    vec2 dash = (dashed == kDotted ? vec2(6, 3) : vec2(11, 7)) * push.unit;  // period, ink
    float at_dash = mod(at.x, dash.x);
    if (dashed != 0) covered = min(covered, 0.5 + min(at_dash, dash.y - at_dash));
  }
  vec4 c = unpackUnorm4x8(colour);
  float alpha = c.a * clamp(covered, 0, 1);
  if (alpha <= 0) discard;
  out_colour = vec4(in_fog(c.rgb, depth), alpha);
  out_id = id;
}
