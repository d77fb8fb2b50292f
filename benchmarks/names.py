"""What the code's names and functions look like: python -m benchmarks.names

Prints for the package: lines and modules, functions' median, 95th percentile and longest (lines), the share of private helpers that are
used once, and how often a variable bears one of twenty words that say nothing, per 100 lines of code. No gate: a figure to look at.
"""

from __future__ import annotations

import ast
import re
import statistics
from collections import Counter
from pathlib import Path

VAGUE = frozenset(
    "found each row rows place known said told wanted shown one thing made part parts kept held left other whole".split()
)


def main() -> None:
    files = sorted(Path("dlquiz").rglob("*.py"))
    texts = {path: path.read_text(encoding="utf-8") for path in files}
    lines = sum(1 for text in texts.values() for line in text.splitlines() if line.strip())
    sizes, vague = [], Counter[str]()
    helpers: list[tuple[Path, str]] = []
    for path, text in texts.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                sizes.append((node.end_lineno or node.lineno) - node.lineno + 1)
                if node.name.startswith("_") and not node.name.startswith("__"):
                    helpers.append((path, node.name))
            elif isinstance(node, ast.Name | ast.arg):
                name = node.id if isinstance(node, ast.Name) else node.arg
                vague[name] += name in VAGUE
    once = sum(len(re.findall(rf"\b{name}\b", texts[path])) == 2 for path, name in helpers)
    print(f"{lines} lines, {len(files)} modules")
    print(
        f"functions: median {statistics.median(sizes):.0f}, 95 % at most {statistics.quantiles(sizes, n=20)[-1]:.0f},"
        f" longest {max(sizes)} lines"
    )
    print(f"private helpers used once: {once / len(sizes):.0%} of functions")
    print(f"vague names: {100 * sum(vague.values()) / lines:.1f} in 100 lines; {vague.most_common(8)}")


if __name__ == "__main__":
    main()
