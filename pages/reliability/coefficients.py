"""Coefficients: whether a judge orders and scores as the experts do, and how sure that is."""

import streamlit as st

from analysis.agreement.crosscheck import against_pingouin
from analysis.charts.icc import COEFFICIENTS, forest, intervals_side_by_side
from analysis.findings.consistency import consistency_finding
from analysis.findings.icc import cautions, forest_finding, reliability_finding
from analysis.findings.stability import levels_finding
from analysis.ratings.pairs import pairs
from analysis.wording import study_text
from pages.components.figures import show_figure
from pages.components.pickers import pick_judge
from pages.components.tables import show_table
from pages.components.view import View
from pages.reliability.consistency import asked_again
from pages.reliability.experts import with_one_more

READ_FIRST = [
    *("judge", "attribute", "reading", "icc_c1", "icc_c1_low", "icc_c1_high", "ci_width"),
    *("reading_a1", "icc_a1", "icc_a1_low", "icc_a1_high", "n_targets", "n_pairs", "score", "level", "discarded"),
]


def show(view: View) -> None:
    """Draw coefficients with their intervals."""
    icc = view.table("icc")
    # The paper reads its own intervals only.
    columns = [name for name in READ_FIRST if view.settings.readings != "paper-tiers" or name != "reading_a1"]
    for caution in cautions(view.study, icc, view.settings):
        st.warning(caution, icon=":material/straighten:")
    if asked_again(view):
        st.markdown(consistency_finding(view.study, view.table("consistency")))
    st.markdown(f"**{reliability_finding(view.study, icc, view.settings)}**")
    st.markdown(study_text(view.study, "shared", f"reading-{view.settings.readings}"))
    show_table(icc[columns], view, "Intraclass correlations of judges with experts", name="icc")
    _offer_crosscheck(view)

    st.header("How sure are we?")
    coefficient = view.filters.one(
        "coefficient", "Coefficient", list(COEFFICIENTS), "icc_c1", say=COEFFICIENTS.__getitem__, form="row"
    )
    bounds = [coefficient, f"{coefficient}_low", f"{coefficient}_high"]
    show_figure(
        forest,
        with_one_more(view, icc),
        coefficient,
        finding=forest_finding(view.study, icc, coefficient),
        view=view,
        name="forest",
        data=icc[["judge", "attribute", *bounds, "n_targets", "n_pairs"]],
    )

    st.header("Two questions: ranking systems, rating a reply")
    st.markdown(study_text(view.study, "reliability", "levels"))
    judge = pick_judge(view)
    both = view.table("levels", view.selection.of_judge(judge))
    show_figure(
        intervals_side_by_side,
        both,
        coefficient,
        "level",
        finding=levels_finding(view.study, both, coefficient, judge),
        view=view,
        name="levels",
        data=both[["judge", "attribute", "level", *bounds, "n_targets", "n_pairs"]],
    )


def _offer_crosscheck(view: View) -> None:
    """Offer to compute the table once more with pingouin; it is done when it is asked for, for the cells on screen."""
    check = st.expander(
        "Check these coefficients against pingouin", icon=":material/verified:", key="pingouin", on_change="rerun"
    )
    if not check.open:
        return
    with check:
        st.markdown(
            "Computes every ICC above once more with [pingouin](https://pingouin-stats.org), a statistics library "
            "that others write and test. It takes a moment."
        )
        if not st.button("Run the check", key="crosscheck"):
            return
        frame = pairs(view.study, view.dataset.counts, view.settings, view.selection)
        compared = against_pingouin(frame, view.table("icc"), view.settings)
        if compared.empty:
            st.info("There is nothing to check: pingouin needs at least three targets that differ.")
            return
        largest = compared["pingouin_difference"].max()
        st.markdown(f"**Largest difference over {len(compared)} cells: {largest:.1e}.**")
        show_table(compared, view, "ICC, ours and pingouin's", name="crosscheck")
