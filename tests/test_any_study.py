"""A judge more, an attribute more, or another study altogether: the same tables, pages, reports and manifests."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pingouin
import pytest

from analysis.__main__ import main
from analysis.outputs.registry import TABLES, table_of
from analysis.outputs.tables import TAKEN
from analysis.outputs.view import View
from analysis.ratings.settings import Selection, Settings
from analysis.report import SECTION_NAMES
from analysis.report.files import report_file
from analysis.wording.vocabulary import rater_marks
from data.mentalalign import STUDY
from data.remote.progress import Progress
from data.sources import Dataset, load, with_judge
from data.study import HUMAN
from pages.components.places import PLACES
from tests.golden.make import OF_DRAWN, OF_MORE, OF_NEW_SYSTEMS, OF_RETESTS, OF_SINGLE_EXPERTS
from tests.made_lengths import with_made_lengths
from tests.made_release import file_table, make_release, write_separate, write_table
from tests.made_study import ATTRIBUTES, EXPERTS, JUDGES, SYSTEMS, figures, make_study, with_replies, write_study
from tests.pages import OF_THE_PUBLISHED, PAGES, every_word, opened, said, unfolded
from tests.slow import slow_but

RELEASE = make_release(32, seed=4)
OPUS = "claude-4-opus"
SEVEN = make_study(30)
# Fewer resamples than a reader would take; the figures themselves do not depend on them.
FEW = {"resamples": 40}
DAY = date(2026, 1, 2)
# What the published study lacks for these is tested by itself.
OF_ANY_EXPERTS = [name for name in TABLES if name not in OF_MORE]
# In the default run.
QUICK = {"icc", "inflation", "reassurance"}


class Source(NamedTuple):
    """Where ratings lie, as the command line and the pages take them, and the ratings themselves."""

    folder: Path
    judges: Path | None
    dataset: Dataset

    @property
    def options(self) -> list[str]:
        added = ["--add-judge", str(self.judges)] if self.judges else []
        return ["--source", str(self.folder), *added]


def table(name: str, dataset: Dataset, judges: tuple[str, ...] = ()) -> pd.DataFrame:
    settings = Settings.of(dataset.study, **FEW)
    return table_of(name, dataset, settings, Selection.of(dataset.study, judges))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """Give the made release as it is."""
    folder = tmp_path_factory.mktemp("plain")
    write_separate(folder, RELEASE, form="parquet")
    return Source(folder, None, with_made_lengths(load(str(folder), Progress())))


@pytest.fixture(scope="module")
def fifth(plain: Source, tmp_path_factory: pytest.TempPathFactory) -> Source:
    """Give the same with the file of a fifth judge, which rates otherwise than the others."""
    other = make_release(32, seed=9).cells["o4-mini"]
    made = replace(RELEASE, cells={**RELEASE.cells, "o4-mini": other})
    file = tmp_path_factory.mktemp("fifth") / f"{OPUS}_llm_judge.xlsx"
    write_table(file, file_table(made, "o4-mini"))
    return Source(plain.folder, file, with_judge(plain.dataset, file)[0])


@pytest.fixture(scope="module")
def seven(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """Give a study from 1 to 7 by three experts and five judges, of twelve systems on eight attributes."""
    folder = tmp_path_factory.mktemp("seven")
    write_study(folder, with_replies(SEVEN), form="csv")
    return Source(folder, None, load(str(folder), Progress()))


@pytest.fixture
def on_screen(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Source:
    """Let pages open on a source, named by the fixture that gives it."""
    source: Source = request.getfixturevalue(request.param)
    monkeypatch.setenv("MENTALBENCH_SOURCE", str(source.folder))
    monkeypatch.setenv("MENTALBENCH_JUDGES", str(source.judges or ""))
    return source


def assert_rows_unchanged(before: pd.DataFrame, after: pd.DataFrame) -> None:
    """Compare two tables to the last digit; how categories and texts are held may differ."""
    texts = {name: "object" for name in before if not pd.api.types.is_numeric_dtype(before[name])}
    pd.testing.assert_frame_equal(
        before.astype(texts).reset_index(drop=True), after.astype(texts).reset_index(drop=True), check_exact=True
    )


# Every output of either source


@pytest.mark.slow
@pytest.mark.parametrize("source", ["fifth", "seven"])
def test_the_command_line_makes_every_table(
    source: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = request.getfixturevalue(source)
    options, dataset = given.options, given.dataset
    # Read once for all tables; the manifest below is made of what it reads itself.
    monkeypatch.setattr("analysis.commands._load", lambda _: dataset)
    for name in TABLES:
        taken = TAKEN[name]
        few = ["--resamples", "40"] if "resamples" in taken.settings else []
        code = main([name, *(options if "judge" in taken.subset else options[:2]), *few, "--format", "json"])
        said = capsys.readouterr()
        lacking = {
            "reproduction": "this study has no printed tables",
            "consistency": "no judge here was asked more",
            "new-systems": "no judge here rated one",
            "weighted": "with which probability",
        }
        others = ("reproduction",) if source == "seven" else OF_SINGLE_EXPERTS
        if name in (*OF_RETESTS, *OF_NEW_SYSTEMS, *OF_DRAWN, *others):
            assert (code, said.out) == (2, "")
            assert lacking.get(name, "compares single experts") in said.err
            continue
        assert code == 0, said.err
        rows = pd.DataFrame(json.loads(said.out))
        assert len(rows) == len(table(name, dataset)), name
        if "judge" in rows and name not in ("panel", "reproduction"):
            assert set(rows["judge"]) == set(dataset.study.judge_keys), name
        if "rater" in rows and name == "scores":
            assert set(rows["rater"]) == {HUMAN, *dataset.study.judge_keys}


@pytest.mark.slow
@pytest.mark.parametrize("source", ["fifth", "seven"])
@pytest.mark.parametrize("form", ["pdf", "html"])
def test_the_report_is_made(source: str, form: str, request: pytest.FixtureRequest) -> None:
    dataset = request.getfixturevalue(source).dataset
    view = View(dataset, Settings.of(dataset.study, **FEW), Selection.of(dataset.study))
    written = report_file(view, SECTION_NAMES, "http://app.test/", DAY, form)
    if form == "pdf":
        assert written.startswith(b"%PDF")
        return
    words = re.sub(r"\s+", " ", re.sub(r"<(style|script).*?</\1>|<[^>]+>", " ", written.decode(), flags=re.DOTALL))
    assert all(dataset.study.rater(judge) in words for judge in dataset.study.judge_keys)
    if source == "seven":
        assert of_the_published(words) == []


@pytest.mark.slow
@pytest.mark.parametrize("source", ["fifth", "seven"])
def test_a_manifest_is_made_and_holds(
    source: str, request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, file = request.getfixturevalue(source), tmp_path / "manifest.json"
    assert main(["manifest", *given.options, "--resamples", "40", "--output", str(file)]) == 0
    recorded = json.loads(file.read_text())
    assert recorded["selection"]["judges"] == list(given.dataset.study.judge_keys)
    capsys.readouterr()
    assert main(["verify", str(file), *given.options]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-1].startswith(f"holds: {len(recorded['tables'])} tables")
    if given.judges:
        # Without the judge's file it is another study.
        assert main(["verify", str(file), "--source", str(given.folder)]) == 1
        assert f"file {given.judges.name}: no file with its SHA-256" in capsys.readouterr().out


# A fifth judge


@pytest.mark.parametrize("name", slow_but(QUICK, OF_ANY_EXPERTS))
def test_a_fifth_judge_changes_no_figure_of_the_other_four(name: str, plain: Source, fifth: Source) -> None:
    before = table(name, plain.dataset)
    assert_rows_unchanged(before, table(name, fifth.dataset, STUDY.judge_keys))
    # A panel, and a row of conversations, is over every judge that is chosen.
    if name in ("panel", "conversations"):
        return
    after = table(name, fifth.dataset)
    whose = next((column for column in ("judge", "rater") if column in after), None)
    if whose is None:
        assert_rows_unchanged(before, after)
        return
    of_fifth = after[whose] == OPUS
    assert of_fifth.any() == (name != "reproduction")
    # Corrected for all the comparisons that are made, of which there are more.
    adjusted = [column for column in after if column == "p_adjusted"]
    assert_rows_unchanged(before.drop(columns=adjusted), after[~of_fifth].drop(columns=adjusted))


def test_a_fifth_judge_has_a_colour_and_a_shape_of_its_own(plain: Source, fifth: Source) -> None:
    before, after = rater_marks(plain.dataset.study), rater_marks(fifth.dataset.study)
    own = after.pop(OPUS)
    assert after == before
    experts_and_judges = [mark for key, mark in after.items() if not key.startswith("panel-")]
    assert own.label == OPUS
    assert own.colour not in {mark.colour for mark in after.values()}
    assert own.shape not in {mark.shape for mark in experts_and_judges}


@pytest.mark.slow
def test_a_fifth_judge_is_the_same_added_or_beside_the_others(fifth: Source, tmp_path: Path) -> None:
    write_separate(tmp_path, RELEASE, form="parquet")
    assert fifth.judges
    (tmp_path / fifth.judges.name).write_bytes(fifth.judges.read_bytes())
    beside = load(str(tmp_path), Progress())
    assert beside.study == fifth.dataset.study
    for name in ("icc", "inflation", "verdicts"):
        assert_rows_unchanged(table(name, fifth.dataset), table(name, beside))


# An eighth attribute


def toned(cell: str | None, tone: float) -> str | None:
    """Add an eighth attribute to a cell as a judge would have written it there, in a malformed cell too."""
    if cell is None:
        return None
    if "Overall" not in cell:
        return f'{cell[:-1]}, "Tone": {tone:g}}}' if cell.endswith("}") else cell
    return re.sub('(["“])Overall(["”])', rf"\1Tone\2: {tone:g},\n  \1Overall\2", cell, count=1)


@pytest.fixture(scope="module")
def eighth(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """Give the made release with an eighth attribute in its cells: the rating of Safety again."""
    safety = STUDY.attribute_names.index("Safety")
    cells = {
        rater: {
            model: [
                toned(cell, 3 if np.isnan(rating) else rating)
                for cell, rating in zip(column, RELEASE.ratings[rater][:, place, safety], strict=True)
            ]
            for place, (model, column) in enumerate(models.items())
        }
        for rater, models in RELEASE.cells.items()
    }
    folder = tmp_path_factory.mktemp("eighth")
    write_separate(folder, replace(RELEASE, cells=cells), form="parquet")
    return Source(folder, None, with_made_lengths(load(str(folder), Progress())))


@pytest.mark.parametrize("name", slow_but(QUICK, OF_ANY_EXPERTS))
def test_an_eighth_attribute_changes_no_figure_of_the_other_seven(name: str, plain: Source, eighth: Source) -> None:
    before = table(name, plain.dataset)
    settings = Settings.of(eighth.dataset.study, **FEW)
    seven = Selection.of(eighth.dataset.study, attributes=STUDY.attribute_names)
    after = table_of(name, eighth.dataset, settings, seven)
    # The average is over every attribute of the study, and the null and empty cells of an eighth are data errors too.
    changing = [column for column in ("average", "p_adjusted") if column in after]
    if name == "halo":
        # Halo is over every attribute of the study; what an attribute has in common with its own is not.
        changing = [column for column in after if not column.startswith(("judge", "attribute", "validity"))]
        # The eighth has ratings wherever Safety has, so that the same replies are complete.
        assert after["n_whole"].tolist() == before["n_whole"].tolist()
    assert_rows_unchanged(before.drop(columns=changing), after[list(before)].drop(columns=changing))


@pytest.mark.parametrize("name", ["verdicts", "icc", "inflation", "reassurance", "ordinal", "ranking"])
def test_an_eighth_attribute_has_rows_in_tables(name: str, eighth: Source) -> None:
    rows = table(name, eighth.dataset)
    tone, safety = (rows[rows["attribute"] == each] for each in ("Tone", "Safety"))
    assert len(tone) == len(safety) > 0
    assert set(tone["judge"]) == set(STUDY.judge_keys)


@pytest.mark.parametrize("on_screen", ["eighth"], indirect=True)
@pytest.mark.parametrize(
    "page", slow_but({"judges/one_attribute"}, ["overview", "judges/one_attribute", "reliability", "inflation"])
)
def test_an_eighth_attribute_is_on_pages(page: str, on_screen: Source) -> None:
    app = opened(page, **({"cell_attribute": "Tone"} if page == "judges/one_attribute" else {}))
    assert "8 attributes" in app.caption[0].value
    assert "Tone" in every_word(app)


# Another study


def test_the_scale_of_a_study_sets_what_readers_judge_by(seven: Source) -> None:
    settings = Settings.of(seven.dataset.study)
    assert (settings.low, settings.high, settings.margin) == (2.5, 5.5, 0.375)
    assert seven.dataset.study.scale.label == "1-7"
    assert (seven.dataset.study.experts, seven.dataset.study.judge_keys) == (EXPERTS, JUDGES)
    assert (len(SYSTEMS), len(ATTRIBUTES)) == (12, 8)


# pingouin 0.7 drops columns in place, which pandas 3.1 warns of.
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_every_icc_is_pingouins_on_the_mean_of_the_experts(seven: Source) -> None:
    known = figures(SEVEN)
    expected = known.reference.groupby(["system", "attribute"]).mean()
    judged = known.judges.groupby(["system", "attribute"]).mean()
    ours = table("icc", seven.dataset).set_index(["judge", "attribute"])
    assert len(ours) == len(JUDGES) * len(ATTRIBUTES)
    for judge, attribute in ours.index:
        wide = pd.DataFrame(
            {"experts": expected.xs(attribute, level="attribute"), "judge": judged[judge].xs(attribute, level=1)}
        )
        long = wide.rename_axis("system").reset_index().melt("system", var_name="rater")
        theirs = pingouin.intraclass_corr(long, "system", "rater", "value").set_index("Type")["ICC"]
        row = ours.loc[(judge, attribute)]
        assert row["n_targets"] == 12
        assert row[["icc_c1", "icc_a1"]].tolist() == pytest.approx([theirs["ICC(C,1)"], theirs["ICC(A,1)"]], abs=1e-9)


def test_every_bias_and_mse_is_plain_pandas(seven: Source) -> None:
    known = figures(SEVEN)
    away = known.judges.sub(known.reference, axis=0)
    ours = table("inflation", seven.dataset).set_index(["judge", "attribute"])
    for judge, attribute in ours.index:
        mine = away[judge].xs(attribute, level="attribute")
        row = ours.loc[(judge, attribute)]
        assert row["n_pairs"] == 30 * 12
        assert row[["bias", "mse"]].tolist() == pytest.approx([mine.mean(), (mine**2).mean()], abs=1e-12)


# Pages

PUBLISHED_WORDS = ("MentalAlign", "the paper", "Original reply", "1-5", "seven attributes", "GPT-4o", "CSS")
"""Words of the published study, which no page on another study has."""


def of_the_published(words: str) -> list[str]:
    return [word for word in PUBLISHED_WORDS if re.search(rf"\b{re.escape(word)}\b", words, re.IGNORECASE)]


@pytest.mark.slow
@pytest.mark.parametrize("on_screen", ["seven"], indirect=True)
def test_readings_of_another_study_are_those_of_koo_and_li(on_screen: Source) -> None:
    assert "Koo &" in said(opened("judges/compare"))


@pytest.mark.slow
@pytest.mark.parametrize("on_screen", ["fifth"], indirect=True)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_with_a_fifth_judge(page: str, on_screen: Source) -> None:
    app = opened(page)
    assert "5 judges" in app.caption[0].value


@pytest.mark.slow
@pytest.mark.parametrize("on_screen", ["fifth"], indirect=True)
@pytest.mark.parametrize("page", ["judges", "reliability/single_replies"])
def test_a_page_of_one_judge_can_be_the_fifths(page: str, on_screen: Source) -> None:
    app = opened(page, cell_judge=OPUS)
    assert OPUS in said(app)


@pytest.mark.slow
@pytest.mark.parametrize("on_screen", ["seven"], indirect=True)
@pytest.mark.parametrize("page", [page for page in PAGES if page not in OF_THE_PUBLISHED])
def test_every_page_of_another_study_is_its_own(page: str, on_screen: Source) -> None:
    assert of_the_published(every_word(opened(page))) == []


@pytest.mark.slow
@pytest.mark.xfail(reason="worked examples are of the published study", strict=True)
@pytest.mark.parametrize("on_screen", ["seven"], indirect=True)
def test_worked_examples_are_of_any_study(on_screen: Source) -> None:
    assert of_the_published(every_word(unfolded(opened("methods"), "examples"))) == []


@pytest.mark.slow
@pytest.mark.parametrize("on_screen", ["seven"], indirect=True)
@pytest.mark.parametrize("page", OF_THE_PUBLISHED)
def test_what_is_of_the_published_study_alone_is_no_tab_of_another(page: str, on_screen: Source) -> None:
    place, _, tab = page.partition("/")
    app = opened(page)
    label = next(each.label for each in PLACES[place].tabs if each.key == tab)
    assert label not in [each.label for each in app.tabs]
    # With one tab left there are no tabs to choose from.
    assert len(app.tabs) == len(PLACES[place].tabs) - 1 or not app.tabs
    assert not app.tabs or any(tab.replace("_", "") in each.value.replace("\\_", "") for each in app.warning)
