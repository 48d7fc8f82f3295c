"""Text from data as the characters that it consists of: never HTML, never Markdown, nothing hidden in it."""

import re
import unicodedata

import streamlit as st

from data.names import MARKUP

# Characters of a text that are shown before the reader asks for the rest: the longest message of the release fits.
CUT = 5000

# Categories of characters that cannot be seen: controls, formats (marks of direction, of zero width), lone surrogates,
# those without a meaning that all agree on, separators of lines and paragraphs.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Others that leave nothing on the screen, or a blank: a joiner, fillers, selectors of a variant.
_BLANK = {
    0x034F,
    0x115F,
    0x1160,
    0x17B4,
    0x17B5,
    0x2800,
    0x3164,
    0xFFA0,
    *range(0xFE00, 0xFE10),
    *range(0xE0100, 0xE01F0),
}
_PICTURE = {"So", "Sk", "Sm"}
# What a backslash takes the meaning from; an address that a text holds stays one.
_ESCAPABLE = frozenset("\\`*[]<>$~|#_&-+=).")
_JOINER, _AS_PICTURE, _KEYCAP = "\u200d", "\ufe0f", "\u20e3"


def visible(text: str) -> str:
    """Give a text in which every character can be seen.

    A control character other than a line break or a tab, a mark of zero width or of direction, and whatever else leaves
    no trace on a screen becomes its number in brackets: ``⟨U+202E⟩``. What holds an emoji together stays.
    """
    text = text.replace("\r\n", "\n")
    unseen = "".join(re.escape(character) for character in sorted(set(text)) if _is_unseen(character))
    return re.sub(f"[{unseen}]", _marked, text) if unseen else text


def escaped(text: str) -> str:
    """Write a text from data so that Markdown shows it as it stands: a title, a notice, what an address asks for."""
    return MARKUP.sub(lambda found: f"\\{found[0]}" if found[0] in _ESCAPABLE else found[0], visible(text))


def code(text: str) -> str:
    """Write a text from data, such as the name of a file, as code in Markdown: no sign in it has a meaning."""
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    space = " " if "`" in text else ""
    return f"{fence}{space}{visible(' '.join(text.split()))}{space}{fence}"


def show_plain(text: str, label: str) -> None:
    """Show a text from data as plain characters; a very long one in part, with a button for the rest.

    Parameters
    ----------
    text
        Whatever the data hold.
    label
        What the text is, in the product's own words and within a sentence: ``the message``. No two texts of a page have
        the same.
    """
    whole = f"whole {label}"
    if len(text) <= CUT or st.session_state.get(whole):
        st.text(visible(text), width="stretch")
        return
    st.text(visible(text[:CUT]), width="stretch")
    st.caption(f"The first {CUT:,} of {len(text):,} characters are shown.")
    st.button(f"Show the rest of {escaped(label)}", key=f"rest of {label}", on_click=_show_whole, args=(whole,))


def _show_whole(whole: str) -> None:
    st.session_state[whole] = True


def _is_unseen(character: str) -> bool:
    hidden = unicodedata.category(character) in _UNSEEN or ord(character) in _BLANK
    return hidden and character not in "\n\t"


def _marked(found: re.Match[str]) -> str:
    return found[0] if _holds_together(found) else f"⟨U+{ord(found[0]):04X}⟩"


def _holds_together(found: re.Match[str]) -> bool:
    """Whether a character joins two emoji, or makes an emoji of the sign before it."""
    text, start, end = found.string, *found.span()
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    if not before:
        return False
    pictured = unicodedata.category(before) in _PICTURE or before in "‼⁉〰〽"
    if found[0] == _JOINER:
        return (pictured or before == _AS_PICTURE) and bool(after) and unicodedata.category(after) in _PICTURE
    return found[0] == _AS_PICTURE and (pictured or after == _KEYCAP)
