"""Add a judge: by upload, with what was matched in its file and what not."""

import streamlit as st

from analysis.findings.phrases import counted
from analysis.wording import meaning, text
from data.study import Study
from pages.components import added
from pages.components.plain_text import code, visible
from pages.components.source import offer_ratings
from pages.components.view import View

_UPLOAD = "judge uploaded"


def show(view: View) -> None:
    """Let the reader add judges by upload, each with what was found in its file, and take them away again."""
    st.markdown(text("your-study", "judge"))
    st.code(_example(view.study), language=None)
    if view.dataset.ratings is None:
        offer_ratings(view.study)
        return
    for name in added.uploads():
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.markdown(f"Added for this session: {code(name)}")
            st.button("Take it away", key=f"remove {name}", on_click=added.remove, args=(name,))
        if problems := added.left_out().get(name):
            st.warning("This file is in no figure.", icon=":material/error:")
            _show_lines(problems)
    file = st.file_uploader("A file with a judge's ratings", type=list(added.FORMS), key=_UPLOAD)
    if file is None or file.name in added.uploads():
        return
    own = st.multiselect(
        "Systems that are this judge itself, or its model's",
        view.study.system_keys,
        format_func=view.study.system,
        help=meaning(view.study, "exclude"),
        placeholder="None, or not known",
    )
    upload = added.Upload(file.getvalue(), tuple(own))
    found, problems = added.tried(view.dataset.ratings, file.name, upload)
    if found is None:
        st.error("The file cannot be used. Nothing of it was added.", icon=":material/error:")
        _show_lines(problems)
        return
    recognised = counted(len({judge for file in found.files for judge in file.judges}), "judge", "judges")
    if any(len(file.unmatched) for file in found.files):
        said = f"{recognised} recognised, and not all of the file fits. Nothing is added yet."
        st.warning(said, icon=":material/rule:")
    elif any(file.new_systems for file in found.files):
        said = f"{recognised} recognised, with ratings of systems that no expert rated. Nothing is added yet."
        st.warning(said, icon=":material/rule:")
    else:
        st.success(f"{recognised} recognised. Nothing is added yet.", icon=":material/check:")
    _show_lines(found.sentences)
    st.button(
        "Add everywhere, for this session",
        type="primary",
        on_click=added.add,
        args=(file.name, upload),
        icon=":material/person_add:",
    )


def _example(study: Study) -> str:
    """Write the first lines of a table with one row for each rating, in the study's own names."""
    rows = [f"1,{study.system_keys[0]},{attribute},{study.scale.high:g}" for attribute in study.attribute_names[:2]]
    return "\n".join(["item,system,attribute,rating", *rows])


def _show_lines(lines: tuple[str, ...]) -> None:
    """Show sentences that may hold names from data: as they stand, never as markup."""
    st.text("\n".join(visible(line) for line in lines))
