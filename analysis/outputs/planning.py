"""Plans of the judges and attributes of a view, as the command line and the page give them."""

from collections.abc import Callable

from analysis.decisions.aim import Aim
from analysis.decisions.plan import Plans, plans
from analysis.outputs.view import View
from analysis.ratings.experts import FEWEST_EXPERTS, single_experts, tells_experts_apart
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import SettingsError


def plans_of(view: View, aim: Aim, report: Callable[[str], object] = str) -> Plans:
    """Plan for every judge and attribute of a view; see :func:`analysis.decisions.plan.plans`.

    Raises
    ------
    SettingsError
        A number of experts is asked for, and what a second one adds is not known.
    """
    dataset, settings, chosen = view.dataset, view.settings, view.selection
    apart = len(view.study.experts) >= FEWEST_EXPERTS and tells_experts_apart(dataset.ratings)
    if aim.experts is not None and not apart:
        raise SettingsError(
            f"experts: {aim.experts} is not allowed where experts are not told apart, since what one more adds is not "
            "known; allowed is leaving it out, or a study of two experts or more"
        )
    single = single_experts(view.study, dataset.ratings, settings, chosen) if apart else None
    return plans(pairs(view.study, dataset.counts, settings, chosen), single, settings, aim, report)
