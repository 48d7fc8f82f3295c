r"""Draw replies for experts to rate, in strata of a judge's ratings, each with a known probability.

A reply's score is the judge's mean rating of it. The range of scores is cut into four parts of one width, the strata.
Poor replies are rare, and so is what a judge lets pass; ``even`` takes as many replies of every stratum (of a small one
all), so that low scores are drawn more often than there are of them, and ``proportional`` as many as there are of each.
Of the :math:`N_h` replies of a stratum :math:`n_h` are drawn, systematically from a random start, system by system:
each with the inclusion probability :math:`\pi = n_h / N_h`, above 0 for every reply, and every system in proportion.

References
----------
Cochran, W. G. (1977). Sampling Techniques, 3rd ed., chapters 5 and 8. Wiley.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from data.errors import ReleaseError, StudyError
from data.judging.replies import Reply
from data.own.layout import Role, exactly, is_telling, recognise
from data.own.rows import always, duplicates, first_runs, rating_rows
from data.own.wording import counted, some
from data.ratings import Headings
from data.released.files import bare
from data.tables import read_table

ALLOCATIONS = ("even", "proportional")
STRATA = 4
# With fewer of a stratum nothing tells how much its replies differ.
_FEWEST = 2
COLUMNS = ["item", "system", "stratum", "probability", "seed"]
_REPLY = ["item", "system"]


def judge_ratings(path: Path) -> pd.DataFrame:
    """Read the ratings of one judge: ``item, system, rater, attribute, rating``, of its first run.

    Raises
    ------
    ReleaseError
        The file holds no ratings, those of several judges, or ratings that stand twice or are no numbers.
    """
    accepted = exactly(Headings())
    table = read_table(path, path.name, lambda names: is_telling(names, accepted))
    layout = None if table is None else recognise(table, path.name, accepted)
    needed: tuple[Role, ...] = ("item", "system", "attribute", "rating")
    lacking = layout is None or layout.lacking(needed if layout.kind == "long" else needed[:2])
    if table is None or layout is None or lacking or not layout.holds_ratings:
        raise ReleaseError(
            f"{path.name} holds no ratings of a judge; expected are the columns item, system, attribute and rating, or "
            "item, system and a column for each attribute"
        )
    rows = rating_rows(table, layout, path.name)
    if "rater" not in layout.places:
        rows = rows.assign(rater=always(bare(path.stem), len(rows)))
    rows = first_runs(rows)[0].dropna(subset=["item", "system", "attribute", "raw"])
    raters = rows["rater"].dropna().unique()
    if len(raters) != 1:
        raise ReleaseError(f"{path.name} holds the ratings of {len(raters)} judges; take a file with those of one")
    problems = [*duplicates(rows)]
    if len(wrong := rows[rows["rating"].isna()]):
        first = wrong.iloc[0]
        problems.append(f"{path.name}, row {first['row']}: {first['raw']!r} is no number; allowed are ratings")
    if problems:
        raise StudyError(problems)
    return rows[["item", "system", "rater", "attribute", "rating"]].astype(
        {"item": "str", "system": "str", "rater": "str", "attribute": "str"}
    )


def scores(ratings: pd.DataFrame, attribute: str | None) -> pd.Series:
    """Return the judge's mean rating of each reply, over all attributes or on one, by item and system.

    Raises
    ------
    ReleaseError
        The judge has not rated the attribute.
    """
    if attribute is not None:
        known = ratings["attribute"].drop_duplicates().tolist()
        if attribute not in known:
            raise ReleaseError(f"--attribute {attribute!r} has no ratings; allowed are {some(known, 12)}")
        ratings = ratings[ratings["attribute"] == attribute]
    return ratings.groupby(_REPLY, sort=False)["rating"].mean()


def drawn(replies: Sequence[Reply], score: pd.Series, number: int, seed: int, allocation: str = "even") -> pd.DataFrame:
    """Draw replies to be rated.

    Parameters
    ----------
    replies
        All that can be drawn.
    score
        As :func:`scores` gives it.
    number, seed
        How many, and of the draw.
    allocation
        One of ``ALLOCATIONS``.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS`` in the order of ``replies``: ``stratum`` is ``1`` for the lowest scores, ``probability`` above 0, up
        to 1.

    Raises
    ------
    ReleaseError
        The judge has not rated every reply, or there are too few replies or too many for the number.
    """
    every = pd.DataFrame({"item": [each.item for each in replies], "system": [each.system for each in replies]})
    given = score.reindex(pd.MultiIndex.from_frame(every)).to_numpy()
    if len(lacking := every[np.isnan(given)]):
        first = lacking.iloc[0]
        raise ReleaseError(
            f"{counted(len(lacking), 'reply has', 'replies have')} no rating by the judge, the first that of "
            f"{first['system']} to {first['item']}; let the judge rate every reply, or take these out of the replies"
        )
    if number > len(every):
        raise ReleaseError(
            f"--number {number:,} is more than the {counted(len(every), 'reply', 'replies')} there are; allowed is up "
            f"to {len(every):,}"
        )
    stratum = _strata(given)
    sizes = np.bincount(stratum)
    least = int(np.minimum(sizes, _FEWEST).sum())
    if number < least:
        raise ReleaseError(
            f"--number {number:,} is too few for {counted(len(sizes), 'stratum', 'strata')} of the judge's scores; "
            f"allowed is {least:,} or more"
        )
    taken = _allocated(sizes, number, allocation)
    random = np.random.default_rng(seed)
    chosen = np.zeros(len(every), dtype=bool)
    turn = random.permutation(len(every))
    systems = pd.factorize(every["system"])[0]
    for place, (size, n) in enumerate(zip(sizes, taken, strict=True)):
        here = turn[stratum[turn] == place]
        here = here[np.argsort(systems[here], kind="stable")]
        # Every reply has its part n / size of the line; a comb of step 1 with a random start hits n of them.
        chosen[here[np.floor((np.arange(n) + random.random()) * size / n).astype(int)]] = True
    made = every.assign(stratum=(stratum + 1).astype(str), probability=(taken / sizes)[stratum], seed=seed)
    return made.loc[chosen, COLUMNS].reset_index(drop=True)


def _strata(score: np.ndarray) -> np.ndarray:
    """Return the stratum of each score, 0 for the lowest; parts without a score are none."""
    ends = np.linspace(score.min(), score.max(), STRATA + 1)[1:-1]
    return np.unique(np.searchsorted(ends, score, side="right"), return_inverse=True)[1]


def _allocated(sizes: np.ndarray, number: int, allocation: str) -> np.ndarray:
    """Return how many of each stratum are drawn: a few of each at least, and no more than there are."""
    taken = np.minimum(sizes, _FEWEST)
    wanted = sizes * number / sizes.sum() if allocation == "proportional" else np.full(len(sizes), number / len(sizes))
    for _ in range(number - int(taken.sum())):
        # The one that lacks most of what it should have, the lower of two alike.
        short = np.where(taken < sizes, wanted - taken, -np.inf)
        taken[int(short.argmax())] += 1
    return taken
