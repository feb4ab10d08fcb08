#version 460
#extension GL_GOOGLE_include_directive : require
#include "world.glsl"
layout(location = 0) in vec2 at;
layout(location = 1) flat in uint colour;
layout(location = 2) flat in uint id;
layout(location = 3) flat in uint shape;
layout(location = 4) flat in float pixels;
layout(location = 5) flat in float ring;
layout(location = 6) flat in float depth;
layout(location = 0) out vec4 out_colour;
layout(location = 1) out uint out_id;

// The distance from the shape's edge, in radii; below 0 inside.
float distance_from(vec2 p) {
  if (shape == 1) {  // square
    vec2 q = abs(p) - 0.85;
    return max(q.x, q.y);
  }
  if (shape == 2) return (abs(p.x) + abs(p.y) - 1.1) * 0.7071;  // diamond
  if (shape == 3) {                                             // triangle, its tip up
    float side = (abs(p.x) * 1.85 + p.y * 1.1 - 1.155) / 2.152;
    return max(side, -p.y - 0.8);
  }
  return length(p) - 1;
}

void main() {
  float d = distance_from(at) * pixels;  // pixels from the edge
  float inside = clamp(0.5 - d, 0, 1);
  float around = ring > 0 ? clamp(0.5 - (abs(length(at) - 1.5) * pixels - 1.5 * push.unit), 0, 1) : 0;
  vec4 c = unpackUnorm4x8(colour);
  vec3 face = c.rgb;
  if (shape == 0) {
    vec3 normal = vec3(at, sqrt(max(0, 1 - dot(at, at))));
    face *= 0.62 + 0.45 * max(0, dot(normal, vec3(-0.40, 0.57, 0.72)));
    face += 0.18 * pow(max(0, dot(normal, vec3(-0.30, 0.43, 0.85))), 24);
  } else {
    face *= 0.97 + 0.08 * at.y;
  }
  float rim = clamp(0.5 + d + min(1.6 * push.unit, 0.2 * pixels), 0, 1);
  face = mix(face, mix(unpackUnorm4x8(push.outline).rgb, face, 0.55), rim);
  float alpha = c.a * inside;
  if (alpha <= 0 && around <= 0) discard;
  vec3 seen = around > inside ? unpackUnorm4x8(push.outline).rgb : face;
  out_colour = vec4(in_fog(seen, depth), max(alpha, around));
  out_id = id;
}
