"""Tables on screen and as CSV: column names, their meaning and digits stand here once."""

from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from analysis.stability import BANDS, TIERS
from analysis.vocabulary import (
    CHOICE,
    COMPONENT_LABEL,
    CORRECTION_LABEL,
    MODEL_LABEL,
    RATER_LABEL,
    READING,
    RULE,
    STATISTIC_LABEL,
    look,
    models_named,
)
from data.benchmark import ATTRIBUTE_NAMES
from pages.parts.view import View
from pages.parts.wording import meaning


class Column(NamedTuple):
    """How a column is shown: its heading, the term that explains it, and the format of its numbers."""

    label: str
    term: str
    format: str | None = None


COLUMNS = {
    "judge": Column("Judge", "judge"),
    "rater": Column("Rater", "judge"),
    "model": Column("Model", "model"),
    "access": Column("Access", "model"),
    "attribute": Column("Attribute", "attribute"),
    "measure": Column("Measure", "score"),
    "score": Column("Score", "score"),
    "level": Column("Level", "level"),
    "n_targets": Column("Targets", "n_targets", "localized"),
    "n_pairs": Column("Pairs", "n_pairs", "localized"),
    "icc_c1": Column("ICC(C,1)", "icc_c1", "%.2f"),
    "icc_c1_low": Column("C from", "interval", "%.2f"),
    "icc_c1_high": Column("C to", "interval", "%.2f"),
    "icc_a1": Column("ICC(A,1)", "icc_a1", "%.2f"),
    "icc_a1_low": Column("A from", "interval", "%.2f"),
    "icc_a1_high": Column("A to", "interval", "%.2f"),
    "interval": Column("Interval", "interval"),
    "ci_width": Column("Width (C)", "ci_width", "%.2f"),
    "reading": Column("Reading (C)", "reading"),
    "reading_a1": Column("Reading (A)", "reading_a1"),
    "discarded": Column("Not used", "discarded", "percent"),
    "left_out": Column("Left out", "left_out"),
    "shift_c1": Column("Shift of C", "shift", "%+.2f"),
    "shift_a1": Column("Shift of A", "shift", "%+.2f"),
    "n_models": Column("Models", "n_models", "%d"),
    "seed_flip_rate": Column("Changes with seed", "seed_flip_rate", "percent"),
    **{name: Column(READING[reading].word, "p_reading", "percent") for name, reading in {**TIERS, **BANDS}.items()},
    **{
        f"{name}_{end}": Column(f"{word} {said}", "monte_carlo", "percent")
        for name, word in {
            **{name: READING[reading].short for name, reading in {**TIERS, **BANDS}.items()},
            "seed_flip_rate": "Changes",
        }.items()
        for end, said in (("low", "from"), ("high", "to"))
    },
    "pingouin_c1": Column("pingouin C", "icc_c1", "%.2f"),
    "pingouin_a1": Column("pingouin A", "icc_a1", "%.2f"),
    "difference": Column("Difference", "difference", "%.1e"),
    "human_mean": Column("Experts' mean", "human_mean", "%.2f"),
    "judge_mean": Column("Judge's mean", "judge_mean", "%.2f"),
    "bias": Column("Bias", "bias", "%+.2f"),
    "bias_low": Column("Bias from", "clustered", "%+.2f"),
    "bias_high": Column("Bias to", "clustered", "%+.2f"),
    "margin": Column("Margin", "margin", "%g"),
    "equivalence_low": Column("90% from", "equivalence", "%+.3f"),
    "equivalence_high": Column("90% to", "equivalence", "%+.3f"),
    "p_equivalence": Column("p", "p_equivalence", "%.3f"),
    "equivalent": Column("Within the margin", "equivalence"),
    "neighbours_low": Column("Neighbours from", "neighbours", "%+.2f"),
    "neighbours_high": Column("Neighbours to", "neighbours", "%+.2f"),
    "ratio": Column("Times as wide", "neighbours", "%.1f"),
    "slope": Column("Slope", "slope", "%+.2f"),
    "slope_low": Column("Slope from", "resampled", "%+.2f"),
    "slope_high": Column("Slope to", "resampled", "%+.2f"),
    "limit_lower": Column("Lower limit", "limits", "%+.2f"),
    "limit_lower_low": Column("Lower from", "resampled", "%+.2f"),
    "limit_lower_high": Column("Lower to", "resampled", "%+.2f"),
    "limit_upper": Column("Upper limit", "limits", "%+.2f"),
    "limit_upper_low": Column("Upper from", "resampled", "%+.2f"),
    "limit_upper_high": Column("Upper to", "resampled", "%+.2f"),
    "mean_of_both": Column("Mean of both", "limits", "%g"),
    "judge_minus_human": Column("Judge minus experts", "limits", "%+d"),
    "mse": Column("MSE", "mse", "%.2f"),
    "mse_low": Column("MSE from", "resampled", "%.2f"),
    "mse_high": Column("MSE to", "resampled", "%.2f"),
    "mse_bias": Column("Bias part", "error_parts", "%.3f"),
    "mse_bias_low": Column("Bias part from", "resampled", "%.3f"),
    "mse_bias_high": Column("Bias part to", "resampled", "%.3f"),
    "mse_scale": Column("Spread part", "error_parts", "%.3f"),
    "mse_scale_low": Column("Spread part from", "resampled", "%.3f"),
    "mse_scale_high": Column("Spread part to", "resampled", "%.3f"),
    "mse_unexplained": Column("Scatter part", "error_parts", "%.3f"),
    "mse_unexplained_low": Column("Scatter part from", "resampled", "%.3f"),
    "mse_unexplained_high": Column("Scatter part to", "resampled", "%.3f"),
    "method": Column("Correction", "correction"),
    "rmse": Column("RMSE", "rmse", "%.2f"),
    "n_low": Column("Poor replies", "n_low", "localized"),
    "n_reassured": Column("Called good", "n_reassured", "localized"),
    "n_high": Column("Good by judge", "n_high", "localized"),
    "false_reassurance": Column("False reassurance", "false_reassurance", "percent"),
    "false_reassurance_low": Column("FR from", "clustered_share", "percent"),
    "false_reassurance_high": Column("FR to", "clustered_share", "percent"),
    "reverse": Column("Poor among good", "reverse", "percent"),
    "reverse_low": Column("Poor among good from", "clustered_share", "percent"),
    "reverse_high": Column("Poor among good to", "clustered_share", "percent"),
    **{
        f"{name}{end}": Column(f"{label}{words}", "bootstrap-conversations" if end else name, form)
        for name, label, form in (
            ("kappa_quadratic", "Kappa", "%.2f"),
            ("alpha_ordinal", "Alpha", "%.2f"),
            ("ac2_quadratic", "AC2 quadratic", "%.2f"),
            ("ac2_ordinal", "AC2 ordinal", "%.2f"),
            ("exact", "Same rating", "percent"),
            ("within_one", "At most one apart", "percent"),
            ("human_ceiling", "Experts' fives", "percent"),
            ("judge_ceiling", "Judge's fives", "percent"),
        )
        for end, words in (("", ""), ("_low", " from"), ("_high", " to"))
    },
    "best_human": Column("Experts' first", "best_model"),
    "best_judge": Column("Judge's first", "best_model"),
    "same_best_now": Column("Same first", "same_best"),
    "same_best": Column("Same, redrawn", "same_best", "percent"),
    "tau": Column("Tau-b", "tau", "%.2f"),
    "tau_low": Column("Tau from", "bootstrap-conversations", "%.2f"),
    "tau_high": Column("Tau to", "bootstrap-conversations", "%.2f"),
    "pairwise": Column("Pairwise", "pairwise", "%.2f"),
    "pairwise_low": Column("Pairwise from", "bootstrap-conversations", "%.2f"),
    "pairwise_high": Column("Pairwise to", "bootstrap-conversations", "%.2f"),
    "loss": Column("Loss", "loss", "%.2f"),
    "loss_low": Column("Loss from", "bootstrap-conversations", "%.2f"),
    "loss_high": Column("Loss to", "bootstrap-conversations", "%.2f"),
    "expected_loss": Column("Expected loss", "expected_loss", "%.2f"),
    "n_own": Column("Pairs, own", "own", "localized"),
    "n_rest": Column("Pairs, rest", "own", "localized"),
    "human_own": Column("Experts, own", "own", "%.2f"),
    "human_rest": Column("Experts, rest", "own", "%.2f"),
    "bias_own": Column("Bias, own", "bias", "%+.2f"),
    "bias_own_low": Column("Own from", "clustered", "%+.2f"),
    "bias_own_high": Column("Own to", "clustered", "%+.2f"),
    "bias_rest": Column("Bias, rest", "bias", "%+.2f"),
    "bias_rest_low": Column("Rest from", "clustered", "%+.2f"),
    "bias_rest_high": Column("Rest to", "clustered", "%+.2f"),
    "contrast": Column("Contrast", "contrast", "%+.2f"),
    "contrast_low": Column("Contrast from", "clustered", "%+.2f"),
    "contrast_high": Column("Contrast to", "clustered", "%+.2f"),
    "others": Column("Others' contrast", "excess", "%+.2f"),
    "others_low": Column("Others' from", "clustered", "%+.2f"),
    "others_high": Column("Others' to", "clustered", "%+.2f"),
    "excess": Column("Excess", "excess", "%+.2f"),
    "excess_low": Column("Excess from", "clustered", "%+.2f"),
    "excess_high": Column("Excess to", "clustered", "%+.2f"),
    "p": Column("p", "p", "%.3f"),
    "p_adjusted": Column("p, adjusted", "p", "%.3f"),
    "rule": Column("Rule", "rule"),
    "n_shared": Column("Shared pairs", "gain", "localized"),
    "shared_icc_a1": Column("Panel, shared", "gain", "%.2f"),
    "best_member": Column("Best member", "gain"),
    "best_icc_a1": Column("Best, shared", "gain", "%.2f"),
    "gain": Column("Gain", "gain", "%+.2f"),
    "gain_low": Column("Gain from", "bootstrap-conversations", "%+.2f"),
    "gain_high": Column("Gain to", "bootstrap-conversations", "%+.2f"),
    "mean": Column("Mean", "mean", "%.2f"),
    "low": Column("From", "clustered", "%.2f"),
    "high": Column("To", "clustered", "%.2f"),
    "n": Column("n", "n", "localized"),
    "rating": Column("Rating", "rating", "%g"),
    "share": Column("Share", "share", "percent"),
    "rank": Column("Rank", "rank", "%d"),
    "ranked": Column("Of", "ranked", "%d"),
    "n_conversations": Column("Conversations", "n_conversations", "localized"),
    "of_conversations": Column("Of", "of_conversations", "localized"),
    "bias_width": Column("Width, bias", "width", "%.3f"),
    "bias_needed": Column("Needed, bias", "needed", "localized"),
    "icc_a1_width": Column("Width, ICC(A,1) of replies", "width", "%.3f"),
    "icc_a1_needed": Column("Needed, ICC(A,1) of replies", "needed", "localized"),
    "icc_c1_width": Column("Width, ICC(C,1) of models", "width", "%.3f"),
    "icc_c1_needed": Column("Needed, ICC(C,1) of models", "needed", "localized"),
    "models_width": Column("Width over models", "models_width", "%.2f"),
    "statistic": Column("Figure", "statistic"),
    "conversations": Column("Conversations", "n_conversations", "localized"),
    "width": Column("Width, drawn", "width", "%.3f"),
    "law": Column("Width by the law", "law", "%.3f"),
    "component": Column("Part", "component"),
    "variance": Column("Variance", "component", "%.3f"),
    "variance_low": Column("From", "conversations_resampled", "%.3f"),
    "variance_high": Column("To", "conversations_resampled", "%.3f"),
    "variance_share": Column("Share of variance", "component", "percent"),
    "g": Column("g", "g", "%.2f"),
    "g_low": Column("g from", "conversations_resampled", "%.2f"),
    "g_high": Column("g to", "conversations_resampled", "%.2f"),
    "phi": Column("Phi", "phi", "%.2f"),
    "phi_low": Column("Phi from", "conversations_resampled", "%.2f"),
    "phi_high": Column("Phi to", "conversations_resampled", "%.2f"),
    "set_to_zero": Column("Set to 0", "set_to_zero"),
    "conversations_needed": Column("Needed for g 0.8", "conversations_needed", "localized"),
    "css": Column("CSS", "css", "%.2f"),
    "ars": Column("ARS", "ars", "%.2f"),
    "average": Column("Average", "average", "%.2f"),
    **{name: Column(name, "attribute", "%.2f") for name in ATTRIBUTE_NAMES},
}

_WORDS = {
    "judge": RATER_LABEL,
    "rater": {**RATER_LABEL, "judge": "Judge"},
    "model": MODEL_LABEL,
    "left_out": MODEL_LABEL,
    "method": CORRECTION_LABEL,
    "component": COMPONENT_LABEL,
    "statistic": STATISTIC_LABEL,
    "best_member": RATER_LABEL,
    "interval": {key: label for key, (label, _) in CHOICE["interval"].items()},
    "rule": {key: label for key, (label, _) in RULE.items()},
}
UNDEFINED = "undefined"


def show_table(frame: pd.DataFrame, view: View, title: str, *, name: str, pinned: tuple[str, ...] = ()) -> None:
    """Draw a table that can be sorted, and under it its download with where it comes from.

    Parameters
    ----------
    frame
        Columns of ``COLUMNS``, numbers unrounded.
    title
        What the table is, for readers and for the download.
    name
        The file's name without ending, and part of the button's key.
    pinned
        Columns that stay in sight when the table is scrolled.
    """
    config = {column: _config(frame[column], COLUMNS[column], pinned=column in pinned) for column in frame.columns}
    st.dataframe(
        _in_words(frame), column_config=config, hide_index=True, width="stretch", placeholder=UNDEFINED, alt=title
    )
    st.download_button(
        "Download table (CSV)",
        data=lambda: csv(frame, view, title),
        file_name=f"{name}.csv",
        mime="text/csv",
        key=f"csv {name}",
        on_click="ignore",
        icon=":material/download:",
    )


def csv(frame: pd.DataFrame, view: View, title: str) -> str:
    """Write a table with leading comment lines: source, revision, filters, settings, and what the columns mean."""
    about = [
        *view.trace(title),
        *(f"Column {name}: {COLUMNS[name].label}. {meaning(COLUMNS[name].term)}" for name in frame),
    ]
    return "".join(f"# {line}\n" for line in about) + frame.to_csv(index=False, lineterminator="\n")


def _in_words(frame: pd.DataFrame) -> pd.DataFrame:
    words = {name: frame[name].map(known) for name, known in _WORDS.items() if name in frame}
    for name in ("best_human", "best_judge"):
        if name in frame:
            words[name] = frame[name].map(models_named, na_action="ignore")
    for name in ("reading", "reading_a1"):
        if name in frame:
            looks = [look(reading) for reading in frame[name].astype(object).where(frame[name].notna(), None)]
            words[name] = pd.Series([f"{each.icon} {each.word}" for each in looks], index=frame.index)
    return frame.assign(**words)


def _config(values: pd.Series, column: Column, *, pinned: bool) -> Any:
    if pd.api.types.is_numeric_dtype(values):
        return st.column_config.NumberColumn(
            column.label, help=meaning(column.term), pinned=pinned, format=column.format
        )
    return st.column_config.TextColumn(column.label, help=meaning(column.term), pinned=pinned)
