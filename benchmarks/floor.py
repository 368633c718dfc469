"""F, the floor: the time numpy takes merely to draw the variates of a run, on one thread, with its own samplers.

Nothing is computed from them and nothing is kept. How many of each kind is committed in ``variates.json``. What numpy
has no sampler of its own for is drawn the cheapest way there is: a choice by comparing uniforms with its cumulated
weights, a mixture part by part, a wait from a logarithm. Parameters are those of the baseline.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping
from itertools import cycle
from pathlib import Path

import numpy as np

VARIATES = Path(__file__).with_name("variates.json")
BLOCK = 16_384  # doubles that stay in the cache: the fastest of the sizes tried
# Mean numbers of applications a year in the baseline, over its items.
POISSON_MEANS = (20, 5, 40, 140, 0.15, 0.2, 4, 15, 26, 35, 80, 30, 25, 10, 12, 55, 3.5)
CHOICE = np.array([0.25, 0.75])  # cumulated weights of the term of a project, without the last
MIXTURE_WEIGHT = 0.12  # of the second part

Sampler = Callable[[int], object]


def samplers(seed: int = 0) -> dict[str, Sampler]:
    """For every kind a function that draws ``n`` of them with PCG64."""
    rng = np.random.Generator(np.random.PCG64(seed))
    uniforms, means = np.empty(BLOCK), cycle(POISSON_MEANS)
    mean, sd = 0.22, 0.08
    size = mean * (1 - mean) / sd**2 - 1
    alpha, beta = mean * size, (1 - mean) * size

    def uniform(n: int) -> np.ndarray:
        return rng.random(out=uniforms[:n])

    def choice(n: int) -> np.ndarray:
        drawn = uniform(n)
        index = (drawn >= CHOICE[0]).view(np.int8)
        return np.add(index, drawn >= CHOICE[1], out=index, casting="unsafe")

    def mixture(n: int) -> None:
        second = np.count_nonzero(uniform(n) < MIXTURE_WEIGHT)
        rng.lognormal(math.log(200), 0.8, n - second)
        rng.lognormal(math.log(1500), 0.6, second)

    return {
        "beta": lambda n: rng.beta(alpha, beta, n),
        "chance": uniform,
        "choice": choice,
        "exponential": lambda n: rng.standard_exponential(out=uniforms[:n]),
        "integer": lambda n: rng.integers(0, 600, n, np.int32),
        "lognormal": lambda n: rng.lognormal(math.log(50), 1.8, n),
        "mixture": mixture,
        "month": lambda n: rng.integers(1, 13, n, np.int32),
        "normal": lambda n: rng.standard_normal(out=uniforms[:n]),
        "poisson": lambda n: rng.poisson(next(means), n),
        "triangular": lambda n: rng.triangular(100, 200, 500, n),
        "uniform": uniform,
        "waiting": lambda n: np.log(uniform(n), out=uniforms[:n]),
    }


def sampler_of(kind: str, known: Mapping[str, Sampler]) -> Sampler:
    """The sampler of a kind; ``uniform (score)`` is a uniform.

    Raises:
        KeyError: the kernel draws a kind that the floor does not know.
    """
    name = kind.split(" (")[0]
    if name not in known:
        raise KeyError(f"the floor has no sampler for the kind '{kind}' (it has {', '.join(known)})")
    return known[name]


def draw(variates: Mapping[str, int], seed: int = 0) -> float:
    """Draw that many variates of each kind; the seconds it took."""
    known = samplers(seed)
    plan = [(sampler_of(kind, known), number) for kind, number in variates.items()]
    start = time.perf_counter()
    for sampler, number in plan:
        for _ in range(number // BLOCK):
            sampler(BLOCK)
        sampler(number % BLOCK)
    return time.perf_counter() - start


def committed() -> dict:
    """The committed counts: ``scenario``, ``trials``, ``seed``, ``variates``."""
    return json.loads(VARIATES.read_text(encoding="utf-8"))


if __name__ == "__main__":
    print(f"F = {draw(committed()['variates']):.3f} s")
