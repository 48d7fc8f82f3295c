"""The parts of the product know of each other in one direction only, and are annotated."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.mentalalign import STUDY

ROOT = Path(__file__).parents[1]
FOLDERS = ("data", "analysis", "pages")
MODULES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in [ROOT / "app.py", *(path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py")))]
}


def imports_of(tree: ast.AST, package: str = "") -> set[str]:
    """Dotted names of all modules that a module imports, at its top or where they are used."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            folders = package.split(".")
            above = folders[: len(folders) - node.level + 1] if node.level else []
            base = [*above, *([node.module] if node.module else [])]
            found |= {".".join([*base, *end]) for end in ([], *([alias.name] for alias in node.names))}
    return found


def bare_functions(tree: ast.Module) -> Iterator[str]:
    """Names of public functions and methods that lack an annotation of a parameter or of what they return."""
    for node in [*tree.body, *(part for group in tree.body if isinstance(group, ast.ClassDef) for part in group.body)]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
            bare = [each.arg for each in every if each and each.annotation is None and each.arg not in ("self", "cls")]
            if bare or node.returns is None:
                yield node.name


def strings(text: str) -> set[str]:
    """Texts that are written in a module, whole."""
    nodes = ast.walk(ast.parse(text))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def forbidden(module: str) -> tuple[str, ...]:
    """What a module must not import, by where it stands."""
    if module.startswith("data/"):
        return ("streamlit", "altair", "analysis", "pages", "app")
    if module.startswith("analysis/charts/"):
        return ("streamlit", "pages", "app")
    if module.startswith("analysis/"):
        return ("streamlit", "altair", "pages", "app")
    return ("altair",)


def trespasses(module: str, text: str) -> list[str]:
    """Imports of a module that its place does not allow."""
    package = module.rpartition("/")[0].replace("/", ".")
    names = imports_of(ast.parse(text), package)
    return sorted(name for name in names for ban in forbidden(module) if name == ban or name.startswith(f"{ban}."))


def test_no_module_imports_from_above() -> None:
    found = {module: trespasses(module, text) for module, text in MODULES.items()}
    assert {module: names for module, names in found.items() if names} == {}


def test_public_functions_are_annotated() -> None:
    below = {module: text for module, text in MODULES.items() if module.startswith(("analysis/", "data/"))}
    found = {module: list(bare_functions(ast.parse(text))) for module, text in below.items()}
    assert {module: names for module, names in found.items() if names} == {}


def test_every_part_of_the_product_was_looked_at() -> None:
    assert {"app.py", "analysis/agreement/icc.py", "analysis/__main__.py", "data/sources.py"} <= MODULES.keys()
    assert {
        f"data/{name}.py" for name in ("study", "mentalalign", "ratings", "counts", "counts_file")
    } <= MODULES.keys()
    topics = ("agreement", "bias", "charts", "decisions", "evidence", "findings", "inference", "outputs", "ratings")
    folders = {
        *(f"analysis/{topic}" for topic in (*topics, "report", "reproduction", "wording")),
        *(f"data/{part}" for part in ("own", "released", "remote", "replies")),
        "pages/components",
    }
    assert folders <= {module.rpartition("/")[0] for module in MODULES}


PUBLISHED = "data/mentalalign.py"
KEYS = {*STUDY.judge_keys, *STUDY.system_keys, *STUDY.attribute_names} - {"original"}


def test_no_other_module_knows_the_published_study_by_its_keys() -> None:
    """They stand in :mod:`data.mentalalign`; every other module asks the study that travels with the ratings."""
    found = {module: strings(text) & KEYS for module, text in MODULES.items() if module != PUBLISHED}
    assert {module: names for module, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("module", "text", "found"),
    [
        ("analysis/agreement/icc.py", "import streamlit as st", ["streamlit"]),
        ("analysis/agreement/icc.py", "def f():\n    from altair import Chart", ["altair", "altair.Chart"]),
        ("analysis/charts/forest.py", "import altair as alt", []),
        ("analysis/charts/forest.py", "import streamlit.components.v1", ["streamlit.components.v1"]),
        (
            "analysis/agreement/icc.py",
            "from pages.components import frame",
            ["pages.components", "pages.components.frame"],
        ),
        ("analysis/agreement/icc.py", "from data.mentalalign import STUDY", []),
        (
            "data/counts.py",
            "from analysis.ratings.settings import Settings",
            ["analysis.ratings.settings", "analysis.ratings.settings.Settings"],
        ),
        ("data/counts.py", "from . import mentalalign", []),
        ("data/deep/counts.py", "from ... import analysis", ["analysis"]),
        ("data/counts.py", "import analysis_of_others", []),
        ("pages/scores.py", "import altair", ["altair"]),
        ("pages/scores.py", "import streamlit as st\nfrom analysis.charts import forest", []),
    ],
)
def test_trespasses_are_found(module: str, text: str, found: list[str]) -> None:
    assert trespasses(module, text) == found


def test_bare_functions_are_found() -> None:
    text = """
def good(a: int, *, b: str = "") -> None: ...
def _private(a): ...
def no_return(a: int): ...
async def no_parameter(a) -> None: ...
class Thing:
    def method(self, a: int) -> int: ...
    def bare(self, *rest) -> int: ...
"""
    assert list(bare_functions(ast.parse(text))) == ["no_return", "no_parameter", "bare"]
