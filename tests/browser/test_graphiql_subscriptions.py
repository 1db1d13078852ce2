"""Subscriptions in GraphiQL, in a real browser: events come live, stop when asked to, and no error is kept quiet."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx2

from tests.browser.chromium import Tab
from tests.browser.graphiql import (
    RESULT_EDITOR,
    open_example,
    open_graphiql,
    photograph,
    press_play,
    press_stop,
    serving_sample,
    wait_for_result,
    write_headers,
    write_operation,
)
from tests.serving import NO_CERTIFICATES
from tests.test_change_stream import CREATE, Site

FOLLOW = "subscription { changes(since: 0) { kind article { title path } } }"
DRAFTS = "subscription Drafts @view(perspective: DRAFT) { changes(since: 0) { kind article { title } } }"
SECONDS = 20.0
STREAM = (
    "retry: 1000\nid: a\n\n:\nid: a\n\n"
    'id: b\nevent: next\ndata: {"data":{"word":"für alle"}}\n\n'
    "event: complete\ndata: \n\n"
)
ANSWER_IN_BYTES = """(text, head) => {
  const answer = (controller) => {
    for (const byte of new TextEncoder().encode(text)) controller.enqueue(new Uint8Array([byte]));
    controller.close();
  };
  window.fetch = async () => new Response(new ReadableStream({ start: answer }), head);
}"""


@contextmanager
def following(site: Site) -> Iterator[None]:
    """Follow until the block ends, beginning as soon as there is room."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with stream_changes(site) as response:
            if response.status_code == 200:
                yield
                return
        time.sleep(0.1)
    raise AssertionError("whoever followed still does")


def stream_changes(site: Site) -> AbstractContextManager[httpx2.Response]:
    """Return what answers a request to follow."""
    return httpx2.stream("GET", f"{site.base}/changes", trust_env=False, verify=NO_CERTIFICATES)


def test_events_come_as_they_happen_until_stopped(tab: Tab, site: Site, tmp_path: Path) -> None:
    write_operation(tab, FOLLOW)
    press_play(tab)
    wait_for_result(tab, "events")
    site.publish("Written while you watch")
    shown = wait_for_result(tab, "Written while you watch")
    photograph(tab, "graphiql-subscription", tmp_path)
    assert shown.count('"title"') > 1
    assert shown.index('"title": "Written while you watch"') == shown.index('"title"')
    press_stop(tab)
    site.publish("Written when nobody watches")
    write_operation(tab, "query Head { head }")
    press_play(tab)
    assert "Written" not in wait_for_result(tab, '"head"')
    assert tab.complaints == []


def test_the_example_in_the_tabs_begins_with_the_history(tab: Tab) -> None:
    open_example(tab, "Changes")
    press_play(tab)
    assert '"PUBLISHED"' in wait_for_result(tab, "events")
    assert tab.complaints == []


def test_events_may_be_cut_anywhere_on_their_way(tab: Tab) -> None:
    tab.evaluate(
        f"({ANSWER_IN_BYTES})({json.dumps(STREAM)}, {{headers: {{'content-type': 'text/event-stream'}}}})"
    )
    press_play(tab)
    wait_for_result(tab, "für alle")
    assert json.loads(tab.evaluate(f"{RESULT_EDITOR}.getValue()")) == {"data": {"word": "für alle"}}


def test_a_proxy_that_answers_by_itself_is_told(tab: Tab) -> None:
    tab.evaluate(f"({ANSWER_IN_BYTES})('<h1>Bad Gateway</h1>', {{status: 502}})")
    press_play(tab)
    wait_for_result(tab, "The server answered with status 502")


def test_the_headers_decide_what_may_be_followed(tab: Tab, site: Site) -> None:
    site.send(CREATE, input={"locale": "en", "title": "Not for everybody"})
    write_operation(tab, DRAFTS)
    press_play(tab)
    wait_for_result(tab, "This needs the right to preview")
    write_headers(tab, f'{{"Authorization": "{site.headers["authorization"]}"}}')
    press_play(tab)
    wait_for_result(tab, "Not for everybody")
    press_stop(tab)
    assert tab.complaints == []
    write_headers(tab, '{"Authorization": "Bearer quiet_unknown"}')
    press_play(tab)
    assert "UNAUTHENTICATED" in wait_for_result(tab, "The token is not valid")


def test_stopping_makes_room_and_one_too_many_is_told(empty_tab: Tab, tmp_path: Path) -> None:
    with serving_sample(tmp_path, QUIET_STREAMS="1") as site:
        open_graphiql(empty_tab, site)
        write_operation(empty_tab, FOLLOW)
        press_play(empty_tab)
        wait_for_result(empty_tab, "events")
        with stream_changes(site) as response:
            assert response.status_code == 503
        press_stop(empty_tab)
        with following(site):
            press_play(empty_tab)
            wait_for_result(empty_tab, "TOO_MANY_STREAMS")


def test_an_end_of_the_connection_is_told_above_the_events(empty_tab: Tab, tmp_path: Path) -> None:
    with serving_sample(tmp_path) as site:
        open_graphiql(empty_tab, site)
        write_operation(empty_tab, FOLLOW)
        press_play(empty_tab)
        wait_for_result(empty_tab, "events")
    assert '"PUBLISHED"' in wait_for_result(empty_tab, "The connection has ended")
    press_play(empty_tab)
    wait_for_result(empty_tab, "The server could not be reached")
