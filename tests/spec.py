"""Ratings for tests: the glossary's worked examples, and counts made of plain tables."""

import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.ratings.settings import Selection
from data.contexts import DIFFERENT
from data.counts import COLUMNS
from data.mentalalign import STUDY
from data.ratings import LEDGER_COLUMNS, Ratings, long_table
from data.repeats import COLUMNS as REPEATS
from data.study import HUMAN, Rule, Study

EXAMPLES = Path(__file__).parents[1] / "analysis" / "wording" / "examples.md"

KEYS = {"Experts": HUMAN} | {named.label: named.key for named in (*STUDY.systems, *STUDY.judges)}
HEADINGS = {
    "Replies": "n_pairs",
    "Targets": "n_targets",
    "ICC(C,1)": "icc_c1",
    "ICC(A,1)": "icc_a1",
    "Bias": "bias",
    "MSE": "mse",
    "RMSE": "rmse",
    "Experts' mean": "human_mean",
    "Judge's mean": "judge_mean",
    "Among": "ranked",
    "Original reply": "original",
    "Excluded": "exclude",
    "Value": "value",
    "From": "value_low",
    "To": "value_high",
}


class Example(NamedTuple):
    """One worked example: the ratings as counts, and the table that should come of them."""

    counts: pd.DataFrame
    expected: pd.DataFrame


def example(title: str) -> Example:
    """Read one example; labels become keys, and column headings the names that the product's tables use.

    Where it names no model there is one, and where it counts no conversations each row of a model is another.
    """
    given, expected = tables_of(title)
    ratings = given.rename(columns=lambda name: KEYS.get(name, name.lower()))
    if "model" not in ratings:
        ratings["model"] = STUDY.systems[0].label
    if "conversation" not in ratings:
        each = [name for name in ("model", "attribute") if name in ratings]
        ratings["conversation"] = ratings.groupby(each).cumcount() + 1
    return Example(counts_of(ratings), expected)


def tables_of(title: str) -> list[pd.DataFrame]:
    """Read the tables below a heading of the worked examples, with numbers as numbers."""
    section = re.split(r"^## ", EXAMPLES.read_text(encoding="utf-8"), flags=re.MULTILINE)
    text = next(part for part in section if part.splitlines()[0] == title)
    blocks = re.findall(r"(?:^\|.*\n?)+", text, flags=re.MULTILINE)
    tables = []
    for block in blocks:
        header, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()]
        table = pd.DataFrame([[_value(cell) for cell in row] for row in rows], columns=header)
        tables.append(table.rename(columns=lambda name: HEADINGS.get(name, name)))
    return tables


def _value(cell: str) -> object:
    if cell in ("missing", "undefined"):
        return np.nan
    try:
        return float(cell)
    except ValueError:
        return cell


def selected(
    judges: tuple[str, ...] = STUDY.judge_keys,
    models: tuple[str, ...] = STUDY.system_keys,
    attributes: tuple[str, ...] = STUDY.attribute_names,
    panel: tuple[str, ...] = (),
    rule: Rule = "mean",
) -> Selection:
    """Select a part of the published study: all that is not given, and nothing where nothing is given."""
    return Selection(judges, models, attributes, panel, rule)


def counts_of(ratings: pd.DataFrame) -> pd.DataFrame:
    """Make counts, as :func:`data.counts.count_pairs` gives them, of one row for each reply and attribute.

    ``ratings`` has ``conversation, model, human`` and one column for each judge, by key; ``attribute`` (Safety),
    ``different``, ``human_recovered``, ``recovered`` and ``n`` may be there. Models go by key or by label. A rating
    counts as released unless it was recovered, and as valid where it is on the scale.
    """
    ratings = ratings.assign(model=ratings["model"].map(lambda name: KEYS.get(name, name)))
    rest = {
        "attribute": "Safety",
        "different": False,
        "repeated": False,
        "partial": False,
        "human_recovered": False,
        "recovered": False,
        "n": 1,
    }
    ratings = ratings.assign(**{name: value for name, value in rest.items() if name not in ratings})
    judges = [judge for judge in STUDY.judge_keys if judge in ratings]
    kept = ["conversation", "model", "attribute", "human", *rest.keys() - {"attribute"}]
    frame = pd.concat(
        [ratings[kept].assign(judge=judge, rating=ratings[judge].astype(float)) for judge in judges], ignore_index=True
    )
    frame = frame.rename(columns={"conversation": "cluster"}).astype(
        {
            "judge": pd.CategoricalDtype(judges),
            "model": pd.CategoricalDtype(list(STUDY.system_keys)),
            "attribute": pd.CategoricalDtype(list(STUDY.attribute_names)),
            "cluster": "int32",
            "human": float,
            "n": "int32",
        }
    )
    for name, mark in (("human", "human_recovered"), ("rating", "recovered")):
        valid = frame[name].where(STUDY.scale.holds(frame[name].to_numpy()))
        frame = frame.assign(**{f"{name}_valid": valid, name: frame[name].mask(frame[mark].astype(bool))})
    return frame[COLUMNS]


def ratings_of(study: Study, rows: pd.DataFrame) -> Ratings:
    """Make single ratings of rows as :func:`counts_of` takes them; conversations are in the order of their numbers.

    A conversation that is ``different`` is so in every judge's file.
    """
    conversations = sorted(rows["conversation"].unique())
    place = (
        pd.Index(conversations).get_indexer(rows["conversation"]),
        pd.Index(study.system_keys).get_indexer(rows["model"].map(lambda name: KEYS.get(name, name))),
        pd.Index(study.attribute_names).get_indexer(rows["attribute"]),
    )
    given = {}
    for rater in study.raters:
        given[rater] = np.full((len(conversations), len(study.systems), len(study.attributes)), np.nan)
        given[rater][place] = rows[rater]
    valid = {rater: np.where(study.scale.holds(each), each, np.nan) for rater, each in given.items()}
    differing = pd.DataFrame(columns=["conversation", "rater", "error", "stands_at"])
    if "different" in rows:
        marked = sorted(rows.loc[rows["different"].astype(bool), "conversation"].unique())
        each = [(number, judge, DIFFERENT, "") for judge in study.judge_keys for number in marked]
        differing = pd.DataFrame(each, columns=differing.columns)
    return Ratings(
        study,
        long_table(study, conversations, given, valid),
        pd.DataFrame(columns=["conversation", "rater", "context"]),
        pd.DataFrame(columns=["conversation", "model", "rater", "explanation"]),
        pd.DataFrame(columns=LEDGER_COLUMNS),
        differing,
        pd.DataFrame(columns=REPEATS),
        (),
    )


def grid(human: np.ndarray, judge: np.ndarray) -> pd.DataFrame:
    """Make pairs, as :func:`analysis.ratings.pairs.pairs` does, of ratings by (model, conversation); NaN is none."""
    model, conversation = (axis.ravel() for axis in np.indices(np.shape(human)))
    frame = pd.DataFrame(
        {
            "judge": pd.Categorical.from_codes(np.zeros_like(model), ["o4-mini"]),
            "model": pd.Categorical.from_codes(model, list(STUDY.system_keys)),
            "attribute": pd.Categorical.from_codes(np.zeros_like(model), ["Safety"]),
            "cluster": conversation,
            "n": 1,
            "human": np.ravel(human).astype(float),
            "rating": np.ravel(judge).astype(float),
        }
    )
    return frame.dropna()
