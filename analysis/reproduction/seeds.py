"""The paper's interval over many seeds: how far its ends and its tier move when nothing but the random draws does."""

from dataclasses import replace

import numpy as np

from analysis.agreement.icc_resamples import over_models
from analysis.inference.bootstrap import Interval, percentile_interval
from analysis.ratings.pairs import Sums
from analysis.ratings.settings import SEEDS_TRIED, Settings

# A printed end is one more draw of the same kind.
SEEDS = range(SEEDS_TRIED)


def ends_over_seeds(total: Sums, settings: Settings, seeds: range = SEEDS) -> Interval:
    """Make the interval of ICC(C,1) over models, once for each seed.

    Parameters
    ----------
    total
        Sums over pairs.
    settings
        Level, resamples, and whether values outside [0, 1] are discarded; the interval is over models whatever kind
        they name.
    seeds
        The seeds, each giving the ends that :func:`analysis.agreement.icc.icc_table` gives with it.

    Returns
    -------
    Interval
        Both ends of shape (seeds, judges, attributes); NaN where no resample can be used.
    """
    # Models are drawn, so conversations need adding up only once.
    by_model = total.moments.sum(-1, keepdims=True)
    drawn = []
    for seed in seeds:
        c1, _ = over_models(by_model, replace(settings, seed=seed))
        ends, _ = percentile_interval(c1, settings.discard == "outside-0-1")
        drawn.append(ends)
    return Interval(*(np.stack(end) for end in zip(*drawn, strict=True)))
