// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "experiments/harness/workspace.h"
#include "results/store/tensorboard.h"

namespace saggio::cli {

// A study's runs as TensorBoard sees them: DIR/STUDY/ARM/seed_N, a file each. Only reads the runs,
// so it may stop and begin at any time.
class EventFiles {
 public:
  EventFiles(const harness::Workspace& workspace, std::filesystem::path folder);

  // Every run of the plan that has a folder here; returns how many. Runs that are known from
  // evidence only have no curves.
  size_t copy_all(const harness::Plan& plan);

  // One that is under way, and the same for the last time. Stamped with the present.
  void follow(const std::string& id, const std::string& label);
  void end(const std::string& id, const std::string& label);

 private:
  results::TensorBoardFile file_of(const std::string& id, const std::string& label) const;

  const harness::Workspace& workspace_;
  std::filesystem::path folder_;
  std::map<std::string, results::TensorBoardFile> live_;  // by run
};

}  // namespace saggio::cli
