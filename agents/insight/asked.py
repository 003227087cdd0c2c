"""Blocks about what shoppers wanted: how much they talked, what for, and what was not to be had."""

import re
from typing import Literal

from agents.insight.block import Block, Row
from agents.insight.telling import counted, quoted, share_words
from agents.scrub import scrubbed
from tools.insight import DayCount, LimitCount, Pick, QueryCount, RouteCount, WantCount

Facet = Literal["wish", "category", "colour", "size", "brand", "price"]
FACETS: tuple[Facet, ...] = ("wish", "category", "colour", "size", "brand", "price")
_MARKS = re.compile(r"[^\w()'’/.,-]+|[.,'’-]+(?!\w)")


def talk_block(days: tuple[DayCount, ...]) -> Block:
    """Turns, chats and shoppers by day."""
    n_turns = sum(day.n_turns for day in days)
    sentence = "Nobody has talked to the shop in this time: ask it something on its own page, and the day shows here."
    if days:
        most = max(days, key=lambda day: day.n_turns)
        sentence = (
            f"{counted(n_turns, 'message')} on {counted(len(days), 'day')}, most on {most.day:%-d %B %Y}:"
            f" {counted(most.n_turns, 'message')} in {counted(most.n_chats, 'chat')}."
        )
    rows = [
        Row((day.day, day.n_turns, day.n_chats, day.n_shoppers), Pick("day", (day.day.isoformat(),))) for day in days
    ]
    return Block(
        "talk", "How much is the shop talked to?", sentence, ("day", "messages", "chats", "shoppers"), tuple(rows)
    )


def routes_block(routes: tuple[RouteCount, ...]) -> Block:
    """What messages were read as."""
    sentence = "No message yet: what each one is read as is counted here."
    if routes:
        n_turns = sum(route.n_turns for route in routes)
        first = routes[0]
        sentence = f"{share_words(first.n_turns, n_turns)} of all messages were read as {route_words(first.route)}."
    rows = [
        Row(
            (route_words(one.route), one.n_turns, one.n_found / one.n_looked if one.n_looked else None),
            Pick("route", (one.route,)),
        )
        for one in routes
    ]
    return Block("routes", "What do people want to do?", sentence, ("read as", "messages", "found share"), tuple(rows))


def queries_block(queries: tuple[QueryCount, ...], limit: int) -> Block:
    """What was written, without personal text. Two that differ in nothing else are one then."""
    merged: dict[str, list[QueryCount]] = {}
    for query in queries:
        merged.setdefault(_shown(query), []).append(query)
    listed = sorted(merged.items(), key=lambda one: (-sum(query.n_turns for query in one[1]), one[0]))[:limit]
    sentence = (
        "Nothing was written yet: the messages that come most often are listed here, with how many found something."
    )
    if listed:
        n_looked, n_found = (sum(getattr(query, name) for query in queries) for name in ("n_looked", "n_found"))
        n_first = sum(query.n_turns for query in listed[0][1])
        found = f"; {share_words(n_found, n_looked)} of the searches listed found what was asked" if n_looked else ""
        sentence = f"{quoted(listed[0][0])} was written most often, {counted(n_first, 'time')}{found}."
    rows = [_query_row(words, found) for words, found in listed]
    return Block("queries", "What do people look for?", sentence, ("words", "messages", "found share"), tuple(rows))


def _query_row(words: str, found: list[QueryCount]) -> Row:
    n_looked = sum(query.n_looked for query in found)
    share = sum(query.n_found for query in found) / n_looked if n_looked else None
    return Row((words, sum(query.n_turns for query in found), share), Pick("query", tuple(q.query for q in found)))


def _shown(query: QueryCount) -> str:
    clean = scrubbed(query.example)
    if clean == query.example:
        return query.query
    return " ".join(_MARKS.sub(" ", clean.lower()).split())


def missed_block(wants: tuple[WantCount, ...], facet: Facet) -> Block:
    """What was asked for and not to be had, with one message that asked for it."""
    sentence = "Everything that was asked for was found in this time."
    if wants:
        first = wants[0]
        sentence = (
            f"{quoted(first.value)} was missed most: {first.n_missed} of {counted(first.n_asked, 'time')} it was asked"
            f" for, {first.n_nearest} with something near it shown and {first.n_nothing} with nothing."
        )
    rows = [
        Row(
            (one.value, one.n_missed, one.n_nearest, one.n_nothing, one.n_asked, scrubbed(one.example)),
            Pick("want", (one.value,), one.facet),
        )
        for one in wants
    ]
    columns = (facet, "missed", "nearest shown", "nothing shown", "asked", "for example")
    return Block("missed", "What did we not have?", sentence, columns, tuple(rows))


def limits_block(limits: tuple[LimitCount, ...]) -> Block:
    """Limits that were given up, by the shop to find something and by shoppers."""
    sentence = "No limit was given up in this time."
    if limits:
        first = limits[0]
        sentence = (
            f"The limit of {first.limit} gave way most often: {counted(first.n_relaxed, 'time')} for the nearest items,"
            f" {counted(first.n_dropped, 'time')} by shoppers themselves."
        )
    rows = [Row((one.limit, one.n_relaxed, one.n_dropped), Pick("limit", (one.limit,))) for one in limits]
    return Block(
        "limits", "Which limits are given up?", sentence, ("limit", "given up by the shop", "by shoppers"), tuple(rows)
    )


def route_words(route: str) -> str:
    """A route as people say it."""
    return route.replace("_", " ") or "nothing"
