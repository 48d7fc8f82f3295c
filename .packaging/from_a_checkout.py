"""Says in a sentence, to whoever tries to build a package, how this project is run instead."""

import sys
from typing import NoReturn

SENTENCE = (
    "MentalBench Explorer is run from a checkout and is not installed as a package: install what it needs with "
    "'pip install -r requirements.txt', then run 'streamlit run app.py' or 'python -m analysis' there, or "
    "'python PATH/analysis' from any other folder."
)


def _refuse(*_: object, **__: object) -> NoReturn:
    sys.exit(SENTENCE)


build_wheel = build_sdist = build_editable = _refuse
get_requires_for_build_wheel = get_requires_for_build_sdist = get_requires_for_build_editable = _refuse
prepare_metadata_for_build_wheel = prepare_metadata_for_build_editable = _refuse
