"""The filters in the sidebar: judges, attributes, whose replies, and a panel."""

from dataclasses import replace
from typing import cast

import streamlit as st

from analysis.ratings.settings import Selection
from analysis.wording import meaning
from analysis.wording.vocabulary import RULE, attribute_meaning
from data.sources import Dataset
from data.study import Rule, Study
from pages.components.filters import Filters, forget, set_many

SUBSET = ("judge", "attribute", "model")


def choose_selection(filters: Filters, study: Study) -> Selection:
    """Offer judges, attributes and models; where nothing is chosen it is all, so that one click restricts."""
    judges = filters.many("judge", "Judges", study.judge_keys, say=study.rater, explained=meaning(study, "judge"))
    names = study.attribute_names
    attributes = filters.many("attribute", "Attributes", names, explained=_explained(study))
    if study.groups:
        with st.container(horizontal=True, gap="small"):
            for group in study.groups:
                label = f"{group.label} only"
                st.button(label, key=f"group {label}", on_click=set_many, args=("attribute", group.attributes, names))
    models = filters.many("model", "Replies by", study.system_keys, say=study.system, explained=meaning(study, "model"))
    st.button(
        "Show all again",
        icon=":material/filter_alt_off:",
        on_click=forget,
        args=(SUBSET,),
        disabled=not (judges or attributes or models),
    )
    return Selection.of(study, judges, models, attributes)


def _explained(study: Study) -> str:
    said = {name: attribute_meaning(study, name) for name in study.attribute_names}
    return "  \n".join(f"**{name}**{f': {meant}' if meant else ''}" for name, meant in said.items())


def choose_panel(filters: Filters, dataset: Dataset, selection: Selection) -> Selection:
    """Offer a panel of judges, which the study did not have, where single conversations are at hand."""
    if not dataset.provenance.single_conversations:
        return selection
    study = dataset.study
    members = filters.many(
        "panel",
        "Panel",
        study.judge_keys,
        unchosen="none is chosen",
        say=study.rater,
        explained=meaning(study, "panel"),
    )
    if len(members) == 1:
        st.caption("A panel takes at least two judges: choose another.")
    if len(members) < 2:
        return selection
    rule = filters.one(
        "rule",
        "Rule of the panel",
        list(RULE),
        "mean",
        say=lambda rule: RULE[rule][0],
        explained=meaning(study, "rule"),
        form="row",
    )
    return replace(selection, panel=members, rule=cast(Rule, rule))
