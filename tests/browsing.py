"""Pages of the explorer in a browser, and helpers that wait for their state instead of a fixed time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Frame, Page

HARMLESS = "GPU stall due to ReadPixels"
"""A part of the console messages of software rendering."""

INTRODUCED = "localStorage.setItem('kgraph.introduced', 'yes')"

Open = Callable[..., Page]
"""Opens the explorer at a fragment, with the options of `opening`."""

STILL = """async () => {
    await document.fonts.ready
    const ends = (one) => one.effect?.getComputedTiming().endTime !== Infinity
    await Promise.allSettled(document.getAnimations().filter(ends).map((one) => one.finished))
    let frames = 0
    const observer = new MutationObserver(() => { frames = 0 })
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
    while (frames++ < 30) await new Promise(requestAnimationFrame)
    observer.disconnect()
}"""
"""Resolves when fonts are loaded, animations have ended and the DOM has not changed for 30 frames."""

DRAWN = {
    "network": ".canvas canvas",
    "table": "table.grid",
    "map": ".chart .spot",
    "timeline": ".moment",
    "questions": ".question",
    "sparql": ".cm-content",
    "sources": ".dispute",
}
"""The views of the explorer in menu order, each with a selector that matches once the view is rendered."""


def settled(page: Page | Frame) -> None:
    """Wait until a page is rendered and idle. The wait counts frames, which take longer on a slow machine."""
    page.evaluate(STILL)


def faults(page: Page, **options: object) -> list[dict[str, Any]]:
    """The faults of accessibility that axe finds, with its options. Other results would take two thirds of its time."""
    found: list[dict[str, Any]] = (
        Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
    )
    return found


def fragment(page: Page) -> str:
    """The current fragment; `page.url` may still hold the earlier one."""
    return str(page.evaluate("location.hash"))


@contextmanager
def opening(browser: Browser, address: str) -> Iterator[Open]:
    """A function that opens the explorer at a fragment, behind `base` in place of the address.

    The console must stay empty but for `allow`, and nothing outside the folder of the explorer be requested. `fresh` is
    a first visit, `touch` a touch screen, `mobile` one of a phone; `script` runs before those of the page.
    """
    wrong: list[str] = []
    allowed = [HARMLESS]
    contexts = []

    def note(message: ConsoleMessage) -> None:
        if not any(known in message.text for known in allowed):
            wrong.append(message.text)

    def open_page(
        at: str = "",
        *,
        base: str = address,
        lang: str = "pl",
        width: int = 1400,
        dark: bool = False,
        fresh: bool = False,
        touch: bool = False,
        mobile: bool = False,
        script: str = "",
        allow: str = HARMLESS,
    ) -> Page:
        allowed.append(allow)
        own = (f"{base.rpartition('/')[0]}/", "blob:", "data:")
        context = browser.new_context(
            locale="pl-PL" if lang == "pl" else "en-GB",
            viewport={"width": width, "height": 900 if width > 500 else 844},
            color_scheme="dark" if dark else "light",
            has_touch=touch or mobile,
            is_mobile=mobile,
            reduced_motion="reduce",
        )
        contexts.append(context)
        for before in (script, "" if fresh else INTRODUCED):
            context.add_init_script(before)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith(own) else wrong.append(asked.url))
        page.goto(base + at)
        page.wait_for_selector(".view > *")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []
