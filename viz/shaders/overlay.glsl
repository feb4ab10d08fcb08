#extension GL_EXT_scalar_block_layout : require
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_buffer_reference_uvec2 : require

// What lies flat on the picture; the structs are those of viz/plan/overlay.h and viz/vulkan/raster.cpp.
struct Vertex {
  vec2 at, uv;
  uint colour;
};
layout(buffer_reference, scalar) readonly buffer Vertices { Vertex v[]; };
layout(buffer_reference, scalar) readonly buffer Texels { uint v[]; };  // four texels each

layout(push_constant, scalar) uniform Push {
  vec2 viewport;
  uvec2 vertices, texels;  // addresses
  uint atlas_width;        // texels
} push;
