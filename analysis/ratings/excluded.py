"""Which models a rater is not compared on."""

from analysis.ratings.settings import Settings
from data.study import Study


def excluded_models(study: Study, rater: str, settings: Settings) -> frozenset[str]:
    """Models that are not counted for a rater: replies that people wrote for all, a judge's own for that judge.

    A panel rates what any of its members rates, each member's own models being left out for that member alone.
    """
    left_out = study.by_people if settings.original == "left-out" else frozenset()
    judge = study.judge(rater)
    if judge is not None and settings.exclude != "none":
        left_out |= frozenset(judge.own) if settings.exclude == "own" else study.family(judge)
    return left_out
