"""No finding claims what the figures do not carry: in every case it is grammatical, and names only what is there."""

import inspect
import pkgutil
import re
from importlib import import_module
from typing import NamedTuple

import pytest

from analysis import findings
from data.mentalalign import STUDY
from tests.cases import CASES, Tables, said_of
from tests.golden.sentences import SENTENCES, section, sections
from tests.slow import slow_but

NO_WORD = r"\b(?:nan|NaN|None(?! of)|inf)\b|  | [,.;:]|\.\.|,,|\(\)|[{}]|-0\.00\b|\ball 1\b|\b1 of 1\b"
SEVERAL = r"(?:^|[a-z] |\()1 (?:models|replies|conversations|pairs|attributes|judges|readings|tiers|cells)\b"
# What a number counts or measures: said after it, or what scale it is on, said before it in the same sentence.
UNIT = (
    r"%|of a point|points?\b|of \d|, of \d|models?\b|repl(?:y|ies)\b|conversations?\b|pairs?\b|attributes?\b|judges?\b|"
    r"cells?\b|times\b|tiers?\b|readings?\b|wide\b|draws?\b|are needed|[a-z ]*(?:lower|higher) word|neighbouring|"
    r"that were rated|or more|or less|of them|reach|so\b|words?\b|errors?\b|messages?\b|places\b|same\b|by rounding|"
    r"within the range|not reproduced|misprints?|printed|widths?\b|biases\b|averages\b|in small ways|by being|"
    r"one row away|(?:is|are) nowhere|cannot be|ends? or width|seeds\b|malformed|empty|null|other numbers|rows?\b|"
    r"become|experts\b|comparisons\b|systems?\b|checks?\b|more by\b|combinations\b|expert ratings?\b|ratings\b|\)\.$"
)
SCALE = (
    r"ICC|[Ii]nterval|bias|slope|[Kk]appa|AC2|[Tt]au|\bg\b|[Cc]onsistency|[Aa]greement|gain|order|"
    r"that experts (?:rate|found)|readings?\b|leaving out|pairs|verdict|attributes|Koo|[Ee]stimates?\b|set to|"
    r"[Oo]n (?:all|both)|lowers it on|"
    r"[Ss]upported for|conversations?|[Mm]ean|MSE|coefficient|"
    r"[Ff]alse reassurance|off by|outside|The files hold|The others: |"
    r"[Rr]eliability|correlation|epsilon|did not rate|lie between|further expert ratings|"
    r"Experts' means|Bias|Reliability|seeds give|printed figures give"
)
NUMBER = r"(?<![\w.,-])[+-]?\d(?:[\d.,]*\d)?(?![\w])"


class Case(NamedTuple):
    """One case: what it is of, and all that is said of it."""

    name: str
    tables: Tables
    said: list[tuple[str, str]]


# Of it nearly every sentence is said.
QUICK = ("mixed",)


@pytest.fixture(scope="module", params=slow_but(QUICK, CASES))
def case(request: pytest.FixtureRequest) -> Case:
    """Make all tables of a case, once."""
    tables = Tables(request.param)
    return Case(request.param, tables, list(said_of(tables)))


def without_names(said: str) -> str:
    """Take out names that hold digits, of judges, models, coefficients and the scale."""
    names = sorted({*STUDY.rater_labels.values(), *STUDY.system_labels.values()}, key=len, reverse=True)
    said = re.sub(r"ICC\([CA],1\)", "ICC", said.replace("1-5 scale", "scale"))
    return re.sub("|".join(map(re.escape, names)), "it", said)


def bare_numbers(said: str) -> list[str]:
    """Sentences with a number of which neither what follows nor what goes before says what it is."""
    bare = []
    for sentence in re.split(r"(?<=[.?])\s+|\n", without_names(said)):
        for number in re.finditer(NUMBER, sentence):
            after, before = sentence[number.end() :], sentence[: number.start()]
            counted = re.match(
                rf"\s*(?:(?:\([^)]*\) )?(?:to|and|or|not) [+-]?[\d.,]+,? ?)?(?:[\w'-]+ ){{0,3}}?(?:{UNIT})", after
            )
            if not counted and not re.search(rf"{SCALE}|\bof (?:the )?$|\($", before):
                bare.append(sentence)
    return bare


def test_every_finding_is_looked_at(case: Case) -> None:
    modules = [import_module(f"{findings.__name__}.{each.name}") for each in pkgutil.iter_modules(findings.__path__)]
    public = {
        name
        for module in modules
        for name, found in vars(module).items()
        if inspect.isfunction(found) and found.__module__ == module.__name__ and not name.startswith("_")
        if not module.__name__.endswith(".phrases")
    }
    # Some can be absent where nothing is defined, one where no printed row contradicts itself; two are said within the
    # answer, one within the cautions; the last are no sentences.
    undefined = {"model_reassurance_finding", "model_bias_finding", "conversation_finding"}
    within = {"overview_finding", "passed_finding", "few_targets"}
    rest = {*undefined, "misprint_findings", *within, "interval_in_short", "hardest_first"}
    assert {name for name, _ in case.said} >= public - rest


def test_every_finding_is_worded_as_in_the_golden_file(case: Case) -> None:
    """Where a change of wording is meant: ``python -m tests.golden.sentences``, and read the diff."""
    written = sections(SENTENCES.read_text(encoding="utf-8"))
    assert set(written) == set(CASES)
    assert section(case.name, case.said) == written[case.name]


def test_no_finding_holds_what_is_no_word(case: Case) -> None:
    assert [(name, said) for name, said in case.said if name != "rules" and re.search(NO_WORD, said)] == []


def test_no_finding_counts_one_as_several(case: Case) -> None:
    assert [(name, said) for name, said in case.said if re.search(SEVERAL, said)] == []


def test_no_finding_names_who_is_not_there(case: Case) -> None:
    chosen = case.tables.selection
    absent = {STUDY.rater(key) for key in STUDY.judge_keys if key not in chosen.judges}
    absent -= {STUDY.system(key) for key in chosen.models}
    absent |= set(STUDY.attribute_names) - set(chosen.attributes)
    named = rf"(?:{'|'.join(map(re.escape, sorted(absent)))})(?![\w-])"
    # Which attributes a judge cannot tell apart is found among all of them.
    others = [(name, said) for name, said in case.said if name != "apart_finding"]
    assert [(name, said) for name, said in others if re.search(named, said)] == []


def test_every_finding_is_whole_sentences(case: Case) -> None:
    unfinished = r"[^.?)]$|^[a-z](?!4-mini)"
    assert [(name, said) for name, said in case.said if name != "rules" and re.search(unfinished, said)] == []


def test_every_number_says_what_it_is(case: Case) -> None:
    assert [(name, bare) for name, said in case.said if name != "rules" for bare in bare_numbers(said)] == []


def test_a_bare_number_is_found() -> None:
    assert bare_numbers("GPT-4o scores 0.82 higher.") == ["it scores 0.82 higher."]
    assert bare_numbers("GPT-4o scores 0.82 of a point higher. It is 3 of 4 times 12 to 20 replies.") == []
