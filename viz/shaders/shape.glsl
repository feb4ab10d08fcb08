// What a node looks like, wherever it is drawn. Places are in radii from its middle, y up; sizes in
// pixels.

// The distance from the shape's edge, in radii; below 0 inside.
float distance_from(uint shape, vec2 p) {
  if (shape == 1) {  // square
    vec2 q = abs(p) - 0.85;
    return max(q.x, q.y);
  }
  if (shape == 2) return (abs(p.x) + abs(p.y) - 1.1) * 0.7071;  // diamond
  if (shape == 3) {                                             // triangle, its tip up
    float side = (abs(p.x) * 1.85 + p.y * 1.1 - 1.155) / 2.152;
    return max(side, -p.y - 0.8);
  }
  return length(p) - 1;
}

const float kWidest = 1.25;  // half of a square around any shape, in radii

// `edge`: the distance from the edge in pixels.
vec3 face_of(uint shape, vec2 p, float edge, float radius, vec3 colour, vec3 outline, float unit) {
  vec3 face = colour;
  if (shape == 0) {
    vec3 normal = vec3(p, sqrt(max(0, 1 - dot(p, p))));
    face *= 0.62 + 0.45 * max(0, dot(normal, vec3(-0.40, 0.57, 0.72)));
    float light = max(0, dot(normal, vec3(-0.30, 0.43, 0.85)));
    light *= light, light *= light, light *= light;  // to the 8th
    face += 0.18 * light * light * light;
  } else {
    face *= 0.97 + 0.08 * p.y;
  }
  float rim = clamp(0.5 + edge + min(1.6 * unit, 0.2 * radius), 0, 1);
  return mix(face, mix(outline, face, 0.55), rim);
}
