"""Words: every column, choice and reading has its meaning within reach, and the texts keep the tone."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.outputs.columns import glossary
from analysis.ratings.settings import CHOICES, Settings
from analysis.reproduction.seeds import SEEDS
from analysis.wording import meaning, open_sections, sections, sections_of, study_text, terms, text
from analysis.wording.filling import FIELDS, filled
from analysis.wording.vocabulary import CHOICE, attribute_meaning
from data.mentalalign import STUDY
from data.study import PANEL, Noun, Scale, Study

WORDING = Path(__file__).parents[1] / "analysis" / "wording"
TEXTS = sorted(path.stem for path in WORDING.glob("*.md") if path.stem != "icon")


def test_every_column_leads_to_a_term() -> None:
    assert {name: column.term for name, column in glossary(STUDY).items() if column.term not in terms(STUDY)} == {}


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
    assert "MSR - MSE" in terms(STUDY)["icc_c1"].rest
    assert "MSC - MSE" in terms(STUDY)["icc_a1"].rest
    assert "$" not in terms(STUDY)["icc_c1"].plain


@pytest.mark.parametrize("name", TEXTS)
def test_texts_do_not_shout_or_praise(name: str) -> None:
    assert not re.search(r"!(?!\[)|\bleverage\b|\bpowerful\b|\bseamless|[\U0001F300-\U0001FAFF]", text(name))


# Texts by study

CASES = replace(
    STUDY,
    title="Clinic notes",
    scale=Scale.of(0, 10),
    item=Noun("case", "cases"),
    attributes=STUDY.attributes[3:6],
    systems=STUDY.systems[4:],
    judges=STUDY.judges[1:3],
    experts=("ada", "ben", "cy"),
    pooled=False,
    groups=(),
    headlines=("Empathy",),
    published=None,
)
# What is said of the published study alone.
ITS_OWN = (
    r"\bthe paper\b|\bpublished study\b|\bseven\b|\bnine\b|\bfour (?:such )?judges\b|1,000|\bthousand\b|1-5\b|"
    r"\b1 to 5\b|\bpooled\b|[Oo]riginal reply|Qwen|Claude|MentalAlign|MentalBench|[Cc]onversations?\b|\bmessages?\b"
)
# About the published study, or shown under the paper's preset, which other studies do not have.
NOT_SHOWN = {
    "reading-paper-tiers",
    "paper-table",
    "replies-away",
    "replies-missing",
    "coverage",
    "neighbours",
}
SHOWN = sorted(
    set(TEXTS)
    - {
        "benchmark",
        "care",
        "citing",
        "examples",
        "references",
        "reproduction",
        "terms",
        "your-study",
    }
)


def shown_of(study: Study, name: str) -> dict[str, str]:
    """Every text of a file that pages show of a study."""
    kept = {key: each.body for key, each in sections_of(study, name).items() if key not in NOT_SHOWN}
    return {"first": study_text(study, name)} | kept


@pytest.mark.parametrize("name", SHOWN)
def test_texts_of_another_study_say_nothing_of_the_published_one(name: str) -> None:
    links = r"[Tt]he page Conversations|MENTALBENCH_SOURCE|\{\w+\}"
    found = {key: re.findall(ITS_OWN, re.sub(links, "", said)) for key, said in shown_of(CASES, name).items()}
    assert {key: words for key, words in found.items() if words} == {}


def test_the_pages_of_the_published_study_say_so_of_another_one() -> None:
    assert study_text(CASES, "reproduction").endswith("this study has printed none.")
    assert study_text(CASES, "benchmark").endswith("the ratings on screen are of another study.")


def test_a_text_is_filled_in_from_the_study() -> None:
    assert "in points of the 1-5 scale" in " ".join(study_text(STUDY, "inflation").split())
    assert "in points of the 0-10 scale" in " ".join(study_text(CASES, "inflation").split())
    assert "On Empathy, a kinder judge" in " ".join(study_text(CASES, "inflation").split())
    assert "clustered by case." in study_text(CASES, "inflation", "bias")
    said = " ".join(study_text(CASES, "shared", "no-clinical-tool").split())
    assert "The experts' ratings are the mean of three experts' ratings for each reply" in said
    assert "are one expert's rating for each reply" in " ".join(
        filled(replace(CASES, experts=("ada",)), text("shared", "no-clinical-tool")).split()
    )
    assert "0.625 of a point unless moved" in meaning(CASES, "margin")
    assert "a quarter of a point unless moved" in meaning(STUDY, "margin")


def test_how_often_is_drawn_comes_from_the_settings() -> None:
    said = {name: FIELDS[name](CASES) for name in ("draws", "draws_paper", "seeds")}
    assert said["draws"] == f"{Settings.of(CASES).resamples:,}" == "2,000"
    assert said["draws_paper"] == f"{Settings.of(STUDY, 'paper').resamples:,}" == "1,000"
    assert said["seeds"] == str(len(SEEDS)) == "200"
    assert "it comes from 2,000 draws" in " ".join(study_text(STUDY, "methods", "presets").split())
    assert "1,000 resamples" in terms(STUDY)["seed_flip_rate"].plain


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_types_how_often_is_drawn(name: str) -> None:
    drawn = r"\d[\d,]* (?:random )?(?:draws|seeds|resamples|times)\b"
    allowed = {"planning": ["10 times", "5 times"]}
    assert re.findall(drawn, text(name) + "".join(map(str, sections(name).values()))) == allowed.get(name, []), name


def test_words_in_braces_that_are_no_field_stay() -> None:
    assert r"\frac{MSR - MSE}{MSR + (k-1)\,MSE}" in terms(CASES)["icc_c1"].rest
    assert filled(CASES, "{item} {other} {{items}}") == "case {other} {cases}"


@pytest.mark.parametrize("study", [STUDY, CASES], ids=["published", "cases"])
@pytest.mark.parametrize("name", TEXTS)
def test_nothing_is_left_to_fill_in(name: str, study: Study) -> None:
    left = rf"\{{(?:{'|'.join(FIELDS)})\}}|\{{any"
    assert not re.search(left, "\n".join([study_text(study, name), *map(str, sections_of(study, name).values())]))


@pytest.mark.parametrize("name", ["grras", "bland-altman"])
def test_a_checklist_has_the_same_items_for_every_study(name: str) -> None:
    one, other = (open_sections(study, name) for study in (STUDY, CASES))
    assert {key: each.title for key, each in one.items()} == {key: each.title for key, each in other.items()}


def test_every_version_is_of_a_section_that_there_is() -> None:
    for name in TEXTS:
        keys = set(sections(name))
        assert {key for key in keys if key.endswith("-any") and key.removesuffix("-any") not in keys} == set(), name


def test_a_term_that_another_study_does_not_list_can_still_head_a_column() -> None:
    assert not {"css", "tiers", "published"} & set(terms(CASES))
    assert {"css", "tiers", "published"} <= set(terms(STUDY))
    assert {column.term: meaning(CASES, column.term) for column in glossary(CASES).values()}
