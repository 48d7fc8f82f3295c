"""What comes out of the printed tables: how many figures are the same, what explains the others, and what does not."""

from collections.abc import Sequence

import pandas as pd

from analysis.findings.phrases import author, counted, listed, pair, part
from analysis.reproduction.comparison import VERDICTS
from analysis.reproduction.names import PRINTED_FIGURE, PRINTED_LABEL
from analysis.reproduction.seeds import SEEDS
from analysis.reproduction.sensitivity import DISCARDED, PAPER_ALONE, PARTIAL
from analysis.wording.vocabulary import REPRODUCED
from data.study import Study

NOTHING = "No printed figure is on screen."
_RESULT = {"average": "average", "ci_width": "width", "bias": "bias"}


def reproduction_finding(table: pd.DataFrame) -> str:
    """Say how many printed figures come out again, and how many do not."""
    if table.empty:
        return NOTHING
    if len(table) == 1:
        return f"The one printed figure on screen: {REPRODUCED[table['verdict'].iloc[0]].short}."
    n = table["verdict"].value_counts().reindex(VERDICTS, fill_value=0)
    again = int(n["same"] + n["rounding"])
    said = [f"The ratings give {again or 'none'} of {counted(len(table), 'printed figure', 'printed figures')} again"]
    said[0] += f": {n['same']} same and {n['rounding']} by rounding." if n["same"] and n["rounding"] else "."
    if n["monte-carlo"]:
        said.append(f"{n['monte-carlo']} more rest on random draws, and lie within what {len(SEEDS)} seeds give.")
    rest = table[table["verdict"].isin(("misprint", "not-reproduced"))]
    if len(rest):
        said.append(f"The others: {_counts(rest)}.")
    return " ".join(said)


def table_findings(table: pd.DataFrame) -> list[str]:
    """Sum each printed table up in a line, with what is not reproduced by its size."""
    return [
        f"**{PRINTED_LABEL[name]}**, {counted(len(rows), 'figure', 'figures')}: {_counts(rows)}.{_sizes(rows)}"
        for name, rows in table.groupby("published_table", sort=False)
    ]


def misprint_findings(study: Study, proofs: pd.DataFrame) -> list[str]:
    """Prove each misprint by the figures of its row."""
    return [_proof(study, row) for _, row in proofs.iterrows()]


def selfcheck_finding(checks: pd.DataFrame) -> str:
    """Say how many printed figures that follow from others agree with them."""
    off = (checks["published"] - checks["follows"]).abs() > checks["allowed"]
    said = [
        f"{part(int((~off)[rows.index].sum()), len(rows))} {what}"
        for figure, what in (("ci_width", "widths"), ("bias", "biases"), ("average", "averages"))
        if len(rows := checks[checks["figure"] == figure])
    ]
    return f"Held against the other printed figures of their row, {listed(said)} agree within their rounding."


def copied_finding(study: Study, repeats: Sequence[tuple[str, str]], kept: pd.DataFrame, left_out: pd.DataFrame) -> str:
    """Say which rows of the experts are copies, and how many printed figures come out with them and without."""
    if not repeats:
        return "No row of the experts' file is a copy of another."
    rows = listed([f"{number} is an exact copy of {copy_of}" for number, copy_of in repeats])
    said = f"In the experts' file the row of {study.item.one} {rows}: the message and every rating in it."
    figures = ("icc_c1", "icc_a1", "human_mean", "judge_mean", "bias", "mse")
    n = int(left_out["figure"].isin(figures).sum())
    if not n:
        return said
    return (
        f"{said} With the copy left out, {_same(left_out, figures)} of {n:,} printed coefficients, means, biases and "
        f"errors of judges come out to the last digit; with it kept, {_same(kept, figures)} do."
    )


def in_turn_finding(study: Study, table: pd.DataFrame) -> str:
    """Say which conversation, left out alone, brings most printed figures back, and what the next best does.

    ``table`` as :func:`analysis.reproduction.copied_row.left_out_in_turn` gives it.
    """
    best, second = table.nlargest(2, "n_same").itertuples(index=False)
    return (
        f"Each of the {study.counted(len(table))} was left out in turn: without {best.conversation} "
        f"{best.n_same:,} of {best.n_figures:,} figures come out, without the next best, {second.conversation}, "
        f"{second.n_same:,}."
    )


def partial_finding(tables: dict[str, pd.DataFrame]) -> str:
    """Say what leaving incomplete replies out whole explains of the experts' means."""
    means = ("mean", "average")
    n = int(tables[PAPER_ALONE]["figure"].isin(means).sum())
    if not n:
        return "No mean of the experts is on screen."
    return (
        f"Of {n:,} printed means of the experts {_same(tables[PAPER_ALONE], means)} come out where "
        "replies that lack a rating are left out whole and the copied row is kept, and "
        f"{_same(tables[PARTIAL], means)} where such replies are counted."
    )


def discard_finding(tables: dict[str, pd.DataFrame]) -> str:
    """Say whether the printed interval ends fit better when no resampled value is discarded."""
    out = {
        name: int((rows["lower"].notna() & (rows["verdict"] == "not-reproduced")).sum())
        for name, rows in tables.items()
        if name in (PAPER_ALONE, DISCARDED)
    }
    if not tables[PAPER_ALONE]["lower"].notna().any():
        return "No end or width of an interval is on screen."
    return (
        f"With nothing discarded, {out[PAPER_ALONE] or 'none'} of the printed ends and widths "
        f"{'lies' if out[PAPER_ALONE] == 1 else 'lie'} beyond what {len(SEEDS)} seeds give; with values outside 0 to 1 "
        f"discarded, as the released script does, {out[DISCARDED] or 'none'} {'does' if out[DISCARDED] == 1 else 'do'}."
    )


def _proof(study: Study, row: pd.Series) -> str:
    names = ("published", "recomputed", "result_published", "from_printed", "from_recomputed")
    # The experts' means are printed with two digits, what is of a judge with three.
    printed, ours, result, before, after = (f"{row[name]:.{3 if pd.isna(row['model']) else 2}f}" for name in names)
    said = f"**{_named(study, row)} is printed as {printed}, and the ratings give {ours}.**"
    if row["figure"] == row["result"]:
        return f"{said} The other printed figures of its row give {before}."
    return (
        f"{said} The printed {_RESULT[row['result']]} of that row is {result}. Its printed figures give {before}; with "
        f"{ours} in place of {printed} they give {after}."
    )


def _counts(table: pd.DataFrame) -> str:
    n = table["verdict"].value_counts()
    words = {verdict: (seen.short, seen.short) for verdict, seen in REPRODUCED.items()}
    words["misprint"] = ("misprint", "misprints")
    return listed([counted(int(n[verdict]), *words[verdict]) for verdict in VERDICTS if verdict in n])


def _sizes(rows: pd.DataFrame) -> str:
    """Say how far off the figures of a table are that are not reproduced."""
    rows = rows[rows["verdict"] == "not-reproduced"]
    drawn = rows["lower"].notna()
    said = []
    undefined = int((rows["recomputed"].isna() & (rows["figure"] != "tier")).sum())
    if (far := rows.loc[~drawn, "difference"].abs().max()) > 0:
        said.append(f"Those without random draws are off by at most {far:.4f}.")
    if drawn.any():
        n = int(drawn.sum())
        beyond = counted(n, "end or width of an interval lies", "ends or widths of intervals lie")
        said.append(f"{beyond} beyond what {len(SEEDS)} seeds give.")
    if undefined:
        said.append(f"{undefined:,} cannot be recomputed.")
    return "".join(f" {each}" for each in said)


def _same(table: pd.DataFrame, figures: tuple[str, ...]) -> int:
    return int((table["figure"].isin(figures) & (table["verdict"] == "same")).sum())


def _named(study: Study, row: pd.Series) -> str:
    if pd.isna(row["model"]):
        return f"{PRINTED_FIGURE[row['figure']]} of {pair(study, row)}"
    name = author(study, row["model"])
    return (
        f"The average of {name}" if pd.isna(row["attribute"]) else f"The experts' mean for {name} on {row['attribute']}"
    )
