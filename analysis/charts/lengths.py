"""Chart of how long the replies are."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import FURNITURE, WORDS, labelled, layered, models_in, row_axis
from analysis.wording.vocabulary import SERIES_COLOUR, TEXT
from data.study import Study

_ROW = 30


def lengths_by_model(study: Study, table: pd.DataFrame) -> alt.LayerChart:
    """Draw the middle half of each model's replies by their words, a tick at the middle one, its number beside it."""
    models = models_in(study, table)
    frame = labelled(study, table).dropna(subset="words_median")
    base = alt.Chart().encode(y=alt.Y("model:N", sort=models, axis=row_axis()), tooltip=_tooltip())
    # The number beside the longest bar needs room.
    scale = alt.Scale(domain=[0, 1.15 * max([*table["words_q3"].dropna(), 1])], nice=False)
    x = alt.X("words_q1:Q", scale=scale, title="Words of a reply", axis=alt.Axis(tickCount=5))
    halves = base.mark_bar(height=12, color=SERIES_COLOUR[0], opacity=0.55).encode(x=x, x2=alt.X2("words_q3:Q"))
    middles = base.mark_tick(thickness=3, size=20, color=WORDS).encode(x=alt.X("words_median:Q"))
    numbers = base.mark_text(align="left", dx=6, fontSize=TEXT, color=WORDS).encode(
        x=alt.X("words_q3:Q"), text=alt.Text("words_median:Q", format=",.0f")
    )
    return layered(frame, halves, middles, numbers, height=_ROW * len(models) + FURNITURE)


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("model:N", title="Model"),
        alt.Tooltip("words_median:Q", title="Words, middle reply", format=",.0f"),
        alt.Tooltip("words_q1:Q", title="A quarter is shorter than", format=",.0f"),
        alt.Tooltip("words_q3:Q", title="A quarter is longer than", format=",.0f"),
        alt.Tooltip("n_replies:Q", title="Replies", format=","),
    ]
