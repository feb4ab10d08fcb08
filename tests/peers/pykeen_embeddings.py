# SPDX-License-Identifier: MIT
"""TransE, DistMult, ComplEx and RotatE beside PyKEEN's: same files, same settings, started in turn.

    python3 -m venv VENV && VENV/bin/pip install pykeen
    VENV/bin/python tests/peers/pykeen_embeddings.py build [--graphs umls kinship nations] [--models ...] [--seeds 5] [--epochs 50]

Both train on every question of the training facts and their inverses with all nodes as candidates (PyKEEN: LCWA,
CrossEntropyLoss, create_inverse_triples), with Adam at a constant rate, normal initial values, no regulariser and no constraint
but RotatE's unit moduli, and rank filtered by all facts with ties at their mean (PyKEEN: realistic). Prints test MRR of both,
mean and 95 % t-interval over the seeds, Welch's interval of the difference, Hits@1, Hits@10 and CPU seconds a run (one thread;
PyKEEN's without what quicken() takes out). Exit code 1 if a difference's interval, Bonferroni-corrected for the number of
comparisons, leaves 0 out; 77: this Python has no PyKEEN.
"""
import argparse
import json
import logging
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

KINDS = ["transe", "distmult", "complex", "rotate"]
METRICS = {"mrr": "inverse_harmonic_mean_rank", "hits_at_1": "hits_at_1", "hits_at_10": "hits_at_10"}

STUDY = """study = "peer"
module = "link_prediction"
metric = {{ name = "test/mrr", goal = "max" }}
seeds = {{ n = {seeds} }}
[base]
data.train = "{folder}/train.txt"
data.valid = "{folder}/valid.txt"
data.test = "{folder}/test.txt"
model = "{kind}"
embedding.width = {width}
embedding.deviation = {deviation}
train.epochs = {epochs}
train.batch = {batch}
train.lr = {lr}
graph.facts = 0
[stats]
smallest_effect = 0.01
"""


def ours(saggio, folder, kind, options):
    """The metrics of each seed, and the mean CPU seconds of a run."""
    with tempfile.TemporaryDirectory() as scratch:
        study = pathlib.Path(scratch) / "peer.toml"
        study.write_text(STUDY.format(folder=folder, kind=kind, **vars(options)))
        subprocess.run([saggio, "run", study, "--jobs", "1", "--runs", f"{scratch}/runs"], check=True, capture_output=True)
        records = [json.loads(done.read_text()) for done in sorted(pathlib.Path(scratch).glob("runs/peer/*/done.json"))]
    if len(records) != options.seeds:
        sys.exit(f"error: {len(records)} of {options.seeds} runs of {kind} on {folder} have ended")
    return ([{name: record["metrics"][f"test/{name}"] for name in METRICS} for record in records],
            statistics.mean(record["ledger"][""]["cpu_seconds"] for record in records))


def quicken():
    """Takes what is slow and no part of the comparison out of PyKEEN: a batch is put together from sparse rows one by one, and
    garbage is looked for among all that was ever imported, after each epoch."""
    import gc
    import torch
    from pykeen.training import LCWATrainingLoop
    from pykeen.triples.instances import LCWAInstances

    class Batches:
        def __init__(self, instances, size):
            self.pairs, self.size = torch.from_numpy(instances.pairs), size
            self.rows = torch.from_numpy(instances.compressed.toarray())

        def __len__(self):
            return -(-len(self.pairs) // self.size)

        def __iter__(self):
            for part in torch.randperm(len(self.pairs)).split(self.size):
                yield {"pairs": self.pairs[part], "target": self.rows[part]}

    def loader(self, triples_factory, sampler, batch_size, drop_last, **_):
        assert sampler is None and not drop_last
        return Batches(LCWAInstances.from_triples_factory(triples_factory, target=self.target), batch_size)

    LCWATrainingLoop._create_training_data_loader = loader
    gc.collect()
    gc.freeze()


def interaction(kind, width, deviation):
    """PyKEEN's interaction, and the representations of nodes and relations that it takes."""
    import torch
    from pykeen.nn import init
    from pykeen.nn.modules import ComplExInteraction, DistMultInteraction, RotatEInteraction, TransEInteraction
    shape = {"shape": (width,), "initializer": torch.nn.init.normal_, "initializer_kwargs": {"std": deviation}}
    if kind in ("complex", "rotate"):
        shape["dtype"] = torch.cfloat
    relation = dict(shape)
    if kind == "rotate":
        relation.pop("initializer_kwargs")
        relation.update(initializer=init.init_phases, constrainer="complex_normalize")
    made = {"transe": lambda: TransEInteraction(p=1), "distmult": DistMultInteraction, "complex": ComplExInteraction,
            "rotate": RotatEInteraction}[kind]()
    return made, shape, relation


def theirs(factories, kind, seed, options):
    import torch
    from pykeen.evaluation import RankBasedEvaluator
    from pykeen.models import ERModel
    from pykeen.training import LCWATrainingLoop
    from pykeen.utils import set_random_seed
    set_random_seed(seed)
    train, valid, test = factories
    made, nodes, relations = interaction(kind, options.width, options.deviation)
    began = time.process_time()
    model = ERModel(triples_factory=train, interaction=made, entity_representations_kwargs=nodes,
                    relation_representations_kwargs=relations, loss="crossentropy", random_seed=seed).to("cpu")
    loop = LCWATrainingLoop(model=model, triples_factory=train, optimizer=torch.optim.Adam(model.parameters(), lr=options.lr))
    loop.train(triples_factory=train, num_epochs=options.epochs, batch_size=options.batch, use_tqdm=False, use_tqdm_batch=False)
    result = RankBasedEvaluator(filtered=True).evaluate(
        model=model, mapped_triples=test.mapped_triples, batch_size=256, use_tqdm=False,
        additional_filter_triples=[train.mapped_triples, valid.mapped_triples])
    return ({name: result.get_metric(f"both.realistic.{theirs}") for name, theirs in METRICS.items()},
            time.process_time() - began)


def load(folder):
    from pykeen.triples import TriplesFactory
    train = TriplesFactory.from_path(f"{folder}/train.txt", create_inverse_triples=True)
    return [train] + [TriplesFactory.from_path(f"{folder}/{part}.txt", entity_to_id=train.entity_to_id,
                                               relation_to_id=train.relation_to_id) for part in ("valid", "test")]


def interval(values):
    """Half the 95 % t-interval of the mean."""
    from scipy.stats import t
    return t.ppf(.975, len(values) - 1) * statistics.stdev(values) / math.sqrt(len(values))


def welch(a, b, alpha):
    """Mean difference and half its t-interval at 1 - alpha (Welch)."""
    from scipy.stats import t
    u, v = statistics.variance(a) / len(a), statistics.variance(b) / len(b)
    degrees = (u + v) ** 2 / (u * u / (len(a) - 1) + v * v / (len(b) - 1))
    return statistics.mean(a) - statistics.mean(b), t.ppf(1 - alpha / 2, degrees) * math.sqrt(u + v)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--graphs", nargs="+", default=["umls", "kinship", "nations"])
    parser.add_argument("--models", nargs="+", default=KINDS, choices=KINDS)
    for name, value in {"seeds": 5, "epochs": 50, "batch": 256, "width": 64, "lr": 1e-2, "deviation": .1}.items():
        parser.add_argument(f"--{name}", type=type(value), default=value)
    options = parser.parse_args()
    try:
        import pykeen
        import torch
    except ImportError:
        sys.exit(77)
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    quicken()
    os.environ["OMP_NUM_THREADS"] = "1"
    saggio = options.build.resolve() / "saggio"
    data = [pathlib.Path(os.environ[place]) for place in ("SAGGIO_DATA", "SAGGIO_MIRROR") if place in os.environ]
    data.append(pathlib.Path.home() / ".cache/saggio/data")
    alpha = .05 / (len(options.graphs) * len(options.models))
    apart = []
    print(f"PyKEEN {pykeen.get_version()}, PyTorch {torch.__version__}, {options.seeds} seeds")
    print(f"{'':18}{'ours':>16}{'PyKEEN':>17}{'difference':>19}   {'Hits@1':>13} {'Hits@10':>13} {'CPU seconds':>13}")
    for graph in options.graphs:
        folder = next((place / "kg" / graph for place in data if (place / "kg" / graph).is_dir()), None)
        if folder is None:
            sys.exit(f"error: kg/{graph} is not on this machine; type `saggio data get kg/{graph}`")
        factories = load(folder)
        for kind in options.models:
            mine, seconds = ours(saggio, folder, kind, options)
            peers, peer_seconds = zip(*(theirs(factories, kind, seed + 1, options) for seed in range(options.seeds)))
            column = {name: ([run[name] for run in mine], [run[name] for run in peers]) for name in METRICS}
            difference, half = welch(*column["mrr"], alpha)
            if not abs(difference) <= half:
                apart.append(f"{graph} {kind}")
            print(f"{graph:8} {kind:9}" + "".join(f"   {statistics.mean(x):.4f} ±{interval(x):.4f}" for x in column["mrr"]) +
                  f"   {difference:+.4f} ±{half:.4f}   " +
                  " ".join("/".join(f"{statistics.mean(x):6.3f}" for x in column[name]) for name in ("hits_at_1", "hits_at_10")) +
                  f" {seconds:6.1f}/{statistics.mean(peer_seconds):6.1f}", flush=True)
    print("the differences' intervals are at 95 % for all of them together (Bonferroni)")
    if apart:
        sys.exit(f"error: ours and PyKEEN's are apart: {', '.join(apart)}")


if __name__ == "__main__":
    main()
