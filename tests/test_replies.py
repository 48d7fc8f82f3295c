"""MentalBench-100k from Hugging Face through ``datasets``: found by its columns, mapped into memory, kept on disk."""

import io
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from data.errors import GivenUpError, SourceError
from data.mentalalign import REPOSITORY, STUDY
from data.remote import hub as hub_source
from data.remote.progress import Progress
from data.replies.texts import load_replies
from tests.standin_hub import Manner, StandinHub, ratings_files, replies_table

NAME = "MentalBench-100k/MentalBench-100k.csv"
CONTENT = replies_table().to_csv(index=False).encode()


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[StandinHub]:
    """Give a stand-in that holds replies and a card, with empty caches; nobody waits long for it."""
    monkeypatch.setattr(hub_source, "PROBE_SECONDS", 1)
    monkeypatch.setattr(hub_source, "SILENCE_SECONDS", 1)
    with StandinHub({"README.md": b"# MentalBench", NAME: CONTENT}) as standin:
        standin.use(monkeypatch, tmp_path)
        yield standin


def parquet(table: pd.DataFrame) -> bytes:
    content = io.BytesIO()
    table.to_parquet(content, index=False)
    return content.getvalue()


def test_replies_have_a_column_for_each_model(hub: StandinHub) -> None:
    replies = load_replies(Progress())
    assert (replies.file, replies.revision, replies.notice) == (NAME, hub.revision, "")
    assert set(replies.table.column_names) == {"context", *STUDY.system_keys}
    assert len(replies.table) == 12
    row = replies.table[4]
    assert row["context"] == "message 5"
    assert row["gpt-4o-mini"] == "GPT-4o-Mini on message 5"
    assert row["original"] == "Original reply on message 5"


def test_a_message_is_found_by_its_words_whatever_its_signs(hub: StandinHub) -> None:
    replies = load_replies(Progress())
    assert [replies.find(text) for text in ("message 1", "Message\n 5!", "message 12")] == [0, 4, 11]
    assert [replies.find(text) for text in ("message", "message 13", "")] == [None, None, None]


def test_replies_are_mapped_from_the_disk(hub: StandinHub, tmp_path: Path) -> None:
    mapped = load_replies(Progress()).table.cache_files
    assert mapped
    assert all(Path(file["filename"]).is_relative_to(tmp_path / "arrow") for file in mapped)


def test_only_the_file_itself_is_asked_for(hub: StandinHub) -> None:
    load_replies(Progress())
    file = f"/datasets/{REPOSITORY}/resolve/{hub.revision}/{NAME}"
    assert hub.asked == [f"GET /api/datasets/{REPOSITORY}", f"HEAD {file}", f"GET {file}"]


def test_a_second_visit_asks_only_which_commit_is_current(hub: StandinHub) -> None:
    load_replies(Progress())
    hub.asked.clear()
    load_replies(Progress())
    assert hub.asked == [f"GET /api/datasets/{REPOSITORY}"]


def test_an_earlier_download_is_shown_when_the_hub_is_gone(hub: StandinHub) -> None:
    first = load_replies(Progress())
    hub.close()
    again = load_replies(Progress())
    assert again.table.to_pandas().equals(first.table.to_pandas())
    assert again.revision == first.revision
    assert again.notice.endswith("; an earlier download from this machine's cache is shown")


def test_a_table_read_from_the_disk_needs_no_network(hub: StandinHub, tmp_path: Path) -> None:
    import datasets

    local = tmp_path / "replies.csv"
    local.write_bytes(CONTENT)
    assert len(datasets.load_dataset("csv", data_files=str(local), split="train")) == 12
    assert hub.asked == []
    hub.close()
    local.write_bytes(CONTENT + CONTENT.partition(b"\n")[2])
    assert len(datasets.load_dataset("csv", data_files=str(local), split="train")) == 24


def test_parquet_is_read_as_well(hub: StandinHub) -> None:
    hub.files = {"data/train-00000-of-00001.parquet": parquet(replies_table())}
    replies = load_replies(Progress())
    assert replies.table[0]["qwen-3-4b"] == "Qwen-3-4B on message 1"
    assert replies.table.cache_files


def test_a_repository_with_ratings_only_holds_no_replies(hub: StandinHub) -> None:
    hub.files = ratings_files()
    with pytest.raises(SourceError, match=rf"^Hugging Face holds no tables of replies in {REPOSITORY}$"):
        load_replies(Progress())
    assert hub.fetched() == []


def test_a_table_with_contexts_and_original_replies_only_is_another_data_set(hub: StandinHub) -> None:
    hub.files = {"a-source.csv": b"context,response\nmessage 1,an answer\n", "b-replies.csv": CONTENT}
    assert load_replies(Progress()).file == "b-replies.csv"
    del hub.files["b-replies.csv"]
    with pytest.raises(SourceError, match=r"^Hugging Face holds no table in .* with the columns of MentalBench-100k$"):
        load_replies(Progress())


def test_a_table_that_cannot_be_read_is_named(hub: StandinHub) -> None:
    hub.files = {"broken.parquet": b"PAR1, but not for long"}
    with pytest.raises(SourceError, match=r"^Hugging Face holds broken\.parquet, which cannot be read as a table$"):
        load_replies(Progress())


def test_content_with_another_hash_is_not_read(hub: StandinHub) -> None:
    hub.manner = Manner.WRONG_CONTENT
    with pytest.raises(
        SourceError, match=f"^Hugging Face sent {NAME} with a hash other than its own; it was not used$"
    ):
        load_replies(Progress())


def test_a_reader_who_gave_up_gets_nothing(hub: StandinHub) -> None:
    progress = Progress()
    progress.give_up()
    with pytest.raises(GivenUpError):
        load_replies(progress)
    assert hub.asked == []
