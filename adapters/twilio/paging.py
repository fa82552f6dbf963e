"""Lists that come in pages: followed as Twilio says, and never for ever."""

from collections.abc import AsyncIterator
from typing import Any

from twilio.base.page import Page

from adapters.twilio.errors import AnswerLost


async def records(page: Page, *, at_most: int) -> AsyncIterator[Any]:
    """Yield what is on `page` and on those after it.

    Raises AnswerLost when there are more than `at_most` pages: what was not read proves nothing. The library's own
    reading ends with the records wanted, so a page that is empty and names itself as the next would never end.
    """
    for turn in range(1, at_most + 1):
        for record in page:
            yield record
        if not page.next_page_url:
            return
        following = await page.next_page_async() if turn < at_most else None
        if following is None:
            raise AnswerLost(f"a list of more than {at_most} pages")
        page = following
