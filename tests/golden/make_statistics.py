# SPDX-License-Identifier: MIT
"""Writes what scipy, statsmodels and numpy say about samples drawn from a seed, for statistics_golden_test.

    python tests/golden/make_statistics.py tests/golden/statistics.json

The committed file is made with the default seed and the versions that it states (those of cmake/peers.txt).
"""
import argparse
import json
import sys

import numpy
import scipy
import statsmodels
from scipy import optimize, stats
from statsmodels.stats import contingency_tables, multitest, power, proportion, weightstats


def sample(rng, n):
    return (rng.normal(rng.normal(), rng.uniform(0.1, 3), n) * 10.0 ** rng.integers(-3, 4)).tolist()


def moments(rng):
    cases = []
    for n in (2, 3, 5, 8, 20, 101):
        values = sample(rng, n)
        for level in (0.5, 0.9, 0.95, 1 - 0.05 / 7, 0.999):
            low, high = stats.t.interval(level, n - 1, numpy.mean(values), stats.sem(values))
            cases.append({"values": values, "level": level, "mean": float(numpy.mean(values)),
                          "deviation": float(numpy.std(values, ddof=1)), "low": low, "high": high,
                          "effect_size": float(numpy.mean(values) / numpy.std(values, ddof=1))})
    return cases


def correlation(rng):
    cases = []
    for n in (2, 3, 8, 50):
        a = numpy.array(sample(rng, n))
        b = rng.uniform(-1, 1) * a + numpy.array(sample(rng, n))
        cases.append({"a": a.tolist(), "b": b.tolist(), "r": float(stats.pearsonr(a, b).statistic)})
    return cases


def sign_flip(rng, most):
    samples = [sample(rng, n) for n in range(2, most + 1)]
    samples += [[0.1, 0.2, -0.3, 0.4], [1, 1, 1, -1, -1, 1], [0, 0, 0.5, -0.25, 1, 1], [0.1] * 6]
    cases = []
    for differences in samples:
        result = stats.permutation_test((differences,), numpy.sum, permutation_type="samples", vectorized=True,
                                        n_resamples=numpy.inf)
        cases.append({"differences": differences, "p": float(result.pvalue)})
    return cases


def drawn_sign_flip(rng):
    differences = sample(rng, 25)
    signs = rng.choice([-1, 1], (199, 25))
    sums = numpy.abs(signs @ numpy.array(differences))
    hits = int(numpy.sum(sums >= abs(numpy.sum(differences)) * (1 - 1e-13)))
    return [{"differences": differences, "signs": signs.ravel().tolist(), "p": (1 + hits) / 200}]


def holm(rng):
    cases = []
    for n in (1, 2, 6, 12):
        p_values = numpy.append(rng.uniform(0, 1, n) ** 3, [0.02, 0.02]).tolist()
        cases.append({"p": p_values, "corrected": multitest.multipletests(p_values, method="holm")[1].tolist()})
    return cases


def equivalence(rng):
    """The s at which statsmodels' two one-sided tests reach p = .05."""
    cases = []
    for n in (2, 6, 8, 30):
        differences = numpy.array(sample(rng, n))
        described = weightstats.DescrStatsW(differences)
        far = 1e3 * (abs(described.mean) + described.std)
        s = optimize.brentq(lambda s: described.ttost_mean(-s, s)[0] - 0.05, abs(described.mean), far,
                            xtol=1e-300, rtol=1e-15, maxiter=1000)
        cases.append({"differences": differences.tolist(), "s": float(s)})
    return cases


def mcnemar(rng):
    pairs = [(0, 0), (0, 1), (0, 6), (3, 3), (7, 1)] + rng.integers(0, 400, (6, 2)).tolist()
    return [{"first": int(a), "second": int(b),
             "p": float(contingency_tables.mcnemar([[5, a], [b, 5]], exact=True).pvalue)} for a, b in pairs]


def wilson(rng):
    cases = []
    for n in (1, 10, 77, 5000):
        for successes in {0, n, int(rng.integers(0, n + 1))}:
            for level in (0.9, 0.95, 0.99):
                low, high = proportion.proportion_confint(successes, n, 1 - level, method="wilson")
                cases.append({"successes": successes, "trials": n, "level": level, "low": low, "high": high})
    return cases


NODES, WEIGHTS = numpy.polynomial.legendre.leggauss(100)


def rejects(effect, n, alpha):
    """Power of the two-sided t-test, integrated over the deviation: scipy's nct gives NaN for some large effects."""
    critical, centre = stats.t.isf(alpha / 2, n - 1), effect * numpy.sqrt(n)
    spread = stats.chi(n - 1, scale=1 / numpy.sqrt(n - 1))
    ends = numpy.concatenate([spread.ppf([1e-17, 0.01, 0.2, 0.5, 0.8]), spread.isf([0.01, 1e-17])])
    low, width = ends[:-1, None], numpy.diff(ends)[:, None]
    s = low + width * (NODES + 1) / 2
    accepted = (stats.norm.cdf(critical * s - centre) - stats.norm.cdf(-critical * s - centre)) * spread.pdf(s)
    return 1 - float(numpy.sum(accepted * WEIGHTS * width / 2))


def detectable(rng):
    cases = []
    for n in (3, 4, 6, 8, 20, 100):
        for alpha in (0.05, 0.05 / 6, float(rng.uniform(0.01, 0.1))):
            for wanted in (0.8, 0.5):
                effect = optimize.brentq(lambda d: rejects(d, n, alpha) - wanted, 1e-3, 20, xtol=1e-14, rtol=1e-14)
                assert not abs(power.TTestPower().power(effect, n, alpha) - wanted) > 1e-12  # or it is NaN
                cases.append({"n": n, "alpha": alpha, "power": wanted, "effect": float(effect)})
    return cases


def bootstrap(rng):
    """Every seed's items differ in number; the draws are stored, so that both sides average the same values."""
    items = [rng.normal(0.5, 1, n).round(3).tolist() for n in (7, 4, 9, 1)]
    draws, means = [], []
    for _ in range(40):
        seeds = rng.integers(0, len(items), len(items)).tolist()
        chosen = [rng.integers(0, len(items[seed]), len(items[seed])).tolist() for seed in seeds]
        draws.append({"seeds": seeds, "items": chosen})
        means.append(float(numpy.mean([numpy.mean(numpy.take(items[s], c)) for s, c in zip(seeds, chosen)])))
    low, high = numpy.quantile(means, [0.025, 0.975])
    return [{"items": items, "draws": draws, "means": means, "level": 0.95, "low": float(low), "high": float(high)}]


def tasks(rng):
    """Scores of two arms on tasks with different numbers of runs; ties, and a run beyond all others; stored draws."""
    cases = []
    for counts, diverged in (((8, 8), 0), ((3, 5, 4), 1), ((1, 2), 0), ((6, 6, 6, 6, 7), 2)):
        a, b = ([(rng.normal(task, 1, n).round(1)).tolist() for task, n in enumerate(counts)] for _ in "ab")
        for i in range(diverged):
            a[i][0] = 1e300
        wins = [1 - stats.mannwhitneyu(x, y).statistic / (len(x) * len(y)) for x, y in zip(a, b)]
        draws, means = [], []
        for _ in range(30):
            draw = [rng.integers(0, n, n).tolist() for n in counts]
            draws.append(draw)
            means.append(float(stats.trim_mean(numpy.concatenate([numpy.take(y, c) for y, c in zip(b, draw)]), 0.25)))
        low, high = numpy.quantile(means, [0.025, 0.975])
        cases.append({"a": a, "b": b,
                      "mean": float(stats.trim_mean(numpy.concatenate(b), 0.25)), "improvement": float(numpy.mean(wins)),
                      "draws": draws, "means": means, "level": 0.95, "low": float(low), "high": float(high)})
    return cases


def make(seed, most_exact):
    rng = numpy.random.default_rng(seed)
    return {
        "versions": {"python": sys.version.split()[0], "numpy": numpy.__version__, "scipy": scipy.__version__,
                     "statsmodels": statsmodels.__version__},
        "seed": seed, "moments": moments(rng), "correlation": correlation(rng), "sign_flip": sign_flip(rng, most_exact),
        "drawn_sign_flip": drawn_sign_flip(rng), "holm": holm(rng), "equivalence": equivalence(rng),
        "mcnemar": mcnemar(rng), "wilson": wilson(rng), "detectable": detectable(rng), "bootstrap": bootstrap(rng),
        "tasks": tasks(rng),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most-exact", type=int, default=12, help="pairs of the largest exact sign-flip test")
    arguments = parser.parse_args()
    with open(arguments.out, "w", encoding="utf-8") as out:
        json.dump(make(arguments.seed, arguments.most_exact), out, separators=(",", ":"))
        out.write("\n")
