#version 460
#extension GL_GOOGLE_include_directive : require
#include "crowd.glsl"
#include "resolve.glsl"

// A tile, as a strip of 4; nothing, if there is nothing in it.
void main() {
  int across = tiles_across(part_width());
  ivec2 tile = ivec2(gl_InstanceIndex % across, gl_InstanceIndex / across);
  uint there = texelFetch(tile_marks, gl_InstanceIndex).x;
  ivec2 corner = tile + int(there) * ivec2(gl_VertexIndex & 1, gl_VertexIndex >> 1);
  vec2 at = vec2(corner << kTileBits) + part_origin();
  gl_Position = vec4(at / push.viewport * 2 - 1, 0, 1);
}
