# SPDX-License-Identifier: MIT
"""What `saggio run` does with the runs of a study. Argument: the folder of saggio and its test worker."""
import json
import os
import signal
import sys
import time

from saggio import Scratch, expect, main

ARMS = "[component.drift]\noff = { drift = 0.5 }\n[design]\nkinds = [\"full\", \"leave_one_out\"]\n"

TUNED = "[component.drift]\nalternatives = { longer = { steps = 120 } }\n" \
        "tune = { space = { drift = [-0.2, 0.2] }, trials = 3, seeds = 2 }\n"


def the_second_run_reuses_everything():
    with Scratch(sys.argv[1]) as s:
        s.call("run", s.study(ARMS))
        first = s.results()
        out, _ = s.call("run", "s.toml")
        expect("4 were there already" in out, out)
        expect(s.results() == first, "a finished run changed")


def growing_the_seeds_runs_only_the_new_ones_and_halves_alpha():
    with Scratch(sys.argv[1]) as s:
        s.call("run", s.study(ARMS, seeds=2))
        out, _ = s.call("run", s.study(ARMS, seeds=6))
        expect("12 runs: 8 finished, 4 were there already" in out, out)
        table = json.loads(s.call("table", "s.toml", "--json")[0])
        expect("0.025" in json.dumps(table), f"alpha after one extension is .025: {json.dumps(table['notes'])}")


def what_is_matched_is_counted_with_the_files_of_the_study():
    with Scratch(sys.argv[1]) as s:
        (s.folder / "studies").mkdir()
        (s.folder / "studies/text.txt").write_text("abc")
        s.study("[base]\npath = \"text.txt\"\n[component.drift]\nmatch = \"params\"\nalternatives = { up = { drift = 0.5 } }\n")
        os.rename(s.folder / "s.toml", s.folder / "studies/s.toml")
        out, _ = s.call("plan", "studies/s.toml")
        expect("steps = 100 to match params" in out, out)


def a_first_look_at_fewer_seeds_counts_as_a_look():
    with Scratch(sys.argv[1]) as s:
        out, _ = s.call("run", s.study(ARMS, seeds=6), "--seeds", "2")
        expect("4 runs: 4 finished" in out, out)
        expect("α = 0.05" in s.call("table", "s.toml", "--seeds", "2")[0], "the first look is at the whole α")
        s.call("run", "s.toml")
        expect("α = 0.025" in s.call("table", "s.toml")[0], "α after one extension is .025")


def a_table_is_written_as_its_file_ends():
    with Scratch(sys.argv[1]) as s:
        s.call("run", s.study(ARMS))
        s.call("table", "s.toml", "--out", "t.tex")
        expect("\\label{tab:s-main}" in (s.folder / "t.tex").read_text(), "no label that names the study")
        s.call("table", "s.toml", "--out", "t.tex", "--format", "csv")
        expect((s.folder / "t.tex").read_text().startswith("arm,"), "--format decides where it is given")


def only_runs_the_named_arm():
    with Scratch(sys.argv[1]) as s:
        s.call("run", s.study(ARMS), "--only", "minus_drift")
        expect(sorted(s.runs()) == ["s/minus_drift seed 1", "s/minus_drift seed 2"], str(s.runs()))


def force_runs_again_with_the_same_bits():
    with Scratch(sys.argv[1]) as s:
        s.call("run", s.study(ARMS))
        first = s.results()
        stamps = {k: (f / "done.json").stat().st_mtime_ns for k, f in s.runs().items()}
        out, _ = s.call("run", "s.toml", "--force")
        expect("4 finished" in out, out)
        expect(all((f / "done.json").stat().st_mtime_ns > stamps[k] for k, f in s.runs().items()), "not run again")
        expect(s.results() == first, "the same identity gave other bits")


def two_launchers_of_any_number_of_jobs_give_the_same_bits():
    with Scratch(sys.argv[1]) as one, Scratch(sys.argv[1]) as four:
        one.call("run", one.study(ARMS, seeds=4), "--jobs", "1")
        four.call("run", four.study(ARMS, seeds=4), "--jobs", "4")
        expect(one.results() == four.results(), "results depend on --jobs")


def diverged_and_failed_runs_are_counted_and_shown():
    with Scratch(sys.argv[1]) as s:
        study = s.study("[component.luck]\noff = { diverge_at = 5 }\n[component.care]\noff = { fail_at = 5 }\n"
                        "[component.calm]\noff = { crash_at = 5 }\n[design]\nkinds = [\"leave_one_out\"]\n")
        out, err = s.call("run", study, code=1)
        expect("2 finished" in out and "2 diverged" in out and "4 failed" in out, out)
        expect("s/minus_luck seed 1: diverged: diverged at step 5" in err, err)
        expect("s/minus_care seed 1: failed: failed as it was told to" in err, err)
        expect("s/minus_calm seed 1: failed: its worker was killed by signal 9 (Killed); see log.txt" in err, err)
        table, _ = s.call("table", study)
        expect("2 of 2 diverged" in table or "2/2 diverged" in table or "diverged" in table, table)
        out, _ = s.call("run", study, code=1)
        expect("4 were there already" in out, f"failed runs are tried again, diverged ones are results: {out}")


def stopping_at_the_first_failure_leaves_the_rest_for_later():
    with Scratch(sys.argv[1]) as s:
        study = s.study("[base]\nfail_at = 3\n[limits]\non_fail = \"stop\"\n", seeds=5)
        out, err = s.call("run", study, "--jobs", "1", code=1)
        expect("1 failed" in out and "on_fail" in err, out + err)
        expect(len(s.runs()) == 1, str(s.runs()))


def a_run_over_its_time_is_recorded_as_such_even_if_it_does_not_listen():
    with Scratch(sys.argv[1]) as s:
        out, err = s.call("run", s.study("[base]\nmilliseconds = 20\nsteps = 1000\n[limits]\nper_run = 0.2\n", seeds=1))
        expect("1 over their time" in out, out)
        expect("its time limit of 0.2 s came first" in err, err)


def the_study_stops_at_its_total_time_and_goes_on_later():
    with Scratch(sys.argv[1]) as s:
        study = s.study("[base]\nmilliseconds = 10\nsteps = 60\n[limits]\ntotal = 0.3\n", seeds=3)
        _, err = s.call("run", study, "--jobs", "1", code=75)
        expect("the study's time limit of 0.3 s is over; nothing is lost" in err, err)
        s.study("[base]\nmilliseconds = 10\nsteps = 60\n", seeds=3)
        s.call("run", study)
        with Scratch(sys.argv[1]) as whole:
            whole.call("run", whole.study("[base]\nmilliseconds = 10\nsteps = 60\n", seeds=3))
            expect(whole.results() == s.results(), "interrupted and whole runs differ")


def ctrl_c_saves_a_checkpoint_and_the_same_command_goes_on():
    with Scratch(sys.argv[1]) as s:
        study = s.study("[base]\nmilliseconds = 10\nsteps = 100\n", seeds=1)
        process = s.start("run", study)
        wait_for(lambda: any((f / "events.jsonl").exists() and (f / "events.jsonl").stat().st_size > 0 for f in s.runs().values()))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        expect(process.returncode == 75, f"{process.returncode} {out}{err}")
        expect("interrupted; nothing is lost, type the same again to go on" in err, err)
        folder = next(iter(s.runs().values()))
        expect(list((folder / "checkpoint").glob("[0-9]*")), "no checkpoint")
        s.call("run", study)
        expect((folder / "done.json").exists(), "not finished")


def wait_for(condition, seconds=30):
    end = time.time() + seconds
    while not condition():
        expect(time.time() < end, "waited in vain")
        time.sleep(.01)


def status_tells_what_runs():
    with Scratch(sys.argv[1]) as s:
        study = s.study("[base]\nmilliseconds = 20\nsteps = 200\n", seeds=1)
        process = s.start("run", study)
        wait_for(lambda: "1 running" in s.call("status", study)[0])
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        expect("1 to run" in s.call("status", study)[0], s.call("status", study)[0])


def tuning_runs_first_and_the_arms_take_what_it_found():
    with Scratch(sys.argv[1]) as s:
        study = s.study(TUNED)
        s.call("run", study)
        plan = json.loads(s.call("plan", study, "--json")[0])
        expect(not plan["waiting_for_tuning"] and plan["to_run"] == 0, str(plan))
        expect(plan["arms"][0]["name"] == "full" and plan["arms"][0]["notes"][0].endswith(", tuned") and "tuned on" in plan["notes"][0], str(plan["notes"]))


def what_is_forced_is_tuned_by_its_new_trials():
    with Scratch(sys.argv[1]) as s:
        study = s.study(TUNED)
        s.call("run", study)
        plan = json.loads(s.call("plan", study, "--json")[0])
        for label, folder in s.runs().items():  # the others win, until they are run again
            if label.startswith("s/tune full"):
                record = json.loads((folder / "done.json").read_text())
                record["metrics"]["heldout/position"] *= -1
                (folder / "done.json").write_text(json.dumps(record))
        expect(json.loads(s.call("plan", study, "--json")[0])["arms"] != plan["arms"], "the trials decide nothing")
        s.call("run", study, "--force")
        expect(json.loads(s.call("plan", study, "--json")[0])["arms"] == plan["arms"], "not what the new trials say")
        labels = [json.loads(spec.read_text())["label"] for spec in (s.folder / "runs" / "s").glob("*/spec.json")]
        arms = sorted(label for label in labels if not label.startswith("s/tune"))
        expect(arms == ["s/full seed 1", "s/full seed 2", "s/longer seed 1", "s/longer seed 2"], f"with what the old trials say: {arms}")


def the_mean_curve_of_an_arm_is_exported():
    with Scratch(sys.argv[1]) as s:
        study = s.study(ARMS, seeds=2)
        s.call("run", study)
        curve = s.call("export", study, "--curve", "position", "--arm", "minus_drift")[0]
        events = [[json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
                  for label, folder in s.runs().items() if "minus_drift" in label]
        points = [{e["step"]: e["value"] for e in run if e["name"] == "position"} for run in events]
        expected = ["step\tposition"] + [f"{step}\t{(points[0][step] + points[1][step]) / 2}" for step in sorted(points[0])]
        got = curve.splitlines()
        expect(got[0] == expected[0] and len(got) == len(expected) > 2, curve)
        for a, b in zip(got[1:], expected[1:]):
            expect(a.split()[0] == b.split()[0] and abs(float(a.split()[1]) - float(b.split()[1])) < 1e-12, f"{a} is not {b}")
        _, err = s.call("export", study, "--curve", "posture", code=2)
        expect("no run of 'full' on this machine has logged 'posture'" in err, err)


def evidence_stands_in_for_runs_that_are_gone():
    with Scratch(sys.argv[1]) as s:
        (s.folder / "studies").mkdir()
        s.study(ARMS + '[[plot]]\nkind = "curve"\nmetric = "position"\n', seeds=6)
        os.rename(s.folder / "s.toml", s.folder / "studies" / "s.toml")
        s.call("run", "studies/s.toml")
        s.call("report", "studies/s.toml")
        expect(len(list(s.folder.glob("runs/**/curve.svg"))) == 1, "no curve")
        before = s.call("table", "studies/s.toml", "--format", "csv")[0]
        s.call("export", "studies/s.toml")
        expect((s.folder / "evidence" / "s.jsonl").exists(), "no evidence")
        import shutil
        shutil.rmtree(s.folder / "runs")
        expect(s.call("table", "studies/s.toml", "--format", "csv")[0] == before, "the table changed")
        out, _ = s.call("run", "studies/s.toml")
        expect("12 were there already" in out, out)
        _, err = s.call("report", "studies/s.toml")
        expect("no plot of position by step: no run's folder is here, and evidence carries no curves" in err, err)
        expect(not list(s.folder.glob("runs/**/curve.svg")), "an empty plot was drawn")


main([f for n, f in list(globals().items()) if callable(f) and f.__module__ == "__main__" and n not in ("wait_for",)])
