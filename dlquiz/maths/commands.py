"""The names of the commands that are read, in groups that are read alike; and which have no form of their own."""

from __future__ import annotations

import re

from dlquiz.maths import macros, symbols, tokens

FRACTIONS = frozenset("frac dfrac tfrac cfrac sfrac nicefrac flatfrac".split())
BINOMIALS = frozenset("binom dbinom tbinom".split())
PLAIN = frozenset(
    "mathbf boldsymbol bm mathit mathfrak boxed fbox mathbin mathrel mathord mathopen mathclose mathpunct mathinner mathnormal mathup"
    " mathbbm pmb cancel bcancel xcancel smash ensuremath mathclap mathrlap mathllap clap symbf symbfit bold".split()
)  # nothing of these shows
BRACED = frozenset("underbrace overbrace underline underbracket overbracket underbar".split())
UPRIGHT = frozenset("mathrm mathsf mathtt operatorname mathop operatornamewithlimits textsc".split())
WORDS = frozenset("text textrm textbf textit textsf texttt mbox textnormal textup textmd hbox emph".split())
STACKED = frozenset(
    "overset underset stackrel xrightarrow xleftarrow xleftrightarrow xRightarrow xlongequal xmapsto".split()
)
UNSHOWN = frozenset("label tag phantom hphantom vphantom color hspace vspace kern mskip hskip vskip".split())
COLOURED = frozenset("textcolor colorbox".split())
DELIMITED = re.compile("(left|right|middle)|[bB]igg?([lrm]?)")
OTHERS = frozenset("sqrt pmod mod mathbb mathds mathcal mathscr not begin end substack over choose eqref ref".split())
KNOWN = (
    FRACTIONS | BINOMIALS | PLAIN | BRACED | UPRIGHT | WORDS | STACKED | UNSHOWN | COLOURED | OTHERS
    | symbols.FUNCTIONS | frozenset(symbols.COMMANDS) | frozenset(symbols.ACCENTS) | frozenset(symbols.WRAPPED)
)  # fmt: skip


def unknown(latex: str) -> list[str]:
    """The commands that have no form of their own, each once."""
    names = dict.fromkeys(re.findall(r"\\([A-Za-z]+)", tokens.ROW.sub("", latex).replace(r"\\", " ")))
    return [
        name
        for name in names
        if name not in KNOWN
        and not DELIMITED.fullmatch(name)
        and not symbols.DROPPED.fullmatch("\\" + name)
        and "\\" + name not in symbols.GAPS
        and not macros.DEFINING.fullmatch("\\" + name)
    ]
