# SPDX-License-Identifier: MIT
"""Factorial and cumulative designs and studies of several tasks, from file to table. Argument: the folder of saggio and its worker."""
import json
import sys

from saggio import Scratch, expect, main

COMPONENTS = "[component.drift]\noff = { drift = 0.5 }\n[component.length]\noff = { steps = 50 }\n"
TASKS = "tasks = \"walk\"\n[component.walk]\nalternatives = { short = { steps = 20 }, long = { steps = 40 } }\n" \
        "[component.drift]\noff = { drift = 0.5 }\n[design]\nkinds = [\"leave_one_out\"]\n"


def a_factorial_shows_what_each_component_brings():
    with Scratch(sys.argv[1]) as s:
        study = s.study(COMPONENTS + "[design]\nkinds = [\"factorial\"]\n", seeds=6)
        s.call("run", study)
        main_table, effects = json.loads(s.call("table", study, "--json")[0])
        expect([row["arm"] for row in main_table["rows"]] == ["full", "minus_drift", "minus_length", "none"], str(main_table["rows"]))
        expect([row["arm"] for row in effects["rows"]] == ["drift", "length", "drift:length"], str(effects["rows"]))
        # Steps of 0.5 over 100 or 50 steps: off costs 50 and 25, on the average 37.5; the noise is shared within a seed.
        drift = effects["rows"][0]["cells"][1]["values"]["value"]
        expect(abs(drift + 37.5) < 1e-9, str(drift))
        s.call("report", study)
        expect((s.folder / "runs/s/report/effects.md").exists(), "no effects.md")


def a_cumulative_study_runs_in_the_order_of_the_file():
    with Scratch(sys.argv[1]) as s:
        study = s.study(COMPONENTS + "[design]\nkinds = [\"cumulative\"]\n")
        plan = json.loads(s.call("plan", study, "--json")[0])
        expect([arm["name"] for arm in plan["arms"]] == ["full", "none", "plus_drift"], str(plan["arms"]))
        s.call("run", study, "--only", "plus_drift")
        expect(sorted(s.runs()) == ["s/plus_drift seed 1", "s/plus_drift seed 2"], str(s.runs()))


def an_arm_is_named_on_one_task_or_on_all():
    with Scratch(sys.argv[1]) as s:
        study = s.study(TASKS, seeds=1)
        s.call("run", study, "--only", "full on long")
        expect(sorted(s.runs()) == ["s/full on long seed 1"], str(s.runs()))
        s.call("run", study, "--only", "full")
        expect(sorted(s.runs()) == ["s/full on long seed 1", "s/full on short seed 1"], str(s.runs()))


def several_tasks_have_a_table_each_and_one_together():
    with Scratch(sys.argv[1]) as s:
        study = s.study(TASKS, seeds=6)
        out, _ = s.call("run", study)
        expect("24 runs: 24 finished" in out, out)
        together, short, long = json.loads(s.call("table", study, "--json")[0])
        expect(together["name"] == "tasks" and [t["name"] for t in (short, long)] == ["main_long", "main_short"], str(together))
        expect("under-covers" in " ".join(together["notes"]), str(together["notes"]))
        expect("0.025" in json.dumps(short["notes"], ensure_ascii=False), f"each of two tasks at half of alpha: {short['notes']}")
        s.call("report", study)
        page = (s.folder / "runs/s/report/report.html").read_text()
        expect("2 tasks together" in page and "s on long" in page and "s on short" in page, "not in the report")
        for name in ("tasks.md", "main_long.md", "forest_short.svg"):
            expect((s.folder / "runs/s/report" / name).exists(), name)


def a_claim_is_judged_on_its_task():
    with Scratch(sys.argv[1]) as s:
        claim = "[stats]\nsmallest_effect = 0.1\n[claim]\nid = \"c\"\nstatement = \"x\"\nsource = \"y\"\nkind = \"effect\"\n" \
                "arms = [\"full\", \"minus_drift\"]\neffect = 10\ntask = \"{}\"\n"
        s.call("run", s.study(TASKS, seeds=6))
        s.study(TASKS + claim.format("long"), seeds=6)
        out, _ = s.call("claim", "s.toml")
        expect("confirmed" in out and "s on long" in out, out)  # 40 steps x 0.5
        s.study(TASKS + claim.format("short").replace("effect = 10", "effect = 15"), seeds=6)
        out, _ = s.call("claim", "s.toml")
        expect("smaller than claimed" in out and "s on short" in out, out)  # 20 x 0.5


main([f for n, f in list(globals().items()) if callable(f) and f.__module__ == "__main__"])
