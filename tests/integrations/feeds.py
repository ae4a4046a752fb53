"""The bytes of an answer, for the tests of the SDKs: some of them stand on httpx, some on httpx2."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any


def feed(http: Any) -> type:
    """`Feed(items)`, a stream of that library."""

    class Feed(http.SyncByteStream, http.AsyncByteStream):
        """The bytes of an answer. An exception among them is raised, a function called, at its place."""

        def __init__(self, items: list[Any]) -> None:
            self.items = items
            self.closed = False

        def __iter__(self) -> Iterator[bytes]:
            for item in self.items:
                if isinstance(item, BaseException):
                    raise item
                if callable(item):
                    item()
                else:
                    yield item

        async def __aiter__(self) -> AsyncIterator[bytes]:
            for item in self.items:
                await asyncio.sleep(0)
                if isinstance(item, BaseException):
                    raise item
                if callable(item):
                    await item()
                else:
                    yield item

        def close(self) -> None:
            self.closed = True

        async def aclose(self) -> None:
            self.closed = True

    return Feed
