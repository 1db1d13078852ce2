"""How many items a page may have is a setting, of all lists that have pages."""

from __future__ import annotations

import pytest

from api.settings import Settings, WrongSetting, read_settings
from models.draft import ArticleDraft
from tests.client import serve
from tests.databases import read_test_settings
from tests.editor import sign_in_editor

LISTS = [
    "articles(first: {size}) {{ nodes {{ title }} }}",
    "articles(last: {size}) {{ nodes {{ title }} }}",
    "questions(first: {size}) {{ nodes {{ question }} }}",
    'search(query: "a", first: {size}) {{ nodes {{ article {{ title }} }} }}',
    "articles(first: 1) {{ nodes {{ linkedFrom(first: {size}) {{ totalCount }} }} }}",
    "articles(first: 1) {{ nodes {{ history(first: {size}) {{ nodes {{ kind }} }} }} }}",
    'redirects(site: "test", first: {size}) {{ nodes {{ from }} }}',
    'brokenLinks(site: "test", first: {size}) {{ nodes {{ url }} }}',
    "webhooks {{ deliveries(first: {size}) {{ nodes {{ type }} }} }}",
]


@pytest.mark.parametrize("size", [20, 300])
async def test_the_largest_page_is_a_setting(settings: Settings, size: int) -> None:
    """All lists give as many items as is set, and name that limit to those who want more."""
    async with serve(read_test_settings(settings.database, QUIET_PAGE_SIZE=str(size))) as client:
        await client.save(*(ArticleDraft("en", f"a-{n}", f"Article {n}") for n in range(size + 1)))
        administrator = (await sign_in_editor(client)).client
        await administrator.ask(
            'mutation { createWebhook(input: {address: "https://93.184.216.34/"}) { secret } }'
        )
        for shape in LISTS:
            taken = await administrator.ask(f"{{ {shape.format(size=size)} }}")
            assert taken.codes == [], shape
            refused = await administrator.ask(f"{{ {shape.format(size=size + 1)} }}")
            assert refused.codes == ["INVALID_ARGUMENT"], shape
            assert f"takes 0 to {size}, not {size + 1}." in refused.message
        pages = await client.ask("{ articles(first: %d) { nodes { title } totalCount } }" % size)  # noqa: UP031
        assert (len(pages.data["articles"]["nodes"]), pages.data["articles"]["totalCount"]) == (
            size,
            size + 1,
        )
        assert pages.body["extensions"]["cost"] >= size


@pytest.mark.parametrize("size", ["19", "1001", "many", ""])
def test_page_sizes_that_are_refused(size: str) -> None:
    """A page can have as many items as it has by default, and is never so long that its price is not told."""
    with pytest.raises(
        WrongSetting, match="QUIET_PAGE_SIZE cannot be read: a number from 20 to 1000 is needed"
    ):
        read_settings({"QUIET_PAGE_SIZE": size})
