// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

namespace saggio::viz {

// A graph to look at for somebody who has none yet: one question, what was seen and said of it in
// five versions, two claims that contradict each other, and the answer with its proof. In a
// temporary folder that is gone with this.
class Example {
 public:
  // Throws std::runtime_error if there is no place for it.
  Example();
  ~Example();
  Example(const Example&) = delete;
  Example& operator=(const Example&) = delete;

  const std::string& folder() const { return folder_; }  // of the store

  static constexpr const char* kName = "An example";
  static constexpr const char* kTold =
      "Why is the street wet? Evidence, two claims that contradict each other, an answer with its "
      "proof";

 private:
  std::filesystem::path place_;
  std::string folder_;
};

}  // namespace saggio::viz
