// SPDX-License-Identifier: MIT
#include "experiments/harness/worker.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <condition_variable>
#include <cstring>
#include <deque>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "experiments/harness/backend.h"
#include "experiments/harness/gates.h"
#include "experiments/harness/module.h"
#include "experiments/harness/roofline.h"
#include "experiments/harness/study.h"
#include "results/store/run_dir.h"

namespace saggio::harness {
namespace {

using Json = nlohmann::json;
using results::Outcome;
using results::Record;

// The first line of an exception's text: LibTorch appends a backtrace.
std::string first_line(const std::exception& error) {
  const std::string text = error.what();
  return text.substr(0, text.find('\n'));
}

const ModuleEntry& find_module(const std::string& name) {
  const auto found = modules().find(name);
  if (found == modules().end())
    throw std::runtime_error(
        fmt::format("module '{}' is not in this worker; build Saggio again", name));
  return found->second;
}

// Sends what is printed during a run to its log; gives the program its own output back afterwards.
class Redirected {
 public:
  explicit Redirected(const std::filesystem::path& log) {
    const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file < 0)
      throw std::runtime_error(fmt::format("{}: {}", log.string(), std::strerror(errno)));
    for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
      saved_.push_back(::fcntl(stream, F_DUPFD_CLOEXEC, 3));
      ::dup2(file, stream);
    }
    ::close(file);
  }
  Redirected(const Redirected&) = delete;
  Redirected& operator=(const Redirected&) = delete;
  ~Redirected() {
    std::fflush(nullptr);
    for (size_t i = 0; i < saved_.size(); ++i) {
      ::dup2(saved_[i], static_cast<int>(i) + STDOUT_FILENO);
      ::close(saved_[i]);
    }
  }

 private:
  std::vector<int> saved_;
};

void reset_peak_memory() {
  std::ofstream("/proc/self/clear_refs")
      << "5";  // where it is refused, the peak is the program's so far: an upper bound
}

double peak_memory_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) * 1024;
  return 0;
}

// The shared libraries that this process has loaded: for `saggio doctor`.
std::set<std::string> loaded_libraries() {
  std::set<std::string> libraries;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);)
    if (const size_t path = line.find('/');
        path != std::string::npos && line.find(".so") != std::string::npos)
      libraries.insert(line.substr(path));
  return libraries;
}

class Server {
 public:
  Server(int input, int output) : input_(input), output_(output) {}

  int run() {
    std::thread reader([this] { read_requests(); });
    while (const auto request = next_request()) answer(*request);
    reader.join();
    return 0;
  }

 private:
  void read_requests() {
    std::string buffer;
    char chunk[4096];
    while (true) {
      const ssize_t n = ::read(input_, chunk, sizeof chunk);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) break;
      buffer.append(chunk, static_cast<size_t>(n));
      for (size_t end; (end = buffer.find('\n')) != std::string::npos; buffer.erase(0, end + 1))
        accept(buffer.substr(0, end));
    }
    const std::lock_guard lock(mutex_);
    ended_ = true;
    stop_.request(Outcome::kStopped);
    arrived_.notify_one();
  }

  void accept(const std::string& line) {
    Json request = Json::parse(line, nullptr, false);
    if (!request.is_object())
      return reply({{"event", "error"}, {"message", "a request must be one JSON object per line"}});
    if (request.value("do", "") == "stop")
      return stop_.request(results::outcome_from_name(request.value("why", "stopped")));
    const std::lock_guard lock(mutex_);
    requests_.push_back(std::move(request));
    arrived_.notify_one();
  }

  std::optional<Json> next_request() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return ended_ || !requests_.empty(); });
    if (ended_) return std::nullopt;
    Json request = std::move(requests_.front());
    requests_.pop_front();
    return request;
  }

  void reply(const Json& json) {
    const std::string line = json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    const std::lock_guard lock(output_mutex_);
    for (size_t sent = 0; sent < line.size();) {
      const ssize_t n = ::write(output_, line.data() + sent, line.size() - sent);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return;  // the launcher is gone: the end of input stops us
      sent += static_cast<size_t>(n);
    }
  }

  void answer(const Json& request) {
    try {
      const std::string what = request.value("do", "");
      if (what == "run")
        run_one(request);
      else if (what == "count")
        count(request);
      else if (what == "gates")
        gates(request);
      else if (what == "fairness")
        fairness(request);
      else if (what == "libraries")
        reply({{"event", "libraries"}, {"libraries", loaded_libraries()}});
      else
        throw std::runtime_error(fmt::format(
            "request '{}', allowed run, stop, count, gates, fairness, libraries", what));
    } catch (const DeviceMissing& error) {
      reply({{"event", "error"}, {"kind", "device"}, {"message", first_line(error)}});
    } catch (const std::exception& error) {
      reply({{"event", "error"}, {"message", first_line(error)}});
    }
  }

  void count(const Json& request) {
    const ModuleEntry& module = find_module(request.at("module"));
    if (!module.count)
      throw std::runtime_error(
          fmt::format("module '{}' cannot count its cost beforehand", module.name));
    reply({{"event", "counts"}, {"counts", module.count(values_from_json(request.at("config")))}});
  }

  void gates(const Json& request) {
    reply_gates(
        check_module(find_module(request.at("module")), values_from_json(request.at("config"))));
  }

  void fairness(const Json& request) {
    const ModuleEntry& module = find_module(request.at("module"));
    std::vector<ArmConfig> arms;
    for (const Json& arm : request.at("arms"))
      arms.push_back({arm.at("name"), values_from_json(arm.at("config")), arm.at("differs")});
    reply_gates({check_arms(module, arms)});
  }

  void reply_gates(const std::vector<GateResult>& results) {
    Json list = Json::array();
    for (const GateResult& result : results)
      list.push_back({{"gate", result.gate},
                      {"status", static_cast<int>(result.status)},
                      {"message", result.message}});
    reply({{"event", "gates"}, {"gates", list}});
  }

  void run_one(const Json& request) {
    const results::RunDir dir(request.at("folder").get<std::string>());
    const auto lease = wait_for_lease(dir.folder() / "lease");
    RunSpec spec = run_spec_from_json(dir.spec());
    const ModuleEntry& module = find_module(spec.module);
    if (module.version != spec.version)
      throw std::runtime_error(
          fmt::format("module '{}' is version {} here, the run wants {}; build Saggio again",
                      spec.module,
                      module.version,
                      spec.version));
    reply({{"event", "started"}});
    const Record record = attempt(request, dir, spec, module);
    if (record.outcome != Outcome::kStopped) dir.commit(record);
    reply({{"event", "done"},
           {"outcome", results::name(record.outcome)},
           {"message", record.message}});
  }

  // The worker of a launcher that was killed may still be saving its checkpoint: give it time.
  results::Lease wait_for_lease(const std::filesystem::path& file) {
    constexpr int kPatienceMs = 30'000, kStepMs = 20;
    std::string holder;
    for (int waited_ms = 0; waited_ms < kPatienceMs; waited_ms += kStepMs) {
      if (auto lease = results::Lease::take(file, &holder)) return std::move(*lease);
      if (stop_.requested()) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(kStepMs));
    }
    throw std::runtime_error(fmt::format(
        "{}: {} works on this run; wait for it, or end it", file.parent_path().string(), holder));
  }

  Record attempt(const Json& request,
                 const results::RunDir& dir,
                 const RunSpec& spec,
                 const ModuleEntry& module) {
    const Redirected to_log(dir.folder() / "log.txt");
    Values config = spec.config;
    const Json files = request.value("files", Json::object());
    for (const auto& [key, path] : files.items()) config[key] = path.get<std::string>();
    reset_peak_memory();
    auto owned = open_backend(dir, spec);
    Context::Backend& backend = *owned;
    backend.stop = &stop_;
    backend.budget_seconds = request.value("budget", 0.);
    backend.checkpoint_seconds = request.value("checkpoint", 30.);
    backend.on_note = [](std::string_view line) { fmt::print("{}\n", line); };
    backend.on_progress = [this, last = Context::Backend::Clock::time_point{}](
                              int64_t done, int64_t total) mutable {
      const auto now = Context::Backend::Clock::now();
      if (now - last < std::chrono::milliseconds(100)) return;
      last = now;
      reply({{"event", "progress"}, {"done", done}, {"total", total}});
    };
    Context context(std::move(owned));
    Record record;
    try {
      record = module.run(config, context);
    } catch (const DeviceMissing&) {
      throw;
    } catch (const std::exception& error) {
      record = {.outcome = Outcome::kFailed,
                .message = first_line(error),
                .metrics = {},
                .ledger = {},
                .warnings = {}};
      fmt::print("{}\n", error.what());
    }
    if (record.outcome == Outcome::kStopped) {
      backend.writer->flush();
    } else {
      complete(record, backend, module, config);
      backend.finish();
    }
    return record;
  }

  // Adds to a module's record what the harness knows: the ledger with its clocks, and the cheap
  // gates.
  void complete(Record& record,
                Context::Backend& backend,
                const ModuleEntry& module,
                const Values& config) {
    backend.ledger.set("", "seconds", backend.seconds());
    backend.ledger.set("", "cpu_seconds", backend.cpu_seconds());
    backend.ledger.set("", "peak_memory_bytes", peak_memory_bytes());
    record.ledger = backend.ledger;
    backend.writer->timing(
        {{"seconds", backend.seconds()}, {"cpu_seconds", backend.cpu_seconds()}});
    if (record.outcome != Outcome::kFinished) return;
    const std::string key = module.name + to_json(config).dump();
    auto known = gates_.find(key);
    if (known == gates_.end()) known = gates_.emplace(key, cheap_gates(module, config)).first;
    record.warnings = known->second.warnings;
    check_rates(record, known->second.limits, backend.spec.device);
  }

  // A rate that is not possible is an error, not a result.
  static void check_rates(Record& record,
                          const std::optional<Limits>& of_the_module,
                          const std::string& device) {
    if (!of_the_module && device != "cpu") return;
    static const Limits kMachine = limits_of_this_machine();
    const GateResult rates = check_roofline(record, of_the_module.value_or(kMachine));
    if (rates.status != GateResult::Status::kFailed) return;
    record.outcome = Outcome::kFailed;
    record.message = rates.gate + ": " + rates.message;
  }

  int input_, output_;
  StopToken stop_;
  std::mutex mutex_, output_mutex_;
  std::condition_variable arrived_;
  std::deque<Json> requests_;
  bool ended_ = false;
  std::map<std::string, CheapGates> gates_;  // by configuration: they run once for each
};

}  // namespace

int serve(int input, int output) { return Server(input, output).run(); }

int worker_main(int argc, char** argv, const std::map<std::string, std::string>& versions) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  for (const std::string& problem : registration_problems()) {
    fmt::print(stderr, "error: {}\n", problem);
    return 2;
  }
  if (what == "describe" && argc == 3) {
    results::write_durably(argv[2], worker_info_json(versions));
    return 0;
  }
  if (what != "serve") {
    fmt::print(stderr, "saggio-worker is started by saggio; type `saggio --help`\n");
    return 2;
  }
  // Replies go to the descriptor that the launcher gave as standard output; modules print to
  // standard error or the run's log.
  const int output = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  return serve(STDIN_FILENO, output);
}

}  // namespace saggio::harness
