#version 460
#extension GL_GOOGLE_include_directive : require
#include "overlay.glsl"
layout(location = 0) in vec2 uv;
layout(location = 1) in vec4 colour;
layout(location = 0) out vec4 out_colour;
layout(location = 1) out uint out_id;  // masked: text belongs to nothing

void main() {
  float covered = 1;
  if (uv.x >= 0) {  // letters lie on whole pixels, so a texel is a pixel
    uint at = uint(uv.y) * push.atlas_width + uint(uv.x);
    covered = float(Texels(push.texels).v[at >> 2] >> (8 * (at & 3)) & 255) / 255;
  }
  out_colour = vec4(colour.rgb, colour.a * covered);
  out_id = 0;
}
