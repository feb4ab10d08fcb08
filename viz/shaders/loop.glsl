// An edge that returns to its own node, on the screen. As in viz/plan/curve.cpp.
const float kLeave = 0.6, kSpread = 0.85;

vec2 on_curve(vec2 p[4], float t) {
  float s = 1 - t;
  return s * s * s * p[0] + 3 * s * s * t * p[1] + 3 * s * t * t * p[2] + t * t * t * p[3];
}

vec2 aside(vec2 middle, float angle, float far) { return middle + far * vec2(sin(angle), -cos(angle)); }

// reach: in radii.
void loop_curve(vec2 middle, float radius, float reach, out vec2 p[4]) {
  p[0] = aside(middle, -kLeave, radius);
  p[1] = aside(middle, -kSpread, reach * radius);
  p[2] = aside(middle, kSpread, reach * radius);
  p[3] = aside(middle, kLeave, radius);
}
