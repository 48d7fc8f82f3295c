"""Charts of a plan: what more items would bring."""

import altair as alt
import pandas as pd

from analysis.charts.drawing import DASHED, LEGEND, ROWS, WORDS, Chart, kept, layered, of
from analysis.decisions.aim import Aim
from analysis.wording.vocabulary import TEXT
from data.study import Study

_LINES = 280
_TITLE = {"power": "Power", "assured_width": "Assured width of the interval"}
_FORMAT = {"power": ".0%", "assured_width": ".2f"}
# Of an axis on which doubling is about a step.
_STEPS = [step * 10**power for power in range(6) for step in (1, 2, 5)]
_DASHES = ([1, 0], [6, 4], [2, 3])


def curve_lines(study: Study, curves: pd.DataFrame, figure: str, aim: Aim) -> Chart:
    """Power or assured width (``figure``) against the number of items, a line for each number of experts."""
    shown = curves.dropna(subset=figure)
    experts = shown["experts_each"].map("{:.0f}".format).where(shown["experts_each"].notna(), "as rated here")
    frame = shown.assign(experts=experts, value=shown[figure], items=shown["items_tried"])
    wished = aim.power if figure == "power" else aim.width
    across = pd.DataFrame({"value": [wished], "name": [f"asked for: {format(wished, _FORMAT[figure])}"]})
    look = _curves(study.item.many.capitalize(), figure, tuple(dict.fromkeys(experts)))
    return Chart(look, {ROWS: frame[["items", "value", "experts"]], "across": across}, _LINES)


@kept
def _curves(items: str, figure: str, experts: tuple[str, ...]) -> alt.LayerChart:
    top = 1.0 if figure == "power" else alt.Undefined
    x = alt.X(
        "items:Q",
        title=f"{items} that experts rate",
        scale=alt.Scale(type="log", nice=False, padding=12),
        axis=alt.Axis(format=",", values=_STEPS, labelOverlap=True),
    )
    y = alt.Y(
        "value:Q",
        title=_TITLE[figure],
        scale=alt.Scale(domainMin=0, domainMax=top),
        axis=alt.Axis(format=_FORMAT[figure]),
    )
    dashes = alt.Scale(domain=list(experts), range=[list(each) for each in _DASHES[: len(experts)]])
    legend = LEGEND if len(experts) > 1 else None
    base = alt.Chart().encode(x=x, y=y)
    lines = base.mark_line(strokeWidth=2, color=WORDS).encode(
        strokeDash=alt.StrokeDash("experts:N", title="Experts of a reply", scale=dashes, legend=legend)
    )
    points = base.mark_point(size=50, filled=True, opacity=1, color=WORDS).encode(
        tooltip=[
            alt.Tooltip("items:Q", title=items, format=","),
            alt.Tooltip("value:Q", title=_TITLE[figure], format=_FORMAT[figure]),
            alt.Tooltip("experts:N", title="Experts of a reply"),
        ]
    )
    # Where the curve is not: at first power lies below what is asked for, and the width above it.
    beside = -8 if figure == "power" else 10
    wished = of("across").mark_rule(strokeWidth=2, **DASHED).encode(y=y)
    name = (
        of("across")
        .mark_text(align="left", dx=6, dy=beside, fontSize=TEXT, color=WORDS)
        .encode(x=alt.value(0), y=y, text="name:N")
    )
    return layered(lines, points, wished, name)
