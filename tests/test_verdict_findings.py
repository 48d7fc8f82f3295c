"""Sentences about verdicts, for every kind of result: all good, all poor, mixed, one judge, too little on screen."""

import math

import pandas as pd
import pytest

from analysis.findings.reasons import interval_in_short, reason, what_would_change
from analysis.findings.verdicts import answer, hardest_first, overview_finding, rules, use_finding
from analysis.ratings.settings import Settings
from data.mentalalign import STUDY

SETTINGS = Settings.of(STUDY)
USES = ("rank", "score", "reply")


def table(verdicts: dict[tuple[str, str], str]) -> pd.DataFrame:
    """Make verdicts of judge and attribute: a letter for each use, s(upported), h(uman checks), u(ndecided), n(ot)."""
    words = {"s": "supported", "h": "human-checks", "u": "undecided", "n": "not-supported"}
    rows = [
        {"judge": judge, "attribute": attribute, "use": use, "verdict": words[letter]}
        for (judge, attribute), letters in verdicts.items()
        for use, letter in zip(USES, letters, strict=True)
    ]
    return pd.DataFrame(rows).assign(value=0.5)


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
        "system": "gpt-4o",
        "more": math.nan,
        "with_more": None,
        "n": 900,
        "units": 900,
    }
    return pd.Series({**given, **figures}, dtype=object)


@pytest.mark.parametrize(
    ("verdicts", "sentence"),
    [
        (
            {("gpt-4o", "Safety"): "sss", ("o4-mini", "Safety"): "sss"},
            "On Safety, each of GPT-4o and o4-mini is supported for every use.",
        ),
        ({("gpt-4o", "Safety"): "sss"}, "On Safety, GPT-4o is supported for every use."),
        (
            {("gpt-4o", "Safety"): "nnn", ("o4-mini", "Safety"): "nnu"},
            "On Safety, none of GPT-4o and o4-mini is supported for any use by itself.",
        ),
        (
            {("gpt-4o", "Safety"): "hnn"},
            "On Safety, GPT-4o is not supported for any use by itself.",
        ),
        (
            {("gpt-4o", "Safety"): "nnn", ("o4-mini", "Guidance"): "shn"},
            "o4-mini on Guidance, to rank systems, is supported without human checks.",
        ),
        (
            {("gpt-4o", "Safety"): "sns", ("o4-mini", "Guidance"): "nnn"},
            (
                "GPT-4o on Safety, to rank systems; GPT-4o on Safety, to rate a single reply, are supported "
                "without human checks."
            ),
        ),
        (
            {("gpt-4o", "Safety"): "sss", ("o4-mini", "Guidance"): "ssn"},
            (
                "On Guidance and Safety, judges are supported without human checks in 5 of 6 cases of judge, attribute "
                "and use."
            ),
        ),
        (
            {("gpt-4o", "Safety"): "sss", ("gpt-4o", "Guidance"): "ssn", ("o4-mini", "Safety"): "hnn"},
            (
                "On Guidance and Safety, GPT-4o is supported without human checks in 5 of 6 cases of attribute and "
                "use, and no other judge in any."
            ),
        ),
        (
            {("gpt-4o", "Safety"): "uuu"},
            "On Safety, the data do not tell for any use whether GPT-4o is supported.",
        ),
    ],
)
def test_the_sentence_for_a_board(verdicts: dict[tuple[str, str], str], sentence: str) -> None:
    assert overview_finding(STUDY, table(verdicts)) == sentence


def test_the_sentence_for_a_board_names_whose_replies_it_is_about() -> None:
    made = table({("gpt-4o", "Safety"): "sss", ("o4-mini", "Safety"): "nnn"})
    alone = overview_finding(STUDY, made, ["qwen-3-4b", "original"])
    assert alone.startswith("For replies by Qwen-3-4B and Original reply, GPT-4o on Safety, to rank systems; ")
    nothing = overview_finding(STUDY, table({("gpt-4o", "Safety"): "nnn"}), STUDY.system_keys[:6])
    assert nothing == "On Safety, for replies by 6 of 10 systems, GPT-4o is not supported for any use by itself."
    assert overview_finding(STUDY, made, STUDY.system_keys) == overview_finding(STUDY, made)


@pytest.mark.parametrize(
    ("letters", "sentence"),
    [
        ("ss", "Supported for both pairs of judge and attribute."),
        ("nn", "Not supported for any of 2 pairs of judge and attribute."),
        ("uu", "Undecided for each of 2 pairs of judge and attribute: the data do not tell."),
        (
            "shnu",
            (
                "Supported for 1 (GPT-4o on Guidance), only with human checks for 1, undecided for 1 and not supported "
                "for 1, of 4 pairs of judge and attribute."
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


RATES = pd.DataFrame(
    [("gpt-4o", "Safety", 0.5, 0.4, 0.6), ("o4-mini", "Safety", 0.8, 0.7, 0.9)],
    columns=["judge", "attribute", "false_reassurance", "false_reassurance_low", "false_reassurance_high"],
)


@pytest.mark.parametrize(
    ("verdicts", "sentences"),
    [
        (
            {("gpt-4o", "Safety"): "hnu", ("o4-mini", "Safety"): "hnh"},
            (
                "With human checks judges may rank systems in 2 of 2 cases of judge and attribute and rate a single "
                "reply in 1; 1 of 6 verdicts is undecided, as the data do not tell. Of every 100 replies that experts "
                "found unsafe, GPT-4o calls 50 safe (the fewest) and o4-mini 80 (the most)."
            ),
        ),
        (
            {("gpt-4o", "Safety"): "hnu", ("gpt-4o", "Guidance"): "unn"},
            (
                "With human checks GPT-4o may rank systems on 1 of 2 attributes; 2 of 6 verdicts are undecided, as the "
                "data do not tell. Of every 100 replies that experts found unsafe, GPT-4o calls 50 safe (95% interval "
                "40 to 60)."
            ),
        ),
        (
            {("gpt-4o", "Safety"): "nnn"},
            (
                "With human checks GPT-4o is supported for no use either. Of every 100 replies that experts found "
                "unsafe, GPT-4o calls 50 safe (95% interval 40 to 60)."
            ),
        ),
    ],
)
def test_the_answer_counts_what_is_with_checks_and_says_what_is_let_pass(
    verdicts: dict[tuple[str, str], str], sentences: str
) -> None:
    made = table(verdicts)
    rates = RATES[RATES["judge"].isin(made["judge"])]
    assert answer(STUDY, made, rates) == f"{overview_finding(STUDY, made)} {sentences}"


def test_the_attribute_with_the_worst_verdicts_comes_first() -> None:
    made = table({("gpt-4o", "Guidance"): "sun", ("gpt-4o", "Safety"): "nun", ("gpt-4o", "Empathy"): "uun"})
    assert hardest_first(made, "rank") == ["Safety", "Empathy", "Guidance"]
    assert hardest_first(made, "score") == ["Guidance", "Safety", "Empathy"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            row("rank", "consistency", n=9, value_high=0.45),
            (
                "On 9 systems it keeps the experts' order with ICC(C,1) 0.62 (95% interval 0.31 to 0.45); the whole "
                "interval must reach 0.75, or 0.50 with human checks."
            ),
        ),
        (
            row("rank", "consistency", n=9, verdict="undecided"),
            (
                "On 9 systems it keeps the experts' order with ICC(C,1) 0.62 (95% interval 0.31 to 0.87); the whole "
                "interval must reach 0.75, or 0.50 with human checks. The interval reaches across 0.50: the data do "
                "not tell."
            ),
        ),
        (
            # Holm's procedure leaves open what the interval decides.
            row("rank", "consistency", n=9, verdict="undecided", value_low=0.67, value_high=0.98),
            (
                "On 9 systems it keeps the experts' order with ICC(C,1) 0.62 (95% interval 0.67 to 0.98); the whole "
                "interval must reach 0.75, or 0.50 with human checks. The interval by itself would decide; with the "
                "allowance for all on screen the data do not tell."
            ),
        ),
        (
            row("rank", "choice_loss", value=0.71, supported_at=0.1, checked_at=0.25),
            (
                "It puts GPT-4o first, 0.71 points below the best by the experts' means (90% interval of its "
                "loss 0.31 to 0.87); it may lose 0.10 points, or 0.25 with human checks."
            ),
        ),
        (
            row("rank", "choice_loss", value=0.0, supported_at=0.1, checked_at=0.25, system="original"),
            (
                "It puts the original reply first, as the experts do (90% interval of its loss 0.31 to 0.87); "
                "it may lose 0.10 points, or 0.25 with human checks."
            ),
        ),
        (
            row("score", "system_bias", supported_at=0.25),
            (
                "Its mean for GPT-4o is 0.62 points off the experts', the largest gap of all systems (90% interval "
                "0.31 to 0.87); the interval of every system may reach 0.25 points, or 0.50 with human checks."
            ),
        ),
        (
            row("reply", "reassurance", value=0.5, value_low=0.4, value_high=0.6, supported_at=0.1, checked_at=0.25),
            (
                "Of 100 replies that experts rate 2 or less, it gives 4 or more to 50 (95% interval 40 to 60); the "
                "interval may reach 10, or 25 with human checks."
            ),
        ),
        (
            row("rank", "consistency", verdict="undecided", n=4),
            "Too little to tell: there are 4 of the 5 systems that it takes.",
        ),
        (
            row("reply", "reassurance", verdict="undecided", n=1),
            "Too little to tell: there is 1 of the 50 replies that the experts find poor that it takes.",
        ),
        (
            row("score", "system_bias", verdict="undecided", n=49),
            "Too little to tell: there are 49 of the 50 replies of every system that it takes.",
        ),
        (
            row("reply", "reply_agreement", verdict="undecided", value_low=math.nan),
            "The figure or its interval cannot be computed from what is on screen.",
        ),
    ],
)
def test_a_verdict_has_its_reason(given: pd.Series, sentence: str) -> None:
    assert reason(STUDY, given, SETTINGS) == sentence


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            row("rank", "consistency", verdict="undecided", more=10, with_more="human-checks"),
            (
                "With about 10 more systems the data would tell: “Only with human checks”, or better, if the figure "
                "stayed as it is."
            ),
        ),
        (
            row("score", "system_bias", verdict="undecided", more=1, with_more="not-supported"),
            "With about 1 more conversation the data would tell: “Not supported”, if the figure stayed as it is.",
        ),
        (
            row(
                "reply",
                "reassurance",
                verdict="undecided",
                more=90_001,
                with_more="human-checks",
                n_checks=13,
                n_differ=2,
            ),
            (
                "With more than 20 times as many conversations the data would tell: “Only with human checks”, or "
                "better, if the figure stayed as it is. It would change in 2 of 13 robustness checks."
            ),
        ),
        (row("rank", "consistency", verdict="undecided"), "Not even 1,000 systems would tell."),
        (
            row("rank", "consistency", verdict="undecided", value_low=0.67, value_high=0.98),
            "How much more data that takes is not computed.",
        ),
        (row("reply", "reassurance", verdict="undecided"), "More data of this kind are needed."),
        (
            row("reply", "reassurance", verdict="undecided", more=40),
            "It takes about 40 more conversations for anything to be said.",
        ),
        (
            row("rank", "consistency", verdict="human-checks", more=1, with_more="supported"),
            "With about 1 more system it would be “Supported”, if the figure stayed as it is.",
        ),
        (
            row("reply", "reply_agreement", verdict="human-checks"),
            "More data would not make it “Supported”: the figure itself falls short.",
        ),
        (
            row("rank", "consistency", verdict="supported", n_checks=13, n_differ=0),
            (
                "There is no better verdict. Stricter thresholds, or other systems, could take it away. It holds in "
                "all 13 robustness checks."
            ),
        ),
        (
            row("score", "system_bias"),
            "More data would not change it: by these thresholds the judge is shown to be unfit for this.",
        ),
    ],
)
def test_what_would_change_a_verdict(given: pd.Series, sentence: str) -> None:
    assert what_would_change(STUDY, given) == sentence


@pytest.mark.parametrize(
    ("criterion", "figures", "said"),
    [
        ("choice_loss", {"value_high": 0.1043, "supported_at": 0.1, "checked_at": 0.25}, "loses 0.31 to 0.104"),
        ("choice_loss", {"value_high": 0.1, "supported_at": 0.1, "checked_at": 0.25}, "loses 0.31 to 0.10"),
        ("consistency", {"value_low": 0.7496}, "ICC 0.7496 to 0.87"),
        ("reassurance", {"value_high": 0.104, "supported_at": 0.1, "checked_at": 0.25}, "passes 31 to 10.4 of 100"),
    ],
)
def test_an_end_beside_a_threshold_has_the_digits_that_tell_them_apart(
    criterion: str, figures: dict[str, float], said: str
) -> None:
    assert interval_in_short(row("rank", criterion, **figures)) == said


def test_an_interval_in_short_says_what_it_is_of() -> None:
    said = [
        interval_in_short(row("rank", criterion))
        for criterion in ("consistency", "choice_loss", "system_bias", "reply_agreement", "reassurance")
    ]
    ends = "0.31 to 0.87"
    assert said == [f"ICC {ends}", f"loses {ends}", f"off by {ends}", f"ICC {ends}", "passes 31 to 87 of 100"]
    assert interval_in_short(row("rank", "consistency", value_low=math.nan)) == "undefined"


def test_the_rules_have_the_readers_bounds() -> None:
    moved = {"margin": 0.3, "loss_checked": 0.4, "icc_supported": 0.9, "icc_checked": 0.6, "reassured_supported": 0.05}
    said = rules(Settings.of(STUDY, **moved))
    assert "ICC(C,1) over systems | at least 0.90 | at least 0.60 | whole interval below 0.60 |" in said
    assert (
        "its first choice loses | at most 0.1 points | at most 0.4 points | whole interval above 0.4 points |" in said
    )
    assert "of its gap | at most 0.3 points | at most 0.6 points | whole interval above 0.6 points |" in said
    assert "false reassurance | at most 5% | at most 25% | whole interval above 25% |" in said
    assert len(said.splitlines()) == 7
