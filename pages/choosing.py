"""Choosing: which model a judge would have us take, whom it favours, and what a panel of judges gains."""

import streamlit as st

from analysis.charts.ranking import ORDER, contrast_forest, gain_forest, loss_heatmap, order_forest
from analysis.findings.ranking import choice_finding, cost_finding, order_finding, own_finding, panel_finding
from analysis.wording import study_text
from pages.components.figures import show_figure
from pages.components.frame import close_page, open_page
from pages.components.tables import show_table

view = open_page("choosing", "Does the judge choose well?")
ranking = view.table("ranking")
st.markdown(f"**{choice_finding(view.study, ranking)}**")
st.markdown(study_text(view.study, "choosing"))

st.header("What does following the judge cost?")
loss = ["loss", "loss_low", "loss_high", "expected_loss"]
chosen = ranking[["judge", "attribute", "best_human", "best_judge", "same_best_now", "same_best", *loss, "n_models"]]
show_figure(loss_heatmap, ranking, finding=cost_finding(view.study, ranking), view=view, name="loss", data=chosen)
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
with st.expander("All figures of order and choice", icon=":material/table:"):
    show_table(ranking, view, "Order and choice of models, judges against experts", name="ranking")

st.header("Is the judge kinder to its own maker's models?")
own = view.table("self-preference")
contrast = ["contrast", "contrast_low", "contrast_high", "others", "excess", "excess_low", "excess_high", "p_adjusted"]
show_figure(
    contrast_forest,
    own,
    finding=own_finding(view.study, own),
    view=view,
    name="contrast",
    data=own[["judge", "attribute", *contrast, "n_own", "n_rest"]],
)
st.markdown(study_text(view.study, "choosing", "own"))
with st.expander("All figures of own models and the rest", icon=":material/table:"):
    show_table(own, view, "Judges on their own maker's models and on the rest", name="self-preference")

st.header("Would a panel of judges do better?")
if not view.dataset.provenance.single_conversations:
    st.info(study_text(view.study, "shared", "panel-needs"), icon=":material/group:")
elif len(view.selection.members) < 2:
    st.info("A panel takes at least two judges. Choose them under “Panel” or “Judges” in the sidebar.")
else:
    panel = view.table("panel")
    gain = ["gain", "gain_low", "gain_high", "shared_icc_a1", "best_member", "best_icc_a1", "n_shared"]
    show_figure(
        gain_forest,
        panel,
        finding=panel_finding(view.study, panel),
        view=view,
        name="gain",
        data=panel[["judge", "attribute", *gain]],
    )
    st.markdown(study_text(view.study, "choosing", "panel"))
    with st.expander("All figures of the panel", icon=":material/table:"):
        show_table(panel, view, "Panels of judges against the experts", name="panel")
close_page(view)
