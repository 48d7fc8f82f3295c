"""The page Data errors on a release and on the snapshot: counts, effects, findings, and the way down to one cell."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from analysis.evidence.data_errors import (
    ALL,
    context_table,
    entries_of,
    error_bands,
    error_counts,
    totals_table,
)
from analysis.findings.data_errors import (
    contexts_finding,
    effect_finding,
    strongest_finding,
    totals_finding,
    unfixable_finding,
    where_finding,
)
from analysis.ratings.settings import Selection
from data.mentalalign import STUDY
from data.remote.progress import Progress
from data.sources import Dataset, load
from tests.made_release import CONTEXT_SHIFTED, FILE_NAMES, REFUSAL, Made, write_workbooks
from tests.pages import OpenPage, charted, said
from tests.snapshot import EVERYTHING, snapshot
from tests.snapshot import table as whole

MALFORMED = f"{FILE_NAMES['o4-mini']}.xlsx:23:judge_response_qwen_3"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, made: Made) -> Path:
    place = tmp_path_factory.mktemp("made")
    write_workbooks(place, made)
    return place


@pytest.fixture(scope="module")
def dataset(folder: Path) -> Dataset:
    return load(str(folder), Progress())


@pytest.fixture
def open_page(open_page: OpenPage, folder: Path) -> Iterator[OpenPage]:
    """Open the page, cold, on the made release unless told another source."""
    st.cache_resource.clear()
    yield partial(open_page, "methods/data_errors", source=folder)
    st.cache_resource.clear()


def table(app: AppTest, *columns: str) -> pd.DataFrame:
    """Give the first table that has the columns."""
    found: Any = next(each.value for each in app.dataframe if set(columns) <= set(each.value))
    return found


@pytest.mark.slow
def test_the_snapshot_shows_counts_and_effects_and_says_what_it_lacks(open_page: OpenPage) -> None:
    app = open_page(source="snapshot")
    assert "The files hold 410 data errors: 231 experts' ratings of 0, 76 messages of another conversation" in said(app)
    assert "for GPT-4o on Safety, ICC(C,1) of models goes from 0.48 to 0.37" in said(app)
    drawn = charted(app)[0]
    expected = whole("data-errors").query("figure == 'icc_c1' and error == 'all'")
    assert drawn["shift"].tolist() == pytest.approx(expected["shift"].tolist())
    assert "Load the ratings from GitHub" in [button.label for button in app.main.button]
    assert table(app, "file", "n")["n"].sum() == 410
    assert app.radio(key="count_by").options == ["Kind", "File", "Rater"]
    assert len(charted(app)) == 1


@pytest.mark.slow
def test_the_figure_and_the_mend_are_in_the_address(open_page: OpenPage) -> None:
    app = open_page(source="snapshot", moved="human_mean", fix="zero", judge="gpt-4o")
    expected = whole("data-errors").query("figure == 'human_mean' and error == 'zero' and judge == 'gpt-4o'")
    assert charted(app)[0]["with_fix"].tolist() == pytest.approx(expected["with_fix"].tolist())
    app.selectbox(key="fix").set_value("different").run()
    assert app.query_params["fix"] in ("different", ["different"])
    assert "Once the messages of another conversation are fixed, the experts' mean" in said(app)


@pytest.mark.slow
def test_a_release_shows_where_data_errors_stand_and_counts_them_by_what_is_picked(
    open_page: OpenPage, dataset: Dataset
) -> None:
    assert dataset.ratings is not None
    entries = entries_of(dataset.ratings.ledger, Selection.of(STUDY))
    app = open_page(count_by="attribute")
    counts = error_counts(entries, "attribute")
    shown = table(app, "attribute", "n_cells", "n_conversations")
    assert shown["n"].tolist() == counts["n"].tolist()
    assert shown["attribute"].tolist() == counts["attribute"].replace("", "All").tolist()
    bands = error_bands(entries, dataset.ratings.conversations)
    assert charted(app)[1]["n_cells"].tolist() == bands["n_cells"].tolist()
    assert where_finding(STUDY, bands) in said(app)
    assert set(table(app, "stands_at")["conversation"]) == {20, CONTEXT_SHIFTED, 30}


@pytest.mark.slow
def test_the_sidebar_narrows_the_whole_page(open_page: OpenPage, dataset: Dataset) -> None:
    one = Selection(("o4-mini",), ("qwen-3-4b",), ("Empathy",))
    app = open_page(judge="o4-mini", model="qwen-3-4b", attribute="Empathy")
    assert totals_finding(totals_table(dataset, one)) in said(app)
    ledger = table(app, "row", "raw")
    assert set(ledger["rater"]) == {"Human experts", "o4-mini"}
    assert set(ledger["model"]) == {"All", "Qwen-3-4B"}
    assert set(ledger["attribute"]) == {"All", "Empathy"}


@pytest.mark.slow
def test_the_ledger_is_narrowed_by_its_own_filters(open_page: OpenPage) -> None:
    app = open_page(error_kind="malformed", error_rater="o4-mini")
    ledger = table(app, "row", "raw")
    assert ledger["kind"].tolist() == ["Malformed cell"] * 6
    assert set(ledger["file"]) == {f"{FILE_NAMES['o4-mini']}.xlsx"}
    assert set(ledger["raw"]) == {""}
    assert "cell" not in ledger


@pytest.mark.slow
def test_whole_cells_are_shown_only_when_asked_for(open_page: OpenPage) -> None:
    app = open_page(error_kind="malformed", error_rater="o4-mini")
    app.checkbox[0].check().run()
    ledger = table(app, "row", "raw", "cell")
    assert REFUSAL in set(ledger["cell"])
    assert all(REFUSAL not in value for values in dict(app.query_params).values() for value in values)


@pytest.mark.slow
def test_an_entry_leads_to_its_cell_and_its_text_is_closed(open_page: OpenPage) -> None:
    app = open_page(entry=MALFORMED)
    entry = next(each.value for each in app.dataframe if "row" in each.value and len(each.value) == 1)
    assert entry.iloc[0][["row", "conversation"]].tolist() == [23, 22]
    assert entry.iloc[0][["as_released", "valid"]].tolist() == ["dropped", "dropped"]
    assert "The raw cell" in [each.label for each in app.expander]
    assert REFUSAL not in said(app) + "".join(each.value for each in app.text)


@pytest.mark.slow
def test_an_entry_of_a_message_says_where_its_text_is(open_page: OpenPage) -> None:
    app = open_page(entry=f"{FILE_NAMES['gpt-4o']}.xlsx:{CONTEXT_SHIFTED + 1}:context")
    assert "The messages themselves stay out of the ledger" in said(app)


@pytest.mark.slow
def test_an_entry_of_the_address_stays_whatever_the_filters_leave(open_page: OpenPage) -> None:
    app = open_page(entry=MALFORMED, error_kind="zero")
    assert app.selectbox(key="entry").value == MALFORMED
    assert not [each for each in app.warning if "too narrow" not in each.value]
    app.selectbox(key="error_kind").set_value("null").run()
    assert app.selectbox(key="entry").value == "none"
    assert open_page(entry="nowhere.xlsx:2:x").selectbox(key="entry").value == "none"


def test_nothing_wrong_is_said_too() -> None:
    nothing = totals_table(snapshot(), EVERYTHING)[:0]
    assert totals_finding(nothing) == "No data error was found in the files on screen."
    assert where_finding(STUDY, error_bands_of_nothing()) == "No data error was found in the files on screen."
    assert unfixable_finding(nothing) == "Every data error on screen can be fixed."
    assert strongest_finding(STUDY, whole("data-errors").assign(shift=0.0)).startswith(
        "No kind of data error alone moves a coefficient"
    )
    undefined = whole("data-errors").assign(shift=float("nan"))
    assert strongest_finding(STUDY, undefined).startswith("No kind of data error alone moves a coefficient")
    assert (
        effect_finding(STUDY, undefined, "mse", ALL)
        == "The MSE cannot be computed with and without the data errors on screen."
    )


def error_bands_of_nothing() -> pd.DataFrame:
    columns = ["file", "row", "column", "conversation", "rater", "kind"]
    empty = pd.DataFrame({name: [] for name in columns}).astype({"conversation": int})
    return error_bands(empty, range(1, 1001))


def test_findings_say_what_the_tables_hold() -> None:
    assert strongest_finding(STUDY, whole("data-errors")) == (
        "Of all data errors, fixing the experts' ratings of 0 moves a coefficient most: for GPT-4o on Safety, ICC(C,1) "
        "of models goes from 0.48 to 0.37, further from the experts."
    )
    assert unfixable_finding(totals_table(snapshot(), EVERYTHING)) == (
        "Nothing can fix 76 of 410 data errors: 65 empty cells, 10 ratings written as null and 1 malformed cell. 8 "
        "messages with a small difference need no fix."
    )
    rows = whole("data-errors").query("figure == 'icc_c1' and error == 'zero'")
    moved = int((rows["shift"].abs() >= 0.01).sum())
    assert effect_finding(STUDY, whole("data-errors"), "icc_c1", "zero") == (
        "Once the experts' ratings of 0 are fixed, the ICC(C,1) of models moves by 0.01 or more in "
        f"{moved} of 28 pairs of judge and attribute. It moves most for GPT-4o on Safety, from 0.48 to 0.37."
    )
    assert "everywhere" in effect_finding(STUDY, whole("data-errors"), "icc_c1", "off-scale")


def test_where_data_errors_stand_is_said_of_the_release(released: Any) -> None:
    finding = where_finding(
        STUDY, error_bands(entries_of(released.ledger, Selection.of(STUDY)), released.conversations)
    )
    assert finding.startswith("Data errors come in runs. In the experts' file all ")
    assert "all 33 places with experts' ratings of 0 stand in conversations 801 to 1,000." in finding
    assert "12 of 19 places with messages of another conversation in the file of " in finding
    assert "stand in conversations 501 to 550 alone." in finding
    assert "malformed" not in finding


def test_data_errors_strewn_evenly_are_no_run_and_few_say_nothing() -> None:
    rows = [("human", "zero", first, first + 49, 4, 0.05) for first in range(1, 1000, 50)]
    even = pd.DataFrame(rows, columns=["rater", "kind", "first", "last", "n_cells", "share"])
    assert where_finding(STUDY, even) == "No kind of data error on screen stands in a run of conversations."
    assert where_finding(STUDY, even[:2]).startswith("There are too few data errors of any kind on screen")


def test_differing_messages_are_said_of_the_release(released: Any) -> None:
    assert contexts_finding(STUDY, context_table(released, Selection.of(STUDY))) == (
        "21 conversations differ between the experts' file and the judges': 2 in small ways, 19 by being another "
        "conversation. Of those 18 are one row away, and 1 is nowhere in the judges' files."
    )
    assert contexts_finding(
        STUDY, context_table(released, Selection((), STUDY.system_keys, STUDY.attribute_names))
    ) == ("Every conversation on screen has the same message in all files.")
