"""Ranking and choice: which system a judge would have us take, and what that costs."""

import streamlit as st

from analysis.charts.ranking import ORDER, loss_heatmap, order_forest
from analysis.findings.ranking import choice_finding, cost_finding, order_finding
from analysis.wording import study_text
from pages.components.figures import show_figure
from pages.components.tables import show_table
from pages.components.view import View


def show(view: View) -> None:
    """Draw what following a judge costs, and how it orders systems."""
    ranking = view.table("ranking")
    st.markdown(f"**{choice_finding(view.study, ranking)}**")

    st.header("What does following the judge cost?")
    loss = ["loss", "loss_low", "loss_high", "expected_loss"]
    columns = ["judge", "attribute", "best_human", "best_judge", "same_best_now", "same_best", *loss, "n_models"]
    finding = cost_finding(view.study, ranking)
    show_figure(
        loss_heatmap, ranking, finding=finding, view=view, name="loss", data=ranking[columns], across_judges=True
    )
    st.markdown(study_text(view.study, "choosing", "cost"))

    st.header("Does the judge order the models as the experts do?")
    measure = view.filters.one("order_by", "Measure", list(ORDER), "pairwise", say=ORDER.__getitem__, form="row")
    show_figure(
        order_forest,
        ranking,
        measure,
        finding=order_finding(view.study, ranking, measure),
        view=view,
        name="order",
        data=ranking[["judge", "attribute", measure, f"{measure}_low", f"{measure}_high", "n_models", "n_pairs"]],
    )
    st.markdown(study_text(view.study, "choosing", "order"))
    show_table(ranking, view, "Order and choice of models, judges against experts", name="ranking")
