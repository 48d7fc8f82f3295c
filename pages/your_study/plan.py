"""Plan: how many replies experts would have to rate before a judge is certified for a use, and how to go on."""

import pandas as pd
import streamlit as st

from analysis.charts.plan import curve_lines
from analysis.decisions.aim import POWER, USES, WIDTH, Aim
from analysis.decisions.verdicts import UNDECIDED
from analysis.findings.plan import assumptions, certainty, curve_finding, plan_finding, saved_finding, split_finding
from analysis.outputs.view import View as Seen
from analysis.ratings.experts import tells_experts_apart
from analysis.wording import meaning, study_text
from analysis.wording.vocabulary import USE
from data.study import Study
from pages.components.cached import plans_for
from pages.components.figures import show_figure
from pages.components.pickers import pick_cell
from pages.components.tables import show_table
from pages.components.view import View

_MADE = "plan made"
_UNKNOWN = "As in the ratings at hand"
_WIDTHS, _POWERS = ("0.05", "0.1", "0.2", "0.3", "0.5"), ("0.5", "0.7", "0.8", "0.9", "0.95")
_SYSTEMS = ("5", "10", "15", "20", "30", "50")


def show(view: View) -> None:
    """Let the reader choose what a judge is to be certified for, and draw the plan."""
    study = view.study
    st.markdown(study_text(study, "plan"))
    judge, attribute = pick_cell(view)
    aim, chosen = _aim(view), view.selection.cell(judge, attribute)
    asked = (aim, chosen, view.settings)
    st.button("Make this plan", type="primary", on_click=_ask, args=(asked,), icon=":material/checklist:")
    if st.session_state.get(_MADE) != asked:
        return
    made = plans_for(Seen(view.dataset, view.settings, chosen), aim)
    row = made.table.iloc[0]
    st.markdown(f"**{plan_finding(study, row, aim)}** {certainty(study, row, aim)}")
    st.markdown(
        " ".join(filter(None, (split_finding(study, made.table), saved_finding(study, row, view.settings.unlabelled))))
    )
    show_table(made.table, view, "Plan", name="plan")
    for figure in ("power", "assured_width") if row["aim"] != UNDECIDED else ("assured_width",):
        finding = curve_finding(study, made.curves, figure)
        show_figure(curve_lines, made.curves, figure, aim, finding=finding, view=view, name=figure, data=made.curves)
    st.markdown("\n".join(f"- {said}" for said in assumptions(study, made.table)))

    st.header("How to go on")
    st.markdown(study_text(study, "plan", "next"))
    st.code(_commands(study, row), language=None, wrap_lines=True)


def _ask(asked: tuple[object, ...]) -> None:
    st.session_state[_MADE] = asked


def _aim(view: View) -> Aim:
    """Let the reader set use, width, power, experts and systems."""
    study, one = view.study, view.filters.one
    use = one("use", "What is the judge to be used for?", USES, "reply", say=lambda key: USE[key][0], form="row")
    left, right = st.columns(2)
    with left:
        said = meaning(study, "assured_width")
        width = one("width", "Width of the interval, at most", _WIDTHS, f"{WIDTH:g}", form="slide", explained=said)
        systems = _number(view, "systems", "Systems to compare", _SYSTEMS, "systems_planned")
    with right:
        said = meaning(study, "power")
        power = one("power", "In what share of studies", _POWERS, f"{POWER:g}", form="slide", explained=said)
        several = tells_experts_apart(view.dataset.ratings)
        experts = _number(view, "experts", "Experts of a reply", ("1", "2", "3"), "experts_each") if several else None
    return Aim.of(use, float(width), float(power), experts, systems)


def _number(view: View, name: str, label: str, options: tuple[str, ...], term: str) -> int | None:
    """Let the reader choose a number, or none."""
    explained = meaning(view.study, term)
    chosen = view.filters.one(name, label, ("any", *options), "any", say=_said, explained=explained)
    return None if chosen == "any" else int(chosen)


def _said(option: str) -> str:
    return _UNKNOWN if option == "any" else option


def _commands(study: Study, row: pd.Series) -> str:
    """Write the commands that draw replies and make the sheets, with the number of the plan where there is one."""
    replies = row["items_needed"] * row["systems_planned"]
    number = "N" if pd.isna(replies) else f"{replies:.0f}"
    where = "snapshot" if study.published else "FOLDER"
    files = "--replies replies.csv --ratings my_llm_judge.csv"
    return "\n".join(
        [
            f"python -m data items {files} --number {number} --output items.csv",
            f"python -m data sheet {files} --items items.csv --study {where} --experts A B --output sheets",
            "python -m analysis check sheets",
            "python -m analysis weighted --source sheets",
        ]
    )
