"""Make a small own study: ratings from 1 to 7 by three experts and five judges, in any format and either layout.

    made = make_study()
    write_study(tmp_path, made, form="csv", layout="wide")
    ratings = read_own(tmp_path)

Items, systems and raters have names of any kind, among them ``007`` and ``1.0``. All of it is invented.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import openpyxl
import pandas as pd

EXPERTS = ("dr_a", "dr_b", "Dr. Ç")
JUDGES = ("gpt-x", "claude 9", "judge/3", "4", "ключ")
SYSTEMS = tuple(f"sys {number}" for number in range(1, 12)) + ("people",)
ATTRIBUTES = ("guidance", "safety", "empathy", "relevance", "tone", "clarity", "length fit", "helpfulness")
KEYS = ["item", "system", "rater", "attribute"]

MINIMAL = """
[scale]
low = 1
high = 7
[experts]
raters = ["dr_a", "dr_b", "Dr. Ç"]
"""

Layout = Literal["long", "wide"]


def make_study(
    items: int = 6, *, raters: Sequence[str] = EXPERTS + JUDGES, half_points: bool = False, seed: int = 3
) -> pd.DataFrame:
    """Make one row for every rating: ``item, system, rater, attribute, rating, message``."""
    random = np.random.default_rng(seed)
    names = ["007", "1.0", "night line #3", "ä", "12", "x y", *(f"item {place}" for place in range(7, items + 1))]
    index = pd.MultiIndex.from_product([names[:items], SYSTEMS, raters, ATTRIBUTES], names=KEYS)
    quality = np.linspace(2, 6, len(SYSTEMS))[index.codes[1]] + random.normal(0, 1, len(index))
    rating = np.clip(np.rint(quality * 2) / 2 if half_points else np.rint(quality), 1, 7)
    made = pd.DataFrame({"rating": rating}, index=index).reset_index()
    return made.assign(message="I could not sleep again, said of " + made["item"])


def with_replies(made: pd.DataFrame) -> pd.DataFrame:
    """Add the text of each reply, of 3 to 120 words, in a column ``reply``."""
    replies = made[["item", "system"]].drop_duplicates()
    words = np.random.default_rng(5).integers(3, 121, len(replies))
    texts = [" ".join(["word"] * size) for size in words]
    return made.merge(replies.assign(reply=texts), on=["item", "system"], how="left")


def wide(made: pd.DataFrame) -> pd.DataFrame:
    """Lay ratings out with one row for each reply and rater."""
    keys = [name for name in made.columns if name not in ("attribute", "rating")]
    return made.pivot_table(index=keys, columns="attribute", values="rating", sort=False).reset_index()[
        [*keys, *made["attribute"].unique()]
    ]


def write_study(
    folder: Path, made: pd.DataFrame, *, form: str = "csv", layout: Layout = "long", toml: str = MINIMAL
) -> Path:
    """Write a study's file and one table beside it; returns the table's path."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.toml").write_text(toml, encoding="utf-8")
    return write_table(folder / f"ratings.{form}", made if layout == "long" else wide(made))


def write_table(path: Path, table: pd.DataFrame) -> Path:
    """Write a table by the ending of the path."""
    if path.suffix == ".csv":
        table.to_csv(path, index=False)
    elif path.suffix == ".parquet":
        table.to_parquet(path)
    elif path.suffix == ".jsonl":
        lines = [json.dumps(_filled(row), ensure_ascii=False) for row in table.to_dict("records")]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    else:
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Ratings")
        for row in [list(table.columns), *table.astype(object).where(table.notna(), None).to_numpy().tolist()]:
            sheet.append(row)
        book.save(path)
    return path


def _filled(row: dict) -> dict:
    return {name: None if pd.isna(value) else value for name, value in row.items()}


@dataclass(frozen=True)
class Figures:
    """What plain pandas says of a made study by item, system and attribute: the experts' mean, each judge's rating."""

    reference: pd.Series
    judges: pd.DataFrame


def figures(made: pd.DataFrame, experts: Sequence[str] = EXPERTS) -> Figures:
    """Compute the reference figures."""
    reply = ["item", "system", "attribute"]
    by_expert = made["rater"].isin(experts)
    return Figures(
        made[by_expert].groupby(reply)["rating"].mean(),
        made[~by_expert].pivot_table(index=reply, columns="rater", values="rating"),
    )
