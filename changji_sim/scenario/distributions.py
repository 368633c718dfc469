"""Distributions (分布) as a scenario file writes them, each reduced to one of a few shapes the streams can draw fast.

Whatever has a density becomes a table of its quantile function: knots lie evenly within every halving of the
distance to either end, so that tails are as fine as the middle. Straight lines between knots keep a draw
within 0.01% of the true quantile for the distributions shipped here.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np

from ..base.by_year import is_by_year
from ..base.checks import meant, shown
from ..base.faults import nearest
from ..base.messages import Message, joined, message

STEPS_PER_OCTAVE = 64
OCTAVES = 31  # a 32-bit uniform, folded at one half
SIDE = OCTAVES * STEPS_PER_OCTAVE + 1  # knots on each side of one half

NAMES: dict[str, tuple[tuple[str, ...], ...]] = {  # distributions whose numbers have names, each way to write them
    "normal": (("mean", "sd"),),
    "lognormal": (("median", "sigma"), ("mean", "sigma")),
    "beta": (("mean", "sd"),),
    "waiting": (("within", "probability"),),
}

# Knots that take scipy to work out, and scipy a sixth of a second to import: of the normal, and of the betas of the
# scenarios that ship. `scripts/keep_knots.py` writes them.
KEPT = files(__package__) / "knots"

MOST_KEPT = 500  # tables of 32 kB
_MADE: dict[tuple[str, str], Distribution] = {}

Quantile = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class Distribution:
    """One distribution, ready to draw.

    ``shape`` is ``fixed``, ``table``, ``choice``, ``chance``, ``waiting`` or ``month``. ``values`` holds the fixed
    value, the choices, the probability, (within, probability) or (first, last month); ``weights`` the cumulated weights
    of a choice; ``table`` the knots, shape ``(2, SIDE)``: below and above one half, counted from the nearer end.
    ``mean`` is the exact mean where it is known, of an amount that of what is used: no draw is below 0. ``below_zero``
    is the share of draws that are taken as 0.
    """

    shape: str
    values: tuple[float, ...] = ()
    keys: tuple[Any, ...] = ()
    weights: tuple[float, ...] = ()
    table: np.ndarray | None = None
    mean: float = math.nan
    spec: Mapping[str, Any] = field(default_factory=dict)
    below_zero: float = 0.0

    @cached_property
    def thresholds(self) -> np.ndarray:
        """Of a choice: the first 32-bit word of each value but the first."""
        return np.ceil(np.array(self.weights[:-1]) * 2.0**32 - 0.5).clip(0, 2.0**32 - 1).astype(np.uint32)


def fixed(value: float) -> Distribution:
    """Always the same value; draws nothing."""
    return Distribution("fixed", (float(value),), mean=float(value), spec={"fixed": value})


def parse_distribution(spec: Any) -> Distribution:
    """A distribution from its form in a scenario file, such as ``{lognormal: {median: 200, sigma: 0.8}}`` or a number.

    Raises:
        ValueError: with a sentence that says what is wrong and what would do.
    """
    if isinstance(spec, bool):
        return fixed(int(spec))
    if isinstance(spec, (int, float)):
        return fixed(_number(spec, message("a fixed value")))
    if is_by_year(spec):
        raise ValueError(message("found values by year; one distribution holds for all years, such as {{fixed: 5}}"))
    if not isinstance(spec, Mapping) or len(spec) != 1:
        number = meant(spec)
        hint = "" if number is None else message("; write {number:.10g}", number=number)
        what = message(
            "a distribution is one of {kinds} with its values, such as {{fixed: 5}}, not {value}{hint}",
            kinds=joined(KINDS), value=shown(spec), hint=hint,
        )  # fmt: skip
        raise ValueError(what)
    kind, values = next(iter(spec.items()))
    if kind not in KINDS:
        what = message(
            "'{kind}' is not a distribution{hint} (known: {kinds})",
            kind=kind, hint=nearest(kind, KINDS), kinds=joined(KINDS),
        )  # fmt: skip
        raise ValueError(what)
    made = _made(kind, values)
    return Distribution(made.shape, made.values, made.keys, made.weights, made.table, made.mean, spec={kind: values})


def _made(kind: str, values: Any) -> Distribution:
    """The distribution without its spec; one that was made before is taken again, for its table takes milliseconds."""
    key = kind, repr(values)
    if key not in _MADE:
        if len(_MADE) >= MOST_KEPT:
            _MADE.clear()
        _MADE[key] = KINDS[kind](values)
    return _MADE[key]


def _number(value: Any, what: str, low: float = -math.inf, high: float = math.inf) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(message("{what} must be a finite number, not {value}", what=what, value=shown(value)))
    if not low <= value <= high:
        sentence = message(
            "{what} must lie between {low:g} and {high:g}, not {value}", what=what, low=low, high=high, value=value
        )
        raise ValueError(sentence)
    return float(value)


def _takes(kind: str, form: str, values: Any) -> Message:
    return message("{kind} takes {form}, not {value}", kind=kind, form=form, value=shown(values))


def _named(values: Any, kind: str) -> tuple[float, ...]:
    """The numbers of a mapping whose keys are exactly one of the distribution's `NAMES`."""
    choices = NAMES[kind]
    if isinstance(values, Mapping):
        for names in choices:
            if set(values) == set(names):
                return tuple(_number(values[name], f"{kind}: {name}") for name in names)
    wanted = joined(("{" + ", ".join(names) + "}" for names in choices), "或", " or ")
    raise ValueError(_takes(kind, wanted, values))


def _listed(values: Any, kind: str, names: Sequence[str]) -> list[float]:
    if not isinstance(values, Sequence) or isinstance(values, str) or len(values) != len(names):
        raise ValueError(_takes(kind, f"[{', '.join(names)}]", values))
    numbers = [_number(v, f"{kind}: {name}") for v, name in zip(values, names, strict=True)]
    if numbers != sorted(numbers):
        what = message("{kind} takes its values in ascending order, not {value}", kind=kind, value=shown(values))
        raise ValueError(what)
    return numbers


def _tabulated(quantile: Quantile, mean: float) -> Distribution:
    """Knots of ``quantile`` at `words_of_knots`, counted from the lower and from the upper end."""
    u = words_of_knots()
    with np.errstate(all="ignore"):
        table = np.stack([quantile(u), _from_above(quantile, u)])
    return _of_table(table, mean)


def _of_table(table: np.ndarray, mean: float) -> Distribution:
    if not np.isfinite(table).all():
        raise ValueError(message("this distribution has no finite quantiles with these values"))
    return Distribution("table", table=np.ascontiguousarray(table), mean=float(mean))


def _from_above(quantile: Quantile, u: np.ndarray) -> np.ndarray:
    upper = getattr(quantile, "upper", None)
    return upper(u) if upper else quantile(1.0 - u)


def _uniform(values: Any) -> Distribution:
    a, b = _listed(values, "uniform", ("low", "high"))
    return fixed(a) if a == b else _tabulated(lambda u: a + (b - a) * u, (a + b) / 2)


def _triangular(values: Any) -> Distribution:
    a, m, b = _listed(values, "triangular", ("low", "mode", "high"))
    return fixed(a) if a == b else _tabulated(lambda u: triangular_quantile(u, a, m, b), (a + m + b) / 3)


def triangular_quantile(u: np.ndarray, low: float, mode: float, high: float) -> np.ndarray:
    """Quantile function of the triangular distribution."""
    split = (mode - low) / (high - low)
    rising = low + np.sqrt(u * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - u) * (high - low) * (high - mode))
    return np.where(u < split, rising, falling)


def _normal(values: Any) -> Distribution:
    mean, sd = _named(values, "normal")
    _number(sd, "normal: sd", 0)
    return fixed(mean) if sd == 0 else _of_normal(lambda z: mean + sd * z, mean)


def _of_normal(of_z: Callable[[np.ndarray], np.ndarray], mean: float) -> Distribution:
    """A monotone function of a normal, exact in the upper tail too."""
    z = normal_knots()
    with np.errstate(all="ignore"):
        return _of_table(np.stack([of_z(z), of_z(-z)]), mean)


@cache
def normal_knots() -> np.ndarray:
    """The standard normal's knots below one half."""
    return _kept("normal.npy", (SIDE,))


def _kept(name: str, shape: tuple[int, ...]) -> np.ndarray:
    knots = np.load(io.BytesIO((KEPT / name).read_bytes()), allow_pickle=False)
    assert knots.shape == shape, f"{name} is not what scripts/keep_knots.py writes now"
    return knots


def _lognormal(values: Any) -> Distribution:
    if isinstance(values, Mapping) and "mean" in values:
        mean, sigma = _named(values, "lognormal")
        median = mean * math.exp(-(sigma**2) / 2)
    else:
        median, sigma = _named(values, "lognormal")
    if median <= 0 or not 0 <= sigma <= 5:
        what = message("lognormal needs a median above 0 and a sigma between 0 and 5, not {value}", value=shown(values))
        raise ValueError(what)
    if sigma == 0:
        return fixed(median)
    return _of_normal(lambda z: median * np.exp(sigma * z), median * math.exp(sigma**2 / 2))


def _beta(values: Any) -> Distribution:
    mean, sd = _named(values, "beta")
    if not 0 < mean < 1 or not 0 < sd < math.sqrt(mean * (1 - mean)):
        what = message(
            "beta needs a mean between 0 and 1 and a smaller sd than √(mean·(1−mean)), not {value}",
            value=shown(values),
        )
        raise ValueError(what)
    kept = name_of_beta(mean, sd)
    return _of_table(_kept(kept, (2, SIDE)) if (KEPT / kept).is_file() else beta_knots(mean, sd), mean)


def name_of_beta(mean: float, sd: float) -> str:
    """The file of a beta's knots."""
    return f"beta-{mean!r}-{sd!r}.npy"


def beta_knots(mean: float, sd: float) -> np.ndarray:
    """The knots of a beta by scipy."""
    from scipy.special import betaincinv

    total = mean * (1 - mean) / sd**2 - 1
    a, b = mean * total, (1 - mean) * total
    u = words_of_knots()
    with np.errstate(all="ignore"):
        return np.stack([betaincinv(a, b, u), 1 - betaincinv(b, a, u)])


def _mixture(values: Any) -> Distribution:
    if not isinstance(values, Sequence) or isinstance(values, str) or not 1 <= len(values) <= 20:
        what = message("mixture takes a list of {{weight: …, lognormal: …}}, not {value}", value=shown(values))
        raise ValueError(what)
    parts, weights = [], []
    for part in values:
        if not isinstance(part, Mapping) or "weight" not in part:
            raise ValueError(message("each part of a mixture needs a weight, not {value}", value=shown(part)))
        weights.append(_number(part["weight"], "mixture: weight", 0))
        parts.append(parse_distribution({k: v for k, v in part.items() if k != "weight"}))
        if parts[-1].shape != "table":
            raise ValueError(message("a mixture is made of distributions with a density (uniform, lognormal, …)"))
    if sum(weights) <= 0:
        raise ValueError(message("the weights of a mixture must add up to more than 0"))
    share = np.array(weights) / sum(weights)
    mean = float(sum(s * p.mean for s, p in zip(share, parts, strict=True)))
    return _tabulated(_mixture_quantile(parts, share), mean)


def _mixture_quantile(parts: Sequence[Distribution], share: np.ndarray) -> Quantile:
    """By bisection of the mixture's distribution function, each part's read off its own table."""
    knots = [_knots(part) for part in parts]

    def below(x: np.ndarray) -> np.ndarray:
        return sum(s * np.interp(x, value, p, left=0.0) for s, (p, value) in zip(share, knots, strict=True))

    def above(x: np.ndarray) -> np.ndarray:
        return sum(s * np.interp(x, value, q, right=0.0) for s, (q, value) in zip(share, upper_knots, strict=True))

    upper_knots = [(_upper(p), value) for p, (_, value) in zip(parts, knots, strict=True)]
    low, high = min(v[0] for _, v in knots), max(v[-1] for _, v in knots)

    def bisect(reached: Callable[[np.ndarray], np.ndarray], size: int) -> np.ndarray:
        a, b = np.full(size, low), np.full(size, high)
        for _ in range(80):
            middle = (a + b) / 2
            is_beyond = reached(middle)
            a, b = np.where(is_beyond, a, middle), np.where(is_beyond, middle, b)
        return (a + b) / 2

    def quantile(u: np.ndarray) -> np.ndarray:
        return bisect(lambda x: below(x) >= u, len(u))

    quantile.upper = lambda u: bisect(lambda x: above(x) <= u, len(u))  # type: ignore[attr-defined]
    return quantile


def words_of_knots() -> np.ndarray:
    """Where the knots lie: at 2⁻ᵏ(1 + j/64) of the 32-bit words, as uniforms, shape ``(SIDE,)``."""
    steps = np.arange(SIDE)
    words = 2.0 ** (steps // STEPS_PER_OCTAVE) * (1 + (steps % STEPS_PER_OCTAVE) / STEPS_PER_OCTAVE)
    return (words - 0.5) / 2.0**32


def _knots(part: Distribution) -> tuple[np.ndarray, np.ndarray]:
    u, table = words_of_knots(), part.table
    assert table is not None, "a part of a mixture has a table"
    return np.concatenate([u, 1 - u[::-1]]), np.concatenate([table[0], table[1][::-1]])


def share_below(distribution: Distribution, value: float) -> float:
    """The probability that a draw is below a value; of distributions that are fixed, chosen, or have a table."""
    if distribution.shape == "table":
        u, x = _knots(distribution)
        return float(np.interp(value, x, u, left=0.0, right=1.0))
    weights = np.diff([0.0, *distribution.weights]) if distribution.shape == "choice" else np.ones(1)
    return float(weights[np.array(distribution.values) < value].sum())


def shares_below(distribution: Distribution, values: np.ndarray) -> np.ndarray:
    """The probability that a draw of a distribution with a table is below each of some values, of any shape."""
    u, x = _knots(distribution)
    return np.interp(values, x, u, left=0.0, right=1.0)


def below_zero(distribution: Distribution) -> tuple[float, float]:
    """The share of a tabulated distribution that lies below 0, and its mean if that share is taken as 0."""
    u, x = _knots(distribution)
    if x[0] >= 0:
        return 0.0, distribution.mean
    share = float(np.interp(0.0, x, u))
    below = np.minimum(x, 0.0)
    return share, float(distribution.mean - np.sum((below[1:] + below[:-1]) / 2 * np.diff(u)))


def _upper(part: Distribution) -> np.ndarray:
    u = words_of_knots()
    return np.concatenate([1 - u, u[::-1]])


def _choice(values: Any) -> Distribution:
    if not isinstance(values, Mapping) or not 1 <= len(values) <= 50:
        raise ValueError(message("choice takes {{value: weight, …}}, not {value}", value=shown(values)))
    for key in values:
        _number(key, message("choice: each value (write it without quotes)"))
    weights = [_number(w, message("choice: weight of {key}", key=k), 0) for k, w in values.items()]
    if sum(weights) <= 0:
        raise ValueError(message("the weights of a choice must add up to more than 0"))
    keys = tuple(values)
    numbers = tuple(float(key) for key in keys)
    cumulated = np.cumsum(weights) / sum(weights)
    cumulated[-1] = 1.0
    mean = sum(n * w for n, w in zip(numbers, weights, strict=True)) / sum(weights)
    return Distribution("choice", numbers, keys, tuple(cumulated), mean=mean)


def _chance(value: Any) -> Distribution:
    p = _number(value, "chance", 0, 1)
    return fixed(p) if p in (0, 1) else Distribution("chance", (p,), mean=p)


def _waiting(values: Any) -> Distribution:
    within, probability = _named(values, "waiting")
    if within < 1 or within != int(within) or not 0 <= probability < 1:
        what = message(
            "waiting needs whole years within and a probability from 0 to below 1, not {value}", value=shown(values)
        )
        raise ValueError(what)
    return Distribution("waiting", (within, probability))


def _month(values: Any) -> Distribution:
    first, last = _listed(values, "month", ("first", "last"))
    if not 1 <= first <= last <= 12 or first != int(first) or last != int(last):
        raise ValueError(message("month takes two whole months between 1 and 12, not {value}", value=shown(values)))
    return Distribution("month", (first, last))


KINDS: dict[str, Callable[[Any], Distribution]] = {
    "fixed": lambda value: fixed(_number(value, "fixed")),
    "uniform": _uniform,
    "triangular": _triangular,
    "normal": _normal,
    "lognormal": _lognormal,
    "beta": _beta,
    "mixture": _mixture,
    "choice": _choice,
    "chance": _chance,
    "waiting": _waiting,
    "month": _month,
}
