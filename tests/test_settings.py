"""The two presets, what changes them, and which models a rater is not compared on."""

from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest

from analysis.ratings.settings import CHOICES, Selection, Settings, SettingsError, excluded_models
from data.mentalalign import STUDY
from data.study import HUMAN

OWN = {
    "claude-3.7-sonnet": {"claude-3.5-haiku"},
    "gpt-4o": {"gpt-4o"},
    "gemini-2.5-flash": {"gemini-2.0-flash"},
    "o4-mini": {"gpt-4o-mini"},
}
FAMILY = {**OWN, "gpt-4o": {"gpt-4o", "gpt-4o-mini"}, "o4-mini": {"gpt-4o", "gpt-4o-mini"}}


def test_the_papers_preset() -> None:
    assert Settings.of(STUDY, "paper") == Settings(
        preset="paper",
        level="model",
        ratings="as-released",
        contexts="kept",
        exclude="own",
        original="counted",
        interval="bootstrap-models",
        resamples=1000,
        seed=0,
        discard_outside=True,
        margin=0.25,
        low=2,
        high=4,
        icc_supported=0.75,
        icc_checked=0.5,
        reassured_supported=0.1,
        reassured_checked=0.25,
    )


def test_the_recommended_preset() -> None:
    assert Settings.of(STUDY, "recommended") == Settings(
        preset="recommended",
        level="model",
        ratings="valid",
        contexts="left-out",
        exclude="own",
        original="counted",
        interval="exact-f",
        resamples=2000,
        seed=0,
        discard_outside=False,
        margin=0.25,
        low=2,
        high=4,
        icc_supported=0.75,
        icc_checked=0.5,
        reassured_supported=0.1,
        reassured_checked=0.25,
    )


def test_the_paper_at_model_level_is_where_one_starts() -> None:
    assert Settings.of(STUDY) == Settings.of(STUDY, "paper", "model")


@pytest.mark.parametrize("preset", CHOICES["preset"])
def test_single_replies_are_resampled_by_conversation(preset: str) -> None:
    assert Settings.of(STUDY, preset, "response").interval == "bootstrap-conversations"


@pytest.mark.parametrize("preset", CHOICES["preset"])
@pytest.mark.parametrize("name", sorted(CHOICES.keys() - {"preset", "level"}))
def test_a_choice_beats_the_preset_and_changes_nothing_else(preset: str, name: str) -> None:
    for value in CHOICES[name]:
        choice: dict[str, Any] = {name: value}
        assert Settings.of(STUDY, preset, **choice) == replace(Settings.of(STUDY, preset), **choice)


def test_none_is_no_choice() -> None:
    nothing: dict[str, Any] = dict.fromkeys(["ratings", "contexts", "exclude", "interval", "resamples", "seed"])
    assert Settings.of(STUDY, "recommended", **nothing) == Settings.of(STUDY, "recommended")
    assert Settings.of(STUDY, seed=0) == Settings.of(STUDY)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings.of(STUDY).seed = 1


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"preset": "papr"}, "preset: 'papr' is not known; allowed are paper, recommended"),
        ({"level": "reply"}, "level: 'reply' is not known; allowed are model, response"),
        ({"ratings": "all"}, "ratings: 'all' is not known; allowed are as-released, valid"),
        ({"exclude": "any"}, "exclude: 'any' is not known; allowed are none, own, family"),
        ({"original": 1}, "original: 1 is not known; allowed are counted, left-out"),
        ({"resamples": 0}, "resamples: 0 is not allowed; allowed are whole numbers from 1 to 100,000"),
        ({"resamples": 100_001}, "resamples: 100001 is not allowed; allowed are whole numbers from 1 to 100,000"),
        ({"seed": -1}, "seed: -1 is not allowed; allowed are whole numbers from 0 to 4,294,967,295"),
        ({"icc_supported": 1.0}, "icc_supported: 1.0 is not allowed; allowed are numbers between 0 and 1"),
        ({"icc_checked": 0}, "icc_checked: 0 is not allowed; allowed are numbers between 0 and 1"),
        ({"reassured_checked": 25}, "reassured_checked: 25 is not allowed; allowed are numbers between 0 and 1"),
        (
            {"reassured_supported": float("nan")},
            "reassured_supported: nan is not allowed; allowed are numbers between 0 and 1",
        ),
        (
            {"icc_checked": 0.8},
            "icc_checked: 0.8 is not allowed with icc_supported 0.75; allowed are numbers below it",
        ),
        (
            {"icc_supported": 0.6, "icc_checked": 0.6},
            "icc_checked: 0.6 is not allowed with icc_supported 0.6; allowed are numbers below it",
        ),
        (
            {"reassured_supported": 0.3},
            "reassured_supported: 0.3 is not allowed with reassured_checked 0.25; allowed are numbers below it",
        ),
    ],
)
def test_a_choice_that_does_not_exist_is_named_with_what_is_allowed(choices: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.of(STUDY, **choices)
    assert str(raised.value) == message


# The scale of readings


@pytest.mark.parametrize("preset", CHOICES["preset"])
@pytest.mark.parametrize("level", CHOICES["level"])
@pytest.mark.parametrize("interval", CHOICES["interval"])
def test_the_papers_tiers_are_read_on_the_papers_own_interval_only(preset: str, level: str, interval: str) -> None:
    own_ground = (preset, level, interval) == ("paper", "model", "bootstrap-models")
    assert Settings.of(STUDY, preset, level, interval=interval).scale == ("paper-tiers" if own_ground else "koo-li")


# What changed


def test_differences_to_the_preset() -> None:
    assert Settings.of(STUDY, "paper").differences() == {}
    assert Settings.of(STUDY, "recommended", "response").differences() == {}
    changed = Settings.of(STUDY, "paper", exclude="family", interval="exact-f")
    assert changed.differences() == {"exclude": ("own", "family"), "interval": ("bootstrap-models", "exact-f")}


def test_differences_between_the_presets() -> None:
    assert Settings.of(STUDY, "paper").differences_to(Settings.of(STUDY, "recommended")) == {
        "ratings": ("as-released", "valid"),
        "contexts": ("kept", "left-out"),
        "interval": ("bootstrap-models", "exact-f"),
        "resamples": (1000, 2000),
        "discard_outside": (True, False),
    }


# Excluded models


@pytest.mark.parametrize("judge", STUDY.judge_keys)
def test_models_that_a_judge_is_not_compared_on(judge: str) -> None:
    assert excluded_models(STUDY, judge, Settings.of(STUDY, exclude="none")) == set()
    assert excluded_models(STUDY, judge, Settings.of(STUDY, exclude="own")) == OWN[judge]
    assert excluded_models(STUDY, judge, Settings.of(STUDY, exclude="family")) == FAMILY[judge]
    assert excluded_models(STUDY, judge, Settings.of(STUDY, exclude="family", original="left-out")) == FAMILY[judge] | {
        "original"
    }


@pytest.mark.parametrize("exclude", CHOICES["exclude"])
def test_no_language_model_is_left_out_for_the_experts(exclude: str) -> None:
    assert excluded_models(STUDY, HUMAN, Settings.of(STUDY, exclude=exclude)) == set()
    assert excluded_models(STUDY, HUMAN, Settings.of(STUDY, exclude=exclude, original="left-out")) == {"original"}


def test_everything_is_selected_at_first() -> None:
    assert Selection.of(STUDY) == Selection(STUDY.judge_keys, STUDY.system_keys, STUDY.attribute_names)


def test_a_cell_is_one_judge_and_attribute_with_the_same_models() -> None:
    chosen = Selection(("gpt-4o", "o4-mini"), ("original",), ("Safety", "Empathy"), panel=("gpt-4o",), rule="median")
    assert chosen.cell("o4-mini", "Empathy") == Selection(("o4-mini",), ("original",), ("Empathy",), rule="median")
    assert chosen.cell("panel-median", "Safety") == replace(chosen, judges=(), attributes=("Safety",))
