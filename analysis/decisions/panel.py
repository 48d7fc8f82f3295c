"""A panel of judges: whether it rates as the experts do, and better than the best of its members.

How members' ratings become one: :mod:`analysis.ratings.combining`.

References
----------
Verga, P., Hofstatter, S., Althammer, S., et al. (2024). Replacing Judges with Juries: Evaluating LLM Generations with a
Panel of Diverse Models. arXiv 2404.18796.
"""

from dataclasses import replace
from typing import get_args

import numpy as np
import pandas as pd

from analysis.agreement.anova import coefficients, squares_of_models, squares_of_replies
from analysis.agreement.icc import ICC_A1, ICC_C1, icc_table
from analysis.agreement.icc_resamples import over_clusters
from analysis.bias.inflation import BIAS, MSE, inflation_table
from analysis.column import Column, Estimate, names
from analysis.inference import bootstrap
from analysis.ratings.columns import CELL, N_PAIRS
from analysis.ratings.combining import combined
from analysis.ratings.needs import NeedsJudgesError
from analysis.ratings.pairs import Sums, pairs, sums
from analysis.ratings.settings import Selection, Settings
from data.study import PANEL, Rule, Study

_OF_CONVERSATIONS = "bootstrap-conversations"
_SHARED = Estimate.of(
    "shared_icc_a1",
    "Panel, shared",
    "gain",
    ".2f",
    "up to 1",
    ends=_OF_CONVERSATIONS,
    short="Panel",
    note="The panel's ICC(A,1) on the shared pairs.",
)
_BEST = Estimate.of(
    "best_icc_a1",
    "Best, shared",
    "gain",
    ".2f",
    "up to 1",
    ends=_OF_CONVERSATIONS,
    short="Best",
    note="The best member's ICC(A,1) on the shared pairs.",
)
DECLARED = (
    *CELL,
    Column.key("rule", "Rule", "rule", note="`mean`, `median` or `majority`."),
    N_PAIRS,
    *ICC_C1,
    *ICC_A1,
    *BIAS,
    *MSE,
    Column.count(
        "n_shared",
        "Shared pairs",
        "gain",
        note="The pairs that the experts and all members of the panel rate.",
    ),
    _SHARED.value,
    Column.key(
        "best_member",
        "Best member",
        "gain",
        note="The member with the highest ICC(A,1) on the shared pairs.",
    ),
    _BEST.value,
    *Estimate.of("gain", "Gain", "gain", "+.2f", "as the coefficient", ends=_OF_CONVERSATIONS),
    *_SHARED.ends,
    *_BEST.ends,
)
COLUMNS = names(DECLARED)


def panel_table(study: Study, counts: pd.DataFrame, settings: Settings, selection: Selection) -> pd.DataFrame:
    """Compare a panel with the experts under each rule, and with the best of its members.

    Parameters
    ----------
    study
        Whose ratings these are.
    counts
        As :func:`data.counts.count_pairs` gives them, clusters of one conversation.
    settings
        Level, interval, resamples, seed. The interval of the gain is always over conversations.
    selection
        ``panel`` names the members; the judges are the members where it is empty.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each rule and attribute; ``judge`` is the panel's key. Up to ``mse`` every reply counts
        that the experts and any member rate, as for a judge in the other tables; the interval of ``mse`` (points
        squared) resamples conversations. From ``n_shared`` on only replies count that the experts and all members
        rate, hence no model that a member leaves out: ``shared_icc_a1`` is the panel's ICC(A,1) there,
        ``best_icc_a1`` that of ``best_member``, the member with the highest, and ``gain`` the first minus the second,
        at the level of the settings. Their intervals resample conversations for all together, the best member staying
        the one that it was; NaN with fewer than two conversations. Undefined coefficients are NaN, and without any
        member that has one there is no best member.

    Raises
    ------
    NeedsConversationsError
        The counts are not of single conversations.
    NeedsJudgesError
        Fewer than two judges would sit on the panel.

    Notes
    -----
    The best member is picked on the same replies that it is then measured on. This favours the member: with other
    conversations another could have been the best, while the panel needs no picking.
    """
    members = selection.members
    if len(members) < 2:
        raise NeedsJudgesError
    rules: tuple[Rule, ...] = get_args(Rule)
    of_members = pairs(study, counts, settings, replace(selection, judges=members, panel=()))
    of_panels = _together([combined(of_members, rule) for rule in rules])
    named = of_members["judge"].cat.categories
    shared = _shared(_together([of_members, of_panels]), len(named))
    table = icc_table(of_panels, settings)
    bias = inflation_table(of_panels)
    figures = {
        **{name: bias[name] for name in ("bias", "bias_low", "bias_high", "mse")},
        **_error_interval(sums(of_panels), settings),
        **_gain(sums(shared), len(named), settings),
    }
    rule_of = {key: rule for rule, key in PANEL.items()}
    return table.assign(rule=table["judge"].map(rule_of), **figures)[list(COLUMNS)]


def _together(frames: list[pd.DataFrame]) -> pd.DataFrame:
    every = pd.CategoricalDtype([judge for frame in frames for judge in frame["judge"].cat.categories])
    return pd.concat([frame.astype({"judge": every}) for frame in frames], ignore_index=True)


def _shared(frame: pd.DataFrame, members: int) -> pd.DataFrame:
    """Keep the replies that all members rate; the panels then rate them too."""
    of_member = (frame["judge"].cat.codes < members).to_numpy()
    known = frame["cluster"].astype("category").cat
    cluster = known.codes.to_numpy(np.int64)
    codes = (frame[name].cat.codes.to_numpy(np.int64) for name in ("model", "attribute"))
    shape = (*(len(frame[name].cat.categories) for name in ("model", "attribute")), len(known.categories))
    reply = np.ravel_multi_index((*codes, cluster), shape)
    return frame[(np.bincount(reply, of_member) == members)[reply]]


def _error_interval(total: Sums, settings: Settings) -> dict[str, np.ndarray]:
    n, _, _, human, judge, product = total.moments.sum(-2)

    def error(drawn: np.ndarray) -> np.ndarray:
        with np.errstate(invalid="ignore"):
            return drawn[1] / drawn[0]

    squared = np.stack([n, human + judge - 2 * product])
    interval = bootstrap.over_clusters(squared, error, (n > 0).sum(-1), settings)
    return {"mse_low": interval.low.ravel(), "mse_high": interval.high.ravel()}


def _gain(total: Sums, members: int, settings: Settings) -> dict[str, np.ndarray | list[str | None]]:
    """Compare each panel with the best member, judges being the members and then the panels."""
    by_model = total.moments.sum(-1)
    squares = squares_of_models(by_model) if settings.level == "model" else squares_of_replies(by_model.sum(-1))
    _, agreement = coefficients(squares)
    ranked = np.where(np.isnan(agreement[:members]), -np.inf, agreement[:members])
    best, attribute = ranked.argmax(0), np.arange(len(total.attributes))
    of_best = agreement[best, attribute]
    _, drawn = over_clusters(total.moments, settings)
    of_panel, of_member = drawn[members:], np.broadcast_to(drawn[best, attribute], drawn[members:].shape)
    drawn_figures = {"gain": of_panel - of_member, "shared_icc_a1": of_panel, "best_icc_a1": of_member}
    clusters = (total.moments[0].sum(-2) > 0).sum(-1)[members:]
    gain = agreement[members:] - of_best
    usable = (clusters >= 2) & ~np.isnan(gain)
    names = [total.judges[at] if np.isfinite(value) else None for at, value in zip(best, of_best, strict=True)]
    panels = len(gain)
    ends = {}
    for name, values in drawn_figures.items():
        interval, _ = bootstrap.percentile_interval(values, discard_outside=False)
        for end, value in interval._asdict().items():
            ends[f"{name}_{end}"] = np.where(usable, value, np.nan).ravel()
    return {
        "n_shared": by_model[0].sum(-1)[members:].astype(int).ravel(),
        "shared_icc_a1": agreement[members:].ravel(),
        "best_member": names * panels,
        "best_icc_a1": np.tile(of_best, panels),
        "gain": gain.ravel(),
        **ends,
    }
