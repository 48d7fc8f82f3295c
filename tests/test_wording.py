"""Words: every column, choice and reading has its meaning within reach, and the texts keep the tone."""

import re
from pathlib import Path

import pytest

from analysis.outputs.columns import glossary
from analysis.ratings.settings import CHOICES
from analysis.wording import terms, text
from analysis.wording.vocabulary import CHOICE, attribute_meaning
from data.mentalalign import STUDY
from data.study import PANEL

WORDING = Path(__file__).parents[1] / "analysis" / "wording"
TEXTS = sorted(path.stem for path in WORDING.glob("*.md") if path.stem != "icon")


def test_every_column_leads_to_a_term() -> None:
    assert {name: column.term for name, column in glossary(STUDY).items() if column.term not in terms()} == {}


def test_every_choice_has_a_label_and_a_meaning() -> None:
    assert {name: set(words) for name, words in CHOICE.items()} == {
        name: set(values) for name, values in CHOICES.items()
    }


def test_every_key_has_a_label() -> None:
    assert list(STUDY.rater_labels) == [*STUDY.raters, *PANEL.values()]
    assert set(STUDY.system_labels) == set(STUDY.system_keys)
    assert all(attribute.meaning in attribute_meaning(STUDY, attribute.name) for attribute in STUDY.attributes)
    assert all(attribute.meaning for attribute in STUDY.attributes)


def test_formulas_stand_with_the_coefficients() -> None:
    assert "MSR - MSE" in terms()["icc_c1"].rest
    assert "MSC - MSE" in terms()["icc_a1"].rest
    assert "$" not in terms()["icc_c1"].plain


@pytest.mark.parametrize("name", TEXTS)
def test_texts_do_not_shout_or_praise(name: str) -> None:
    assert not re.search(r"!(?!\[)|\bleverage\b|\bpowerful\b|\bseamless|[\U0001F300-\U0001FAFF]", text(name))
