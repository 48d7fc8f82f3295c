"""Names from data as sentences and tables show them."""

import re
from collections.abc import Iterator, Sequence

# Signs that Markdown, in which sentences on pages and in reports are laid out, gives a meaning: some everywhere, others
# at the edge of a word, before what they would make an entity, an address or a picture of, or at the beginning.
MARKUP = re.compile(
    r"[\\`*\[\]<>$~|#]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)|:(?=\S)|(?<=\w)@(?=\w)|(?<=\bwww)\.|^[-+=](?=\W)|(?<=^\d)[.)](?=\s)",
    re.IGNORECASE,
)
# Signs that look like them and have none.
_ALIKE = dict(zip("\\`*[]<>$~|#_&:@.-+=)", "⧵ˋ∗［］‹›＄∼¦＃＿＆∶＠․−＋＝）", strict=True))


def plain_name(name: str) -> str:
    """Return a name from data as sentences show it: no sign in it is taken for markup, wherever it is laid out.

    Such signs become others that look like them, and line breaks become spaces; other names stay as they are.
    """
    return MARKUP.sub(lambda found: _ALIKE[found[0]], " ".join(name.split()))


def attribute_problems(names: Sequence[str]) -> Iterator[str]:
    """Say which attributes cannot be called as they are: their names are keys of tables and stand in sentences too."""
    for name in names:
        if plain_name(name) != name:
            signs = " ".join(dict.fromkeys(found[0] for found in MARKUP.finditer(name))) or "a space too many"
            yield f"attribute {name!r}: in its name stands {signs}, which would be taken for markup; call it otherwise"
    alike = {name.casefold(): name for name in reversed(names)}
    for name in names:
        if (other := alike[name.casefold()]) != name:
            yield f"attributes {other!r} and {name!r} differ in capitals only; call both alike, or one otherwise"
        if name.casefold() == "average":
            yield f"attribute {name!r}: tables of scores have an average of all attributes; call it otherwise"
