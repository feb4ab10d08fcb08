#extension GL_EXT_shader_explicit_arithmetic_types_int64 : require
#include "items.glsl"

// A crowd in the part of a picture that is drawn: pixels hold the nearest node, cells, which are two
// pixels wide and high, the edges that cross them. Cells reach one beyond the part on each side.
// What a shader needs of a frame it has in push constants, which lanes share; those of
// viz/vulkan/crowd_pass.cpp.
layout(buffer_reference, scalar) buffer Keys { uint64_t v[]; };  // depth, ~(index of the ball + 1)
layout(buffer_reference, scalar) buffer Counts { uint v[]; };    // by hue, then by cell; in 1/64
layout(buffer_reference, scalar) buffer Shades { uint v[]; };    // premultiplied colours of cells
layout(buffer_reference, scalar) buffer Tiles { uint v[]; };     // 1: there is something in it

// What is read, as texels, which by Mesa's software driver takes a fifth of the time of reading by
// address.
layout(binding = 0) uniform usamplerBuffer ball_texels;    // two of each
layout(binding = 1) uniform usamplerBuffer thread_texels;  // likewise
layout(binding = 2) uniform usamplerBuffer keys;           // two of each, the lower half first
layout(binding = 3) uniform usamplerBuffer counts;
layout(binding = 4) uniform samplerBuffer shades;
layout(binding = 5) uniform usamplerBuffer tile_marks;

const int kHues = 6;

// Of the part in pixels, of which only what is marked is drawn.
const int kTileBits = 5;
int tiles_across(int width) { return (width + (1 << kTileBits) - 1) >> kTileBits; }

// Those that touch these pixels of the part, the last ones excluded. A loop of one turn, since Mesa's
// software driver skips the body of a loop that no lane needs, but not that of a branch.
void mark(Tiles tiles, int width, ivec2 from, ivec2 to) {
  for (int y = from.y >> kTileBits; y <= (to.y - 1) >> kTileBits; ++y)
    for (int x = from.x >> kTileBits; x <= (to.x - 1) >> kTileBits; ++x) {
      int tile = y * tiles_across(width) + x;
      for (bool fresh = texelFetch(tile_marks, tile).x == 0; fresh; fresh = false) tiles.v[tile] = 1;
    }
}

uint ball_before(int pixel) { return ~texelFetch(keys, 2 * pixel).x; }  // its index + 1; 0: none
uint nearest_depth(int pixel) { return texelFetch(keys, 2 * pixel + 1).x; }

Ball ball_at(uint index) {
  uvec4 a = texelFetch(ball_texels, int(2 * index)), b = texelFetch(ball_texels, int(2 * index + 1));
  return Ball(uintBitsToFloat(a.xyz), uintBitsToFloat(a.w), b.x, b.y, b.z, b.w);
}

Thread thread_at(uint index) {
  uvec4 a = texelFetch(thread_texels, int(2 * index)), b = texelFetch(thread_texels, int(2 * index + 1));
  return Thread(uintBitsToFloat(a.xyz), uintBitsToFloat(uvec3(a.w, b.xy)), b.z, b.w);
}

// Of a dispatch of more groups than one dimension has.
#define GROUP_NUMBER (gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x)

vec2 pixel(vec4 clip, vec2 viewport) { return (clip.xy / clip.w * 0.5 + 0.5) * viewport; }

float radius_in_pixels(float radius, float w, float scale, float unit) {
  return max(radius * scale / w, 2 * unit);
}
