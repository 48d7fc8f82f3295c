"""MentalBench-100k made up at full size: 10,000 messages with ten replies each, its data errors in known places.

    made = make_replies()
    made.table()["gpt-4o"]            # as the columns of the file are called
    made.empty["qwen-3-4b"]           # rows, counted from 0, whose reply by that model is empty

No text of the study is in it: words are drawn from a made vocabulary, as often as words are in a language.
"""

import io
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from data.mentalalign import REPLIES_COLUMN, STUDY

CONVERSATIONS = 10_000
MESSAGE_WORDS, REPLY_WORDS = 73, range(69, 109, 4)
RARE, PAIR, PHRASE = "quokka", ("zephyr", "marmot"), "the grey heron waits"
RARE_ROWS = range(17, CONVERSATIONS, 1000)
PAIR_ROWS = range(40, CONVERSATIONS, 500)
PHRASE_ROWS = (5, 4321, 9999)

HOSTILE = {
    "script": "<script>document.title = 'taken over'</script><img src=x onerror=\"document.title='taken over'\">.",
    "markdown": "# Not a heading\n[Not a link](https://example.org) **not bold** :red[not red] $x^2$ `code`.",
    "long": "w" * 1_000_000,
    "right-to-left": "before \u202eafter the mark\u202c \u200f.",
    "control": "before \x00\x07 after.",
}
HOSTILE_FROM = 7000


@dataclass
class MadeReplies:
    """The texts by column (``context`` and the keys of models), and where the data errors are, as rows by model."""

    texts: dict[str, list[str]]
    empty: dict[str, set[int]] = field(default_factory=dict)
    cut_off: dict[str, set[int]] = field(default_factory=dict)
    tagged: dict[str, set[int]] = field(default_factory=dict)

    def table(self) -> pa.Table:
        """Give the columns as the released file calls them."""
        names = {"context": "context"} | REPLIES_COLUMN
        return pa.table({names[key]: pa.array(column, pa.string()) for key, column in self.texts.items()})

    def csv(self) -> bytes:
        """Write the file as CSV, about 60 MB."""
        content = io.BytesIO()
        pyarrow.csv.write_csv(self.table(), content)
        return content.getvalue()

    def parquet(self) -> bytes:
        """Write the file as Parquet."""
        content = io.BytesIO()
        pyarrow.parquet.write_table(self.table(), content)
        return content.getvalue()


def make_replies(conversations: int = CONVERSATIONS, seed: int = 0) -> MadeReplies:
    """Make texts, the same ones for the same seed, and put the data errors and the words to be found into them."""
    rng = np.random.default_rng(seed)
    vocabulary = _vocabulary(rng)
    columns = {"context": MESSAGE_WORDS, **dict(zip(STUDY.system_keys, REPLY_WORDS, strict=True))}
    made = MadeReplies({key: _texts(rng, vocabulary, words, conversations) for key, words in columns.items()})
    for place, key in enumerate(STUDY.system_keys):
        _put_errors(made, key, place, conversations)
    _put_words(made, conversations)
    for place, text in enumerate(HOSTILE.values()):
        if HOSTILE_FROM + place < conversations:
            made.texts["context"][HOSTILE_FROM + place] = text
            made.texts["gpt-4o"][HOSTILE_FROM + place] = text
            made.cut_off["gpt-4o"].discard(HOSTILE_FROM + place)
    made.cut_off["gpt-4o"] |= {HOSTILE_FROM + list(HOSTILE).index("long")} if conversations > HOSTILE_FROM else set()
    return made


def _vocabulary(rng: np.random.Generator) -> np.ndarray:
    syllables = [first + second for first in "bcdfglnrstv" for second in "aeiou"]
    return np.array(["".join(rng.choice(syllables, size)) for size in rng.integers(1, 5, size=4000)], dtype=object)


def _texts(rng: np.random.Generator, vocabulary: np.ndarray, words: int, conversations: int) -> list[str]:
    often = 1 / np.arange(2, len(vocabulary) + 2)
    stream = vocabulary[rng.choice(len(vocabulary), size=200_000, p=often / often.sum())].tolist()
    lengths = np.maximum(3, rng.normal(words, words / 3, size=conversations).round().astype(int))
    starts = rng.integers(len(stream) - lengths.max(), size=conversations)
    return [f"{' '.join(stream[start : start + length])}." for start, length in zip(starts, lengths, strict=True)]


def _put_errors(made: MadeReplies, key: str, place: int, conversations: int) -> None:
    """Put more data errors into later models: none into the first but the least of each."""
    texts = made.texts[key]
    rows = {
        "empty": range(100, conversations, 1000)[:place],
        "cut_off": range(101, conversations, 50)[: 20 * place + 1],
        "tagged": range(103, conversations, 200)[: 5 * place],
    }
    endings = ("", ",", " and", ":", " **and**")
    for row in rows["empty"]:
        texts[row] = ("", " \n", "...")[row // 1000 % 3]
    for number, row in enumerate(rows["cut_off"]):
        texts[row] = texts[row].removesuffix(".") + endings[number % len(endings)]
    for number, row in enumerate(rows["tagged"]):
        tag = ("think", "THINK", "thinking", "reasoning")[number % 4]
        texts[row] = f"<{tag}>{texts[row]}</{tag}> {texts[row]}"
    for name, of_it in rows.items():
        getattr(made, name)[key] = set(of_it)


def _put_words(made: MadeReplies, conversations: int) -> None:
    """Put words to be found into known places: in front, so that no ending changes."""
    for row in RARE_ROWS:
        for key in ("context", "gpt-4o"):
            if row < conversations:
                made.texts[key][row] = f"{RARE.title()} {made.texts[key][row]}"
    for row in PAIR_ROWS:
        if row < conversations:
            made.texts["qwen-3-4b"][row] = f"{PAIR[1]} {made.texts['qwen-3-4b'][row]} {PAIR[0]}."
    for row in PHRASE_ROWS:
        if row < conversations:
            made.texts["original"][row] = f"{PHRASE} {made.texts['original'][row]}"
