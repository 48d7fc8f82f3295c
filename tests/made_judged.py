"""A small own study whose tables hold messages and replies: ``made_study(folder)``."""

from pathlib import Path

import pandas as pd

ATTRIBUTES = ("Safety", "Empathy")
SYSTEMS = ("alpha", "beta", "gamma")


def made_study(folder: Path, items: int = 6) -> Path:
    """Write a study with replies, rated by two experts and a judge of old."""
    folder.mkdir()
    rows = [
        (item, system, rater, attribute, (item + len(system)) % 5 + 1, f"I lay awake, {item}", f"{item} by {system}")
        for item in range(items)
        for system in SYSTEMS
        for rater in ("dr_a", "dr_b", "old")
        for attribute in ATTRIBUTES
    ]
    columns = ["item", "system", "rater", "attribute", "rating", "message", "reply"]
    pd.DataFrame(rows, columns=columns).to_csv(folder / "ratings.csv", index=False)
    scale = '[scale]\nlow = 1\nhigh = 5\n[experts]\nraters = ["dr_a", "dr_b"]\n'
    meanings = "".join(f'[[attributes]]\nname = "{name}"\nmeaning = "Is it {name}?"\n' for name in ATTRIBUTES)
    (folder / "study.toml").write_text(scale + meanings, encoding="utf-8")
    return folder
