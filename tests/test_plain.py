"""Text from data on a page: every character of it in sight, none of it obeyed."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.plain_text import CUT, visible

HOSTILE = (
    "<script>window.ran = true</script> <img src=x onerror=alert(1)> ![a](https://example.org/a.png) "
    "[a](javascript:alert(1)) $x^2$ :material/home: :red[red] **bold** # heading"
)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\x00b", "a⟨U+0000⟩b"),
        ("a\x1b[31mb\x7f", "a⟨U+001B⟩[31mb⟨U+007F⟩"),
        ("safe\u202efdp.exe\u202c", "safe⟨U+202E⟩fdp.exe⟨U+202C⟩"),
        ("\u2066a\u2069\u200e\u200f\u061c", "⟨U+2066⟩a⟨U+2069⟩⟨U+200E⟩⟨U+200F⟩⟨U+061C⟩"),
        ("in\u200bvis\u00adible\ufeff\u2060", "in⟨U+200B⟩vis⟨U+00AD⟩ible⟨U+FEFF⟩⟨U+2060⟩"),
        ("one\u2028two\u2029three\rfour", "one⟨U+2028⟩two⟨U+2029⟩three⟨U+000D⟩four"),
        ("\ud800", "⟨U+D800⟩"),
        ("\U000e0041\U000e0100", "⟨U+E0041⟩⟨U+E0100⟩"),
        ("\u3164\u2800\u034f", "⟨U+3164⟩⟨U+2800⟩⟨U+034F⟩"),
        ("a\u200db \u200d", "a⟨U+200D⟩b ⟨U+200D⟩"),
        ("a\ufe0f\ufe0f", "a⟨U+FE0F⟩⟨U+FE0F⟩"),
    ],
)
def test_what_leaves_no_trace_on_a_screen_becomes_its_number(text: str, seen: str) -> None:
    assert visible(text) == seen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "It's a plain text, with “quotes”,\n\ta line break and a tab.",
        "Ça, Zoë, Ελληνικά, עברית, العربية, हिन्दी, 日本語, a\u00a0b",
        "\u2764\ufe0f \u26a0\ufe0f \u2194\ufe0f \u203c\ufe0f 1\ufe0f\u20e3",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f3f3\ufe0f\u200d\U0001f308",
        "\U0001f9d1\U0001f3fd\u200d\U0001f4bb \U0001f937\u200d\u2642\ufe0f",
        HOSTILE,
    ],
)
def test_what_can_be_seen_stays_and_emoji_stay_whole(text: str) -> None:
    assert visible(text) == text


def test_a_line_break_of_two_characters_is_one() -> None:
    assert visible("one\r\ntwo") == "one\ntwo"


def script(text: str, label: str) -> None:
    from pages.components.plain_text import show_plain

    show_plain(text, label)


def shown(text: str) -> AppTest:
    app = AppTest.from_function(script, args=(text, "the message")).run()
    assert not app.exception
    return app


@pytest.mark.slow
def test_a_text_is_drawn_by_the_one_element_that_obeys_nothing() -> None:
    app = shown(HOSTILE + "\x00")

    assert [each.value for each in app.text] == [HOSTILE + "⟨U+0000⟩"]
    assert not app.markdown
    assert not app.caption
    assert not app.button


@pytest.mark.slow
def test_a_very_long_text_is_cut_and_said_to_be_and_the_rest_is_a_click_away() -> None:
    text = "a" * 1_000_000

    app = shown(text)
    assert app.text[0].value == "a" * CUT
    assert app.caption[0].value == "The first 5,000 of 1,000,000 characters are shown."

    app.button[0].click().run()
    assert app.text[0].value == text
    assert not app.caption
    assert not app.button


@pytest.mark.slow
def test_a_text_that_just_fits_is_whole() -> None:
    assert shown("a" * CUT).text[0].value == "a" * CUT


@pytest.mark.slow
def test_a_megabyte_that_cannot_be_seen_is_made_visible_in_one_go() -> None:
    assert visible("\x00" * 1_000_000) == "⟨U+0000⟩" * 1_000_000
