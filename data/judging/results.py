"""What a run leaves beside its log: a judge's ratings as a table that any study takes, and who the judge was."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from data.judging.asking import Asking
from data.judging.log import Answer
from data.judging.replies import Reply
from data.ratings import FIRST_RUN, NEW_SYSTEMS
from data.released.cells import CellReader
from data.study import Study

_KINDS = ("answered", "partly", "refused", "unreadable", "open")
COLUMNS = ["item", "system", "attribute", "rating", "explanation", "run"]


class Rated(NamedTuple):
    """What was asked about one reply, once: the call's key and text, the reply, and which run it is of."""

    key: str
    text: str
    reply: Reply
    run: str


@dataclass(frozen=True)
class JudgeRatings:
    """A judge's ratings, and how many calls gave none.

    Attributes
    ----------
    table
        ``COLUMNS``, a row a rating; the rating is missing where an answer gives none.
    answered, refused, unreadable
        Calls with a rating on every attribute or some, calls without an answer, and answers without any rating.
    partly
        Of those that are answered, how many lack a rating on some attribute.
    open
        Calls that were not made yet.
    """

    table: pd.DataFrame
    answered: int
    refused: int
    unreadable: int
    partly: int
    open: int

    @property
    def counts(self) -> dict[str, int]:
        """How many calls gave what, by name."""
        return {kind: getattr(self, kind) for kind in _KINDS}

    @property
    def sentence(self) -> str:
        """How many calls gave what."""
        said = [f"{self.answered:,} answer{'' if self.answered == 1 else 's'} with ratings"]
        if self.partly:
            said.append(f"{self.partly:,} of them without some attribute")
        said += [f"{number:,} {what}" for what in ("refused", "unreadable") if (number := getattr(self, what))]
        return ", ".join([*said, *([f"{self.open:,} still to do"] if self.open else [])])


def read_answers(study: Study, rated: Iterable[Rated], answers: Mapping[str, Answer]) -> JudgeRatings:
    """Read the ratings out of answers: strictly where they are JSON, else as far as they can be told without doubt."""
    reader = CellReader(study.attribute_names, study.scale)
    rows: list[tuple[Any, ...]] = []
    found = Counter[str]()
    for each in rated:
        answer = answers.get(each.key)
        if answer is None or answer.status == "refused":
            found["open" if answer is None else "refused"] += 1
            continue
        cell = reader.read(answer.text)
        given = ~np.isnan(cell.ratings)
        found["answered" if given.any() else "unreadable"] += 1
        found["partly"] += bool(given.any() and not given.all())
        for attribute, rating in zip(study.attribute_names, cell.ratings, strict=True):
            rows.append((each.reply.item, each.reply.system, attribute, rating, cell.explanation, each.run))
    return JudgeRatings(pd.DataFrame(rows, columns=COLUMNS), **{kind: found[kind] for kind in _KINDS})


def write_ratings(ratings: JudgeRatings, path: Path) -> Path:
    """Write the ratings as a file that ``--add-judge`` takes, with the runs where there are several."""
    table = ratings.table.dropna(subset="rating")
    _csv(table if (table["run"] != FIRST_RUN).any() else table.drop(columns="run"), path)
    return path


def record(asking: Asking, study: Study, answers: Sequence[tuple[str, Answer]], cost: float | None) -> dict[str, Any]:
    """Say who was asked, what the endpoint called itself in each run, and what it used and cost as far as it told."""
    kinds = ("input_tokens", "output_tokens")
    sent, answered = (sum(getattr(each, kind) or 0 for _, each in answers) for kind in kinds)
    versions = Counter((run, answer.model, answer.fingerprint) for run, answer in answers if answer.model)
    return {
        "study": study.key,
        "sha256": asking.sha256,
        "rubric_sha256": asking.rubric_sha256,
        **asking.identity,
        "versions": [
            {"run": run, "model": model, "fingerprint": fingerprint, "answers": number}
            for (run, model, fingerprint), number in versions.most_common()
        ],
        "input_tokens": sent,
        "output_tokens": answered,
        "cost": cost,
        "software": {"openai": version("openai"), "pandas": version("pandas")},
    }


def run_of(about: Mapping[str, Any], study: Study) -> str:
    """Name the run that a call is of; what experts have not rated is none of those that a judge is known by."""
    run = str(about.get("run", FIRST_RUN))
    if about.get("system") in study.system_keys or "run" not in about:
        return run
    return NEW_SYSTEMS if run == FIRST_RUN else f"{NEW_SYSTEMS}, {run}"


def version_of(said: Mapping[str, Any]) -> str:
    """Name a version as its endpoint does: the model, and the fingerprint where there is one."""
    return " ".join(filter(None, (str(said.get("model", "")), str(said.get("fingerprint", "")))))


def read_json(path: Path) -> dict[str, Any]:
    """Read what :func:`write_json` wrote; empty where it is something else."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def write_json(path: Path, found: Mapping[str, Any]) -> None:
    """Write values as JSON that people read, too."""
    path.write_text(f"{json.dumps(found, indent=1, ensure_ascii=False)}\n", encoding="utf-8")


def _csv(table: pd.DataFrame, path: Path) -> None:
    table.assign(rating=[f"{rating:g}" for rating in table["rating"]]).to_csv(path, index=False, lineterminator="\n")
