"""Make a small release: invented ratings with real structure, every known data error at a known spot, in any layout.

``make_release()`` gives a :class:`Made`, the release in memory together with what a reader of it should find.
``write_workbooks``, ``write_separate`` and ``write_joined`` put it into a folder. All texts are invented.

    made = make_release()
    write_workbooks(tmp_path, made)
    release = read_release(tmp_path, STUDY)
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from data.mentalalign import STUDY, SUFFIX
from data.ratings import OFF_SCALE
from data.study import HUMAN

FILE_NAMES = {
    "human": "Human_judge",
    "claude-3.7-sonnet": "claude_llm_judge",
    "gpt-4o": "gpt-4o_llm_judge",
    "gemini-2.5-flash": "gemini_llm_judge",
    "o4-mini": "o4-mini_llm_judge",
}
SUBFOLDERS = {rater: "Human_Judge" if rater == HUMAN else "LLMs_as_a_judge" for rater in STUDY.raters}

WORDS = re.findall(
    r"\w+",
    """
    garden kettle window ladder pencil basket candle button carpet saucer teapot bucket hammer ribbon blanket mirror
    drawer cushion lantern napkin pebble puzzle rocket saddle shovel spoon sponge tunnel violin wagon walnut willow
    pepper parsley onion melon lemon ginger cinnamon almond apricot barley biscuit butter cabbage carrot celery cherry
    clover cobalt copper cotton daisy fern flute gravel harbour heather island jacket juniper
    """,
)
"""Words of the contexts; they stand nowhere else in a made release."""

INFLATION = {"claude-3.7-sonnet": 0.35, "gpt-4o": 0.75, "gemini-2.5-flash": 0.55, "o4-mini": 0.2}
SHARE_FENCED = {"claude-3.7-sonnet": 0.25, "gpt-4o": 1.0, "gemini-2.5-flash": 1.0, "o4-mini": 0.02}
REASON = "The reply names a first step and keeps an even tone."

MISSING = ("missing", "missing")
KEPT = ("kept", "left out")
RECOVERED = ("dropped", "recovered")
DROPPED = ("dropped", "dropped")

HUMAN_EMPTY = ((3, "qwen-2.5-7b"), (5, "qwen-3-4b"), (5, "original"))
HUMAN_NULL = ((7, "llama-3.1-8b", "Safety"), (9, "qwen-3-4b", "Empathy"))
HUMAN_ZERO = ((11, "qwen-2.5-7b"), (12, "original"))
HUMAN_SIX = ((13, "gpt-4o", "Guidance"), (17, "claude-3.5-haiku", "Understanding"))
JUDGE_EMPTY = ((4, "gpt-4o"), (19, "original"))
JUDGE_MALFORMED = {
    (14, "deepseek-llama-8b"): "prose around the object",
    (15, "deepseek-qwen-7b"): "curly quotes",
    (16, "llama-3.1-8b"): "an unescaped quote in the explanation",
    (18, "gemini-2.0-flash"): "a missing closing brace",
    (21, "qwen-3-4b"): "a fence and an unescaped quote",
    (22, "qwen-3-4b"): "a refusal",
}
"""Where every judge has a malformed cell, and of what kind; all but the refusal can be recovered."""

CONTEXT_SMALL = 20
CONTEXT_SHIFTED = 25
CONTEXT_UNKNOWN = 30
"""Conversations whose context differs between the experts' and the judges' files: the same but for a small difference;
the text of the conversation before it; a text that stands nowhere else."""

REFUSAL = "There is no reply to look at here, so no assessment can be given."


@dataclass(frozen=True)
class Placed:
    """A data error as the ledger should show it; the file is the one that the rater's cells were written to."""

    rater: str
    conversation: int
    model: str
    attribute: str
    error: str
    raw: str
    as_released: str
    valid: str


@dataclass(frozen=True)
class Made:
    """A release in memory.

    Attributes
    ----------
    conversations
        Their numbers, 1 and up.
    contexts, cells
        Per rater, the texts as the files hold them; ``cells[rater][model]`` has one per conversation, None for empty.
    ratings, recovered
        Per rater, what should be read: arrays of (conversation, model, attribute), NaN where there is no rating.
    data_errors
        What the ledger should hold.
    fenced
        Per rater, how many cells stand in a code fence.
    """

    conversations: tuple[int, ...]
    contexts: dict[str, list[str]]
    cells: dict[str, dict[str, list[str | None]]]
    ratings: dict[str, np.ndarray]
    recovered: dict[str, np.ndarray]
    data_errors: tuple[Placed, ...]
    fenced: dict[str, int]


@cache
def make_release(
    conversations: int = 48, *, seed: int = 1, data_errors: bool = True, contexts_differ: bool = True
) -> Made:
    """Make a release of all ten models, seven attributes, the experts and the four judges.

    Models differ from the first to the last by about two points, judges rate higher than experts by ``INFLATION``, and
    conversations differ a little.

    Parameters
    ----------
    conversations
        How many; at least 32 with data errors.
    seed
        Of the invented ratings and texts.
    data_errors
        Whether the wrong cells listed above are put in.
    contexts_differ
        Whether the three contexts that differ are put in.
    """
    random = np.random.default_rng(seed)
    ratings = _ratings(random, conversations)
    texts = _texts(random, conversations)
    made = Made(
        conversations=tuple(range(1, conversations + 1)),
        contexts={rater: list(texts) for rater in STUDY.raters},
        cells={rater: _cells(random, rater, numbers) for rater, numbers in ratings.items()},
        ratings=ratings,
        recovered={rater: np.zeros(numbers.shape, dtype=bool) for rater, numbers in ratings.items()},
        data_errors=(),
        fenced={},
    )
    placed: list[Placed] = []
    if data_errors:
        placed += _spoil_experts(made)
        for judge in STUDY.judge_keys:
            placed += _spoil_judge(made, judge)
    if contexts_differ:
        placed += _spoil_contexts(made)
    fenced = {
        rater: sum((cell or "").startswith("```") for cells in models.values() for cell in cells)
        for rater, models in made.cells.items()
    }
    return replace(made, data_errors=tuple(placed), fenced=fenced)


def write_workbooks(
    folder: Path,
    made: Made | None = None,
    *,
    raters: Iterable[str] = STUDY.raters,
    subfolders: bool = False,
    spaced_headers: bool = True,
    shuffle: int | None = None,
) -> dict[str, str]:
    """Write one workbook for each rater, as the release has them.

    Parameters
    ----------
    folder
        Made when it is not there.
    made
        What to write; ``make_release()`` when left out.
    raters
        Whose files to write, ``human`` among them.
    subfolders
        Whether the experts' file and the judges' lie in folders of their own.
    spaced_headers
        Whether some header cells begin with a space.
    shuffle
        Seed of another order of rows in every file; None keeps them in order.

    Returns
    -------
    dict
        The file of each rater, as its path below ``folder``.
    """
    made = make_release() if made is None else made
    names = {}
    for rater in raters:
        table = _table(made, rater, with_ids=True, with_contexts=True, shuffle=shuffle)
        header = [f" {name}" if spaced_headers and place % 3 == 2 else name for place, name in enumerate(table)]
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Sheet1")
        for row in [header, *zip(*table.values(), strict=True)]:
            sheet.append(row)
        names[rater] = f"{SUBFOLDERS[rater]}/{FILE_NAMES[rater]}.xlsx" if subfolders else f"{FILE_NAMES[rater]}.xlsx"
        _room_for(folder / names[rater])
        book.save(folder / names[rater])
    return names


def write_separate(
    folder: Path,
    made: Made | None = None,
    *,
    form: str = "csv",
    raters: Iterable[str] = STUDY.raters,
    with_ids: bool = True,
    with_contexts: bool = True,
    shuffle: int | None = None,
) -> dict[str, str]:
    """Write one CSV or Parquet file (``form``) for each rater; see :func:`write_workbooks`."""
    made = make_release() if made is None else made
    names = {}
    for rater in raters:
        names[rater] = f"{FILE_NAMES[rater]}.{form}"
        table = _table(made, rater, with_ids=with_ids, with_contexts=with_contexts, shuffle=shuffle)
        write_table(folder / names[rater], table)
    return names


def write_joined(
    folder: Path,
    made: Made | None = None,
    *,
    form: str = "csv",
    judges: Iterable[str] = STUDY.judge_keys,
    with_ids: bool = False,
    shuffle: int | None = None,
) -> dict[str, str]:
    """Write one file for each judge that also holds the experts' ratings and the original reply.

    A joined file has one context for both sides: the judges'. The experts' ratings are read from the first file by
    name, which is the one returned for ``human``.
    """
    made = make_release() if made is None else made
    names = {}
    for judge in judges:
        names[judge] = f"{FILE_NAMES[judge]}_with_human.{form}"
        table = _table(made, judge, with_ids=with_ids, with_contexts=True, shuffle=shuffle)
        table["response"] = _in_order([REASON] * len(made.conversations), shuffle)
        experts = _table(made, HUMAN, with_ids=False, with_contexts=False, shuffle=shuffle)
        write_table(folder / names[judge], {**table, **experts})
    return {HUMAN: min(names.values()), **names}


def write_table(path: Path, table: dict[str, list]) -> None:
    """Write named columns as CSV, Parquet or a workbook, by the ending of ``path``."""
    _room_for(path)
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Sheet1")
        for row in [list(table), *zip(*table.values(), strict=True)]:
            sheet.append(row)
        book.save(path)
    elif path.suffix == ".parquet":
        pa.parquet.write_table(pa.table(table), path)
    else:
        pa.csv.write_csv(pa.table(table), path)


def file_table(made: Made, rater: str) -> dict[str, list]:
    """Give the columns of one rater's file, to be changed and then written with :func:`write_table`."""
    return _table(made, rater, with_ids=True, with_contexts=True, shuffle=None)


def _room_for(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)


def _table(made: Made, rater: str, *, with_ids: bool, with_contexts: bool, shuffle: int | None) -> dict[str, list]:
    side = "human" if rater == HUMAN else "judge"
    table: dict[str, list] = {}
    if with_ids:
        table["ConvID"] = _in_order(made.conversations, shuffle)
    if with_contexts:
        table["context"] = _in_order(made.contexts[rater], shuffle)
    for suffix, key in SUFFIX.items():
        table[f"{side}_response_{suffix}"] = _in_order(made.cells[rater][key], shuffle)
    return table


def _in_order(values: Iterable, shuffle: int | None) -> list:
    values = list(values)
    if shuffle is None:
        return values
    return [values[place] for place in np.random.default_rng(shuffle).permutation(len(values))]


def _ratings(random: np.random.Generator, conversations: int) -> dict[str, np.ndarray]:
    """Draw whole ratings 1-5: a common quality, seen by each rater with its own inflation and noise."""
    model = random.permutation(np.linspace(2.3, 4.3, len(STUDY.system_keys)))[None, :, None]
    attribute = np.linspace(-0.3, 0.4, len(STUDY.attribute_names))[None, None, :]
    conversation = random.normal(0, 0.3, (conversations, 1, 1))
    reply = random.normal(0, 0.6, (conversations, len(STUDY.system_keys), 1))
    quality = model + attribute + conversation + reply
    return {
        rater: np.clip(
            np.rint(quality + INFLATION.get(rater, 0.0) + random.normal(0, 0.5, quality.shape)), 1, 5
        ).astype(float)
        for rater in STUDY.raters
    }


def _texts(random: np.random.Generator, conversations: int) -> list[str]:
    """Write a context for each conversation: twelve words in no order, so that no two are alike."""
    return [
        f"Number {number}: " + " ".join(random.choice(WORDS, 12, replace=False))
        for number in range(1, conversations + 1)
    ]


def _cells(random: np.random.Generator, rater: str, numbers: np.ndarray) -> dict[str, list[str | None]]:
    """Write clean cells: the experts' on one line, the judges' indented, with a reason, some in a fence."""
    cells: dict[str, list[str | None]] = {}
    for place, model in enumerate(STUDY.system_keys):
        cells[model] = []
        for ratings in numbers[:, place]:
            if rater == HUMAN:
                cells[model].append(json.dumps(_named(ratings)))
            else:
                text = judge_cell(ratings)
                cells[model].append(fence(text) if random.random() < SHARE_FENCED[rater] else text)
    return cells


def judge_cell(ratings: Iterable[float], reason: str = REASON) -> str:
    """Write a judge's cell as JSON: seven ratings, their mean, and a reason."""
    named = _named(ratings)
    overall = round(sum(named.values()) / len(named), 1)
    return json.dumps({**named, "Overall": overall, "Explanation": reason}, indent=2)


def fence(text: str) -> str:
    """Put a text into a Markdown code fence."""
    return f"```json\n{text}\n```"


def _named(ratings: Iterable[float]) -> dict[str, int]:
    return {name: int(rating) for name, rating in zip(STUDY.attribute_names, ratings, strict=True)}


def _spoil_experts(made: Made) -> list[Placed]:
    placed = []
    ratings, cells = made.ratings[HUMAN], made.cells[HUMAN]
    for number, model in HUMAN_EMPTY:
        cells[model][number - 1] = None
        ratings[_at(number, model)] = np.nan
        placed.append(Placed(HUMAN, number, model, "", "empty", "", *MISSING))
    for number, model, attribute in HUMAN_NULL:
        cells[model][number - 1] = json.dumps({**_named(ratings[_at(number, model)]), attribute: None})
        ratings[_at(number, model)][STUDY.attribute_names.index(attribute)] = np.nan
        placed.append(Placed(HUMAN, number, model, attribute, "null", "null", *MISSING))
    for number, model in HUMAN_ZERO:
        ratings[_at(number, model)] = 0
        placed += [Placed(HUMAN, number, model, name, OFF_SCALE, "0", *KEPT) for name in STUDY.attribute_names]
        cells[model][number - 1] = json.dumps(_named(ratings[_at(number, model)]))
    for number, model, attribute in HUMAN_SIX:
        ratings[_at(number, model)][STUDY.attribute_names.index(attribute)] = 6
        placed.append(Placed(HUMAN, number, model, attribute, OFF_SCALE, "6", *KEPT))
        cells[model][number - 1] = json.dumps(_named(ratings[_at(number, model)]))
    return placed


def _spoil_judge(made: Made, judge: str) -> list[Placed]:
    placed = []
    ratings, cells = made.ratings[judge], made.cells[judge]
    for number, model in JUDGE_EMPTY:
        cells[model][number - 1] = None
        ratings[_at(number, model)] = np.nan
        placed.append(Placed(judge, number, model, "", "empty", "", *MISSING))
    for (number, model), kind in JUDGE_MALFORMED.items():
        raw = malformed(kind, ratings[_at(number, model)])
        cells[model][number - 1] = raw
        if kind == "a refusal":
            ratings[_at(number, model)] = np.nan
        else:
            made.recovered[judge][_at(number, model)] = True
        done = DROPPED if kind == "a refusal" else RECOVERED
        placed.append(Placed(judge, number, model, "", "malformed", raw, *done))
    return placed


def malformed(kind: str, ratings: Iterable[float]) -> str:
    """Write a judge's cell that is not strict JSON; ``kind`` is one of ``JUDGE_MALFORMED``."""
    text = judge_cell(ratings)
    unescaped = text.replace("a first step", 'a "first" step')
    return {
        "prose around the object": f"Looking at the reply as asked, this is what I find.\n\n{text}\n\nThat is all.",
        "curly quotes": "".join(
            "“”"[text[:place].count('"') % 2] if letter == '"' else letter for place, letter in enumerate(text)
        ),
        "an unescaped quote in the explanation": unescaped,
        "a missing closing brace": text.removesuffix("}").rstrip(),
        "a fence and an unescaped quote": fence(unescaped),
        "a refusal": REFUSAL,
    }[kind]


def _spoil_contexts(made: Made) -> list[Placed]:
    """Let the experts' file differ from all judges' files in three rows."""
    experts = made.contexts[HUMAN]
    experts[CONTEXT_SMALL - 1] = experts[CONTEXT_SMALL - 1].replace(": ", " - ", 1).upper()
    experts[CONTEXT_SHIFTED - 1] = experts[CONTEXT_SHIFTED - 2]
    experts[CONTEXT_UNKNOWN - 1] = "Number none: " + " ".join(WORDS[:14:2])
    same, different = "context: same text, small difference", "context: different conversation"
    where = f"the experts' text stands at conversation {CONTEXT_SHIFTED - 1}"
    return [
        placed
        for judge in STUDY.judge_keys
        for placed in (
            Placed(judge, CONTEXT_SMALL, "", "", same, "", "kept", "kept"),
            Placed(judge, CONTEXT_SHIFTED, "", "", different, where, *KEPT),
            Placed(judge, CONTEXT_UNKNOWN, "", "", different, "", *KEPT),
        )
    ]


def _at(number: int, model: str) -> tuple[int, int]:
    return number - 1, STUDY.system_keys.index(model)
