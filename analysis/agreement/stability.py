"""How robust a reading is: how often it would come out otherwise with other models, other messages, or another seed.

The paper's tier is a property of a bootstrap interval, so it moves twice: with the models (or conversations) that
happen to be in the study, and with the random draws of the bootstrap itself. Both are simulated. The cut-offs are the
tertiles of the paper's own 28 widths, so that a third of its cells is Poor by construction, and a cell whose width is
near a cut-off has no robust tier.
"""

import numpy as np
import pandas as pd

from analysis.agreement.anova import means_of_models
from analysis.agreement.bands import KOO_LI_BANDS, PAPER_TIERS, band_places, tier_places
from analysis.agreement.icc_resamples import alike, of_drawn_models, over_both, over_clusters, over_models
from analysis.column import Estimate, names
from analysis.inference.bootstrap import percentile_interval, weights
from analysis.inference.clustering import clustered_share
from analysis.ratings.columns import CELL, N_MODELS
from analysis.ratings.pairs import sums
from analysis.ratings.settings import Settings, resamples_of
from analysis.wording.vocabulary import READING

PAPER_RESAMPLES = resamples_of("paper")
# Resampled studies, and pairs of seeds. A probability is then known to ten points at worst, which the table says.
STUDIES = 100
PAIRS_OF_SEEDS = 50
# Studies held in memory together.
_AT_ONCE = 10

# Columns of probabilities, and the readings that they are of.
TIERS = {f"p_{name.lower()}": name for name, _ in PAPER_TIERS}
BANDS = {f"p_{name}": name for name, _ in KOO_LI_BANDS}
_RATES = (
    *(
        Estimate.of(
            name,
            READING[reading].word,
            "p_reading",
            ".0%",
            "0 to 1",
            ends="monte_carlo",
            short=READING[reading].short,
            note=f"Of `{reading}`.",
        )
        for name, reading in {**TIERS, **BANDS}.items()
    ),
    Estimate.of(
        "seed_flip_rate",
        "Changes with seed",
        "seed_flip_rate",
        ".0%",
        "0 to 1",
        ends="monte_carlo",
        short="Changes",
    ),
)
DECLARED = (*CELL, *(rate.value for rate in _RATES), *(end for rate in _RATES for end in rate.ends), N_MODELS)
COLUMNS = names(DECLARED)
# What is of the tiers, with the ends of the simulation's error.
OF_TIERS = tuple(f"{name}{end}" for name in (*TIERS, "seed_flip_rate") for end in ("", "_low", "_high"))


def stability_table(frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """How probable each of the paper's tiers and each of Koo & Li's bands is, and how often the tier hangs on the seed.

    Parameters
    ----------
    frame
        Pairs, as :func:`analysis.ratings.pairs.pairs` gives them.
    settings
        What is resampled: models, conversations or both, as its interval says (models under exact F). Level, resamples
        and seed.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``. ``p_poor`` to ``p_excellent`` (0-1): how often ICC(C,1) of a resample lies in the band. ``p_gr``,
        ``p_mr``, ``p_pr`` (0-1): how often the paper's interval (1,000 resamples of models, none discarded), made from
        each of ``STUDIES`` resampled studies, has that tier; always at model level, where tiers are defined.
        ``seed_flip_rate`` (0-1): how often two such intervals of the same ratings, made with two seeds, have different
        tiers. ``_low`` and ``_high`` say how well the simulation knows the probability, and nothing else. NaN where
        ICC(C,1) is undefined, and where there is too little to resample: fewer than three models, or two conversations
        (or blocks of them).
    """
    total = sums(frame)
    rates = {**_bands(total.moments, settings), **_tiers(total.moments, settings)}
    judge, attribute = (axis.ravel() for axis in np.indices(total.moments.shape[1:3]))
    table = pd.DataFrame(
        {
            "judge": [total.judges[i] for i in judge],
            "attribute": [total.attributes[i] for i in attribute],
            "n_models": (total.moments[0].sum(-1) > 0).sum(-1).ravel(),
            **{name: values.ravel() for name, values in rates.items()},
        }
    )
    return table[list(COLUMNS)]


def _bands(moments: np.ndarray, settings: Settings) -> dict[str, np.ndarray]:
    """How often ICC(C,1) of a resample lies in each band."""
    draw = {"bootstrap-conversations": over_clusters, "bootstrap-both": over_both}.get(settings.interval, over_models)
    pairs_of = moments[0]
    enough = (pairs_of.sum(-2) > 0).sum(-1) >= 2
    if draw is not over_clusters:
        enough = (pairs_of.sum(-1) > 0).sum(-1) >= 3
    c1 = np.where(enough[..., None], draw(moments, settings)[0], np.nan)
    return _shares(band_places(c1), tuple(BANDS))


def _tiers(moments: np.ndarray, settings: Settings) -> dict[str, np.ndarray]:
    """How often a resampled study has each of the paper's tiers, and how often two seeds give two of them."""
    by_model = moments.sum(-1)
    of_studies = np.full((*by_model.shape[1:3], STUDIES), -1)
    of_seeds = np.full((*by_model.shape[1:3], 2 * PAIRS_OF_SEEDS), -1)
    redrawn = _studies_of_other_conversations(moments, settings)
    for cells, members in alike(by_model[0] > 0):
        models = int(members.sum())
        if models < 3:
            continue
        human, judge = (side[:, cells][..., members] for side in redrawn)
        if settings.interval != "bootstrap-conversations":
            drawn = np.random.default_rng(settings.seed).integers(models, size=(STUDIES, 1, models))
            human, judge = (np.take_along_axis(side, drawn, -1) for side in (human, judge))
        of_studies[cells] = _tier_of_each(human, judge, settings.seed).T
        human, judge = (
            np.broadcast_to(side[cells][:, members], (2 * PAIRS_OF_SEEDS, int(cells.sum()), models))
            for side in means_of_models(by_model)
        )
        of_seeds[cells] = _tier_of_each(human, judge, settings.seed).T
    first, second = of_seeds[..., :PAIRS_OF_SEEDS], of_seeds[..., PAIRS_OF_SEEDS:]
    known = (first >= 0) & (second >= 0)
    return {
        **_shares(of_studies, tuple(TIERS)),
        **_named("seed_flip_rate", (first != second) & known, known),
    }


def _studies_of_other_conversations(moments: np.ndarray, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    """Means of each model, by experts and judge, in each study; shape (studies, judges, attributes, models)."""
    if settings.interval in ("bootstrap-conversations", "bootstrap-both"):
        drawn = np.concatenate(list(weights(moments.shape[-1], STUDIES, settings.seed)))
        by_model = np.moveaxis(np.tensordot(moments[:3], drawn, (-1, -1)), -1, 1)
    else:
        by_model = np.repeat(moments[:3].sum(-1)[:, None], STUDIES, axis=1)
    return means_of_models(by_model)


def _tier_of_each(human: np.ndarray, judge: np.ndarray, seed: int) -> np.ndarray:
    """Place of the paper's tier of each study and cell, from means of shape (studies, cells, models)."""
    studies, _, models = human.shape
    drawn = np.concatenate(list(weights(models, studies * PAPER_RESAMPLES, seed)))
    drawn = drawn.reshape(studies, PAPER_RESAMPLES, models)
    tiers = []
    for start in range(0, studies, _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        c1, _ = of_drawn_models(human[part], judge[part], drawn[part])
        (low, high), _ = percentile_interval(c1, discard_outside=False)
        tiers.append(tier_places(low, high))
    return np.concatenate(tiers)


def _shares(places: np.ndarray, names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """How often each place (last axis: resamples, -1 undefined) occurs, with the simulation's error."""
    known = places >= 0
    found: dict[str, np.ndarray] = {}
    for place, name in enumerate(names):
        found |= _named(name, places == place, known)
    return found


def _named(name: str, events: np.ndarray, known: np.ndarray) -> dict[str, np.ndarray]:
    share, interval = clustered_share(events.astype(float), known.astype(float))
    return {name: share, f"{name}_low": interval.low, f"{name}_high": interval.high}
