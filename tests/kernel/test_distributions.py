"""Distributions as a file writes them: what each becomes, and a sentence for each thing that can be wrong with one."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import script

from changji_sim.scenario.distributions import KEPT, SIDE, parse_distribution, triangular_quantile

LOGNORMAL = {"median": 200, "sigma": 0.8}


@pytest.mark.parametrize(
    ("spec", "shape", "values", "mean"),
    [
        (5, "fixed", (5.0,), 5),
        (True, "fixed", (1.0,), 1),
        ({"fixed": 2.5}, "fixed", (2.5,), 2.5),
        ({"uniform": [3, 3]}, "fixed", (3.0,), 3),
        ({"triangular": [3, 3, 3]}, "fixed", (3.0,), 3),
        ({"normal": {"mean": 3, "sd": 0}}, "fixed", (3.0,), 3),
        ({"lognormal": {"median": 3, "sigma": 0}}, "fixed", (3.0,), 3),
        ({"chance": 0}, "fixed", (0.0,), 0),
        ({"chance": 1}, "fixed", (1.0,), 1),
        ({"chance": 0.25}, "chance", (0.25,), 0.25),
        ({"choice": {1: 1, 2: 3}}, "choice", (1.0, 2.0), 1.75),
        ({"month": [1, 12]}, "month", (1.0, 12.0), math.nan),
        ({"waiting": {"within": 3, "probability": 0.3}}, "waiting", (3.0, 0.3), math.nan),
        ({"uniform": [1, 3]}, "table", (), 2),
        ({"triangular": [1, 2, 6]}, "table", (), 3),
        ({"normal": {"mean": 7, "sd": 2}}, "table", (), 7),
        ({"lognormal": {"mean": 7, "sigma": 1}}, "table", (), 7),
        ({"beta": {"mean": 0.2, "sd": 0.1}}, "table", (), 0.2),
        ({"mixture": [{"weight": 1, "uniform": [0, 2]}, {"weight": 3, "uniform": [4, 6]}]}, "table", (), 4),
    ],
)
def test_what_a_spec_becomes(spec, shape, values, mean):
    made = parse_distribution(spec)
    assert made.shape == shape
    assert made.values == values
    assert made.mean == pytest.approx(mean, nan_ok=True)
    if shape == "table":
        assert made.table.shape == (2, SIDE) and np.isfinite(made.table).all()
        assert (np.diff(made.table[0]) >= 0).all() and (np.diff(made.table[1]) <= 0).all()


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ("lognormal", r"a distribution is one of fixed, .* with its values, such as \{fixed: 5\}, not"),
        (None, r"a distribution is one of fixed, .* with its values, such as \{fixed: 5\}, not"),
        ([1, 2], r"a distribution is one of fixed, .* with its values, such as \{fixed: 5\}, not"),
        ({}, r"a distribution is one of fixed, .* with its values, such as \{fixed: 5\}, not"),
        ({"fixed": 1, "chance": 0.5}, r"a distribution is one of fixed, .* with its values, such as \{fixed: 5\}, not"),
        ({"lognromal": LOGNORMAL}, "'lognromal' is not a distribution; did you mean 'lognormal'"),
        ({"gamma": {"shape": 1}}, "'gamma' is not a distribution"),
        (math.nan, "a fixed value must be a finite number, not nan"),
        (math.inf, "a fixed value must be a finite number, not inf"),
        ({"fixed": "many"}, "fixed must be a finite number, not the text 'many'"),
        ({"fixed": True}, "fixed must be a finite number, not true"),
        ({"uniform": [1]}, r"uniform takes \[low, high\]"),
        ({"uniform": "12"}, r"uniform takes \[low, high\]"),
        ({"uniform": [3, 1]}, "ascending order"),
        ({"uniform": [0, math.inf]}, "uniform: high must be a finite number"),
        ({"triangular": [1, 2]}, r"triangular takes \[low, mode, high\]"),
        ({"triangular": [1, 5, 3]}, "ascending order"),
        ({"normal": {"mean": 1}}, r"normal takes \{mean, sd\}"),
        ({"normal": [1, 2]}, r"normal takes \{mean, sd\}"),
        ({"normal": {"mean": 1, "sd": -2}}, "normal.*sd"),
        ({"lognormal": {"median": 200}}, r"lognormal takes \{median, sigma\} or \{mean, sigma\}"),
        ({"lognormal": {"median": 0, "sigma": 1}}, "median above 0"),
        ({"lognormal": {"median": 1, "sigma": 6}}, "sigma between 0 and 5"),
        ({"lognormal": {"median": 1, "sigma": -1}}, "sigma between 0 and 5"),
        ({"lognormal": {"median": 1, "sigma": "x"}}, "lognormal: sigma must be a finite number"),
        ({"beta": {"mean": 1, "sd": 0.1}}, "a mean between 0 and 1"),
        ({"beta": {"mean": 0.5, "sd": 0.6}}, "a smaller sd than"),
        ({"beta": {"mean": 0.5, "sd": 0}}, "a smaller sd than"),
        ({"mixture": {}}, "mixture takes a list"),
        ({"mixture": []}, "mixture takes a list"),
        ({"mixture": [{"lognormal": LOGNORMAL}]}, "needs a weight"),
        ({"mixture": [3]}, "needs a weight"),
        ({"mixture": [{"weight": -1, "lognormal": LOGNORMAL}]}, "weight must lie between 0"),
        ({"mixture": [{"weight": 0, "lognormal": LOGNORMAL}]}, "add up to more than 0"),
        ({"mixture": [{"weight": 1, "fixed": 3}]}, "distributions with a density"),
        ({"mixture": [{"weight": 1, "chance": 0.3}]}, "distributions with a density"),
        ({"mixture": [{"weight": 1, "lognromal": LOGNORMAL}]}, "did you mean 'lognormal'"),
        ({"choice": [1, 2]}, "choice takes"),
        ({"choice": {}}, "choice takes"),
        ({"choice": {1: 0, 2: 0}}, "add up to more than 0"),
        ({"choice": {1: -1, 2: 2}}, "weight of 1 must lie between 0"),
        ({"choice": {1: math.nan}}, "weight of 1 must be a finite number"),
        ({"chance": 1.2}, "chance must lie between 0 and 1, not 1.2"),
        ({"chance": -0.1}, "chance must lie between 0 and 1"),
        ({"chance": "often"}, "chance must be a finite number"),
        ({"waiting": {"within": 3}}, r"waiting takes \{within, probability\}"),
        ({"waiting": {"within": 2.5, "probability": 0.3}}, "whole years"),
        ({"waiting": {"within": 0, "probability": 0.3}}, "whole years"),
        ({"waiting": {"within": 3, "probability": 1}}, "below 1"),
        ({"month": [0, 12]}, "between 1 and 12"),
        ({"month": [5, 3]}, "ascending order"),
        ({"month": [1.5, 3]}, "whole months"),
        ({"month": [1]}, r"month takes \[first, last\]"),
    ],
)
def test_a_bad_spec_gets_a_sentence(spec, sentence):
    with pytest.raises(ValueError, match=sentence) as error:
        parse_distribution(spec)
    assert "\n" not in str(error.value) and len(str(error.value)) > 20


def test_the_knots_that_are_kept_are_those_of_scipy():
    now = script("keep_knots").knots()
    assert {Path(str(file)).name for file in KEPT.iterdir()} == set(now) and len(now) > 1
    for name, found in now.items():
        np.testing.assert_allclose(np.load(Path(str(KEPT / name))), found, rtol=1e-12)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["mean", "sd", "median", "sigma", "within", "probability", "weight"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)
KINDS = [
    "fixed",
    "uniform",
    "triangular",
    "normal",
    "lognormal",
    "beta",
    "mixture",
    "choice",
    "chance",
    "waiting",
    "month",
]


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from(KINDS), ANYTHING, max_size=2) | ANYTHING)
def test_nonsense_gets_a_sentence_too(spec):
    """Whatever stands there: a distribution with finite values, or a ValueError; never another error."""
    try:
        made = parse_distribution(spec)
    except ValueError as error:
        assert str(error)
    else:
        assert all(math.isfinite(value) for value in made.values)
        assert made.table is None or np.isfinite(made.table).all()


@given(st.floats(0.001, 0.999), st.floats(0, 1))
def test_triangular_quantiles_invert_the_distribution_function(u, peak):
    x = float(triangular_quantile(np.array([u]), 0.0, peak, 1.0)[0])
    below = x**2 / peak if peak > 0 and x < peak else 1 - (1 - x) ** 2 / (1 - peak) if peak < 1 else x**2
    assert below == pytest.approx(u, abs=1e-9)
