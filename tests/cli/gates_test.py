# SPDX-License-Identifier: MIT
"""What `saggio check` and `saggio run` say about the honesty gates. Argument: the folder of saggio and its test worker."""
import json
import sys

from saggio import Scratch, expect, main

ARMS = ("[component.heavy]\nalternatives = { heavy = { weight = 2.0 } }\n"
        "[component.loose]\nalternatives = { loose = { weight = 3.0, decay = 0.0 } }\n")


def gates(s, *arguments, code=0):
    out, _ = s.call("check", *arguments, "--json", code=code)
    return {gate["gate"].split()[0]: (("passed", "failed", "n/a")[gate["status"]], gate["message"]) for gate in json.loads(out)}


def a_clean_module_passes_every_gate():
    with Scratch(sys.argv[1]) as s:
        found = gates(s, "probed")
        expect(sorted(found) == ["G1", "G12", "G2", "G6", "G7", "G9"], str(found))
        expect(all(status == "passed" for status, _ in found.values()), str(found))


def each_planted_fault_is_caught_by_its_gate_alone():
    with Scratch(sys.argv[1]) as s:
        for fault, gate in (("leak", "G6"), ("idle", "G9"), ("slip", "G12")):
            found = gates(s, "probed", "--set", f"{fault}=true", code=1)
            expect([name for name, (status, _) in found.items() if status == "failed"] == [gate], f"{fault}: {found}")


def a_module_without_a_probe_is_told_so():
    with Scratch(sys.argv[1]) as s:
        expect(all(status == "n/a" for status, _ in gates(s, "walk").values()), "walk has no probe")


def an_arm_with_another_decay_is_told_before_it_runs():
    with Scratch(sys.argv[1]) as s:
        study = s.study(ARMS, module="probed")
        line = "G3 optimizer fairness: loose differs from full in decay (0, full has 0.1); an arm that is about it says so: " \
               "differs = [\"decay\"] in its component"
        _, err = s.call("run", study)
        expect(err.splitlines() == ["warning: " + line], err)
        _, err = s.call("run", study)
        expect(err == "", f"nothing is left to run: {err}")
        found = gates(s, study, code=1)
        expect(found["G3"] == ("failed", line.split(": ", 1)[1]), str(found))
        _, err = s.call("run", s.study(ARMS + "differs = [\"decay\"]\n", name="said", module="probed"))
        expect(err == "", err)
        expect(gates(s, "said.toml")["G3"][0] == "passed", "said and not heard")


def a_component_that_changes_no_metric_is_told_in_check_and_report():
    with Scratch(sys.argv[1]) as s:
        study = s.study("[component.bias]\noff = { idle = true }\n[design]\nkinds = [\"leave_one_out\"]\n", module="probed")
        s.call("run", study)
        expect("every metric is that of full" in gates(s, study, code=1)["G9"][1], "G9")
        s.call("report", study)
        expect("G9 module effect" in (s.folder / "runs/s/report/report.html").read_text(), "not in the report")


def a_rate_above_what_the_machine_can_do_is_an_error():
    with Scratch(sys.argv[1]) as s:
        _, err = s.call("run", s.study("[base]\nboast = true\n", module="probed", seeds=1), code=1)
        expect("failed: G8 roofline: the ledger's FLOPs come to" in err and "the count or the clock is wrong" in err, err)
        s.call("run", s.study("", name="honest", module="probed", seeds=1))


def check_names_what_there_is():
    with Scratch(sys.argv[1]) as s:
        _, err = s.call("check", "prober", code=2)
        expect(err.startswith("error: 'prober': no such module, and no such study (did you mean 'probed'?)"), err)


main([f for n, f in list(globals().items()) if callable(f) and f.__module__ == "__main__" and n != "gates"])
