#extension GL_EXT_scalar_block_layout : require
#extension GL_EXT_buffer_reference : require

// What is drawn, read by address, but for a crowd (crowd.glsl). The structs are those of viz/plan/plan.h
// and viz/plan/crowd.h.
struct Ball {
  vec3 at;
  float radius;
  uint colour, id, shape, ring;
};
struct Line {
  vec3 a;
  float width;
  vec3 b;
  float head;
  uint colour, id, flags;
  float bend;
};
const uint kDashed = 1, kLoop = 2, kDotted = 4;
struct Thread {
  vec3 a, b;
  uint id, kind;  // hue in 16 bits, weight in 8, how far a loop reaches in 8
};
layout(buffer_reference, scalar) readonly buffer Balls { Ball v[]; };
layout(buffer_reference, scalar) readonly buffer Lines { Line v[]; };
