"""Scores: CSS and ARS of every model as the experts and as each judge see them."""

import streamlit as st

from analysis.charts.scores import attribute_heatmap, rank_heatmap, score_by_model, score_plane
from analysis.decisions.scores import PARTS, human_table, rank_table, score_table
from analysis.findings.scores import attribute_finding, plane_finding, rank_finding, score_finding
from analysis.wording import text
from analysis.wording.vocabulary import MEASURE_LABEL
from data.study import HUMAN
from pages.components.figures import show_figure, show_panels
from pages.components.frame import close_page, need_choice, open_page
from pages.components.tables import show_table

view = open_page("scores", "What does each rater give each model?")
st.markdown(text("scores"))
need_choice(view)
intervals = view.table("scores")
wide = score_table(intervals)
raters = [HUMAN, *view.selection.every_judge]
whole = [measure for measure in PARTS if (intervals["measure"] == measure).any()]

for score in ("css", "ars"):
    st.header(f"{score.upper()} of every model")
    st.caption(SCORE_MEANING[score.upper()])
    if score in whole:
        rows = intervals[intervals["measure"] == score]
        show_figure(
            score_by_model,
            intervals,
            score,
            finding=score_finding(intervals, score),
            view=view,
            name=score,
            data=rows,
        )
    else:
        st.info(f"{score.upper()} needs {', '.join(PARTS[score])}: choose all of them in the sidebar.")

st.header("Thinking and feeling: the CSS and ARS plane")
if {"css", "ars"} <= set(whole):
    show_panels(
        score_plane,
        wide,
        {rater: view.study.rater(rater) for rater in raters if rater in set(wide["rater"])},
        finding=plane_finding(wide),
        view=view,
        name="plane",
        data=wide[["rater", "model", "css", "ars"]],
    )
else:
    st.info("The plane needs all seven attributes: choose all of them in the sidebar.")

st.header("Every attribute, as one rater sees it")
rater = view.filters.one("rater", "Rater", raters, HUMAN, say=view.study.rater, form="row")
seen = intervals[(intervals["rater"] == rater) & ~intervals["measure"].isin(list(PARTS))]
show_figure(attribute_heatmap, seen, finding=attribute_finding(seen, rater), view=view, name="attributes", data=seen)

st.header("Rank of each model under each rater")
if whole:
    measure = view.filters.one("rank_by", "Rank by", whole, whole[-1], say=MEASURE_LABEL.__getitem__, form="row")
    ranks = rank_table(intervals, measure)
    show_figure(rank_heatmap, ranks, finding=rank_finding(ranks, measure), view=view, name="ranks", data=ranks)
    st.markdown(text("scores", "ranks"))
else:
    st.info("Ranks need a whole score: choose the attributes of CSS, of ARS, or all seven in the sidebar.")

st.header("All means")
show_table(wide, view, "Means of every rater and model", name="scores")
st.subheader("The experts' table of the paper")
st.markdown(text("scores", "paper-table"))
show_table(human_table(wide), view, "Experts' means of the nine language models", name="paper-table")
close_page(view)
