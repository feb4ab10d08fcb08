# SPDX-License-Identifier: MIT
"""`saggio graph query`: the table, the numbers, JSON, both clocks, and what it says to bad queries. Argument: the folder of saggio."""
import json
import sys

from saggio import Scratch, expect, main

RAIN = """{"node": "rain", "kind": "claim", "text": "It rained.", "confidence": 0.75}
{"node": "wet", "kind": "evidence", "text": "The street is wet.", "valid": ["2024-03-03T08:00", "2024-03-03T20:00"]}
{"node": null, "kind": "claim", "text": "Somebody washed the street, which nobody saw, so that it was wet all the same."}
{"edge": ["wet", "supports", "rain"], "weight": 0.5}
"""


def with_rain(s):
    """Version 1, tagged `before` by version 2; version 3: rain is refuted."""
    s.call("graph", "append", "g", stdin=RAIN)
    s.call("graph", "tag", "g", "before")
    s.call("graph", "append", "g", stdin='{"node": "rain", "kind": "claim", "text": "It rained.", "status": "refuted"}\n')


def query(s, *arguments, **options):
    return s.call("graph", "query", "g", *arguments, **options)


def nodes_come_as_a_table_with_totals():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        out, err = query(s, "kind = claim")
        expect(out == 'id  kind   status   confidence  label\n'
                      '#0  claim  refuted  -           rain\n'
                      '#2  claim  open     -           "Somebody washed the street, which nobody..."\n'
                      '2 of 3 nodes, version 3\n', out)
        expect(err == "", err)
        expect(query(s, "kind = claim", "--limit", "1")[0].splitlines()[1:] ==
               ["#0  claim  refuted  -           rain", "2 of 3 nodes, version 3; --limit 2 shows all of them"], "the limit")
        expect(query(s, "kind = step")[0] == "none of 3 nodes, version 3\n", "nothing")
        expect(query(s, "kind = claim", "--count")[0] == "2\n", "the count")


def edges_come_as_a_table_with_their_ends():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        out, _ = query(s, "edges where type = supports")
        expect(out == 'id  status  confidence  weight  edge\n#0  open    -           0.5     wet -supports-> rain\n1 of 1 edge, version 3\n', out)


def both_clocks_are_set_by_the_query_or_by_options_but_once():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        for arguments in (["key = rain as of before"], ["key = rain", "--as-of", "before"], ["key = rain as of 1"]):
            out, _ = query(s, *arguments)
            expect(out.splitlines()[1:] == ["#0  claim  open    0.75        rain", "1 of 3 nodes, version 1 of 3"], out)
        for arguments in (["nodes valid at 2024-03-04"], ["nodes", "--world", "2024-03-04"]):
            expect(query(s, *arguments)[0].endswith("2 of 2 nodes, version 3; what holds at 2024-03-04\n"), "the world's clock")
        expect(query(s, "nodes certain at 2024-03-03T12:00")[0].endswith(
            "1 of 1 node, version 3; what is known to hold at 2024-03-03T12:00:00Z\n"), "what is certain")
        refuses(s, ["nodes as of 1", "--as-of", "2"], "--as-of and the query's 'as of' both name a version; leave one out")
        refuses(s, ["valid at 2024-01-01", "--world", "2024-01-01"],
                "--world and the query's 'valid at' both name a time of the world; leave one out")
        refuses(s, ["as of befor"], "as of = befor, allowed: a version 0..3, a tag (before), or a UTC date or time like 2024-02-29T12:30")


def json_says_all_of_it():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        found = json.loads(query(s, "not kind = evidence as of before", "--json")[0])
        expect((found["version"], found["count"], found["of"], found["notes"]) == (1, 2, "nodes", []), found)
        expect(found["found"][0] == {"id": 0, "record": {"node": "rain", "kind": "claim", "text": "It rained.", "confidence": {"probability": 0.75}}}, found)
        expect(len(json.loads(query(s, "nodes", "--json", "--limit", "1")[0])["found"]) == 1, "the limit")
        expect("found" not in json.loads(query(s, "nodes", "--json", "--count")[0]), "the count")
        edges = json.loads(query(s, "edges where supports rain as of 1 valid at 2024-03-03T09:00", "--json")[0])
        expect((edges["world"], edges["found"][0]["record"]["edge"]) == ("2024-03-03T09:00:00Z", ["wet", "supports", "rain"]), edges)
        empty = json.loads(query(s, "edges where type = suports", "--json")[0])
        expect(empty["found"] == [] and "did you mean" in empty["notes"][0], empty)


def refuses(s, arguments, message):
    out, err = query(s, *arguments, code=2)
    expect((out, err) == ("", f"error: {message}\n"), err)


def bad_queries_are_pointed_at():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        refuses(s, ["kind = claim and statsu = open"],
                'column 18: "statsu" is no attribute of nodes (did you mean status?); there are status, id, kind, confidence, weight, key, text, '
                'label, anywhere, rule, qualifier, method, degree, in_degree, out_degree, valid_from, valid_to, run, experiment, step, seed, model, '
                'source\n  kind = claim and statsu = open\n                   ^')
        refuses(s, ["kind = claim and supports nobody"],
                "column 27: nobody: no such node at that point of version 3; give a key, or '#ID' for node ID\n"
                "  kind = claim and supports nobody\n                            ^")
        refuses(s, ["text ~ '['"], "column 9: this is no regular expression: missing ]: [\n  text ~ '['\n          ^")
        refuses(s, [""], "column 1: the query ends, expected an attribute, 'known', 'within', 'supports', 'contradicts', 'not' or '('\n  \n  ^")


def an_unknown_edge_type_is_a_note():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        out, err = query(s, "edges where type = suports")
        expect(out == "none of 1 edge, version 3\n", out)
        expect(err == 'note: no edge of this store was ever of type "suports"; did you mean "supports"?\n', err)


def control_characters_reach_no_terminal():
    with Scratch(sys.argv[1]) as s:
        s.call("graph", "append", "g", stdin='{"node": "a\\u001b[2J"}\n{"edge": ["a\\u001b[2J", "t\\u009b", "a\\u001b[2J"]}\n')
        for asked in ("nodes", "edges"):
            out, _ = query(s, asked)
            expect("\u001b" not in out and "\u009b" not in out and "a\\x1b[2J" in out, repr(out))
        _, err = query(s, "key = 'x\u001b[2J' oops", code=2)
        expect("\u001b" not in err, repr(err))


main([f for n, f in list(globals().items()) if callable(f) and f.__module__ == "__main__" and n not in ("refuses", "query", "with_rain")])
