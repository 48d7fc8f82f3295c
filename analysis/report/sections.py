"""The annexes of a report that hold tables and charts of the dashboard."""

from collections.abc import Callable

import pandas as pd

from analysis.charts.bland_altman import bland_altman
from analysis.charts.false_reassurance import reassurance_forest
from analysis.charts.icc import forest
from analysis.charts.inflation import bias_heatmap, dumbbell
from analysis.charts.ranking import loss_heatmap
from analysis.charts.scores import score_by_model
from analysis.decisions.scores import measures, score_table
from analysis.findings.bland_altman import limits_finding
from analysis.findings.false_reassurance import behind_finding, mixture_finding, reassurance_finding
from analysis.findings.icc import cautions, forest_finding, reliability_finding, two_intervals_finding
from analysis.findings.inflation import dumbbell_finding, inflation_finding
from analysis.findings.ranking import choice_finding, cost_finding
from analysis.findings.reasons import reason, what_would_change
from analysis.findings.scores import score_finding
from analysis.findings.verdicts import rules, use_finding
from analysis.outputs.view import View
from analysis.report.blocks import figure_of, matrices_of, table_of
from analysis.report.document import Block, Heading, Notice, Paragraph, plain
from analysis.report.prose import blocks
from analysis.wording import sections_of, study_text
from analysis.wording.vocabulary import USE
from data.study import Study

Blocks = tuple[Block, ...]


def title_of(study: Study, section: str) -> str:
    """Give what a part is called."""
    return sections_of(study, "sections")[section].title


def of_limits(view: View) -> pd.DataFrame:
    """Give the limits of agreement that a report holds."""
    return view.table("agreement-limits")


def with_reasons(view: View) -> pd.DataFrame:
    """Give the verdicts, each with its reason and what would change it."""
    verdicts = view.table("verdicts")
    return verdicts.assign(
        reason=[reason(view.study, row, view.settings) for _, row in verdicts.iterrows()],
        change=[what_would_change(view.study, row) for _, row in verdicts.iterrows()],
    )


def _reasons(view: View) -> Blocks:
    verdicts, said = view.table("verdicts"), with_reasons(view)
    columns = ["judge", "attribute", "verdict", "reason", "change"]
    made = [
        *blocks(study_text(view.study, "report", "checks")),
        *blocks(study_text(view.study, "methods", "robustness")),
    ]
    for use, (label, question, _) in USE.items():
        rows = said.loc[said["use"] == use, columns]
        made += [
            Heading(question, 2),
            Paragraph(plain(use_finding(view.study, verdicts, use), "strong")),
            *matrices_of(view.study, verdicts, view.selection, [use], with_intervals=True),
            table_of(view.study, rows, f"{label}: reasons", widths=(14, 13, 12, 33, 28)),
        ]
    return tuple(made)


def _thresholds(view: View) -> Blocks:
    return (
        *blocks(rules(view.settings), "What must hold for a verdict"),
        *blocks(study_text(view.study, "methods", "bounds")),
    )


def _reliability(view: View) -> Blocks:
    icc = view.table("icc")
    notices = [
        *cautions(view.study, icc, view.settings),
        two_intervals_finding(view.study, icc, view.table("verdicts"), view.settings),
    ]
    columns = [
        *("judge", "attribute", "reading", "icc_c1", "icc_c1_low", "icc_c1_high", "icc_a1", "icc_a1_low"),
        *("icc_a1_high", "n_targets"),
    ]
    data = icc[["icc_c1", "icc_c1_low", "icc_c1_high"]]
    return (
        *(Notice(plain(said)) for said in notices if said),
        Paragraph(plain(reliability_finding(view.study, icc, view.settings), "strong")),
        *blocks(study_text(view.study, "shared", f"reading-{view.settings.readings}")),
        table_of(view.study, icc[columns], "Intraclass correlations of judges with experts"),
        figure_of(forest, view.study, icc, "icc_c1", finding=forest_finding(view.study, icc, "icc_c1"), data=data),
    )


def _inflation(view: View) -> Blocks:
    bias = view.table("inflation")
    columns = ["judge", "attribute", "human_mean", "judge_mean", "bias", "bias_low", "bias_high", "mse", "n_pairs"]
    return (
        figure_of(bias_heatmap, view.study, bias, finding=inflation_finding(view.study, bias)),
        *blocks(study_text(view.study, "inflation", "bias")),
        # Between two high charts, so that it fills the page that the second does not fit on.
        table_of(view.study, bias[columns], "Means of judges and experts, and bias, in points of the scale"),
        figure_of(dumbbell, view.study, bias, finding=dumbbell_finding(view.study, bias)),
    )


def _limits(view: View) -> Blocks:
    limits = of_limits(view)
    columns = [
        *("judge", "attribute", "bias", "bias_low", "bias_high", "limit_lower", "limit_lower_low", "limit_lower_high"),
        *("limit_upper", "limit_upper_low", "limit_upper_high", "slope"),
    ]
    known = limits.dropna(subset="bias")
    row = (known if len(known) else limits).sort_values("bias", key=abs, ascending=False).iloc[0]
    cell, density = (
        table[(table["judge"] == row["judge"]) & (table["attribute"] == row["attribute"])]
        for table in (limits, view.table("difference_density"))
    )
    return (
        figure_of(bland_altman, view.study, density, cell, finding=limits_finding(view.study, row)),
        *blocks(study_text(view.study, "inflation", "limits")),
        table_of(view.study, limits[columns], "Bias and 95% limits of agreement, in points of the scale"),
    )


def _replies(view: View) -> Blocks:
    rates = view.table("reassurance")
    columns = [
        *("judge", "attribute", "n_low", "n_reassured", "false_reassurance", "false_reassurance_low"),
        *("false_reassurance_high", "n_high", "reverse", "reverse_low", "reverse_high"),
    ]
    mixture = mixture_finding(view.study, view.table("reassurance_by_model"))
    return (
        *(
            [Notice(plain(study_text(view.study, "replies", "zeros")))]
            if view.settings.ratings == "as-released"
            else []
        ),
        Paragraph(plain(f"{reassurance_finding(view.study, rates, view.settings)} {mixture}".strip(), "strong")),
        figure_of(
            reassurance_forest,
            view.study,
            rates,
            finding=behind_finding(view.study, rates),
            data=rates[["false_reassurance"]],
        ),
        *blocks(study_text(view.study, "replies", "reassurance")),
        table_of(view.study, rates[columns], "False reassurance of every judge and attribute"),
    )


def _scores(view: View) -> Blocks:
    study, intervals = view.study, view.table("scores")
    made: list[Block] = []
    for group in study.groups:
        if (intervals["measure"] == group.key).any():
            finding = score_finding(study, intervals, group.key)
            made.append(figure_of(score_by_model, study, intervals, group.key, finding=finding))
        else:
            needed = ", ".join(group.attributes)
            made.append(Notice(plain(f"{group.label} is not given: it needs {needed}, which were not all chosen.")))
    means = score_table(study, intervals)[["rater", "model", *measures(study)]]
    caption = f"Scores of every rater and model, {study.scale.label}"
    return (
        *blocks(study_text(study, "scores")),
        *made,
        table_of(study, means, caption),
    )


def _ranking(view: View) -> Blocks:
    ranking = view.table("ranking")
    columns = [
        *("judge", "attribute", "best_human", "best_judge", "same_best", "pairwise", "pairwise_low", "pairwise_high"),
        *("loss", "loss_low", "loss_high"),
    ]
    return (
        Paragraph(plain(choice_finding(view.study, ranking), "strong")),
        figure_of(
            loss_heatmap,
            view.study,
            ranking,
            finding=cost_finding(view.study, ranking),
            data=ranking[["expected_loss"]],
        ),
        *blocks(study_text(view.study, "choosing", "cost")),
        table_of(view.study, ranking[columns], "Order and choice of models, judges against experts"),
    )


# Keys are those of ``SECTION_NAMES``, in their order; titles are in ``wording/sections.md``.
SECTIONS: dict[str, Callable[[View], Blocks]] = {
    "reasons": _reasons,
    "thresholds": _thresholds,
    "reliability": _reliability,
    "inflation": _inflation,
    "limits": _limits,
    "replies": _replies,
    "scores": _scores,
    "ranking": _ranking,
}
