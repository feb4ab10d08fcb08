#version 460
#extension GL_GOOGLE_include_directive : require
#include "overlay.glsl"
layout(location = 0) out vec2 uv;
layout(location = 1) out vec4 colour;

void main() {
  Vertex v = Vertices(push.vertices).v[gl_VertexIndex];
  gl_Position = vec4(v.at / push.viewport * 2 - 1, 0, 1);
  uv = v.uv;
  colour = unpackUnorm4x8(v.colour);
}
