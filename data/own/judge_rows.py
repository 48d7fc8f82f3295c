"""A judge's long or wide table, matched with a study."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from data.errors import ReleaseError, StudyError, UnratedJudgeError
from data.own.filling import explanations, filled, scale_problems
from data.own.layout import Layout, Role, recognise
from data.own.matching import (
    Items,
    Matched,
    attribute_names,
    count_unmatched,
    headings_of,
    renamed,
    system_names,
)
from data.own.naming import alike_systems, name_problems, unrated
from data.own.rows import (
    always,
    duplicates,
    first_runs,
    no_numbers,
    rating_rows,
    row_errors,
    run_problems,
    without_keys,
)
from data.own.wording import some
from data.ratings import Ratings
from data.study import Study
from data.tables import Table, relabelled

# What a rating has to name for it to be a study's.
_MEANT = ["item", "system", "attribute"]


def match_rows(ratings: Ratings, table: Table, file: str, key: str, name: str | None) -> Matched:
    """Read ratings of one or several judges from a table, and match them with a study.

    Parameters
    ----------
    key
        The judge of a table without a column of raters.
    name
        What to call the one judge instead of what the table calls it.

    Raises
    ------
    ReleaseError
        Columns are missing, a judge cannot have its name, ratings stand twice, are no numbers, or on another scale.
    """
    study = ratings.study
    layout = recognise(table, file, headings_of(ratings), study.attribute_names)
    items = Items.of(ratings)
    _check_columns(layout, table, file, has_texts=bool(items.by_text))
    every = _meant(_by_judge(rating_rows(table, layout, file), layout, file, key, name), layout, items, study)
    rows, later = first_runs(every)
    named, again = (each.dropna(subset=[*_MEANT, "rater"]) for each in (rows, later))
    known, new = _parted(named, study)
    again, _ = _parted(again, study)
    alone = _new_alone(rows, known, new)
    problems = [
        *_problems(study, rows, named, _paired_by(layout)),
        *alike_systems(_systems(new), system_names(study), file),
        *name_problems(study, rows["rater"].dropna().unique(), alone, file),
        *run_problems(again, known),
    ]
    if strangers := list(unrated(study, alone, _systems(new), file)):
        raise UnratedJudgeError([*strangers, *problems])
    if problems:
        raise StudyError(problems)
    judges = [judge for judge in rows["rater"].dropna().unique() if judge not in alone]
    as_released = {judge: filled(study, known, list(items.by_name), judge) for judge in judges}
    contexts, places = _contexts(named, items.by_name, layout, table)
    return Matched(
        layout=layout.kind,
        paired_by=_paired_by(layout),
        as_released=as_released,
        valid={judge: np.where(study.scale.holds(found), found, np.nan) for judge, found in as_released.items()},
        replies=len(_replies(rows)),
        matched=len(_replies(known)),
        unmatched=_unmatched(rows, _paired_by(layout), file),
        contexts=contexts,
        places=places,
        explanations=_of_items(explanations(known), items.by_name),
        ledger=_of_items(row_errors(known, study.scale, ()), items.by_name),
        notes=layout.passed_over,
        retests=_retests(again, items.by_name),
        new_systems=_new_systems(new, study, items.by_name),
    )


def _paired_by(layout: Layout) -> Role:
    return "item" if "item" in layout.places else "message"


def _check_columns(layout: Layout, table: Table, file: str, *, has_texts: bool) -> None:
    """Refuse a table that lacks what a judge's ratings need."""
    lacking = layout.lacking(("system", "attribute", "rating") if layout.kind == "long" else ("system",))
    if not has_texts or "message" not in layout.places:
        lacking = [*layout.lacking(["item"]), *lacking]
    if lacking or not layout.holds_ratings:
        lacks = f"no column {', '.join(lacking)}" if lacking else "no column with ratings"
        raise ReleaseError(
            f"{file} has {lacks}; its columns are {some(table.names, 12)}. A judge's table has item (or message, where "
            "the study has messages), system, and either attribute and rating or a column for each attribute; rater "
            "where it holds several judges"
        )


def _by_judge(rows: pd.DataFrame, layout: Layout, file: str, key: str, name: str | None) -> pd.DataFrame:
    """Name the judge of each row."""
    if "rater" not in layout.places:
        return rows.assign(rater=always(name or key, len(rows)))
    judges = rows["rater"].dropna().unique()
    if name is None:
        return rows
    if len(judges) > 1:
        raise ReleaseError(f"{file} holds {len(judges)} judges, {some(judges)}; one name cannot stand for all of them")
    return rows.assign(rater=rows["rater"].cat.rename_categories([name for _ in rows["rater"].cat.categories]))


def _meant(rows: pd.DataFrame, layout: Layout, items: Items, study: Study) -> pd.DataFrame:
    """Return the rows with the study's items and attributes, missing where it has none, and systems.

    A system that the study does not have keeps its name. What the table calls items and attributes is kept as
    ``called_...``; ``place`` tells apart the items of the table.
    """
    if _paired_by(layout) == "item":
        placed = items.named(rows["item"])
    else:
        placed = items.said(rows["message"], [rows[name] for name in ("rater", "system", "attribute", "run")])
    found = [None if item is None else str(item) for item in placed.items]
    return rows.assign(
        place=placed.codes,
        called_item=relabelled(placed.codes, placed.names),
        called_attribute=rows["attribute"],
        item=relabelled(placed.codes, found),
        system=renamed(rows["system"], system_names(study), with_others=True),
        attribute=renamed(rows["attribute"], attribute_names(study)),
    )


def _parted(named: pd.DataFrame, study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part the ratings of the study's systems from those of others."""
    known = named["system"].isin(study.system_keys).to_numpy()
    return named[known], named[~known]


def _new_alone(rows: pd.DataFrame, known: pd.DataFrame, new: pd.DataFrame) -> list[str]:
    """Name the judges that rate new systems, and none of the study's."""
    of_new, of_study = ({*each.loc[each["raw"].notna(), "rater"]} for each in (new, known))
    return [judge for judge in rows["rater"].dropna().unique() if judge in of_new - of_study]


def _systems(rows: pd.DataFrame) -> list[str]:
    return [str(name) for name in rows["system"].drop_duplicates()]


def _problems(study: Study, rows: pd.DataFrame, named: pd.DataFrame, paired_by: str) -> Iterator[str]:
    keys = {"called_item": paired_by, "system": "system", "rater": "rater", "called_attribute": "attribute"}
    yield from without_keys(rows, keys)
    yield from duplicates(named)
    yield from no_numbers(named, study.scale)
    yield from scale_problems(study, named.assign(n=1))


def _replies(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each reply that a judge rates."""
    return rows[rows["raw"].notna()].drop_duplicates(["rater", "place", "system"])


def _unmatched(rows: pd.DataFrame, paired_by: str, file: str) -> pd.DataFrame:
    given = rows[rows["raw"].notna()]
    parts = []
    for what in ("item", "attribute"):
        lost = given[given[what].isna()]
        replies = _replies(lost) if what != "attribute" else lost
        parts.append(count_unmatched(file, paired_by if what == "item" else what, replies[f"called_{what}"]))
    return pd.concat(parts, ignore_index=True)


def _retests(again: pd.DataFrame, by_name: Mapping[str, object]) -> pd.DataFrame:
    """Return the numbers of later runs, as :class:`data.ratings.Ratings` has them."""
    given = again[again["rating"].notna()]
    columns = {"judge": "rater", "run": "run", "conversation": "item", "model": "system", "attribute": "attribute"}
    texts = {name: given[column].astype("str") for name, column in columns.items()}
    return _of_items(pd.DataFrame({**texts, "rating": given["rating"]}).reset_index(drop=True), by_name)


def _new_systems(new: pd.DataFrame, study: Study, by_name: Mapping[str, object]) -> pd.DataFrame:
    """Return the numbers that systems got which no expert rated, as :class:`data.ratings.Ratings` has them."""
    given = new[new["raw"].notna()]
    columns = {"judge": "rater", "new_system": "system", "conversation": "item", "attribute": "attribute"}
    texts = {name: given[column].astype("str") for name, column in columns.items()}
    rating = given["rating"].to_numpy(dtype=float)
    numbers = {"as_released": rating, "valid": np.where(study.scale.holds(rating), rating, np.nan)}
    return _of_items(pd.DataFrame({**texts, **numbers, "different": False}).reset_index(drop=True), by_name)


def _contexts(
    known: pd.DataFrame, by_name: Mapping[str, object], layout: Layout, table: Table
) -> tuple[pd.DataFrame, dict[tuple[object, str], tuple[str, int, str]]]:
    """Return the messages that the judges had, and where each stands."""
    said = known.dropna(subset=["message"]).drop_duplicates(["rater", "item"])
    heading = table.names[layout.places["message"]] if "message" in layout.places else ""
    columns = {"conversation": said["item"], "rater": said["rater"], "context": said["message"]}
    contexts = _of_items(pd.DataFrame(columns).astype("str").reset_index(drop=True), by_name)
    places = [(file, row, heading) for file, row in zip(said["file"], said["row"], strict=True)]
    return contexts, dict(zip(zip(contexts["conversation"], contexts["rater"], strict=True), places, strict=True))


def _of_items(frame: pd.DataFrame, by_name: Mapping[str, object]) -> pd.DataFrame:
    """Return a frame with the study's items in place of their names."""
    items = [by_name[name] for name in frame["conversation"]]
    return frame.assign(conversation=pd.Series(items, index=frame.index, dtype=None if items else object))
