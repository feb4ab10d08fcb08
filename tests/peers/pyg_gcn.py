# SPDX-License-Identifier: MIT
"""The graph convolutional network of the study node_classification beside PyTorch Geometric's: the same data, split, settings and
rule of stopping, on one thread.

    PYTHON tests/peers/pyg_gcn.py DATA [--saggio build/saggio] [--seeds 20]

DATA is the folder with cora.features.txt and the like (saggio data get planetoid/cora). PYTHON is one that can import
torch_geometric. With --saggio our runs are made first, in a folder of their own. Prints mean and spread of the test accuracy, and CPU
seconds a run (process time of training, data read before it; for ours all of the run). Exit code 77: there is no torch_geometric.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def lines(path):
    with open(path) as file:
        return [line.split() for line in file if not line.startswith("#")]


def read(folder, name):
    import torch
    with open(os.path.join(folder, f"{name}.features.txt")) as file:
        head = file.readline().split()
    features = torch.zeros(int(head[2]), int(head[4]))
    rows = lines(os.path.join(folder, f"{name}.features.txt"))
    for node, row in enumerate(rows):
        for feature in row[1:]:
            features[node, int(feature)] = 1 / (len(row) - 1)
    edges = torch.tensor([[int(u), int(v)] for u, v in lines(os.path.join(folder, f"{name}.edges.txt"))]).t()
    split = {row[0]: torch.tensor([int(node) for node in row[1:]]) for row in lines(os.path.join(folder, f"{name}.split.txt"))}
    return features, torch.cat([edges, edges.flip(0)], 1), torch.tensor([int(row[0]) for row in rows]), split


def train(data, seed, epochs=200):
    import torch
    import torch.nn.functional as F
    from torch_geometric.nn import GCNConv
    features, edges, labels, split = data
    torch.manual_seed(seed)
    classes = int(labels.max()) + 1
    first = GCNConv(features.shape[1], 16, cached=True, bias=False)
    second = GCNConv(16, classes, cached=True, bias=False)
    optimizer = torch.optim.Adam([{"params": first.parameters(), "weight_decay": 5e-4}, {"params": second.parameters()}], lr=0.01)

    def logits(training):
        x = F.dropout(features, 0.5, training)
        return second(F.dropout(first(x, edges).relu(), 0.5, training), edges)

    least, waited, epoch = float("inf"), 0, 0
    while epoch < epochs and waited < 10:
        optimizer.zero_grad()
        F.cross_entropy(logits(True)[split["train"]], labels[split["train"]]).backward()
        optimizer.step()
        with torch.no_grad():
            loss = float(F.cross_entropy(logits(False)[split["valid"]], labels[split["valid"]]))
        waited = 0 if loss < least else waited + 1
        least, epoch = min(loss, least), epoch + 1
    with torch.no_grad():
        return float((logits(False)[split["test"]].argmax(1) == labels[split["test"]]).float().mean()), epoch


def peer(folder, name, seeds):
    data = read(folder, name)
    train(data, 0, 2)  # imports and caches
    accuracies, seconds, epochs = [], [], []
    for seed in range(1, seeds + 1):
        start = time.process_time()
        accuracy, epoch = train(data, seed)
        seconds.append(time.process_time() - start)
        accuracies.append(accuracy)
        epochs.append(epoch)
    return accuracies, seconds, epochs


def ours(saggio, folder, seeds):
    """Accuracies, CPU seconds and epochs of the study's full system, by data set."""
    found = {}
    environment = dict(os.environ, SAGGIO_MIRROR=os.path.dirname(os.path.abspath(folder)))
    with tempfile.TemporaryDirectory() as runs:
        # A copy, since committed evidence beside a study stands in for its runs.
        study = shutil.copy(os.path.join(os.path.dirname(__file__), "../../experiments/studies/node_classification.toml"), runs)
        common = [study, "--runs", runs]
        subprocess.run([saggio, "run", *common, "--only", "full", "--seeds", str(seeds), "--jobs", "1", "--quiet"],
                       env=environment, check=True, stdout=subprocess.DEVNULL)
        for root, _, files in os.walk(runs):
            if "done.json" not in files:
                continue
            with open(os.path.join(root, "done.json")) as file:
                done = json.load(file)
            with open(os.path.join(root, "spec.json")) as file:
                spec = json.dumps(json.load(file))
            ledger = done["ledger"][""]
            entry = found.setdefault("citeseer" if "citeseer." in spec else "cora", ([], [], []))
            for values, value in zip(entry, (done["metrics"]["heldout/accuracy"], ledger["cpu_seconds"], ledger["epochs"])):
                values.append(value)
    return found


def show(who, name, results):
    accuracies, seconds, epochs = results
    spread = statistics.stdev(accuracies) if len(accuracies) > 1 else 0
    print(f"{who:<8}{name:<10}{len(accuracies):3} runs  accuracy {100 * statistics.mean(accuracies):.2f} +- {100 * spread:.2f} %  "
          f"{statistics.mean(epochs):.0f} epochs  {statistics.mean(seconds):.2f} CPU-s a run, at most {max(seconds):.2f}, "
          f"{1000 * sum(seconds) / sum(epochs):.2f} ms an epoch", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("--saggio")
    parser.add_argument("--seeds", type=int, default=20)
    arguments = parser.parse_args()
    try:
        import torch
        import torch_geometric
    except ImportError as error:
        print(f"skipped: {error}")
        sys.exit(77)
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, torch_geometric {torch_geometric.__version__}, one thread", flush=True)
    own = ours(arguments.saggio, arguments.data, arguments.seeds) if arguments.saggio else {}
    for name in ("cora", "citeseer"):
        if name in own:
            show("saggio", name, own[name])
        show("PyG", name, peer(arguments.data, name, arguments.seeds))


if __name__ == "__main__":
    main()
