#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whether the loops that gather rows ask for them ahead: a compiler may take a call that only prefetches for one without effect, and
leave it out. Each compiled pass over rows (a function NAMERows...::run<lanes, vectors>) and edge_dot has prefetch instructions.

  prefetch_test.py OBJECT              kernels/loops/loops.cpp, compiled for AVX-512 (objdump)
  prefetch_test.py --self-test CXX     compiles a loop with and one without, and expects the second to be found
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

GATHERS = re.compile(r"Rows\w*(?:<[^>]*>)?::run<|edge_dot_of<")


def functions(code):
    """name -> whether it prefetches, of the functions that gather."""
    listing = subprocess.run(["objdump", "-d", "-C", "--no-show-raw-insn", code], capture_output=True, text=True, check=True).stdout
    found = {}
    for part in re.split(r"\n(?=[0-9a-f]{16} <)", listing):
        name = part.partition("<")[2].partition("\n")[0]
        if GATHERS.search(name):
            found[name] = "\tprefetch" in part
    return found


def self_test(compiler):
    loop = """struct %s { template <int kLanes> __attribute__((noinline)) void run(const float* x, const int* col, float* sum) {
      for (int e = 0; e < 99; ++e) { %s *sum += x[col[e]]; } } };
      void use_%s(const float* x, const int* col, float* sum) { %s().run<4>(x, col, sum); }"""
    with tempfile.TemporaryDirectory() as folder:
        source, code = Path(folder, "loop.cpp"), Path(folder, "loop.o")
        source.write_text("".join(loop % (name, body, name, name)
                                  for name, body in (("SomeRows", "__builtin_prefetch(x + col[e + 9]);"), ("OtherRows", ""))))
        subprocess.run([compiler, "-O2", "-c", source, "-o", code], check=True)
        told = sorted((name.partition("::")[0].split()[-1], prefetches) for name, prefetches in functions(code).items())
        assert told == [("OtherRows", False), ("SomeRows", True)], told
    print("planted fault found")


def main(code, compiler=None):
    if code == "--self-test":
        return self_test(compiler)
    found = functions(code)
    assert len(found) > 8, f"{code}: only {len(found)} functions that gather; were they renamed, or inlined?"
    without = [name for name, prefetches in found.items() if not prefetches]
    if without:
        sys.exit("no prefetch in " + "\n               ".join(without))
    print(f"{len(found)} functions that gather, all prefetch")


main(*sys.argv[1:])
