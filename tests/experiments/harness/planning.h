// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "experiments/harness/module.h"
#include "experiments/harness/plan.h"
#include "tests/results/store/temporary_folder.h"

// Plans of studies of a toy module, without files, workers or runs.
namespace saggio::harness {

// A module with a width to match by: it has width^2 parameters, twice that with a gate.
struct Toy {
  int64_t width = 64, layers = 2;
  double lr = 1e-2;
  bool gate = true;
  std::string position = "rotary", path;
  void visit(auto& v) {
    v("width", width, "", {1, 4096});
    v("layers", layers, "", {1, 64});
    v("lr", lr, "", {1e-6, 10});
    v("gate", gate, "");
    v("position", position, "", {"rotary", "learned"});
    v.file("path", path, "");
  }
};

class Planning : public testing::Test {
 protected:
  Planning() {
    modules_.emplace("toy", ModuleInfo{"toy", "1", "", "width", schema_of<Toy>()});
    sources_.file = [](const std::string& value, const std::filesystem::path&) {
      return Sources::File{value, "hash of " + value};
    };
    sources_.record = [this](const std::string& id) {
      const auto found = records_.find(id);
      return found == records_.end() ? nullptr : &found->second;
    };
    sources_.count = [](const std::string&, const Values& config) {
      const auto width = static_cast<double>(std::get<int64_t>(config.at("width")));
      return std::map<std::string, double>{
          {"params", width * width * (std::get<bool>(config.at("gate")) ? 1.5 : 1)}};
    };
  }

  Study study(const std::string& text, const std::vector<std::string>& sets = {}) {
    std::ofstream(file_)
        << "study = \"t\"\nmodule = \"toy\"\nmetric = { name = \"heldout/loss\", goal = \"min\" }\n"
        << text;
    return read_study(file_, modules_, sets);
  }

  Plan plan(const std::string& text) {
    return make_plan(study(text), modules_.at("toy"), sources_);
  }

  std::string error_of(const std::string& text, const std::vector<std::string>& sets = {}) {
    try {
      make_plan(study(text, sets), modules_.at("toy"), sources_);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "(nothing was thrown)";
  }

  static std::vector<std::string> names(const Plan& plan) {
    std::vector<std::string> list;
    for (const PlannedArm& arm : plan.arms) list.push_back(arm.name);
    return list;
  }

  const PlannedArm& arm(const Plan& plan, const std::string& name) {
    for (const PlannedArm& one : plan.arms)
      if (one.name == name) return one;
    throw std::runtime_error("no arm " + name);
  }

  using Names = std::vector<std::string>;
  results::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "study.toml";
  Modules modules_;
  Sources sources_;
  std::map<std::string, results::Record> records_;
};

inline const std::string kComponents = R"(
[component.rotary]
off = { position = "learned" }
[component.gate]
off = { gate = false }
[component.depth]
off = { layers = 1 }
needs = ["gate"]
)";

}  // namespace saggio::harness
