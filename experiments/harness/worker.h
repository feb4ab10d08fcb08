// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>

// The worker's side of the harness: a program that has modules registered and serves requests, one
// JSON object per line, until its input ends. It is started by the launcher; nobody types this.
//
//   {"do":"run","folder":F,"files":{key:path},"budget":S,"checkpoint":S}  a run
//   {"do":"stop","why":"stopped"}          ends it at its next checkpoint
//   {"do":"count","module":M,"config":{..}}   for `match`
//   {"do":"gates","module":M,"config":{..}}   for `saggio check`
//   {"do":"fairness","module":M,"arms":[{"name":N,"config":{..},"differs":[..]}]}   gate G3
//   {"do":"libraries"}                         for `saggio doctor`
//
// Replies: {"event":"started"}, {"event":"progress","done":..,"total":..},
// {"event":"done","outcome":..,"message":..}, {"event":"counts",..}, {"event":"gates",..},
// {"event":"error","message":..}. When the input ends, whatever runs is asked to stop: a launcher
// that was killed leaves no orphan.
namespace saggio::harness {

// Serves `input` to `output` (file descriptors) until end of input. Returns the program's exit
// code.
int serve(int input, int output);

// The program of a worker: `serve`, or `describe FILE`, which writes modules.json with these
// library versions. For main().
int worker_main(int argc, char** argv, const std::map<std::string, std::string>& versions);

}  // namespace saggio::harness
