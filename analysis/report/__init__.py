"""A view as a document: a board summary and, by choice, annexes; the same as a PDF and as an HTML file."""

# The annexes that a reader can add to the board summary, in the order that a report keeps; what makes them is in
# ``sections`` and ``contents``, apart, so that asking for their names imports no chart.
SECTION_NAMES = (
    *("reasons", "thresholds", "reliability", "inflation", "limits", "replies", "scores", "ranking"),
    *("origin", "checklists", "definitions"),
)
