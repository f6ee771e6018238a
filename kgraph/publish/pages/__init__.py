"""The pages that people, crawlers and programs read without JavaScript: one for each thing, and those that list them.

They work unchanged as files: every address between them is relative and says its language and form.
"""

from kgraph.publish.pages.site import UNPUBLISHED, Site

__all__ = ["UNPUBLISHED", "Site"]
