#version 460
#extension GL_GOOGLE_include_directive : require
#include "crowd.glsl"
layout(local_size_x = 64) in;

// From how many threads cross a cell to a colour: their mean, the more opaque the more there are.
void main() {
  Frame frame = push.frame;
  uint cell = GROUP_NUMBER * 64 + gl_LocalInvocationID.x, cells = frame.cells.x * frame.cells.y;
  if (cell >= cells) return;
  float sum = 0;
  vec3 colours = vec3(0);
  for (int hue = 0; hue < kHues; ++hue) {
    float count = frame.counts.v[hue * cells + cell];
    sum += count;
    colours += count * unpackUnorm4x8(frame.hues[hue]).rgb;
  }
  float many = sum / 64;
  float alpha = many < 1 ? frame.one * many : min(0.92, frame.one + frame.doubling * log2(many));
  frame.shades.v[cell] = packUnorm4x8(sum > 0 ? vec4(colours / sum * alpha, alpha) : vec4(0));
}
