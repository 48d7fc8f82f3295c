"""What other evaluation tools wrote, as long tables of ratings: logs of Inspect AI, results of promptfoo and DeepEval.

Each keeps what a test was about beside its scores (``metadata``, or ``vars``): there the item and the system of a
rating have to be named, as the columns of a table would name them. A score is on the attribute that it is called by.
"""

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson
import pandas as pd
import pyarrow as pa

from data.errors import ReleaseError
from data.own.wording import counted, some
from data.tables import Table

FORMS = (".json", ".eval")
# What a score is called beside the attribute that it is on.
_SUFFIXES = (" [GEval]",)
# The status of a run of Inspect AI that ended as it should.
_ENDED_WELL = "success"
# As zip files number the compression that Inspect AI uses, and how large a member of one may be.
_ZSTANDARD, _LARGEST = 93, 2**30


class Score(NamedTuple):
    """One score: what it is about, on what, and by which judge and run, where the tool says so."""

    about: Mapping[str, object]
    attribute: str
    rating: object
    explanation: object
    rater: str | None = None
    run: int | None = None


def read_scores(content: bytes, name: str) -> Table | None:
    """Read the scores of a file; None where it is none of these tools'.

    Raises
    ------
    ReleaseError
        The file is damaged.
    """
    try:
        found = _archived(content) if name.lower().endswith(".eval") else orjson.loads(content)
    except (orjson.JSONDecodeError, zipfile.BadZipFile, pa.ArrowException, OSError) as error:
        raise ReleaseError(
            f"{name} cannot be read as a {Path(name).suffix} file ({error}); it may be empty, damaged or cut off; save "
            "it again, or take another copy"
        ) from error
    tool = next((each for each in _TOOLS if isinstance(found, dict) and each.wrote(found)), None)
    if tool is None:
        return None
    cases = [list(tool.scores(case)) for case in map(_mapping, tool.cases(found))]
    return _table(cases, (*tool.breaks(found), *_without_scores(cases, tool.case)))


def _without_scores(cases: Sequence[Sequence[Score]], called: str) -> Iterator[str]:
    """Say which cases have no score, or none that can be read."""
    if empty := [number for number, scores in enumerate(cases, start=1) if not scores]:
        yield f"{counted(len(empty), called)} of {len(cases):,} without a score that can be read: number {some(empty)}"


def _table(cases: Sequence[Sequence[Score]], notes: tuple[str, ...]) -> Table:
    """Lay scores out one a row, numbered by their cases.

    The nth score of the same thing is of the nth run where the tool does not number them.
    """
    seen: Counter[tuple[object, ...]] = Counter()
    rows, numbers = [], []
    for number, score in ((number, score) for number, scores in enumerate(cases, start=1) for score in scores):
        numbers.append(number)
        about = {key: value for key, value in score.about.items() if isinstance(value, str | int | float)}
        thing = (*about.items(), score.attribute, score.rater, score.run)
        seen[thing] += 1
        said = {"attribute": score.attribute, "rating": score.rating, "explanation": score.explanation}
        rows.append({**about, **said, "rater": score.rater, "run": score.run or seen[thing]})
    frame = pd.DataFrame(rows, columns=None if rows else ["attribute", "rating"], dtype=object)
    empty = [name for name in ("rater", "explanation") if name in frame and frame[name].isna().all()]
    single = ["run"] if "run" in frame and set(frame["run"]) == {1} else []
    frame = frame.drop(columns=[*empty, *single])
    return Table(list(frame), [frame[name] for name in frame], np.array(numbers, dtype=int), notes)


def _archived(content: bytes) -> dict[str, Any]:
    """Read the samples of an archive of Inspect AI."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [each for each in archive.infolist() if each.filename.startswith("samples/")]
        samples = [orjson.loads(_member(archive, content, each)) for each in members]
        # It is written last: an archive without one is of a run that did not end.
        headers = [each for each in archive.infolist() if each.filename == "header.json"]
        header = _mapping(orjson.loads(_member(archive, content, headers[0]))) if headers else {"status": "started"}
    return {"eval": {}, **header, "samples": samples}


def _member(archive: zipfile.ZipFile, content: bytes, info: zipfile.ZipInfo) -> bytes:
    """Read a member of an archive, also with the compression that the standard library does not know yet."""
    if info.file_size > _LARGEST:
        raise zipfile.BadZipFile(f"{info.filename} is larger than {_LARGEST:,} bytes")
    if info.compress_type != _ZSTANDARD:
        return archive.read(info)
    # Behind the header of a member, which ends in its name and an extra part whose lengths it tells.
    start = info.header_offset + 30
    lengths = (int.from_bytes(content[place : place + 2], "little") for place in (start - 4, start - 2))
    start += sum(lengths)
    packed = content[start : start + info.compress_size]
    unpacked: bytes = pa.Codec("zstd").decompress(packed, info.file_size, asbytes=True)
    if zlib.crc32(unpacked) != info.CRC:
        raise zipfile.BadZipFile(f"{info.filename} is damaged")
    return unpacked


def _of_inspect(sample: Mapping[str, Any]) -> Iterator[Score]:
    about = _mapping(sample.get("metadata"))
    for scorer, score in _mapping(sample.get("scores")).items():
        value, why = (_mapping(score).get(key) for key in ("value", "explanation"))
        each = value if isinstance(value, dict) else {scorer: value}
        yield from (Score(about, attribute, rating, why, run=sample.get("epoch")) for attribute, rating in each.items())


def _breaks_of_inspect(log: Mapping[str, Any]) -> Iterator[str]:
    """Say whether a run did not end well: what it lacks is no chance, and may be what was hard to rate."""
    status, results = log.get("status", _ENDED_WELL), _mapping(log.get("results"))
    if status != _ENDED_WELL:
        done, planned = results.get("completed_samples"), results.get("total_samples")
        how_far = (
            f", with {done:,} of {planned:,} samples" if isinstance(done, int) and isinstance(planned, int) else ""
        )
        yield f"the run did not end well: its status is {str(status)!r}{how_far}; what it lacks counts as not rated"
    if log.get("invalidated"):
        yield "the log is marked as invalid"


def _of_promptfoo(result: Mapping[str, Any]) -> Iterator[Score]:
    about = {**_mapping(result.get("metadata")), **_mapping(result.get("vars"))}
    said = _answer(_mapping(result.get("response")).get("output"))
    why = said.pop("Explanation", None)
    # A judge that answers with ratings is the provider; who gave the scores of assertions is not told.
    provider = _mapping(result.get("provider"))
    if said:
        rater = str(provider.get("label") or provider.get("id"))
        yield from (Score(about, name, rating, why, rater) for name, rating in said.items())
    else:
        named = _mapping(result.get("namedScores"))
        yield from (Score(about, name, rating, None) for name, rating in named.items())


def _of_deepeval(case: Mapping[str, Any]) -> Iterator[Score]:
    about = _mapping(case.get("metadata") or case.get("additionalMetadata"))
    for metric in map(_mapping, case.get("metricsData") or []):
        name = str(metric.get("name"))
        for suffix in _SUFFIXES:
            name = name.removesuffix(suffix)
        yield Score(about, name, metric.get("score"), metric.get("reason"), metric.get("evaluationModel"))


def _answer(output: object) -> dict[str, Any]:
    """Give what a judge answered as an object; empty where it is none."""
    if isinstance(output, str):
        try:
            output = orjson.loads(output)
        except orjson.JSONDecodeError:
            return {}
    return dict(output) if isinstance(output, dict) else {}


def _mapping(found: object) -> Mapping[str, Any]:
    return found if isinstance(found, dict) else {}


class _Tool(NamedTuple):
    """A tool.

    Attributes
    ----------
    case
        What it calls a thing that it scores.
    wrote
        Whether it wrote something.
    cases
        Every case of what it wrote.
    scores
        The scores of a case.
    breaks
        What is to be said of the run as a whole.
    """

    case: str
    wrote: Callable[[dict[str, Any]], bool]
    cases: Callable[[dict[str, Any]], Sequence[object]]
    scores: Callable[[Mapping[str, Any]], Iterator[Score]]
    breaks: Callable[[Mapping[str, Any]], Iterable[str]] = lambda _: ()


_TOOLS = (
    _Tool(
        "sample",
        # A log of which only the summary was kept has no samples.
        lambda found: "eval" in found and isinstance(found.get("samples", []), list | None),
        lambda found: found.get("samples") or [],
        _of_inspect,
        _breaks_of_inspect,
    ),
    _Tool(
        "result",
        lambda found: isinstance(_mapping(found.get("results")).get("results"), list),
        lambda found: found["results"]["results"],
        _of_promptfoo,
    ),
    _Tool(
        "test case",
        lambda found: isinstance(found.get("testCases"), list),
        lambda found: found["testCases"],
        _of_deepeval,
    ),
)
