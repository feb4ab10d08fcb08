# SPDX-License-Identifier: MIT
"""A new experiment costs one file: hello.cpp, copied under another name, plans, runs and makes a table. Argument: the folder of
saggio and a worker with that one module."""
import sys

from saggio import Scratch, expect, main

STUDY = """[component.pairs]
off = { antithetic = false }
[design]
kinds = ["leave_one_out"]
"""


def a_copied_module_is_an_experiment():
    with Scratch(sys.argv[1]) as s:
        expect(s.call("modules")[0].startswith("newcomer "), s.call("modules")[0])
        study = s.study(STUDY, module="newcomer", seeds=6)
        (s.folder / study).write_text((s.folder / study).read_text().replace("heldout/position", "heldout/absolute_error"))
        s.call("run", study)
        expect("- pairs" in s.call("table", study)[0].replace("−", "-"), "no table")


main([a_copied_module_is_an_experiment])
