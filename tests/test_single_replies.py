"""Pages on single replies and on false reassurance: what they say is what the command line gives, for any selection."""

import math
from typing import Any

import pandas as pd
import pytest

from analysis.findings.false_reassurance import (
    behind_finding,
    mixture_finding,
    model_reassurance_finding,
    reassurance_finding,
)
from analysis.findings.ordinal import always_five_finding, ordinal_finding, paradox_finding
from analysis.outputs.sheets import sheet
from analysis.ratings.settings import Settings
from data.mentalalign import STUDY
from tests.pages import RECOMMENDED, OpenPage, charted, from_command_line, said

SETTINGS = Settings.of(STUDY, "recommended")
NAN = math.nan


REPLIES, REASSURANCE = "reliability/single_replies", "inflation/false_reassurance"


@pytest.mark.slow
def test_the_page_opens_on_what_a_board_understands(open_page: OpenPage) -> None:
    first = open_page(REASSURANCE, preset="recommended").main.get("markdown")[0].value
    assert first.startswith(
        "**Of every 100 replies that the experts found unsafe (2 or less of 5), o4-mini calls about 79 of them safe, "
        "4 or more of 5 (95% interval "
    )
    assert ". Claude-3.7-Sonnet does so least, for about 49 of 100 (95% interval " in first
    assert first.endswith(
        "** 34% of the replies found unsafe are Qwen-2.5-7B's; of the others judges call 73 to 93 of 100 safe "
        "(101 to 103 replies)."
    )


@pytest.mark.slow
def test_the_page_shows_the_command_lines_rates(open_page: OpenPage, capsys: Any) -> None:
    app = open_page(REASSURANCE, preset="recommended", cell_judge="gpt-4o", cell_attribute="Safety")
    forest, models = charted(app)
    rates = from_command_line(capsys, "reassurance", *RECOMMENDED)

    assert forest["false_reassurance"].tolist() == pytest.approx(rates["false_reassurance"].tolist())
    assert set(models["judge"]) == {"GPT-4o"}
    cell = rates.query("judge == 'gpt-4o' and attribute == 'Safety'").iloc[0]
    assert models["n_low"].sum() == cell["n_low"]
    assert models["n_reassured"].sum() == cell["n_reassured"]
    shown = next(each.value for each in app.dataframe if "reverse_interval" in each.value and len(each.value) == 28)
    assert shown["reverse"].tolist() == pytest.approx((100 * rates["reverse"]).tolist())
    assert shown["reverse_interval"].tolist() == sheet(STUDY, rates)["reverse_interval"].tolist()


@pytest.mark.slow
def test_the_page_shows_the_command_lines_agreement(open_page: OpenPage, capsys: Any) -> None:
    app = open_page(REPLIES, preset="recommended", cell_judge="gpt-4o", cell_attribute="Safety")
    together, ratings = charted(app)
    agreement = from_command_line(capsys, "ordinal", *RECOMMENDED)

    of_judge = agreement[agreement["judge"] == "gpt-4o"]
    assert len(together) == 5 * 7
    for label, name in (("Weighted kappa", "kappa_quadratic"), ("AC2", "ac2_quadratic"), ("Same rating", "exact")):
        drawn = together[together["measure"] == label]
        assert drawn["value"].tolist() == pytest.approx(of_judge[name].tolist())
        assert drawn["low"].tolist() == pytest.approx(of_judge[f"{name}_low"].tolist())
    assert set(ratings["rater"]) == {"Human experts", "GPT-4o"}
    table = next(each.value for each in app.dataframe if "ac2_ordinal" in each.value and len(each.value) == 28)
    assert table["alpha_ordinal"].tolist() == pytest.approx(agreement["alpha_ordinal"].tolist())


@pytest.mark.slow
def test_the_readers_limits_move_the_finding_and_the_figures(open_page: OpenPage, capsys: Any) -> None:
    app = open_page(REASSURANCE, preset="recommended", low="1", high="5", judge="gpt-4o")
    limits = ("--low", "1", "--high", "5", "--judge", "gpt-4o", "--attribute", "Safety")
    row = from_command_line(capsys, "reassurance", *RECOMMENDED, *limits).iloc[0]
    assert (
        f"found unsafe (1 or less of 5), GPT-4o calls about {100 * row['false_reassurance']:.0f} of them "
        "safe, 5 or more of 5 " in app.main.markdown[0].value
    )


@pytest.mark.slow
def test_a_model_with_few_poor_replies_has_counts_and_no_rate(open_page: OpenPage) -> None:
    app = open_page(REASSURANCE, preset="recommended", judge="o4-mini", model="gpt-4o", cell_attribute="Empathy")
    words = said(app)
    assert "No rate can be given for the replies that the experts found unsafe (2 or less of 5): " in words
    assert "No rate is shown: the experts rated fewer than 50 replies low on every attribute." in words
    assert "No model has the 50 poor replies on Empathy that a rate needs" in words
    assert "nan" not in words.split()
    assert charted(app)[0][["line", "said"]].to_numpy().tolist() == [["GPT-4o\n2 of 2", "rate held back"]]


@pytest.mark.slow
def test_a_judge_whose_only_model_is_its_own_has_nothing_to_show_and_says_so(open_page: OpenPage) -> None:
    pages = [open_page(page, preset="recommended", judge="gpt-4o", model="gpt-4o") for page in (REASSURANCE, REPLIES)]
    words = "\n".join(map(said, pages))
    assert "0 of them are on screen" in words
    assert "The experts rated no reply on screen low on Safety that GPT-4o rated too." in words
    assert "Single ratings cannot be compared: no reply on screen was rated by both" in words
    assert "Kappa and AC2 of GPT-4o cannot be compared" in words
    assert "nan" not in words.split()
    assert not any(app.get("vega_lite_chart") for app in pages)


def rates(*rows: tuple[str, str, int, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["judge", "attribute", "n_low", "false_reassurance"])
    ends = {f"false_reassurance_{end}": table["false_reassurance"] + by for end, by in (("low", -0.05), ("high", 0.05))}
    return table.assign(**ends)


def test_one_judge_is_said_alone_and_another_attribute_in_its_own_words() -> None:
    one = rates(("gpt-4o", "Empathy", 518, 0.788), ("gpt-4o", "Guidance", 900, 0.2))
    assert reassurance_finding(STUDY, one, SETTINGS) == (
        "Of every 100 replies that the experts found poor on Empathy (2 or less of 5), GPT-4o calls about 79 of them "
        "good, 4 or more of 5 (95% interval 74 to 84; 518 replies)."
    )
    assert behind_finding(STUDY, one) == (
        "GPT-4o calls a poor reply good most often on Empathy (79 of 100) and least often on Guidance (20 of 100). "
        "Each rate is over 518 to 900 poor replies."
    )
    assert behind_finding(STUDY, one.head(1)) == (
        "GPT-4o calls 79 of 100 poor replies on Empathy good. Each rate is over 518 poor replies."
    )


def test_a_judge_without_a_rate_is_left_out_of_the_finding() -> None:
    table = rates(("gpt-4o", "Safety", 60, 0.5), ("o4-mini", "Safety", 49, NAN))
    assert reassurance_finding(STUDY, table, SETTINGS) == (
        "Of every 100 replies that the experts found unsafe (2 or less of 5), GPT-4o calls about 50 of them "
        "safe, 4 or more of 5 (95% interval 45 to 55; 60 replies)."
    )
    nothing = table.tail(1).assign(n_low=1)
    assert reassurance_finding(STUDY, nothing, SETTINGS).endswith(
        ": 1 of them is on screen, and a rate needs at least 50 replies."
    )


def mixed(*rows: tuple[str, str, int, int]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["judge", "model", "n_low", "n_reassured"])
    return table.assign(attribute="Safety")


def test_a_model_that_decides_the_rate_is_named_with_the_rate_without_it() -> None:
    table = mixed(("gpt-4o", "qwen-2.5-7b", 40, 2), ("gpt-4o", "original", 30, 27), ("gpt-4o", "qwen-3-4b", 30, 12))
    assert mixture_finding(STUDY, table) == (
        "40% of the replies found unsafe are Qwen-2.5-7B's; of the others GPT-4o calls 65 of 100 safe (60 replies)."
    )
    other = mixed(("o4-mini", "qwen-2.5-7b", 60, 20), ("o4-mini", "original", 50, 45))
    assert "of the others judges call 65 to 90 of 100 safe (50 to 60 replies)" in mixture_finding(
        STUDY, pd.concat([table, other])
    )


@pytest.mark.parametrize(
    "table",
    [
        mixed(("gpt-4o", "qwen-2.5-7b", 40, 2), ("gpt-4o", "original", 49, 1)),
        mixed(*[("gpt-4o", model, 20, 2) for model in STUDY.system_keys]),
        mixed(("gpt-4o", "original", 0, 0)),
    ],
    ids=["too few are left", "none stands out", "no poor reply"],
)
def test_where_no_model_decides_nothing_is_said_of_a_mixture(table: pd.DataFrame) -> None:
    assert mixture_finding(STUDY, table) == ""


@pytest.mark.slow
def test_zeros_that_count_as_poor_are_named(open_page: OpenPage) -> None:
    warned = "A 0 mostly stands for a reply that was not there"
    assert any(
        warned in each.value for each in open_page(REASSURANCE, preset="recommended", ratings="as-released").warning
    )
    assert not any(warned in each.value for each in open_page(REASSURANCE, preset="recommended").warning)


def of_models(*rows: tuple[str, int, int, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["model", "n_low", "n_reassured", "false_reassurance"])


def test_models_from_the_least_to_the_most() -> None:
    table = of_models(("original", 61, 61, 1.0), ("qwen-2.5-7b", 53, 2, 2 / 53), ("qwen-3-4b", 51, 30, 30 / 51))
    assert model_reassurance_finding(STUDY, table, "gpt-4o", "Safety") == (
        "Of the poor replies on Safety, GPT-4o calls good 2 of 53 (Qwen-2.5-7B) to 61 of 61 (Original reply)."
    )
    few = of_models(("original", 61, 61, 1.0), ("gpt-4o-mini", 2, 2, NAN), ("claude-3.5-haiku", 0, 0, NAN))
    assert model_reassurance_finding(STUDY, few, "gpt-4o", "Safety") == (
        "Of the poor replies on Safety, GPT-4o calls good 61 of 61 (Original reply). No rate is shown for one model "
        "with fewer than 50 such replies."
    )
    two = of_models(("gpt-4o-mini", 2, 2, NAN), ("claude-3.5-haiku", 3, 1, NAN))
    assert model_reassurance_finding(STUDY, two, "gpt-4o", "Safety") == (
        "No model has the 50 poor replies on Safety that a rate needs. All models together have 5 of them, and GPT-4o "
        "calls 3 of these good."
    )


def agreement(*rows: tuple[str, str, int, float, float, float, float, float]) -> pd.DataFrame:
    names = [
        "judge",
        "attribute",
        "n_pairs",
        "kappa_quadratic",
        "ac2_quadratic",
        "exact",
        "within_one",
        "human_ceiling",
    ]
    return pd.DataFrame(rows, columns=names)


def test_agreement_in_words() -> None:
    table = agreement(
        ("gpt-4o", "Safety", 90, 0.359, 0.967, 0.821, 0.942, 0.821),
        ("gpt-4o", "Guidance", 90, 0.41, 0.74, 0.319, 0.8, 0.2),
    )
    assert ordinal_finding(STUDY, table) == (
        "GPT-4o gives a reply the experts' own rating in 32 to 82 of 100 cases, and one at most a point away in 80 to "
        "94 of 100. Weighted kappa, which takes chance off, is 0.36 to 0.41."
    )
    assert paradox_finding(STUDY, table, "gpt-4o") == (
        "Kappa and AC2 are furthest apart for GPT-4o on Safety: kappa 0.36, AC2 0.97. There 82% of ratings are the "
        "same, and the experts give 5 of 5 to 82% of replies."
    )
    constant = table.head(1).assign(kappa_quadratic=NAN)
    assert ordinal_finding(STUDY, constant).endswith(
        "Weighted kappa is undefined, because neither rater tells replies apart."
    )
    assert "kappa is undefined" in paradox_finding(STUDY, constant, "gpt-4o")


def test_a_judge_that_reads_nothing_is_set_beside_the_judge() -> None:
    ratings = pd.DataFrame(
        {"rater": ["human", "human", "judge"], "rating": [4.0, 5.0, 5.0], "share": [0.25, 0.75, 1.0]}
    )
    table = agreement(("gpt-4o", "Safety", 90, 0.3, 0.9, 0.7, 0.9, 0.8))
    assert always_five_finding(STUDY, table, ratings, "gpt-4o", "Safety") == (
        "On Safety, GPT-4o gives the experts' own rating to 70.0% of replies. A judge that gave 5 of 5 to "
        "everything, unread, would do so for 75.0%."
    )
    assert always_five_finding(STUDY, table, ratings.iloc[1:0], "gpt-4o", "Safety").startswith("No reply on screen")
