"""What the paper's printed tables, their figures, and the switches of its settings are called."""

from analysis.wording.vocabulary import CHOICE, FIGURE_LABEL

# The tables that the paper prints, and their figures.
PRINTED_LABEL = {"icc": "Reliability", "bias": "Bias", "human_means": "Experts' means"}
SHEET_LABEL = {
    "coefficients": "Coefficients",
    "intervals": "Interval ends and widths",
    "tiers": "Tiers",
    "bias": "Bias and error",
    "human_means": "Experts' means",
}
# With those that a data error may move.
PRINTED_FIGURE = {
    **FIGURE_LABEL,
    "icc_c1_low": "ICC(C,1), lower end",
    "icc_c1_high": "ICC(C,1), upper end",
    "ci_width": "Width of the interval",
    "tier": "Tier",
    "judge_mean": "Judge's mean",
    "mean": "Mean",
    "average": "Average of a model",
}
# What is changed alone in the paper's settings, beside the values of ``CHOICE``.
SWITCH_LABEL = {
    "paper": "Nothing",
    "partial-counted": "Experts' means: incomplete replies counted",
    **{
        f"{name}={value}": f"{what}: {label.format(items='conversations')}"
        for name, what in (
            ("repeated", "Copied rows"),
            ("ratings", "Ratings"),
            ("contexts", "Differing messages"),
            ("exclude", "Left out for a judge"),
            ("original", "Original reply"),
            ("interval", "Interval"),
            ("discard", "Resampled values discarded"),
        )
        for value, (label, _) in CHOICE[name].items()
    },
}
