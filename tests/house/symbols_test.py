#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Asks the linker's tables what the sources promise: the torch-free libraries hold no torch symbol, and the program `saggio` loads
neither torch nor Vulkan.

  symbols_test.py library FILE...      no at::, c10:: or torch:: symbol, defined or used (nm)
  symbols_test.py program FILE         no torch and no Vulkan among its shared objects (ldd); exit 77 where it is not built
  symbols_test.py self-test COMPILER   builds one library and one program that break this, and expects both to be found
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TORCH_SYMBOL = re.compile(r"\b(?:at|c10|torch)::")
HEAVY_LIBRARY = re.compile(r"lib(?:torch|c10|vulkan|cuda)\w*\.so", re.I)


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def torch_symbols(library):
    symbols = output_of("nm", "-C", library).splitlines()
    assert any(" T " in symbol for symbol in symbols), f"{library}: nm lists no function at all"
    return [symbol for symbol in symbols if TORCH_SYMBOL.search(symbol)]


def heavy_libraries(program):
    lines = output_of("ldd", program).splitlines()
    assert any("libc.so" in line for line in lines), f"{program}: ldd lists no C library"
    return [line.strip() for line in lines if HEAVY_LIBRARY.search(line)]


def self_test(compiler):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)

        def build(name, code, *options):
            (path / "x.cpp").write_text(code)
            subprocess.run([compiler, path / "x.cpp", "-o", path / name, *options], check=True)
            return str(path / name)

        uses_torch = build("uses.o", "namespace at { void f(); } void g() { at::f(); }", "-c")
        innocent = build("innocent.o", "namespace combat { int f() { return 1; } }", "-c")
        build("libtorch_cpu.so", "int torch_f() { return 1; }", "-shared", "-fPIC")
        loads_torch = build("loads", "int torch_f(); int main() { return torch_f(); }", f"-L{path}", "-ltorch_cpu", f"-Wl,-rpath,{path}")
        plain = build("plain", "int main() {}")
        assert len(torch_symbols(uses_torch)) == 1, "a call of at::f() was not found"
        assert not torch_symbols(innocent), "combat::f() was taken for torch"
        assert len(heavy_libraries(loads_torch)) == 1, "libtorch_cpu.so was not found"
        assert not heavy_libraries(plain), "an empty program was blamed"
    print("planted faults found")


def main(mode, *files):
    if mode == "self-test":
        return self_test(*files)
    if mode == "program" and not Path(files[0]).exists():
        print(f"skipped: {files[0]} is not built here")
        return 77
    search = {"library": torch_symbols, "program": heavy_libraries}[mode]
    found = [f"{file}: {what}" for file in files for what in search(file)]
    print("\n".join(found) or f"{len(files)} files, nothing found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
