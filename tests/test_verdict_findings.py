"""Sentences about verdicts, for every kind of result: all good, all poor, mixed, one judge, too little on screen."""

import math

import pandas as pd
import pytest

from analysis.decisions.verdicts import basis, verdict_table
from analysis.findings.reasons import reason, what_would_change
from analysis.findings.verdicts import by_hand, good_for, overview_finding, rules, use_finding, uses_in_short
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from data.mentalalign import STUDY
from data.sources import load_snapshot

SETTINGS = basis(STUDY, Settings.of(STUDY))
USES = ("rank", "score", "reply")


def table(verdicts: dict[tuple[str, str], str]) -> pd.DataFrame:
    """Make verdicts of judge and attribute: a letter for each use, s(upported), h(uman checks), n(ot), or -."""
    words = {"s": "supported", "h": "human-checks", "n": "not-supported", "-": None}
    rows = [
        {"judge": judge, "attribute": attribute, "use": use, "verdict": words[letter]}
        for (judge, attribute), letters in verdicts.items()
        for use, letter in zip(USES, letters, strict=True)
    ]
    return pd.DataFrame(rows).astype({"verdict": object}).assign(value=0.5)


def row(use: str, criterion: str, **figures: object) -> pd.Series:
    given = {
        "use": use,
        "criterion": criterion,
        "verdict": "not-supported",
        "value": 0.62,
        "value_low": 0.31,
        "value_high": 0.87,
        "supported_at": 0.75,
        "checked_at": 0.5,
        "times": math.nan,
        "n": 9,
    }
    return pd.Series({**given, **figures}, dtype=object)


@pytest.mark.parametrize(
    ("verdicts", "sentence"),
    [
        (
            {("gpt-4o", "Safety"): "sss", ("o4-mini", "Safety"): "sss"},
            "Every judge on screen is supported for every use on every attribute on screen.",
        ),
        ({("gpt-4o", "Safety"): "sss"}, "GPT-4o is supported for every use on every attribute on screen."),
        (
            {("gpt-4o", "Safety"): "nnn", ("o4-mini", "Safety"): "nn-"},
            "No judge on screen is supported for any use by itself. In 1 of 6 cases no verdict can be given.",
        ),
        (
            {("gpt-4o", "Safety"): "hnn"},
            "GPT-4o is not supported for any use by itself, though some uses are with human checks.",
        ),
        (
            {("gpt-4o", "Safety"): "nnn", ("o4-mini", "Guidance"): "shn"},
            "Only o4-mini on Guidance, to rank systems, is supported without human checks.",
        ),
        (
            {("gpt-4o", "Safety"): "sns", ("o4-mini", "Guidance"): "nnn"},
            (
                "Only GPT-4o on Safety, to rank systems; GPT-4o on Safety, to rate a single reply, are supported "
                "without human checks."
            ),
        ),
        (
            {("gpt-4o", "Safety"): "sss", ("o4-mini", "Guidance"): "ssn"},
            "Judges are supported without human checks in 5 of 6 cases of judge, attribute and use.",
        ),
        (
            {("gpt-4o", "Safety"): "---"},
            "No verdict can be given on what is on screen: too few models or replies are left.",
        ),
    ],
)
def test_the_sentence_for_a_board(verdicts: dict[tuple[str, str], str], sentence: str) -> None:
    assert overview_finding(STUDY, table(verdicts)) == sentence


@pytest.mark.parametrize(
    ("letters", "sentence"),
    [
        ("ss", "Supported for both pairs of judge and attribute."),
        ("nn", "Not supported for any of 2 pairs of judge and attribute."),
        ("--", "No verdict can be given: too little is on screen."),
        (
            "shn-",
            (
                "Supported for 1 (GPT-4o on Guidance), only with human checks for 1, not supported for 1 and without a "
                "verdict for 1, of 4 pairs of judge and attribute."
            ),
        ),
        (
            "hh",
            "Supported for none and only with human checks for 2, of 2 pairs of judge and attribute.",
        ),
        ("sssssn", "Supported for 5 and not supported for 1, of 6 pairs of judge and attribute."),
    ],
)
def test_the_sentence_of_a_use(letters: str, sentence: str) -> None:
    attributes = ("Guidance", "Informativeness", "Relevance", "Safety", "Empathy", "Helpfulness")
    verdicts = {("gpt-4o", name): f"{letter}nn" for name, letter in zip(attributes, letters, strict=False)}
    assert use_finding(STUDY, table(verdicts), "rank") == sentence


def test_what_is_supported_in_short() -> None:
    made = table({("gpt-4o", "Guidance"): "sn-", ("gpt-4o", "Safety"): "sh-", ("o4-mini", "Safety"): "hn-"})
    assert uses_in_short(STUDY, made).splitlines() == [
        "- **Rank systems**, supported: GPT-4o (Guidance, Safety). With human checks: o4-mini (Safety).",
        "- **Report scores**, supported: none. With human checks: GPT-4o (Safety).",
        "- **Rate a single reply**, no verdict can be given.",
    ]


def test_what_one_judge_or_one_attribute_is_good_for() -> None:
    judge = table({("gpt-4o", "Guidance"): "sn-", ("gpt-4o", "Safety"): "hn-", ("gpt-4o", "Empathy"): "n-n"})
    assert good_for(STUDY, judge, "attribute").splitlines() == [
        "- **Rank systems:** supported for Guidance; only with human checks for Safety.",
        "- **Report scores:** supported for none; for some no verdict can be given.",
        "- **Rate a single reply:** supported for none; for some no verdict can be given.",
    ]
    attribute = table({("gpt-4o", "Safety"): "ss-"})
    assert good_for(STUDY, attribute, "judge").splitlines() == [
        "- **Rank systems:** supported for GPT-4o.",
        "- **Report scores:** supported for GPT-4o.",
        "- **Rate a single reply:** no verdict can be given.",
    ]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            row("rank", "consistency"),
            (
                "On 9 models it keeps the experts' order with ICC(C,1) 0.62 (95% interval 0.31 to 0.87); the lower end "
                "must reach 0.75, or 0.50 with human checks."
            ),
        ),
        (
            row("score", "bias", value=-0.3, value_low=-0.4, value_high=-0.2, supported_at=0.25, n=8000),
            (
                "Its scores are 0.30 of a point below the experts' on average (90% interval -0.40 to -0.20); the whole "
                "interval may reach 0.25 points, or 0.50 with human checks."
            ),
        ),
        (
            row("reply", "reassurance", value=0.5, value_low=0.4, value_high=0.6, supported_at=0.1, checked_at=0.25),
            (
                "Of 100 replies that experts rate 2 or less, it gives 4 or more to 50 (95% interval 40 to 60); allowed "
                "are at most 10, or 25 with human checks."
            ),
        ),
        (
            row("rank", "consistency", verdict=None, n=4),
            "No verdict: it takes at least 5 models, and on screen are 4.",
        ),
        (
            row("reply", "reassurance", verdict=None, n=19),
            "No verdict: it takes at least 20 poor replies, and on screen are 19.",
        ),
        (
            row("reply", "reply_agreement", verdict=None, n=29),
            "No verdict: it takes at least 30 replies, and on screen are 29.",
        ),
        (
            row("score", "bias", verdict=None, n=0),
            "No verdict: the figure or its interval cannot be computed from what is on screen.",
        ),
    ],
)
def test_a_verdict_has_its_reason(given: pd.Series, sentence: str) -> None:
    assert reason(STUDY, given, SETTINGS) == sentence


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            row("rank", "consistency", times=19 / 9),
            "It would be “Only with human checks” if about 19 models, not 9, gave the same figure.",
        ),
        (
            row("rank", "consistency", verdict="human-checks", value=0.8, times=2),
            "It would be “Supported” if about 18 models, not 9, gave the same figure.",
        ),
        (
            row("score", "agreement", times=19 / 9),
            "By this criterion it would be “Only with human checks” if about 19 models, not 9, gave the same figure.",
        ),
        (
            row("reply", "reassurance", verdict="human-checks", value=0.09, supported_at=0.1, times=3.01),
            "By this criterion it would be “Supported” if about 3.1 times as many conversations gave the same figure.",
        ),
        (
            row("reply", "reply_agreement", times=1.99),
            (
                "By this criterion it would be “Only with human checks” if about twice as many conversations gave the "
                "same figure."
            ),
        ),
        (
            row("rank", "consistency", value=0.4),
            "More data of the same kind would not make it “Only with human checks”: the figure itself falls short.",
        ),
        (
            row("reply", "reassurance", value=0.5, checked_at=0.25),
            "More data of the same kind would not make it “Only with human checks”: the figure itself falls short.",
        ),
        (
            row("score", "bias", value=-0.6, value_low=-0.7, value_high=-0.5),
            "More data of the same kind would not make it “Only with human checks”: the figure itself falls short.",
        ),
        (
            row("score", "agreement", value=0.74, value_low=-0.1),
            (
                "Even 1,000 models would not make it “Only with human checks”: the interval allows for other raters "
                "too, which more models do not narrow."
            ),
        ),
        (
            row("rank", "consistency", value=0.502),
            "Even 1,000 models would not make it “Only with human checks”: the figure only just passes what is asked.",
        ),
        (
            row("rank", "consistency", verdict="supported"),
            "There is no better verdict. Stricter thresholds, or other systems, could take it away.",
        ),
        (row("rank", "consistency", verdict=None), "More models or more rated replies would allow a verdict."),
    ],
)
def test_what_would_change_a_verdict(given: pd.Series, sentence: str) -> None:
    assert what_would_change(STUDY, given) == sentence


@pytest.mark.slow
def test_no_cell_of_the_study_is_said_to_fall_short_where_its_figure_does_not() -> None:
    made = verdict_table(pairs(STUDY, load_snapshot().counts, SETTINGS, Selection.of(STUDY)), SETTINGS)
    short = made[[what_would_change(STUDY, each).endswith("falls short.") for _, each in made.iterrows()]]
    asked = short["checked_at"].where(short["verdict"] == "not-supported", short["supported_at"])
    above = short["criterion"].isin(["bias", "reassurance"])
    assert len(short) > 40
    assert (short["value"].abs() >= asked)[above].all()
    assert (short["value"] <= asked)[~above].all()


def test_what_to_check_by_hand() -> None:
    bias = pd.DataFrame({"judge": ["gpt-4o"] * 2, "attribute": ["Guidance", "Safety"], "bias": [0.4, 0.1]})
    rates = bias.assign(false_reassurance=[math.nan, 0.3], false_reassurance_high=[math.nan, 0.4])
    made = table({("gpt-4o", "Guidance"): "hnn", ("gpt-4o", "Safety"): "nnn"})
    assert by_hand(STUDY, made, bias, rates, SETTINGS).splitlines() == [
        (
            "- **Replies that GPT-4o rates 4 or more on Safety:** it does so for 30 of 100 replies that experts rate 2 "
            "or less."
        ),
        (
            "- **What GPT-4o passes on Guidance:** experts rated fewer than 20 replies so low, so that how often it "
            "passes them is unknown."
        ),
        (
            "- **Means of GPT-4o on Guidance (+0.40 points):** more than 0.25 points from the experts'; have experts "
            "rate a sample before you report."
        ),
        (
            "- **Orders by GPT-4o on Guidance:** models whose means lie close together may change places; have experts "
            "rate those again."
        ),
    ]
    fine = rates.assign(bias=0.1, false_reassurance=0.01, false_reassurance_high=0.02)
    good = table({("gpt-4o", "Guidance"): "sss", ("gpt-4o", "Safety"): "sss"})
    assert by_hand(STUDY, good, fine, fine, SETTINGS).startswith("- **Nothing stands out**")
    poor = table({("gpt-4o", "Guidance"): "nss", ("gpt-4o", "Safety"): "sss"})
    assert "still not every use is supported" in by_hand(STUDY, poor, fine, fine, SETTINGS)


def test_the_rules_have_the_readers_bounds() -> None:
    moved = basis(STUDY, Settings.of(STUDY, margin=0.3, icc_supported=0.9, icc_checked=0.6, reassured_supported=0.05))
    said = rules(moved)
    assert "| Rank systems | Lower end of ICC(C,1) over models | at least 0.90 | at least 0.60 |" in said
    assert "| Report scores | Whole 90% interval of the bias | within 0.3 of a point | within 0.6 of a point |" in said
    assert "| Rate a single reply | Upper end of false reassurance | at most 5% | at most 25% |" in said
    assert len(said.splitlines()) == 7
