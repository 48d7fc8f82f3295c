"""How well the experts agree, and how judges stand beside one of them; with one rating, what has to be assumed."""

import pandas as pd
import streamlit as st

from analysis.agreement.experts import further_of
from analysis.agreement.left_out_expert import columns_of
from analysis.charts.attenuation import assumed_agreement
from analysis.charts.experts import judge_less_expert
from analysis.charts.icc import COEFFICIENTS, forest
from analysis.decisions.annotator_test import FEWEST_EXPERTS
from analysis.findings.attenuation import attenuation_finding
from analysis.findings.experts import (
    annotator_finding,
    experts_finding,
    further_finding,
    left_out_finding,
    too_few_finding,
    why_not_finding,
)
from analysis.ratings.experts import tells_experts_apart
from analysis.wording import study_text
from pages.components.figures import show_figure
from pages.components.pickers import pick_judge, rows_of
from pages.components.tables import show_table
from pages.components.view import View

_ONE_MORE = ["attribute", "further_c1", "further_a1"]
# What is read first of the columns.
_OWN = [
    *("attribute", "n_experts", "n_complete", "experts_c1", "experts_c1_low", "experts_c1_high"),
    *("experts_a1", "experts_a1_low", "experts_a1_high", "experts_ak", "experts_ak_low", "experts_ak_high"),
    *("n_several", "experts_alpha", "experts_alpha_low", "experts_alpha_high"),
    *("further_c1", "further_c1_low", "further_c1_high", "further_a1", "further_a1_low", "further_a1_high"),
]


def show(view: View) -> None:
    """Draw how well the experts agree, and how judges stand beside one of them; without single experts, why not."""
    judge = pick_judge(view)
    st.markdown(study_text(view.study, "experts"))
    if not tells_experts_apart(view.dataset.ratings):
        st.markdown(f"**{why_not_finding(view.study)}**")
        _show_assumed(view, judge)
        return
    coefficient = view.filters.one(
        "coefficient", "Coefficient", list(COEFFICIENTS), "icc_c1", say=COEFFICIENTS.__getitem__, form="row"
    )
    own = view.table("experts")
    st.markdown(f"**{experts_finding(own)}**")
    show_table(own[_OWN], view, "How well the experts agree on single replies", name="experts")
    _show_one_more(view, own, coefficient)
    st.markdown(study_text(view.study, "experts", "ceiling"))
    _show_left_out(view, coefficient, judge)
    if len(view.study.experts) >= FEWEST_EXPERTS:
        _show_annotator_test(view)
    else:
        st.markdown(too_few_finding(view.study))


def with_one_more(view: View, icc: pd.DataFrame) -> pd.DataFrame:
    """Return ICCs with what one more expert would reach, where they are of single replies and experts are told apart.

    What is said of one more expert is of the experts' mean of single replies, and of nothing else.
    """
    if view.settings.level != "response" or not tells_experts_apart(view.dataset.ratings):
        return icc
    return icc.merge(view.table("experts")[_ONE_MORE], on="attribute", how="left")


def _show_one_more(view: View, own: pd.DataFrame, coefficient: str) -> None:
    replies = rows_of(view.table("levels"), level="response").merge(own[_ONE_MORE], on="attribute", how="left")
    ends = [f"{coefficient}{end}" for end in ("", "_low", "_high")]
    st.header("Judges and one more expert, on single replies")
    show_figure(
        forest,
        replies,
        coefficient,
        finding=further_finding(view.study, replies, coefficient),
        view=view,
        name="one-more-expert",
        data=replies[["judge", "attribute", *ends, further_of(coefficient), "n_targets", "n_pairs"]],
    )


def _show_left_out(view: View, coefficient: str, judge: str) -> None:
    rows = view.table("left-out", view.selection.of_judge(judge))
    columns = [f"{name}{end}" for name in columns_of(coefficient) for end in ("", "_low", "_high")]
    st.header(f"{view.study.rater(judge)} and each expert, both with the others")
    show_figure(
        judge_less_expert,
        rows,
        coefficient,
        finding=left_out_finding(view.study, rows, coefficient, judge),
        view=view,
        name="left-out",
        data=rows[["judge", "attribute", "expert", "n_compared", *columns]],
    )
    st.markdown(study_text(view.study, "experts", "left-out"))


def _show_annotator_test(view: View) -> None:
    tests = view.table("annotator-test")
    st.header("May a judge take the place of one of the experts?")
    st.markdown(f"**{annotator_finding(view.study, tests, view.settings)}**")
    show_table(tests.drop(columns="lacking"), view, "The alternative annotator test", name="annotator-test")
    with st.expander("Against each expert", icon=":material/table:"):
        by_expert = view.table("annotator_test_by_expert")
        show_table(by_expert, view, "The alternative annotator test against each expert", name="annotator-by-expert")
    st.markdown(study_text(view.study, "experts", "annotator"))


def _show_assumed(view: View, judge: str) -> None:
    assumed = view.table("attenuation", view.selection.of_judge(judge))
    settings = view.settings
    st.header(f"{view.study.rater(judge)}, if the experts' ratings were less dependable")
    show_figure(
        assumed_agreement,
        assumed,
        settings.icc_supported,
        settings.icc_checked,
        finding=attenuation_finding(view.study, assumed, judge),
        view=view,
        name="attenuation",
        data=assumed.dropna(subset="assumed_a1"),
    )
    st.markdown(study_text(view.study, "experts", "attenuation"))
