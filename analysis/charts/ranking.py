"""Charts of choosing a model by a judge: order, loss, own models, panels."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import (
    CELL_TOOLTIP,
    ROWS,
    Chart,
    attributes_in,
    cell_forest,
    cells_height,
    interval_tooltip,
    judge_cells,
    kept,
    labelled,
    raters_in,
)
from analysis.wording.vocabulary import models_named
from data.study import Study

ORDER = {"pairwise": "Pairwise accuracy", "tau": "Kendall's tau-b"}
_NO_LOSS, _LOSS = "#f4f5f7", "#f2a873"
# A loss from which on the colour does not deepen, as a part of the scale: a quarter point of five is large.
_DEEPEST = 1 / 16


def order_forest(study: Study, table: pd.DataFrame, measure: str) -> Chart:
    """How far every judge orders models as the experts do, with intervals (``measure`` is a key of ``ORDER``)."""
    coin = 0.5 if measure == "pairwise" else 0.0
    more = (("n_models:Q", "Models", ""), ("n_pairs:Q", "Pairs of ratings", ","))
    return cell_forest(study, table, measure, ORDER[measure], at=coin, form=".2~f", more=more, span=(0.0, 1.0))


def contrast_forest(study: Study, table: pd.DataFrame) -> Chart:
    """Every judge's bias on its own models less its bias on the rest, with intervals."""
    more = (
        ("bias_own:Q", "Bias, own models", "+.2f"),
        ("bias_rest:Q", "Bias, the rest", "+.2f"),
        ("human_own:Q", "Experts' mean, own models", ".2f"),
        ("human_rest:Q", "Experts' mean, the rest", ".2f"),
        ("others:Q", "Contrast, other makers' judges", "+.2f"),
        ("excess:Q", "Excess over them", "+.2f"),
        ("excess_low:Q", "95% interval of the excess from", "+.2f"),
        ("excess_high:Q", "to", "+.2f"),
        ("p_adjusted:Q", "p of the excess, adjusted", ".3f"),
    )
    title, ticks = "Kinder to own models by (points)", ("others", "judges of other makers")
    return cell_forest(study, table, "contrast", title, form="+.2~f", more=more, tick=ticks)


def gain_forest(study: Study, table: pd.DataFrame) -> Chart:
    """ICC(A,1) of the panel under each rule less that of its best member, with intervals."""
    more = (
        ("shared_icc_a1:Q", "ICC(A,1), panel", ".2f"),
        ("best_icc_a1:Q", "ICC(A,1), best member", ".2f"),
        ("best_member:N", "Best member", ""),
        ("n_shared:Q", "Shared pairs of ratings", ","),
    )
    named = table.assign(best_member=table["best_member"].map(study.rater_labels))
    return cell_forest(study, named, "gain", "Gain in ICC(A,1) over the best member", form="+.2~f", more=more)


def loss_heatmap(study: Study, table: pd.DataFrame) -> Chart:
    """Judge x attribute: the expected loss, and under it how often the choice is the experts'."""
    known = table["expected_loss"].notna()
    frame = labelled(study, table).assign(
        line1=table["expected_loss"].map("{:.2f}".format).where(known, "undefined"),
        line2=table["same_best"].map("same {:.0%}".format).where(known, ""),
        **{
            name: [models_named(study, keys) if isinstance(keys, str) else None for keys in table[name]]
            for name in ("best_human", "best_judge")
        },
    )
    look = _losses(study, len(raters_in(study, table)))
    return Chart(look, {ROWS: frame}, cells_height(len(attributes_in(study, table)), lines=2))


@kept
def _losses(study: Study, judges: int) -> alt.LayerChart:
    scale = alt.Scale(domain=[0, _DEEPEST * study.scale.width], range=[_NO_LOSS, _LOSS], clamp=True, interpolate="rgb")
    tooltip = [
        *CELL_TOOLTIP,
        alt.Tooltip("best_human:N", title="Experts put first"),
        alt.Tooltip("best_judge:N", title="Judge puts first"),
        alt.Tooltip("loss:Q", title="Loss (points)", format=".2f"),
        *interval_tooltip("loss_low", "loss_high", ".2f"),
        alt.Tooltip("expected_loss:Q", title="Expected loss (points)", format=".2f"),
        alt.Tooltip("same_best:Q", title="Chooses as the experts", format=".0%"),
    ]
    return judge_cells(study, judges, alt.Color("expected_loss:Q", scale=scale, legend=None), tooltip, lines=2)
