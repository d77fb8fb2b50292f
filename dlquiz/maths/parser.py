"""LaTeX to atoms: what takes arguments becomes one atom of text."""

from __future__ import annotations

import re

from dlquiz.maths import commands, layout, symbols, tex, tokens
from dlquiz.maths.tex import Atom

DEEPEST = 40  # levels of nesting; what is deeper is shown as its source


class TooDeepError(Exception):
    pass


class Parser:
    """Recursive descent: a group becomes its atoms, what takes arguments becomes one atom."""

    def __init__(self, latex: str) -> None:
        self.tokens = tokens.read(latex)
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
        """Atoms up to and including `stop`, or up to the end; unmatched braces are skipped."""
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
            new_atoms = self.scripted(base)
            if new_atoms is base and tokens.NAME.fullmatch(self.tokens[self.at - 1]):
                self.peek(past_space=True)  # the space of \eta x only ends the name
            if new_atoms:
                atoms.append(
                    new_atoms[0]._replace(gap=max(gap, new_atoms[0].gap), spaced=spaced or new_atoms[0].spaced)
                )
                atoms += new_atoms[1:]
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
            ended = self.behind(1) in (",", ";")  # somebody wrote the comma too
            return [Atom("," if self.within(symbols.CASES) and not ended else "", tex.PUNCT)]
        if token == r"\\":
            return self.row()
        if token in (",", ";", ".") and self.environments and self.ends_row():
            return []  # its end says as much
        if token == "." and (self.at == len(self.tokens) or not re.match(r"[\d.]", self.peek())):
            return [Atom(".", tex.PUNCT if self.tokens[self.at - 2 : self.at - 1] != ["."] else tex.ORD)]
        if token == ":":
            after = self.peek().isspace()
            before = self.tokens[max(0, self.at - 2)].isspace()
            return [Atom(":", tex.REL if before and after else tex.PUNCT if after else tex.ORD)]
        if token[0] == "\\":
            return self.command(token[1:])
        token = token.replace("-", "−")
        return [Atom(token, symbols.CHARACTERS.get(token, tex.ORD))]

    def within(self, names: frozenset[str]) -> bool:
        return bool(self.environments) and self.environments[-1] in names

    def behind(self, back: int) -> str:
        """A token before the last one taken, spaces not counted."""
        at = self.at - 2
        while back and at >= 0:
            back -= not self.tokens[at].isspace() and self.tokens[at] not in symbols.GAPS
            at -= 1
        return self.tokens[at + 1] if not back and at + 1 >= 0 else ""

    def ends_row(self) -> bool:
        """Does another row begin here?"""
        ahead = [token for token in self.tokens[self.at : self.at + 6] if not token.isspace()]
        return ahead[:1] == [r"\\"] and ahead[1:2] not in ([], [r"\end"])

    def row(self) -> list[Atom]:
        """The end of a row: nothing where none follows, or where the next one goes on with a sign."""
        aligned, at = False, self.at
        while at < len(self.tokens) and (
            self.tokens[at].isspace() or self.tokens[at] in symbols.GAPS or self.tokens[at] == "&"
        ):
            aligned |= self.tokens[at] == "&"
            at += 1
        ahead = self.tokens[at] if at < len(self.tokens) else ""
        sign = (
            symbols.COMMANDS.get(ahead[1:], ("", ""))[1]
            if ahead[:1] == "\\"
            else symbols.CHARACTERS.get(ahead.replace("-", "−"))
        )
        goes_on = sign == tex.REL or (sign == tex.BIN and aligned)
        if goes_on and not self.within(symbols.GRIDS):
            self.at = at
            return []
        if ahead in ("", r"\end", r"\\", "}"):
            return []
        if not self.environments and self.behind(1) in (",", ";", ".", ":"):  # it is parted from the next already
            return [Atom("", tex.PUNCT)]
        return [Atom("," if self.within(frozenset({"substack"})) else ";", tex.PUNCT)]

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
        pieces: list[str] = []
        depth = 0
        self.peek(past_space=True)
        while token := self.take():
            depth += (token == "{") - (token == "}")
            if token in symbols.GAPS or token.isspace():
                pieces.append(symbols.GAPS.get(token, " ")[:1])
            elif token[0] == "\\":
                pieces.append(symbols.COMMANDS.get(token[1:], (token[1:], tex.ORD))[0])
            elif token not in ("{", "}"):
                pieces.append(token)
            if depth <= 0:
                break
        return "".join(pieces)

    def command(self, name: str) -> list[Atom]:
        match name:
            case "":
                return []  # a backslash at the very end
            case "sqrt":
                return [self.root()]
            case "pmod":
                return [Atom(f"(mod {self.line()})", gap=" ")]
            case "mod":
                return [Atom(f"mod {self.line()}", gap=" ")]
            case "mathbb" | "mathds":
                return [atom._replace(text=atom.text.translate(symbols.BLACKBOARD)) for atom in self.argument()]
            case "mathcal" | "mathscr":
                return [atom._replace(text=atom.text.translate(symbols.SCRIPT)) for atom in self.argument()]
            case "not":
                negated = self.one(self.argument())
                return [negated._replace(text=symbols.NEGATED.get(negated.text) or f"{negated.text}\u0338")]
            case "begin" | "end":
                return [self.environment(begins=name == "begin")]
            case "substack":
                self.environments.append(name)
                atoms = self.argument()
                self.environments.pop()
                return [self.one(atoms)]
            case "eqref" | "ref":
                return [Atom(f"({self.raw()})")]
        if name in symbols.ACCENTS:
            return self.accented(*symbols.ACCENTS[name])
        if name in symbols.WRAPPED and self.peek(past_space=True) == "{":
            before, after = symbols.WRAPPED[name]
            return [Atom(before, tex.OPEN), *self.argument(), Atom(after, tex.CLOSE)]
        if name in symbols.COMMANDS:
            return [Atom(*symbols.COMMANDS[name])]
        if size := commands.DELIMITED.fullmatch(name):
            return [self.delimiter((size[1] or size[2])[:1])]
        return self.family(name)

    def family(self, name: str) -> list[Atom]:
        """A command of a family that is shown the same way; an unknown one is shown by its name, as \\log is."""
        if name in commands.FRACTIONS:
            return [self.fraction()]
        if name in commands.BINOMIALS:
            return [Atom(f"C({self.line()}, {self.line()})", level=tex.CALL)]
        if name in commands.PLAIN:
            return self.argument()
        if name in commands.BRACED:
            return [self.one(self.argument())]  # so that the label below hangs on all of it
        if name in commands.UPRIGHT:
            return self.upright(operator=name.startswith("operatorname") or name == "mathop")
        if name in commands.WORDS:
            return self.words()
        if name in commands.STACKED:
            return [self.stacked(name)]
        if name in commands.UNSHOWN:
            self.at += self.peek() == "*"
            self.raw()
            self.gap = "  " if name in ("hspace", "hskip") else self.gap
            return []
        if name in commands.COLOURED:
            self.raw()
            return self.argument()
        return [Atom(symbols.NAMES.get(name, name), tex.OP)]

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
        inside = (
            token
            for token in self.tokens[start : self.at]
            if tokens.NAME.fullmatch(token) and token not in symbols.GAPS
        )
        if any(token[1:] not in symbols.COMMANDS for token in inside):
            word = ""  # it holds commands: no word
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
        below = self.optional() if name[0] == "x" else []
        script = self.small_argument()
        if name[0] != "x":
            base = self.argument()
            word = "".join(atom.text for atom in base)
            base = [Atom(word, tex.OP)] if 2 < len(word) == len(base) and word.isalpha() else base
        elif name == "xlongequal":
            base = [Atom("=", tex.REL)]
        else:
            base = [Atom(*symbols.COMMANDS[name[1:]])]
        return self.with_scripts(base, script, []) if name == "underset" else self.with_scripts(base, below, script)

    def optional(self) -> list[Atom]:
        """An argument in brackets, if there is one."""
        if self.peek(past_space=True) != "[" or "]" not in self.tokens[self.at : self.at + 40]:
            return []
        self.at += 1
        self.scripts += 1
        atoms = self.sequence("]")
        self.scripts -= 1
        return atoms

    def environment(self, *, begins: bool) -> Atom:
        if not begins:
            self.raw()
            name = self.environments.pop() if self.environments else ""
            return Atom(symbols.ENVIRONMENTS.get(name, ("", ""))[1], tex.CLOSE)
        inside = (
            self.behind(1) if self.behind(2) == r"\left" else ""
        )  # \left( and what ends with it are brackets enough
        name = self.raw().removesuffix("*")
        if name in symbols.COLUMNED or self.peek() == "[":
            self.optional()
        if name in symbols.COLUMNED:
            self.raw()
        if inside == r"\{" and name in ("array", "aligned", "matrix"):
            self.environments.append("cases")
            self.gap = self.gap or ""
            return Atom("", tex.OPEN)
        self.environments.append("matrix" if inside and inside != "." and name == "array" else name)
        return Atom(symbols.ENVIRONMENTS.get(self.environments[-1], ("", ""))[0], tex.OPEN)

    def delimiter(self, side: str) -> Atom:
        """The bracket after \\left, \\right, \\middle, \\big or its like; `side` is l, r, m or nothing."""
        self.peek(past_space=True)
        token = self.take()
        text, kind = symbols.COMMANDS.get(token[1:], (token[1:], tex.ORD)) if token[:1] == "\\" else (token, "")
        if not side:
            return Atom(text, kind or symbols.CHARACTERS.get(text, tex.ORD))
        return Atom(symbols.ANGLES.get(text, text), {"l": tex.OPEN, "r": tex.CLOSE, "m": tex.REL}[side])
