// SPDX-License-Identifier: MIT
#include "results/checkpoint/pickle.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <bit>
#include <stdexcept>
#include <string>
#include <unordered_map>

namespace saggio::results {
namespace {

using Kind = PickleValue::Kind;

struct Opcode {
  uint8_t code;
  std::string_view name;
};

// Python's other opcodes, for messages.
constexpr std::array kRefused = {Opcode{'0', "POP"},
                                 Opcode{'1', "POP_MARK"},
                                 Opcode{'2', "DUP"},
                                 Opcode{'F', "FLOAT"},
                                 Opcode{'I', "INT"},
                                 Opcode{'L', "LONG"},
                                 Opcode{'P', "PERSID"},
                                 Opcode{'S', "STRING"},
                                 Opcode{'T', "BINSTRING"},
                                 Opcode{'U', "SHORT_BINSTRING"},
                                 Opcode{'V', "UNICODE"},
                                 Opcode{'d', "DICT"},
                                 Opcode{'g', "GET"},
                                 Opcode{'i', "INST"},
                                 Opcode{'l', "LIST"},
                                 Opcode{'o', "OBJ"},
                                 Opcode{'p', "PUT"},
                                 Opcode{'B', "BINBYTES"},
                                 Opcode{'C', "SHORT_BINBYTES"},
                                 Opcode{0x81, "NEWOBJ"},
                                 Opcode{0x82, "EXT1"},
                                 Opcode{0x83, "EXT2"},
                                 Opcode{0x84, "EXT4"},
                                 Opcode{0x8b, "LONG4"},
                                 Opcode{0x8c, "SHORT_BINUNICODE"},
                                 Opcode{0x8d, "BINUNICODE8"},
                                 Opcode{0x8e, "BINBYTES8"},
                                 Opcode{0x8f, "EMPTY_SET"},
                                 Opcode{0x90, "ADDITEMS"},
                                 Opcode{0x91, "FROZENSET"},
                                 Opcode{0x92, "NEWOBJ_EX"},
                                 Opcode{0x93, "STACK_GLOBAL"},
                                 Opcode{0x94, "MEMOIZE"},
                                 Opcode{0x95, "FRAME"},
                                 Opcode{0x96, "BYTEARRAY8"},
                                 Opcode{0x97, "NEXT_BUFFER"},
                                 Opcode{0x98, "READONLY_BUFFER"}};

constexpr unsigned kProtocol = 2;
constexpr size_t kMostLongBytes = 8;

class Reader {
 public:
  Reader(std::span<const std::byte> bytes, std::span<const std::string_view> globals)
      : bytes_(bytes), globals_(globals) {}

  Pickle read() {
    if (byte() != 0x80) fail("the pickle does not begin with PROTO");
    if (const unsigned protocol = byte(); protocol != kProtocol)
      fail(fmt::format("the pickle has protocol {}, allowed {}", protocol, kProtocol));
    do opcode_at_ = at_;
    while (step(byte()));
    if (at_ != bytes_.size()) fail(fmt::format("{} bytes follow STOP", bytes_.size() - at_));
    return std::move(pickle_);
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw std::runtime_error(fmt::format("{}, at byte {}", why, opcode_at_));
  }

  std::string_view take(size_t size) {
    if (size > bytes_.size() - at_)
      fail(fmt::format(
          "{} bytes are needed, {} are left: it is truncated", size, bytes_.size() - at_));
    at_ += size;
    return {reinterpret_cast<const char*>(bytes_.data()) + at_ - size, size};
  }
  uint8_t byte() { return static_cast<uint8_t>(take(1).front()); }
  uint32_t little(size_t size) {
    uint32_t value = 0;
    for (size_t i = 0; i < size; ++i) value |= static_cast<uint32_t>(byte()) << (8 * i);
    return value;
  }
  std::string_view line() {
    const size_t begin = at_;
    while (byte() != '\n') {
    }
    return {reinterpret_cast<const char*>(bytes_.data()) + begin, at_ - begin - 1};
  }

  PickleValue& push(Kind kind) {
    stack_.push_back(static_cast<uint32_t>(pickle_.values.size()));
    PickleValue& value = pickle_.values.emplace_back();
    value.kind = kind, value.offset = opcode_at_;
    return value;
  }
  void push_integer(int64_t integer, Kind kind = Kind::Int) { push(kind).integer = integer; }

  // The opcode may take from the stack only what lies above the last mark.
  size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }
  uint32_t pop() {
    if (stack_.size() <= floor()) fail("an opcode takes more from the stack than there is");
    const uint32_t value = stack_.back();
    stack_.pop_back();
    return value;
  }
  std::vector<uint32_t> pop(size_t count) {
    if (stack_.size() - floor() < count) fail("an opcode takes more from the stack than there is");
    std::vector<uint32_t> values(stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end());
    stack_.resize(stack_.size() - count);
    return values;
  }
  std::vector<uint32_t> pop_to_mark() {
    if (marks_.empty()) fail("an opcode looks for a MARK that is not there");
    std::vector<uint32_t> values = pop(stack_.size() - marks_.back());
    marks_.pop_back();
    return values;
  }

  // The value on top, which an opcode adds to.
  PickleValue& target(Kind kind) {
    if (stack_.size() <= floor()) fail("an opcode takes more from the stack than there is");
    PickleValue& value = pickle_.values[stack_.back()];
    if (value.kind != kind)
      fail(fmt::format("an opcode adds to {}, needs {}", name(value.kind), name(kind)));
    return value;
  }
  void append(Kind kind, const std::vector<uint32_t>& values) {
    PickleValue& to = target(kind);
    if (kind == Kind::Dict && values.size() % 2 != 0) fail("a dict is given a key without a value");
    to.items.insert(to.items.end(), values.begin(), values.end());
  }

  void put(uint32_t number) {
    if (stack_.size() <= floor()) fail("the memo is given what is not there");
    if (!memo_.emplace(number, stack_.back()).second)
      fail(fmt::format("entry {} of the memo is written twice", number));
  }
  void get(uint32_t number) {
    const auto found = memo_.find(number);
    if (found == memo_.end()) fail(fmt::format("entry {} of the memo is not there", number));
    stack_.push_back(found->second);
  }

  void push_long() {
    const size_t size = byte();
    if (size > kMostLongBytes)
      fail(fmt::format("LONG1 has {} bytes, allowed up to {}", size, kMostLongBytes));
    uint64_t value = 0;
    const std::string_view digits = take(size);
    for (size_t i = 0; i < size; ++i)
      value |= static_cast<uint64_t>(static_cast<uint8_t>(digits[i])) << (8 * i);
    if (size > 0 && size < 8 && (digits.back() & 0x80) != 0) value |= ~uint64_t{0} << (8 * size);
    push_integer(static_cast<int64_t>(value));
  }
  void push_float() {
    uint64_t bits = 0;
    for (size_t i = 0; i < 8; ++i) bits = bits << 8 | byte();  // big-endian, as only this one
    push(Kind::Float).real = std::bit_cast<double>(bits);
  }
  void push_text() {
    const std::string_view text = take(little(4));
    push(Kind::Text).text = text;
  }
  void push_global() {
    const std::string_view module = line(), item = line();
    const std::string wanted = fmt::format("{}.{}", module, item);
    for (const std::string_view global : globals_)
      if (global == wanted) {
        push(Kind::Global).text = global;
        return;
      }
    fail(fmt::format("the global '{}' is not read, allowed {}", wanted, fmt::join(globals_, ", ")));
  }

  void call() {
    const std::vector<uint32_t> both = pop(2);
    const PickleValue &function = pickle_[both[0]], &arguments = pickle_[both[1]];
    if (function.kind != Kind::Global || arguments.kind != Kind::Tuple)
      fail(fmt::format("REDUCE calls {} with {}, needs a global and a tuple",
                       name(function.kind),
                       name(arguments.kind)));
    if (function.text != kOrderedDict) {
      push(Kind::Call).items = both;
      return;
    }
    if (!arguments.items.empty())
      fail(fmt::format(
          "{} is called with {} arguments, allowed none", kOrderedDict, arguments.items.size()));
    push(Kind::Dict).ordered = true;
  }

  void build() {
    const PickleValue& state = pickle_[pop()];
    const bool metadata = state.kind == Kind::Dict && state.items.size() == 2 &&
                          pickle_[state.items[0]].kind == Kind::Text &&
                          pickle_[state.items[0]].text == "_metadata" &&
                          pickle_[state.items[1]].kind == Kind::Dict;
    if (!target(Kind::Dict).ordered || !metadata)
      fail("BUILD gives a state to a value, allowed only '_metadata' to an OrderedDict");
  }

  void tuple(std::vector<uint32_t> values) { push(Kind::Tuple).items = std::move(values); }

  bool stop() {
    if (!marks_.empty() || stack_.size() != 1)
      fail(fmt::format("STOP finds {} values, needs one", stack_.size()));
    pickle_.root = stack_.front();
    return false;
  }

  // False at the end.
  bool step(uint8_t opcode) {
    switch (opcode) {
      case '.':
        return stop();
      case '(':
        marks_.push_back(stack_.size());
        break;
      case 'N':
        push(Kind::None);
        break;
      case 0x88:
        push_integer(1, Kind::Bool);
        break;
      case 0x89:
        push_integer(0, Kind::Bool);
        break;
      case 'K':
        push_integer(byte());
        break;
      case 'M':
        push_integer(little(2));
        break;
      case 'J':
        push_integer(static_cast<int32_t>(little(4)));
        break;
      case 0x8a:
        push_long();
        break;
      case 'G':
        push_float();
        break;
      case 'X':
        push_text();
        break;
      case 'q':
        put(byte());
        break;
      case 'r':
        put(little(4));
        break;
      case 'h':
        get(byte());
        break;
      case 'j':
        get(little(4));
        break;
      default:
        return step_with_items(opcode);
    }
    return true;
  }

  // Those of containers, names and calls.
  bool step_with_items(uint8_t opcode) {
    switch (opcode) {
      case ')':
        tuple({});
        break;
      case 0x85:
        tuple(pop(1));
        break;
      case 0x86:
        tuple(pop(2));
        break;
      case 0x87:
        tuple(pop(3));
        break;
      case 't':
        tuple(pop_to_mark());
        break;
      case ']':
        push(Kind::List);
        break;
      case 'a':
        append(Kind::List, {pop()});
        break;
      case 'e':
        append(Kind::List, pop_to_mark());
        break;
      case '}':
        push(Kind::Dict);
        break;
      case 's':
        append(Kind::Dict, pop(2));
        break;
      case 'u':
        append(Kind::Dict, pop_to_mark());
        break;
      case 'c':
        push_global();
        break;
      case 'R':
        call();
        break;
      case 'b':
        build();
        break;
      case 'Q':
        refer(pop());
        break;
      default:
        refuse(opcode);
    }
    return true;
  }

  void refer(uint32_t by) { push(Kind::Reference).items = {by}; }

  [[noreturn]] void refuse(uint8_t opcode) const {
    for (const Opcode& known : kRefused)
      if (known.code == opcode) fail(fmt::format("the opcode {} is not read", known.name));
    fail(fmt::format("the opcode {:#04x} is not read", opcode));
  }

  std::span<const std::byte> bytes_;
  std::span<const std::string_view> globals_;
  size_t at_ = 0, opcode_at_ = 0;
  Pickle pickle_;
  std::vector<uint32_t> stack_;
  std::vector<size_t> marks_;  // sizes that the stack had
  std::unordered_map<uint32_t, uint32_t> memo_;
};

}  // namespace

std::string_view name(PickleValue::Kind kind) {
  switch (kind) {
    case Kind::None:
      return "None";
    case Kind::Bool:
      return "a boolean";
    case Kind::Int:
      return "a whole number";
    case Kind::Float:
      return "a number";
    case Kind::Text:
      return "a text";
    case Kind::Tuple:
      return "a tuple";
    case Kind::List:
      return "a list";
    case Kind::Dict:
      return "a dict";
    case Kind::Global:
      return "a global";
    case Kind::Call:
      return "a call";
    case Kind::Reference:
      return "a reference";
  }
  return "nothing known";
}

Pickle read_pickle(std::span<const std::byte> bytes, std::span<const std::string_view> globals) {
  return Reader(bytes, globals).read();
}

}  // namespace saggio::results
