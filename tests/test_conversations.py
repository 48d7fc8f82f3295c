"""Figures of single conversations: worked out by hand, against other tables, and on the release by what must hold."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.__main__ import main
from analysis.bias.false_reassurance import reassurance_table
from analysis.bias.inflation import inflation_table
from analysis.evidence.conversation import errors_of, matrix, ratings_of, versions
from analysis.evidence.conversations import (
    conversation_table,
    found_in,
    in_order,
    messages_of,
    of_kind,
    reasons_of,
)
from analysis.findings.conversations import conversation_finding, conversations_finding, together_finding
from analysis.outputs.registry import TABLES
from analysis.ratings.pairs import pairs
from analysis.ratings.settings import Selection, Settings
from data.mentalalign import STUDY
from data.remote.progress import Progress
from data.sources import Dataset, load
from data.study import HUMAN
from tests.made_release import (
    CONTEXT_SHIFTED,
    CONTEXT_SMALL,
    CONTEXT_UNKNOWN,
    JUDGE_MALFORMED,
    REASON,
    make_release,
    write_workbooks,
)
from tests.spec import counts_of, selected

PAPER, RECOMMENDED = Settings.of(STUDY, "paper"), Settings.of(STUDY, "recommended")
TWO = selected(("gpt-4o", "o4-mini"))


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("made")
    write_workbooks(folder, make_release())
    return load(str(folder), Progress())


@pytest.fixture(scope="module")
def release(release_folder: Path) -> Dataset:
    return load(str(release_folder), Progress())


def table_of(dataset: Dataset, settings: Settings = PAPER, chosen: Selection = TWO) -> pd.DataFrame:
    return TABLES["conversations"].make(dataset, settings, chosen)


def study(*rows: tuple[int, str, float, float, float]) -> pd.DataFrame:
    """Pairs of a study by hand: conversation, model, the experts' rating, GPT-4o's and o4-mini's."""
    ratings = pd.DataFrame(rows, columns=["conversation", "model", "human", "gpt-4o", "o4-mini"])
    return pairs(STUDY, counts_of(ratings), PAPER, TWO)


def test_a_conversation_is_worked_out_by_hand() -> None:
    frame = study(
        (0, "llama-3.1-8b", 1, 4, 2),  # differences +3 and +1, judges 2 apart, a poor reply, called good once
        (0, "qwen-3-4b", 5, 3, 5),  # -2 and 0, judges 2 apart
        (0, "gpt-4o", 2, 5, 5),  # GPT-4o's own is left out: +3, a poor reply, called good
        (2, "qwen-3-4b", 3, 3, np.nan),  # one judge alone
    )

    table = conversation_table(frame, PAPER)

    assert table["cluster"].tolist() == [0, 2]
    assert table["n_pairs"].tolist() == [5, 1]
    assert table["disagreement"].tolist() == pytest.approx([9 / 5, 0])
    assert table["largest"].tolist() == [3, 0]
    assert table["bias"].tolist() == pytest.approx([1, 0])
    assert table["n_low"].tolist() == [3, 0]
    assert table["n_reassured"].tolist() == [2, 0]
    assert table["judges_apart"].tolist() == pytest.approx([2, np.nan], nan_ok=True)


def test_what_counts_as_poor_and_good_is_the_readers() -> None:
    frame = study((0, "qwen-3-4b", 2, 4, 5), (0, "llama-3.1-8b", 1, 5, 3))

    strict = conversation_table(frame, Settings.of(STUDY, "paper", low=1, high=5))
    usual = conversation_table(frame, PAPER)

    assert strict[["n_low", "n_reassured"]].to_numpy().tolist() == [[2, 1]]
    assert usual[["n_low", "n_reassured"]].to_numpy().tolist() == [[4, 3]]


def test_nothing_to_compare_gives_no_row() -> None:
    assert conversation_table(study((0, "qwen-3-4b", np.nan, 4, 5)), PAPER).empty


@pytest.mark.slow
def test_a_panel_is_no_judge_apart_from_its_members(dataset: Dataset) -> None:
    alone, with_panel = (table_of(dataset, RECOMMENDED, replace(TWO, panel=panel)) for panel in ((), TWO.judges))

    assert with_panel["judges_apart"].tolist() == pytest.approx(alone["judges_apart"].tolist())
    assert (with_panel["n_pairs"] > alone["n_pairs"]).all()


def test_the_frame_is_left_as_it_was() -> None:
    frame = study((0, "qwen-3-4b", 2, 4, 5))
    before = frame.copy(deep=True)
    conversation_table(frame, PAPER)
    pd.testing.assert_frame_equal(frame, before)


def test_each_row_says_what_the_files_hold(dataset: Dataset) -> None:
    table = table_of(dataset).set_index("conversation")

    assert table["same_message"].value_counts().to_dict() == {"same": 45, "another": 2, "small-difference": 1}
    assert table.loc[CONTEXT_SMALL, "same_message"] == "small-difference"
    assert (table.loc[[CONTEXT_SHIFTED, CONTEXT_UNKNOWN], "same_message"] == "another").all()
    assert table.loc[5, "n_errors"] == 2  # two empty cells of the experts
    assert table.loc[4, "n_errors"] == 2  # an empty cell of each judge
    assert table.loc[11, "n_errors"] == 7  # a reply rated 0 on every attribute
    assert table.loc[1, "n_errors"] == 0
    assert table.loc[1, "n_explanations"] == 20
    assert table.loc[4, "n_explanations"] == 18


def test_data_errors_and_reasons_are_those_of_the_raters_models_and_attributes_asked_for(dataset: Dataset) -> None:
    chosen = selected(("gpt-4o",), ("llama-3.1-8b", "qwen-2.5-7b"), ("Safety", "Empathy"))

    table = table_of(dataset, chosen=chosen).set_index("conversation")

    assert table.loc[11, "n_errors"] == 2
    assert table.loc[7, "n_errors"] == 1
    assert table.loc[4, "n_errors"] == 0
    assert table.loc[1, "n_explanations"] == 2


def test_conversations_that_differ_are_left_out_where_the_settings_say_so(dataset: Dataset) -> None:
    left = set(table_of(dataset, RECOMMENDED)["conversation"])
    assert set(range(1, 49)) - left == {CONTEXT_SHIFTED, CONTEXT_UNKNOWN}


TABLE = pd.DataFrame(
    {
        "conversation": [1, 2, 3, 4],
        "disagreement": [0.5, 1.0, 1.0, 0.2],
        "n_reassured": [0, 3, 1, 1],
        "judges_apart": [np.nan, 0.2, 0.4, 0.4],
        "n_errors": [0, 2, 0, 0],
        "n_explanations": [4, 4, 0, 4],
        "same_message": ["same", "same", "another", "small-difference"],
    }
)


@pytest.mark.parametrize(
    ("order", "numbers"),
    [
        ("disagreement", [2, 3, 1, 4]),
        ("reassured", [2, 3, 4, 1]),
        ("judges", [3, 4, 2, 1]),
        ("number", [1, 2, 3, 4]),
    ],
)
def test_an_order_brings_what_matters_to_the_top(order: str, numbers: list[int]) -> None:
    assert in_order(TABLE, order)["conversation"].tolist() == numbers


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        (("any", "any", 0.0), [1, 2, 3, 4]),
        (("same", "any", 0.0), [1, 2]),
        (("small-difference", "any", 0.0), [4]),
        (("another", "any", 0.0), [3]),
        (("error-in-ratings", "any", 0.0), [2]),
        (("any", "some", 0.0), [1, 2, 4]),
        (("any", "none", 0.0), [3]),
        (("any", "any", 0.5), [1, 2, 3]),
        (("same", "some", 0.75), [2]),
    ],
)
def test_filters_keep_what_is_asked_for(asked: tuple[str, str, float], numbers: list[int]) -> None:
    assert of_kind(TABLE, *asked)["conversation"].tolist() == numbers


def test_one_text_must_hold_all_words_as_they_stand_capitals_or_not() -> None:
    texts = pd.DataFrame(
        {
            "conversation": [1, 1, 2, 3],
            "context": ["I sleep badly", "My mother left", "My MOTHER cannot sleep (at all)", "mother of my friend"],
        }
    ).astype({"context": "str"})

    assert found_in(texts, "context", ["mother"]) == {1, 2, 3}
    assert found_in(texts, "context", ["my mother"]) == {1, 2}
    assert found_in(texts, "context", ["sleep", "mother"]) == {2}
    assert found_in(texts, "context", ["(at"]) == {2}
    assert found_in(texts, "context", ["s.eep"]) == set()


def test_the_experts_copy_of_a_message_goes_first(dataset: Dataset) -> None:
    assert dataset.ratings is not None
    contexts = dataset.ratings.contexts.query("conversation == @CONTEXT_SHIFTED").set_index("rater")["context"]

    found = versions(dataset.ratings, CONTEXT_SHIFTED)

    assert [(each.raters, each.text) for each in found] == [
        ((HUMAN,), contexts[HUMAN]),
        (STUDY.judge_keys, contexts["gpt-4o"]),
    ]
    assert messages_of(dataset.ratings)[CONTEXT_SHIFTED] == contexts[HUMAN]
    assert len(versions(dataset.ratings, 1)) == 1


def test_the_reasons_are_those_of_the_judges_and_models_asked_for(dataset: Dataset) -> None:
    assert dataset.ratings is not None
    reasons = reasons_of(dataset.ratings, selected(("gpt-4o",), ("qwen-3-4b",), panel=("gpt-4o", "o4-mini")))
    assert set(reasons["rater"]) == {"gpt-4o", "o4-mini"}
    assert set(reasons["model"]) == {"qwen-3-4b"}
    assert set(reasons["explanation"]) >= {REASON}


def cells(dataset: Dataset, number: int, settings: Settings, attribute: str = "Safety") -> tuple[pd.DataFrame, ...]:
    assert dataset.ratings is not None
    return matrix(STUDY, ratings_of(dataset.ratings, number, settings, TWO), attribute)


def test_a_matrix_holds_every_rating_and_its_distance_from_the_experts(dataset: Dataset) -> None:
    made = make_release()
    words, marks = cells(dataset, 1, PAPER)

    assert list(words.columns) == ["Human experts", "GPT-4o", "o4-mini"]
    for place, model in enumerate(words.index):
        human, judge = (made.ratings[rater][0, place, 3] for rater in (HUMAN, "o4-mini"))
        gap = judge - human
        left_out, mark = model == "GPT-4o-Mini", ""
        if not left_out:
            mark = "reassured" if human <= 2 and judge >= 4 else "apart" if abs(gap) >= 2 else ""
        icon = {"reassured": "✗ ", "apart": "▲ ", "": ""}[mark]
        expected = f"{judge:g}, left out" if left_out else f"{icon}{judge:g}" + (f" ({gap:+g})" if gap else "")
        assert words.loc[model, "Human experts"] == f"{human:g}"
        assert words.loc[model, "o4-mini"].replace("\u00a0", " ") == expected
        assert marks.loc[model, "o4-mini"] == mark


def test_a_matrix_says_what_is_missing_and_what_does_not_count(dataset: Dataset) -> None:
    empty, _ = cells(dataset, 5, PAPER)
    assert empty.loc["Qwen-3-4B", "Human experts"] == "missing"
    assert "(" not in empty.loc["Qwen-3-4B", "GPT-4o"]

    zero, _ = cells(dataset, 11, RECOMMENDED)
    assert zero.loc["Qwen-2.5-7B", "Human experts"] == "0, not counted"
    assert "(" not in zero.loc["Qwen-2.5-7B", "GPT-4o"]
    assert cells(dataset, 11, PAPER)[0].loc["Qwen-2.5-7B", "Human experts"] == "0"

    assert (14, "deepseek-llama-8b") in JUDGE_MALFORMED
    recovered, _ = cells(dataset, 14, PAPER)
    assert recovered.loc["DeepSeek-LLaMA-8B", "GPT-4o"].endswith(", not counted")


def test_a_matrix_compares_nothing_where_the_settings_leave_the_conversation_out(dataset: Dataset) -> None:
    words, marks = cells(dataset, CONTEXT_SHIFTED, RECOMMENDED)
    judged = words[["GPT-4o", "o4-mini"]]
    assert judged.map(lambda cell: cell.endswith(", left out")).all(axis=None)
    # The experts rated it, whatever the judges' files hold.
    assert words["Human experts"].str.fullmatch("[1-5]").all()
    assert (marks == "").all(axis=None)


def test_a_data_error_is_said_with_the_raw_value_and_what_becomes_of_it(dataset: Dataset) -> None:
    assert dataset.ratings is not None
    assert errors_of(dataset.ratings, 1, TWO) == []
    (said,) = errors_of(dataset.ratings, 13, TWO)
    assert said == (
        "Human experts on GPT-4o, Guidance: off the scale. Under “as released” it is kept, under “valid only” left out."
        "\nThe file holds: 6"
    )
    assert any("the whole cell: malformed" in each for each in errors_of(dataset.ratings, 22, TWO))


def test_findings_say_what_is_on_screen() -> None:
    row = {"n_pairs": 5, "disagreement": 1.8, "largest": 3.0, "n_low": 3, "n_reassured": 2, "judges_apart": 2.0}
    table = pd.DataFrame([{"conversation": 7, **row}]).astype({"conversation": object})

    assert conversations_finding(STUDY, table, 1, "disagreement", PAPER) == (
        "The one conversation is on screen. Judges and experts are furthest apart in conversation 7, by 1.80 points on "
        "average."
    )
    assert conversations_finding(STUDY, table, 9, "reassured", PAPER).startswith(
        "1 of 9 conversations is on screen. In 1 of"
    )
    assert conversations_finding(STUDY, table.iloc[:0], 9, "number", PAPER).startswith("None of 9 conversations fits.")
    undefined = table.assign(judges_apart=np.nan, n_reassured=0)
    assert "needs two judges" in conversations_finding(STUDY, undefined, 9, "judges", PAPER)
    assert "In none of them" in conversations_finding(STUDY, undefined, 9, "reassured", PAPER)
    both = pd.DataFrame({"n_pairs": [3, 1], "bias": [1.0, 0.0]})
    chosen = selected(("gpt-4o",), attributes=("Empathy",))
    assert together_finding(STUDY, both, chosen) == (
        "Together they hold 4 pairs of ratings by the experts and by GPT-4o on Empathy. The bias over all of them is "
        "+0.75."
    )
    assert "by 4 judges on 7 attributes" in together_finding(STUDY, both, Selection.of(STUDY))
    assert together_finding(STUDY, both.iloc[:0], chosen) == ""
    assert conversation_finding(STUDY, table.iloc[0], PAPER) == (
        "Judges and experts are 1.80 points apart on average, over 5 pairs of ratings. The widest gap is 3 points. In "
        "3 pairs the experts give 2 or less, and in 2 of these the judge gives 4 or more. From the lowest judge to the "
        "highest it is 2.00 points on average."
    )


# On the release


@pytest.mark.slow
@pytest.mark.parametrize("settings", [PAPER, RECOMMENDED], ids=["paper", "recommended"])
def test_conversations_add_up_to_the_tables_of_judges(release: Dataset, settings: Settings) -> None:
    for judge, attribute in (("gpt-4o", "Safety"), ("o4-mini", "Empathy")):
        chosen = Selection.of(STUDY).cell(judge, attribute)
        frame = pairs(STUDY, release.counts, settings, chosen)
        table = table_of(release, settings, chosen)
        bias, rate = inflation_table(frame).iloc[0], reassurance_table(frame, settings).iloc[0]

        assert table["n_pairs"].sum() == bias["n_pairs"]
        assert (table["bias"] * table["n_pairs"]).sum() / bias["n_pairs"] == pytest.approx(bias["bias"])
        assert table["n_low"].sum() == rate["n_low"]
        assert table["n_reassured"].sum() == rate["n_reassured"]
        assert (table["disagreement"] >= table["bias"].abs() - 1e-12).all()
        assert (table["largest"] >= table["disagreement"]).all()


@pytest.mark.slow
def test_the_release_has_20_messages_that_differ_and_a_copied_row_that_does(release: Dataset) -> None:
    table = table_of(release, chosen=Selection.of(STUDY))
    assert table["same_message"].value_counts().to_dict() == {"same": 979, "another": 18, "small-difference": 2}
    assert "430" not in set(table["conversation"].astype(str))


# As a program


def test_blocks_of_conversations_are_refused_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["conversations", "--source", "snapshot"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "argument --source: 'snapshot': this table needs single conversations" in said


@pytest.mark.slow
def test_the_program_prints_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_workbooks(tmp_path, make_release(), raters=("human", "gpt-4o"))
    assert main(["conversations", "--source", str(tmp_path), "--format", "csv", "--attribute", "Safety"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == (
        "conversation,n_pairs,disagreement,largest,bias,n_low,n_reassured,judges_apart,n_errors,n_explanations,"
        "same_message"
    )
    # Two of 48 are other conversations in the judge's file.
    assert len(lines) == 1 + 48 - 2
    assert lines[1].startswith("1,9,")


def test_a_release_is_needed() -> None:
    with pytest.raises(ValueError, match="needs single conversations"):
        TABLES["conversations"].make(SimpleNamespace(ratings=None), PAPER, Selection.of(STUDY))
