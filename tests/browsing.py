"""Helpers that wait for the state of a page instead of a fixed time."""

from playwright.sync_api import Frame, Page

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


def fragment(page: Page) -> str:
    """The current fragment; `page.url` may still hold the earlier one."""
    return str(page.evaluate("location.hash"))
