# SPDX-License-Identifier: MIT
"""What the harness itself costs: 1,000 runs that do nothing in 60 s; 10,000 runs listed in 200 ms, a table over them in 1 s.
Argument: the folder of saggio and its worker."""
import json
import shutil
import sys
import time

from saggio import Scratch, expect, main
from start_test import best_of

STUDY = "[base]\nsamples = 2\n[component.pairs]\noff = {{ antithetic = false }}\n[design]\nkinds = [\"leave_one_out\"]\n"


def a_thousand_runs_cost_a_minute_at_most_and_ten_thousand_are_quick_to_read():
    with Scratch(sys.argv[1]) as s:
        def study(seeds):
            name = s.study(STUDY.format(), module="hello", seeds=seeds)
            (s.folder / name).write_text((s.folder / name).read_text().replace("heldout/position", "heldout/absolute_error"))
            return name

        start = time.perf_counter()
        s.call("run", study(500), "--quiet")
        seconds = time.perf_counter() - start
        print(f"  1,000 runs: {seconds:.1f} s", flush=True)
        expect(seconds <= 60, f"1,000 runs took {seconds:.0f} s, allowed 60")
        s.call("run", study(5000), "--quiet")
        for arguments, allowed in ((["status"], .2), (["status", "s.toml"], 1), (["table", "s.toml"], 1)):
            seconds = best_of(lambda: s.call(*arguments), 5)
            print(f"  {' '.join(arguments)} over 10,000 runs: {1000 * seconds:.0f} ms", flush=True)
            expect(seconds <= allowed, f"{' '.join(arguments)} took {1000 * seconds:.0f} ms, allowed {1000 * allowed:.0f}")


main([a_thousand_runs_cost_a_minute_at_most_and_ten_thousand_are_quick_to_read])
