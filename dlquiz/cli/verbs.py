"""Every verb with the module that holds it and its line in the help, so that neither `--help` nor Tab loads what isn't asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Verb(NamedTuple):
    module: str  #: of `dlquiz.cli`
    help: str  #: the first sentence of the verb's own help


GROUPS = {
    "Answer cards": {
        "study": Verb("study", "Answer what is due today, and meet new cards."),
        "random": Verb(
            "practice", "Practise cards drawn at random, outside the schedule; writes nothing unless --rate."
        ),
        "interview": Verb(
            "interview", "Hold a mock interview: questions against the clock, follow-ups, then a debrief."
        ),
        "judge": Verb(
            "judging",
            "Tell which key points an answer makes, going by its words: found, unsure, opposite or not recognised.",
        ),
        "listen": Verb(
            "listen", "Say main cards aloud and see which key points were heard; tell what is set up (experimental)."
        ),
    },
    "See where you stand": {
        "status": Verb("start", "Count what is due, new and being learnt, by topic."),
        "plan": Verb(
            "plan",
            "Plan towards an interview: what each day asks, the recall predicted on the day, and how ready you are.",
        ),
        "assess": Verb(
            "assess", "Say for each question whether you could answer it now: y, h (half) or n. Takes three minutes."
        ),
        "stats": Verb(
            "stats",
            "What you retain and what you only think you know: retention, predictions, days, times, what comes due, hard cards.",
        ),
        "log": Verb("browse", "Every answer you gave, the newest last."),
    },
    "Find and read": {
        "search": Verb("find", "Find cards by their words, best first."),
        "list": Verb("browse", "List the notes with their cards."),
        "show": Verb("browse", "Show a note or card with everything the bank says about it, and how well you know it."),
        "topics": Verb("browse", "List the topics with their other spellings."),
    },
    "Change what is asked": {
        "undo": Verb(
            "progress", "Take back the last answer, even after the program has ended; repeated, it goes further back."
        ),
        "suspend": Verb("progress", "Leave cards out until you bring them back."),
        "unsuspend": Verb("progress", "Bring suspended cards back; without an ID, list them."),
        "reset": Verb(
            "progress",
            "Start cards afresh as new; their answers stay in the log, and undo brings the memory back.",
        ),
    },
    "Write cards": {
        "new": Verb("write", "Write cards of your own: begin a bank, or go on with one."),
        "edit": Verb(
            "write", "Open the file that a card is written in, at its line, in your editor (VISUAL or EDITOR)."
        ),
        "check": Verb("maintenance", "Check banks: each mistake comes with its place and what to do."),
        "flags": Verb(
            "find", "List the mistakes that you flagged with `!` in a sitting, ready to paste into a report."
        ),
    },
    "Keep and move": {
        "backup": Verb("maintenance", "Copy your progress into a file; an earlier backup that is there is replaced."),
        "restore": Verb("maintenance", "Put a backup in place of your progress, which is kept beside the backups."),
        "export": Verb(
            "exporting",
            "Write the cards into a file for another program, or to read; an earlier export that is there is replaced.",
        ),
        "import": Verb(
            "importing",
            "Bring in answers and cards; what is here already stays as it is, and importing twice changes nothing.",
        ),
        "optimize": Verb(
            "optimize", "Fit the scheduler to your own answers, from 1,000 next-day reviews on (extra `optimize`)."
        ),
        "sync": Verb(
            "sync",
            "Send your answers to cards that Anki has, and take those given there; twice in a row changes nothing.",
        ),
        "doctor": Verb(
            "maintenance",
            "Work out from your answers again when each card is due, mend what differs, and list the backups.",
        ),
        "config": Verb("maintenance", "Read and change settings; alone, print those in force."),
    },
}
VERBS = {name: verb for verbs in GROUPS.values() for name, verb in verbs.items()}


def modules(words: Iterable[str]) -> list[str]:
    """The modules of all verbs among these words, each once."""
    return list(dict.fromkeys(VERBS[word].module for word in words if word in VERBS))
