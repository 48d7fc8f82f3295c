"""Chart of how long the replies are."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import ROWS, WORDS, Chart, defined, kept, labelled, layered, models_in, row
from analysis.wording.vocabulary import TEXT
from data.study import Study

_ROW = 30


def lengths_by_model(study: Study, table: pd.DataFrame) -> Chart:
    """Draw the middle half of each model's replies by their words, a tick at the middle one, its number beside it."""
    # The number beside the longest bar needs room.
    longest = 1.15 * max([*table["words_q3"].dropna(), 1])
    frame = defined(labelled(study, table), "words_median")
    return Chart(_look(study), {ROWS: frame}, _ROW * len(models_in(study, table)), {"x": (0.0, longest)})


@kept
def _look(study: Study) -> alt.LayerChart:
    base = alt.Chart().encode(
        y=row("model", list(study.system_labels.values()), 0),
        tooltip=[
            alt.Tooltip("model:N", title="Model"),
            alt.Tooltip("words_median:Q", title="Words, middle reply", format=",.0f"),
            alt.Tooltip("words_q1:Q", title="A quarter is shorter than", format=",.0f"),
            alt.Tooltip("words_q3:Q", title="A quarter is longer than", format=",.0f"),
            alt.Tooltip("n_replies:Q", title="Replies", format=","),
        ],
    )
    x = {"title": "Words of a reply", "scale": alt.Scale(nice=False), "axis": alt.Axis(tickCount=5)}
    halves = base.mark_bar(height=12, color=WORDS, opacity=0.5).encode(
        x=alt.X("words_q1:Q", **x), x2=alt.X2("words_q3:Q")
    )
    middles = base.mark_tick(thickness=3, size=20, color=WORDS).encode(x=alt.X("words_median:Q", **x))
    numbers = base.mark_text(align="left", dx=6, fontSize=TEXT, color=WORDS).encode(
        x=alt.X("words_q3:Q", **x), text=alt.Text("words_median:Q", format=",.0f")
    )
    return layered(halves, middles, numbers)
