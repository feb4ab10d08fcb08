#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_buffer_reference_uvec2 : require
#include "world.glsl"
#include "shape.glsl"
layout(location = 0) out vec2 at;  // in radii from the middle, y up
layout(location = 1) flat out uint colour;
layout(location = 2) flat out uint id;
layout(location = 3) flat out uint shape;
layout(location = 4) flat out float pixels;  // of the radius
layout(location = 5) flat out float ring;
layout(location = 6) flat out float depth;

void main() {
  Ball ball = Balls(push.data).v[gl_InstanceIndex];
  float w = (push.view_projection * vec4(ball.at, 1)).w;
  float radius = max(ball.radius, 2 * push.unit * w / push.scale);
  pixels = radius * push.scale / max(w, 1e-9);
  vec2 corner = vec2(gl_VertexIndex & 1, gl_VertexIndex >> 1) * 2 - 1;  // a strip of 4
  at = corner * (kWidest + (ball.ring != 0 ? 0.55 : 0) + 2 * push.unit / pixels);      // the widest shape's
  gl_Position =
      push.view_projection * vec4(ball.at + radius * (at.x * push.right + at.y * push.up), 1);
  colour = ball.colour;
  id = ball.id;
  shape = ball.shape;
  ring = float(ball.ring);
  depth = w;
}
