r"""Self-preference: whether a judge is kinder to the models of its own maker than to the others.

.. math::
    contrast = \overline{(judge - human)}_{own} - \overline{(judge - human)}_{rest}

Both means are ratios of sums over conversations, and the standard error of their difference comes from the difference
of the conversations' linearised deviations; this is the regression of judge minus human on an indicator of own models,
with errors clustered by conversation.

A contrast is no proof of favour. Own models differ from the rest in quality, and a judge's bias differs by quality:
where the experts already give 5 there is no room above, so that strong models show a small bias whoever judges them,
and a contrast below zero. Judges of other makers meet the same replies with nothing of their own in the first group:
what their mean contrast on the same models leaves of the judge's, the excess, is closer to favour. It is not favour
either: judges differ in what they value, and the rest holds models of the others' makers. So the test is of the excess,
and the contrast has an interval alone.

References
----------
Panickssery, A., Bowman, S. R., & Feng, S. (2024). LLM evaluators recognize and favor their own generations. Advances in
Neural Information Processing Systems, 37.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.column import Column, Estimate, Unit, names
from analysis.inference.clustering import clustered_deviations, clustered_interval, clustered_p
from analysis.inference.multiplicity import adjusted
from analysis.ratings.columns import CELL, P_ADJUSTED, P
from analysis.ratings.pairs import pairs, sums
from analysis.ratings.settings import Selection, Settings
from data.study import Study

_POINTS: Unit = "points of the scale"
DECLARED = (
    *CELL,
    Column.count(
        "n_own",
        "Pairs, own",
        "own",
        note="Pairs on models of the judge's own maker; with `--exclude own` on the judge's own model alone.",
    ),
    Column.count("n_rest", "Pairs, rest", "own", note="Pairs on all other models."),
    Column.estimate(
        "human_own", "Experts, own", "own", ".2f", "on the scale", note="The experts' mean on the own models."
    ),
    Column.estimate("human_rest", "Experts, rest", "own", ".2f", "on the scale", note="The experts' mean on the rest."),
    *Estimate.of("bias_own", "Bias, own", "bias", "+.2f", _POINTS, ends="clustered", short="Own"),
    *Estimate.of("bias_rest", "Bias, rest", "bias", "+.2f", _POINTS, ends="clustered", short="Rest"),
    *Estimate.of("contrast", "Contrast", "contrast", "+.2f", _POINTS, ends="clustered"),
    *Estimate.of(
        "others",
        "Others' contrast",
        "excess",
        "+.2f",
        _POINTS,
        ends="clustered",
        short="Others'",
        note="The mean contrast of the judges of other makers on the same models.",
    ),
    *Estimate.of(
        "excess",
        "Excess",
        "excess",
        "+.2f",
        _POINTS,
        ends="clustered",
        note="`contrast` less `others`; undefined where no judge of another maker is known.",
    ),
    P,
    P_ADJUSTED,
)
COLUMNS = names(DECLARED)


def self_preference_table(study: Study, counts: pd.DataFrame, settings: Settings, selection: Selection) -> pd.DataFrame:
    """Contrast every judge's bias on its own maker's models with its bias on the rest.

    Parameters
    ----------
    study
        Names the makers of judges and systems, and the systems that are a judge's own.
    counts
        As :func:`data.counts.count_pairs` gives them.
    settings
        With ``exclude="own"`` the judge's own models are its own one, and other models of its maker are in neither
        group; with ``none`` or ``family`` they are all of its maker's. Own models are always compared here, whatever
        other tables leave out.
    selection
        Judges, models and attributes; a panel has no maker and no row.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge and attribute. ``n_own`` and ``n_rest`` count pairs of ratings,
        ``human_own`` and ``human_rest`` are the experts' means, ``bias_own`` and ``bias_rest`` the means of judge
        minus human, ``contrast`` their difference, all in points of the scale. ``others`` is the mean contrast of the
        selection's judges that are known to be of other makers on the same two groups of models, and ``excess`` is
        ``contrast`` - ``others``; NaN without such judges. Intervals have 95% confidence and are clustered by
        conversation (or the source's blocks). ``p`` (0-1) is of the excess, two-sided, from Student's t with one degree
        of freedom less than there are clusters; ``p_adjusted`` is Holm's over the rows of the table. NaN where a group
        is empty; intervals and p also with a single cluster, and p where nothing varies about an excess of zero.
    """
    frame = pairs(study, counts, replace(settings, exclude="none"), replace(selection, panel=()))
    total = sums(frame)
    groups = _groups(study, total.judges, total.models, settings)
    # Every judge's ratings (k) of the own models of every judge (j), and of the rest: moment, j, k, attribute, cluster.
    own, rest = (np.einsum("skamc,jm->sjkac", total.moments[:3], group.astype(float)) for group in groups)
    itself = np.arange(len(total.judges))
    figures: dict[str, np.ndarray] = {}
    biases, deviations = [], []
    for name, (n, human, judge) in (("own", own), ("rest", rest)):
        with np.errstate(invalid="ignore"):
            figures[f"human_{name}"] = (human.sum(-1) / n.sum(-1))[itself, itself]
            biases.append((judge - human).sum(-1) / n.sum(-1))
        deviations.append(clustered_deviations(judge - human, n))
        _put(figures, f"bias_{name}", *(each[itself, itself] for each in (biases[-1], deviations[-1], (n > 0).sum(-1))))
    contrasts, deviation = biases[0] - biases[1], deviations[0] - deviations[1]
    clusters = (own[0] + rest[0] > 0)[itself, itself].sum(-1)
    contrast, error = contrasts[itself, itself], deviation[itself, itself]
    _put(figures, "contrast", contrast, error, clusters)
    others, of_others = _mean_of_others(contrasts, deviation, _makers(study, total.judges))
    _put(figures, "others", others, of_others, clusters)
    _put(figures, "excess", contrast - others, error - of_others, clusters)
    p = clustered_p(contrast - others, error - of_others, clusters)
    judge, attribute = (axis.ravel() for axis in np.indices(contrast.shape))
    table = pd.DataFrame(
        {
            "judge": [total.judges[i] for i in judge],
            "attribute": [total.attributes[i] for i in attribute],
            "n_own": own[0][itself, itself].sum(-1).astype(int).ravel(),
            "n_rest": rest[0][itself, itself].sum(-1).astype(int).ravel(),
            **{name: values.ravel() for name, values in figures.items()},
            "p": p.ravel(),
        }
    )
    return adjusted(table)[list(COLUMNS)]


def _mean_of_others(contrasts: np.ndarray, deviations: np.ndarray, makers: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Average the contrasts, and their deviations, of the judges of other makers, on each judge's groups."""
    other = np.array([["" != one != another != "" for another in makers] for one in makers], dtype=bool)
    used = other.reshape(len(makers), len(makers), 1) & np.isfinite(contrasts)
    with np.errstate(invalid="ignore"):
        share = used / used.sum(1, keepdims=True)
    mean = (share * np.where(used, contrasts, 0)).sum(1)
    return mean, (share[..., None] * np.where(used[..., None], deviations, 0)).sum(1)


def _groups(
    study: Study, judges: tuple[str, ...], models: tuple[str, ...], settings: Settings
) -> tuple[np.ndarray, np.ndarray]:
    """Mark each judge's own models, and the rest; both of shape (judges, models)."""
    known = [study.judge(judge) for judge in judges]
    families, own = (
        np.array([[key in each for key in models] for each in systems], dtype=bool).reshape(len(judges), len(models))
        for systems in (
            [study.family(judge) if judge else () for judge in known],
            [judge.own if judge else () for judge in known],
        )
    )
    return (own if settings.exclude == "own" else families), ~families


def _makers(study: Study, judges: tuple[str, ...]) -> list[str]:
    """Name each judge's maker; empty where it is not known, so that the judge is no judge of another maker."""
    return [getattr(study.judge(judge), "maker", "") for judge in judges]


def _put(figures: dict[str, np.ndarray], name: str, mean: np.ndarray, deviations: np.ndarray, n: np.ndarray) -> None:
    low, high = clustered_interval(mean, deviations, n)
    figures |= {name: mean, f"{name}_low": low, f"{name}_high": high}
