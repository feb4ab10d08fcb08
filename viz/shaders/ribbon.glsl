// What the shaders of straight and of curved edges share.
layout(location = 0) out vec2 at;  // pixels: along the line from its begin, across it
layout(location = 1) flat out uint colour;
layout(location = 2) flat out uint id;
layout(location = 3) flat out vec3 size;  // pixels: length, half width, length of the head
layout(location = 4) flat out uint dashed;
layout(location = 5) out float depth;

vec2 pixel(vec4 clip) { return (clip.xy / clip.w * 0.5 + 0.5) * push.viewport; }

// The part of a segment in front of the near plane; false: none. whole: with its end.
bool cut_at_near(inout vec4 a, inout vec4 b, out bool whole) {
  whole = b.z >= 0;
  if (a.z < 0 && b.z < 0) return false;
  if (a.z < 0) a = mix(b, a, b.z / (b.z - a.z));
  if (!whole) b = mix(a, b, a.z / (a.z - b.z));
  return true;
}

vec2 corner_of(int vertex) {  // of two triangles that make a square
  return vec2(vertex == 1 || vertex == 2 || vertex == 4, vertex == 2 || vertex == 4 || vertex == 5);
}

void place(vec2 screen, vec4 a, vec4 b, float share) {
  gl_Position = vec4(screen / push.viewport * 2 - 1, mix(a.z / a.w, b.z / b.w, share), 1);
  depth = mix(a.w, b.w, share);
}

void describe(Line line, vec3 sizes) {
  colour = line.colour;
  id = line.id;
  size = sizes;
  dashed = line.flags & (kDashed | kDotted);
}
