#version 460
#extension GL_GOOGLE_include_directive : require
#include "crowd.glsl"
#include "resolve.glsl"
#include "shape.glsl"
layout(location = 0) out vec4 out_colour;
layout(location = 1) out uint out_id;

// The edges, evenly between the middles of cells; premultiplied.
vec4 threads_at(ivec2 local, ivec2 origin, int width) {
  ivec2 first_cell = origin / 2 - 1;
  int cells = (origin.x + width + 1) / 2 + 1 - first_cell.x;
  vec2 at = (vec2(local + origin) + 0.5) / 2 - 0.5;
  ivec2 cell = ivec2(floor(at)) - first_cell;
  int begin = cell.y * cells + cell.x;
  vec2 share = fract(at);
  vec4 above = mix(texelFetch(shades, begin), texelFetch(shades, begin + 1), share.x);
  vec4 below = mix(texelFetch(shades, begin + cells), texelFetch(shades, begin + cells + 1), share.x);
  return mix(above, below, share.y);
}

// The nearest node, before the edges. Its loop, of one turn, is that of mark().
void main() {
  ivec2 local = ivec2(gl_FragCoord.xy), origin = part_origin();
  int width = part_width();
  uint flags = push.width_and_flags >> 16;
  vec4 under = (flags & kThreads) != 0 ? threads_at(local, origin, width) : vec4(0);
  uint nearest = (flags & kNodes) != 0 ? ball_before(local.y * width + local.x) : 0;
  vec4 over = vec4(0);
  out_id = 0;
  gl_FragDepth = 1;
  while (nearest != 0) {
    Ball ball = ball_at(nearest - 1);
    vec4 clip = push.view_projection * vec4(ball.at, 1);
    float radius = radius_in_pixels(ball.radius, clip.w, push.scale, push.unit);
    vec2 at = (vec2(local + origin) + 0.5 - pixel(clip, push.viewport)) / radius;
    at.y = -at.y;
    float edge = distance_from(ball.shape, at) * radius;
    vec4 colour = unpackUnorm4x8(ball.colour);
    vec3 outline = unpackUnorm4x8(push.outline).rgb;
    vec3 face = face_of(ball.shape, at, edge, radius, colour.rgb, outline, push.unit);
    float haze = 0.35 * clamp((clip.w - push.fog_begin) * push.fog_scale, 0, 1);
    float alpha = colour.a * clamp(0.5 - edge, 0, 1);
    over = vec4(mix(face, unpackUnorm4x8(push.background).rgb, haze) * alpha, alpha);
    out_id = ball.id;
    if ((flags & kDimmed) == 0) gl_FragDepth = clip.z / clip.w;
    nearest = 0;
  }
  vec4 seen = over + under * (1 - over.a), background = unpackUnorm4x8(push.background);
  out_colour = vec4(seen.rgb + background.rgb * (1 - seen.a), seen.a + background.a * (1 - seen.a));
}
