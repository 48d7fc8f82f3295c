"""Planning: how many ratings it would take to know a judge better, and what more ratings would not show."""

import streamlit as st

from analysis.agreement.generalizability import COEFFICIENTS, component_shares, decision_study
from analysis.charts.sample_size import coefficient_lines, component_bars, needed_heatmap, width_lines
from analysis.decisions.sample_size import STATISTICS, with_needed
from analysis.findings.sample_size import (
    completeness,
    component_finding,
    needed_finding,
    planning_finding,
    reach_finding,
    study_finding,
    width_finding,
)
from analysis.wording import meaning, study_text
from analysis.wording.vocabulary import STATISTIC_LABEL
from pages.components.figures import show_figure
from pages.components.frame import close_page, open_page
from pages.components.pickers import pick_cell
from pages.components.tables import show_table
from pages.components.worth import show_worth

WIDTHS = ("0.05", "0.1", "0.2", "0.3")

view = open_page("planning", "How many ratings would it take?")
st.markdown(study_text(view.study, "planning"))
judge, attribute = pick_cell(view)
wished = float(
    view.filters.one(
        "wished",
        "Width of the interval that you wish",
        WIDTHS,
        "0.1",
        form="slide",
        explained=meaning(view.study, "width"),
    )
)
plan = with_needed(view.table("planning"), wished)
cell = plan.query("judge == @judge and attribute == @attribute")
st.markdown(f"**{planning_finding(view.study, cell.iloc[0], wished)}**")

st.header(f"{view.study.item.many.capitalize()} that experts would have to rate")
figure = view.filters.one(
    "figure", "What is to be known", STATISTICS, "bias", say=STATISTIC_LABEL.__getitem__, form="row"
)
said = needed_finding(view.study, plan, figure, wished)
show_figure(needed_heatmap, plan, figure, finding=said, view=view, name="needed", data=plan)
st.markdown(study_text(view.study, "planning", "needed"))

st.header(f"What more {view.study.item.many} narrow, and what they do not")
widths = view.table("drawn_widths", view.selection.cell(judge, attribute))
over_models = cell["models_width"].iloc[0]
said = width_finding(view.study, widths, over_models)
show_figure(width_lines, widths, over_models, finding=said, view=view, name="widths", data=widths)
st.markdown(study_text(view.study, "planning", "widths"))

show_worth(view, judge, attribute)

st.header("What ratings differ by")
if not view.dataset.provenance.single_conversations:
    st.info(study_text(view.study, "shared", "needs-conversations"), icon=":material/database:")
    close_page(view)
    st.stop()
components = view.table("generalisability")
shares = component_shares(components).query("judge == @judge")
show_figure(
    component_bars, shares, finding=component_finding(view.study, shares), view=view, name="components", data=shares
)
st.markdown(study_text(view.study, "planning", "components"))
st.caption(completeness(view.study, components))

st.header("How far one rater's scores would generalise")
st.markdown(reach_finding(view.study, components))
reached = decision_study(components).query("attribute == @attribute")
here = components.query("attribute == @attribute")
show_figure(
    coefficient_lines,
    reached,
    here,
    finding=study_finding(view.study, reached),
    view=view,
    name="coefficients",
    data=reached,
)
st.markdown(study_text(view.study, "planning", "coefficients"))
show_table(
    components[list(COEFFICIENTS)],
    view,
    "Generalisability and dependability of one rater's scores",
    name="coefficients-all",
)
close_page(view)
