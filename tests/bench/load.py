"""How the app holds under load: ``python -m tests.bench.load [SESSIONS] [SECONDS]`` prints redraws and memory.

Sessions speak Streamlit's own websocket, without a browser: each asks for a random tab under random filters, waits
until its script has run, and asks for the next. A stock page of three Altair charts and a table is asked in the same
way, in the same run, for what is measured on one machine says little by itself.

Then one session asks for each tab under filters that nobody has asked for, and once more.
"""

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from data.mentalalign import STUDY
from tests.browser import TABS, Server

SESSIONS, SECONDS = 25, 60
STOCK = """
import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

kept = st.query_params.get_all("judge")
values = np.random.default_rng(0).normal(size=(28, 3))
data = pd.DataFrame(values, columns=list("xyz")).assign(judge=list("abcd") * 7)
data = data[data["judge"].isin(kept or list("abcd"))]
st.title("A stock page")
st.multiselect("Judges", list("abcd"))
for first, second in ("xy", "yz", "zx"):
    st.altair_chart(alt.Chart(data).mark_point().encode(x=first, y=second, color="judge"))
st.dataframe(data)
"""


class Address(NamedTuple):
    """A place, by its key, empty for the first one, and what its address asks for."""

    place: str
    query: str


def address_of(tab: str, chosen: Sequence[tuple[str, str]] = ()) -> Address:
    """Give a tab, by its address, with more filters."""
    place, _, query = tab.lstrip("/").partition("?")
    return Address(place, "&".join(filter(None, (query, urlencode(chosen)))))


class Redraw(NamedTuple):
    """How long a redraw took, in seconds, and whether it ended in an error."""

    seconds: float
    failed: bool


class Session:
    """One visitor, who asks by the websocket and waits until the script has run."""

    def __init__(self, server: Server) -> None:
        self._opening = connect(
            f"ws://127.0.0.1:{server.port}/_stcore/stream", subprotocols=["streamlit"], max_size=None, ping_timeout=None
        )

    async def __aenter__(self) -> Self:
        self._socket: ClientConnection = await self._opening.__aenter__()
        return self

    async def __aexit__(self, *failed: object) -> None:
        await self._socket.close()

    async def redraw(self, address: Address) -> Redraw:
        """Ask for a place, and read all that it sends."""
        asked = BackMsg()
        asked.rerun_script.page_name, asked.rerun_script.query_string = address
        start = time.perf_counter()
        await self._socket.send(asked.SerializeToString())
        failed = False
        while True:
            message = ForwardMsg()
            message.ParseFromString(await self._socket.recv())
            failed |= message.delta.new_element.WhichOneof("type") == "exception"
            if message.WhichOneof("type") == "script_finished":
                failed |= message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY
                return Redraw(time.perf_counter() - start, failed)


def of_app(rng: random.Random) -> Iterator[Address]:
    """Give addresses of the app: a tab, some judges, some attributes."""
    while True:
        tab = rng.choice(TABS)
        chosen = [
            (name, key)
            for name, keys in (("judge", STUDY.judge_keys), ("attribute", STUDY.attribute_names))
            for key in rng.sample(keys, rng.randint(1, len(keys)))
        ]
        yield address_of(tab, chosen)


def of_stock(rng: random.Random) -> Iterator[Address]:
    """Give addresses of the stock page: some judges."""
    while True:
        yield Address("", urlencode([("judge", key) for key in rng.sample("abcd", rng.randint(1, 4))]))


async def visits(server: Server, addresses: Iterator[Address], until: float) -> list[Redraw]:
    """Redraw one page after the other until the time has come."""
    redraws = []
    async with Session(server) as session:
        while time.perf_counter() < until:
            redraws.append(await session.redraw(next(addresses)))
    return redraws


async def under_load(name: str, server: Server, addresses: list[Iterator[Address]], seconds: float) -> float:
    """Print what many sessions met; return redraws a second."""
    start = time.perf_counter()
    each = await asyncio.gather(*(visits(server, mine, start + seconds) for mine in addresses))
    spent, redraws = time.perf_counter() - start, [redraw for mine in each for redraw in mine]
    times = sorted(redraw.seconds for redraw in redraws)
    rate = len(redraws) / spent
    print(
        f"{name}: {len(addresses)} sessions, {len(redraws):,} redraws, {rate:.2f} a second, median "
        f"{statistics.median(times):.2f} s, 95 of 100 within {times[int(0.95 * len(times))]:.2f} s, "
        f"{sum(redraw.failed for redraw in redraws)} errors, peak memory {server.peak_memory:.0f} MB"
    )
    return rate


async def alone(server: Server, name: str, tabs: Sequence[str]) -> None:
    """Print for each tab how long one session waits under filters never seen, and seen before."""
    async with Session(server) as session:
        for tab in tabs:
            await session.redraw(address_of(tab))
            never, seen = [], []
            for judge in STUDY.judge_keys:
                address = address_of(tab, [("judge", judge), ("attribute", "Safety"), ("attribute", "Empathy")])
                for spent in (never, seen):
                    spent.append((await session.redraw(address)).seconds)
            first, again = statistics.median(never), statistics.median(seen)
            print(f"{name} {tab}: never seen {first:.3f} s, seen {again:.3f} s, {first / again:.1f} times", flush=True)


def main(sessions: int, seconds: float) -> None:
    """Measure the stock page, then the app."""
    rates = []
    with tempfile.TemporaryDirectory() as place:
        stock = Path(place) / "stock.py"
        stock.write_text(STOCK, encoding="utf-8")
        with Server(Path(place) / "log", stock) as server:
            rates.append(asyncio.run(under_load("stock page", server, _several(of_stock, sessions), seconds)))
            asyncio.run(alone(server, "stock page", ["/"]))
        with Server(Path(place) / "log") as server:
            rates.append(asyncio.run(under_load("app", server, _several(of_app, sessions), seconds)))
        print(f"redraws a second, app to stock page: {rates[1] / rates[0]:.2f}", flush=True)
        with Server(Path(place) / "log") as server:
            asyncio.run(alone(server, "app", TABS))


def _several(make: Callable[[random.Random], Iterator[Address]], sessions: int) -> list[Iterator[Address]]:
    return [make(random.Random(seed)) for seed in range(sessions)]


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(*given, *(SESSIONS, SECONDS)[len(given) :]))
