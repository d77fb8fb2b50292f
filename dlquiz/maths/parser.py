"""LaTeX to atoms: what takes arguments becomes one atom of text."""

from __future__ import annotations

import re

from dlquiz.maths import layout, symbols, tex
from dlquiz.maths.tex import Atom

DEEPEST = 40  # levels of nesting; what is deeper is shown as its source

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?(?:e-?\d+)?|\s+|:=|.")
NAME = re.compile(r"\\[A-Za-z]+")


class TooDeepError(Exception):
    pass


class Parser:
    """Recursive descent: a group becomes its atoms, what takes arguments becomes one atom."""

    def __init__(self, latex: str) -> None:
        self.tokens = [token for token in TOKEN.findall(latex) if not symbols.DROPPED.fullmatch(token)]
        self.at = 0
        self.depth = 0
        self.scripts = 0  # how many scripts we are in
        self.gap, self.spaced = "", False  # for the next atom
        self.environments: list[str] = []

    def peek(self, *, past_space: bool = False) -> str:
        if past_space:
            while self.peek().isspace():
                self.at += 1
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.at += token != ""
        return token

    def sequence(self, stop: str = "") -> list[Atom]:
        """Atoms up to `stop`, which is taken too, or up to the end, braces without a partner left out."""
        atoms: list[Atom] = []
        while token := self.peek():
            if token == stop:
                self.at += 1
                break
            if token in symbols.GAPS or token.isspace() or token == "}":
                self.at += 1
                self.gap = max(self.gap, symbols.GAPS.get(token, "")) if token != r"\!" else ""
                self.spaced = token.isspace()
                continue
            gap, spaced, self.gap, self.spaced = self.gap, self.spaced, "", False
            base = self.nucleus()
            found = self.scripted(base)
            if found is base and NAME.fullmatch(self.tokens[self.at - 1]):
                self.peek(past_space=True)  # the space of \eta x only ends the name
            if found:
                atoms.append(found[0]._replace(gap=max(gap, found[0].gap), spaced=spaced or found[0].spaced))
                atoms += found[1:]
        return atoms

    def nucleus(self) -> list[Atom]:
        """The next atoms, without the scripts that follow."""
        token = self.peek()
        if token == "{":
            atoms = self.argument()
            lone = len(atoms) == 1 and atoms[0].kind not in tex.OPERANDS | {tex.OP, tex.BIG}
            return [atoms[0]._replace(kind=tex.ORD)] if lone else atoms  # the comma of 50{,}000 takes no space
        if token in ("^", "_", "'"):
            return [Atom("")]
        self.at += 1
        if token == "&":
            return [Atom("," if self.environments[-1:] == ["cases"] else "", tex.PUNCT)]
        if token == ":":
            after = self.peek().isspace()
            before = self.tokens[max(0, self.at - 2)].isspace()
            return [Atom(":", tex.REL if before and after else tex.PUNCT if after else tex.ORD)]
        if token[0] == "\\":
            return self.command(token[1:])
        token = token.replace("-", "−")
        return [Atom(token, symbols.CHARACTERS.get(token, tex.ORD))]

    def argument(self) -> list[Atom]:
        """What a command or script applies to: a group, or the next atom without its scripts."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise TooDeepError
        token = self.peek(past_space=True)
        if token == "{":
            self.at += 1
            atoms = self.sequence("}")
        elif token in ("", "}", "^", "_", "&", r"\\"):
            atoms = []
        elif token[0].isdigit():  # x^12 is x^1 followed by 2
            self.tokens[self.at] = token[1:]
            self.at += len(token) == 1
            atoms = [Atom(token[0])]
        else:
            atoms = self.nucleus()
        self.depth -= 1
        return atoms

    def raw(self) -> str:
        """The text of an argument that is not maths."""
        parts: list[str] = []
        depth = 0
        self.peek(past_space=True)
        while token := self.take():
            depth += (token == "{") - (token == "}")
            if token in symbols.GAPS or token.isspace():
                parts.append(symbols.GAPS.get(token, " ")[:1])
            elif token[0] == "\\":
                parts.append(symbols.COMMANDS.get(token[1:], (token[1:], tex.ORD))[0])
            elif token not in ("{", "}"):
                parts.append(token)
            if depth <= 0:
                break
        return "".join(parts)

    def command(self, name: str) -> list[Atom]:
        match name:
            case "":
                return []  # a backslash at the very end
            case "frac" | "dfrac" | "tfrac" | "cfrac":
                return [self.fraction()]
            case "sqrt":
                return [self.root()]
            case "binom" | "dbinom" | "tbinom":
                return [Atom(f"C({self.line()}, {self.line()})", level=tex.CALL)]
            case "pmod":
                return [Atom(f"(mod {self.line()})", gap=" ")]
            case "mathbb" | "mathds":
                return [atom._replace(text=atom.text.translate(symbols.BLACKBOARD)) for atom in self.argument()]
            case "mathcal" | "mathscr":
                return [atom._replace(text=atom.text.translate(symbols.SCRIPT)) for atom in self.argument()]
            case "mathbf" | "boldsymbol" | "bm" | "mathit" | "mathfrak" | "boxed" | "mathbin" | "mathrel" | "mathord":
                return self.argument()
            case "underbrace" | "overbrace" | "underline":
                return [self.one(self.argument())]  # so that the label below hangs on all of it
            case "mathrm" | "mathsf" | "mathtt" | "operatorname" | "mathop":
                return self.upright(operator=name in ("operatorname", "mathop"))
            case "text" | "textrm" | "textbf" | "textit" | "textsf" | "texttt" | "mbox":
                return self.words()
            case "overset" | "underset" | "stackrel" | "xrightarrow" | "xleftarrow":
                return [self.stacked(name)]
            case "not":
                negated = self.one(self.argument())
                return [negated._replace(text=symbols.NEGATED.get(negated.text) or f"{negated.text}\u0338")]
            case "begin" | "end":
                return [self.environment(begins=name == "begin")]
            case "label" | "tag" | "phantom" | "color" | "hspace" | "vspace":
                self.raw()
                return []
        if size := re.fullmatch("(left|right|middle)|[bB]igg?([lrm]?)", name):
            return [self.delimiter((size[1] or size[2])[:1])]
        if name in symbols.ACCENTS:
            return self.accented(*symbols.ACCENTS[name])
        return [Atom(*symbols.COMMANDS.get(name, (name, tex.OP)))]  # unknown ones, \log among them, by their names

    def scripted(self, base: list[Atom]) -> list[Atom]:
        """The base, as one atom if scripts or primes follow."""
        sub: list[Atom] = []
        sup: list[Atom] = []
        primes = 0
        while True:
            ahead = self.at + self.peek().isspace()
            mark = self.tokens[ahead] if ahead < len(self.tokens) else ""
            if mark not in ("_", "^", "'") or not mark:
                break
            self.at = ahead + 1
            if mark == "'":
                primes += 1
            else:
                (sub if mark == "_" else sup).extend(self.small_argument())
        return [self.with_scripts(base, sub, sup, primes)] if sub or sup or primes else base

    def small_argument(self) -> list[Atom]:
        self.scripts += 1
        atoms = self.argument()
        self.scripts -= 1
        return atoms

    def with_scripts(self, base: list[Atom], sub: list[Atom], sup: list[Atom], primes: int = 0) -> Atom:
        atom = self.one(base)
        kind = atom.kind
        if kind == tex.OP and sub and atom.text in symbols.RANGED:
            kind = tex.BIG
        text = atom.text
        if atom.level < tex.CALL or kind == tex.ROOT:
            text, kind = f"({text})", tex.ORD
        lowered = symbols.SUBSCRIPTS | {ord("′"): "′"} if kind in (tex.OP, tex.BIG) else symbols.SUBSCRIPTS
        below = layout.script(sub, lowered, "_", nested=self.scripts > 0)
        prime = "″" * (primes // 2) + "′" * (primes % 2)
        above = layout.script(sup, symbols.SUPERSCRIPTS, "^", nested=self.scripts > 0)
        if below.startswith("_") and not above.startswith("^"):
            text += prime + above + below  # σ²_B, as the square in σ_B² would seem to be B's
        else:
            text += below + prime + above
        return Atom(text, kind, gap=atom.gap, spaced=atom.spaced)

    def one(self, atoms: list[Atom]) -> Atom:
        if len(atoms) == 1:
            return atoms[0]
        resolved = layout.resolved(atoms)
        text = layout.text(resolved, tight=self.scripts > 0)
        if atoms and all(atom.kind == tex.OP for atom in atoms):
            return Atom(text, tex.OP)  # arg max
        return Atom(text, level=layout.level(resolved))

    def line(self, at_least: int = tex.SUM) -> str:
        """An argument's text, in brackets if it holds together less tightly than `at_least`."""
        atom = self.one(self.argument())
        return atom.text if atom.level >= at_least else f"({atom.text})"

    def fraction(self) -> Atom:
        above = self.line(tex.PRODUCT)
        atoms = layout.resolved(self.argument())
        below, level = layout.text(atoms, tight=self.scripts > 0), layout.level(atoms)
        kinds = [atom.kind for atom in atoms]
        reaches_on = (
            level == tex.APPLIED and kinds[0] == tex.BIG and not {tex.SLASH, tex.FRACTION} & set(kinds)
        )  # a/Σⱼ bⱼ
        differential = len(atoms) == 2 and above[:1] == below[:1] == "d"  # dy/dx
        if level < tex.CALL and not reaches_on and not differential:
            below = f"({below})"
        return Atom(f"{above}/{below}", tex.FRACTION, tex.QUOTIENT)

    def root(self) -> Atom:
        sign = "√"
        if self.peek(past_space=True) == "[" and "]" in (ahead := self.tokens[self.at + 1 : self.at + 8]):
            index = "".join(ahead[: ahead.index("]")]).replace("-", "−")
            self.at += ahead.index("]") + 2
            sign = {"2": "√", "3": "∛", "4": "∜"}.get(index) or index.translate(symbols.SUPERSCRIPTS) + "√"
        text = self.line(tex.BRACKETED)
        return Atom(f"{sign}({text})" if text[:1] != "(" and symbols.RAISED & set(text) else sign + text, tex.ROOT)

    def accented(self, name: str, mark: str) -> list[Atom]:
        atom = self.one(self.argument())
        letter, rest = atom.text[:1], atom.text[1:]
        if not letter:
            return []
        if atom.kind == tex.ORD and atom.level == tex.WHOLE and not re.match("[A-Za-z0-9.]", rest):
            return [atom._replace(text=letter + mark + rest)]
        return [Atom(f"{name}({atom.text})", level=tex.CALL)]

    def upright(self, *, operator: bool) -> list[Atom]:
        self.at += self.peek() == "*"
        start = self.at
        word = " ".join(self.raw().split())
        operator = operator or word in symbols.RANGED
        if re.fullmatch(r"[A-Za-z][\w .-]+", word):
            return [Atom(word, tex.OP if operator else tex.WORD)]
        self.at = start
        atoms = self.argument()
        return [self.one(atoms)._replace(kind=tex.OP)] if operator and atoms else atoms

    def words(self) -> list[Atom]:
        raw = self.raw()
        self.gap = " " if raw.endswith(" ") else ""
        text = " ".join(raw.split())
        return (
            [Atom(text, tex.WORD if len(text) > 1 else tex.ORD, gap=" " if raw.startswith(" ") else "")] if text else []
        )

    def stacked(self, name: str) -> Atom:
        script = self.small_argument()
        base = [Atom(*symbols.COMMANDS[name[1:]])] if name[0] == "x" else self.argument()
        return self.with_scripts(base, script, []) if name == "underset" else self.with_scripts(base, [], script)

    def environment(self, *, begins: bool) -> Atom:
        if begins:
            self.environments.append(self.raw())
            if self.environments[-1] == "array":
                self.raw()  # its columns
            return Atom(symbols.ENVIRONMENTS.get(self.environments[-1], ("", ""))[0], tex.OPEN)
        self.raw()
        return Atom(
            symbols.ENVIRONMENTS.get(self.environments.pop() if self.environments else "", ("", ""))[1], tex.CLOSE
        )

    def delimiter(self, side: str) -> Atom:
        """The bracket after \\left, \\right, \\middle, \\big or its like; `side` is l, r, m or nothing."""
        self.peek(past_space=True)
        token = self.take()
        text, kind = symbols.COMMANDS.get(token[1:], (token[1:], tex.ORD)) if token[:1] == "\\" else (token, "")
        if not side:
            return Atom(text, kind or symbols.CHARACTERS.get(text, tex.ORD))
        return Atom(symbols.ANGLES.get(text, text), {"l": tex.OPEN, "r": tex.CLOSE, "m": tex.REL}[side])
