"""The page "Your study": a check of what is on screen, judges by upload, and names that are never taken for markup."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis.outputs.registry import TABLES
from data.errors import ReleaseError
from data.folder import read_folder
from data.mentalalign import STUDY
from data.names import MARKUP, plain_name
from pages.components import added
from pages.components.plain_text import code, escaped
from tests.made_release import file_table, make_release, write_separate, write_table
from tests.made_study import MINIMAL, make_study, write_study
from tests.pages import PAGES, OpenPage, pressed, run, said, turned
from tests.slow import slow_but

RELEASE = make_release(32, seed=4)
FILE = "mine_llm_judge.csv"
ADD = "Add everywhere, for this session"
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "![x](http://track.er/x)",
    "[here](http://e.vil)",
    "*loud* `code` $x$",
    ":red[x]",
)
"""What a renderer of Markdown or HTML would act upon."""


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    write_separate(folder, RELEASE, form="parquet")
    return folder


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Give a file with the ratings of one more judge."""
    path = tmp_path_factory.mktemp("judge") / FILE
    write_table(path, file_table(RELEASE, "o4-mini"))
    return path.read_bytes()


def uploaded(app: AppTest, name: str, content: bytes) -> AppTest:
    app.file_uploader[0].set_value((name, content, "text/csv"))
    return run(app)


def judges(app: AppTest) -> list[str]:
    """Give the judges that the sidebar offers, as it calls them."""
    (pills,) = (each for each in app.get("button_group") if each.proto.label == "Judges")
    return [option.content for option in pills.proto.options]


# What is offered


@pytest.mark.slow
@pytest.mark.parametrize("page", ["your_study", "your_study/add_judge"])
def test_without_single_ratings_the_release_is_offered(open_page: OpenPage, page: str) -> None:
    app = open_page(page)
    assert [button.label for button in app.main.button if "Load" in button.label] == ["Load the ratings from GitHub"]
    assert not app.file_uploader
    assert not app.table


@pytest.mark.slow
def test_a_folder_is_checked_with_the_tables_that_it_allows(open_page: OpenPage, release: Path) -> None:
    app = open_page("your_study", source=release)
    assert {"Recognised", "Matched"} <= {fold.label.partition(" (")[0] for fold in app.expander}
    assert "4 judges: claude-3.7-sonnet, gpt-4o, gemini-2.5-flash, o4-mini" in said(app)
    table = app.table[0].value
    assert table["Table"].tolist() == list(TABLES)
    possible = dict(zip(table["Table"], table["Possible"], strict=True))
    assert possible["icc"] == possible["panel"] == possible["conversations"] == "✓ possible"


@pytest.mark.slow
def test_what_a_study_of_ones_own_consists_of_is_shown(open_page: OpenPage) -> None:
    (example,) = [each.value for each in open_page("your_study").main.get("code")]
    assert {"scale", "experts"} <= tomllib.loads(example).keys()


@pytest.mark.slow
def test_tables_that_a_study_does_not_allow_say_what_is_missing(open_page: OpenPage, tmp_path: Path) -> None:
    made = make_study(2)
    write_study(tmp_path, made[made["system"].isin(["sys 1", "sys 2"])])
    table = open_page("your_study", source=tmp_path).table[0].value.set_index("Table")
    assert table.loc["reproduction", "Possible"] == "✗ not possible"
    assert table.loc["verdicts", "Possible"] != "✓ possible"
    lacking = table.columns[-1]
    assert "there are 2 systems where it takes 5, so 3 more would do" in table.loc["verdicts", lacking]


# A judge by upload


@pytest.mark.slow
def test_the_example_of_a_file_can_be_added(open_page: OpenPage, release: Path) -> None:
    app = open_page("your_study/add_judge", source=release)
    (example,) = [each.value for each in app.main.get("code")]
    app = uploaded(app, FILE, example.encode())
    assert [each.value for each in app.success] == ["1 judge recognised. Nothing is added yet."]


@pytest.mark.slow
def test_a_judge_is_added_to_every_page_and_taken_away(open_page: OpenPage, release: Path, content: bytes) -> None:
    app = uploaded(open_page("your_study/add_judge", source=release), FILE, content)
    assert app.file_uploader[0].allowed_type == [f".{form}" for form in added.FORMS]
    assert [each.value for each in app.success] == ["1 judge recognised. Nothing is added yet."]
    assert "318 of 318 replies matched by item" in said(app)
    assert judges(app) == list(map(STUDY.rater, STUDY.judge_keys))

    assert "which systems are mine's own is not known" in said(app)
    app.multiselect[0].set_value(["gpt-4o-mini"])
    app.run()
    assert "is not known" not in said(app)

    app = pressed(app, ADD)
    assert judges(app)[-1] == "mine"
    assert f"Added for this session: `{FILE}`" in said(app)
    assert "5 judges" in app.caption[0].value

    turned(app, "reliability")
    assert judges(app)[-1] == "mine"
    assert "mine" in set(app.dataframe[0].value["judge"])

    app = pressed(turned(app, "your_study/add_judge"), "Take it away")
    assert judges(app) == list(map(STUDY.rater, STUDY.judge_keys))
    assert "Added for this session" not in said(app)


@pytest.mark.slow
def test_a_file_that_fits_in_part_is_no_success(open_page: OpenPage, release: Path) -> None:
    held = b"item,system,attribute,rating\n1,gpt-4o,Saftey,3\n1,gpt-4o,Empathy,3\n"
    app = uploaded(open_page("your_study/add_judge", source=release), "mine.csv", held)
    assert not app.success
    assert "1 judge recognised, and not all of the file fits. Nothing is added yet." in said(app)
    assert "1 attribute not in the study, in 1 reply: 'Saftey' (is it 'Safety'?)" in said(app)


@pytest.mark.slow
def test_another_session_does_not_see_it(open_page: OpenPage, release: Path, content: bytes) -> None:
    pressed(uploaded(open_page("your_study/add_judge", source=release), FILE, content), ADD)
    assert "mine" not in judges(open_page(source=release))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "held", "sentence"),
    [
        ("mine.csv", b"a,b\n1,2\n", "mine.csv does not look like a judge's ratings"),
        ("mine.csv", b"", "mine.csv cannot be read as a .csv file"),
        ("mine.xlsx", b"not a workbook", "mine.xlsx cannot be read as a .xlsx file"),
        ("mine.csv", b"item,system,attribute,rating\nx,y,Safety,3\n", "none of its 1 reply is one of MentalAlign-70k"),
        ("mine.csv", b"item,system,attribute,rating\n1,gpt-4o,Safety,3\n1,gpt-4o,Safety,4\n", "has 2 ratings"),
        ("gpt-4o_llm_judge.csv", None, "the study has a judge called 'gpt-4o' already"),
    ],
    ids=["no ratings", "empty", "no workbook", "of nothing known", "rated twice", "a name that is taken"],
)
def test_a_file_that_cannot_be_used_adds_nothing(
    open_page: OpenPage, release: Path, *, content: bytes, name: str, held: bytes | None, sentence: str
) -> None:
    app = uploaded(open_page("your_study/add_judge", source=release), name, content if held is None else held)
    assert [each.value for each in app.error] == ["The file cannot be used. Nothing of it was added."]
    assert sentence in said(app)
    assert ADD not in [button.label for button in app.button]
    assert judges(app) == list(map(STUDY.rater, STUDY.judge_keys))


@pytest.mark.slow
def test_every_problem_of_a_file_is_shown_and_nothing_of_it_is_added(open_page: OpenPage, release: Path) -> None:
    held = b"item,system,attribute,rating\n1,gpt-4o,Safety,3\n1,gpt-4o,Safety,4\n2,,Safety,3\n3,GPT 4o,Safety,good\n"
    app = uploaded(open_page("your_study/add_judge", source=release), "gpt-4o_llm_judge.csv", held)
    words = said(app)
    for sentence in (
        "row 4: the rating has no system",
        "has 2 ratings; keep one of them",
        "system 'GPT 4o' is written like 'gpt-4o' of the study",
        "ratings of gpt-4o are no numbers ('good' in row 5, column rating)",
        "the study has a judge called 'gpt-4o' already",
    ):
        assert sentence in words
    assert [each.value for each in app.error] == ["The file cannot be used. Nothing of it was added."]
    assert judges(app) == list(map(STUDY.rater, STUDY.judge_keys))
    assert not app.session_state[added.FILES]


# Names from data


def laid_out(app: AppTest) -> Iterator[str]:
    """Give every text of a page that is laid out as Markdown."""
    for kind in ("title", "header", "subheader", "caption", "markdown", "info", "warning", "success", "error"):
        yield from (element.value for element in app.get(kind))
    for kind in ("selectbox", "radio", "select_slider", "button_group", "button", "expander", "page_link"):
        for element in app.get(kind):
            proto = element.proto
            yield from (getattr(proto, "label", ""), getattr(proto, "help", ""))
            yield from (getattr(option, "content", "") for option in getattr(proto, "options", ()))


def acted_upon(app: AppTest) -> list[str]:
    """List what of a hostile name would be acted upon, outside of code and of what a backslash makes plain."""
    texts = [re.sub(r"(`+) ?.*? ?\1(?!`)|\\.", "", each) for each in laid_out(app)]
    signs = ("<img", "](http://track.er", "](http://e.vil", "](y)", "*loud*", "$x$", ":red[")
    return [f"{sign}: {each[:200]}" for each in texts for sign in signs if sign in each]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_becomes_plain(name: str) -> None:
    assert not MARKUP.search(plain_name(name))
    assert plain_name(plain_name(name)) == plain_name(name)
    assert not re.search(r"(?<!\\)[<\[*`$]", escaped(name).replace("\\\\", ""))


@pytest.mark.parametrize(
    "name", ["gpt-4o", "my_judge_v2", "Dr. Ç", "Q&A", "Empathy: warm", "Claude 3.7 (new)", "ключ", "a+b=c", "4"]
)
def test_a_plain_name_stays_as_it_is(name: str) -> None:
    assert plain_name(name) == escaped(name) == name


def test_names_of_the_published_study_are_plain() -> None:
    names = [*STUDY.rater_labels.values(), *STUDY.system_labels.values(), *STUDY.attribute_names, STUDY.title]
    assert [plain_name(name) for name in names] == names


@pytest.mark.parametrize(("text", "shown"), [("a.csv", "`a.csv`"), ("a`b``c", "``` a`b``c ```"), ("a\nb", "`a b`")])
def test_the_name_of_a_file_is_code_whatever_is_in_it(text: str, shown: str) -> None:
    assert code(text) == shown


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_judge_with_such_a_name_is_shown_as_text(
    open_page: OpenPage, release: Path, content: bytes, name: str
) -> None:
    file = f"{name.replace('/', '-')}_llm_judge.csv"
    app = uploaded(open_page("your_study/add_judge", source=release), file, content)
    assert acted_upon(app) == []
    app = pressed(app, ADD)
    assert len(judges(app)) == 5
    assert acted_upon(app) == []
    for page in ("overview", "judges", "inflation"):
        turned(app, page)
        assert acted_upon(app) == []


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a study in which items, systems, judges, files and what ``study.toml`` says have such names."""
    made = make_study(6)
    raters = {"gpt-x": HOSTILE[0], "claude 9": HOSTILE[1]}
    systems = {"sys 1": HOSTILE[1], "sys 2": HOSTILE[2], "people": HOSTILE[3]}
    made = made.replace({"rater": raters, "system": systems, "item": {"x y": HOSTILE[1], "12": HOSTILE[0]}})
    toml = f"""
title = "{HOSTILE[1]}"
[item]
one = "{HOSTILE[3]}"
many = "{HOSTILE[2]}"
[groups]
"{HOSTILE[4]} CSS" = ["guidance", "safety"]
[[attributes]]
name = "safety"
meaning = "{HOSTILE[0]}"
{MINIMAL}"""
    folder = tmp_path_factory.mktemp("hostile") / "*loud* $x$ [x](y)"
    write_study(folder, made, toml=toml)
    (folder / "ratings.csv").rename(folder / "*loud* `code`.csv")
    return folder


@pytest.mark.parametrize("page", slow_but({"overview", "conversations"}, PAGES))
def test_a_study_with_such_names_is_shown_as_text(open_page: OpenPage, hostile: Path, page: str) -> None:
    filters = {"conversation": HOSTILE[1]} if page == "conversations" else {}
    assert acted_upon(open_page(page, source=hostile, **filters)) == []


@pytest.mark.slow
def test_what_a_link_asks_for_is_shown_as_text(open_page: OpenPage) -> None:
    app = open_page(judge=HOSTILE[2], preset=HOSTILE[1])
    assert any("is not known" in each.value for each in app.warning)
    assert acted_upon(app) == []


def test_an_attribute_with_such_a_name_is_refused(tmp_path: Path) -> None:
    made = make_study(2)
    write_study(tmp_path, made.replace({"attribute": {"tone": HOSTILE[1]}}))
    with pytest.raises(ReleaseError) as refused:
        read_folder(tmp_path)
    assert str(refused.value) == (
        f"attribute {HOSTILE[1]!r}: in its name stands [ ] :, which would be taken for markup; call it otherwise"
    )
