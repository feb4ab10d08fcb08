// SPDX-License-Identifier: MIT
//
// Runs any command line as an experiment, in any language. The command sees its settings as
// arguments and in its environment, and answers on standard output with JSON lines; every other
// line goes to the run's log.
//
//   command   ["python3", "train.py", "--lr", "{lr}", "--seed", "{seed}"]
//             {NAME} is a key of `args`, or seed, threads, folder, script; {{ and }} are braces
//   SAGGIO_SEED, SAGGIO_THREADS, SAGGIO_ARG_NAME
//   SAGGIO_FOLDER   where to leave files; kept between attempts, for checkpoints
//
//   {"step": 10, "name": "train/loss", "value": 0.5}   an event
//   {"progress": 10, "total": 100}                     for the ETA
//   {"metrics": {"heldout/loss": 0.4}, "ledger": {"parameters": 1e6}}   the result; needed once
//   {"diverged": "loss is NaN at step 12"}             instead of metrics: counts against the arm
//
// SIGTERM asks the command to stop; one that exits 75 then is continued when the study is run
// again. Any other exit code but 0 is a failure.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "experiments/harness/module.h"

extern char** environ;

namespace saggio::experiments {
namespace {

using Texts = std::vector<std::string>;
using Map = std::map<std::string, std::string>;

std::vector<char*> pointers(Texts& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

// Replaces {NAME} by its value, and {{ and }} by a brace. Throws on an unknown name.
std::string filled(const std::string& text, const Map& values) {
  std::string result;
  for (size_t at = 0; at < text.size(); ++at) {
    if (const std::string two = text.substr(at, 2); two == "{{" || two == "}}") {
      result += text[at++];
      continue;
    }
    const size_t end = text[at] == '{' ? text.find('}', at) : std::string::npos;
    if (end == std::string::npos) {
      result += text[at];
      continue;
    }
    const std::string name = text.substr(at + 1, end - at - 1);
    const auto found = values.find(name);
    if (found == values.end()) {
      std::string known;
      for (const auto& [key, value] : values) known += (known.empty() ? "" : ", ") + key;
      throw std::invalid_argument(fmt::format(
          "command: '{{{}}}' is not set; there are {}; {{{{ stands for a brace", name, known));
    }
    result += found->second;
    at = end;
  }
  return result;
}

// A running command: its standard output line by line, standard error to where ours goes.
class Child {
 public:
  Child(Texts arguments, Texts environment) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
      throw std::runtime_error(fmt::format("pipe: {}", std::strerror(errno)));
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    auto argument_list = pointers(arguments), environment_list = pointers(environment);
    const int error = ::posix_spawnp(&pid_,
                                     arguments.front().c_str(),
                                     &actions,
                                     nullptr,
                                     argument_list.data(),
                                     environment_list.data());
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    output_ = ends[0];
    if (error != 0) {
      ::close(output_);
      throw std::runtime_error(fmt::format(
          "command '{}' cannot be started: {}", arguments.front(), std::strerror(error)));
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    ::close(output_);
    if (running_) {
      ::kill(pid_, SIGKILL);
      wait();
    }
  }

  void terminate() { ::kill(pid_, SIGTERM); }

  // Waits up to 200 ms for output; false at its end.
  bool read(std::string& buffer) {
    pollfd ready{output_, POLLIN, 0};
    if (::poll(&ready, 1, 200) <= 0) return true;
    char chunk[4096];
    const ssize_t n = ::read(output_, chunk, sizeof chunk);
    if (n > 0) buffer.append(chunk, static_cast<size_t>(n));
    return n > 0 || (n < 0 && errno == EINTR);
  }

  int wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    running_ = false;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  bool running_ = true;
};

// The last line of what the run has logged, or "": after a crash most often the reason.
std::string last_line(const std::filesystem::path& log) {
  std::ifstream in(log, std::ios::binary);
  std::string line, last;
  while (std::getline(in, line))
    if (line.find_first_not_of(" \t\r") != std::string::npos) last = line;
  constexpr size_t kMost = 200;
  return last.size() > kMost ? last.substr(0, kMost) + " ..." : last;
}

// What the command said so far.
struct Heard {
  results::Record record;
  bool has_result = false;
  int64_t last_step = 0;

  void line(const std::string& text, harness::Context& context) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object()) return context.note(text);
    if (json.contains("name") && json.contains("value")) {
      last_step = json.value("step", last_step);
      context.log(last_step, json["name"].get<std::string>(), number(json["value"]));
    }
    if (json.contains("progress"))
      context.progress(json.value("progress", int64_t{0}), json.value("total", int64_t{0}));
    if (json.contains("metrics")) {
      for (const auto& [name, value] : json["metrics"].items())
        record.metrics[name] = number(value);
      has_result = true;
    }
    if (json.contains("ledger"))
      for (const auto& [quantity, value] : json["ledger"].items())
        context.ledger().set("", quantity, number(value));
    if (json.contains("diverged")) {
      record.outcome = results::Outcome::kDiverged;
      record.message = json["diverged"].get<std::string>();
      has_result = true;
    }
  }

  static double number(const nlohmann::json& value) {
    if (!value.is_number())
      throw std::runtime_error(fmt::format("the command wrote {}, allowed a number", value.dump()));
    return value.get<double>();
  }
};

struct Exec {
  static constexpr std::string_view name = "exec", version = "1";
  static constexpr std::string_view summary =
      "Runs any command line; metrics come back as JSON lines";

  struct Config {
    Texts command;
    Map args;
    std::string script;
    std::string folder;
    void visit(auto& v) {
      v("command",
        command,
        "program and arguments; {NAME} is replaced from args, seed, threads, folder, script");
      v("args", args, "the command's own settings");
      v.file("script",
             script,
             "a program file whose content is part of the run's identity; {script} is its path");
      v("folder", folder, "where the command is started; empty: where saggio is");
    }
  };

  static Texts environment(const Map& values) {
    Texts environment;
    for (char** one = environ; *one != nullptr; ++one) environment.emplace_back(*one);
    for (const auto& [key, value] : values) {
      const bool own = key == "seed" || key == "threads" || key == "folder" || key == "script";
      std::string variable = own ? "SAGGIO_" : "SAGGIO_ARG_";
      for (const char c : key)
        variable += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      environment.push_back(variable + "=" + value);
    }
    return environment;
  }

  static results::Record run(const Config& config, harness::Context& context) {
    if (config.command.empty())
      throw std::invalid_argument(
          "command is empty; for example command = [\"python3\", \"train.py\"]");
    Map values = config.args;
    values["seed"] = std::to_string(context.seed());
    values["threads"] = std::to_string(context.threads());
    values["folder"] = context.artefact("").string();
    values["script"] = config.script;
    Texts arguments;
    if (!config.folder.empty()) arguments = {"env", "--chdir=" + config.folder};
    for (const std::string& argument : config.command)
      arguments.push_back(filled(argument, values));

    Child child(arguments, environment(values));
    Heard heard;
    std::string buffer;
    bool open = true, asked = false;
    while (open) {
      if (context.should_stop() && !asked) {
        child.terminate();
        asked = true;
      }
      open = child.read(buffer);
      for (size_t end; (end = buffer.find('\n')) != std::string::npos; buffer.erase(0, end + 1))
        heard.line(buffer.substr(0, end), context);
    }
    if (!buffer.empty()) heard.line(buffer, context);
    const int code = child.wait();
    if (asked && code == 75)
      context.save(heard.last_step, [](const auto&) {});  // it will go on, so its events stay
    if (asked && (code == 75 || code == 128 + SIGTERM)) return context.stopped();
    if (code != 0) {
      const std::string reason = last_line(context.artefact("log.txt"));
      throw std::runtime_error(fmt::format("the command ended with exit code {}{}{}; see log.txt",
                                           code,
                                           reason.empty() ? "" : ": ",
                                           reason));
    }
    if (!heard.has_result)
      throw std::runtime_error(
          "the command ended without a result; it must print {\"metrics\": {...}} on a line of its "
          "own");
    return heard.record;
  }
};

const harness::Register<Exec> registered;

}  // namespace
}  // namespace saggio::experiments
