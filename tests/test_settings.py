"""The two presets, what changes them, and which models a rater is not compared on."""

from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest

from analysis.ratings.excluded import excluded_models
from analysis.ratings.settings import CHOICES, Selection, Settings, SettingsError, presets_of
from data.mentalalign import STUDY
from data.study import HUMAN, Scale

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
        repeated="left-out",
        contexts="kept",
        exclude="own",
        original="counted",
        interval="bootstrap-models",
        resamples=1000,
        seed=0,
        discard="nothing",
        multiplicity="none",
        margin=0.25,
        loss_supported=0.1,
        loss_checked=0.25,
        low=2,
        high=4,
        icc_supported=0.75,
        icc_checked=0.5,
        reassured_supported=0.1,
        reassured_checked=0.25,
        epsilon=0.2,
    )


def test_the_recommended_preset() -> None:
    assert Settings.of(STUDY, "recommended") == Settings(
        preset="recommended",
        level="model",
        ratings="valid",
        repeated="left-out",
        contexts="left-out",
        exclude="own",
        original="counted",
        interval="exact-f",
        resamples=2000,
        seed=0,
        discard="nothing",
        multiplicity="none",
        margin=0.25,
        loss_supported=0.1,
        loss_checked=0.25,
        low=2,
        high=4,
        icc_supported=0.75,
        icc_checked=0.5,
        reassured_supported=0.1,
        reassured_checked=0.25,
        epsilon=0.2,
    )


def test_what_is_recommended_at_model_level_is_where_one_starts() -> None:
    assert Settings.of(STUDY) == Settings.of(STUDY, "recommended", "model")


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
        ({"preset": "papr"}, "preset: 'papr' is not known; allowed are recommended, paper"),
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
        ({"margin": 0}, "margin: 0 is not allowed; allowed are numbers above 0, up to 4"),
        ({"margin": 4.1}, "margin: 4.1 is not allowed; allowed are numbers above 0, up to 4"),
        ({"margin": float("nan")}, "margin: nan is not allowed; allowed are numbers above 0, up to 4"),
        ({"low": 0.5}, "low: 0.5 is not allowed; allowed are ratings from 1 to 5"),
        ({"high": 5.5}, "high: 5.5 is not allowed; allowed are ratings from 1 to 5"),
        ({"high": float("nan")}, "high: nan is not allowed; allowed are ratings from 1 to 5"),
        ({"low": 4}, "low: 4 is not allowed with high 4; allowed are ratings below it"),
        ({"low": 3, "high": 2}, "low: 3 is not allowed with high 2; allowed are ratings below it"),
    ],
)
def test_a_choice_that_does_not_exist_is_named_with_what_is_allowed(choices: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.of(STUDY, **choices)
    assert str(raised.value) == message


# What depends on the study


@pytest.mark.parametrize(
    ("scale", "margin", "low", "high"),
    [
        (Scale.of(1, 5), 0.25, 2, 4),
        (Scale.of(0, 100), 6.25, 25, 75),
        (Scale.of(-3, 3, step=0.5), 0.375, -1.5, 1.5),
        (Scale.of(1, 5, poor=1, good=5), 0.25, 1, 5),
    ],
    ids=["1-5", "0-100", "-3 to 3", "its own"],
)
def test_the_scale_says_what_is_poor_good_and_of_no_matter(
    scale: Scale, margin: float, low: float, high: float
) -> None:
    settings = Settings.of(replace(STUDY, scale=scale))
    assert (settings.margin, settings.low, settings.high) == (margin, low, high)
    chosen = Settings.of(replace(STUDY, scale=scale), margin=0.2, low=1.25, high=1.5)
    assert (chosen.margin, chosen.low, chosen.high) == (0.2, 1.25, 1.5)


def test_what_is_allowed_is_what_the_scale_has() -> None:
    wide = replace(STUDY, scale=Scale.of(0, 100))
    assert Settings.of(wide, low=0, high=100, margin=100).high == 100
    with pytest.raises(SettingsError, match=r"^high: 101 is not allowed; allowed are ratings from 0 to 100$"):
        Settings.of(wide, high=101)


def test_the_papers_procedure_is_for_the_study_of_the_paper_alone() -> None:
    unpublished = replace(STUDY, published=None)
    assert presets_of(STUDY) == ("recommended", "paper")
    assert presets_of(unpublished) == ("recommended",)
    assert Settings.of(unpublished) == Settings.of(STUDY)
    with pytest.raises(SettingsError, match=r"^preset: 'paper' is .+; allowed (are|is) recommended$"):
        Settings.of(unpublished, "paper")


@pytest.mark.parametrize("preset", CHOICES["preset"])
def test_another_level_has_the_interval_of_the_preset_there(preset: str) -> None:
    model, response = (Settings.of(STUDY, preset, level, exclude="family") for level in ("model", "response"))
    assert model.at("response") == response
    assert response.at("model") == model
    by_hand = replace(model, interval="bootstrap-both")
    assert by_hand.at("model") is by_hand


# The scale of readings


@pytest.mark.parametrize("preset", CHOICES["preset"])
@pytest.mark.parametrize("level", CHOICES["level"])
@pytest.mark.parametrize("interval", CHOICES["interval"])
def test_the_papers_tiers_are_read_on_the_papers_own_interval_only(preset: str, level: str, interval: str) -> None:
    own_ground = (preset, level, interval) == ("paper", "model", "bootstrap-models")
    assert Settings.of(STUDY, preset, level, interval=interval).readings == ("paper-tiers" if own_ground else "koo-li")


# What changed


def test_differences_to_the_preset() -> None:
    for preset in CHOICES["preset"]:
        assert Settings.of(STUDY, preset).differences_to(Settings.of(STUDY, preset)) == {}
    paper = Settings.of(STUDY, "paper")
    changed = Settings.of(STUDY, "paper", exclude="family", interval="exact-f")
    assert paper.differences_to(changed) == {
        "exclude": ("own", "family"),
        "interval": ("bootstrap-models", "exact-f"),
    }


def test_differences_between_the_presets() -> None:
    assert Settings.of(STUDY, "paper").differences_to(Settings.of(STUDY, "recommended")) == {
        "ratings": ("as-released", "valid"),
        "contexts": ("kept", "left-out"),
        "interval": ("bootstrap-models", "exact-f"),
        "resamples": (1000, 2000),
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


def test_what_is_chosen_stands_in_the_order_of_the_study() -> None:
    chosen = Selection.of(STUDY, ["o4-mini", "gpt-4o", "o4-mini"], attributes=("Empathy", "Guidance"))
    assert chosen == Selection(("gpt-4o", "o4-mini"), STUDY.system_keys, ("Guidance", "Empathy"))
    with_panel = chosen.with_panel(STUDY, ("o4-mini", "claude-3.7-sonnet"), "median")
    assert with_panel.panel == ("claude-3.7-sonnet", "o4-mini")
    assert with_panel.every_judge == ("gpt-4o", "o4-mini", "panel-median")
    assert with_panel.with_panel(STUDY, (), "mean") == chosen


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"judges": ["gpt-4o", "bard"]}, "judge: 'bard' is not known; allowed are claude-3.7-sonnet, gpt-4o, "),
        ({"models": ["GPT-4o"]}, "model: 'GPT-4o' is not known; allowed are claude-3.5-haiku, "),
        ({"attributes": ["Warmth"]}, "attribute: 'Warmth' is not known; allowed are Guidance, "),
    ],
)
def test_what_a_study_does_not_have_cannot_be_chosen(chosen: dict[str, list[str]], message: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Selection.of(STUDY, **chosen)
    assert str(raised.value).startswith(message)


def test_a_panel_of_whom_the_study_does_not_have_cannot_be_chosen() -> None:
    with pytest.raises(SettingsError, match=r"^panel: 'bard' is not known"):
        Selection.of(STUDY).with_panel(STUDY, ("bard",), "mean")
    with pytest.raises(SettingsError, match=r"^rule: 'sum' is not known; allowed are mean, median, majority$"):
        Selection.of(STUDY).with_panel(STUDY, ("gpt-4o",), "sum")  # type: ignore[arg-type]


def test_a_cell_is_one_judge_and_attribute_with_the_same_models() -> None:
    chosen = Selection(("gpt-4o", "o4-mini"), ("original",), ("Safety", "Empathy"), panel=("gpt-4o",), rule="median")
    assert chosen.cell("o4-mini", "Empathy") == Selection(("o4-mini",), ("original",), ("Empathy",), rule="median")
    assert chosen.cell("panel-median", "Safety") == replace(chosen, judges=(), attributes=("Safety",))
