"""Waiting for a page by what it does, never by the clock."""

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
"""Fonts are there, animations over, and nothing in the document has changed for 30 frames of the browser."""

DRAWN = {
    "network": ".canvas canvas",
    "table": "table.grid",
    "map": ".chart .spot",
    "timeline": ".moment",
    "questions": ".question",
    "sparql": ".cm-content",
    "sources": ".dispute",
}
"""The views of the explorer in the order of its menu, each with an element that is there once the view is drawn."""


def settled(page: Page | Frame) -> None:
    """Wait until a page is drawn and does nothing more of its own; a slow machine has slow frames."""
    page.evaluate(STILL)


def fragment(page: Page) -> str:
    """The fragment of the address as the page has it; `page.url` may still have the one before."""
    return str(page.evaluate("location.hash"))
