r"""Where ratings differ (variance components), and how far scores would come out again with more conversations.

Every rating is one cell of a crossed design, model (p) x conversation (c) x rater (r), the two raters being the judge
and the experts, and is taken for the sum of a mean and of seven random effects:

.. math::
    y_{pcr} = \mu + \nu_p + \nu_c + \nu_r + \nu_{pc} + \nu_{pr} + \nu_{cr} + \nu_{pcr}

The variances of the effects are estimated from the mean squares of the analysis of variance, each mean square being set
equal to what it is expected to be. With them, for one rater and m conversations,

.. math::
    g = \frac{s_p}{s_p + s_{pr} + (s_{pc} + s_{pcr}) / m}, \qquad
    \Phi = \frac{s_p}{s_p + s_{pr} + s_r + (s_{pc} + s_{pcr} + s_c + s_{cr}) / m}

g, the generalizability coefficient (often written E rho squared), asks whether the order and the distances of models
would come out again with other conversations and another rater like these two; Phi, the index of dependability, asks
the same of the values themselves.

References
----------
Brennan, R. L. (2001). Generalizability Theory, chapters 3, 5 and 6. Springer.
"""

import numpy as np
import pandas as pd

from analysis.agreement.anova import ROUNDING_OF_SUMS
from analysis.column import Column, Estimate, names
from analysis.inference import bootstrap
from analysis.ratings.columns import CELL, CONVERSATIONS_TRIED, N_CONVERSATIONS, N_MODELS
from analysis.ratings.needs import NeedsConversationsError
from analysis.ratings.pairs import Sums, sums
from analysis.ratings.settings import Settings
from analysis.wording.vocabulary import COMPONENT_LABEL

COMPONENTS = (
    "model",
    "conversation",
    "rater",
    "model_conversation",
    "model_rater",
    "conversation_rater",
    "residual",
)
_WITH_INTERVAL = (*COMPONENTS, "g", "phi")
_INTERVAL = "conversations_resampled"
G = Estimate.of("g", "g", "g", ".2f", "0 to 1", ends=_INTERVAL)
PHI = Estimate.of("phi", "Phi", "phi", ".2f", "0 to 1", ends=_INTERVAL)
_OF_STUDY = (
    *CELL,
    N_MODELS,
    N_CONVERSATIONS,
    Column.count("of_conversations", "Of", "of_conversations"),
)
_NEEDED = (
    Column.key("set_to_zero", "Set to 0", "set_to_zero"),
    Column.count("conversations_needed", "Needed for g 0.8", "conversations_needed"),
)
# Three of these have the names of keys (model, conversation, rater); what is read is the long table of the shares.
_VARIANCES = tuple(
    Estimate.of(
        name,
        COMPONENT_LABEL[name],
        "component",
        ".3f",
        "squared points of the scale",
        ends=_INTERVAL,
        short=COMPONENT_LABEL[name].partition(":")[0],
    )
    for name in COMPONENTS
)
DECLARED = (*_OF_STUDY, *(column for variance in _VARIANCES for column in variance), *G, *PHI, *_NEEDED)
COLUMNS = names(DECLARED)

_COEFFICIENTS = (*_OF_STUDY, *G, *PHI, *_NEEDED)
DETAILS = (
    *_COEFFICIENTS,
    CONVERSATIONS_TRIED,
    Column.key("component", "Part", "component"),
    *Estimate.of("variance", "Variance", "component", ".3f", "squared points of the scale", ends=_INTERVAL, short=""),
    Column.estimate("variance_share", "Share of variance", "component", ".0%", "0 to 1"),
)

# The columns that say how far one rater's scores generalise, without the components.
COEFFICIENTS = names(_COEFFICIENTS)

WANTED_G = 0.8
CONVERSATIONS = (10, 25, 50, 100, 200, 500, 1000)


def generalisability_table(frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Variance components of every judge and attribute, g and Phi with one rater, and the conversations g needs.

    Parameters
    ----------
    frame
        Pairs, as :func:`analysis.ratings.pairs.pairs` gives them, with clusters of one conversation.
    settings
        Resamples and seed.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, one row for each judge and attribute. Only complete conversations count, those in which all of the
        judge's models (``n_models``) were rated by both: ``n_conversations`` of the ``of_conversations`` that have a
        pair. ``COMPONENTS`` are variances, in squared points of the rating scale, at least 0: an estimate below 0 is
        set to 0 and named in ``set_to_zero``. ``g`` and ``phi`` (0-1) are those of one rater and ``n_conversations``;
        ``conversations_needed`` is the smallest number with which one rater's g reaches ``WANTED_G``, NaN where no
        number is enough. Everything is NaN with fewer than two models or two complete conversations, and g and Phi
        where nothing varies.

    Raises
    ------
    NeedsConversationsError
        The clusters are blocks of conversations.

    Notes
    -----
    Intervals have 95% confidence, from resampled conversations with the models and the two raters as they are. What
    other models or other raters would change is not in them: the variance between raters comes from two raters, that
    between models from nine or ten models, whatever the number of conversations. Resampling conversations adds to the
    components of models and raters about the m-th part of their interactions with conversations (Brennan 2001, section
    6.4), which with hundreds of conversations is little.
    """
    total = sums(frame)
    if (total.moments[0] > 1).any():
        raise NeedsConversationsError
    rated = total.moments[0] > 0
    models = rated.any(-1).sum(-1)
    by_conversation = _sums_of_complete(total, rated)
    size = by_conversation[0].sum(-1)
    raw = _components(by_conversation.sum(-1), models)
    values = _with_coefficients(raw, size)
    interval = bootstrap.over_clusters(
        by_conversation,
        lambda drawn: _with_coefficients(_components(drawn, models[..., None]), drawn[0]),
        np.broadcast_to(size, values.shape),
        settings,
    )
    judge, attribute = (axis.ravel() for axis in np.indices(models.shape))
    columns: dict[str, object] = {
        "judge": [total.judges[i] for i in judge],
        "attribute": [total.attributes[i] for i in attribute],
        "n_models": models.ravel(),
        "n_conversations": size.astype(int).ravel(),
        "of_conversations": rated.any(-2).sum(-1).ravel(),
    }
    for name, value, low, high in zip(_WITH_INTERVAL, values, interval.low, interval.high, strict=True):
        columns[name] = value.ravel()
        columns[f"{name}_low"] = np.where(np.isnan(value), np.nan, low).ravel()
        columns[f"{name}_high"] = np.where(np.isnan(value), np.nan, high).ravel()
    below = np.less(raw.reshape(len(COMPONENTS), -1).T, 0.0)
    columns["set_to_zero"] = [
        ", ".join(name for name, negative in zip(COMPONENTS, row, strict=True) if negative) for row in below
    ]
    columns["conversations_needed"] = _needed(values).ravel()
    return pd.DataFrame(columns)


def decision_study(table: pd.DataFrame, conversations: tuple[int, ...] = CONVERSATIONS) -> pd.DataFrame:
    """G and Phi of one rater with other numbers of conversations.

    Parameters
    ----------
    table
        As :func:`generalisability_table` gives it.
    conversations
        The numbers of conversations to try.

    Returns
    -------
    pandas.DataFrame
        ``judge, attribute, conversations, g, phi``, one row for each judge, attribute and number. ``g`` (0-1) goes to
        other conversations and another rater like these two, and asks for the same order and distances of models;
        ``phi`` (0-1) asks for the same values too. Neither can pass what it would be with endless conversations.
    """
    values = table[list(COMPONENTS)].to_numpy().T[..., None]
    g, phi = _coefficients(values, np.asarray(conversations, dtype=float))
    rows = table[["judge", "attribute"]].loc[table.index.repeat(len(conversations))].reset_index(drop=True)
    return rows.assign(conversations=np.tile(conversations, len(table)), g=g.ravel(), phi=phi.ravel())


def component_shares(table: pd.DataFrame) -> pd.DataFrame:
    """Lay out the components one below the other, with their shares.

    Returns
    -------
    pandas.DataFrame
        ``judge, attribute, component, variance, variance_low, variance_high, variance_share``, one row for each judge,
        attribute and one of ``COMPONENTS``; shares (0-1) are of their sum, the variance of one rating; NaN where that
        is 0 or undefined.
    """
    whole = table[list(COMPONENTS)].sum(axis=1, skipna=False)
    parts = [
        table[["judge", "attribute"]].assign(
            component=name,
            variance=table[name],
            variance_low=table[f"{name}_low"],
            variance_high=table[f"{name}_high"],
            variance_share=table[name] / whole.where(whole > 0),
        )
        for name in COMPONENTS
    ]
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)


def _sums_of_complete(total: Sums, rated: np.ndarray) -> np.ndarray:
    """Add up what mean squares are made of, for each complete conversation; zeros for the others.

    Shape (5 + 2 models, judges, attributes, conversations): one, the sum of squares, the squared total, the squared
    totals of the two raters, those of the models; then the experts' ratings by model, and the judge's.
    """
    has_model = np.any(rated, axis=-1, keepdims=True)
    complete = (rated | ~has_model).all(-2) & has_model.any(-2)
    # Deviations from about the mean of all ratings: smaller sums of squares round less.
    middle = np.rint(total.moments[1:3].sum() / max(2 * total.moments[0].sum(), 1))
    human, judge = ((total.moments[i] - middle * total.moments[0]) * complete[..., None, :] for i in (1, 2))
    of_human, of_judge = human.sum(-2), judge.sum(-2)
    return np.concatenate(
        [
            np.stack(
                [
                    complete.astype(float),
                    (human**2 + judge**2).sum(-2),
                    (of_human + of_judge) ** 2,
                    of_human**2 + of_judge**2,
                    ((human + judge) ** 2).sum(-2),
                ]
            ),
            np.moveaxis(human, -2, 0),
            np.moveaxis(judge, -2, 0),
        ]
    )


def _components(drawn: np.ndarray, models: np.ndarray) -> np.ndarray:
    """Variance components, in the order of ``COMPONENTS``, below 0 too; NaN with fewer than two of anything."""
    m, squares, of_conversation, of_conversation_rater, of_model_conversation = drawn[:5]
    cells = drawn[5:].reshape(2, -1, *drawn.shape[1:])
    p, r = np.where(models >= 2, models, np.nan), 2
    with np.errstate(divide="ignore", invalid="ignore"):
        grand = cells.sum((0, 1)) ** 2 / (p * m * r)
        model = (cells.sum(0) ** 2).sum(0) / (m * r) - grand
        rater = (cells.sum(1) ** 2).sum(0) / (p * m) - grand
        conversation = of_conversation / (p * r) - grand
        model_rater = (cells**2).sum((0, 1)) / m - model - rater - grand
        model_conversation = of_model_conversation / r - model - conversation - grand
        conversation_rater = of_conversation_rater / p - conversation - rater - grand
        main = model + conversation + rater
        residual = squares - main - model_conversation - model_rater - conversation_rater - grand
        noise = ROUNDING_OF_SUMS * squares
        ms = [
            np.where(np.abs(value) <= noise, 0.0, value) / freedom
            for value, freedom in (
                (model, p - 1),
                (conversation, m - 1),
                (rater, r - 1),
                (model_conversation, (p - 1) * (m - 1)),
                (model_rater, (p - 1) * (r - 1)),
                (conversation_rater, (m - 1) * (r - 1)),
                (residual, (p - 1) * (m - 1) * (r - 1)),
            )
        ]
        ms_p, ms_c, ms_r, ms_pc, ms_pr, ms_cr, ms_pcr = ms
        found = np.stack(
            [
                (ms_p - ms_pc - ms_pr + ms_pcr) / (m * r),
                (ms_c - ms_pc - ms_cr + ms_pcr) / (p * r),
                (ms_r - ms_pr - ms_cr + ms_pcr) / (p * m),
                (ms_pc - ms_pcr) / r,
                (ms_pr - ms_pcr) / m,
                (ms_cr - ms_pcr) / p,
                ms_pcr,
            ]
        )
    return np.where(np.isfinite(found).all(0), found, np.nan)


def _with_coefficients(raw: np.ndarray, conversations: np.ndarray) -> np.ndarray:
    """Set components below 0 to 0 and add g and Phi below them."""
    values = np.maximum(raw, 0.0)
    return np.concatenate([values, np.stack(_coefficients(values, conversations))])


def _coefficients(values: np.ndarray, conversations: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    s_p, s_c, s_r, s_pc, s_pr, s_cr, s_pcr = values
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = s_pr + (s_pc + s_pcr) / conversations
        absolute = relative + s_r + (s_c + s_cr) / conversations
        return s_p / (s_p + relative), s_p / (s_p + absolute)


def _needed(values: np.ndarray) -> np.ndarray:
    """Fewest conversations with which g reaches ``WANTED_G``; NaN where the raters differ too much about models."""
    s_p, _, _, s_pc, s_pr, _, s_pcr = values[: len(COMPONENTS)]
    room = s_p * (1 - WANTED_G) / WANTED_G - s_pr
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(room > 0, np.maximum(np.ceil((s_pc + s_pcr) / room), 1.0), np.nan)
