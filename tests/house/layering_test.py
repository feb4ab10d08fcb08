#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads every source of the repository against the house rules: who may include whom (the table below), where random numbers
come from, how a file begins, and that no file names a folder of one machine. Each finding is one line, file:line: what, and what to do.

  layering_test.py [ROOT]        findings of a checkout, exit 1 if there are any
  layering_test.py --self-test   plants each fault in a temporary tree and expects it to be found, and nothing else
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

# folder -> folders whose headers it may include, besides its own; the longest matching folder counts
MAY_INCLUDE = {
    "results": [],
    "graph": [],
    "graph/formats": ["graph"],  # needs more than the standard library
    "graph/reasoning": ["graph", "graph/formats"],  # likewise
    "graph/query": ["graph", "graph/formats", "graph/reasoning"],  # likewise
    "kernels": ["results"],  # random streams and the ledger
    "codec": ["kernels", "results"],
    "models": ["kernels", "graph", "results"],
    "viz": ["graph", "graph/formats", "graph/query", "graph/reasoning"],
    "experiments/harness": ["results", "graph"],
    "experiments/data": ["results", "graph", "graph/formats", "graph/reasoning"],
    "experiments/modules": [
        "experiments/harness", "experiments/data", "models", "codec", "kernels", "graph", "graph/reasoning", "results"],
    "cli": ["experiments/harness", "experiments/data", "models", "codec", "viz", "kernels", "graph", "graph/formats",
            "graph/query", "graph/reasoning", "results"],
    "tests": ["experiments/harness", "experiments/data", "models", "codec", "viz", "kernels", "graph", "graph/formats",
              "graph/query", "graph/reasoning", "results", "cli"],
}
TORCH_FREE = ["results", "graph", "graph/formats", "graph/query", "graph/reasoning", "viz", "experiments/harness", "experiments/data"]
SOURCES = {".h", ".cpp", ".cu"}
SCRIPTS = {".py", ".sh"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
TORCH_HEADER = re.compile(r"(torch|ATen|c10|caffe2)/")
USING_NAMESPACE = re.compile(r"\busing\s+namespace\b")
# Comments, string and character literals; raw strings first, since a quote inside one ends nothing. A ' between digits is no literal.
NOT_CODE = re.compile(
    r'R"([^()\\\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])*\'|//[^\n]*|/\*.*?\*/', re.S)
# Drawing from hidden state, whatever the arguments are ...
HIDDEN_STATE = re.compile(
    r"\b(?:torch|at)::manual_seed\b|\bstd::random_device\b|(?<![\w.:>])(?:std::)?s?rand\s*\(|\bgetDefaultCPUGenerator\b")
# ... and functions that draw from the global generator unless they are given one.
DRAWS = re.compile(
    r"\b(?:torch|at)::(?:rand\w*|normal|bernoulli|multinomial|poisson)\s*\(|(?<![\w:])randn?\s*\((?=\s*\{)|(?<!\w)dropout_?\s*\("
    r"|(?:\.|->)(?:normal_|uniform_|bernoulli_?|random_|exponential_|log_normal_|cauchy_|geometric_|multinomial)\s*\("
    r"|\binit::(?:xavier|kaiming)_\w+\s*\(|\binit::(?:normal|uniform|orthogonal|sparse)_\s*\(|\bnn::Dropout\w*")
SOURCE_OF_DRAWS = re.compile(r"generator|stream|\bgen\b|\brng\b", re.I)
OWN_FOLDER = re.compile(r"(?<![\w.:/~-])/(?:home|root|Users|work|workspace)/[\w.-]")


def files_of(root):
    """Tracked and new files; without git, all but hidden and ignored folders."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True, text=True, check=False) if (root / ".git").exists() else None
    if listed and listed.returncode == 0:
        return sorted({name for name in listed.stdout.split("\0") if name and (root / name).is_file()})
    ignored = {line.strip("/\n") for line in (root / ".gitignore").open()} if (root / ".gitignore").exists() else set()
    paths = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    return sorted(str(path) for path in paths if path.parts[0] not in ignored | {".git"})


def folder_of(name):
    matching = [folder for folder in MAY_INCLUDE if name.startswith(folder + "/")]
    return max(matching, key=len, default=None)


def code_only(text):
    """The text with comments and literals blanked; lines keep their numbers, and include lines their names."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match[0])
    lines = NOT_CODE.sub(blank, text).split("\n")
    return [whole if INCLUDE.match(whole) and line.strip() else line for whole, line in zip(text.split("\n"), lines)]


def include_findings(name, lines, names):
    folder = folder_of(name)
    for number, line in enumerate(lines, 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quoted, header = match[1] == '"', match[2]
        target = folder_of(header)
        if quoted and header not in names:
            yield number, f'includes "{header}", which is no file of this repository: write the path from the root, or <> for others'
        elif not quoted and header in names:
            yield number, f'includes <{header}>: our own headers stand in quotes'
        elif folder and target and target != folder and target not in MAY_INCLUDE[folder]:
            allowed = ", ".join(MAY_INCLUDE[folder]) or "nothing of ours"
            yield number, f"{folder} includes {header}, allowed: {allowed}"
        if folder in TORCH_FREE and TORCH_HEADER.match(header):
            yield number, f"{folder} includes <{header}>: it never sees a tensor"
        if header == "iostream" and folder not in ("cli", "tests"):
            yield number, "includes <iostream>: only cli prints"


def arguments(text, start):
    """The text of the brackets that open at or after `start`."""
    depth, begin = 0, text.find("(", start)
    for i in range(begin, len(text)) if begin >= 0 else ():
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        if depth == 0:
            return text[begin:i]
    return ""


def random_findings(lines):
    text = "\n".join(lines)
    for match in HIDDEN_STATE.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, f"{match[0].strip()}: random numbers come from a stream that is passed in"
    for match in DRAWS.finditer(text):
        if not SOURCE_OF_DRAWS.search(arguments(text, match.end() - 1)):
            yield text.count("\n", 0, match.start()) + 1, f"{match[0].strip()} draws from the global generator: pass a stream or generator"


def source_findings(name, text, names):
    lines = code_only(text)
    yield from include_findings(name, lines, names)
    if name.endswith(".h"):
        if not any(line.strip() == "#pragma once" for line in lines):
            yield 1, "a header without #pragma once"
        for number, line in enumerate(lines, 1):
            if USING_NAMESPACE.search(line):
                yield number, "using namespace in a header"
    if not name.startswith("tests/"):
        yield from random_findings(lines)


def findings(root):
    names = files_of(root)
    known = set(names)
    if not names:
        yield str(root), 1, "no files found"
    for name in names:
        try:
            text = (root / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # not a text file
        suffix = Path(name).suffix
        begin = text.split("\n")[:2]
        first = begin[1] if suffix in SCRIPTS and begin[0].startswith("#!") and len(begin) > 1 else begin[0]
        mark = "// SPDX-License-Identifier: MIT" if suffix in SOURCES else "# SPDX-License-Identifier: MIT"
        if suffix in SOURCES | SCRIPTS and first != mark:
            yield name, 1, f"does not start with '{mark}'"
        if suffix in SOURCES:
            for number, what in source_findings(name, text, known):
                yield name, number, what
        for number, line in enumerate(text.split("\n"), 1):
            if OWN_FOLDER.search(line):
                yield name, number, "names a folder of one machine: use a path relative to the repository"


HEAD = "// SPDX-License-Identifier: MIT\n"
HEADER = HEAD + "#pragma once\n"
SOUND = {
    "results/a.h": HEADER + "// never std::random_device, rand(), \"using namespace\"\n",
    "graph/store/b.h": HEADER,
    "kernels/dropout.h": HEADER + '#include "results/a.h"\nT dropout(const T& x, double p, results::Stream stream);\n',
    "kernels/dropout.cpp": HEAD + '#include "kernels/dropout.h"\n#include <ATen/ATen.h>\n'
                                  "auto r = R\"(at::rand(\"{2}\")\";\nint n = 1'000; T y = at::rand({2},\n  generator);\nx.normal_(0, 1, gen);\n",
    "models/c.cpp": HEAD + '#include "graph/store/b.h"\n// dropout( of Srivastava 2014, torch::manual_seed\nauto brand(int); int grand = brand(3);\n',
    "experiments/harness/d.h": HEADER + '#include "results/a.h"\n#include "graph/store/b.h"\n',
    "experiments/modules/e.cpp": HEAD + '#include "experiments/harness/d.h"\n#include "kernels/dropout.h"\n',
    "cli/main.cpp": HEAD + '#include <iostream>\n#include "experiments/harness/d.h"\nusing namespace std;\n',
    "tests/results/a_test.cpp": HEAD + '#include <iostream>\n#include "results/a.h"\nauto x = torch::rand({2});\n',
    "tests/house/x.py": "#!/usr/bin/env python3\n# SPDX-License-Identifier: MIT\n",
    "README.md": "see https://example.org/home/page and ~/runs, docs/home/x, a/work/b\n",
    "picture.png": b"\x89PNG\xff/" + b"home/someone",
}
FAULTS = [  # a file, what is in it, a piece of the finding
    ("results/f.cpp", HEAD + '#include "graph/store/b.h"\n', "allowed: nothing of ours"),
    ("graph/f.cpp", HEAD + '#include "results/a.h"\n', "allowed: nothing of ours"),
    ("graph/f.cpp", HEAD + "#include <ATen/core/Tensor.h>\n", "never sees a tensor"),
    ("graph/view/f.cpp", HEAD + '#include "graph/formats/g.h"\n', "allowed: nothing of ours", ("graph/formats/g.h", HEADER)),
    ("graph/formats/f.cpp", HEAD + '#include "results/a.h"\n', "allowed: graph"),
    ("graph/formats/f.cpp", HEAD + '#include "graph/query/g.h"\n', "allowed: graph", ("graph/query/g.h", HEADER)),
    ("graph/formats/f.cpp", HEAD + '#include "graph/reasoning/g.h"\n', "allowed: graph", ("graph/reasoning/g.h", HEADER)),
    ("codec/f.cpp", HEAD + '#include "graph/store/b.h"\n', "allowed: kernels, results"),
    ("models/f.cpp", HEAD + '#include "experiments/harness/d.h"\n', "models includes"),
    ("viz/f.cpp", HEAD + '#include "results/a.h"\n', "allowed: graph"),
    ("experiments/harness/f.cpp", HEAD + '#  include "kernels/dropout.h"\n', "allowed: results, graph"),
    ("experiments/data/f.cpp", HEAD + '#include "experiments/harness/d.h"\n', "allowed: results, graph"),
    ("experiments/modules/f.cpp", HEAD + '#include "viz/scene.h"\n', "experiments/modules includes", ("viz/scene.h", HEADER)),
    ("cli/f.cpp", HEAD + '#include "experiments/modules/g.h"\n', "cli includes", ("experiments/modules/g.h", HEADER)),
    ("tests/f.cpp", HEAD + '#include "experiments/modules/g.h"\n', "tests includes", ("experiments/modules/g.h", HEADER)),
    ("cli/f.cpp", HEAD + '#include "tests/g.h"\n', "cli includes", ("tests/g.h", HEADER)),
    ("results/f.cpp", HEAD + '#include "a.h"\n', "no file of this repository"),
    ("results/f.cpp", HEAD + "#include <results/a.h>\n", "stand in quotes"),
    ("results/f.cpp", HEAD + "#include <iostream>\n", "only cli prints"),
    ("results/f.h", HEADER + "namespace n {\nusing  namespace std;\n}\n", "using namespace"),
    ("results/f.h", HEAD, "#pragma once"),
    ("results/f.h", HEAD + "// #pragma once\n", "#pragma once"),
    ("results/f.h", "#pragma once\n", "does not start with"),
    ("tests/peers/f.py", "import scipy\n", "does not start with"),
    ("kernels/f.cu", "int x;\n", "does not start with"),
    ("models/f.cpp", HEAD + "torch::manual_seed(1);\n", "manual_seed"),
    ("models/f.cpp", HEAD + "/* a */ at::manual_seed(1);\n", "manual_seed"),
    ("results/f.cpp", HEAD + "std::random_device seed;\n", "random_device"),
    ("results/f.cpp", HEAD + "int x = rand();\n", "rand("),
    ("results/f.cpp", HEAD + "int x = std::rand ();\n", "rand ("),
    ("models/f.cpp", HEAD + "auto x = torch::rand({2, 3});\n", "global generator"),
    ("models/f.cpp", HEAD + "auto x = at::randn({2, 3}, options(3));\n", "global generator"),
    ("models/f.cpp", HEAD + "auto x = at::randperm(\n  12);\n", "global generator"),
    ("models/f.cpp", HEAD + "auto x = randn({2});\n", "global generator"),
    ("models/f.cpp", HEAD + "w.normal_(0, 0.02);  // stream\n", "global generator"),
    ("models/f.cpp", HEAD + 'w->uniform_(f("stream"), 1);\n', "global generator"),
    ("models/f.cpp", HEAD + "x = dropout(x, p, is_training());\n", "global generator"),
    ("models/f.cpp", HEAD + "x = torch::dropout(x, p, true);\n", "global generator"),
    ("models/f.cpp", HEAD + "torch::nn::Dropout drop{nullptr};\n", "global generator"),
    ("models/f.cpp", HEAD + "torch::nn::init::xavier_uniform_(w);\n", "global generator"),
    ("docs.md", "log in /" + "home/someone/runs\n", "folder of one machine"),
    ("experiments/evidence/x.jsonl", '{"out": "/' + 'root/x"}\n', "folder of one machine"),
]


def planted(files):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, content in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(findings(root))


def self_test():
    sound = planted(SOUND)
    assert not sound, f"a sound tree gives findings: {sound}"
    for name, content, expected, *more in FAULTS:
        found = planted({**SOUND, **dict(more), name: content})
        ours = [what for where, _, what in found if where == name]
        assert len(found) == 1 and ours and expected in ours[0], f"{name}, {content!r}: expected '{expected}', got {found}"
    print(f"{len(FAULTS)} planted faults found")


def main(args):
    if args == ["--self-test"]:
        return self_test()
    root = Path(args[0] if args else Path(__file__).parents[2]).resolve()
    found = list(findings(root))
    for name, number, what in found:
        print(f"{name}:{number}: {what}")
    print(f"{len(files_of(root))} files read, {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
