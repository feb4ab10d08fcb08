// SPDX-License-Identifier: MIT
#include <exception>
#include <iostream>

#include "results/store/safetensors.h"

// safetensors_copy FROM TO: reads one file and writes what it found to another. For
// safetensors_peer.py.
int main(int count, char** arguments) {
  if (count != 3) {
    std::cerr << "usage: safetensors_copy FROM TO\n";
    return 2;
  }
  try {
    const saggio::results::TensorFile file = saggio::results::read_safetensors(arguments[1]);
    saggio::results::write_safetensors(arguments[2], file.tensors(), file.metadata());
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
