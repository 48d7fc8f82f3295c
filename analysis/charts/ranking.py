"""Charts of choosing a model by a judge: order, loss, own models, panels."""

from functools import partial

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    CELL_TOOLTIP,
    cell_forest,
    interval_tooltip,
    judge_cells,
    labelled,
)
from analysis.wording.vocabulary import models_named
from data.study import Study

ORDER = {"pairwise": "Pairwise accuracy", "tau": "Kendall's tau-b"}
_NO_LOSS, _LOSS = "#f4f5f7", "#f2a873"
# A loss from which on the colour does not deepen, as a part of the scale: a quarter point of five is large.
_DEEPEST = 1 / 16


def order_forest(study: Study, table: pd.DataFrame, measure: str) -> alt.LayerChart:
    """How far every judge orders models as the experts do, with intervals (``measure`` is a key of ``ORDER``)."""
    coin = 0.5 if measure == "pairwise" else 0.0
    more = [alt.Tooltip("n_models:Q", title="Models"), alt.Tooltip("n_pairs:Q", title="Pairs of ratings", format=",")]
    return cell_forest(study, table, measure, ORDER[measure], at=coin, form=".2~f", more=more)


def contrast_forest(study: Study, table: pd.DataFrame) -> alt.LayerChart:
    """Every judge's bias on its own models less its bias on the rest, with intervals."""
    more = [
        alt.Tooltip("bias_own:Q", title="Bias, own models", format="+.2f"),
        alt.Tooltip("bias_rest:Q", title="Bias, the rest", format="+.2f"),
        alt.Tooltip("human_own:Q", title="Experts' mean, own models", format=".2f"),
        alt.Tooltip("human_rest:Q", title="Experts' mean, the rest", format=".2f"),
        alt.Tooltip("others:Q", title="Contrast, other makers' judges", format="+.2f"),
        alt.Tooltip("excess:Q", title="Excess over them", format="+.2f"),
        alt.Tooltip("excess_low:Q", title="95% interval of the excess from", format="+.2f"),
        alt.Tooltip("excess_high:Q", title="to", format="+.2f"),
        alt.Tooltip("p_adjusted:Q", title="p of the excess, adjusted", format=".3f"),
    ]
    return cell_forest(
        study, table, "contrast", "Kinder to own models by (points)", at=0.0, form="+.2~f", more=more, tick="others"
    )


def gain_forest(study: Study, table: pd.DataFrame) -> alt.LayerChart:
    """ICC(A,1) of the panel under each rule less that of its best member, with intervals."""
    more = [
        alt.Tooltip("shared_icc_a1:Q", title="ICC(A,1), panel", format=".2f"),
        alt.Tooltip("best_icc_a1:Q", title="ICC(A,1), best member", format=".2f"),
        alt.Tooltip("best_member:N", title="Best member"),
        alt.Tooltip("n_shared:Q", title="Shared pairs of ratings", format=","),
    ]
    named = table.assign(best_member=table["best_member"].map(study.rater_labels))
    return cell_forest(study, named, "gain", "Gain in ICC(A,1) over the best member", at=0.0, form="+.2~f", more=more)


def loss_heatmap(study: Study, table: pd.DataFrame) -> alt.LayerChart:
    """Judge x attribute: the expected loss, and under it how often the choice is the experts'."""
    known = table["expected_loss"].notna()
    frame = labelled(study, table).assign(
        line1=table["expected_loss"].map("{:.2f}".format).where(known, "undefined"),
        line2=table["same_best"].map("same {:.0%}".format).where(known, ""),
        **{
            name: table[name].map(partial(models_named, study), na_action="ignore")
            for name in ("best_human", "best_judge")
        },
    )
    scale = alt.Scale(domain=[0, _DEEPEST * study.scale.width], range=[_NO_LOSS, _LOSS], clamp=True, interpolate="rgb")
    return judge_cells(
        study,
        table,
        frame,
        colour=alt.Color("expected_loss:Q", scale=scale, legend=None),
        tooltip=[
            *CELL_TOOLTIP,
            alt.Tooltip("best_human:N", title="Experts put first"),
            alt.Tooltip("best_judge:N", title="Judge puts first"),
            alt.Tooltip("loss:Q", title="Loss (points)", format=".2f"),
            *interval_tooltip("loss_low", "loss_high", ".2f"),
            alt.Tooltip("expected_loss:Q", title="Expected loss (points)", format=".2f"),
            alt.Tooltip("same_best:Q", title="Chooses as the experts", format=".0%"),
        ],
        lines=2,
    )
