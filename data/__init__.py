"""Brings ratings and replies in, from wherever they are, as tidy frames and counts."""

import os

# The Hugging Face clients read these once, when they are imported; neither usage report serves a reader of this app.
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("HF_UPDATE_DOWNLOAD_COUNTS", "0")

# The sources that have a name; the others are paths.
SOURCES = ("auto", "hub", "github", "snapshot")
