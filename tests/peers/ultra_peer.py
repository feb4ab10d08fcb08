# SPDX-License-Identifier: MIT
"""ULTRA's answers by plain PyTorch, beside ours: the same checkpoint, facts and queries.

    PYTHON tests/peers/ultra_peer.py --checkpoint ultra_3g.pth --facts train.txt --ask test.txt ... [--known valid.txt ...]
                                     [--count K] [--batch B] [--scores OURS.bin]

PYTHON is one that can import torch. The mathematics is written down here from the paper (Galkin et al. 2023, arXiv:2310.04562) with
index_select and index_add, edge by edge; nothing of it is shared with the C++. K triples of --ask, evenly spaced (all without --count), are
asked in both directions, (head, r, ?) and then (?, r, tail); true answers in --facts, --ask and --known do not count; ties are lost, as the published code counts.
Entities and relations are numbered as they occur in --facts, --known and --ask, in this order.

Prints a line of JSON: queries, mrr, hits@1, hits@10, seconds. With --scores, a file of f32 [queries, entities] in the same order, also the
largest difference to it, absolutely and over the largest score of a query, and how many ranks differ.
"""
import argparse
import json
import sys
import time


def numbered(paths):
    entities, relations, parts = {}, {}, []
    for path in paths:
        part = []
        with open(path, encoding="utf-8") as file:
            for line in file:
                head, relation, tail = line.rstrip("\r\n").split("\t")
                part.append((entities.setdefault(head, len(entities)), relations.setdefault(relation, len(relations)),
                             entities.setdefault(tail, len(entities))))
        parts.append(part)
    return parts, len(entities), len(relations)


def edges_of(torch, facts, relations):
    """Head, tail and type of every edge; a fact's inverse has its ends swapped and type r + relations."""
    facts = torch.tensor(facts)
    head, relation, tail = facts.unbind(1)
    return torch.cat([head, tail]), torch.cat([tail, head]), torch.cat([relation, relation + relations])


def meetings_of(torch, edges, nodes, types):
    """Edges between types that share a node: head with head, tail with tail, head with tail, tail with head."""
    heads, tails = torch.zeros(2, types, nodes)
    heads[edges[2], edges[0]] = 1
    tails[edges[2], edges[1]] = 1
    found = [torch.nonzero(a @ b.T) for a, b in ((heads, heads), (tails, tails), (heads, tails), (tails, heads))]
    kind = torch.cat([torch.full((len(pairs),), number) for number, pairs in enumerate(found)])
    first, second = torch.cat(found).unbind(1)
    return first, second, kind


class Ultra:
    def __init__(self, torch, weights, facts, meetings, chunk):
        self.torch, self.weights, self.facts, self.meetings, self.chunk = torch, weights, facts, meetings, chunk

    def linear(self, x, name):
        return self.torch.nn.functional.linear(x, self.weights[name + ".weight"], self.weights[name + ".bias"])

    def gather(self, edges, state, relations, boundary):
        """Heads receive: the sum of their edges' tail times relation, and the boundary. All [N, B, D]."""
        head, tail, kind = edges
        result, state, relations = boundary.flatten(1).clone(), state.flatten(1), relations.flatten(1)
        for begin in range(0, len(head), self.chunk):
            part = slice(begin, begin + self.chunk)
            message = state.index_select(0, tail[part]).mul_(relations.index_select(0, kind[part]))
            result.index_add_(0, head[part], message)
        return result.view_as(boundary)

    def iterate(self, name, edges, boundary, relations_of_layer):
        torch, state, layer = self.torch, boundary, 0
        while f"{name}.layers.{layer}.linear.weight" in self.weights:
            prefix = f"{name}.layers.{layer}"
            messages = self.gather(edges, state, relations_of_layer(prefix), boundary)
            hidden = self.linear(torch.cat([state, messages], -1), prefix + ".linear")
            hidden = torch.nn.functional.layer_norm(
                hidden, hidden.shape[-1:], self.weights[prefix + ".layer_norm.weight"], self.weights[prefix + ".layer_norm.bias"])
            state = state + hidden.relu()
            layer += 1
        return state

    def vectors(self, relations, types, width):
        """[types, B, D]: what every type is to these query relations."""
        count = len(relations)
        boundary = self.torch.zeros(types, count, width)
        boundary[relations, self.torch.arange(count)] = 1
        return self.iterate("relation_model", self.meetings, boundary,
                            lambda prefix: self.weights[prefix + ".relation.weight"][:, None].expand(-1, count, -1))

    def scores(self, heads, relations, nodes, types):
        torch, width = self.torch, self.weights["entity_model.mlp.0.weight"].shape[0] // 2
        batch, vectors = torch.arange(len(heads)), self.vectors(relations, types, width)
        query = vectors[relations, batch]
        boundary = torch.zeros(nodes, len(heads), width)
        boundary[heads, batch] = query

        def project(prefix):
            return self.linear(self.linear(vectors, prefix + ".relation_projection.0").relu(), prefix + ".relation_projection.2")

        state = self.iterate("entity_model", self.facts, boundary, project)
        both = torch.cat([state, query.expand_as(state)], -1)
        return self.linear(self.linear(both, "entity_model.mlp.0").relu(), "entity_model.mlp.2").squeeze(-1).T


def rank(scores, truth, others):
    """Ties are lost."""
    counts = scores >= scores[truth]
    counts[list(others | {truth})] = False
    return 1 + int(counts.sum())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--facts", required=True)
    parser.add_argument("--known", nargs="*", default=[])
    parser.add_argument("--ask", nargs="+", required=True)
    parser.add_argument("--count", type=int, default=0)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--chunk", type=int, default=2048)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--scores")
    args = parser.parse_args()
    try:
        import torch
    except ImportError as error:
        print(f"skipped: {error}")
        return 77
    torch.set_grad_enabled(False)
    torch.set_num_threads(args.threads)

    parts, nodes, relations = numbered([args.facts, *args.known, *args.ask])
    answers = {}
    for part in parts:
        for head, relation, tail in part:
            answers.setdefault((head, relation), set()).add(tail)
            answers.setdefault((tail, relation + relations), set()).add(head)
    queries = []
    asked = [triple for part in parts[-len(args.ask):] for triple in part]
    count = min(args.count or len(asked), len(asked))
    for head, relation, tail in (asked[i * len(asked) // count] for i in range(count)):
        queries += [(head, relation, tail), (tail, relation + relations, head)]

    started = time.time()
    facts = edges_of(torch, parts[0], relations)
    model = Ultra(torch, torch.load(args.checkpoint, map_location="cpu", weights_only=True)["model"], facts,
                  meetings_of(torch, facts, nodes, 2 * relations), args.chunk)
    ours = torch.from_file(args.scores, size=len(queries) * nodes).view(len(queries), nodes) if args.scores else None
    ranks, furthest, relative, moved = [], 0., 0., 0
    for begin in range(0, len(queries), args.batch):
        batch = queries[begin:begin + args.batch]
        heads, types, _ = torch.tensor(batch).unbind(1)
        scores = model.scores(heads, types, nodes, 2 * relations)
        for row, (head, relation, truth) in enumerate(batch):
            ranks.append(rank(scores[row], truth, answers[head, relation]))
            if ours is not None:
                mine, peers = ours[begin + row], scores[row]
                furthest = max(furthest, float((mine - peers).abs().max()))
                relative = max(relative, float((mine - peers).abs().max() / peers.abs().max()))
                moved += rank(mine, truth, answers[head, relation]) != ranks[-1]
    ranks = torch.tensor(ranks, dtype=torch.double)
    result = {"torch": torch.__version__, "queries": len(ranks), "mrr": round(float((1 / ranks).mean()), 6),
              "hits@1": round(float((ranks <= 1).double().mean()), 4), "hits@10": round(float((ranks <= 10).double().mean()), 4),
              "seconds": round(time.time() - started, 1)}
    if ours is not None:
        result |= {"furthest": furthest, "furthest_relative": relative, "ranks_that_differ": moved}
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
