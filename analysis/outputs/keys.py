"""What keys in the columns of tables are called."""

from analysis.reproduction.names import PRINTED_FIGURE, PRINTED_LABEL, SWITCH_LABEL
from analysis.wording.vocabulary import (
    CHOICE,
    COMPONENT_LABEL,
    CORRECTION_LABEL,
    CRITERION,
    FAULT_LABEL,
    MEND_LABEL,
    MODEL_LABEL,
    RATER_LABEL,
    RULE,
    SAME_MESSAGE,
    STATISTIC_LABEL,
    USE,
)
from data.mentalalign import ATTRIBUTE_NAMES

WORDS = {
    "judge": RATER_LABEL,
    "rater": {**RATER_LABEL, "judge": "Judge"},
    # A fault may concern all models, or all attributes.
    "model": {**MODEL_LABEL, "": "All"},
    "attribute": {**{name: name for name in ATTRIBUTE_NAMES}, "": "All"},
    "left_out": MODEL_LABEL,
    "method": CORRECTION_LABEL,
    "component": COMPONENT_LABEL,
    "statistic": STATISTIC_LABEL,
    "best_member": RATER_LABEL,
    "interval": {key: label for key, (label, _) in CHOICE["interval"].items()},
    "rule": {key: label for key, (label, _) in RULE.items()},
    "use": {key: label for key, (label, _, _) in USE.items()},
    "criterion": CRITERION,
    "same_message": SAME_MESSAGE,
    "fault": MEND_LABEL,
    "kind": FAULT_LABEL,
    "published_table": PRINTED_LABEL,
    "figure": PRINTED_FIGURE,
    "switch": SWITCH_LABEL,
}
