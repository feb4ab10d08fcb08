#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
#include "crowd.glsl"
layout(local_size_x = 64) in;

layout(push_constant, scalar) uniform Push {
  ivec2 cells, corner;  // corner: where the first cell begins in the part, in pixels
  ivec2 extent;         // of the part
  float one, doubling;  // opacity
  uint hues[kHues];
  uint hue_count;
  Shades shades;
  Tiles tiles;
} push;

// From how many threads cross a cell to a colour: their mean, the more opaque the more there are.
void main() {
  ivec2 at = ivec2(gl_GlobalInvocationID.xy);
  if (at.x >= push.cells.x) return;
  int cell = at.y * push.cells.x + at.x;
  float sum = 0;
  vec3 colours = vec3(0);
  // Unrolled, the software driver would take all turns.
  [[dont_unroll]] for (int hue = 0; hue < push.hue_count; ++hue) {
    float count = texelFetch(counts, hue * push.cells.y * push.cells.x + cell).x;
    sum += count;
    colours += count * unpackUnorm4x8(push.hues[hue]).rgb;
  }
  uint shade = 0;
  for (bool seen = sum > 0; seen; seen = false) {  // as in mark()
    float many = sum / 64;
    float alpha = many < 1 ? push.one * many : min(0.92, push.one + push.doubling * log2(many));
    shade = packUnorm4x8(vec4(colours / sum * alpha, alpha));
    // It is seen as far as the middles of the cells around it.
    ivec2 from = push.corner + 2 * at - 1, to = from + 4;
    mark(push.tiles, push.extent.x, max(from, ivec2(0)), min(to, push.extent));
  }
  push.shades.v[cell] = shade;
}
