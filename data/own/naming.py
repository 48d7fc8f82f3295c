"""What a reader's own judges are called: identity is stated by a name, and never guessed."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from data import mentalalign
from data.errors import ReleaseError
from data.own import FILE
from data.own.wording import some
from data.ratings import is_reserved
from data.released.files import bare, judge_of
from data.study import HUMAN, Judge, Study


def is_published(study: Study) -> bool:
    """Whether a study is the published one, whose files name systems and judges in their own way."""
    return study.key == mentalalign.STUDY.key


def key_of_file(study: Study, stem: str) -> str:
    """Return the judge of a file that names none within: what the file is called, without its ending.

    A released name stands for the judge of the published study.
    """
    released = bare(stem) != stem and is_published(study)
    return (judge_of(stem) if released else None) or bare(stem)


def checked_key(study: Study, key: str, file: str) -> str:
    """Return a judge's key if a new judge of the study, with ratings in this file, can have it.

    Raises
    ------
    ReleaseError
        It is empty, taken, or kept for the experts or a panel.
    """
    released = {judge.key for judge in mentalalign.STUDY.judges} if is_published(study) else set()
    if not key.strip():
        trouble = "the judge has no name"
    elif key in study.experts and key != HUMAN:
        trouble = f"{key!r} is an expert of the study"
    elif is_reserved(key):
        trouble = f"{key!r} stands for the experts or a panel"
    elif key in study.judge_keys:
        trouble = f"the study has a judge called {key!r} already"
    elif key in released and judge_of(Path(file).stem) != key:
        trouble = f"{key!r} is a judge of the published study, whose ratings are in a file of another name"
    else:
        return key
    raise ReleaseError(f"{file}: {trouble}; give the judge another name, or take its ratings out")


def name_problems(study: Study, judges: Iterable[str], alone: Sequence[str], file: str) -> Iterator[str]:
    """Say which judges of a file cannot have their names.

    Those who rate new systems ``alone`` may be judges that the study has.
    """
    for judge in judges:
        if judge in alone and judge in study.judge_keys:
            continue
        try:
            checked_key(study, judge, file)
        except ReleaseError as error:
            yield str(error)


def unrated(study: Study, judges: Iterable[str], systems: Sequence[str], file: str) -> Iterator[str]:
    """Say of which judges there are ratings of new systems alone, and none of the study's to compare them with."""
    for judge in judges:
        if judge not in study.judge_keys:
            yield (
                f"{file}: {judge!r} rates no system of {study.title} but {some([repr(key) for key in systems])}, and "
                f"has no ratings here to compare these with; the study's systems are {some(study.system_keys, 12)}; "
                f"add {judge}'s ratings of them before this file, or in it; if it is a study of its own, put it into a "
                f"folder beside a {FILE} and name the folder"
            )


def alike_systems(new: Iterable[str], known: Iterable[str], file: str) -> Iterator[str]:
    """Say which new systems are called like one of the study's but for spaces, signs or capitals."""
    folded = {_folded(name): name for name in known}
    for name in new:
        if (other := folded.get(_folded(name))) is not None:
            yield (
                f"{file}: system {name!r} is written like {other!r} of the study; write it the same way, or, where it "
                "is another system, give it another name"
            )


def _folded(name: str) -> str:
    """Return a name without what people write one way and another; a name of signs alone stays."""
    return "".join(letter for letter in name.casefold() if letter.isalnum()) or name


def judge_called(study: Study, key: str) -> Judge:
    """Return what is known of a judge: its key, and more only if it is one of the published study."""
    known = mentalalign.STUDY.judge(key) if is_published(study) else None
    return known or Judge(key, key)
