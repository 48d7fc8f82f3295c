"""The settings in the sidebar: analysis choices, and what counts as good enough."""

from functools import partial
from typing import NamedTuple

import streamlit as st

from analysis.decisions.annotator_test import FEWEST_EXPERTS
from analysis.ratings.settings import CHOICES, LIMITS, Settings, presets_of
from analysis.wording import meaning
from analysis.wording.vocabulary import CHOICE, choice_label
from data.study import Study
from pages.components.filters import Filters, forget

CHOSEN_BY_HAND = ("ratings", "repeated", "contexts", "exclude", "original", "interval", "discard", "multiplicity")


class Limit(NamedTuple):
    """What readers judge by: the label of its control, and what can be chosen."""

    label: str
    options: tuple[float, ...]


def _limits(study: Study) -> dict[str, Limit]:
    """Offer what readers judge by, in points of the study's scale."""
    scale = study.scale
    points = tuple(
        round(part * scale.width, 9) for part in (0.0125, 0.025, 0.0375, 0.05, 0.0625, 0.075, 0.1, 0.125, 0.25)
    )
    losses = tuple(point for point in points if point <= 0.04 * scale.width)
    half = (scale.low + scale.high) / 2
    return {
        "margin": Limit("Bias that would not matter (points)", points),
        "loss_supported": Limit("Loss by its choice allowed for “Supported” (points)", losses),
        "loss_checked": Limit(
            "Loss by its choice allowed with human checks (points)", tuple(p for p in points if p not in losses)
        ),
        "low": Limit("Poor reply: experts give at most", tuple(point for point in scale.values if point < half)),
        "high": Limit("Reassuring judge: gives at least", tuple(point for point in scale.values if point >= half)),
        "icc_supported": Limit("ICC needed for “Supported”", (0.75, 0.8, 0.85, 0.9, 0.95)),
        "icc_checked": Limit("ICC needed with human checks", (0.3, 0.4, 0.5, 0.6, 0.7)),
        "reassured_supported": Limit("False reassurance allowed for “Supported”", (0.01, 0.02, 0.05, 0.1, 0.15)),
        "reassured_checked": Limit("False reassurance allowed with human checks", (0.2, 0.25, 0.3, 0.4, 0.5)),
        **(
            {"epsilon": Limit("Epsilon: allowance for replacing an expert", (0.05, 0.1, 0.15, 0.2, 0.25, 0.3))}
            if len(study.experts) >= FEWEST_EXPERTS
            else {}
        ),
    }


def choose_settings(filters: Filters, study: Study) -> Settings:
    """Let the reader choose the settings that every figure obeys."""
    presets = presets_of(study)
    preset = filters.one(
        "preset",
        "Settings",
        presets,
        presets[0],
        say=partial(choice_label, study, "preset"),
        explained="  \n".join(f"**{label}:** {means}" for label, means in (CHOICE["preset"][name] for name in presets)),
        form="row",
        reset=CHOSEN_BY_HAND,
    )
    level = filters.one(
        "level",
        "What an ICC compares",
        CHOICES["level"],
        "model",
        say=partial(choice_label, study, "level"),
        explained=meaning(study, "level"),
        form="row",
        reset=("interval",),
    )
    standard = Settings.of(study, preset, level)
    labels = {
        "ratings": "Ratings that count",
        "repeated": "Copied rows of the experts",
        "contexts": f"{study.item.many.capitalize()} that differ between files",
        "exclude": "Models left out for a judge",
        **({"original": "Original reply" if study.published else "What people wrote"} if study.by_people else {}),
        "interval": "Interval of the ICC",
        "discard": "Resampled values discarded",
        "multiplicity": "Allowance for many verdicts and tests",
    }
    choices = st.expander("Analysis choices", icon=":material/tune:", key="choices", on_change="rerun")
    with choices:
        made = {
            name: filters.one(
                name,
                label,
                CHOICES[name],
                getattr(standard, name),
                say=partial(choice_label, study, name),
                explained=meaning(study, name),
                drawn=bool(choices.open),
            )
            for name, label in labels.items()
        }
    enough = st.expander("What counts as good enough", icon=":material/rule_settings:", key="enough", on_change="rerun")
    with enough:
        limits = {
            name: _choose_limit(filters, study, name, limit, standard.limits[name], drawn=bool(enough.open))
            for name, limit in _limits(study).items()
        }
        if enough.open:
            st.button(
                "Back to the usual thresholds",
                on_click=forget,
                args=(LIMITS,),
                disabled=limits == {name: standard.limits[name] for name in limits},
            )
    return Settings.of(study, preset, level, **made, **limits)


def _choose_limit(filters: Filters, study: Study, name: str, limit: Limit, standard: float, *, drawn: bool) -> float:
    """Let the reader move a limit."""
    said = filters.one(
        name,
        limit.label,
        [f"{option:g}" for option in sorted({*limit.options, standard})],
        f"{standard:g}",
        say=(lambda share: f"{float(share):.0%}") if name.startswith("reassured") else str,
        form="slide",
        explained=meaning(study, name),
        drawn=drawn,
    )
    return float(said)
