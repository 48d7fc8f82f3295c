"""What a reader's own judges are called: identity is stated by a name, and never guessed."""

from pathlib import Path

from data import mentalalign
from data.errors import ReleaseError
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


def judge_called(study: Study, key: str) -> Judge:
    """Return what is known of a judge: its key, and more only if it is one of the published study."""
    known = mentalalign.STUDY.judge(key) if is_published(study) else None
    return known or Judge(key, key)
