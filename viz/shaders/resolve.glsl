// What drawing a crowd's tiles needs of a frame.
const uint kNodes = 1, kThreads = 2, kDimmed = 4;  // flags

layout(push_constant, scalar) uniform Push {
  mat4 view_projection;
  vec2 viewport;
  uint origin;         // of the part, in pixels: x, y in 16 bits each
  uint width_and_flags;  // likewise
  float scale, unit;
  uint background, outline;
  float fog_begin, fog_scale;
} push;

ivec2 part_origin() { return ivec2(push.origin & 0xffff, push.origin >> 16); }
int part_width() { return int(push.width_and_flags & 0xffff); }
