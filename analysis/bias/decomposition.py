r"""What a mean squared error is made of: bias, a difference in spread, and what no shift or stretch explains.

.. math::
    MSE = \underbrace{bias^2}_{shift} + \underbrace{(s_j - s_h)^2}_{spread} + \underbrace{2 s_j s_h (1 - r)}_{rest}

with the population standard deviations of the judge's and the experts' ratings over the pairs, and their correlation.

References
----------
Kobayashi, K., & Salam, M. U. (2000). Comparing simulated and measured values using mean squared deviation and its
components. Agronomy Journal, 92(2), 345-352.
"""

import numpy as np

from analysis.agreement.anova import ROUNDING_OF_SUMS
from analysis.column import Estimate

ERROR_PARTS = tuple(
    Estimate.of(name, f"{part} part", "error_parts", ".2f", "squared points of the scale", ends="resampled")
    for name, part in (("mse_bias", "Bias"), ("mse_scale", "Spread"), ("mse_unexplained", "Scatter"))
)


def error_parts(moments: np.ndarray) -> np.ndarray:
    """Split the mean squared error into bias, spread and rest, in squared points of the scale, each 0 or more.

    Parameters
    ----------
    moments
        Sums over pairs in the order of :data:`analysis.ratings.pairs.MOMENTS`, shape (6, ...).

    Returns
    -------
    numpy.ndarray
        Shape (3, ...); the parts add up to the MSE. NaN without pairs. Where one rater never varies the correlation is
        undefined but its product with the spreads is 0, and so is the rest.
    """
    n, human, judge = moments[:3]
    human_variance, judge_variance, covariance = second_moments(moments)
    with np.errstate(divide="ignore", invalid="ignore"):
        bias = (judge - human) / n
    human_spread, judge_spread = np.sqrt(human_variance), np.sqrt(judge_variance)
    rest = 2 * np.maximum(human_spread * judge_spread - covariance, 0)
    return np.stack([bias**2, (judge_spread - human_spread) ** 2, rest])


def second_moments(moments: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give population variances of the experts' and the judge's ratings and the covariance; NaN without pairs."""
    n, human, judge, human_squared, judge_squared, product = moments
    with np.errstate(divide="ignore", invalid="ignore"):
        # A rater that never varies has exactly no variance, and 0 / n is NaN without pairs.
        human_variance, judge_variance = (
            np.where(n * squares - total**2 > ROUNDING_OF_SUMS * n * squares, (n * squares - total**2) / n**2, 0 / n)
            for total, squares in ((human, human_squared), (judge, judge_squared))
        )
        return human_variance, judge_variance, (n * product - human * judge) / n**2
