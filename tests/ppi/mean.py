"""Prediction-powered means of made ratings by the library ppi-python, computed without our code.

    python tests/ppi/mean.py

writes ``ratings.csv`` (made ratings; no expert rating where the judge alone rated) and ``mean.csv`` (lambda, mean and
the ends of the 95% interval, normal and taking every reply for independent). It needs ppi-python, which nothing else
here does; both files were written with ppi-python 0.2.3 and numpy 2.4.6.
"""

from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
# Name, replies rated by the experts and further ones, what the judge follows the experts by, its scale and its shift.
MADE = (
    ("good", 60, 300, 0.8, 1.0, 0.4),
    ("weak", 60, 300, 0.2, 1.0, 0.8),
    ("reversed", 50, 120, -0.5, 1.0, 0.0),
    ("compressed", 80, 240, 0.9, 0.2, 1.0),
    ("few further", 120, 15, 0.7, 1.0, -0.5),
)


def ratings(name: str, n: int, further: int, *, follows: float, scale: float, shift: float) -> pd.DataFrame:
    """Make ratings by experts and a judge, the experts' whole."""
    random = np.random.default_rng(len(name) + n)
    experts = np.clip(np.rint(random.normal(3.4, 1.1, n + further)), 1, 5)
    own = random.normal(0, np.sqrt(1 - follows**2), n + further)
    judge = np.round(3 + shift + scale * (follows * (experts - 3) + own), 6)
    human = np.where(np.arange(n + further) < n, experts, np.nan)
    return pd.DataFrame({"table": name, "human": human, "judge": judge})


def answers(made: pd.DataFrame) -> dict[str, float]:
    """Compute lambda, mean and interval with the library."""
    from ppi_py import ppi_mean_ci, ppi_mean_pointestimate

    paired = made["human"].notna()
    experts, judge = (made.loc[paired, name].to_numpy() for name in ("human", "judge"))
    alone = made.loc[~paired, "judge"].to_numpy()
    mean = ppi_mean_pointestimate(experts, judge, alone).item()
    low, high = (end.item() for end in ppi_mean_ci(experts, judge, alone, alpha=0.05))
    return {
        "tuning": (mean - experts.mean()) / (alone.mean() - judge.mean()),
        "mean": mean,
        "low": low,
        "high": high,
    }


if __name__ == "__main__":
    every = pd.concat(
        [ratings(name, n, more, follows=by, scale=scale, shift=shift) for name, n, more, by, scale, shift in MADE],
        ignore_index=True,
    )
    every.to_csv(HERE / "ratings.csv", index=False, lineterminator="\n")
    found = pd.DataFrame([{"table": name, **answers(rows)} for name, rows in every.groupby("table", sort=False)])
    found.to_csv(HERE / "mean.csv", index=False, float_format="%.15g", lineterminator="\n")
