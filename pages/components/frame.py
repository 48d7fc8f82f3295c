"""The frame of every page: menu, filters and source in the sidebar, title and settings above, sources below."""

from dataclasses import replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, cast

import streamlit as st

from analysis.decisions.annotator_test import FEWEST_EXPERTS
from analysis.findings.phrases import listed
from analysis.outputs.view import software
from analysis.ratings.settings import CHOICES, LIMITS, Selection, Settings, presets_of
from analysis.wording import meaning, study_text
from analysis.wording.filling import filled
from analysis.wording.shortfall import few_items
from analysis.wording.vocabulary import CHOICE, RULE, attribute_meaning, choice_label
from data.sources import Dataset
from data.study import Rule, Study
from pages.components import source
from pages.components.filters import Filters, forget, set_many
from pages.components.plain_text import code, escaped
from pages.components.sharing import offer_to_share
from pages.components.view import View


class Place(NamedTuple):
    """A page in the menu: its script, its name, its icon, its group, and whether it is of the published study alone."""

    path: str
    label: str
    icon: str
    group: str
    published: bool = False


PAGES = {
    "overview": Place("app.py", "Overview", ":material/home:", "Decisions"),
    "judge": Place("pages/judge.py", "One judge", ":material/person_search:", "Decisions"),
    "attribute": Place("pages/attribute.py", "One attribute", ":material/label:", "Decisions"),
    "reliability": Place("pages/reliability.py", "Reliability", ":material/rule:", "Figures"),
    "firmness": Place("pages/firmness.py", "How firm", ":material/balance:", "Figures"),
    "inflation": Place("pages/inflation.py", "Inflation", ":material/trending_up:", "Figures"),
    "replies": Place("pages/replies.py", "Single replies", ":material/chat:", "Figures"),
    "correction": Place("pages/correction.py", "Correction", ":material/build:", "Figures"),
    "scores": Place("pages/scores.py", "Scores", ":material/leaderboard:", "Figures"),
    "choosing": Place("pages/choosing.py", "Choosing", ":material/how_to_vote:", "Figures"),
    "planning": Place("pages/planning.py", "Planning", ":material/event_note:", "Figures"),
    "conversations": Place("pages/conversations.py", "Conversations", ":material/forum:", "Evidence"),
    "benchmark": Place(
        "pages/benchmark.py", "MentalBench-100k", ":material/library_books:", "Evidence", published=True
    ),
    "reproduction": Place(
        "pages/reproduction.py", "Reproduction", ":material/compare_arrows:", "Evidence", published=True
    ),
    "faults": Place("pages/faults.py", "Faults", ":material/bug_report:", "Evidence"),
    "your_study": Place("pages/your_study.py", "Your study", ":material/upload_file:", "Evidence"),
    "methods": Place("pages/methods.py", "Methods", ":material/menu_book:", "Evidence"),
}

ICON = Path(__file__).with_name("icon.svg").read_text(encoding="utf-8")
FOCUS = Path(__file__).with_name("focus.css")
SUBSET = ("judge", "attribute", "model")
CHOSEN_BY_HAND = ("ratings", "repeated", "contexts", "exclude", "original", "interval", "discard", "multiplicity")


class Limit(NamedTuple):
    """What readers judge by: the label of its control, and what can be chosen."""

    label: str
    options: tuple[float, ...]


def _limits(study: Study) -> dict[str, Limit]:
    """Offer what readers judge by, in points of the study's scale."""
    scale = study.scale
    points = tuple(
        round(part * scale.width, 9) for part in (0.0125, 0.025, 0.0375, 0.05, 0.0625, 0.075, 0.1, 0.125, 0.25)
    )
    losses = tuple(point for point in points if point <= 0.04 * scale.width)
    half = (scale.low + scale.high) / 2
    return {
        "margin": Limit("Bias that would not matter (points)", points),
        "loss_supported": Limit("Loss by its choice allowed for “Supported” (points)", losses),
        "loss_checked": Limit(
            "Loss by its choice allowed with human checks (points)", tuple(p for p in points if p not in losses)
        ),
        "low": Limit("Poor reply: experts give at most", tuple(point for point in scale.values if point < half)),
        "high": Limit("Reassuring judge: gives at least", tuple(point for point in scale.values if point >= half)),
        "icc_supported": Limit("ICC needed for “Supported”", (0.75, 0.8, 0.85, 0.9, 0.95)),
        "icc_checked": Limit("ICC needed with human checks", (0.3, 0.4, 0.5, 0.6, 0.7)),
        "reassured_supported": Limit("False reassurance allowed for “Supported”", (0.01, 0.02, 0.05, 0.1, 0.15)),
        "reassured_checked": Limit("False reassurance allowed with human checks", (0.2, 0.25, 0.3, 0.4, 0.5)),
        **(
            {"epsilon": Limit("Epsilon: allowance for replacing an expert", (0.05, 0.1, 0.15, 0.2, 0.25, 0.3))}
            if len(study.experts) >= FEWEST_EXPERTS
            else {}
        ),
    }


def open_page(key: str, title: str) -> View:
    """Draw the frame of a page and give what it shows."""
    st.set_page_config(page_title=f"{PAGES[key].label} · MentalBench Explorer", page_icon=ICON, layout="wide")
    st.html(FOCUS)
    shown = source.current()
    dataset = shown.dataset
    filters = Filters()
    with st.sidebar:
        menu = st.container()
        chosen = _choose_selection(filters, dataset.study)
        settings = _choose_settings(filters, dataset.study)
        selection = _choose_panel(filters, dataset, chosen)
        source.draw_status(shown)
        with menu:
            _draw_menu(filters, dataset.study)
    view = View(dataset, settings, selection, filters)
    st.title(filled(dataset.study, title))
    st.caption(escaped(view.in_short()))
    offer_to_share(view)
    say_problems(filters)
    if changes := view.changes():
        said = " ".join(f"{change[0].upper()}{change[1:]}." for change in changes)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.info(f"These are not the recommended settings. {said}", icon=":material/tune:", width="stretch")
            st.button(
                "Back to recommended", icon=":material/undo:", on_click=forget, args=(("preset", *CHOSEN_BY_HAND),)
            )
    if few := few_items(dataset.provenance.conversations):
        st.warning(filled(dataset.study, few), icon=":material/straighten:")
    return view


def say_problems(filters: Filters) -> None:
    """Say what in the address could not be used, of the filters that were drawn since this was said last."""
    for problem in filters.take_problems():
        st.warning(escaped(problem), icon=":material/link_off:")


def close_page(view: View) -> None:
    """Say below a page where its figures come from."""
    with st.expander("Where these figures come from", icon=":material/fact_check:"):
        came = view.dataset.provenance
        st.markdown(
            f"**{escaped(came.title)}**, revision `{came.revision}`, {came.conversations:,} {view.study.item.many}."
        )
        st.markdown("\n".join(f"- {choice}" for choice in [*view.choices(), *view.thresholds()]))
        st.markdown("\n".join(f"- {code(record.name)} sha256 `{record.sha256}`" for record in came.every_file))
        st.markdown(f"Made with {listed([f'{name} {number}' for name, number in software().items()])}.")
    st.caption(study_text(view.study, "shared", "no-clinical-tool"))


def places_of(study: Study) -> dict[str, Place]:
    """Give the pages that there are for a study: some are about the printed tables and texts of the published one."""
    return {key: place for key, place in PAGES.items() if study.published or not place.published}


def _draw_menu(filters: Filters, study: Study) -> None:
    for group, places in groupby(places_of(study).values(), key=lambda place: place.group):
        st.caption(group)
        for place in places:
            st.page_link(place.path, label=place.label, icon=place.icon, query_params=filters.link())


def _choose_settings(filters: Filters, study: Study) -> Settings:
    presets = presets_of(study)
    preset = filters.one(
        "preset",
        "Settings",
        presets,
        presets[0],
        say=partial(choice_label, study, "preset"),
        explained="  \n".join(f"**{label}:** {means}" for label, means in (CHOICE["preset"][name] for name in presets)),
        form="row",
        reset=CHOSEN_BY_HAND,
    )
    level = filters.one(
        "level",
        "Compare",
        CHOICES["level"],
        "model",
        say=partial(choice_label, study, "level"),
        explained=meaning(study, "level"),
        form="row",
        reset=("interval",),
    )
    standard = Settings.of(study, preset, level)
    labels = {
        "ratings": "Ratings that count",
        "repeated": "Copied rows of the experts",
        "contexts": f"{study.item.many.capitalize()} that differ between files",
        "exclude": "Models left out for a judge",
        **({"original": "Original reply" if study.published else "What people wrote"} if study.by_people else {}),
        "interval": "Interval of the ICC",
        "discard": "Resampled values discarded",
        "multiplicity": "Allowance for many verdicts and tests",
    }
    with st.expander("Analysis choices", icon=":material/tune:"):
        made = {
            name: filters.one(
                name,
                label,
                CHOICES[name],
                getattr(standard, name),
                say=partial(choice_label, study, name),
                explained=meaning(study, name),
            )
            for name, label in labels.items()
        }
    with st.expander("What counts as good enough", icon=":material/rule_settings:"):
        limits = {
            name: _choose_limit(filters, study, name, limit, standard.limits[name])
            for name, limit in _limits(study).items()
        }
        st.button(
            "Back to the usual thresholds",
            on_click=forget,
            args=(LIMITS,),
            disabled=limits == {name: standard.limits[name] for name in limits},
        )
    return Settings.of(study, preset, level, **made, **limits)


def _choose_limit(filters: Filters, study: Study, name: str, limit: Limit, standard: float) -> float:
    """Let the reader move a limit."""
    said = filters.one(
        name,
        limit.label,
        [f"{option:g}" for option in sorted({*limit.options, standard})],
        f"{standard:g}",
        say=(lambda share: f"{float(share):.0%}") if name.startswith("reassured") else str,
        form="slide",
        explained=meaning(study, name),
    )
    return float(said)


def _choose_selection(filters: Filters, study: Study) -> Selection:
    """Offer judges, attributes and models; where nothing is chosen it is all, so that one click restricts."""
    judges = filters.many("judge", "Judges", study.judge_keys, say=study.rater, explained=meaning(study, "judge"))
    names = study.attribute_names
    attributes = filters.many("attribute", "Attributes", names, explained=_explained(study))
    if study.groups:
        with st.container(horizontal=True, gap="small"):
            for group in study.groups:
                label = f"{group.label} only"
                st.button(label, key=f"group {label}", on_click=set_many, args=("attribute", group.attributes, names))
    models = filters.many("model", "Models", study.system_keys, say=study.system, explained=meaning(study, "model"))
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


def _choose_panel(filters: Filters, dataset: Dataset, selection: Selection) -> Selection:
    """Offer a panel of judges, which the study did not have, where single conversations are at hand."""
    if not dataset.provenance.single_conversations:
        st.caption(study_text(dataset.study, "shared", "panel-needs"))
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
