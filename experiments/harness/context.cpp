// SPDX-License-Identifier: MIT
#include "experiments/harness/context.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "experiments/harness/backend.h"

namespace saggio::harness {
namespace {

constexpr std::string_view kLedgerFile = "ledger.json", kGraphFile = "graph.json";

double process_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void write_ledger(const Context::Backend& backend, const std::filesystem::path& file) {
  const nlohmann::json json = {{"components", backend.ledger.components()},
                               {"uncounted", backend.ledger.uncounted},
                               {"seconds", backend.seconds()},
                               {"cpu_seconds", backend.cpu_seconds()}};
  results::write_durably(file, json.dump());
}

void read_ledger(Context::Backend& backend, const std::filesystem::path& file) {
  const auto json = nlohmann::json::parse(results::read_file(file));
  for (const auto& [component, quantities] : json.at("components").items())
    for (const auto& [quantity, value] : quantities.items())
      backend.ledger.set(component, quantity, value.get<double>());
  backend.ledger.uncounted = json.at("uncounted").get<std::map<std::string, int64_t>>();
  backend.earlier_seconds = json.at("seconds");
  backend.earlier_cpu_seconds = json.at("cpu_seconds");
}

// Of the graph at the checkpoint that the run goes on from.
graph::Version graph_version(const Context::Backend& backend) {
  const auto checkpoint = backend.writer ? backend.writer->checkpoint() : std::nullopt;
  if (!checkpoint || !std::filesystem::exists(checkpoint->folder / kGraphFile)) return 0;
  return nlohmann::json::parse(results::read_file(checkpoint->folder / kGraphFile)).at("version");
}

// What a checkpoint says of the graph must be on the disk before it.
void write_graph_version(Context::Backend& backend, const std::filesystem::path& file) {
  if (backend.graph == nullptr && graph_version(backend) == 0) return;
  graph::Store& graph = backend.open_graph();
  if (graph.has_pending())
    throw std::logic_error(
        "a checkpoint while changes of the graph are pending: commit() them, or make them later");
  results::write_durably(file, nlohmann::json{{"version", graph.commit()}}.dump());
}

}  // namespace

double Context::Backend::seconds() const {
  return earlier_seconds + std::chrono::duration<double>(Clock::now() - started).count();
}

double Context::Backend::cpu_seconds() const {
  return earlier_cpu_seconds + process_cpu_seconds() - cpu_at_start;
}

const std::filesystem::path& Context::Backend::artefacts() {
  if (folder.empty()) {
    std::string pattern = std::filesystem::temp_directory_path() / "saggio-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr)
      throw std::runtime_error(fmt::format("{}: cannot make a folder", pattern));
    folder = pattern;
  }
  return folder;
}

// The run's identity is the store's, so that the same run makes the same store.
graph::Store& Context::Backend::open_graph() {
  if (graph != nullptr) return *graph;
  const graph::Sha256 hash = graph::sha256(spec.id);
  graph::StoreOptions options;
  options.uuid.emplace();
  std::copy_n(hash.begin(), options.uuid->size(), options.uuid->begin());
  graph = std::make_unique<graph::Store>(graph::Store::open(artefacts() / "graph", options));
  const graph::Version version = graph_version(*this);
  if (graph->history().head() > version) graph->rewind(version);
  return *graph;
}

void Context::Backend::finish() {
  if (graph != nullptr) graph->commit();
  if (writer != nullptr) writer->flush();
}

Context::Backend::~Backend() {
  graph.reset();
  if (writer == nullptr && !folder.empty()) {
    std::error_code ignored;  // a left-over temporary folder harms nobody
    std::filesystem::remove_all(folder, ignored);
  }
}

std::unique_ptr<Context::Backend> open_backend(const results::RunDir& dir, const RunSpec& spec) {
  auto backend = std::make_unique<Context::Backend>();
  backend->spec = spec;
  backend->folder = dir.folder();
  backend->writer = std::make_unique<results::RunWriter>(dir);
  backend->cpu_at_start = process_cpu_seconds();
  if (const auto checkpoint = backend->writer->checkpoint())
    read_ledger(*backend, checkpoint->folder / kLedgerFile);
  return backend;
}

Context::Context(std::unique_ptr<Backend> backend) : backend_(std::move(backend)) {}
Context::~Context() = default;

Context Context::in_memory(uint64_t seed, int threads) {
  auto backend = std::make_unique<Backend>();
  backend->spec.seed = seed;
  backend->spec.shared = {"data", "dropout", "eval", "init", "routing"};
  backend->spec.threads = threads;
  return Context(std::move(backend));
}

results::Stream Context::stream(std::string_view name) const {
  constexpr std::string_view kNames[] = {"data", "init", "dropout", "routing", "eval"};
  if (std::find(std::begin(kNames), std::end(kNames), name) == std::end(kNames))
    throw std::invalid_argument(
        fmt::format("stream '{}', allowed data, init, dropout, routing, eval", name));
  const results::Stream stream = results::Stream(backend_->spec.seed).split(name);
  const auto& shared = backend_->spec.shared;
  const bool is_shared = std::find(shared.begin(), shared.end(), name) != shared.end();
  return is_shared ? stream : stream.split(backend_->spec.id);
}

uint64_t Context::seed() const { return backend_->spec.seed; }
int Context::threads() const { return backend_->spec.threads; }
const std::string& Context::device() const { return backend_->spec.device; }

void Context::log(int64_t step, std::string_view name, double value) {
  if (backend_->writer != nullptr) backend_->writer->event(step, name, value);
}

void Context::note(std::string_view line) {
  if (backend_->on_note) backend_->on_note(line);
}

void Context::progress(int64_t done, int64_t total) {
  if (backend_->on_progress) backend_->on_progress(done, total);
}

results::Ledger& Context::ledger() { return backend_->ledger; }

std::filesystem::path Context::artefact(std::string_view name) {
  return backend_->artefacts() / name;
}

graph::Store& Context::graph() { return backend_->open_graph(); }

bool Context::should_stop() const {
  const bool over = backend_->budget_seconds > 0 && backend_->seconds() > backend_->budget_seconds;
  return over || (backend_->stop != nullptr && backend_->stop->requested());
}

results::Record Context::stopped() const {
  results::Record record;
  const bool asked = backend_->stop != nullptr && backend_->stop->requested();
  record.outcome = asked ? backend_->stop->why() : results::Outcome::kBudgetExhausted;
  record.message =
      record.outcome == results::Outcome::kStopped
          ? "asked to stop"
          : fmt::format("its time limit of {:g} s came first", backend_->budget_seconds);
  return record;
}

bool Context::checkpoint_due() const {
  if (backend_->writer == nullptr) return false;
  const double since =
      std::chrono::duration<double>(Backend::Clock::now() - backend_->last_checkpoint).count();
  return should_stop() || since >= backend_->checkpoint_seconds;
}

void Context::save(int64_t step,
                   const std::function<void(const std::filesystem::path& folder)>& write) {
  if (backend_->writer == nullptr) return;
  backend_->writer->save(step, [&](const std::filesystem::path& folder) {
    write(folder);
    write_ledger(*backend_, folder / kLedgerFile);
    write_graph_version(*backend_, folder / kGraphFile);
  });
  backend_->last_checkpoint = Backend::Clock::now();
}

std::optional<Context::Checkpoint> Context::checkpoint() const {
  if (backend_->writer == nullptr) return std::nullopt;
  const auto found = backend_->writer->checkpoint();
  if (!found) return std::nullopt;
  return Checkpoint{found->step, found->folder};
}

}  // namespace saggio::harness
