"""Builds the observations: what has happened in the crisis so far, as far as anybody has seen it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from foederis.diagnostics import nearest
from foederis.language.case import Event, Observation, Reasons, Sighting, Source, Turn, Variable
from foederis.language.evidence import read_believed
from foederis.language.reader import Reader
from foederis.language.shapes import OBSERVATION
from foederis.language.source import Mapping as MappingNode
from foederis.language.source import Node, Scalar
from foederis.language.syntax import FLAG_WORDS

NONE, NOTHING = "none", "nothing"
# How likely the reports of a source are true, by its reliability; taken only where the author writes `believed:
# source`.
BELIEVED = {"A": 0.95, "B": 0.80, "C": 0.65, "D": 0.45, "E": 0.20}
_EXAMPLE = "as in `{step: 0, patron: stand_aside}`"


@dataclass(frozen=True)
class Played:
    """What there is to be seen."""

    turns: tuple[Turn, ...]
    events: tuple[Event, ...]
    variables: Mapping[str, Variable]
    steps: int


def read_observed(
    reader: Reader, node: Node | None, played: Played, sources: Mapping[str, Source]
) -> tuple[Observation, ...]:
    found = [_Item(reader, played, sources).read(item) for item in reader.sequence(node, "`observed`")]
    observations = tuple(item for item in found if item is not None)
    _check_together(reader, observations)
    return observations


def _check_together(reader: Reader, observations: tuple[Observation, ...]) -> None:
    """Whether what was seen for certain of one thing can all be true."""
    agreed: dict[tuple[int, str, str], frozenset[str]] = {}
    for observation in observations:
        for sighting in observation.sightings if observation.believed == 1 else ():
            key = (observation.step, sighting.kind, sighting.name)
            left = agreed.get(key, frozenset(sighting.alternatives)) & sighting.agrees
            if not left and key in agreed and sighting.agrees:
                message = f"what is observed of `{sighting.name}` in step {observation.step} cannot all be true"
                cure = "keep one of the observations, or say with `believed` how likely each is true"
                reader.report.add("F333", message, sighting.span, cure)
                continue
            agreed[key] = left


@dataclass
class _Item:
    """Reads one observation."""

    reader: Reader
    played: Played
    sources: Mapping[str, Source]

    def read(self, node: Node) -> Observation | None:
        reader = self.reader
        if not isinstance(node, MappingNode):
            reader.report.add("F201", "an observation is a mapping", node.span, _EXAMPLE)
            return None
        own = tuple((key, value) for key, value in node.entries if key.text in OBSERVATION.keys)
        entries = reader.keys(MappingNode(own, node.span), OBSERVATION, "an observation")
        step = None
        if "step" in entries:
            step = reader.integer(entries["step"], "`step` of an observation", 0, self.played.steps - 1)
        sightings = [self._sighting(key, value) for key, value in node.entries if key.text not in OBSERVATION.keys]
        seen = reader.items(entries.get("state"), "`state` of an observation")
        sightings += [self._level(key, value) for key, value in seen]
        if not sightings:
            message = "an observation lacks what was seen"
            cure = "a turn with its option, an event with its outcome, or `state`: " + _EXAMPLE
            reader.report.add("F202", message, node.span, cure)
        reasons = reader.reason(entries.get("because"))
        believed = self._believed(entries.get("believed"), reasons, len(sightings))
        says = reader.text(entries["says"], "`says`") if "says" in entries else ""
        if step is None:
            return None
        known = tuple(sighting for sighting in sightings if sighting is not None)
        return Observation(step, known, believed, says, reasons, node.span)

    def _sighting(self, key: Scalar, node: Node) -> Sighting | None:
        """A turn with its option, or an event with its outcome."""
        reader = self.reader
        turns = {turn.name: turn for turn in self.played.turns}
        events = {event.name: event for event in self.played.events}
        if key.text in turns:
            return self._alternatives("turn", key, node, {name: {name} for name in (*turns[key.text].options, NONE)})
        if key.text in events:
            return self._alternatives("event", key, node, _outcomes(events[key.text]))
        if key.text not in reader.broken["moves"]:
            known = [*turns, *events, *OBSERVATION.keys]
            message = f"there is no turn and no event `{key.text}` to be observed"
            cure = nearest(key.text, known)
            if key.text in self.played.variables:
                cure = f"a level that was seen stands under `state`, as in `state: {{{key.text}: …}}`"
            reader.report.add("F331", message, key.span, cure)
        return None

    def _level(self, key: Scalar, node: Node) -> Sighting | None:
        variable = self.played.variables.get(key.text)
        if variable is None:
            if key.text not in self.reader.broken["state"]:
                message = f"there is no state variable `{key.text}`"
                self.reader.report.add("F102", message, key.span, nearest(key.text, self.played.variables))
            return None
        names = {level: {level} for level in variable.levels}
        if variable.kind == "flag":
            names |= {word: {variable.levels[int(value)]} for word, value in FLAG_WORDS.items()}
        return self._alternatives("state", key, node, names)

    def _alternatives(self, kind: str, key: Scalar, node: Node, names: Mapping[str, set[str]]) -> Sighting | None:
        """What agrees with a text such as `a`, `a | b` or `not a`; `names` says what each word stands for."""
        reader, code = self.reader, {"turn": "F104", "event": "F332", "state": "F103"}[kind]
        found = reader.scalar(node, f"what was seen of `{key.text}`")
        if found is None:
            return None
        text = found.text.strip()
        negated = text.startswith("not ")
        agrees: set[str] = set()
        at = found.text.index(text) + (4 if negated else 0)
        for part in text[4 if negated else 0 :].split("|"):
            word = part.strip()
            if word not in names:
                what = {"turn": "option", "event": "outcome", "state": "level"}[kind]
                place = found.part(at + part.find(word), at + part.find(word) + len(word))
                reader.report.add(code, f"{key.text} has no {what} `{word}`", place, nearest(word, names))
                return None
            agrees |= names[word]
            at += len(part) + 1
        whole = tuple(dict.fromkeys(name for stands_for in names.values() for name in sorted(stands_for)))
        agrees = set(whole) - agrees if negated else agrees
        if not agrees:
            message = f"`{text}` leaves nothing that {key.text} could have been"
            reader.report.add("F333", message, found.span, "name at most some of the alternatives after `not`")
            return None
        return Sighting(kind, key.text, frozenset(agrees), whole, text, key.span)

    def _believed(self, node: Node | None, reasons: Reasons, seen: int) -> float:
        """How likely the report is true."""
        if node is None:
            return 1.0
        report = self.reader.report
        if seen > 1:
            message = "a report that may be false says one thing"
            report.add("F334", message, node.span, "write an observation of its own for each thing that was seen")
        if isinstance(node, Scalar) and node.text.strip() == "source":
            return self._of_source(node, reasons)
        return read_believed(self.reader, node) or 1.0

    def _of_source(self, node: Scalar, reasons: Reasons) -> float:
        """What the first source among the reasons is believed, by its own number or by its reliability."""
        named = next((reason.source for reason in reasons if reason.source in self.sources), None)
        if named is None:
            if not any(reason.source for reason in reasons):
                message = "`believed: source` needs a source"
                self.reader.report.add("F334", message, node.span, "name it, as in `because: {source: …}`")
            return 1.0
        source = self.sources[named]
        if source.believed is not None:
            return source.believed
        if source.reliability in BELIEVED:
            return BELIEVED[source.reliability]
        missing = (
            f"its reliability {source.reliability} says nothing" if source.reliability else "it has no reliability"
        )
        message = f"how likely the source `{named}` is right is not known: {missing}"
        self.reader.report.add("F334", message, node.span, "write a percentage, as in `believed: 70%`, here or there")
        return 1.0


def _outcomes(event: Event) -> dict[str, set[str]]:
    """What each word says of an event."""
    happens = set(event.outcomes)
    words = {name: {name} for name in event.outcomes} | {NOTHING: {NOTHING}}
    return words | {word: happens if value else {NOTHING} for word, value in FLAG_WORDS.items()}
