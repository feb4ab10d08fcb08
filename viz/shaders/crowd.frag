#version 460
#extension GL_GOOGLE_include_directive : require
#include "crowd.glsl"
#include "shape.glsl"
layout(location = 0) out vec4 out_colour;
layout(location = 1) out uint out_id;

vec4 shade_of(Frame frame, ivec2 cell) {
  return unpackUnorm4x8(frame.shades.v[cell.y * frame.cells.x + cell.x]);
}

// The edges, evenly between the middles of cells; premultiplied.
vec4 threads_at(Frame frame, ivec2 local) {
  vec2 at = (vec2(local + frame.origin) + 0.5) / 2 - 0.5;
  ivec2 cell = ivec2(floor(at)) - frame.first_cell;
  vec2 share = fract(at);
  return mix(mix(shade_of(frame, cell), shade_of(frame, cell + ivec2(1, 0)), share.x),
             mix(shade_of(frame, cell + ivec2(0, 1)), shade_of(frame, cell + ivec2(1, 1)), share.x),
             share.y);
}

// The nearest node, before the edges.
void main() {
  Frame frame = push.frame;
  ivec2 local = ivec2(gl_FragCoord.xy);
  vec4 under = frame.threads > 0 ? threads_at(frame, local) : vec4(0);
  uint64_t key = frame.nodes > 0 ? frame.keys.v[local.y * frame.extent.x + local.x] : ~uint64_t(0);
  vec4 over = vec4(0);
  out_id = 0;
  gl_FragDepth = 1;
  if (key != ~uint64_t(0)) {
    Ball ball = frame.balls.v[~uint(key)];
    vec4 clip = frame.view_projection * vec4(ball.at, 1);
    float radius = radius_in_pixels(ball, clip.w);
    vec2 at = (vec2(local + frame.origin) + 0.5 - pixel(clip)) / radius;
    at.y = -at.y;
    float edge = distance_from(ball.shape, at) * radius;
    vec4 colour = unpackUnorm4x8(ball.colour);
    vec3 background = unpackUnorm4x8(frame.background).rgb;
    vec3 face = face_of(ball.shape, at, edge, radius, colour.rgb, unpackUnorm4x8(frame.outline).rgb, frame.unit);
    float haze = 0.35 * clamp((clip.w - frame.fog_begin) * frame.fog_scale, 0, 1);
    float alpha = colour.a * clamp(0.5 - edge, 0, 1);
    over = vec4(mix(face, background, haze) * alpha, alpha);
    out_id = ball.id;
    if (frame.dimmed == 0) gl_FragDepth = clip.z / clip.w;
  }
  vec4 seen = over + under * (1 - over.a);
  if (seen.a <= 0 && out_id == 0) discard;
  out_colour = vec4(seen.rgb / max(seen.a, 1e-6), seen.a);
}
