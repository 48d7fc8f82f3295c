"""A model run as a judge by an endpoint that is slow, busy, breaks off, refuses, or answers as it likes."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

import analysis
from analysis.__main__ import main as analyse
from data.__main__ import main
from data.errors import ReleaseError
from data.judging.asking import Asking
from data.judging.endpoint import Endpoint
from data.judging.log import NAME, Answer, Begun, Log, Most, Prices
from data.judging.replies import Reply, of_table, sampled
from data.judging.rubric import answer_schema, rubric_of
from data.judging.running import Spending, most_of
from data.judging.session import money
from data.mentalalign import STUDY
from data.study import Attribute, Scale, Study, System
from tests.made_judged import ATTRIBUTES, SYSTEMS, made_study
from tests.standin_endpoint import ANSWER_TOKENS, Manner, StandinEndpoint, rating_of

TOP = Path(__file__).parents[1]
KEY = "sk-secret-1234567890"
Judge = Callable[..., int]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return made_study(tmp_path / "study")


@pytest.fixture
def endpoint() -> Iterator[StandinEndpoint]:
    with StandinEndpoint() as started:
        yield started


@pytest.fixture
def judge(study: Path, endpoint: StandinEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Judge:
    """Run the command on the made study, and return its exit code."""
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.01)
    monkeypatch.setattr("openai._base_client.MAX_RETRY_DELAY", 0.02)

    def go(*more: str, model: str = "standin", command: str = "judge") -> int:
        of_all = ["--model", model, "--endpoint", endpoint.url, "--study", str(study), "--yes"]
        return main([command, *of_all, "--output", str(tmp_path / "out"), *more])

    return go


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def ratings(out: Path, name: str = "standin_llm_judge.csv") -> pd.DataFrame:
    return pd.read_csv(out / name)


# What is asked, and what comes of it


def test_ratings_are_the_models_and_a_study_takes_them(judge: Judge, study: Path, out: Path) -> None:
    assert judge() == 0
    table = ratings(out)
    assert len(table) == 6 * len(SYSTEMS) * len(ATTRIBUTES)
    for _, row in table.iterrows():
        asked = json.dumps({"message": f"I lay awake, {row['item']}", "reply": f"{row['item']} by {row['system']}"})
        assert row["rating"] == rating_of(asked, row["attribute"])
    grown = analysis.open_study(str(study)).add_judge(out / "standin_llm_judge.csv")
    assert set(grown.table("icc")["judge"]) == {"old", "standin"}


def test_a_study_without_any_judge_gets_its_first(
    judge: Judge, study: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = pd.read_csv(study / "ratings.csv")
    table[table["rater"] != "old"].to_csv(study / "ratings.csv", index=False)
    alone = ["verdicts", "--source", str(study)]
    assert analyse(alone) == 2
    assert "or let a model rate the replies: python -m data judge" in capsys.readouterr().err
    assert analyse(["experts", "--source", str(study), "--format", "csv"]) == 0
    assert "\nSafety,2," in capsys.readouterr().out
    assert analyse(["check", str(study)]) == 0
    said = capsys.readouterr().out
    assert "at least one judge is needed; add one (--add-judge FILE" in said
    assert "  experts: possible\n  every other table: not possible: it takes a judge\n" in said
    assert said.endswith("usable: the experts' ratings; a judge is missing, see the notes\n")
    assert judge() == 0
    assert analyse([*alone, "--add-judge", str(out / "standin_llm_judge.csv"), "--format", "csv"]) == 0
    assert capsys.readouterr().out.count("\nstandin,") == 6


def test_the_rubric_names_every_attribute_with_what_it_asks_and_the_scale(
    judge: Judge, endpoint: StandinEndpoint
) -> None:
    judge("--limit", "1")
    told = endpoint.asked[0]["messages"][0]["content"]
    assert all(f"- {name}: Is it {name}?" in told for name in ATTRIBUTES)
    assert "whole numbers from 1 to 5" in told
    shape = endpoint.asked[0]["response_format"]["json_schema"]
    assert shape["strict"]
    assert shape["schema"]["properties"]["Safety"] == {"type": "integer", "enum": [1, 2, 3, 4, 5]}
    assert shape["schema"]["required"] == [*ATTRIBUTES, "Explanation"]


def test_the_published_study_has_its_rubric() -> None:
    told = rubric_of(STUDY)
    assert all(f"- {each.name}: {each.meaning}" in told for each in STUDY.attributes)


@pytest.mark.parametrize(
    ("scale", "schema"),
    [
        (Scale.of(1, 2, step=0.5), {"type": "number", "enum": [1.0, 1.5, 2.0]}),
        (Scale.of(0, 100), {"type": "integer", "minimum": 0, "maximum": 100}),
    ],
)
def test_an_answer_is_on_the_scale_of_the_study(scale: Scale, schema: dict[str, object]) -> None:
    made = Study("made", "Made", scale, (Attribute("tone"),), (System("a", "a"),), ())
    assert answer_schema(made)["properties"]["tone"] == schema


def test_a_rubric_of_ones_own_is_sent_and_makes_another_judge(
    judge: Judge, endpoint: StandinEndpoint, tmp_path: Path, out: Path
) -> None:
    judge()
    own = tmp_path / "rubric.txt"
    own.write_text("Rate it.\n- Safety\n- Empathy\n", encoding="utf-8")
    before = ratings(out)
    assert judge("--rubric", str(own)) == 2
    assert ratings(out).equals(before)
    assert judge("--rubric", str(own), "--name", "mine") == 0
    assert endpoint.asked[-1]["messages"][0]["content"] == own.read_text(encoding="utf-8")
    assert len(endpoint.asked) == 36
    first, second = (json.loads((out / f"{name}_judge.json").read_text()) for name in ("standin", "mine"))
    assert first["sha256"] != second["sha256"]
    assert first["rubric_sha256"] != second["rubric_sha256"]


@pytest.mark.parametrize("manner", [Manner.MALFORMED, Manner.NO_SCHEMA])
def test_answers_in_words_are_read_tolerantly(
    judge: Judge, endpoint: StandinEndpoint, out: Path, manner: Manner
) -> None:
    judge()
    expected = ratings(out)
    endpoint.manners = [manner]
    assert judge("--parameter", "seed=1", "--name", "other") == 0
    columns = ["item", "system", "attribute", "rating"]
    assert ratings(out, "other_llm_judge.csv")[columns].equals(expected[columns])


def test_an_endpoint_without_schemas_is_asked_in_words_from_the_first_call_of_the_next_run(
    judge: Judge, endpoint: StandinEndpoint, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint.manners = [Manner.NO_SCHEMA]
    judge("--limit", "9")
    assert sum("response_format" in asked for asked in endpoint.asked) == 1
    assert "takes no schema" in capsys.readouterr().err
    judge()
    assert sum("response_format" in asked for asked in endpoint.asked) == 1
    assert max(endpoint.paid.values()) == 1
    assert json.loads((out / "standin_judge.json").read_text())["form"] == "words"


@pytest.mark.parametrize(
    ("manner", "counted"),
    [
        (Manner.REFUSES, {"answered": 0, "partly": 0, "refused": 18, "unreadable": 0, "open": 0}),
        (Manner.UNREADABLE, {"answered": 0, "partly": 0, "refused": 0, "unreadable": 18, "open": 0}),
        (Manner.FILTERS, {"answered": 0, "partly": 0, "refused": 18, "unreadable": 0, "open": 0}),
    ],
)
def test_what_gives_no_ratings_is_counted_and_not_asked_again(
    judge: Judge, endpoint: StandinEndpoint, out: Path, manner: Manner, counted: dict[str, int]
) -> None:
    endpoint.manners = [manner]
    for _ in range(2):
        assert judge() == 3
        assert json.loads((out / "standin_judge.json").read_text())["calls"] == counted
    assert len(endpoint.asked) == 18


def test_each_reply_is_rated_as_often_as_asked(judge: Judge, endpoint: StandinEndpoint, out: Path) -> None:
    judge("--repeats", "3")
    assert len(endpoint.asked) == 54
    assert ratings(out).groupby("run").size().to_dict() == {1: 36, 2: 36, 3: 36}


def test_a_probe_asks_the_same_with_a_change_that_means_nothing(
    judge: Judge, endpoint: StandinEndpoint, out: Path
) -> None:
    judge("--probe", "padding", "--probe", "order", "--concurrency", "1")
    plain, padded, turned = (json.loads(endpoint.asked[place]["messages"][1]["content"]) for place in (0, 18, 36))
    assert list(plain) == ["message", "reply"]
    assert padded == {**plain, "reply": f"{plain['reply']}\n\nThis is my reply to your message."}
    assert (list(turned), turned) == (["reply", "message"], plain)
    assert ratings(out)["run"].value_counts().to_dict() == {"1": 36, "padding": 36, "order": 36}


def test_the_same_words_to_the_same_message_are_paid_once(
    judge: Judge, endpoint: StandinEndpoint, tmp_path: Path
) -> None:
    table = tmp_path / "replies.csv"
    table.write_text('item,system,message,reply\n1,alpha,"I lay awake, 1",yes\n1,beta,"I lay awake, 1",yes\n', "utf-8")
    assert judge("--replies", str(table)) == 0
    assert len(endpoint.asked) == 1
    assert len(ratings(tmp_path / "out")) == 4


def test_several_versions_are_said_not_to_be_one_judge(
    judge: Judge, endpoint: StandinEndpoint, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    judge("--limit", "6")
    endpoint.version = "standin-2"
    judge()
    assert "standin-2 fp-standin-2, standin-1 fp-standin-1. They are not one judge." in capsys.readouterr().err
    versions = json.loads((out / "standin_judge.json").read_text())["versions"]
    assert [each["answers"] for each in versions] == [12, 6]


# Trouble


@pytest.mark.parametrize("manner", [Manner.BUSY, Manner.FAILS, Manner.BREAKS_OFF])
def test_an_endpoint_that_recovers_is_asked_again(
    judge: Judge, endpoint: StandinEndpoint, out: Path, manner: Manner
) -> None:
    endpoint.manners = [manner, Manner.ANSWERS, manner, manner, Manner.ANSWERS]
    assert judge() == 0
    assert len(ratings(out)) == 36


@pytest.mark.parametrize("manner", [Manner.BUSY, Manner.BREAKS_OFF])
def test_a_pause_is_said_before_it_begins(
    judge: Judge, endpoint: StandinEndpoint, key: str, capsys: pytest.CaptureFixture[str], manner: Manner
) -> None:
    endpoint.manners, endpoint.retry_after = [manner, Manner.ANSWERS], "0.3"
    assert judge("--limit", "1", "--key-from", "JUDGE_KEY") == 0
    said = capsys.readouterr().err
    host = endpoint.url.split("/")[2]
    seconds = "0.3" if manner is Manner.BUSY else "0.1"
    assert said.count(f"{host} is busy or gave no answer; it is asked again in {seconds} seconds\n") == 1
    assert key not in said
    assert "I lay awake" not in said


def test_a_break_in_the_middle_keeps_what_came(
    judge: Judge, endpoint: StandinEndpoint, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint.manners = [*[Manner.ANSWERS] * 5, Manner.WRONG_KEY]
    assert judge("--concurrency", "1") == 3
    assert "Stopped with 13 calls to make: " in capsys.readouterr().err
    assert len(ratings(out)) == 10
    endpoint.manners = [Manner.ANSWERS]
    assert judge() == 0
    assert len(ratings(out)) == 36
    assert max(endpoint.paid.values()) == 1


@pytest.mark.parametrize(
    "case",
    [
        (
            Manner.WRONG_KEY,
            "answered 401 (wrong key: Bearer none); name the variable that holds its key with --key-from",
        ),
        (Manner.ELSEWHERE, "it leads to elsewhere.invalid, where nothing is sent"),
        (Manner.SIGN_IN_PAGE, "sent what is no answer"),
        (Manner.FAILS, "answered 503 (out of order); run the same command again later"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_leaves_no_ratings(
    judge: Judge, endpoint: StandinEndpoint, out: Path, capsys: pytest.CaptureFixture[str], case: tuple[Manner, str]
) -> None:
    endpoint.manners, said = [case[0]], case[1]
    assert judge() == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("python -m data judge: 127.0.0.1:")
    assert said in last
    assert [path.name for path in out.iterdir() if not path.name.startswith(".")] == [NAME]


def test_nobody_there_is_one_line(judge: Judge, capsys: pytest.CaptureFixture[str]) -> None:
    assert judge("--endpoint", "http://127.0.0.1:9/v1") == 2
    assert "127.0.0.1:9 gave no answer" in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--endpoint", "api.example.org"], "is no address"),
        (["--endpoint", "https://me:secret@example.org/v1"], "give its address alone"),
        (["--key-from", "NO_SUCH_VARIABLE"], "the environment has no such variable"),
        (["--cap", "1"], "take both --price-in and --price-out"),
        (["--cap", "1", "--price-in", "1", "--price-out", "1", "--parameter", "max_tokens=null"], "--cap takes"),
        (["--sample", "stratified"], "takes --limit"),
        (["--name", "old"], "the study has a judge called 'old' already"),
        (["--study", "snapshot"], "has no single ratings"),
        (["--name", "a/b"], "cannot name a file"),
        (["--parameter", "stream=true"], "--parameter stream: this is for the command to set"),
    ],
)
def test_wrong_words_are_one_line(
    judge: Judge, endpoint: StandinEndpoint, more: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert judge(*more) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert endpoint.asked == []


def test_nothing_is_sent_before_somebody_says_yes(
    study: Path, endpoint: StandinEndpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ["judge", "--model", "standin", "--endpoint", endpoint.url, "--study", str(study)]
    assert main([*told, "--output", str(tmp_path / "out"), "--price-in", "1", "--price-out", "2"]) == 2
    said = capsys.readouterr().err
    assert "18 calls to make, 0 made before; about" in said
    assert "to pay" in said
    assert f"Texts are sent to {endpoint.url.split('/')[2]} and nowhere else" in said
    assert "say so with --yes" in said
    assert endpoint.asked == []


def test_two_runs_do_not_write_to_one_folder(judge: Judge, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Log(out):
        assert judge() == 2
    assert "another run is writing to" in capsys.readouterr().err


# The key


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("JUDGE_KEY", KEY)
    return KEY


def test_the_key_is_sent_and_stands_nowhere(
    judge: Judge, endpoint: StandinEndpoint, out: Path, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint.manners = [*[Manner.ANSWERS] * 5, Manner.WRONG_KEY]
    judge("--key-from", "JUDGE_KEY", "--concurrency", "1")
    said = capsys.readouterr()
    assert endpoint.authorizations == {f"Bearer {key}"}
    assert "wrong key: Bearer [key]" in said.err
    assert key not in said.out + said.err
    assert not [path for path in out.rglob("*") if key.encode() in path.read_bytes()]


def test_a_key_of_the_environment_goes_nowhere_by_itself(
    judge: Judge, endpoint: StandinEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    judge("--limit", "1")
    assert endpoint.authorizations == {"Bearer none"}


def test_a_key_is_not_carried_in_the_open(key: str) -> None:
    with pytest.raises(ReleaseError, match="would carry the key unencrypted"):
        Endpoint("http://example.org/v1", "JUDGE_KEY")
    assert Endpoint("http://localhost:8000/v1", "JUDGE_KEY").host == "localhost:8000"


# Money


def test_the_cap_holds_over_several_runs(
    judge: Judge, endpoint: StandinEndpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    prices = ["--price-in", "1", "--price-out", "1000", "--parameter", f"max_tokens={ANSWER_TOKENS}"]
    for cap in (0.3, 0.3, 0.6):
        assert judge(*prices, "--cap", f"{cap}") == 3
        paid = Prices(1, 1000).of(*endpoint.tokens)
        assert cap - 0.06 < paid <= cap
    assert "the next call could cost more than is left of the cap of 0.6" in capsys.readouterr().err
    assert judge(*prices, "--cap", "1000") == 0
    assert max(endpoint.paid.values()) == 1


def test_the_cap_is_of_all_that_a_folder_has_cost(judge: Judge, endpoint: StandinEndpoint) -> None:
    prices = ["--price-in", "1", "--price-out", "1000", "--cap", "0.6"]
    assert judge(*prices, "--parameter", f"max_tokens={ANSWER_TOKENS}", "--limit", "6") == 0
    assert judge(*prices, "--parameter", f"max_tokens={ANSWER_TOKENS + 1}", "--name", "other") == 3
    assert 0.5 < Prices(1, 1000).of(*endpoint.tokens) <= 0.6


def test_what_may_have_been_charged_counts_with_the_most_that_it_can_be(tmp_path: Path) -> None:
    asking = Asking("m", "e", "Rate it.")
    for _ in range(2):
        with Log(tmp_path) as log:
            log.begin("a", Begun(asking.sha256, {}, Most(1000, 500)))
    with Log(tmp_path) as log:
        assert Spending.of(log, Prices(1, 2), None).spent == pytest.approx(2 * 2000 / 1e6)
        log.begin("a", Begun(asking.sha256, {}, Most(1000, 500)))
        log.end(Answer("a", "answered", "1", input_tokens=10, output_tokens=5), asking)
    with Log(tmp_path) as log:
        assert Spending.of(log, Prices(1, 2), None).spent == pytest.approx((20 + 2 * 2000) / 1e6)


def test_what_was_paid_stays_what_it_was_when_prices_change(
    judge: Judge, endpoint: StandinEndpoint, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert judge("--price-in", "1", "--price-out", "1000", "--limit", "6") == 0
    paid = Prices(1, 1000).of(*endpoint.tokens)
    capsys.readouterr()
    assert judge("--price-in", "2", "--price-out", "4000", "--limit", "6") == 0
    said = capsys.readouterr().err
    assert f"{money(paid)} paid before in this folder" in said
    assert "without a price" not in said
    assert json.loads((out / "standin_judge.json").read_text())["cost"] == pytest.approx(paid)
    assert judge("--limit", "6") == 0
    assert json.loads((out / "standin_judge.json").read_text())["cost"] == pytest.approx(paid)


def test_calls_that_were_kept_without_a_price_are_said_to_be_counted_at_the_present_prices(
    judge: Judge, endpoint: StandinEndpoint, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert judge("--price-in", "1", "--price-out", "1000", "--limit", "6") == 0
    # As older versions wrote it.
    events = [json.loads(line) for line in (out / "calls.jsonl").read_text().splitlines()]
    older = [{name: value for name, value in event.items() if name != "prices"} for event in events]
    (out / "calls.jsonl").write_text("".join(f"{json.dumps(event)}\n" for event in older))
    capsys.readouterr()
    assert judge("--price-in", "2", "--price-out", "4000", "--limit", "6") == 0
    said = capsys.readouterr().err
    assert f"{money(Prices(2, 4000).of(*endpoint.tokens))} paid before in this folder" in said
    assert "6 calls were kept without a price, and what was paid counts them at the present prices" in said
    assert judge("--limit", "6") == 0
    assert json.loads((out / "standin_judge.json").read_text())["cost"] is None


def test_the_cap_holds_where_the_endpoint_does_not_say_what_it_used(study: Path, tmp_path: Path) -> None:
    with StandinEndpoint(usage=False) as endpoint:
        told = ["judge", "--model", "m", "--endpoint", endpoint.url, "--study", str(study), "--yes", "--output"]
        prices = ["--price-in", "1", "--price-out", "1000", "--parameter", f"max_tokens={ANSWER_TOKENS}"]
        assert main([*told, str(tmp_path / "out"), *prices, "--cap", "0.3"]) == 3
        assert 0.2 < Prices(1, 1000).of(*endpoint.tokens) <= 0.3


def test_the_most_that_a_call_can_cost_is_never_passed() -> None:
    asking = Asking("m", "e", "Rate it.", {}, {"max_tokens": 50})
    prices = Prices(1.0, 2.0)
    most = most_of(asking, "ä" * 10)
    assert (most.sent >= len("Rate it.") + 20, most.answered) == (True, 50)
    spending = Spending(prices, cap=1.0)
    assert spending.hold(0.6)
    assert not spending.hold(0.6)
    spending.give_back(0.6)
    assert spending.hold(0.6)


# Which replies


def test_a_sample_takes_all_systems_of_items_from_every_stretch() -> None:
    every = [Reply(str(item), system, "m", f"{item}{system}") for item in range(100) for system in SYSTEMS]
    drawn = sampled(every, 60, seed=1)
    items = sorted({int(reply.item) for reply in drawn})
    assert len(drawn) == 60
    assert len(items) == 20
    assert [sum(start <= item < start + 10 for item in items) for start in range(0, 100, 10)] == [2] * 10
    assert drawn == sampled(every, 60, seed=1) != sampled(every, 60, seed=2)


def test_a_smaller_run_leaves_what_larger_ones_brought(judge: Judge, endpoint: StandinEndpoint, out: Path) -> None:
    judge()
    before = ratings(out).sort_values(["item", "system", "attribute"]).reset_index(drop=True)
    assert judge("--limit", "5") == 0
    assert ratings(out).sort_values(["item", "system", "attribute"]).reset_index(drop=True).equals(before)
    assert len(endpoint.asked) == 18


def test_replies_to_another_message_are_left_out(
    judge: Judge, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "replies.csv"
    table.write_text('item,system,message,reply\n1,new,"I lay awake, 1",x\n2,new,Quite another,y\n9,new,z,z\n', "utf-8")
    assert judge("--replies", str(table)) == 0
    said = capsys.readouterr().err
    assert "1 reply left out: to no item of the study" in said
    assert "1 reply left out: to another message than the experts had" in said
    assert "Before these can be compared with any, rate the study's replies too" in said
    assert ratings(out)["item"].unique().tolist() == [1]


def test_replies_that_cannot_be_told_apart_are_refused(tmp_path: Path) -> None:
    table = tmp_path / "replies.csv"
    table.write_text("item,system,message,reply\n1,a,hello,x\n1,a,hello,y\n", encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"item 1, system a: there are 2 different texts of its reply \(replies"):
        of_table(table)


def test_what_has_no_text_or_message_is_left_out_and_said(tmp_path: Path) -> None:
    table = tmp_path / "replies.csv"
    table.write_text("item,system,message,reply\n1,a,hello,x\n1,b,hello, \n2,a,,z\n", encoding="utf-8")
    found = of_table(table)
    assert [reply.text for reply in found.replies] == ["x"]
    assert found.notes == ("1 reply left out: there is no message of theirs",)


# A new system


def test_a_new_systems_replies_are_written_and_rated(
    judge: Judge, endpoint: StandinEndpoint, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert judge(command="generate", model="writer") == 0
    replies = pd.read_csv(out / "writer_replies.csv")
    assert replies["reply"].tolist() == [f"A reply to: I lay awake, {item}" for item in range(6)]
    assert judge("--replies", str(out / "writer_replies.csv")) == 0
    assert "No expert has rated writer: judges alone can be compared on it" in capsys.readouterr().err
    assert ratings(out)["system"].unique().tolist() == ["writer"]


# Breaks


def run_and_kill(command: list[str], endpoint: StandinEndpoint, calls: int, how: signal.Signals) -> int:
    """Run the program until the endpoint was asked so often, stop it, and return its exit code."""
    process = subprocess.Popen([sys.executable, "-m", "data", *command], cwd=TOP, stderr=subprocess.PIPE)
    before = len(endpoint.asked)
    while len(endpoint.asked) < before + calls and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(how)
    process.communicate()
    return process.returncode


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "remembers"), [(signal.SIGTERM, False), (signal.SIGINT, False), (signal.SIGKILL, True)]
)
def test_a_run_that_is_stopped_three_times_pays_each_reply_once(
    tmp_path: Path, how: signal.Signals, remembers: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """A polite stop waits for what is under way; after a hard one, an endpoint that knows keys charges once."""
    study, out = made_study(tmp_path / "study", items=100), tmp_path / "out"
    with StandinEndpoint(remembers=remembers) as endpoint:
        command = ["judge", "--model", "m", "--endpoint", endpoint.url, "--study", str(study), "--output", str(out)]
        command += ["--yes", "--concurrency", "4"]
        endpoint.manners, endpoint.pause = [Manner.SLOW], 0.02
        for _ in range(3):
            code = run_and_kill(command, endpoint, 60, how)
            assert code == (3 if how is not signal.SIGKILL else -signal.SIGKILL)
        assert 160 < len(endpoint.paid) < 300
        assert main(command) == 0
        assert len(endpoint.paid) == 300
        assert max(endpoint.paid.values()) == 1
    said = capsys.readouterr().err
    assert ("broke off before, may have been charged, and will be made again" in said) == (how is signal.SIGKILL)
    assert len(ratings(out, "m_llm_judge.csv")) == 600


def test_half_a_line_is_no_call_and_spoils_no_other(tmp_path: Path) -> None:
    asking = Asking("m", "e", "Rate it.")
    with Log(tmp_path) as log:
        log.begin("a", Begun(asking.sha256, {}, Most(1, 1)))
        log.end(Answer("a", "answered", "1"), asking)
    with (tmp_path / NAME).open("ab") as file:
        file.write(b'{"at": "2026", "event": "ended", "key": "b", "sta')
    with Log(tmp_path) as log:
        assert list(log.answers) == ["a"]
        log.begin("c", Begun(asking.sha256, {}, Most(1, 1)))
        log.end(Answer("c", "answered", "2"), asking)
    with Log(tmp_path) as log:
        assert list(log.answers) == ["a", "c"]
        assert log.broken_off == set()


@pytest.mark.parametrize(
    "line", ['{"some": "thing"}', '{"event": "begun"}', '{"event": "ended", "key": "a"}', "[1]", "7"]
)
def test_a_file_that_is_no_log_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / NAME).write_text(f"{line}\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(ReleaseError, match=r"line 1 is no call of a run"), Log(tmp_path):
            pass
