"""Draw replies for experts to rate, and write the sheets on which they do: ``python -m data items`` and ``sheet``."""

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd

from data.errors import ReleaseError
from data.judging.replies import Found, Reply, of_folder, of_table
from data.names import attribute_problems
from data.own import FILE
from data.own.describing import study_of
from data.own.layout import numbers
from data.own.rows import joined
from data.own.study_file import read_study_file
from data.own.wording import counted, some
from data.ratings import is_reserved
from data.sampling.drawing import drawn, judge_ratings, scores
from data.sampling.sheet import LONGEST, assigned, file_names, study_file, workbook
from data.sources import load_snapshot
from data.study import Study
from data.tables import read_table

_REPLY = ["item", "system"]


def draw(options: argparse.Namespace) -> None:
    """Draw replies, and write which and with what probability."""
    if options.output.suffix.lower() != ".csv":
        raise ReleaseError(f"--output {options.output} is no .csv file; name one that ends in .csv")
    found = _found(options.replies)
    replies = found.replies
    ratings = judge_ratings(options.ratings)
    score = scores(ratings, options.attribute)
    table = drawn(replies, score, options.number, options.seed, options.allocation)
    for note in found.notes:
        _tell(note)
    strange = len(score) - int(score.index.isin(pd.MultiIndex.from_frame(_frame(replies)[_REPLY])).sum())
    if strange:
        _tell(
            f"{options.ratings.name}: {counted(strange, 'rated reply is', 'rated replies are')} not among the replies"
        )
    if options.with_texts:
        table = table.merge(_frame(replies), on=_REPLY, how="left")
    options.output.write_bytes(table.to_csv(index=False, lineterminator="\n").encode())
    sizes = ", ".join(
        f"{len(those):,} of stratum {name} (probability {those['probability'].iloc[0]:.3g})"
        for name, those in table.groupby("stratum")
    )
    _tell(f"{options.output}: {counted(len(table), 'reply', 'replies')} of {len(replies):,}, {sizes}")


def write_sheets(options: argparse.Namespace) -> None:
    """Write a sheet for each expert, and the file that makes a study of the folder."""
    experts, folder = list(options.experts), options.output
    if twice := [name for name in experts if experts.count(name) > 1]:
        raise ReleaseError(f"--experts {twice[0]!r} is named twice; name each expert once")
    if reserved := [name for name in experts if is_reserved(name) or not name.strip()]:
        raise ReleaseError(f"--experts {reserved[0]!r} cannot be the name of an expert; name him or her otherwise")
    if options.each > len(experts):
        raise ReleaseError(
            f"--each {options.each} is more than the {counted(len(experts), 'expert')}; allowed is up to {len(experts)}"
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ReleaseError(f"--output {folder} is there and not empty; name a new folder, so that no sheet is lost")
    study = _study(options.study)
    if problems := list(attribute_problems(study.attribute_names)):
        raise ReleaseError(problems[0])
    found = _found(options.replies)
    table = _frame(found.replies)
    if options.items is not None:
        table = _chosen(table, options.items)
    beside = None if options.ratings is None else _beside(options.ratings, study, experts)
    said = [*found.notes]
    texts = table[["message", "reply"]]
    if long := int((texts.map(len) > LONGEST).any(axis=1).sum()):
        said.append(f"{counted(long, 'reply is', 'replies are')} cut on the sheets: a cell holds {LONGEST:,} signs")
    there = list(table["system"].drop_duplicates())
    systems = sorted(there, key=lambda key: study.system_keys.index(key) if key in study.system_keys else len(there))
    files = {FILE: study_file(study, experts, systems).encode()}
    shares = assigned(table, experts, options.each, options.seed)
    for name, (expert, mine) in zip(file_names(experts), shares.items(), strict=True):
        files[name] = workbook(study, mine, expert)
        said.append(f"{folder / name}: {counted(len(mine), 'reply', 'replies')} for {expert}")
    if beside is not None:
        name, files[name] = beside
        said.append(f"{folder / name}: the judge's ratings")
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    for each in (*said, f"when they come back: python -m analysis check {folder}"):
        _tell(each)


def _found(path: Path) -> Found:
    if not path.exists():
        raise ReleaseError(f"--replies {path} is not there; name a table with item, system, message and reply")
    return of_folder(path) if path.is_dir() else of_table(path)


def _frame(replies: Iterable[Reply]) -> pd.DataFrame:
    return pd.DataFrame(
        [(each.item, each.system, each.message, each.text) for each in replies],
        columns=["item", "system", "message", "reply"],
    )


def _study(source: str) -> Study:
    """Return the study whose attributes and scale are rated; its file will do, without ratings."""
    if source == "snapshot":
        return load_snapshot().study
    path = Path(source) / FILE
    if not path.is_file():
        raise ReleaseError(f"--study {source} has no {FILE}; allowed are snapshot, and a folder with a {FILE}")
    described = read_study_file(path)
    if described.file is None or described.problems:
        raise ReleaseError("\n".join(described.problems))
    if not described.file.attributes:
        raise ReleaseError(f"{path} lists no attributes; say under [[attributes]] what is to be rated")
    return study_of(described.file, joined([]), path.parent.resolve().name)


def _chosen(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Take the replies that were drawn, with their probabilities."""
    wanted = {"item", "system", "probability"}
    found = read_table(path, path.name, lambda names: wanted <= set(names))
    if found is None:
        raise ReleaseError(
            f"--items {path} is no table with item, system and probability, as python -m data items writes"
        )
    columns = {name: found.texts(found.names.index(name)) for name in sorted(wanted)}
    probability = numbers(columns["probability"])
    drawn_ones = pd.DataFrame({name: pd.Series(columns[name]).astype("str") for name in _REPLY})
    drawn_ones["probability"] = probability
    if wrong := int((~drawn_ones["probability"].between(0, 1, inclusive="right")).sum()):
        raise ReleaseError(f"{path.name}: {counted(wrong, 'row has', 'rows have')} no probability above 0, up to 1")
    if drawn_ones.duplicated(_REPLY).any():
        raise ReleaseError(f"{path.name} names a reply twice; keep one row of each")
    made = drawn_ones.merge(table, on=_REPLY, how="left")
    lost = made[made["reply"].isna()]
    if len(lost):
        first = lost.iloc[0]
        raise ReleaseError(
            f"{counted(len(lost), 'reply', 'replies')} of {path.name} not among the replies, the first that of "
            f"{first['system']} to {first['item']}; give the --replies that they were drawn from"
        )
    return made


def _beside(path: Path, study: Study, experts: list[str]) -> tuple[str, bytes]:
    """Return a judge's ratings as a table that the study reads, its judge named in it."""
    ratings = judge_ratings(path)
    judge = ratings["rater"].iloc[0]
    if judge in experts:
        raise ReleaseError(f"{path.name}: its judge is called {judge!r}, as an expert is; rename the file")
    kept = ratings[ratings["attribute"].isin(study.attribute_names)]
    if kept.empty:
        known = some(study.attribute_names, 12)
        raise ReleaseError(f"{path.name} has no rating on an attribute of the study; these are {known}")
    return "judge.csv", kept.to_csv(index=False, lineterminator="\n").encode()


def _tell(message: str) -> None:
    sys.stderr.write(f"{message}\n")


COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {"items": draw, "sheet": write_sheets}
