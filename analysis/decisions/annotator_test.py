r"""The alternative annotator test: whether a judge may take the place of one of the experts.

Each expert j is left out in turn. On every reply i that the judge, j and at least one other expert rated, the judge and
j are held against the others: which of the two is at least as near to them, by the root mean squared distance

.. math::
    S(x, i, j) = -\sqrt{\tfrac{1}{|K|} \sum_{k \in K} (x_i - h_{ki})^2}, \qquad K: \text{the other experts who rated } i

The square of S is that of the distance to the others' mean and their variance, so whoever is nearer to their mean is
nearer to them. With :math:`W^f_{ij} = 1` where the judge is at least as near as j, :math:`W^h_{ij} = 1` where j is at
least as near as the judge (both on a tie), the advantage probabilities :math:`\rho^f_j, \rho^h_j` are their means over
replies, and :math:`d_{ij} = W^h_{ij} - W^f_{ij}`. The judge wins against j where the mean of d is shown to be below
:math:`\varepsilon`: it is as near as j but for :math:`\varepsilon`, which stands for what an expert's time costs. The
winning rate :math:`\omega` is the share of experts that it wins against, by the procedure of Benjamini & Yekutieli at
5% over the experts; the judge may take the place of one of them where :math:`\omega` is at least a half.

The published test takes the replies for independent. Those to one conversation are not, and then it says "replace" too
often: simulated with ten replies to a conversation, of which a fifth of the variation is common, it does so against 13
of 100 experts where it should against 5. Here the t test is clustered by conversation, which keeps to its 5, and the
published one stands beside it.

References
----------
Benjamini, Y., & Yekutieli, D. (2001). The control of the false discovery rate in multiple testing under dependency. The
Annals of Statistics, 29(4), 1165-1188.
Calderon, N., Reichart, R., & Dror, R. (2025). The Alternative Annotator Test for LLM-as-a-Judge: How to Statistically
Justify Replacing Human Annotators with LLMs. arXiv 2501.10970.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtr

from analysis.agreement.left_out_expert import N_COMPARED
from analysis.column import Column, Estimate, names
from analysis.inference.clustering import clustered_deviations, clustered_error, clustered_interval, clustered_share
from analysis.ratings.columns import CELL, EXPERT_COLUMN, N_EXPERTS
from analysis.ratings.experts import laid_out, means_of_others
from analysis.ratings.needs import NeedsMoreExpertsError
from analysis.ratings.settings import Settings

# What the test asks for (Calderon et al. 2025).
FEWEST_EXPERTS = 3
REPLIES_OF_EACH = 30
WINNING_RATE = 0.5
FALSE_DISCOVERY_RATE = 0.05
# Distances that differ by less differ by rounding: a scale in tenths has no exact numbers.
_ROUNDING = 1e-9

_EPSILON = Column.bound("epsilon", "Epsilon", "epsilon", ".2f", "0 to 1", note="`--epsilon` sets it.")
_UNDEFINED = f"Undefined where fewer than {FEWEST_EXPERTS} experts are tested."
DECLARED = (
    *CELL,
    N_EXPERTS,
    Column.count("n_tested", "Experts tested", "n_tested"),
    _EPSILON,
    Column.count("n_won", "Won against", "n_won", note=_UNDEFINED),
    Column.estimate("winning_rate", "Winning rate", "winning_rate", ".0%", "0 to 1", note=_UNDEFINED),
    *Estimate.of(
        "advantage",
        "Advantage",
        "advantage",
        ".0%",
        "0 to 1",
        ends="clustered_share",
        note=f"Mean over experts. {_UNDEFINED}",
    ),
    Column.verdict("may_replace", "May replace one", "annotator_test", note="`yes` or `no`."),
    Column.count("n_won_unclustered", "Won, unclustered", "unclustered", note=_UNDEFINED),
    Column.verdict("may_replace_unclustered", "May replace one, unclustered", "unclustered", note="`yes` or `no`."),
    Column.text("lacking", "What is lacking", "lacking", note="Null where nothing is.", sentences=True),
)
COLUMNS = names(DECLARED)
_NOT_TESTED = (
    f"Undefined with fewer than {REPLIES_OF_EACH} replies, and where fewer than {FEWEST_EXPERTS} experts are tested."
)
DETAILS = (
    *CELL,
    EXPERT_COLUMN,
    N_COMPARED,
    *Estimate.of("judge_near", "Judge as near", "advantage", ".0%", "0 to 1", ends="clustered_share", note=_NOT_TESTED),
    *Estimate.of(
        "expert_near", "Expert as near", "advantage", ".0%", "0 to 1", ends="clustered_share", note=_NOT_TESTED
    ),
    *Estimate.of(
        "ahead", "Expert ahead by", "ahead", "+.2f", "-1 to 1", ends="clustered", note="`expert_near - judge_near`."
    ),
    _EPSILON,
    Column.p("p_annotator", "p", "p_annotator"),
    Column.p("p_discovery", "p, adjusted", "p_discovery"),
    Column.verdict("won", "Judge wins", "n_won", note="`yes` or `no`."),
    Column.p("p_unclustered", "p, unclustered", "unclustered"),
)
COLUMNS_BY_EXPERT = names(DETAILS)


def annotator_test(experts: pd.DataFrame, frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Test for every judge and attribute whether the judge may take the place of one of the experts.

    Parameters
    ----------
    experts
        Single ratings, as :func:`analysis.ratings.experts.single_experts` gives them.
    frame
        Pairs, as :func:`analysis.ratings.pairs.pairs` gives them, of single conversations.
    settings
        ``epsilon``: 0.2 for experts, 0.15 for skilled and 0.1 for lay raters in the published test.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge and attribute:

        - ``n_experts``, ``n_tested``: experts of the study, and those with at least ``REPLIES_OF_EACH`` replies in two
          conversations or more, who are tested.
        - ``n_won``, ``winning_rate``: tested experts that the judge wins against, and their share (0-1).
        - ``advantage``: mean over tested experts of the probability that the judge is at least as near to the others
          (0-1), with the ends of its 95% interval, clustered by conversation.
        - ``may_replace``: ``yes`` where ``winning_rate`` is at least ``WINNING_RATE``, else ``no``.
        - ``n_won_unclustered``, ``may_replace_unclustered``: the same with the published test, which takes replies for
          independent.
        - ``lacking``: why there is no result, a sentence; None where there is one.

        Without ``FEWEST_EXPERTS`` tested experts there is no result: NaN and None.

    Raises
    ------
    NeedsMoreExpertsError
        The study has fewer than ``FEWEST_EXPERTS`` experts.

    Notes
    -----
    The published test takes Wilcoxon's signed ranks below 30 replies. Here nothing is tested on so few.
    """
    near = _nearness(experts, frame)
    made = _by_expert(near, settings)
    tested = made["tested"]
    enough = tested.sum(-1) >= FEWEST_EXPERTS
    won, unclustered = (
        np.where(enough, (made[p] <= FALSE_DISCOVERY_RATE).sum(-1), np.nan) for p in ("p_discovery", "plain_discovery")
    )
    rates = [wins / np.where(enough, tested.sum(-1), np.nan) for wins in (won, unclustered)]
    advantage, (low, high) = clustered_share(*_mean_of_experts(near, tested))
    columns = {
        "n_experts": np.full(enough.shape, near.n.shape[2]),
        "n_tested": tested.sum(-1),
        "epsilon": np.full(enough.shape, settings.epsilon),
        "n_won": won,
        "winning_rate": rates[0],
        **{
            name: np.where(enough, each, np.nan)
            for name, each in (("advantage", advantage), ("advantage_low", low), ("advantage_high", high))
        },
        "may_replace": _yes(rates[0] >= WINNING_RATE, enough),
        "n_won_unclustered": unclustered,
        "may_replace_unclustered": _yes(rates[1] >= WINNING_RATE, enough),
        "lacking": np.array([_lacking(n) for n in tested.sum(-1).ravel()], dtype=object),
    }
    return _table(frame, columns, ("judge", "attribute"))[list(COLUMNS)]


def annotator_test_by_expert(experts: pd.DataFrame, frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Test every judge and attribute against each expert left out.

    Parameters
    ----------
    experts, frame, settings
        As for :func:`annotator_test`.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS_BY_EXPERT``, one row for each judge, attribute and expert:

        - ``n_compared``: replies that the judge, this expert and at least one other rated.
        - ``judge_near``, ``expert_near``: how often the judge, and the expert, is at least as near to the others (0-1).
        - ``ahead``: the mean of d, by how much the expert is nearer more often (-1 to 1).
        - ``..._low``, ``..._high``: ends of their 95% intervals, clustered by conversation.
        - ``p_annotator``: of the one-sided t test that the mean of d is below ``epsilon``, clustered by conversation.
        - ``p_discovery``: the same, adjusted for the experts tested by the procedure of Benjamini & Yekutieli.
        - ``won``: ``yes`` where ``p_discovery`` is at most 5%, else ``no``.
        - ``p_unclustered``: of the published test, not adjusted.

        All but the count are NaN or None where the expert is not tested, see :func:`annotator_test`.

    Raises
    ------
    NeedsMoreExpertsError
        The study has fewer than ``FEWEST_EXPERTS`` experts.
    """
    near = _nearness(experts, frame)
    made = _by_expert(near, settings)
    tested = made["tested"]
    known = tested & (tested.sum(-1, keepdims=True) >= FEWEST_EXPERTS)
    columns = {name: np.where(known, made[name], np.nan) for name in COLUMNS_BY_EXPERT[4:] if name in made}
    columns |= {
        "n_compared": near.n.sum(-1),
        "epsilon": np.full(known.shape, settings.epsilon),
        "won": _yes(made["p_discovery"] <= FALSE_DISCOVERY_RATE, known),
    }
    table = _table(frame, columns, ("judge", "attribute"), experts["expert"].cat.categories)
    return table[list(COLUMNS_BY_EXPERT)]


class _Nearness(NamedTuple):
    """Over the replies to be compared, by (judge, attribute, expert, cluster).

    How many there are, on how many the judge is at least as near to the others as the expert, and on how many the
    expert is as near as the judge.
    """

    n: np.ndarray
    judge: np.ndarray
    expert: np.ndarray


def _nearness(experts: pd.DataFrame, frame: pd.DataFrame) -> _Nearness:
    """Count for each judge and expert left out who is nearer to the others."""
    single = laid_out(experts, "expert")
    if len(single) < FEWEST_EXPERTS:
        raise NeedsMoreExpertsError(FEWEST_EXPERTS, len(single))
    others = means_of_others(single)
    of_expert = np.abs(single - others)
    judged = laid_out(frame, "judge")
    counts = np.zeros((3, len(judged), single.shape[1], len(single), single.shape[2]))
    for place, judge in enumerate(judged):
        of_judge = np.abs(judge - others)
        both = ~(np.isnan(of_expert) | np.isnan(of_judge))
        near = np.stack([both, of_judge <= of_expert + _ROUNDING, of_expert <= of_judge + _ROUNDING])
        counts[:, place] = np.swapaxes(near.sum(-1), 1, 2)
    return _Nearness(*counts)


def _by_expert(near: _Nearness, settings: Settings) -> dict[str, np.ndarray]:
    """Test against each expert; arrays of shape (judge, attribute, expert), NaN where one is not ``tested``."""
    size, clusters = near.n.sum(-1), (near.n > 0).sum(-1)
    tested = (size >= REPLIES_OF_EACH) & (clusters >= 2)
    apart = near.expert - near.judge
    with np.errstate(divide="ignore", invalid="ignore"):
        ahead = apart.sum(-1) / size
        deviations = clustered_deviations(apart, near.n)
        # d is -1, 0 or 1, and its square is 1 where judge and expert do not tie.
        untied = (2 * near.n - near.expert - near.judge).sum(-1)
        plain_error = np.sqrt((untied / size - ahead**2) / (size - 1))
    p, plain = (
        np.where(tested, _p_below(ahead, settings.epsilon, error, df), np.nan)
        for error, df in ((clustered_error(deviations, clusters), clusters - 1), (plain_error, size - 1))
    )
    low, high = clustered_interval(ahead, deviations, clusters)
    shares = {
        name: clustered_share(events, near.n) for name, events in (("judge", near.judge), ("expert", near.expert))
    }
    return {
        "tested": tested,
        **{
            f"{name}_near{end}": each
            for name, (share, ends) in shares.items()
            for end, each in zip(("", "_low", "_high"), (share, *ends), strict=True)
        },
        "ahead": ahead,
        "ahead_low": low,
        "ahead_high": high,
        "p_annotator": p,
        "p_discovery": by_discovery_rate(p),
        "p_unclustered": plain,
        "plain_discovery": by_discovery_rate(plain),
    }


def _p_below(mean: np.ndarray, bound: float, error: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Give p of the one-sided t test that a mean lies below a bound; without any scatter the mean decides."""
    with np.errstate(divide="ignore", invalid="ignore"):
        tested = stdtr(df, (mean - bound) / error)
    return np.where(error > 0, tested, np.where(mean < bound, 0.0, 1.0))


def by_discovery_rate(p: np.ndarray) -> np.ndarray:
    r"""Adjust p-values for the false discovery rate under any dependence (Benjamini & Yekutieli 2001).

    The i-th smallest of m becomes the least of :math:`p_{(j)}\, m \sum_{l \le m} l^{-1} / j` over all :math:`j \ge i`,
    at most 1.

    Parameters
    ----------
    p
        The p-values of a family on the last axis; NaN ones are not in it and stay NaN.
    """
    m = (~np.isnan(p)).sum(-1, keepdims=True)
    rank = np.arange(1, p.shape[-1] + 1)
    harmonic = np.concatenate([[0.0], np.cumsum(1 / rank)])[m]
    order = np.argsort(p, axis=-1)
    # What is not in the family comes last.
    scaled = np.where(rank <= m, np.take_along_axis(p, order, -1) * m * harmonic / rank, np.inf)
    least = np.minimum.accumulate(scaled[..., ::-1], axis=-1)[..., ::-1]
    adjusted = np.empty_like(p)
    np.put_along_axis(adjusted, order, np.minimum(least, 1.0), -1)
    return np.where(np.isnan(p), np.nan, adjusted)


def _mean_of_experts(near: _Nearness, tested: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give by cluster how often the judge is as near, and how many comparisons there are, each tested expert alike.

    Comparisons with an expert who rated few replies count for more, so that the ratio of the sums is the mean of the
    experts' ratios.
    """
    size = near.n.sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        typical = np.where(tested, size, 0.0).sum(-1, keepdims=True) / tested.sum(-1, keepdims=True)
        weight = np.nan_to_num(np.where(tested, typical / size, 0.0))
    events, n = ((each * weight[..., None]).sum(-2) for each in (near.judge, near.n))
    return events, n


def _lacking(tested: int) -> str | None:
    if tested >= FEWEST_EXPERTS:
        return None
    return (
        f"The test takes {FEWEST_EXPERTS} experts with {REPLIES_OF_EACH} replies each that the judge and another "
        f"expert rated too; there {'is' if tested == 1 else 'are'} {tested or 'none'}."
    )


def _yes(holds: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Say yes or no where something is known."""
    said = np.where(holds, "yes", "no").astype(object)
    said[~known] = None
    return said


def _table(
    frame: pd.DataFrame, columns: dict[str, np.ndarray], axes: tuple[str, ...], experts: pd.Index | None = None
) -> pd.DataFrame:
    """Make a table of arrays whose axes are the judges, the attributes and, where they are given, the experts."""
    keys = {axis: list(frame[axis].cat.categories) for axis in axes}
    if experts is not None:
        keys["expert"] = list(experts)
    table = pd.MultiIndex.from_product(list(keys.values()), names=list(keys)).to_frame(index=False)
    return table.assign(**{name: values.ravel() for name, values in columns.items()})
