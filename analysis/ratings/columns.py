"""Columns of ratings that many tables share: whose they are, of what, and how many."""

from analysis.column import Column

JUDGE_COLUMN = Column.key(
    "judge",
    "Judge",
    "judge",
    note="Its key, as `--help` lists them; of a panel `panel-mean` and so on, by its rule.",
)
RATER_COLUMN = Column.key("rater", "Rater", "judge", note="Or `human`, the experts.")
MODEL_COLUMN = Column.key(
    "model",
    "Model",
    "model",
    note="Its key, as `--help` lists them; `original` is the original reply. In `length-bias` `all` is all of them.",
)
EXPERT_COLUMN = Column.key("expert", "Expert", "expert")
ATTRIBUTE_COLUMN = Column.key("attribute", "Attribute", "attribute")
SCORE_COLUMN = Column.key(
    "score",
    "Score",
    "score",
    note="Guidance, Informativeness, Relevance and Safety are `CSS`; Empathy, Helpfulness and Understanding are `ARS`.",
)
# What a cell is of: a judge on an attribute.
CELL = (JUDGE_COLUMN, ATTRIBUTE_COLUMN)

N_PAIRS = Column.count("n_pairs", "Pairs", "n_pairs")
N_EXPERTS = Column.count("n_experts", "Experts", "n_experts")
N_MODELS = Column.count("n_models", "Models", "n_models", ".0f")
N_CONVERSATIONS = Column.count("n_conversations", "Conversations", "n_conversations")
# Where other numbers of conversations than those at hand are tried.
CONVERSATIONS_TRIED = Column.count("conversations", "Conversations", "n_conversations")
SHARE = Column.estimate("share", "Share", "share", ".0%", "0 to 1")
N = Column.count(
    "n",
    "n",
    "n",
    note="Of a verdict: the systems, the replies of the system with fewest, the replies, or the poor replies that its "
    "criterion rests on.",
)

P = Column.p("p", "p", "p", note="Two-sided; it does not depend on which other rows are chosen.")
P_ADJUSTED = Column.p(
    "p_adjusted",
    "p, adjusted",
    "p",
    note="Holm's, for as many tests as rows are chosen and have a `p`; in `length-bias`, rows over all models are one "
    "family and rows of single models another.",
)
