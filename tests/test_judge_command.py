"""A judge of one's own: what it is asked, what is believed of it, and what happens when it fails."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from builders import a_bank, called

from dlquiz.bank import build
from dlquiz.card import KeyPoint, Note
from dlquiz.collection import judge_command
from dlquiz.judge import Verdict, reply

POINTS = (KeyPoint("n#a", "A mean.", must=True), KeyPoint("n#b", "A rate."))
NOTE: Note = build.make_note({"id": "n", "topic": "t", "question": "What?", "answer": "That."})._replace(
    key_points=POINTS
)
ANSWER = "It keeps a Running\n mean of gradients."


def a_command(folder: Path, script: str) -> str:
    path = folder / "judge.py"
    path.write_text(script, encoding="utf-8")
    return f'"{sys.executable}" "{path}"'


def printing(folder: Path, value: Any) -> str:
    return a_command(folder, f"print({json.dumps(value)!r})")


# ---- what is believed


@pytest.mark.parametrize(
    ("row", "verdict", "heard"),
    [
        ({"verdict": "found", "evidence": ["running mean"]}, Verdict.FOUND, ["Running\n mean"]),
        ({"verdict": "found", "evidence": ["a decaying mean"]}, Verdict.UNSURE, []),
        ({"verdict": "found", "evidence": ["running mean", "invented"]}, Verdict.UNSURE, ["Running\n mean"]),
        ({"verdict": "found", "evidence": []}, Verdict.UNSURE, []),
        ({"verdict": "found"}, Verdict.UNSURE, []),
        ({"verdict": "found", "evidence": [" "]}, Verdict.UNSURE, []),
        ({"verdict": "opposite", "evidence": ["gradients"]}, Verdict.OPPOSITE, ["gradients"]),
        ({"verdict": "opposite", "evidence": ["weights"]}, Verdict.UNSURE, []),
        ({"verdict": "unsure", "evidence": []}, Verdict.UNSURE, []),
        ({"verdict": "none", "evidence": []}, Verdict.NONE, []),
    ],
)
def test_a_verdict_counts_only_with_words_of_the_answer(
    row: dict[str, Any], verdict: Verdict, heard: list[str]
) -> None:
    first, second = reply.read(json.dumps([{"id": "n#a", **row}]), POINTS, ANSWER)

    assert (first.verdict, first.evidence(ANSWER)) == (verdict, heard)
    assert second.verdict is Verdict.NONE


@pytest.mark.parametrize(
    ("printed", "why"),
    [
        ("", "no JSON"),
        ("Sure! Here is the JSON:", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("{}", "no list"),
        ("[1]", "has no id"),
        ('[{"id": 7}]', "has no id"),
        ('[{"id": "n#z", "verdict": "none"}]', "no key point of the question"),
        ('[{"id": "n#a", "verdict": "none"}, {"id": "n#a", "verdict": "none"}]', "twice"),
        ('[{"id": "n#a", "verdict": "yes"}]', "is not one of"),
        ('[{"id": "n#a", "verdict": ["found"]}]', "is not one of"),
        ('[{"id": "n#a", "verdict": "found", "evidence": "mean"}]', "no list of texts"),
    ],
)
def test_nonsense_is_told_and_not_believed(printed: str, why: str) -> None:
    with pytest.raises(reply.ReplyError, match=why):
        reply.read(printed, POINTS, ANSWER)


# ---- its process


def test_it_is_asked_with_one_object_and_no_shell(tmp_path: Path) -> None:
    command = a_command(
        tmp_path,
        "import json, sys\nasked = json.load(sys.stdin)\nassert sys.argv[1:] == ['$HOME', '|', 'x']\n"
        "assert set(asked) == {'id', 'question', 'points', 'answer'}, asked\n"
        "print(json.dumps([{'id': point['id'], 'verdict': 'found', 'evidence': [asked['answer']]} for point in asked['points']]))",
    )

    opinion = judge_command.ask(command + " '$HOME' '|' x", NOTE, ANSWER)

    assert opinion.why == ""
    assert [each.verdict for each in opinion.judgements or ()] == [Verdict.FOUND, Verdict.FOUND]


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("raise SystemExit(3)", "it ended with code 3"),
        ("print('hello')", "it printed no JSON"),
        ("while True: print('x' * 100_000)", "it prints without end"),
    ],
)
def test_a_judge_that_fails_is_told_in_one_sentence(tmp_path: Path, script: str, why: str) -> None:
    opinion = judge_command.ask(a_command(tmp_path, script), NOTE, ANSWER)

    assert opinion.judgements is None
    assert why in opinion.why
    assert opinion.why.endswith("these are the built-in verdicts")


@pytest.mark.parametrize("command", ["/no/such/program", "'unfinished", " "])
def test_a_command_that_cannot_be_started_is_told(command: str) -> None:
    assert judge_command.ask(command, NOTE, ANSWER).judgements is None


def test_one_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge_command, "SECONDS", 0.3)

    opinion = judge_command.ask(a_command(tmp_path, "import time; time.sleep(60)"), NOTE, ANSWER)

    assert "it took more than" in opinion.why


def test_the_user_ends_it(tmp_path: Path) -> None:
    opinion = judge_command.ask(a_command(tmp_path, "import time; time.sleep(60)"), NOTE, ANSWER, stopped=lambda: True)

    assert "it was ended" in opinion.why


# ---- in a sitting, and the script of the docs


BANK = """\
bank: mine
notes:
  - id: adam
    question: What does Adam keep?
    answer: Two means.
    key_points:
      - {id: mean, text: A mean of gradients., must: true, need: [mean, gradient]}
      - {id: rate, text: A rate of its own for each weight.}
"""


def sitting(folder: Path) -> str:
    bank = a_bank(folder, BANK)
    done = called(
        "--no-builtin", "--bank", str(bank), "study", "--mode", "type", "--new", "1", keys="A mean of gradients.\n\n\n"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_sitting_without_a_judge_of_ones_own_has_the_built_in_verdicts(tmp_path: Path) -> None:
    out = sitting(tmp_path)

    assert "point a found mine/adam#mean\n" in out
    assert "point b" not in out
    assert "saved mine/adam 3" in out


def test_a_judge_of_ones_own_is_heard_in_a_sitting(tmp_path: Path) -> None:
    rows = [{"id": "mine/adam#rate", "verdict": "found", "evidence": ["a MEAN"]}]
    assert called("config", "set", "judge_command", printing(tmp_path, rows).replace('"', "'")).returncode == 0

    out = sitting(tmp_path)

    assert "point a none mine/adam#mean\npoint b found mine/adam#rate\n" in out
    assert "saved mine/adam 1" in out


def test_where_it_fails_the_built_in_verdicts_stand(tmp_path: Path) -> None:
    called("config", "set", "judge_command", a_command(tmp_path, "raise SystemExit(1)").replace('"', "'"))

    out = sitting(tmp_path)

    assert "point a found mine/adam#mean" in out
    assert "did not judge: it ended with code 1; these are the built-in verdicts" in out


class FakeServer(BaseHTTPRequestHandler):
    """As little of the OpenAI chat protocol as the script of the docs speaks."""

    asked: list[dict[str, Any]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(body)
        verdicts = {"verdicts": [{"id": "mine/adam#mean", "verdict": "found", "evidence": ["mean of gradients"]}]}
        message = {"choices": [{"message": {"content": json.dumps(verdicts)}}]}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(message).encode())

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    FakeServer.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), FakeServer) as opened:
        thread = threading.Thread(target=opened.serve_forever)
        thread.start()
        yield opened
        opened.shutdown()
        thread.join()


def test_the_script_of_the_docs_asks_a_local_server(
    tmp_path: Path, server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs = (Path(__file__).parent.parent / "docs" / "judging.md").read_text(encoding="utf-8")
    script = docs.partition("```python\n")[2].partition("```")[0]
    monkeypatch.setenv("JUDGE_URL", f"http://127.0.0.1:{server.server_port}/v1/chat/completions")
    called("config", "set", "judge_command", a_command(tmp_path, script).replace('"', "'"))

    out = sitting(tmp_path)

    assert "point a found mine/adam#mean" in out
    assert "did not judge" not in out
    (asked,) = FakeServer.asked
    assert "A mean of gradients." in asked["messages"][-1]["content"]
