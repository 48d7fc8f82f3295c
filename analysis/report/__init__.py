"""A view as a document: what it says, and the same as a PDF and as an HTML file."""

# The parts that a reader can choose, in the order that a report keeps; what makes them is in ``sections``, apart, so
# that asking for their names imports no chart.
SECTION_NAMES = ("reasons", "reliability", "inflation", "limits", "replies", "scores", "ranking")
# What fits about twenty pages, and what the verdicts rest on.
USUAL_SECTIONS = ("reliability", "inflation", "limits", "replies")
