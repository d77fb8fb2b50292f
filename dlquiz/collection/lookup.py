"""What the collection looks up and never writes: card states, what is due, today so far, all that showing a card needs.

What most first cards don't need is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING

from dlquiz import card_text, config, deck, scheduler, store, variants
from dlquiz.bank import index
from dlquiz.card import CardRef, CardState, KeyPoint, Moment, State
from dlquiz.session import CardView

if TYPE_CHECKING:
    from dlquiz.bank import select
    from dlquiz.collection import scope

# Cards passed over from which on the way is looked up, and is worth a write to begin further on the next time.
LONG_WALK = 100


class Lookup:
    """The user's bank, log and settings, as far as they are read."""

    def __init__(self, home: config.Home, settings: config.Settings, bank: index.Bank, progress: store.Store) -> None:
        self.home = home
        self.settings = settings
        self.bank = bank
        self.preset = settings.preset
        self.progress = progress
        self._coming_seconds: dict[date, Mapping[date, int]] = {}  #: today, and what falls due on the days after it

    @cached_property
    def scope(self) -> scope.Scope:
        """What the interview is about."""
        from dlquiz.collection import scope

        return scope.of(self.bank, self.settings.plan_topics, self.settings.plan_without)

    def hears(self, key_points: Sequence[KeyPoint]) -> bool:
        """Is what is said to a main card recorded and judged: once a model was set up, where a key point has a rubric?"""
        if self.settings.listen != "yes" or not self.home.model_note.exists():
            return False
        return bool(self.settings.judge_command) or any(point.rubric for point in key_points)

    def card_state(self, card: str) -> CardState:
        return self.card_states([card]).get(card, CardState())

    def card_states(self, cards: Sequence[str]) -> dict[str, CardState]:
        return self.progress.card_states(cards)

    def drills(self, selected: select.Selection | None, moment: Moment) -> list[deck.Drill]:
        """Cards that drill the key points missed lately, in reviews and in mock interviews; the last missed first, musts before others."""
        since = moment.day - timedelta(days=deck.MISSED_DAYS)
        results = self.progress.point_results(since)
        latest: dict[str, tuple[bool, date]] = {}
        for point, result in results.items():
            name = self.bank.current(point)
            if name not in latest or result[1] >= latest[name][1]:
                latest[name] = result
        missed = {point: day for point, (ticked, day) in latest.items() if not ticked}
        drilling = self.bank.drilling(sorted(missed, key=lambda point: missed[point], reverse=True))
        card_states = self.card_states([card.id for _, card in drilling])
        return [
            deck.Drill(card, card_states.get(card.id, CardState()), missed[point])
            for point, card in drilling
            if selected is None or selected.holds(card)
        ]

    def days_left(self, moment: Moment) -> int | None:
        """Days until the interview; None where none lies ahead."""
        date = self.settings.interview
        return (date - moment.day).days if date and date > moment.day else None

    def daily(self) -> deck.Limits:
        """What a day may ask, as the user set it."""
        own = self.settings
        return deck.Limits(own.new_per_day, own.explain_per_day, own.minutes_per_day)

    def limits(self, *, new: int | None = None, cards: int | None = None, minutes: float | None = None) -> deck.Limits:
        """What a day may ask, and what this sitting was told on top of it."""
        return self.daily()._replace(new=new, cards=cards, minutes=minutes)

    def on_the_day(self, limits: deck.Limits, moment: Moment) -> deck.Limits:
        """Nothing new on the day of the interview, unless a sitting was told so."""
        return limits._replace(new_per_day=0) if self.settings.interview == moment.day else limits

    def unseen(
        self,
        selected: select.Selection | None = None,
        batch: int = 50,
        *,
        plan: deck.Planned | None = None,
    ) -> Iterator[CardRef]:
        """Cards never answered, or reset, in the order in which they are met; under a plan those of its scope, first the ones it chose
        for today, then by priority.
        """
        edition = self.bank.edition()
        notes = selected.all_notes if selected else None
        if plan and plan.introduce:  # behind those it chose the whole bank is looked through
            batch = len(plan.introduce)
        start = self.progress.unseen_from(edition) if plan is None else None
        cards = self.bank.in_order(notes, start) if plan is None else self._planned(notes, plan.introduce)
        passed, begun = 0, plan is not None
        while lot := list(islice(cards, batch)):
            card_states = self.card_states([card.id for card in lot])
            fresh = [card for card in lot if (card_state := card_states.get(card.id)) is None or not card_state.met]
            if fresh and not begun:
                begun = True
                if passed > LONG_WALK and selected is None and self.progress.writable:
                    self.progress.mark_unseen(edition, fresh[0].id)
            passed += len(lot)
            if not begun and passed > LONG_WALK >= passed - len(lot):  # from here on the way is looked up, not walked
                first = self.bank.first_outside(self.progress.met(), lot[-1].id)
                cards = self.bank.in_order(notes, first) if first else iter(())
            batch = min(2 * batch, 500)  # a queue takes a few, a walk past those that are known takes many
            hidden = {card for card, card_state in card_states.items() if card_state.buried_on}
            yield from (card for card in fresh if card.id not in hidden and (selected is None or selected.holds(card)))

    def _planned(self, notes: set[str] | None, first: Sequence[str]) -> Iterator[CardRef]:
        chosen = self.bank.card_refs(first)
        planned = (chosen[card] for card in first if card in chosen)
        for card in chain(planned, self._by_importance(chosen)):
            if (notes is None or card.note in notes) and self.scope.holds(card):
                yield card

    def _by_importance(self, but: Collection[str]) -> Iterator[CardRef]:
        """Every card that was never met, but for these; read once the first is asked for."""
        met = self.progress.met().union(but)
        yield from (card for card, _ in self.bank.by_importance() if card.id not in met)

    def today(self, moment: Moment) -> deck.Today:
        """What this study day's log says."""
        reviews = self.progress.reviewed_on(moment.day)
        card_refs = self.bank.card_refs({review.card for review in reviews})
        first = {review.card for review in reviews if review.state_before == State.NEW}
        again = {review.card for review in reviews if review.state_before == State.REVIEW}
        return deck.Today(
            introduced=len(first),
            explained=sum(card_refs[card].spoken for card in first if card in card_refs),
            spent_ms=sum(min(review.took_ms or 0, store.LONGEST_ANSWER_MS) for review in reviews),
            reviewed_seconds=sum(deck.seconds(card_refs[card]) for card in again if card in card_refs),
            notes=frozenset(card_ref.note for card_ref in card_refs.values()),
        )

    def _edited(self, card: str, content: tuple[str, str], example: variants.Numbers) -> tuple[str, str] | None:
        """What the card said when it was last answered, and what it says now; None where that is the same."""
        seen = self.progress.last_content(card)
        if seen is None or seen[0] == content[0]:
            return None
        from dlquiz import changed_since

        return changed_since.texts(seen[1], content[1], example)

    def card_view(self, card_id: str, moment: Moment, seed: str = "", params: str | None = None) -> CardView:
        """All that showing a card needs.

        Args:
            card_id: The card.
            moment: Now.
            seed: Of practice.
            params: The fresh numbers to show it with, as the log has them; None: those that come next.
        """
        card, card_state = self.bank.card(card_id), self.card_state(card_id)
        example = card.numbers
        if example:
            fields = self.bank.fields(card_id) or {}
            reps = card_state.memory.reps if card_state.memory else 0
            card = self.bank.card(card_id, variants.kept(fields, params) or variants.drawn(fields, reps, seed))
        before = self.progress.last_points(card.id) if card.explains else {}
        content = (self.bank.content(card.id), self.bank.shown_text(card))
        seen = self._edited(card.id, content, example) if card_state.memory else None
        card_view = CardView(
            card=card,
            note=self.bank.note(card.note),
            sources=tuple(self.bank.sources(card.note, card.sources)),
            content=content,
            seen=seen,
            card_state=card_state,
            previews=scheduler.previews(
                card_state.memory, card.id, moment, self.preset, explains=card.spoken, cap_days=self.days_left(moment)
            ),
            missed_before=frozenset(self.bank.current(point) for point, ticked in before.items() if not ticked),
            seed=seed,
            remark=self.progress.remark(card.id),
        )
        return card_text.with_pictures_named(card_view)
