"""Widths: how many ratings narrow an interval to a wished width, and what more ratings would not show."""

import streamlit as st

from analysis.charts.sample_size import needed_heatmap, width_lines
from analysis.decisions.sample_size import STATISTICS, with_needed
from analysis.findings.sample_size import needed_finding, planning_finding, width_finding
from analysis.wording import meaning, study_text
from analysis.wording.vocabulary import STATISTIC_LABEL
from pages.components.figures import show_figure
from pages.components.pickers import pick_cell, rows_of
from pages.components.view import View

WIDTHS = ("0.05", "0.1", "0.2", "0.3")


def show(view: View) -> None:
    """Draw what a study would need, of every pair and of one."""
    study, one = view.study, view.filters.one
    judge, attribute = pick_cell(view)
    label, said = "Width of the interval that you wish", meaning(study, "width")
    wished = float(one("wished", label, WIDTHS, "0.1", form="slide", explained=said))
    plan = with_needed(view.table("planning"), wished)
    cell = rows_of(plan, judge=judge, attribute=attribute)
    st.markdown(f"**{planning_finding(study, cell.iloc[0], wished)}**")

    st.header(f"{study.item.many.capitalize()} that experts would have to rate")
    figure = one("figure", "What is to be known", STATISTICS, "bias", say=STATISTIC_LABEL.__getitem__, form="row")
    finding = needed_finding(study, plan, figure, wished)
    show_figure(needed_heatmap, plan, figure, finding=finding, view=view, name="needed", data=plan, across_judges=True)
    st.markdown(study_text(study, "planning", "needed"))

    st.header(f"What more {study.item.many} narrow, and what they do not")
    widths = view.table("drawn_widths", view.selection.cell(judge, attribute))
    over_models = cell["models_width"].iloc[0]
    finding = width_finding(study, widths, over_models)
    show_figure(width_lines, widths, over_models, finding=finding, view=view, name="widths", data=widths)
    st.markdown(study_text(study, "planning", "widths"))
