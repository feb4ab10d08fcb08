// SPDX-License-Identifier: MIT
// What a crash, a full disk, a broken disk and a flipped bit leave behind. A history of 200 events
// is recorded operation by operation; every state of the disk that a crash could have left must
// open to a version that was committed, and to no lower one than the last that was acknowledged.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "graph/store/store.h"
#include "graph/view/segment.h"
#include "results/random.h"
#include "tests/graph/store/random_history.h"
#include "tests/graph/store/simulated_files.h"

namespace saggio::graph {
namespace {

using Versions = std::vector<PlainGraph>;

// A recorded history, and what must hold from each of its operations on.
struct Recorded {
  std::vector<Operation> operations;
  std::map<uint32_t, Versions> versions;  // by incarnation
  // (operations so far, incarnation) -> the last version that was acknowledged as durable.
  std::vector<std::tuple<size_t, uint32_t, Version>> acknowledged;

  Version floor(size_t operation, uint32_t incarnation) const {
    Version version = 0;
    for (const auto& [at, of, durable] : acknowledged)
      if (at <= operation && of == incarnation) version = durable;
    return version;
  }
};

void rewind(
    Store& store, RandomHistory& history, SimulatedFiles& files, Version to, Recorded& recorded) {
  const uint32_t before = store.identity().incarnation;
  recorded.versions[before] = history.versions;
  recorded.acknowledged.emplace_back(files.operations.size(), before + 1, to);

  store.rewind(to);
  history.back_to(to, store);
}

// One to four events a commit, one of so many commits durable; a rewind at the 100th event, and the
// store is compacted and opened anew from time to time.
Recorded record(uint64_t seed, uint64_t events, uint64_t durable_one_in) {
  SimulatedFiles files;
  RandomHistory history(seed);
  results::Stream stream(seed + 1);
  Recorded recorded;
  std::optional<Store> store = Store::open("s", small_options(files));
  bool rewound = false;
  for (uint64_t event = 0; event < events;) {
    for (uint64_t i = stream.below(4); i < 4; ++i, ++event) history.change(*store);
    const bool durable = stream.below(durable_one_in) == 0;
    const Version version =
        history.commit(*store, durable ? Durability::Durable : Durability::Visible);
    const uint32_t incarnation = store->identity().incarnation;
    if (durable) recorded.acknowledged.emplace_back(files.operations.size(), incarnation, version);
    if (event >= 100 && !rewound) {
      rewind(*store, history, files, version - stream.below(5), recorded);
      rewound = true;
    }
    if (stream.below(40) == 0) {
      compact(*store);  // which makes the head durable
      recorded.acknowledged.emplace_back(files.operations.size(), incarnation, version);
    }
    if (stream.below(10) == 0) {
      store.reset();
      store = Store::open("s", small_options(files));
    }
  }
  recorded.versions[store->identity().incarnation] = history.versions;
  recorded.operations = files.operations;
  return recorded;
}

// Opens the disk as a writer would; returns what is wrong with what it finds, empty: nothing.
std::string wrong(const Disk& disk, size_t operation, const Recorded& recorded) try {
  SimulatedFiles files(disk);
  const Store store = Store::open("s", small_options(files));
  const Version head = store.history().head();
  const uint32_t incarnation = store.identity().incarnation;
  const auto known = recorded.versions.find(incarnation);
  if (known == recorded.versions.end()) return "an incarnation that never was";
  if (head < recorded.floor(operation, incarnation)) return "an acknowledged version is lost";
  if (head >= known->second.size()) return "a version that never was";
  const PlainGraph& expected = known->second[head];
  if (store.history().tags() != expected.tags) return "tags differ";
  Reader::open("s", &files).check_payload();
  if (bytes_of(open_view("s", &files)) != bytes_of(View::build(store.history())))
    return "the view differs";
  return difference(store.history(), expected, {});
} catch (const std::exception& error) {
  return error.what();
}

std::string folder_of(const std::string& file) { return file.substr(0, file.rfind('/')); }

// Whether a sync makes sure of an operation: content by a sync of the file, names by one of the
// folder.
bool settles(const Operation& sync, const Operation& operation) {
  using Kind = Operation::Kind;
  if (operation.kind == Kind::Write || operation.kind == Kind::Truncate)
    return operation.file == sync.file;
  return folder_of(operation.file) == sync.file;
}

TEST(Crash, OfTheProcessAtAnyByteOfAnyOperationKeepsWhatWasAcknowledged) {
  const Recorded recorded = record(1, 200, 2);
  Disk disk;
  size_t states = 0;

  for (size_t i = 0; i < recorded.operations.size(); ++i) {
    const Operation& whole = recorded.operations[i];
    const size_t bytes = whole.kind == Operation::Kind::Write ? whole.bytes.size() : 0;
    for (size_t prefix = 0; prefix < bytes; ++prefix, ++states) {
      Operation part = whole;
      part.bytes.resize(prefix);
      Disk torn = disk;
      if (prefix > 0) perform(part, torn);
      ASSERT_EQ(wrong(torn, i, recorded), "") << "operation " << i << ", byte " << prefix;
    }
    perform(whole, disk);
    ++states;
    ASSERT_EQ(wrong(disk, i, recorded), "") << "after operation " << i;
  }

  EXPECT_GT(states, 10000u);
  std::printf("%zu states\n", states);
}

// Operations since the last moment at which nothing was pending, and which of them are settled.
struct Pending {
  Disk base;
  std::vector<Operation> operations;
  std::vector<bool> settled;

  std::vector<size_t> open() const {
    std::vector<size_t> found;
    for (size_t i = 0; i < operations.size(); ++i)
      if (!settled[i]) found.push_back(i);
    return found;
  }
  void add(const Operation& operation) {
    operations.push_back(operation);
    settled.push_back(false);
  }
  void sync(const Operation& sync) {
    for (size_t i = 0; i < operations.size(); ++i)
      if (settles(sync, operations[i])) settled[i] = true;
    if (!open().empty()) return;
    for (const Operation& operation : operations) perform(operation, base);
    operations.clear();
    settled.clear();
  }
  Disk with(const std::vector<size_t>& pending, uint64_t subset) const {
    Disk disk = base;
    std::vector<bool> kept = settled;
    for (size_t bit = 0; bit < pending.size(); ++bit)
      if (subset >> bit & 1) kept[pending[bit]] = true;
    for (size_t i = 0; i < operations.size(); ++i)
      if (kept[i]) perform(operations[i], disk);
    return disk;
  }
};

TEST(Crash, OfTheMachineWithAnyOfThePendingWritesLostKeepsWhatWasAcknowledged) {
  const Recorded recorded = record(2, 200, 8);
  results::Stream stream(3);
  Pending pending;
  size_t states = 0, most = 0;

  for (size_t i = 0; i < recorded.operations.size(); ++i) {
    const Operation& operation = recorded.operations[i];
    if (operation.kind != Operation::Kind::Sync) {
      pending.add(operation);
      continue;
    }
    const std::vector<size_t> open = pending.open();
    most = std::max(most, open.size());
    ASSERT_LT(open.size(), 64u);
    const uint64_t all = uint64_t{1} << open.size();
    const uint64_t count = open.size() <= 12 ? all : 10000;
    for (uint64_t n = 0; n < count; ++n, ++states) {
      const uint64_t subset = count == all ? n : stream.below(all);
      ASSERT_EQ(wrong(pending.with(open, subset), i, recorded), "")
          << "at operation " << i << ", kept " << subset << " of " << open.size();
    }
    pending.sync(operation);
  }

  EXPECT_GT(states, 1000u);
  std::printf("%zu states, up to %zu writes pending\n", states, most);
}

// Of many histories, states drawn by chance: any of the pending operations lost, and the last one
// that is kept torn. SAGGIO_CRASH_STATES says how many: a night's worth is 1000000.
TEST(Crash, OfTheMachineInSampledStatesOfManyHistoriesKeepsWhatWasAcknowledged) {
  const char* const asked = std::getenv("SAGGIO_CRASH_STATES");
  const uint64_t wanted = asked ? std::strtoull(asked, nullptr, 10) : 3000;
  uint64_t states = 0;
  for (uint64_t seed = 100; states < wanted; ++seed) {
    const Recorded recorded = record(seed, 200, 6);
    results::Stream stream(seed);
    Pending pending;
    for (size_t i = 0; i < recorded.operations.size() && states < wanted; ++i) {
      const Operation& operation = recorded.operations[i];
      if (operation.kind == Operation::Kind::Sync) {
        pending.sync(operation);
        continue;
      }
      pending.add(operation);
      const std::vector<size_t> open = pending.open();
      for (int n = 0; n < 4; ++n, ++states) {
        Pending torn = pending;
        Operation& last = torn.operations.back();
        if (last.kind == Operation::Kind::Write) last.bytes.resize(stream.below(last.bytes.size()));
        ASSERT_EQ(wrong(torn.with(open, stream.next64()), i, recorded), "")
            << "history " << seed << ", operation " << i;
      }
    }
  }
  std::printf("%llu states\n", static_cast<unsigned long long>(states));
}

// What a second process does with what the first one left when it was killed: opens the store and
// commits one durable version.
std::vector<Operation> work_of_a_second_process(const Disk& disk) {
  SimulatedFiles files(disk);
  Store store = Store::open("s", small_options(files));
  store.add_node(NodeKind::Claim, {}, "second process");
  store.commit();
  return files.operations;
}

TEST(Crash, OfTheMachineAfterOneOfTheProcessKeepsWhatTheSecondProcessAcknowledged) {
  const Recorded recorded = record(7, 120, 2);
  results::Stream stream(8);
  Disk disk;
  Pending at_kill;

  for (size_t i = 0; i < recorded.operations.size(); ++i) {
    perform(recorded.operations[i], disk);
    const bool is_sync = recorded.operations[i].kind == Operation::Kind::Sync;
    is_sync ? at_kill.sync(recorded.operations[i]) : at_kill.add(recorded.operations[i]);
    Pending pending = at_kill;
    const auto work = work_of_a_second_process(disk);
    for (const Operation& operation : work) {
      if (operation.kind != Operation::Kind::Sync) {
        pending.add(operation);
        continue;
      }
      const std::vector<size_t> open = pending.open();
      for (int n = 0; n < 8; ++n) {
        SimulatedFiles files(pending.with(open, n == 0 ? 0 : stream.next64()));
        const Store store = Store::open("s", small_options(files));
        ASSERT_GE(store.history().head(), recorded.floor(i, store.identity().incarnation));
        Reader::open("s", &files).check_payload();
      }
      pending.sync(operation);
    }
    // The mark that follows the last sync may be lost; the version may not.
    SimulatedFiles files(pending.with({}, 0));
    ASSERT_TRUE(Store::open("s", small_options(files)).history().find_node("second process"))
        << "operation " << i;
  }
}

// Runs a history in which operation `failing` fails (and, if `for_good`, all after it until the
// store throws); reopens then. What was acknowledged must be there at the end.
void run_with_fault(size_t failing, bool for_good, const std::string& reason) {
  SimulatedFiles files;
  size_t count = 0, failures = 0;
  bool loud = false, must_be_loud = false;
  files.fault = [&](const Operation& operation) {
    const bool fails = count == failing || (for_good && count > failing);
    const bool is_mark = operation.kind == Operation::Kind::Write && operation.bytes.size() == 32 &&
                         operation.file.starts_with("s/log/");
    ++count;
    // A failed mark, and what takes it back, lose nothing: the store says so at its next use.
    if (fails && failures++ == 0) must_be_loud = !is_mark;
    return fails ? reason : "";
  };
  RandomHistory history(4);
  std::optional<Store> store;
  Version acknowledged = 0;
  for (int group = 0; group < 25; ++group) {
    try {
      if (!store) {
        store = Store::open("s", small_options(files));
        ASSERT_GE(store->history().head(), acknowledged);
        ASSERT_LT(store->history().head(), history.versions.size());
        acknowledged = store->history().head();
        history.back_to(acknowledged, *store);
      }
      for (int i = 0; i < 3; ++i) history.change(*store);
      history.versions.push_back(history.now);  // a commit that fails may have reached the disk
      acknowledged = history.commit(*store);
      history.versions.resize(acknowledged + 1);
    } catch (const std::runtime_error& error) {
      loud = true;
      const std::string message = error.what();
      ASSERT_TRUE(message.find(reason) != std::string::npos ||
                  message.find("open the store again") != std::string::npos)
          << message;
      store.reset();
      if (for_good) files.fault = nullptr;  // somebody made room
    }
  }

  ASSERT_TRUE(loud || !must_be_loud) << "operation " << failing;
  store.reset();
  files.fault = nullptr;
  const Reader reader = Reader::open("s", &files);
  ASSERT_GE(reader.history().head(), acknowledged);
  ASSERT_EQ(difference(reader.history(), history.versions[reader.history().head()], {}), "")
      << "operation " << failing;
}

TEST(Faults, AtAnyOperationLoseNothingThatWasAcknowledged) {
  for (const std::string reason : {"No space left on device", "Input/output error"})
    for (const bool for_good : {false, true})
      for (size_t failing = 0; failing < 160; ++failing) {
        run_with_fault(failing, for_good, reason);
        if (HasFatalFailure()) return;
      }
}

TEST(Faults, AWriteThatFoundNoSpaceMayBeTriedAgain) {
  SimulatedFiles files;
  Store store = Store::open("s", small_options(files));
  store.add_node(NodeKind::Claim, {}, "a");
  files.fault = [](const Operation& operation) {
    return operation.kind == Operation::Kind::Write ? "No space left on device" : "";
  };
  EXPECT_THROW(store.commit(), FileError);
  EXPECT_EQ(Reader::open("s", &files).history().head(), 0u);
  files.fault = nullptr;
  store.add_node(NodeKind::Claim, {}, "b");

  EXPECT_EQ(store.commit(), 1u);

  EXPECT_EQ(Reader::open("s", &files).history().nodes().size(), 2u);
}

TEST(Faults, AfterASyncThatFailedNothingIsDoneUntilTheStoreIsOpenedAgain) {
  SimulatedFiles files;
  std::optional<Store> store = Store::open("s", small_options(files));
  store->add_node(NodeKind::Claim, {}, "a");
  files.fault = [](const Operation& operation) {
    return operation.kind == Operation::Kind::Sync ? "Input/output error" : "";
  };
  EXPECT_THROW(store->commit(), FileError);
  files.fault = nullptr;

  EXPECT_THROW(store->add_node(NodeKind::Claim, {}, "b"), std::runtime_error);
  EXPECT_THROW(store->commit(), std::runtime_error);

  const size_t before = files.operations.size();
  store = Store::open("s", small_options(files));
  EXPECT_EQ(store->history().head(), 1u);
  // What the disk may have lost behind our back was written again, not only synced.
  EXPECT_EQ(files.operations.at(before).kind, Operation::Kind::Write);
  EXPECT_EQ(store->commit(), 1u);
}

TEST(Faults, ShortWritesAreContinued) {
  SimulatedFiles whole, pieces;
  pieces.most_bytes_at_once = 7;
  RandomHistory first(5), second(5);
  Store a = Store::open("s", small_options(whole)), b = Store::open("s", small_options(pieces));

  for (int i = 0; i < 60; ++i) {
    first.change(a);
    second.change(b);
    first.commit(a);
    second.commit(b);
  }

  EXPECT_EQ(whole.disk, pieces.disk);
}

// Opening or checking names damage; only the last mark of the log, which says nothing but that the
// commit before it is on the disk, may be taken for a tail, and is reported as one.
TEST(FlippedBit, IsReportedWhereverItIs) {
  SimulatedFiles files;
  RandomHistory history(6);
  Store store = Store::open("s", small_options(files));
  for (int i = 0; i < 60; ++i) {
    history.change(store);
    history.change(store);
    history.commit(store);
  }
  const Version head = store.history().head();
  ASSERT_TRUE(files.disk.contains("s/texts.pack") && files.disk.contains("s/embeddings/0.rows"));

  size_t reported = 0, tails = 0;
  for (const auto& [file, content] : files.disk)
    for (size_t at = 0; at < content.size(); ++at) {
      SimulatedFiles flipped(files.disk);
      flipped.disk[file][at] = static_cast<char>(content[at] ^ (1 << (at * 5 % 8)));
      try {
        Reader reader = Reader::open("s", &flipped);
        reader.check_payload();
        ASSERT_GT(reader.tail_bytes(), 0u) << file << ", byte " << at;
        ASSERT_EQ(reader.history().head(), head) << file << ", byte " << at;
        ++tails;
      } catch (const Damage& damage) {
        ASSERT_NE(std::string(damage.what()).find("s/"), std::string::npos) << damage.what();
        ++reported;
      }
    }

  EXPECT_GT(reported, 5000u);
  EXPECT_LE(tails, 32u);
}

}  // namespace
}  // namespace saggio::graph
