"""``study.toml`` says what it may say, and every mistake in it is a sentence with its place and what is allowed."""

from dataclasses import fields
from pathlib import Path

import pytest

from data.own.study_file import ColumnsSection, Described, read_study_file
from data.ratings import Headings

SMALLEST = """
[scale]
low = 1
high = 7
[experts]
raters = ["dr_a"]
"""

WRONG = """
titel = "Night line"
headline = "safety"
[scale]
low = "1"
hi = 3
step = -1
[experts]
raters = []
[columns]
item = true
score = "x"
[groups]
CSS = "safety"
[[judges]]
label = "nameless"
own = [true]
[[systems]]
key = "a"
by_people = 1
"""


def read(folder: Path, text: str) -> Described:
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return read_study_file(path)


def test_the_scale_and_the_experts_are_enough(tmp_path: Path) -> None:
    found = read(tmp_path, SMALLEST)
    assert found.problems == ()
    assert found.file is not None
    assert (found.file.scale.low, found.file.scale.high, found.file.experts.raters) == (1, 7, ("dr_a",))
    assert found.headings == Headings()


def test_every_heading_of_a_table_can_be_named() -> None:
    assert {each.name for each in fields(Headings)} == set(ColumnsSection.model_fields)


def test_all_mistakes_are_said_at_once(tmp_path: Path) -> None:
    found = read(tmp_path, WRONG)
    assert found.file is None
    assert found.problems == (
        "study.toml: scale.low is '1'; allowed is a number, the lowest rating, as in low = 1",
        "study.toml: scale.high is missing; it has to be a number, the highest rating, as in high = 7",
        "study.toml: scale.step is -1; allowed is a number above 0, as in step = 0.5",
        "study.toml: scale.hi is not known; [scale] may have low, high, poor, good, step",
        'study.toml: experts.raters is []; allowed is a list of one or more raters, as in raters = ["dr_a", "dr_b"]',
        "study.toml: columns.item is True; allowed is a text in quotes",
        (
            "study.toml: columns.score is not known; [columns] may have item, system, rater, attribute, rating, "
            "message, explanation, reply, run, probability"
        ),
        (
            "study.toml: groups.CSS is 'safety'; allowed is a list of attributes for each group, as in CSS = "
            '["guidance", "safety"]'
        ),
        'study.toml: headline is \'safety\'; allowed is a list of texts, as in ["first", "second"]',
        "study.toml: judges number 1, key is missing; it has to be a text in quotes",
        'study.toml: judges number 1, own number 1 is True; allowed is a list of texts, as in ["first", "second"]',
        "study.toml: systems number 1, by_people is 1; allowed is true or false",
        (
            "study.toml: titel is not known; the file may have title, scale, experts, columns, item, groups, headline, "
            "attributes, judges, systems"
        ),
    )


def test_a_mistake_elsewhere_leaves_the_rest_to_be_checked(tmp_path: Path) -> None:
    found = read(tmp_path, SMALLEST + '[columns]\nitem = "case"\nscore = "x"\n[extra]\na = 1\n')
    assert len(found.problems) == 2
    assert found.file is not None
    assert found.headings.item == "case"


def test_headings_are_known_where_the_scale_is_not(tmp_path: Path) -> None:
    found = read(tmp_path, '[experts]\nraters = ["dr_a"]\n[columns]\nrating = "score"\n')
    assert found.file is None
    assert found.headings.rating == "score"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("low = 7\nhigh = 1", "scale.low is 7 and scale.high is 1; low has to be below high"),
        ("low = 1\nhigh = 7\npoor = 9", "scale.poor is 9; allowed is a number from 1 to 7"),
        ("low = 1\nhigh = 7\npoor = 6", "scale.poor is 6 and scale.good is 5.5; poor has to be below good"),
        ("low = 1\nhigh = 7\nstep = 4", "from 1 to 7 is no whole number of steps of 4; allowed is a step"),
        ("low = 1\nhigh = 6.7", "from 1 to 6.7 is no whole number of steps of 0.5; name a step"),
        ("low = 1\nhigh = 1e9", "the scale has more than 1,001 points"),
        ("low = nan\nhigh = 7", "scale.low is nan; allowed is a number"),
        ("low = true\nhigh = 7", "scale.low is True; allowed is a number"),
    ],
)
def test_a_scale_that_cannot_be_is_said(tmp_path: Path, text: str, sentence: str) -> None:
    found = read(tmp_path, f'[scale]\n{text}\n[experts]\nraters = ["dr_a"]\n')
    assert any(sentence in problem for problem in found.problems)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ('[columns]\nitem = "a"\nrating = "a"', "columns names 'a' 2 times; every column has one meaning"),
        ('[[judges]]\nkey = "x"\n[[judges]]\nkey = "x"', "judges names 'x' 2 times; name it once"),
        ('[groups]\nCSS = ["a", "a"]', "groups.CSS names 'a' 2 times; name it once"),
    ],
)
def test_what_stands_twice_is_said(tmp_path: Path, more: str, sentence: str) -> None:
    assert read(tmp_path, SMALLEST + more).problems == (f"study.toml: {sentence}",)


def test_a_message_may_stand_for_the_item(tmp_path: Path) -> None:
    assert read(tmp_path, SMALLEST + '[columns]\nitem = "message"').problems == ()


def test_a_number_is_a_name_as_tables_have_it(tmp_path: Path) -> None:
    found = read(tmp_path, "[scale]\nlow = 1\nhigh = 7\n[experts]\nraters = [4, 5.0]\n")
    assert found.file is not None
    assert found.file.experts.raters == ("4", "5")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"[scale]\nlow = one\n", "study.toml is not valid TOML (Invalid value (at line 2, column 7))"),
        (SMALLEST.encode() + b'title = "\xe9"', "study.toml is not UTF-8; save it as UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "study.toml").write_bytes(content)
    (problem,) = read_study_file(tmp_path / "study.toml").problems
    assert problem.startswith(sentence)


def test_a_mark_of_the_encoding_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_bytes(b"\xef\xbb\xbf" + SMALLEST.encode())
    assert read_study_file(tmp_path / "study.toml").problems == ()
