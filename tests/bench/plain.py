"""The published procedure written plainly, to time the product against: row by row JSON, one loop per resample."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd

from data.mentalalign import STUDY

Ratings = dict[tuple[int, str, str], float]


def read(folder: Path) -> dict[str, Ratings]:
    """Read the five workbooks row by row: ratings by rater, then by (row, model, attribute)."""
    ratings: dict[str, Ratings] = {}
    for path in sorted(folder.rglob("*.xlsx")):
        table = pd.read_excel(path)
        table.columns = [str(name).strip() for name in table.columns]
        rater = next(
            (judge.key for judge in STUDY.judges if re.search(judge.stem, re.sub(r"[-_ ]", "", path.name))), "human"
        )
        mine: Ratings = {}
        for place, row in table.iterrows():
            for model in STUDY.systems:
                kind = "human" if rater == "human" else "judge"
                text = re.sub(r"^```(json)?|```$", "", str(row[f"{kind}_response_{model.suffix}"]).strip()).strip()
                try:
                    cell = json.loads(text)
                except ValueError:
                    continue
                for attribute in STUDY.attribute_names:
                    value = cell.get(attribute) if isinstance(cell, dict) else None
                    if isinstance(value, int | float):
                        mine[int(str(place)), model.key, attribute] = float(value)
        ratings[rater] = mine
    return ratings


def means(ratings: dict[str, Ratings], judge: str, attribute: str, own: tuple[str, ...]) -> pd.DataFrame:
    """Mean of the experts and of a judge for each model but its own, over the replies that both rated."""
    pairs: dict[str, list[tuple[float, float]]] = {}
    for (place, model, name), value in ratings["human"].items():
        other = ratings[judge].get((place, model, name))
        if name == attribute and model not in own and other is not None:
            pairs.setdefault(model, []).append((value, other))
    return pd.DataFrame({model: np.mean(both, axis=0) for model, both in pairs.items()}, index=["human", "judge"]).T


def icc(table: pd.DataFrame) -> tuple[float, float]:
    """ICC(C,1) and ICC(A,1) from the two-way mean squares."""
    values = table.to_numpy()
    n, k = values.shape
    grand = values.mean()
    rows = k * ((values.mean(axis=1) - grand) ** 2).sum() / (n - 1)
    columns = n * ((values.mean(axis=0) - grand) ** 2).sum() / (k - 1)
    rest = ((values - values.mean(axis=1, keepdims=True) - values.mean(axis=0) + grand) ** 2).sum()
    error = rest / ((n - 1) * (k - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return (rows - error) / (rows + error), (rows - error) / (rows + error + 2 * (columns - error) / n)


def interval(table: pd.DataFrame, resamples: int, rng: np.random.Generator) -> tuple[float, float]:
    """Percentile interval of ICC(C,1): draw models, compute, keep what lies in [0, 1]."""
    values = []
    for _ in range(resamples):
        drawn = rng.choice(table.index, size=len(table))
        value, _ = icc(table.loc[drawn])
        if 0 <= value <= 1:
            values.append(value)
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def pingouin_interval(table: pd.DataFrame, resamples: int, rng: np.random.Generator) -> tuple[float, float]:
    """Compute the same interval with pingouin in the loop, as most would write it."""
    import pingouin

    values = []
    for _ in range(resamples):
        drawn = table.loc[rng.choice(table.index, size=len(table))].reset_index(drop=True).rename_axis("target")
        long = drawn.reset_index().melt(id_vars="target", var_name="rater")
        result = pingouin.intraclass_corr(long, targets="target", raters="rater", ratings="value").set_index("Type")
        value = float(result.loc["ICC(C,1)", "ICC"])
        if 0 <= value <= 1:
            values.append(value)
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def whole(folder: Path, resamples: int) -> pd.DataFrame:
    """Make the paper's table: 28 cells with both coefficients and the interval."""
    ratings, rng, rows = read(folder), np.random.default_rng(0), []
    for judge in STUDY.judges:
        for attribute in STUDY.attribute_names:
            table = means(ratings, judge.key, attribute, judge.own)
            rows.append((judge.key, attribute, *icc(table), *interval(table, resamples, rng)))
    return pd.DataFrame(rows, columns=["judge", "attribute", "icc_c1", "icc_a1", "icc_c1_low", "icc_c1_high"])
