"""What keys in the columns of tables are called."""

from analysis.reproduction.names import PRINTED_FIGURE, PRINTED_LABEL, SWITCH_LABEL
from analysis.wording.vocabulary import (
    CHOICE,
    CONTRADICTED,
    CORRECTION_LABEL,
    CRITERIA,
    CRITERION,
    ERROR_LABEL,
    FIX_LABEL,
    MATRIX_PART,
    RULE,
    SAME_MESSAGE,
    STATISTIC_LABEL,
    TOLD_APART,
    USE,
    WOULD_BE,
    choice_label,
    component_labels,
    measure_labels,
)
from data.study import ALL_SYSTEMS, Study

_WORDS: dict[str, dict[str, str]] = {
    "method": CORRECTION_LABEL,
    "statistic": STATISTIC_LABEL,
    "rule": {key: label for key, (label, _) in RULE.items()},
    "use": {key: label for key, (label, _, _) in USE.items()},
    "criterion": CRITERION,
    "told_apart": TOLD_APART,
    "campbell_fiske": CRITERIA,
    "part": MATRIX_PART,
    "same_message": SAME_MESSAGE,
    "would_be": WOULD_BE,
    "contradicted": CONTRADICTED,
    "error": FIX_LABEL,
    "kind": ERROR_LABEL,
    "published_table": PRINTED_LABEL,
    "figure": PRINTED_FIGURE,
    "switch": SWITCH_LABEL,
}


def words_of(study: Study) -> dict[str, dict[str, str]]:
    """Return what the keys in each column stand for in a study."""
    return {
        "judge": study.rater_labels,
        "rater": {**study.rater_labels, "judge": "Judge"},
        "expert": study.expert_labels,
        # An error may concern all models, or all attributes.
        "model": {**study.system_labels, "": "All"},
        "compared_with": {**study.system_labels, ALL_SYSTEMS: "All systems"},
        "attribute": {**{name: name for name in study.attribute_names}, "": "All"},
        "measure": measure_labels(study),
        "left_out": study.system_labels,
        "best_member": study.rater_labels,
        "component": component_labels(study),
        "interval": {key: choice_label(study, "interval", key) for key in CHOICE["interval"]},
        **_WORDS,
    }
