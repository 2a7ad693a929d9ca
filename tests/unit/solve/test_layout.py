"""Rows, edges and what leads where, held against the structure that they are made from."""

from __future__ import annotations

import numpy as np
import pytest

import foederis as fd
from foederis.game.compile import Game, compile_game
from foederis.solve.groups import CHUNK, few_sizes, whole
from foederis.solve.inflow import BEGINNING
from foederis.solve.layout import Layout, lay_out, padded
from foederis.solve.numbers import ONE, bucket
from tests.helpers import EVERYTHING

# Two events that are certain: the first leads to the same states in every step and pays nothing, the second pays.
CERTAIN = """
foederis: 1
title: What is certain needs no rows
clock: {start: 2030-01-01, step: 1 month, steps: 3}
actors: {a: {rationality: 1}}
state: {x: 0..5, y: flag}
moves:
  - {actor: a, when: x < 5, options: {go: {sets: {x: x + 1}}, wait: {}}}
events:
  forget: {chance: 100%, sets: {y: no}}
  toll:   {when: x > 0, chance: 100%, sets: {y: yes}, pays: {a: -1}}
questions: {far: {at_end: x > 1}}
"""


def layout_of(text: str) -> tuple[Game, Layout]:
    game = compile_game(fd.loads(text))
    return game, lay_out(game)


@pytest.mark.parametrize("text", [EVERYTHING, CERTAIN], ids=["everything", "certain"])
def test_edges_turned_round_are_the_edges(text: str) -> None:
    game, layout = layout_of(text)
    for step in range(game.steps):
        forth = set()
        for group in layout.groups:
            arrays = group.at(step)
            successors, chances = np.asarray(arrays.successors), np.asarray(arrays.chances)
            for start, row, since in zip(group.starts, group.rows, group.since, strict=True):
                for branch, target in enumerate(successors[:, start : start + len(since)]):
                    for place in np.flatnonzero(target):
                        decided = int(arrays.base) + (start + place) * (arrays.branches + 2) + branch
                        weight = decided if group.turns else chances[branch, start + place]
                        forth.add((row + place, int(target[place]), int(weight)))
        ends = layout.ends
        for place in range(len(ends.since)):
            forth.add((ends.before + place, int(ends.onward[place]), ONE))
        forth.add((BEGINNING, layout.start, ONE))
        inflow = layout.inflow(step)
        sources, weights = np.asarray(inflow.sources), np.asarray(inflow.weights)
        back = set()
        for chunk, (first, slots) in enumerate(zip(np.asarray(inflow.first), np.asarray(inflow.slots), strict=True)):
            for slot, place in np.argwhere(sources[first : first + slots]):
                found = sources[first + slot, place], chunk * CHUNK + place, weights[first + slot, place]
                back.add(tuple(int(number) for number in found))
        assert back == forth


@pytest.mark.parametrize("text", [EVERYTHING, CERTAIN], ids=["everything", "certain"])
def test_every_row_comes_after_those_that_lead_to_it(text: str) -> None:
    """So one walk through the rows in their order, or against it, meets everything that it needs."""
    game, layout = layout_of(text)
    for step in range(game.steps):
        for group in layout.groups:
            for place, (start, row) in enumerate(zip(group.starts, group.rows, strict=True)):
                rows = len(group.since[place])
                targets = np.asarray(group.at(step).successors)[:, start : start + rows]
                assert (targets[targets > 0] >= row + whole(rows)).all()
                assert (np.diff(group.since[place]) >= 0).all()


def test_what_is_certain_and_free_has_no_rows() -> None:
    game, layout = layout_of(CERTAIN)
    rows = {
        game.phases[k].name: len(s) for group in layout.groups for k, s in zip(group.phases, group.since, strict=True)
    }
    assert rows["forget"] == 0
    assert rows["toll"] > 0
    assert rows["a"] > 0


def test_only_states_in_which_a_phase_is_live_have_rows() -> None:
    game, layout = layout_of(EVERYTHING)
    seen = 0
    for group in layout.groups:
        for k, since in zip(group.phases, group.since, strict=True):
            live = np.logical_or.reduce([link.live for link in game.phases[k].states.links])
            assert len(since) in (live.sum(), 0)
            seen += len(since) == live.sum()
    assert seen > len(game.phases) / 2


def test_chunks_reached_by_a_step() -> None:
    game, layout = layout_of(EVERYTHING)
    for step in range(game.steps):
        [(chunks, count)] = [(stretch.chunks, stretch.count) for stretch in layout.stretches(step)]
        rows = sum(int((since <= step).sum()) for group in layout.groups for since in group.since)
        assert count * CHUNK >= rows + layout.ends.reached(step)
        assert (np.diff(np.asarray(chunks)[:count]) > 0).all()
        for group in layout.groups:
            order = group.order(step)
            reached = np.asarray(order.chunks)[: order.count, 3]
            assert reached.sum() == sum(int((since <= step).sum()) for since in group.since)
            assert ((reached > 0) & (reached <= CHUNK)).all()


def test_sizes_of_arrays() -> None:
    assert [few_sizes(n) for n in (0, 1, 2, 3, 4, 5, 6, 7, 9, 13, 17)] == [0, 1, 2, 3, 4, 6, 6, 8, 12, 16, 24]
    assert [bucket(n) for n in (1, 64, 65, 4096, 4097, 9000, 1_000_000)] == [64, 64, 128, 4096, 4608, 9216, 1_048_576]
    assert [padded(n) for n in (1, 128, 129, 2048, 2049)] == [128, 128, 256, 2048, 2304]
    for count in range(1, 70_000, 731):
        assert count <= bucket(count) <= 2 * max(count, 64)
        assert count <= padded(count) < count + max(128, count / 8)
        assert whole(count) % CHUNK == 0
        assert bucket(count) % CHUNK == 0
