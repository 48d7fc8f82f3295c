r"""A plan: how many replies experts would have to rate before a judge is certified for a use.

A plan goes by a study at hand: its ratings are taken apart into components
(:mod:`analysis.inference.graded_ratings`), and studies drawn from them show with how many items the interval of the
use's criterion is no wider than wished, and the use's verdict is reached, each with the power asked for
(:mod:`analysis.decisions.power`). The items needed are the larger of the two.

**Split.** Ratings are items x systems x experts of each reply. More items narrow all but the order of systems, which
takes more systems. What more experts of each reply bring is known only where a study tells its experts apart; else the
one rating is taken as it was made.

**What a judge saves** (prediction-powered inference): a certified judge stands in for no verdict, but sharpens the
experts' means. With N further replies of each system that it alone rates, the mean over systems is as exact with

.. math::
    n' = \min \{n : \sum_s V_s(n, N) \le \sum_s \sigma_s^2 / n_{items}\}

items as with all of them by experts alone; :math:`V_s` is the variance of the prediction-powered mean
(:mod:`analysis.inference.prediction_powered`).

References
----------
Brennan, R. L. (2001). Generalizability Theory, chapters 1 and 2. Springer.
Kelley, K., & Rausch, J. R. (2006). Sample size planning for the standardized mean difference: accuracy in parameter
estimation via narrow confidence intervals. Psychological Methods, 11(4), 363-385.
Angelopoulos, A. N., Duchi, J. C., & Zrnic, T. (2023). PPI++: Efficient prediction-powered inference. arXiv 2311.01453.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.column import Column, names
from analysis.decisions.aim import Aim
from analysis.decisions.power import (
    NARROWED,
    aimed_verdict,
    between,
    crossing,
    power_curve,
    surely,
    systems_needed,
    true_figures,
)
from analysis.decisions.verdicts import UNDECIDED, USE_COLUMN, VERDICTS
from analysis.inference.graded_ratings import Components, Found, fitted
from analysis.inference.prediction_powered import planned_variances
from analysis.ratings.columns import CELL
from analysis.ratings.experts import laid_out
from analysis.ratings.pairs import MOMENTS, sums
from analysis.ratings.settings import Settings

# More experts of one reply are never planned unasked.
_MOST_EXPERTS = 3
DECLARED = (
    *CELL,
    USE_COLUMN,
    Column.count("experts_each", "Experts of a reply", "experts_each", note="Null where experts are not told apart."),
    Column.count("systems_planned", "Systems", "systems_planned"),
    Column.count(
        "items_needed", "Items to rate", "items_needed", note="Null where more would be needed than are tried."
    ),
    Column.count(
        "ratings_needed", "Expert ratings", "ratings_needed", note="Of one attribute: items x systems x experts."
    ),
    Column.count("items_for_width", "For the width", "items_needed"),
    Column.count("items_for_power", "For the verdict", "items_needed", note="Null where no number of items is enough."),
    Column.key("aim", "Verdict to reach", "aim", note=f"One of {', '.join(f'`{each}`' for each in VERDICTS)}."),
    Column.estimate(
        "figure_planned",
        "Figure planned for",
        "figure_planned",
        ".2f",
        "as the figure",
        note="`choice_loss` for `rank`, `system_bias` for `score`, `reply_agreement` for `reply`.",
    ),
    Column.count("systems_needed", "Systems for the order", "systems_needed", note="Of `rank` alone."),
    Column.count("items_with_judge", "Items with the judge", "items_with_judge"),
    Column.estimate("system_part", "Part of systems", "plan_parts", ".0%", "0 to 1"),
    Column.estimate("item_part", "Part of items", "plan_parts", ".0%", "0 to 1"),
    Column.estimate("reply_part", "Part of replies", "plan_parts", ".0%", "0 to 1"),
    Column.estimate(
        "expert_part", "Part of an expert", "plan_parts", ".0%", "0 to 1", note="Null where experts are not told apart."
    ),
)
COLUMNS = names(DECLARED)
# Of the number of items that are tried.
CURVE = (
    Column.count("items_tried", "Items", "items_needed"),
    Column.estimate("assured_width", "Assured width", "assured_width", ".2f", "as the figure"),
    Column.estimate("power", "Power", "power", ".0%", "0 to 1"),
)


@dataclass(frozen=True)
class Plans:
    """The plans of every judge and attribute, and the curves that they were read from.

    Attributes
    ----------
    table
        ``COLUMNS``, see :func:`plans`.
    curves
        ``judge, attribute, experts_each, items_tried, assured_width, power``.
    """

    table: pd.DataFrame
    curves: pd.DataFrame


def plans(
    paired: pd.DataFrame,
    single: pd.DataFrame | None,
    settings: Settings,
    aim: Aim,
    report: Callable[[str], object] = str,
) -> Plans:
    """Plan how many items experts would have to rate, for every judge and attribute.

    Parameters
    ----------
    paired
        Pairs, as :func:`analysis.ratings.pairs.pairs` gives them: the study that the plan goes by.
    single
        Ratings of single experts, as :func:`analysis.ratings.experts.single_experts` gives them; None where they are
        not told apart.
    settings
        Bounds of the verdicts, ``unlabelled`` (replies of each system that the judge alone would rate), and seed.
    aim
        Use, width, power, experts and systems.
    report
        Is told of which judge and attribute the plan is being made.

    Returns
    -------
    Plans
        With a row of the table for each judge, attribute and number of experts:

        - ``items_for_width``, ``items_for_power``, ``items_needed``: items, and the larger of both.
        - ``ratings_needed``: of one attribute, over systems and experts.
        - ``aim``: the verdict that endless items like these lead to; ``undecided`` where only more systems would tell.
        - ``figure_planned``: the figure whose interval is planned, as endless items would give it.
        - ``systems_needed``: how many systems settle the order of systems; NaN for another use.
        - ``items_with_judge``: n' above.
        - ``system_part``, ``item_part``, ``reply_part``, ``expert_part``: parts (0-1) of the variance of an expert's
          ratings, before they are cut.

        All but the keys are NaN with fewer than two pairs of any system, or without variance.
    """
    rows, curves = [], []
    of_pairs = dict(list(paired.groupby(["judge", "attribute"], observed=True)))
    for (judge, attribute), cell in of_pairs.items():
        report(f"{judge} on {attribute}")
        components = components_of(cell, None if single is None else single[single["attribute"] == attribute])
        for experts in _experts_tried(single, aim):
            keys = {"judge": judge, "attribute": attribute, "use": aim.use, "experts_each": experts}
            if components is None:
                rows.append(keys)
                continue
            row, curve = _planned(components, settings, aim, 1 if np.isnan(experts) else int(experts))
            saved = _with_judge(cell, row["items_needed"], settings.unlabelled)
            rows.append({**keys, **row, "items_with_judge": saved})
            curves.append(curve.assign(**{name: keys[name] for name in ("judge", "attribute", "experts_each")}))
    named = ["judge", "attribute", "experts_each", *names(CURVE)]
    return Plans(
        pd.DataFrame(rows, columns=list(COLUMNS)),
        pd.concat(curves, ignore_index=True)[named] if curves else pd.DataFrame(columns=named),
    )


def components_of(cell: pd.DataFrame, single: pd.DataFrame | None) -> Components | None:
    """Return the components of the ratings of one judge and attribute; None where there is too little to tell.

    Blocks of items will do, since they are drawn by lot: two systems' sums in a block vary together as the ratings of
    one item do, times the items in it.
    """
    cell = cell.assign(model=cell["model"].cat.remove_unused_categories())
    moments = dict(zip(MOMENTS, sums(_one(cell)).moments[:, 0, 0], strict=True))
    n = moments["n"].sum(-1)
    if not n.size or (n < 2).any() or min(cell["human"].nunique(), cell["rating"].nunique()) < 2:
        return None
    human, judge = (moments[name] - moments["n"] * (moments[name].sum(-1) / n)[:, None] for name in ("human", "judge"))
    both = (moments["product"].sum(-1) - moments["human"].sum(-1) * moments["judge"].sum(-1) / n).sum() / (n - 1).sum()
    points, expert = _shares(cell["model"], cell["human"], cell["n"])
    experts = None
    if single is not None:
        known = single[single["model"].isin(cell["model"].cat.categories)]
        known = known.assign(model=known["model"].cat.set_categories(cell["model"].cat.categories))
        points, expert = _shares(known["model"], known["rating"], pd.Series(1.0, index=known.index))
        experts = _between_experts(known)
    its_points, its = _shares(cell["model"], cell["rating"], cell["n"])
    by_rating = cell.assign(total=cell["n"] * cell["rating"]).groupby("human")[["n", "total"]].sum()
    return fitted(
        Found(
            points,
            its_points,
            expert,
            its,
            (by_rating["total"] / by_rating["n"]).to_numpy(),
            float(both),
            _between(human, moments["n"]),
            _between(judge, moments["n"]),
            experts,
        )
    )


def _planned(
    components: Components, settings: Settings, aim: Aim, experts: int
) -> tuple[dict[str, float | str], pd.DataFrame]:
    """Return what is planned for a judge and attribute, and the curves behind it."""
    systems = aim.systems or components.systems
    figures = true_figures(components, settings, experts)
    verdict = aimed_verdict(figures, aim.use, settings, systems)
    wishes = (("width", -aim.width), ("power", surely(aim.power)))
    points = []
    for point in power_curve(components, aim, verdict, settings, experts=experts, systems=systems):
        points.append(point)
        if point["width"] <= aim.width and (verdict == UNDECIDED or point["power"] >= surely(aim.power)):
            break
    curve = pd.DataFrame(points)
    finer = {size for name, wanted in wishes for size in between(*_rising(curve, name), wanted)}
    more = power_curve(components, aim, verdict, settings, sorted(finer), experts=experts, systems=systems)
    curve = pd.concat([curve, pd.DataFrame(more)]).sort_values("items", ignore_index=True)
    for_width, for_power = (crossing(*_rising(curve, name), wanted) for name, wanted in wishes)
    needed = float(max(for_width, for_power)) if not np.isnan([for_width, for_power]).any() else np.nan
    level = float(np.var(components.expert.level))
    whole = 1 + level
    row: dict[str, float | str] = {
        "systems_planned": systems,
        "items_for_width": for_width,
        "items_for_power": for_power,
        "items_needed": needed,
        "ratings_needed": needed * systems * experts,
        "aim": verdict,
        "figure_planned": figures[NARROWED[aim.use]],
        "systems_needed": systems_needed(figures["consistency"], settings) if aim.use == "rank" else np.nan,
        "system_part": level / whole,
        "item_part": components.item / whole,
        "reply_part": (1 - components.item - components.alone) / whole,
        "expert_part": components.alone / whole if components.alone else np.nan,
    }
    return row, curve.set_axis(list(names(CURVE)), axis=1)


def _rising(curve: pd.DataFrame, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers of items, and a curve over them that rises: the width with its sign turned."""
    values = curve[name].to_numpy(dtype=float)
    return curve["items"].to_numpy(dtype=float), -values if name == "width" else values


def _with_judge(cell: pd.DataFrame, items: float | str, further: int) -> float:
    """Return the fewest items with which the judge's further ratings make the mean of systems as exact."""
    if not isinstance(items, float) or np.isnan(items):
        return np.nan
    moments = sums(_one(cell)).moments[:, 0, 0].sum(-1)
    moments = moments[:, moments[0] >= 2]
    low, high = 1, int(items)
    wanted = planned_variances(moments, int(items), further)[0].sum()
    while low < high:
        middle = (low + high) // 2
        if planned_variances(moments, middle, further)[1].sum() <= wanted * (1 + 1e-9):
            high = middle
        else:
            low = middle + 1
    return float(high)


def _one(cell: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of a judge and attribute as all that there are."""
    return cell.assign(**{name: cell[name].cat.remove_unused_categories() for name in ("judge", "attribute")})


def _experts_tried(single: pd.DataFrame | None, aim: Aim) -> list[float]:
    if single is None:
        return [np.nan]
    if aim.experts is not None:
        return [float(aim.experts)]
    return [float(each) for each in range(1, min(single["expert"].nunique(), _MOST_EXPERTS) + 1)]


def _shares(model: pd.Series, rating: pd.Series, n: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return the points that were given, and how often to each system."""
    points, place = np.unique(rating.to_numpy(dtype=float), return_inverse=True)
    systems = len(model.cat.categories)
    counts = np.bincount(model.cat.codes.to_numpy(np.int64) * len(points) + place, n, systems * len(points))
    return points, counts.reshape(systems, len(points))


def _between(apart: np.ndarray, n: np.ndarray) -> float:
    """Return the covariance of replies by two systems to one item, from sums of deviations (systems, clusters)."""
    items = sum(float(np.minimum(n, other).sum()) for other in n) - float(n.sum())
    return float(((apart.sum(0) ** 2).sum() - (apart**2).sum()) / items) if items else 0.0


def _between_experts(single: pd.DataFrame) -> float | None:
    """Return the covariance of two experts' ratings of one reply; None where no reply was rated by two."""
    ratings = laid_out(single.assign(attribute=single["attribute"].cat.remove_unused_categories()), "expert")[:, 0]
    given = ~np.isnan(ratings)
    n = given.sum(1, keepdims=True)
    means = np.where(given, ratings, 0.0).sum(1, keepdims=True) / np.maximum(n, 1)
    apart = np.where(given, ratings - means, 0.0)
    pairs = float((given.sum(0) ** 2 - given.sum(0)).sum())
    return float(((apart.sum(0) ** 2).sum() - (apart**2).sum()) / pairs) if pairs else None
