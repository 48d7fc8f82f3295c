"""Rows of ratings in their places: an array for each rater, and from these a study's ratings."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from data.contexts import compare
from data.errors import ReleaseError
from data.own.probabilities import probabilities_of, probability_notes
from data.own.rows import row_errors
from data.own.wording import some
from data.ratings import (
    LEDGER_COLUMNS,
    FileRecord,
    Headings,
    Ratings,
    check_shares,
    context_entries,
    long_table,
    reference,
)
from data.repeats import messages_of, repeat_entries, repeated_rows
from data.study import HUMAN, Study

# Ratings that have a place each: more would not fit into the memory of a small machine.
MOST_PLACES = 50_000_000
# An attribute with a larger share of ratings outside the scale is none, or on a scale of its own.
_HALF = 1 / 2


def filled(study: Study, rows: pd.DataFrame, items: Sequence[object], rater: str) -> np.ndarray:
    """Return a rater's ratings as an array of (items, systems, attributes), NaN where there is none."""
    shape = (len(items), len(study.systems), len(study.attributes))
    mine = rows[(rows["rater"] == rater) & rows["rating"].notna()]
    places = np.ravel_multi_index(
        (
            _places(mine["item"], items),
            _places(mine["system"], study.system_keys),
            _places(mine["attribute"], study.attribute_names),
        ),
        shape,
    )
    found = np.full(shape, np.nan)
    found.flat[places] = mine["rating"].to_numpy()
    return found


def scale_problems(study: Study, rows: pd.DataFrame) -> Iterator[str]:
    """Say which attributes and which raters have ratings on another scale than the study's.

    A row stands for ``n`` alike ones.
    """
    given = rows[rows["rating"].notna()]
    outside = given["n"].where(~study.scale.holds(given["rating"].to_numpy()), 0)
    each = given["attribute"]
    shares = outside.groupby(each, observed=True, sort=False).sum() / given["n"].groupby(each, observed=True).sum()
    # Where most attributes do not fit, the scale is what is wrong, and that is said of each rater.
    odd = shares.index[shares > _HALF] if (shares <= _HALF).mean() > _HALF else shares.index[:0]
    for name in odd:
        mine = given[each == name]
        yield (
            f"{mine['file'].iloc[0]}, attribute {name}: {outside[mine.index].sum():,} of {mine['n'].sum():,} ratings "
            f"are not on the study's scale, {study.scale.points}; they run from {mine['rating'].min():g} to "
            f"{mine['rating'].max():g}; rescale them, or take the column or the rows of the attribute out"
        )
    for rater, mine in given[~each.isin(odd)].groupby("rater", observed=True, sort=False):
        files = some(mine["file"].drop_duplicates().tolist())
        try:
            check_shares(
                study.scale,
                mine["rating"].to_numpy(),
                outside[mine.index].sum(),
                mine["n"].sum(),
                f"{files}, rater {rater}",
            )
        except ReleaseError as error:
            yield str(error)


def ratings_of(
    study: Study, rows: pd.DataFrame, files: tuple[FileRecord, ...], headings: Headings, notes: tuple[str, ...]
) -> Ratings:
    """Return the ratings of an own study; its rows have been checked."""
    by_expert = rows["rater"].isin(study.experts)
    # What a judge alone rates comes last, so that it moves nothing that the experts rate.
    items = list(dict.fromkeys([*rows.loc[by_expert, "item"].drop_duplicates(), *rows["item"].drop_duplicates()]))
    unrated = len(items) - rows.loc[by_expert, "item"].nunique()
    if unrated:
        notes = (*notes, f"{study.counted(unrated)} rated by judges and by no expert")
    as_released = {rater: filled(study, rows, items, rater) for rater in (*study.experts, *study.judge_keys)}
    valid = {rater: np.where(study.scale.holds(found), found, np.nan) for rater, found in as_released.items()}
    contexts, places = _contexts(study, rows, headings.message)
    differing = compare(contexts, HUMAN)
    repeats = repeated_rows(items, messages_of(contexts), [as_released[expert] for expert in study.experts])
    of_rows = [*context_entries(differing, places, study.item.one), *repeat_entries(repeats, places, study.item.one)]
    told = [row_errors(rows, study.scale, study.experts), pd.DataFrame(of_rows, columns=LEDGER_COLUMNS)]
    ledger = _together(told, LEDGER_COLUMNS)
    several = len(study.experts) > 1
    lengths, unclear = _lengths(rows)
    probabilities = probabilities_of(rows)
    rated = rows.loc[by_expert & rows["raw"].notna(), ["item", "system"]].drop_duplicates()
    notes = (*notes, *probability_notes(probabilities, len(rated)))
    if unclear:
        have = "reply has" if unclear == 1 else "replies have"
        notes = (*notes, f"{unclear:,} {have} texts of different lengths in the tables; how long it is stays open")
    return Ratings(
        study=study,
        long=long_table(study, items, _with_reference(study, as_released), _with_reference(study, valid)),
        contexts=contexts,
        explanations=explanations(rows[~by_expert]),
        ledger=ledger.sort_values(["file", "row"], kind="stable", ignore_index=True),
        differing=differing,
        repeats=repeats,
        files=files,
        notes=notes,
        fenced={},
        experts=long_table(study, items, as_released, valid, raters=study.experts) if several else None,
        headings=headings,
        lengths=lengths,
        probabilities=probabilities,
    )


def _lengths(rows: pd.DataFrame) -> tuple[pd.DataFrame | None, int]:
    """Return how many words each reply has, and how many replies have several lengths; None without any text."""
    known = rows.loc[rows["words"] > 0, ["item", "system", "words"]].drop_duplicates()
    if known.empty:
        return None, 0
    unclear = known.duplicated(["item", "system"], keep=False)
    lengths = known[~unclear].astype({"item": "str", "system": "str"}).reset_index(drop=True)
    lengths = lengths.set_axis(["conversation", "model", "words"], axis=1)
    return lengths, len(known.loc[unclear, ["item", "system"]].drop_duplicates())


def explanations(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the reasons of each reply, one a line: ``conversation, model, rater, explanation``."""
    reply = ["item", "system", "rater"]
    said = rows.dropna(subset=["explanation"])[[*reply, "explanation"]].drop_duplicates().astype("str")
    whole = said.groupby(reply, sort=False)["explanation"].agg("\n".join).reset_index()
    return whole.set_axis(["conversation", "model", "rater", "explanation"], axis=1).astype("str")


def _with_reference(study: Study, found: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Put the experts' mean in the place of the experts."""
    judges = {judge: found[judge] for judge in study.judge_keys}
    return {HUMAN: reference([found[expert] for expert in study.experts]), **judges}


def _contexts(
    study: Study, rows: pd.DataFrame, heading: str
) -> tuple[pd.DataFrame, dict[tuple[object, str], tuple[str, int, str]]]:
    """Return the messages by rater, and where each stands.

    The experts' are those of ``human``. A judge has its own where its ratings lie in files without experts', or where
    its rows have another message than the experts'.
    """
    said = rows.dropna(subset=["message"]).drop_duplicates(["item", "rater"])
    by_expert = said["rater"].isin(study.experts)
    parts = [said[by_expert].drop_duplicates("item").assign(rater=HUMAN)]
    known = dict(zip(parts[0]["item"], parts[0]["message"], strict=True))
    shared = set(rows.loc[rows["rater"].isin(study.experts), "file"])
    for judge in study.judge_keys:
        own = said[said["rater"] == judge]
        alike = all(known.get(item, text) == text for item, text in zip(own["item"], own["message"], strict=True))
        if not alike or shared.isdisjoint(own["file"]):
            parts.append(own)
    together = pd.concat([part[["item", "rater", "message", "file", "row"]].astype({"rater": "str"}) for part in parts])
    contexts = together[["item", "rater", "message"]].astype("str").reset_index(drop=True)
    places = {
        (item, rater): (file, row, heading) for item, rater, _, file, row in together.itertuples(index=False, name=None)
    }
    return contexts.set_axis(["conversation", "rater", "context"], axis=1), places


def _together(parts: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """Put frames together; one without rows has no say in the types."""
    filled_parts = [part for part in parts if len(part)]
    return pd.concat(filled_parts, ignore_index=True) if filled_parts else pd.DataFrame(columns=list(columns))


def _places(column: pd.Series, order: Sequence[object]) -> np.ndarray:
    """Return where each value stands in an order that has all of them."""
    return pd.Index(order).get_indexer(column.cat.categories)[column.cat.codes]
