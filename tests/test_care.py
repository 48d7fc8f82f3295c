"""Where text of conversations can appear there is a calm notice; every page says that it is no clinical tool."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from analysis.wording import sections, study_text
from data.mentalalign import STUDY
from tests.pages import PAGES, OpenPage

ROOT = Path(__file__).parents[1]
NOTICE = sections("care")["notice"]
NO_CLINICAL_TOOL = study_text(STUDY, "shared", "no-clinical-tool")


@pytest.mark.slow
def test_the_notice_stands_closed_where_replies_are_fetched(open_page: OpenPage) -> None:
    app = open_page("conversations/mentalbench_100k")
    (notice,) = [each for each in app.expander if each.label == NOTICE.title]
    assert not notice.proto.expanded
    assert [each.value for each in notice.markdown] == [NOTICE.body]


@pytest.mark.slow
def test_the_notice_is_only_where_it_is_needed(open_page: OpenPage) -> None:
    assert not any(each.label == NOTICE.title for each in open_page("overview").expander)


def test_the_notice_says_what_may_come_and_how_to_leave_it() -> None:
    said = NOTICE.body
    assert "suicide" in said
    assert "You do not have to read them" in said
    assert "You can stop at any time" in said


def test_help_is_linked_by_directory_and_no_number_is_listed() -> None:
    links = re.findall(r"\]\((.*?)\)", NOTICE.body)
    assert links == ["https://www.iasp.info/crisis-centres-helplines/", "https://findahelpline.com"]
    assert {urlsplit(link).scheme for link in links} == {"https"}
    assert not re.search(r"\d{3}", re.sub(r"\(http.*?\)", "", NOTICE.body))


def test_the_notice_is_drawn_as_markdown_so_that_links_open_apart_and_tell_nothing() -> None:
    part = (ROOT / "pages" / "components" / "content_notice.py").read_text(encoding="utf-8")
    assert "unsafe_allow_html" not in part
    assert "<a " not in NOTICE.body


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_that_it_is_no_clinical_tool(open_page: OpenPage, page: str) -> None:
    assert [each.value for each in open_page(page).caption].count(NO_CLINICAL_TOOL) == 1
