# SPDX-License-Identifier: MIT
"""`saggio graph prove | why | whatif`: what they print, as JSON, as of any point, and what they say to bad input. Argument: the folder of saggio."""
import json
import sys

from saggio import Scratch, expect, expect_line, main

FAMILY = "ann\tparent\tbob\nbob\tparent\tcid\nbob\tparent\tdan\n"
RULES = """# family
0.9 :: grandparent(X, Z) :- parent(X, Y), parent(Y, Z).
sibling(X, Y) :- parent(P, X), parent(P, Y), X != Y.
old(X) :- grandparent(X, _).
"""
RAIN = """{"node": "wet", "kind": "evidence", "text": "The street is wet.", "confidence": 0.5, "provenance": {"sources": ["report.pdf"]}}
{"node": "radar", "kind": "evidence"}
{"node": "rain", "kind": "claim"}
{"node": "dry", "kind": "claim"}
{"node": "both", "kind": "step"}
{"node": "umbrella", "kind": "answer"}
{"edge": ["wet", "supports", "rain"], "weight": 0.5}
{"edge": ["radar", "supports", "rain"], "weight": 0.125}
{"edge": ["radar", "supports", "dry"], "weight": 0.5}
{"edge": ["dry", "contradicts", "rain"]}
{"edge": ["rain", "derives", "both"]}
{"edge": ["radar", "derives", "both"]}
{"edge": ["both", "derives", "umbrella"]}
"""


def with_family(s):
    (s.folder / "family.tsv").write_text(FAMILY)
    (s.folder / "f.rules").write_text(RULES)
    s.call("graph", "import", "g", "family.tsv")


def with_rain(s):
    """Version 1: all of it. Version 2: radar is retired."""
    s.call("graph", "append", "g", stdin=RAIN)
    s.call("graph", "append", "g", stdin='{"retire": "radar"}')


def answer(s, *arguments):
    return json.loads(s.call("graph", *arguments, "--json")[0])


def refuses(s, arguments, line):
    expect_line(s.call("graph", *arguments, code=2)[1], "error: " + line)


def prints(s, arguments, expected):
    out, _ = s.call("graph", *arguments)
    expect(out == expected, out)


def a_goal_is_proved_with_its_rules_and_edges():
    with Scratch(sys.argv[1]) as s:
        with_family(s)
        prints(s, ["prove", "g", "f.rules", "old(X)"],
               "old(ann)  0.9\n"
               "  by old(X) :- grandparent(X, _).  (f.rules:4)\n"
               "  grandparent(ann, cid)  0.9\n"
               "    by 0.9 :: grandparent(X, Z) :- parent(X, Y), parent(Y, Z).  (f.rules:2)\n"
               "    parent(ann, bob)  1  edge #0\n"
               "    parent(bob, cid)  1  edge #1\n")
        prints(s, ["prove", "g", "parent(X, bob)"], "parent(ann, bob)  1  edge #0\n")
        prints(s, ["prove", "g", "f.rules", "sibling(X, X)"], "nothing proves sibling(X, X)\n")
        out, _ = s.call("graph", "prove", "g", "f.rules", "grandparent(X, Y)", "--limit", "1")
        expect(out.endswith("... and 1 more answers; --limit 2 shows them\n"), out)
        proved = answer(s, "prove", "g", "f.rules", "old(X)")
        expect(proved["closure"] == {"facts": 8, "derived": 5} and len(proved["answers"]) == 1, proved)
        fact = proved["facts"][str(proved["answers"][0])]
        expect(fact["fact"] == "old(ann)" and fact["at"] == "f.rules:4" and len(fact["premises"]) == 1, fact)


def a_goal_is_proved_as_of_any_point():
    with Scratch(sys.argv[1]) as s:
        with_family(s)
        s.call("graph", "append", "g", stdin='{"retire": ["ann", "parent", "bob"]}')
        prints(s, ["prove", "g", "f.rules", "old(X)"], "nothing proves old(X)\n")
        expect(answer(s, "prove", "g", "f.rules", "old(X)", "--as-of", "1")["answers"], "not proved as of version 1")


def proofs_are_written_once_and_fall_with_their_edge():
    with Scratch(sys.argv[1]) as s:
        with_family(s)
        out, _ = s.call("graph", "prove", "g", "f.rules", "sibling(cid, X)", "--write")
        expect(out.endswith("g: version 2: 4 nodes added, 9 edges added, 0 revised, 0 retired\n"), out)
        out, _ = s.call("graph", "prove", "g", "f.rules", "sibling(cid, X)", "--write")
        expect(out.endswith("g: all of it is there already, version 2 stays\n"), out)
        expect(answer(s, "why", "g", "fact:sibling(cid, dan)")["live"], "not live")
        s.call("graph", "append", "g", stdin='{"retire": ["bob", "parent", "dan"]}')
        expect(answer(s, "prove", "g", "f.rules", "sibling(cid, X)", "--write")["written"]["retired"] == 1, "evidence stays")
        gone = answer(s, "why", "g", "fact:sibling(cid, dan)")
        expect(not gone["live"] and gone["lacks"][0]["why"] == "has lost its premise fact:parent(bob, dan)", gone)
        refuses(s, ["prove", "g", "f.rules", "old(X)", "--write", "--as-of", "1"],
                "--write with --as-of or --world: proofs are written of the head alone; leave one out")


def rules_and_goals_that_are_wrong_are_refused_with_their_place():
    with Scratch(sys.argv[1]) as s:
        with_family(s)
        (s.folder / "bad.rules").write_text("p(X) :-\n  parent(X Y).\n")
        refuses(s, ["prove", "g", "bad.rules", "p(X)"], "bad.rules:2:12: expected ',' and a second term, or ')', got \"Y\"")
        refuses(s, ["prove", "g", "f.rules", "uncle(X, ann)"],
                "goal:1:1: uncle is no edge type and no rule derives it; there are grandparent, sibling, parent")
        refuses(s, ["prove", "g", "f.rules", "old(eve)"], "goal:1:5: no node has the key \"eve\" at this point")
        refuses(s, ["prove", "g", "no.rules", "old(X)"], "RULES = no.rules: no such file")
        refuses(s, ["prove", "g", "."], "goal:1:1: expected a relation (a word that begins with a small letter, or a quoted one), got \".\"")


def why_shows_the_proof_its_sources_and_who_contradicts_it():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        prints(s, ["why", "g", "umbrella", "--as-of", "1"],
               "answer umbrella  is live, weight 0.25\n"
               "answer umbrella\n"
               "  derives: step both\n"
               "    derives: claim rain\n"
               "      ! contradicted by claim dry  0.5\n"
               "      supports 0.5: evidence wet  0.5  \"The street is wet.\"  (report.pdf)\n"
               "    and derives: evidence radar  1\n"
               "\n"
               "falls without any of: evidence radar, claim rain, step both\n")
        out, _ = s.call("graph", "why", "g", "umbrella", "--as-of", "1", "--explanations", "5")
        expect("weight 0.25  (proof 1 of 2)" in out and "weight 0.125  (proof 2 of 2)" in out, out)
        why = answer(s, "why", "g", "rain", "--as-of", "1")
        expect(why["live"] and why["contradicted_by"][0]["node"]["key"] == "dry" and why["contradicted_by"][0]["live"], why)
        expect([n["key"] for n in why["weakest_support"]["nodes"]] == ["wet", "radar"] and not why["single_points_of_failure"], why)
        expect([n["key"] for n in why["proofs"][0]["nodes"]] == ["rain", "wet"], why)


def why_not_says_what_is_lacking():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        prints(s, ["why", "g", "umbrella"], "answer umbrella  is not live\n  step both  has lost its premise radar\n")
        s.call("graph", "append", "g", stdin='{"node": "rain", "kind": "claim", "status": "refuted"}')
        prints(s, ["why", "g", "rain"], "claim rain  is not live\n  claim rain  is refuted\n")
        prints(s, ["why", "g", "dry"], "claim dry  is not live\n  claim dry  has no reason\n")


def what_if_says_what_falls_what_weakens_and_what_stays():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        prints(s, ["whatif", "g", "--source", "report.pdf", "--as-of", "1"],
               "without evidence wet:\n"
               "weaker  claim rain  0.25 -> 0.125\n"
               "weaker  step both  0.25 -> 0.125\n"
               "weaker  answer umbrella  0.25 -> 0.125\n"
               "2 nodes stay as live as before\n")
        prints(s, ["whatif", "g", "--without", "radar", "--as-of", "1"],
               "without evidence radar:\n"
               "falls   answer umbrella\n"
               "falls   claim dry\n"
               "falls   step both\n"
               "ended   claim dry contradicts claim rain\n"
               "2 nodes stay as live as before\n")
        what = answer(s, "whatif", "g", "--without", "wet", "radar", "--as-of", "1")
        expect([n["key"] for n in what["falls"]] == ["rain", "dry", "both", "umbrella"] and what["live"] == 0, what)
        refuses(s, ["whatif", "g"], "what if what? Give --without NODE ... or --source NAME ...")
        refuses(s, ["whatif", "g", "--without", "snow"], "snow: no such node at that point of version 2; give a key, or '#ID' for node ID")
        refuses(s, ["whatif", "g", "--source", "x.pdf"],
                "--source x.pdf: no node is from it; allowed is a source in a node's provenance, or the key of a document that nodes are spans of")
        expect(answer(s, "info", "g")["head"] == 2, "the store was written")


def weights_that_are_none_are_said():
    with Scratch(sys.argv[1]) as s:
        s.call("graph", "append", "g", stdin=RAIN.replace("0.125", "3"))
        expect(s.call("graph", "why", "g", "dry")[0].endswith("note: 1 weight outside (0, 1] count as the nearest of [1e-06, 1]\n"), "not said")


def why_without_a_node_surveys_all_of_it():
    with Scratch(sys.argv[1]) as s:
        circle = '{"node": "a", "kind": "claim"}\n{"node": "b", "kind": "claim"}\n{"edge": ["a", "supports", "b"]}\n{"edge": ["b", "derives", "a"]}\n'
        s.call("graph", "append", "g", stdin=RAIN + circle)
        lines = s.call("graph", "why", "g")[0].splitlines()
        expect(lines == ["6 of 8 nodes live; 1 contradicted, 1 circular derivation", "contradicted  claim rain  by claim dry; core: evidence radar",
                         "circular      claim a <- claim b <- claim a  not live"], lines)
        found = json.loads(s.call("graph", "why", "g", "--json")[0])
        expect((found["nodes"], found["live"]) == (8, 6), found)
        expect([(one["node"]["key"], [by["node"]["key"] for by in one["by"]]) for one in found["contradicted"]] == [("rain", ["dry"])], found)
        core = found["contradicted"][0]["core"]  # radar alone brings about both; the stronger proof of rain is not needed
        expect([x["key"] for x in core["sources"]] == ["radar"] and core["by"]["key"] == "dry" and len(core["edges"]) == 3, core)
        expect(answer(s, "why", "g", "rain")["contradiction_core"] == core, "another core for the node alone")
        expect("contradicted by claim dry; core: evidence radar\n" in s.call("graph", "why", "g", "rain")[0], "the core is not said")
        expect(answer(s, "why", "g", "dry")["contradiction_core"] is None, "a core of what nothing contradicts")
        expect([[x["key"] for x in one["cycle"]] for one in found["circular"]] == [["a", "b", "a"]], found)
        s.call("graph", "append", "g", stdin='{"edge": ["radar", "supports", "a"]}')
        expect(s.call("graph", "why", "g")[0].splitlines()[2] == "circular      claim a <- claim b <- claim a", "the circle is not live")


main([f for n, f in list(globals().items())
      if callable(f) and f.__module__ == "__main__" and n not in ("refuses", "answer", "prints", "with_rain", "with_family")])
