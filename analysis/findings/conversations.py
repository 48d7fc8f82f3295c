"""What a table of conversations shows, and what one of them is like."""

import pandas as pd

from analysis.evidence.conversations import in_order
from analysis.findings.phrases import at_least, at_most, counted, in_points
from analysis.ratings.settings import Selection, Settings
from data.study import Study


def conversations_finding(study: Study, table: pd.DataFrame, whole: int, order: str, settings: Settings) -> str:
    """Say how many of ``whole`` conversations are on screen, and what their order brings to the top."""
    if table.empty:
        return f"None of {study.counted(whole)} fits. Take a filter or a word away."
    many = len(table)
    said = f"{many:,} of {study.counted(whole)} {'is' if many == 1 else 'are'} on screen"
    if many == whole:
        said = f"The one {study.item.one} is on screen" if whole == 1 else f"All {study.counted(whole)} are on screen"
    return f"{said}. {_top(study, in_order(table, order), order, settings)}"


def together_finding(study: Study, table: pd.DataFrame, selection: Selection) -> str:
    """Say how many pairs of ratings the conversations on screen hold, of whom, and the bias over all of them."""
    n = int(table["n_pairs"].sum())
    if not n:
        return ""
    judges, attributes = selection.every_judge, selection.attributes
    by = study.rater(judges[0]) if len(judges) == 1 else f"{len(judges)} judges"
    on = attributes[0] if len(attributes) == 1 else f"{len(attributes)} attributes"
    bias = f"{(table['bias'] * table['n_pairs']).sum() / n:+z.2f}"
    pairs = counted(n, "pair of ratings", "pairs of ratings")
    return f"Together they hold {pairs} by the experts and by {by} on {on}. The bias over all of them is {bias}."


def conversation_finding(study: Study, row: pd.Series, settings: Settings) -> str:
    """Say of one conversation how far the raters are apart, and how many poor replies a judge calls good."""
    pairs = counted(int(row["n_pairs"]), "pair of ratings", "pairs of ratings")
    said = f"Judges and experts are {in_points(row['disagreement'])} apart on average, over {pairs}."
    said += f" The widest gap is {in_points(row['largest'], '.3g')}." if row["largest"] else ""
    if row["n_low"]:
        said += f" {_reassured(study, row, settings)}"
    if pd.notna(row["judges_apart"]):
        said += f" From the lowest judge to the highest it is {in_points(row['judges_apart'])} on average."
    return said


def _top(study: Study, table: pd.DataFrame, order: str, settings: Settings) -> str:
    first = table.iloc[0]
    name = f"{study.item.one} {first['conversation']}"
    if order == "number":
        return "They stand in the order of the files."
    if order == "disagreement":
        return f"Judges and experts are furthest apart in {name}, by {in_points(first['disagreement'])} on average."
    if order == "judges":
        if pd.isna(first["judges_apart"]):
            return "How far judges are from each other needs two judges on the same reply."
        return f"The judges are furthest from each other in {name}, by {in_points(first['judges_apart'])} on average."
    if not first["n_reassured"]:
        return "In none of them a judge calls good what the experts call poor."
    some = int((table["n_reassured"] > 0).sum())
    return (
        f"In {some:,} of them a judge calls a poor reply good, most often in {name}. "
        f"{_reassured(study, first, settings)}"
    )


def _reassured(study: Study, row: pd.Series, settings: Settings) -> str:
    low, high = at_most(study, settings.low), at_least(study, settings.high)
    poor = counted(int(row["n_low"]), "pair", "pairs")
    return (
        f"In {poor} the experts give {low}, and in {int(row['n_reassured']) or 'none'} of these the judge gives {high}."
    )
