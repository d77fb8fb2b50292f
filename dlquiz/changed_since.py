"""What the bank has changed in a card since its user last saw it: "changed since you learned it"."""

from __future__ import annotations

import re

from dlquiz import variants

_TOKENS = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$|\S+", re.DOTALL)  # a formula is one word
ANOTHER_TEXT = 0.4  # share of the words from which on two texts are one that was edited
WORDS_AROUND = 4


def texts(before: str, now: str, numbers: variants.Numbers) -> tuple[str, str] | None:
    """A card's old and new text as a person compares them: both with its example, unless only their templates differ.

    Args:
        before: The text when it was last answered.
        now: The text today.
        numbers: The example's; empty for a card without numbers.
    """
    from dlquiz.expression import ExpressionError  # for a card that changed

    try:
        pair = variants.text(before, numbers), variants.text(now, numbers)
    except ExpressionError:  # its numbers had other names
        return before, now
    if pair[0] != pair[1]:
        return pair
    return (before, now) if before != now and variants.EXPRESSION.search(before) else None


def excerpts(old: str, new: str) -> list[str]:
    """Each place where a text was changed, with a few words around it: `its [default → usual] learning rate`.

    Additions and removals are marked as such; nothing is returned when most of the text is different.
    """
    import difflib  # for a card that changed

    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    compared = difflib.SequenceMatcher(None, before, after, autojunk=False)
    if compared.ratio() < ANOTHER_TEXT:
        return []
    changes = []
    for group in compared.get_grouped_opcodes(WORDS_AROUND):
        pieces = []
        for kind, a, b, c, d in group:
            gone, come = " ".join(before[a:b]), " ".join(after[c:d])
            forms = {
                "equal": gone,
                "replace": f"[{gone} → {come}]",
                "delete": f"[removed: {gone}]",
                "insert": f"[added: {come}]",
            }
            pieces.append(forms[kind])
        starts, ends = group[0][3] > 0, group[-1][4] < len(after)
        changes.append(("… " if starts else "") + " ".join(pieces) + (" …" if ends else ""))
    return changes
