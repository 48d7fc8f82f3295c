"""Rating files are told by their columns, and a folder that is no release is refused with a sentence."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from data.errors import ReleaseError, StudyError
from data.mentalalign import STUDY, SUFFIX
from data.released.files import Reading, read_folder
from data.remote.progress import Progress
from data.sources import judged, load
from data.study import HUMAN
from tests.made_release import Made, file_table, write_joined, write_separate, write_table, write_workbooks

Table = dict[str, list]

ENDINGS = list(SUFFIX)


def raters_of(reading: Reading) -> dict[str, tuple[str, ...]]:
    return {record.name: record.raters for record in reading.files}


def write(folder: Path, made: Made, file: str, change: Callable[[Table], object], rater: str = "gpt-4o") -> None:
    """Write the experts' file and one judge's, the latter under a name and changed."""
    write_separate(folder, made, raters=[HUMAN])
    table = file_table(made, rater)
    change(table)
    write_table(folder / file, table)


def unchanged(table: Table) -> None:
    """Change nothing."""


def test_workbooks_are_found_in_subfolders(tmp_path: Path, made: Made) -> None:
    names = write_workbooks(tmp_path, made, subfolders=True)
    reading = read_folder(tmp_path)
    assert raters_of(reading) == {name: (rater,) for rater, name in names.items()}
    assert [part.rater for part in reading.parts] == list(STUDY.raters)
    assert reading.notes == ()


def test_a_record_names_a_file_by_its_hash_and_rows(tmp_path: Path, made: Made) -> None:
    names = write_workbooks(tmp_path, made)
    for record in read_folder(tmp_path).files:
        assert record.name == names[record.raters[0]]
        assert record.sha256 == hashlib.sha256((tmp_path / record.name).read_bytes()).hexdigest()
        assert record.rows == 48


def test_header_cells_may_begin_with_a_space_and_be_in_capitals(tmp_path: Path, made: Made) -> None:
    def change(table: Table) -> None:
        for name in list(table):
            table[f"  {name.upper()} "] = table.pop(name)

    write(tmp_path, made, "gpt-4o_llm_judge.csv", change)
    part = read_folder(tmp_path).parts[1]
    assert part.conversations == list(made.conversations)
    assert part.contexts == made.contexts["gpt-4o"]
    assert part.cells == made.cells["gpt-4o"]


@pytest.mark.parametrize("ending", ["", "_with_human"])
@pytest.mark.parametrize(
    ("name", "judge"),
    [
        ("claude_llm_judge", "claude-3.7-sonnet"),
        ("gpt-4o_llm_judge", "gpt-4o"),
        ("gemini_llm_judge", "gemini-2.5-flash"),
        ("o4-mini_llm_judge", "o4-mini"),
    ],
)
def test_a_judge_of_the_study_is_known_by_the_name_of_its_file(
    tmp_path: Path, made: Made, name: str, ending: str, judge: str
) -> None:
    write(tmp_path, made, f"run.1/{name}{ending}.csv", unchanged)
    assert raters_of(read_folder(tmp_path))[f"run.1/{name}{ending}.csv"] == (judge,)


@pytest.mark.parametrize(
    ("file", "judge"),
    [
        ("claude-4-opus_llm_judge.csv", "claude-4-opus"),
        ("gemini-3-pro_llm_judge.csv", "gemini-3-pro"),
        ("gpt4o_llm_judge.csv", "gpt4o"),
        ("GPT-4o_llm_judge.csv", "GPT-4o"),
        ("gpt-4o-mini_llm_judge_with_human.csv", "gpt-4o-mini"),
        ("gpt-4o-finetuned/mine_llm_judge.csv", "mine"),
        ("claude/gemini-1_llm_judge.csv", "gemini-1"),
        ("v1.claude/part 2_llm_judge.csv", "part 2"),
    ],
)
def test_any_other_name_is_another_judge(tmp_path: Path, made: Made, file: str, judge: str) -> None:
    write(tmp_path, made, file, unchanged)
    assert judge not in STUDY.judge_keys
    assert raters_of(read_folder(tmp_path))[file] == (judge,)


@pytest.mark.parametrize(
    "file",
    [
        *("mistral.csv", "gpt-4o-mini.csv", "claude_and_gemini.csv", "ratings.csv", "_llm_judge.csv"),
        *("GPT4o.csv", "gpt-4o.csv", "ratings by o4 mini.csv", "claude-3-7-sonnet-20250219.csv"),
        *("gemini-2.5-flash/ratings.csv", "claude/run.1/part.2.csv", "v1.claude/ratings.csv", "claude/gemini.csv"),
        *("claude-3.7-sonnet_llm_judge.csv", "human_llm_judge.csv", "panel-mean_llm_judge.csv"),
    ],
)
def test_a_file_that_names_no_judge_is_passed_over_with_a_note(tmp_path: Path, made: Made, file: str) -> None:
    write(tmp_path, made, file, unchanged)
    note = (
        f"{file}: its judge's ratings were not read, because its name does not tell whose they are; call the file "
        "<judge>_llm_judge, with a name that no judge of the study has"
    )
    with pytest.raises(ReleaseError) as refused:
        judged(load(str(tmp_path), Progress()))
    assert "at least one judge is needed" in str(refused.value)
    assert str(refused.value).endswith(f"; {note}")

    write_separate(tmp_path, made, raters=["o4-mini"])
    reading = read_folder(tmp_path)
    assert [part.rater for part in reading.parts] == [HUMAN, "o4-mini"]
    assert reading.notes == (note,)


def test_of_two_files_with_the_same_judge_the_first_is_read(tmp_path: Path, made: Made) -> None:
    write_separate(tmp_path, made)
    write_separate(tmp_path, made, form="parquet", raters=["gpt-4o"])
    write_table(tmp_path / "again" / "gpt-4o_llm_judge.parquet", file_table(made, "gemini-2.5-flash"))
    reading = read_folder(tmp_path)
    assert sum(record.raters == ("gpt-4o",) for record in reading.files) == 1
    first = next(part for part in reading.parts if part.rater == "gpt-4o")
    assert first.file == "again/gpt-4o_llm_judge.parquet"
    assert reading.notes == (
        "gpt-4o_llm_judge.parquet was not read: again/gpt-4o_llm_judge.parquet already holds its ratings",
        "gpt-4o_llm_judge.csv was not read: again/gpt-4o_llm_judge.parquet already holds its ratings",
    )


@pytest.mark.parametrize("names", [["expert_a", "expert_b", "expert_c"], ["Human_judge", "site 2/Human_judge_2"]])
def test_several_experts_files_are_refused(tmp_path: Path, made: Made, names: list[str]) -> None:
    write_separate(tmp_path, made, raters=STUDY.judge_keys)
    for name in names:
        write_table(tmp_path / f"{name}.csv", file_table(made, HUMAN))
    with pytest.raises(ReleaseError, match="all hold experts' ratings, and nothing tells how they belong") as refused:
        read_folder(tmp_path)
    assert str(refused.value).startswith(", ".join(f"{name}.csv" for name in names))


def test_the_experts_file_in_two_formats_is_read_once(tmp_path: Path, made: Made) -> None:
    write_separate(tmp_path, made)
    write_separate(tmp_path, made, form="parquet", raters=[HUMAN])
    reading = read_folder(tmp_path)
    assert [part.file for part in reading.parts if part.rater == HUMAN] == ["Human_judge.parquet"]
    assert reading.notes == ("Human_judge.csv was not read: Human_judge.parquet already holds its ratings",)


@pytest.mark.parametrize("name", ["a human file", "the human file"])
def test_experts_with_a_file_of_their_own_are_read_from_it(tmp_path: Path, made: Made, name: str) -> None:
    write_joined(tmp_path, made, judges=["gpt-4o", "o4-mini"], with_ids=True)
    write_table(tmp_path / f"{name}.csv", file_table(made, HUMAN))
    reading = read_folder(tmp_path)
    assert [(part.rater, part.file) for part in reading.parts] == [
        (HUMAN, f"{name}.csv"),
        ("gpt-4o", "gpt-4o_llm_judge_with_human.csv"),
        ("o4-mini", "o4-mini_llm_judge_with_human.csv"),
    ]
    assert reading.notes == ()


def test_experts_of_a_joined_file_that_is_passed_over_are_not_read(tmp_path: Path, made: Made) -> None:
    write_joined(tmp_path, made, judges=["gpt-4o"], with_ids=True)
    write_joined(tmp_path / "second", made, judges=["gpt-4o"], with_ids=True)
    reading = read_folder(tmp_path)
    assert raters_of(reading) == {"gpt-4o_llm_judge_with_human.csv": (HUMAN, "gpt-4o")}
    assert len(reading.notes) == 1


def test_other_files_are_left_alone(tmp_path: Path, made: Made) -> None:
    write_workbooks(tmp_path, made)
    write_table(tmp_path / "replies.parquet", {"context": ["a"], "response": ["b"]})
    write_table(tmp_path / "budget.xlsx", {"item": ["a"], "price": ["b"]})
    (tmp_path / "prices.csv").write_bytes("Stück;Käse\n1;2".encode("latin-1"))
    (tmp_path / "README.md").write_text("human_response_claude")
    (tmp_path / "~$gpt-4o_llm_judge.xlsx").write_bytes(b"lock")
    (tmp_path / "._gpt-4o_llm_judge.xlsx").write_bytes(b"resource fork")
    reading = read_folder(tmp_path)
    assert len(reading.files) == 5
    assert reading.notes == ()


def test_the_ratings_may_be_on_any_sheet(tmp_path: Path, made: Made) -> None:
    names = write_workbooks(tmp_path, made, raters=[HUMAN, "gpt-4o"])
    book = openpyxl.load_workbook(tmp_path / names["gpt-4o"])
    book.create_sheet("Notes", 0).append(["written by hand"])
    book.create_chartsheet("Chart", 0)
    book.create_sheet("Empty", 0)
    book.save(tmp_path / names["gpt-4o"])
    part = read_folder(tmp_path).parts[1]
    assert part.conversations == list(made.conversations)
    assert {model: [cell or None for cell in cells] for model, cells in part.cells.items()} == made.cells["gpt-4o"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_blank_rows_are_skipped(tmp_path: Path, made: Made, form: str) -> None:
    def change(table: Table) -> None:
        for column in table.values():
            column.insert(1, None)
            column.append(None)

    write(tmp_path, made, f"gpt-4o_llm_judge.{form}", change)
    assert read_folder(tmp_path).parts[1].conversations == list(made.conversations)


def test_numbers_may_be_text_whole_or_decimal(tmp_path: Path, made: Made) -> None:
    def change(table: Table) -> None:
        table["ConvID"] = [f" {number}.0 " if number % 2 else str(number) for number in table["ConvID"]]

    write(tmp_path, made, "gpt-4o_llm_judge.parquet", change)
    assert read_folder(tmp_path).parts[1].conversations == list(made.conversations)


def test_parquet_may_hold_mappings(tmp_path: Path, made: Made) -> None:
    cell = {"Guidance": 4, "Explanation": "short"}

    def change(table: Table) -> None:
        table["judge_response_claude"] = [cell] * 48

    write(tmp_path, made, "gpt-4o_llm_judge.parquet", change)
    assert read_folder(tmp_path).parts[1].cells["claude-3.5-haiku"] == [cell] * 48


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_only_an_empty_cell_is_empty(tmp_path: Path, made: Made, form: str) -> None:
    written = ["NA", "nan", "None", "null", "0", None]

    def change(table: Table) -> None:
        table["judge_response_claude"][:6] = written

    write(tmp_path, made, f"gpt-4o_llm_judge.{form}", change)
    cells = read_folder(tmp_path).parts[1].cells["claude-3.5-haiku"][:6]
    assert [cell or None for cell in cells] == written


def test_unknown_and_missing_columns_are_noted(tmp_path: Path, made: Made) -> None:
    def change(table: Table) -> None:
        table["judge_response_mistral-7b"] = table.pop("judge_response_claude")

    write(tmp_path, made, "gpt-4o_llm_judge.csv", change)
    reading = read_folder(tmp_path)
    assert reading.notes == (
        "gpt-4o_llm_judge.csv: column judge_response_mistral-7b was not read; known endings are " + ", ".join(ENDINGS),
        "gpt-4o_llm_judge.csv has no column judge_response_... for claude",
    )
    assert "claude-3.5-haiku" not in reading.parts[1].cells


def test_of_a_repeated_number_the_first_row_is_kept(tmp_path: Path, made: Made) -> None:
    def change(table: Table) -> None:
        table["ConvID"][4] = 2
        table["ConvID"][7] = 2

    write(tmp_path, made, "gpt-4o_llm_judge.csv", change)
    reading = read_folder(tmp_path)
    part = reading.parts[1]
    assert part.conversations == [number for number in made.conversations if number not in (5, 8)]
    assert part.repeated == ((2, 6), (2, 9))
    assert part.sheet_rows == [row for row in range(2, 50) if row not in (6, 9)]
    assert part.contexts[1] == made.contexts["gpt-4o"][1]
    assert part.rows == 46
    assert reading.files[1].rows == 48


def test_each_file_is_reported_as_it_is_read(tmp_path: Path, made: Made) -> None:
    write_workbooks(tmp_path, made, raters=[HUMAN, "gpt-4o"])
    messages: list[str] = []
    read_folder(tmp_path, report=messages.append)
    assert messages == ["Reading Human_judge.xlsx", "Reading gpt-4o_llm_judge.xlsx"]


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file.xlsx").touch()
    for path in (tmp_path / "nowhere", tmp_path / "file.xlsx"):
        with pytest.raises(ReleaseError, match=re.escape(f"{path} is not a folder; name a folder")):
            read_folder(path)


def test_a_folder_without_ratings_is_refused(tmp_path: Path) -> None:
    write_table(tmp_path / "replies.csv", {"context": ["a"], "response": ["b"]})
    expected = (
        "no rating file; expected .xlsx, .parquet, .csv files with columns human_response_... and judge_response_"
    )
    with pytest.raises(ReleaseError, match=re.escape(f"{tmp_path} holds {expected}")):
        read_folder(tmp_path)


def test_a_missing_side_is_named(tmp_path: Path, made: Made) -> None:
    write_workbooks(tmp_path / "experts", made, raters=[HUMAN])
    with pytest.raises(ReleaseError, match=r"has the experts' ratings only, and at least one judge is needed"):
        judged(load(str(tmp_path / "experts"), Progress()))
    write_workbooks(tmp_path / "judges", made, raters=STUDY.judge_keys)
    with pytest.raises(ReleaseError, match=r"judges holds judges' ratings only; the experts' file \(human_response_"):
        read_folder(tmp_path / "judges")


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


@pytest.mark.parametrize(
    ("form", "harm", "reason"),
    [
        (
            "xlsx",
            lambda _: b"ConvID,context\n1,a\n",
            r"as a .xlsx file \(.+\); it may be empty, damaged or cut off; save it again",
        ),
        ("xlsx", lambda _: b"", r"as a .xlsx file \(.+\); it may be empty, damaged or cut off; save it again"),
        ("xlsx", cut, r"as a .xlsx file \(.+\); it may be empty, damaged or cut off; save it again"),
        (
            "parquet",
            lambda _: b"ConvID,context\n1,a\n",
            r"as a .parquet file \(.+\); it may be empty, damaged or cut off; save it again",
        ),
        ("parquet", lambda _: b"", r"as a .parquet file \(.+\); it may be empty, damaged or cut off; save it again"),
        ("parquet", cut, r"as a .parquet file \(.+\); it may be empty, damaged or cut off; save it again"),
        (
            "parquet",
            lambda content: content[:99] + b"~" * 99 + content[198:],
            r"as a .parquet file \(.+\); it may be empty",
        ),
        ("csv", lambda _: b"", r"as a .csv file \(.+\); it may be empty, damaged or cut off; save it again"),
        (
            "csv",
            cut,
            r"as a .csv file \(.*EOF inside string starting at row \d+\); it may be empty, damaged or cut",
        ),
        ("csv", lambda content: content + b"49,caf\xe9\n", r"as a .csv file \('utf-8' codec .+\); save it as UTF-8"),
    ],
    ids=[
        *("text as xlsx", "empty xlsx", "cut xlsx", "text as parquet", "empty parquet", "cut parquet"),
        *("altered parquet", "empty csv", "cut csv", "csv that is not UTF-8"),
    ],
)
def test_a_damaged_file_is_refused_by_name(
    tmp_path: Path, made: Made, form: str, harm: Callable[[bytes], bytes], reason: str
) -> None:
    write_separate(tmp_path, made, raters=[HUMAN])
    path = tmp_path / f"gpt-4o_llm_judge.{form}"
    write_table(path, file_table(made, "gpt-4o"))
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(ReleaseError, match=rf"^gpt-4o_llm_judge.{form} cannot be read {reason}") as refused:
        read_folder(tmp_path)
    assert "\n" not in str(refused.value)


def test_every_line_of_a_csv_that_is_too_long_is_named(tmp_path: Path, made: Made) -> None:
    write_separate(tmp_path, made, raters=[HUMAN])
    path = tmp_path / "gpt-4o_llm_judge.csv"
    path.write_text("ConvID,judge_response_claude\n1,a\n2,a,b\n" + '3,"a\nb",c,d\n' * 4, encoding="utf-8")
    with pytest.raises(StudyError) as refused:
        read_folder(tmp_path)
    assert refused.value.problems == (
        "gpt-4o_llm_judge.csv, line 3: it has 3 cells where there are 2 headings; give it as many",
        "gpt-4o_llm_judge.csv, line 5: it has 4 cells where there are 2 headings; give it as many",
        "gpt-4o_llm_judge.csv, line 7: it has 4 cells where there are 2 headings; give it as many",
        "gpt-4o_llm_judge.csv, 2 more lines: they have more cells than there are headings; give them as many",
    )


@pytest.mark.parametrize("form", ["xlsx", "parquet", "csv"])
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("abc", "'abc'"),
        ("1.5", "'1.5'"),
        ("-1", "'-1'"),
        ("1234567890", "'1234567890'"),
        ("7" * 100, f"'{'7' * 40}'"),
        (None, "nothing"),
    ],
)
def test_a_number_that_is_none_is_refused_by_row(
    tmp_path: Path, made: Made, form: str, value: str | None, shown: str
) -> None:
    def change(table: Table) -> None:
        table["ConvID"] = [str(number) for number in table["ConvID"]]
        table["ConvID"][3] = value

    write(tmp_path, made, f"gpt-4o_llm_judge.{form}", change)
    expected = (
        f"gpt-4o_llm_judge.{form}, row 5, column ConvID: {shown} is not a conversation number; "
        "every row needs a whole number of at most 9 digits"
    )
    with pytest.raises(ReleaseError, match=f"^{re.escape(expected)}$"):
        read_folder(tmp_path)


def test_a_row_is_named_as_a_spreadsheet_shows_it(tmp_path: Path, made: Made) -> None:
    write_separate(tmp_path, made, raters=[HUMAN])
    rows = ["ConvID,context,judge_response_claude", '1,"two\nlines",', "", "2,one line,", "three,one line,"]
    (tmp_path / "gpt-4o_llm_judge.csv").write_text("\n".join(rows))
    with pytest.raises(ReleaseError, match=r"^gpt-4o_llm_judge.csv, row 5, column ConvID: 'three' is not"):
        read_folder(tmp_path)


def test_rows_without_number_and_context_are_refused(tmp_path: Path, made: Made) -> None:
    def change(table: Table) -> None:
        del table["ConvID"], table["context"]

    write(tmp_path, made, "gpt-4o_llm_judge.csv", change)
    with pytest.raises(ReleaseError, match=r"^gpt-4o_llm_judge.csv has neither a column ConvID nor a column context"):
        read_folder(tmp_path)


@pytest.mark.parametrize("form", ["xlsx", "parquet", "csv"])
def test_a_file_without_rows_is_refused(tmp_path: Path, made: Made, form: str) -> None:
    def change(table: Table) -> None:
        for column in table.values():
            column.clear()

    write(tmp_path, made, f"gpt-4o_llm_judge.{form}", change)
    with pytest.raises(ReleaseError, match=rf"^gpt-4o_llm_judge.{form} has the columns of a rating file but no rows"):
        read_folder(tmp_path)


@pytest.mark.parametrize("form", ["xlsx", "parquet", "csv"])
@pytest.mark.parametrize("column", ["ConvID", "context", "judge_response_gpt4o"])
def test_a_column_that_stands_twice_is_refused(tmp_path: Path, made: Made, form: str, column: str) -> None:
    def change(table: Table) -> None:
        table[f" {column}"] = table[column]

    write(tmp_path, made, f"gpt-4o_llm_judge.{form}", change)
    with pytest.raises(ReleaseError, match=rf"^gpt-4o_llm_judge.{form} has the column {column} twice"):
        read_folder(tmp_path)
