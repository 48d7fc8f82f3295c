"""A reader's own ratings on the page: a judge by upload, what was matched and what not, and a check of all of it."""

import pandas as pd
import streamlit as st

from analysis.findings.phrases import counted
from analysis.wording import meaning, text
from pages.components import added, source
from pages.components.cached import check_of
from pages.components.plain_text import code, escaped, visible
from pages.components.view import View

_UPLOAD = "judge uploaded"


def offer_judge(view: View) -> None:
    """Let the reader add judges by upload, each with what was found in its file, and take them away again."""
    if view.dataset.ratings is None:
        st.info(text("your-study", "needs-ratings"), icon=":material/database:")
        source.offer_release()
        return
    for name in added.uploads():
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.markdown(f"Added for this session: {code(name)}")
            st.button("Take it away", key=f"remove {name}", on_click=added.remove, args=(name,))
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
    recognised = counted(len(found.judges), "judge", "judges")
    if any(len(file.unmatched) for file in found.files):
        said = f"{recognised} recognised, and not all of the file fits. Nothing is added yet."
        st.warning(said, icon=":material/rule:")
    else:
        st.success(f"{recognised} recognised. Nothing is added yet.", icon=":material/check:")
    _show_lines(found.sentences)
    st.button(
        "Add to every page, for this session",
        type="primary",
        on_click=added.add,
        args=(file.name, upload),
        icon=":material/person_add:",
    )


def show_check(view: View) -> None:
    """Show what the ratings on screen hold, and which tables they allow."""
    checked = check_of(view.dataset)
    if checked is None:
        st.info(text("your-study", "blocks-only"), icon=":material/database:")
        return
    parts, tables = checked
    for heading, said in parts.items():
        if heading == "Tables":
            continue
        with st.expander(f"{heading} ({len(said)})", expanded=heading == "Problems"):
            _show_lines(said)
    st.subheader("Which tables are possible?")
    words = {"yes": "✓ possible", "in part": "▲ in part", "no": "✗ not possible"}
    table = pd.DataFrame(
        [(each.table, words[each.possible], escaped(each.lacking)) for each in tables],
        columns=["Table", "Possible", "What is missing, and how much of it would do"],
    )
    st.table(table, border="horizontal", hide_index=True, alt="Tables that these ratings allow")


def _show_lines(lines: tuple[str, ...]) -> None:
    """Show sentences that may hold names from data: as they stand, never as markup."""
    st.text("\n".join(visible(line) for line in lines))
