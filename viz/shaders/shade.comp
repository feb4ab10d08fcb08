#version 460
#extension GL_GOOGLE_include_directive : require
#include "crowd.glsl"
layout(local_size_x = 64) in;

layout(push_constant, scalar) uniform Push {
  uint cells;
  float one, doubling;  // opacity
  uint hues[kHues];
  uint unused;
  Counts counts;
  Shades shades;
} push;

// From how many threads cross a cell to a colour: their mean, the more opaque the more there are.
void main() {
  uint cell = GROUP_NUMBER * 64 + gl_LocalInvocationID.x;
  if (cell >= push.cells) return;
  float sum = 0;
  vec3 colours = vec3(0);
  for (int hue = 0; hue < kHues; ++hue) {
    float count = push.counts.v[hue * push.cells + cell];
    sum += count;
    colours += count * unpackUnorm4x8(push.hues[hue]).rgb;
  }
  float many = sum / 64;
  float alpha = many < 1 ? push.one * many : min(0.92, push.one + push.doubling * log2(many));
  push.shades.v[cell] = packUnorm4x8(sum > 0 ? vec4(colours / sum * alpha, alpha) : vec4(0));
}
