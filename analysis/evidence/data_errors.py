"""The data errors of the files: how many, where they sit, and what each does to every headline figure.

A fix is a change of the counts that all figures are made of (:func:`data.counts.count_pairs`). All fixes together give
what the recommended data choices give: valid ratings only, conversations that are another in the judge's file and
copied rows of the experts left out.
A missing rating stays missing whatever is done; such data errors have no fix.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from analysis.agreement.anova import coefficients, squares_of_models, squares_of_replies
from analysis.bias.false_reassurance import reassurance_table
from analysis.column import Column, names
from analysis.ratings.columns import CELL, N_CONVERSATIONS, SCORE_COLUMN, SHARE, N
from analysis.ratings.pairs import pairs, sums
from analysis.ratings.settings import Selection, Settings
from data.data_errors import DATA_ERROR, count_kinds, error_totals, with_kinds
from data.ratings import Ratings
from data.sources import Dataset
from data.study import HUMAN, Study

FIGURE_COLUMN = Column.key(
    "figure",
    "Figure",
    "figure",
    note="What a fix may move: `icc_c1`, `icc_a1` (of models), `reply_icc_a1` (of single replies), `bias`, `mse`, "
    "`human_mean`, `false_reassurance`. What the paper prints: these, the ends and the `ci_width` of an interval, "
    "`tier`, `judge_mean`, `mean`, `average`.",
)
DECLARED = (
    *CELL,
    SCORE_COLUMN,
    FIGURE_COLUMN,
    Column.key(
        "error",
        "Data error fixed",
        "fix",
        note="Experts' ratings of 0 (`zero`), other numbers `off-scale`, `malformed` "
        "cells, `different` conversations, copied rows of the experts (`repeated`), or `all`.",
    ),
    Column.estimate("released", "With the data error", "released", ".2f", "as the figure"),
    Column.estimate("with_fix", "Fixed", "fix", ".2f", "as the figure", note="The figure with that data error fixed."),
    Column.estimate("shift", "Shift", "fix_shift", "+.3f", "as the figure"),
)
COLUMNS = names(DECLARED)
# Of data errors counted, along the files, and one by one.
DETAILS = (
    Column.key("kind", "Data error", "error"),
    Column.key("file", "File", "file"),
    Column.key("row", "Row", "sheet_row", ".0f"),
    Column.key("column", "Heading", "sheet_row"),
    Column.text("raw", "As written", "raw"),
    Column.text("cell", "Whole cell", "raw"),
    Column.text("as_released", "As released", "ratings"),
    Column.text("valid", "Valid only", "ratings"),
    Column.text("remedy", "Fix", "fix"),
    N,
    N_CONVERSATIONS,
    Column.count("n_cells", "Places", "n_cells"),
    Column.count("n_fixed", "Can be fixed", "fix"),
    Column.count("n_left", "Stay as they are", "fix"),
    Column.key("first", "From conversation", "conversation", ".0f"),
    Column.key("last", "To conversation", "conversation", ".0f"),
    SHARE,
    Column.key("stands_at", "Experts' message stands at", "stands_at", ".0f"),
    Column.count("away", "Rows away", "stands_at", "+.0f"),
)
FIGURES = ("icc_c1", "icc_a1", "reply_icc_a1", "bias", "mse", "human_mean", "false_reassurance")
ALL = "all"
BAND = 50


def without_zeros(counts: pd.DataFrame) -> pd.DataFrame:
    """Leave out the experts' ratings of 0, where 0 is not on the scale."""
    return counts.assign(human=counts["human"].mask(_zero(counts)))


def without_off_scale(counts: pd.DataFrame) -> pd.DataFrame:
    """Leave out the experts' numbers off the scale other than 0, and all of the judges'."""
    human, rating = (counts[name].where(counts[name].isna(), counts[f"{name}_valid"]) for name in ("human", "rating"))
    return counts.assign(human=human.mask(_zero(counts), counts["human"]), rating=rating)


def with_recovered(counts: pd.DataFrame) -> pd.DataFrame:
    """Count the ratings that could be told from malformed cells."""
    return counts.assign(**{name: counts[name].fillna(counts[f"{name}_valid"]) for name in ("human", "rating")})


def without_different(counts: pd.DataFrame) -> pd.DataFrame:
    """Leave out the conversations that are another in the judge's file than in the experts'."""
    return counts[~counts["different"]]


def without_repeated(counts: pd.DataFrame) -> pd.DataFrame:
    """Leave out the conversations whose row in the experts' file is a copy of another's."""
    return counts[~counts["repeated"]]


FIXES: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "zero": without_zeros,
    "off-scale": without_off_scale,
    "malformed": with_recovered,
    "different": without_different,
    "repeated": without_repeated,
}


def fixed(counts: pd.DataFrame, error: str) -> pd.DataFrame:
    """Fix one kind of data error (a key of ``FIXES``), or all of them (``ALL``)."""
    for kind, fix in FIXES.items():
        if error in (kind, ALL):
            counts = fix(counts)
    return counts


def effect_table(study: Study, counts: pd.DataFrame, settings: Settings, selection: Selection) -> pd.DataFrame:
    """Give every headline figure as released, with each data error fixed alone, and with all fixed.

    Parameters
    ----------
    study
        Whose ratings these are.
    counts
        As :func:`data.counts.count_pairs` gives them.
    settings
        Excluded models, original reply, ``low`` and ``high``. Ratings are taken as released, since every fix starts
        there.
    selection
        Judges, models and attributes.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge, attribute, figure (``FIGURES``) and error (a key of ``FIXES``, or ``ALL``):

        - ``released``: the figure with nothing fixed.
        - ``with_fix``: the figure with that data error fixed.
        - ``shift``: ``with_fix - released``; NaN where either is undefined.

        ``icc_c1`` and ``icc_a1`` compare models, ``reply_icc_a1`` is ICC(A,1) of single replies; ``bias`` and
        ``human_mean`` are in points of the scale, ``mse`` in its square, ``false_reassurance`` is a share (0-1).
    """
    standard = settings.but(ratings="as-released", repeated="kept", contexts="kept")
    frame = pairs(study, counts, standard, selection)
    kinds = (*FIXES, ALL)
    names = {
        "judge": list(frame["judge"].cat.categories),
        "attribute": list(frame["attribute"].cat.categories),
        "figure": FIGURES,
        "error": kinds,
    }
    with_fix = [_figures(pairs(study, fixed(counts, error), standard, selection), standard) for error in kinds]
    rows = pd.MultiIndex.from_product(names.values(), names=list(names)).to_frame(index=False)
    table = rows.assign(
        released=np.repeat(_figures(frame, standard), len(kinds)),
        with_fix=np.stack(with_fix, axis=-1).ravel(),
    )
    return table.assign(shift=table["with_fix"] - table["released"])


def _figures(frame: pd.DataFrame, settings: Settings) -> np.ndarray:
    """Give every figure of ``FIGURES``: shape (judge, attribute, figure)."""
    by_model = sums(frame).moments.sum(-1)
    c1, a1 = coefficients(squares_of_models(by_model))
    n, human, judge, human_squared, judge_squared, product = by_model.sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        human_mean, judge_mean = human / n, judge / n
        mse = np.maximum(human_squared + judge_squared - 2 * product, 0) / n
    values = {
        "icc_c1": c1,
        "icc_a1": a1,
        "reply_icc_a1": coefficients(squares_of_replies(by_model.sum(-1)))[1],
        "bias": judge_mean - human_mean,
        "mse": mse,
        "human_mean": human_mean,
        "false_reassurance": reassurance_table(frame, settings)["false_reassurance"].to_numpy().reshape(n.shape),
    }
    return np.stack([values[name] for name in FIGURES], axis=-1)


def _zero(counts: pd.DataFrame) -> pd.Series:
    return (counts["human"] == 0) & counts["human_valid"].isna()


def entries_of(ledger: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """Take the entries of a ledger, with their kinds, that concern the selection.

    The experts' entries concern every selection of judges; an entry without a model or an attribute concerns all.
    """
    models, attributes = {"", *selection.models}, {"", *selection.attributes}
    of_raters = ledger["rater"].isin(_raters(selection))
    wanted = of_raters & ledger["model"].isin(models) & ledger["attribute"].isin(attributes)
    return with_kinds(ledger[wanted]).reset_index(drop=True)


def totals_table(dataset: Dataset, selection: Selection) -> pd.DataFrame:
    """Count the data errors that concern the selection by file and kind, as :func:`data.data_errors.count_kinds` does.

    Of a source without single conversations the files of the selection's raters are counted as a whole.
    """
    if dataset.ratings is not None:
        return count_kinds(entries_of(dataset.ratings.ledger, selection))
    totals = error_totals(dataset.provenance.data_errors)
    return totals[totals["rater"].isin(_raters(selection))].reset_index(drop=True)


def kind_table(totals: pd.DataFrame) -> pd.DataFrame:
    """Add the totals up by kind: ``kind, n, n_fixed, n_left, remedy``; ``remedy`` says what can be done."""
    by_kind = totals.groupby("kind", sort=False)[["n", "n_fixed"]].sum().reset_index()
    return by_kind.assign(
        n_left=by_kind["n"] - by_kind["n_fixed"], remedy=[DATA_ERROR[kind].remedy for kind in by_kind["kind"]]
    )


def context_table(ratings: Ratings, selection: Selection) -> pd.DataFrame:
    """List the conversations whose message differs between the experts' file and the judges'.

    Returns
    -------
    pandas.DataFrame
        ``conversation, row, kind, stands_at, away, n_cells``: ``kind`` is ``same-text`` or ``different``;
        ``stands_at`` is the conversation at which the judges' files hold the experts' message and ``away`` how far that
        is, both NaN where it is nowhere; ``n_cells`` counts the judges' files.
    """
    entries = entries_of(ratings.ledger, selection)
    found = entries[entries["kind"].isin(("same-text", "different"))].merge(
        ratings.differing[["conversation", "rater", "stands_at"]], on=["conversation", "rater"]
    )
    keys = ["conversation", "row", "kind", "stands_at"]
    listed = found.groupby(keys)["rater"].nunique().rename("n_cells").reset_index()
    elsewhere = listed["stands_at"].astype(float).where(listed["stands_at"] > 0)
    stands_at = elsewhere.mask(listed["kind"] == "same-text", listed["conversation"])
    listed = listed.assign(stands_at=stands_at, away=stands_at - listed["conversation"])
    return listed[[*keys, "away", "n_cells"]]


def error_counts(entries: pd.DataFrame, by: str) -> pd.DataFrame:
    """Count entries by one of their columns: ``by``, ``n``, ``n_cells``, ``n_conversations``.

    ``n_cells`` counts places in the files (a cell with seven ratings of 0 is seven entries and one place). Most entries
    come first; an empty ``by`` stands for all models or attributes at once.
    """
    placed = entries.assign(place=_places(entries))
    counted = placed.groupby(by).agg(
        n=("kind", "size"), n_cells=("place", "nunique"), n_conversations=("conversation", "nunique")
    )
    return counted.reset_index().sort_values("n", ascending=False, kind="stable", ignore_index=True)


def error_bands(entries: pd.DataFrame, conversations: Sequence[object]) -> pd.DataFrame:
    """Count wrong places by rater, kind and band of ``BAND`` conversations in the order of the files.

    Returns
    -------
    pandas.DataFrame
        ``rater, kind, first, last, n_cells, share``; ``share`` (0-1) is of all places of that rater and kind. Bands
        without a data error do not appear.
    """
    place = pd.Index(conversations).get_indexer(entries["conversation"].to_numpy())
    first = place // BAND * BAND + 1
    placed = entries.assign(place=_places(entries), first=first, last=first + BAND - 1)
    counted = placed.groupby(["rater", "kind", "first", "last"])["place"].nunique().rename("n_cells").reset_index()
    whole = counted.groupby(["rater", "kind"])["n_cells"].transform("sum")
    return counted.assign(share=counted["n_cells"] / whole)


def _raters(selection: Selection) -> set[str]:
    return {HUMAN, *selection.judges, *selection.panel}


def _places(entries: pd.DataFrame) -> pd.Series:
    """Name the place of each entry; a row that a file lacks has none, so that its conversation stands for it."""
    columns = ["file", "row", "column", "conversation"]
    return pd.Series(list(entries[columns].itertuples(index=False, name=None)), index=entries.index, dtype=object)
