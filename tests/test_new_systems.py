"""Systems that no expert rated: kept apart from everything else, compared by hand's figures, and said on every page."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from scipy import stats

from analysis.__main__ import main as analyse
from analysis.findings.new_systems import new_systems_finding, unrated_notice
from analysis.outputs.manifest import manifest
from analysis.outputs.registry import TABLES, table_of
from analysis.outputs.view import View
from analysis.ratings.needs import MissingNeedError, NeedsNewSystemsError
from analysis.ratings.settings import Selection, Settings
from analysis.report.files import report_file
from data.__main__ import main
from data.errors import ReleaseError
from data.own.judges import add_judge
from data.ratings import Ratings
from data.remote.progress import Progress
from data.sources import Dataset, load, with_judge
from data.study import ALL_SYSTEMS
from pages.components import added as uploads
from tests.made_judged import made_study as judged_study
from tests.made_new_system import NEW, new_system
from tests.made_release import file_table, make_release, write_separate
from tests.made_release import write_table as write_columns
from tests.made_study import make_study, write_study
from tests.pages import PAGES, OpenPage, charted, pressed, run, said, turned, unfolded
from tests.slow import slow_but
from tests.standin_endpoint import StandinEndpoint

JUDGE = "mine"
FILE = f"{JUDGE}_llm_judge.csv"
MADE = make_study(30)
OF_STUDY = MADE[MADE["rater"] == "gpt-x"].drop(columns=["rater", "message"])
KEYS = ["item", "system", "attribute"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study") / "line"
    write_study(folder, MADE)
    return folder


@pytest.fixture(scope="module")
def alone(folder: Path) -> Dataset:
    return load(str(folder), Progress())


@pytest.fixture(scope="module")
def rated(alone: Dataset) -> pd.DataFrame:
    """Give what the judge says of the study's systems and of a new one, which it rates on 20 of the 30 items."""
    new = new_system(alone, [JUDGE]).drop(columns="rater")
    return pd.concat([OF_STUDY, new[new["item"].isin(new["item"].unique()[:20])]], ignore_index=True)


def content(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False).encode()


@pytest.fixture(scope="module")
def dataset(alone: Dataset, rated: pd.DataFrame) -> Dataset:
    return with_judge(alone, (FILE, content(rated)))[0]


def table(dataset: Dataset, **choices: object) -> pd.DataFrame:
    study = dataset.study
    return table_of("new-systems", dataset, Settings.of(study, resamples=40, **choices), Selection.of(study))


def single(alone: Dataset) -> Ratings:
    assert alone.ratings is not None
    return alone.ratings


def refused(ratings: Ratings, rows: pd.DataFrame, file: str = FILE) -> str:
    with pytest.raises(ReleaseError) as error:
        add_judge(ratings, (file, content(rows)))
    return str(error.value)


# Figures


def interval(values: pd.Series) -> tuple[float, float]:
    return stats.t.interval(0.95, len(values) - 1, values.mean(), stats.sem(values))


@pytest.mark.parametrize("ratings", ["valid", "as-released"])
def test_figures_are_those_of_counting_by_hand(dataset: Dataset, rated: pd.DataFrame, ratings: str) -> None:
    found = table(dataset, ratings=ratings).set_index(["attribute", "compared_with"])
    kept = rated[rated["rating"] <= dataset.study.scale.high] if ratings == "valid" else rated
    for attribute, rows in kept.groupby("attribute"):
        wide = rows.pivot(index="item", columns="system", values="rating")
        new, others = wide[NEW].dropna(), wide.drop(columns=NEW)
        for name in (ALL_SYSTEMS, "sys 1", "people"):
            ahead = (new - (others.mean(axis=1) if name == ALL_SYSTEMS else others[name])).dropna()
            row = found.loc[(attribute, name)]
            assert (row["judge"], row["n_new"], row["n_both"]) == (JUDGE, len(new), len(ahead))
            assert row["new_mean"] == pytest.approx(new.mean())
            assert row[["new_mean_low", "new_mean_high"]].tolist() == pytest.approx(interval(new))
            assert row["new_ahead"] == pytest.approx(ahead.mean())
            assert row[["new_ahead_low", "new_ahead_high"]].tolist() == pytest.approx(interval(ahead))


@pytest.mark.parametrize("multiplicity", ["none", "holm"])
def test_what_is_known_of_the_judge_is_what_its_verdicts_say(dataset: Dataset, multiplicity: str) -> None:
    settings = Settings.of(dataset.study, resamples=40, multiplicity=multiplicity)
    chosen = Selection.of(dataset.study)
    found = table_of("new-systems", dataset, settings, chosen)
    verdicts = table_of("verdicts", dataset, settings, chosen).set_index(["judge", "use", "attribute"])
    for row in found.itertuples():
        assert row.verdict == verdicts.loc[(JUDGE, "rank", row.attribute), "verdict"]
        beyond = row.new_ahead_low > row.largest_error or row.new_ahead_high < -row.largest_error
        assert row.beyond_error == ("yes" if beyond else "no")


def test_the_largest_error_is_that_of_each_system_taken_as_new(dataset: Dataset) -> None:
    study = dataset.study
    view = View(dataset, Settings.of(study, resamples=40), Selection.of(study, [JUDGE]))
    biases = view.table("inflation_by_model").pivot(index="attribute", columns="model", values="bias")
    for row in view.table("new-systems").itertuples():
        bias = biases.loc[row.attribute].dropna()
        errors = []
        for system in bias.index:
            others = bias.drop(system)
            if row.compared_with == ALL_SYSTEMS:
                errors.append(bias[system] - others.mean())
            elif row.compared_with != system:
                errors.append(bias[system] - bias[row.compared_with])
        assert row.largest_error == pytest.approx(max(map(abs, errors)))


def test_a_difference_beyond_every_error_is_told_apart(alone: Dataset) -> None:
    """A judge that repeats the experts is off by nothing; a reply that is always a point better stands out."""
    mean = MADE[MADE["rater"].isin(alone.study.experts)].groupby(KEYS)["rating"].mean().round().clip(2, 6)
    copied = mean.reset_index()
    better = copied.groupby(["item", "attribute"])["rating"].max().add(1).reset_index().assign(system=NEW)
    grown = with_judge(alone, (FILE, content(pd.concat([copied, better]))))[0]
    found = table(grown)
    assert (found["new_ahead"] >= 1).all()
    assert (found["beyond_error"] == "yes").all()
    sentence = new_systems_finding(grown.study, found)
    assert (
        f"By more than the judge's largest error between systems of the study, {NEW} stands higher than the study's"
        in sentence
    )


def test_a_judge_alone_tells_nothing_apart_on_one_item(alone: Dataset, rated: pd.DataFrame) -> None:
    one = rated[(rated["system"] != NEW) | (rated["item"] == "007")]
    grown = with_judge(alone, (FILE, content(one)))[0]
    found = table(grown)
    assert found["new_ahead"].notna().any()
    assert found["beyond_error"].isna().all()
    assert "is not known." in new_systems_finding(grown.study, found)


def test_replies_to_another_message_are_left_out_where_the_settings_say_so(alone: Dataset, rated: pd.DataFrame) -> None:
    told = rated.assign(message=rated["item"].map(MADE.groupby("item")["message"].first()))
    told.loc[told["item"] == "12", "message"] = "Nothing of the kind was ever asked here by anybody."
    found = with_judge(alone, (FILE, content(told)))[0]
    n = {choice: table(found, contexts=choice)["n_new"].max() for choice in ("kept", "left-out")}
    assert n["kept"] - n["left-out"] == 1


# What is kept, and where


def test_a_new_system_changes_no_other_table(alone: Dataset, dataset: Dataset) -> None:
    without = with_judge(alone, (FILE, content(OF_STUDY)))[0]
    settings, chosen = Settings.of(alone.study, resamples=20), Selection.of(without.study)
    for name in ("icc", "inflation", "scores", "verdicts", "conversations"):
        pd.testing.assert_frame_equal(
            table_of(name, without, settings, chosen), table_of(name, dataset, settings, chosen)
        )
    with pytest.raises(NeedsNewSystemsError, match="no judge here rated one"):
        table(without)
    assert dataset.study.system_keys == alone.study.system_keys
    assert dataset.new_systems == (NEW,)


def test_one_file_and_two_give_the_same(alone: Dataset, dataset: Dataset, rated: pd.DataFrame) -> None:
    first = with_judge(alone, (FILE, content(OF_STUDY)))[0]
    second, found = with_judge(first, (FILE, content(rated[rated["system"] == NEW])))
    pd.testing.assert_frame_equal(table(second), table(dataset))
    assert second.study == dataset.study
    assert second.provenance.title == dataset.provenance.title
    assert found.judges == ()
    assert found.files[0].judges == (JUDGE,)
    assert f"these ratings are taken for those of {JUDGE}, the judge that the study has by this name" in found.sentences


def test_a_folder_is_read_whatever_its_files_are_called(
    alone: Dataset, dataset: Dataset, rated: pd.DataFrame, tmp_path: Path
) -> None:
    of_new = rated["system"] == NEW
    rated[of_new].assign(rater=JUDGE).to_csv(tmp_path / "a.csv", index=False)
    rated[~of_new].assign(rater=JUDGE).to_csv(tmp_path / "b.csv", index=False)
    pd.testing.assert_frame_equal(table(with_judge(alone, tmp_path)[0]), table(dataset))
    (tmp_path / "b.csv").unlink()
    with pytest.raises(ReleaseError, match="rates no system of line but 'writer'"):
        with_judge(alone, tmp_path)


def test_a_file_in_the_layout_of_the_release_brings_new_systems_too(tmp_path: Path) -> None:
    write_separate(tmp_path, make_release(32, seed=4), form="parquet")
    release = load(str(tmp_path), Progress())
    columns = file_table(make_release(32, seed=4), "gpt-4o")
    columns["judge_response_mistral"] = columns["judge_response_claude"]
    file = tmp_path / "new_llm_judge.csv"
    write_columns(file, columns)
    whole, found = with_judge(release, file)
    assert found.files[0].new_systems == {"mistral": 32}
    compared = table(whole).query("compared_with == 'claude-3.5-haiku'")
    assert (compared["new_ahead"].abs() < 1e-12).all()
    own = ["judge_response_mistral", "ConvID", "context"]
    write_columns(file, {name: cells for name, cells in columns.items() if name.strip() in own})
    with pytest.raises(ReleaseError, match="'new' rates no system of MentalAlign-70k but 'mistral'"):
        with_judge(release, file)
    of_judge = tmp_path / "gpt-4o_llm_judge.csv"
    file.rename(of_judge)
    assert with_judge(release, of_judge)[0].new_systems == ("mistral",)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda rows: rows[rows["system"] == NEW], "'mine' rates no system of line but 'writer', and has no"),
        (lambda rows: rows.replace({NEW: "SYS-1"}), "system 'SYS-1' is written like 'sys 1' of the study; write it"),
        (lambda rows: pd.concat([rows, rows.tail(1)]), "system writer, rater mine, attribute helpfulness has 2 rat"),
    ],
)
def test_what_cannot_be_told_is_refused(
    alone: Dataset, rated: pd.DataFrame, change: Callable[[pd.DataFrame], pd.DataFrame], sentence: str
) -> None:
    assert sentence in refused(single(alone), change(rated))


def test_a_new_system_is_rated_once_by_a_judge(dataset: Dataset, rated: pd.DataFrame) -> None:
    new = rated[rated["system"] == NEW]
    said_of = f"{len(new)} ratings of the system 'writer' by mine stand in an earlier file already"
    assert refused(single(dataset), new) == f"{FILE}: {said_of}; take one of the files out"


def test_ratings_that_do_not_count_are_told(alone: Dataset, rated: pd.DataFrame) -> None:
    of_new = rated["system"] == NEW
    off = int((rated.loc[of_new, "rating"] > alone.study.scale.high).sum())
    held = rated.astype({"rating": object})
    held.loc[held[of_new].index[-1], "rating"] = "good"
    found = with_judge(alone, (FILE, content(held)))[1]
    assert f"{off + 1} ratings of systems that no expert rated are not on the scale" in found.sentences


def test_a_name_that_is_near_to_one_of_the_studys_is_asked_about(alone: Dataset, rated: pd.DataFrame) -> None:
    found = add_judge(single(alone), (FILE, content(rated.replace({NEW: "sys 33"}))))
    kept = (
        "1 system that no expert rated, in 20 replies: 'sys 33' (is it 'sys 3'?); kept for the table new-systems alone"
    )
    assert kept in found.sentences
    assert f"{FILE}: {kept}" in found.ratings.notes


# Where it is said


def view_of(dataset: Dataset) -> View:
    return View(dataset, Settings.of(dataset.study, resamples=20), Selection.of(dataset.study))


def test_the_summary_and_the_manifest_say_it(dataset: Dataset, alone: Dataset) -> None:
    notice = unrated_notice(dataset.new_systems)
    written = report_file(view_of(dataset), (), "http://app.test/", date(2026, 1, 2), "html").decode()
    assert notice in " ".join(written.split())
    kept = manifest(view_of(dataset), "http://app.test/", date(2026, 1, 2))
    assert len(kept["tables"]["new-systems"]) == len(table(dataset))
    assert "new-systems" in manifest(view_of(alone), "http://app.test/", date(2026, 1, 2))["left_out"]


@pytest.fixture
def file(tmp_path: Path, rated: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let pages open with the judge's file."""
    (tmp_path / FILE).write_bytes(content(rated))
    monkeypatch.setenv("MENTALBENCH_JUDGES", str(tmp_path / FILE))
    return tmp_path / FILE


@pytest.mark.usefixtures("file")
@pytest.mark.parametrize("page", slow_but({"overview"}, PAGES))
def test_every_page_says_that_no_expert_rated_it(open_page: OpenPage, folder: Path, page: str) -> None:
    app = open_page(page, source=folder)
    assert unrated_notice([NEW]) in [each.value for each in app.info]


@pytest.mark.slow
def test_the_tab_says_what_it_takes(open_page: OpenPage, folder: Path) -> None:
    assert "No judge on screen rated such a system." in said(open_page("scores/new_systems", source=folder))


@pytest.mark.slow
def test_the_tab_has_the_finding_the_chart_and_both_tables(open_page: OpenPage, folder: Path, file: Path) -> None:
    app = open_page("scores/new_systems", source=folder)
    dataset = with_judge(load(str(folder), Progress()), file)[0]
    settings = Settings.of(dataset.study)
    finding = new_systems_finding(
        dataset.study, table_of("new-systems", dataset, settings, Selection.of(dataset.study))
    )
    assert f"**{finding}**" in [each.value for each in app.markdown]
    assert [len(each.value) for each in app.main.dataframe] == [8 * 12]
    (drawn,) = charted(app)
    assert sorted(drawn["attribute"].unique()) == sorted(dataset.study.attribute_names)
    assert len(unfolded(app, "data new-systems-0").main.dataframe[0].value) == 8


@pytest.mark.slow
def test_an_upload_waits_for_the_file_that_it_needs(open_page: OpenPage, folder: Path, rated: pd.DataFrame) -> None:
    def upload(name: str, rows: pd.DataFrame) -> None:
        app.file_uploader[0].set_value((name, content(rows), "text/csv"))
        pressed(run(app), "Add everywhere, for this session")

    of_new = rated["system"] == NEW
    app = open_page("your_study/add_judge", source=folder)
    upload("first.csv", rated[~of_new].assign(rater=JUDGE))
    upload("second.csv", rated[of_new].assign(rater=JUDGE))
    assert unrated_notice([NEW]) in [each.value for each in app.info]
    first = next(button for button in app.button if button.key == "remove first.csv")
    first.click()
    run(app)
    assert "'mine' rates no system of line" in said(app)
    assert unrated_notice([NEW]) not in [each.value for each in turned(app, "overview").info]
    assert list(app.session_state[uploads.FILES]) == ["second.csv"]


# From nothing to the table


def test_the_commands_lead_from_a_model_to_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    study, out = judged_study(tmp_path / "study"), tmp_path / "runs"
    with StandinEndpoint() as endpoint:
        of_all = ["--endpoint", endpoint.url, "--study", str(study), "--output", str(out), "--yes"]
        assert main(["generate", "--model", "new", "--name", "Alpha", *of_all]) == 2
        assert "the study has such a system already" in capsys.readouterr().err
        assert main(["generate", "--model", NEW, *of_all]) == 0
        assert main(["judge", "--model", "standin", *of_all, "--replies", str(out / f"{NEW}_replies.csv")]) == 0
        assert "rate the study's replies too, with the same command without --replies" in capsys.readouterr().err
        assert main(["judge", "--model", "standin", *of_all]) == 0
        file = out / "standin_llm_judge.csv"
        asked = f"python -m analysis new-systems --source {study} --add-judge {file}"
        asked += f" --identity {out / 'standin_judge.json'}"
        assert f"Look at them with: {asked}" in capsys.readouterr().err
        assert analyse([*asked.split()[3:], "--format", "csv"]) == 0
        assert len(capsys.readouterr().out.splitlines()) == 1 + 2 * 4
        assert analyse(["check", str(file), "--source", str(study)]) == 0
        checked = capsys.readouterr().out
        assert "1 system that no expert rated, in 6 replies: 'writer'; kept for the table new-systems alone" in checked
        assert "new-systems: possible" in checked
        assert max(endpoint.paid.values()) == 1


@pytest.mark.parametrize("version", ["standin-1", "standin-2"])
def test_another_version_that_rates_a_new_system_is_told(
    version: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study, out = judged_study(tmp_path / "study"), tmp_path / "runs"
    with StandinEndpoint() as endpoint:
        of_all = ["--endpoint", endpoint.url, "--study", str(study), "--output", str(out), "--yes"]
        assert main(["generate", "--model", NEW, *of_all]) == 0
        assert main(["judge", "--model", "standin", *of_all]) == 0
        endpoint.version = version
        assert main(["judge", "--model", "standin", *of_all, "--replies", str(out / f"{NEW}_replies.csv")]) == 0
    identity = ["--identity", str(out / "standin_judge.json")]
    added = ["--source", str(study), "--add-judge", str(out / "standin_llm_judge.csv")]
    certificate = tmp_path / "certificate.html"
    few = ["--resamples", "20"]
    for asked in (["new-systems", *few], ["certify", "standin", *few, "--output", str(certificate)]):
        capsys.readouterr()
        assert analyse([*asked, *added, *identity]) == 0
        told = "rated by another version (standin-2 fp-standin-2) than the study's replies (standin-1 fp-standin-1)"
        assert (told in capsys.readouterr().err) == (version == "standin-2")
    shown = "Version that rated new systems" in certificate.read_text(encoding="utf-8")
    assert shown == (version == "standin-2")
    with (out / "standin_llm_judge.csv").open("a", encoding="utf-8") as ratings:
        ratings.write("0,another,Safety,5,It says so.\n")
    capsys.readouterr()
    assert analyse(["new-systems", *few, *added, *identity]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "is of other ratings" in said.err


@pytest.mark.parametrize("name", list(TABLES))
def test_a_new_system_is_in_no_other_table(dataset: Dataset, name: str) -> None:
    settings = Settings.of(dataset.study, resamples=20)
    try:
        found = table_of(name, dataset, settings, Selection.of(dataset.study))
    except MissingNeedError:
        return
    there = found.astype(str).eq(NEW).any(axis=None)
    assert bool(there) == (name == "new-systems")
