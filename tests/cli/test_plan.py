"""`plan` as it is typed."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from builders import called, run

TODAY = (datetime.now() - timedelta(hours=4)).date()  # noqa: DTZ005 - the study day: the program's own clock is the wall's too
SOON = (TODAY + timedelta(days=40)).isoformat()
NEAR = (TODAY + timedelta(days=4)).isoformat()


def test_without_a_plan_a_sentence_says_how_to_set_one_and_nothing_is_created(bank: list[str], home: Path) -> None:
    done = called("plan", *bank)

    assert done.returncode == 0
    assert re.search(r"There is no plan. Set one with: dlquiz plan --date \d{4}-\d\d-\d\d --minutes 20", done.stdout)
    assert "ready today" not in done.stdout  # nothing was begun
    assert "Best next step: " in done.stdout
    assert json.loads(called("plan", "--json", *bank).stdout) is None
    assert not home.exists()


def test_json_is_what_scripts_were_promised(bank: list[str]) -> None:
    found = json.loads(called("plan", "--date", SOON, "--minutes", "30", "--json", *bank).stdout)

    assert list(found) == [
        "date", "days_left", "minutes_per_day", "fits", "minutes_needed", "predicted_recall", "days", "readiness",
    ]  # fmt: skip
    assert (found["date"], found["minutes_per_day"], found["fits"]) == (SOON, 30, True)
    assert list(found["predicted_recall"]) == ["low", "mid", "high"]
    assert len(found["days"]) == found["days_left"]
    assert list(found["days"][0]) == ["date", "new", "reviews", "minutes", "final_pass"]
    assert (date.fromisoformat(SOON) - date.fromisoformat(found["days"][-1]["date"])).days == 1
    assert sum(day["new"] for day in found["days"]) == 7
    assert found["readiness"] == [{"topic": "optimizers", "cards": 7, "seen": 0, "recall": None, "missed_points": []}]


def test_study_then_asks_what_the_plan_says(bank: list[str]) -> None:
    found = json.loads(called("plan", "--date", SOON, "--json", *bank).stdout)
    done = called("study", *bank, keys="\n4\n" * 30)

    assert len(re.findall(r"^saved ", done.stdout, re.MULTILINE)) == found["days"][0]["new"]
    assert "Today's part of the plan is done" in called("study", *bank).stdout
    assert "Today's part of the plan is done" in called("plan", *bank).stdout
    assert called(*bank).stdout.endswith("\n\nWith time to spare, a mock interview: dlquiz interview\n")


def test_cards_that_are_advised_once_more_can_be_asked_by_the_command_beside_them(bank: list[str]) -> None:
    """It was `random`, which drew other cards than were counted."""
    called("config", "set", "rollover", "23:59")  # yesterday's study day is still on
    called("study", "--new", "7", *bank, keys="\n3\n" * 40)
    called("config", "set", "rollover", "00:00")
    text = called("plan", *bank).stdout
    ((count, command),) = re.findall(
        r"^Best next step: (\d+) cards? in optimizers once more .*\n  dlquiz (.*)$", text, re.MULTILINE
    )
    done = called(*command.split(), *bank, keys="\n4\n" * 40)

    assert len(re.findall("^saved ", done.stdout, re.MULTILINE)) == int(count)
    assert "saved" not in called(*command.split(), *bank, keys="\n4\n" * 40).stdout  # all were answered today


def test_the_weakest_are_none_before_anything_was_answered(bank: list[str]) -> None:
    done = called("study", "--weakest", "3", *bank)

    assert done.stdout == "No card to ask once more: none of these was answered before today.\n"
    assert called("study", "--weakest", "3", "--new", "1", *bank).returncode == 2


def test_status_tells_todays_part_of_the_plan_as_the_other_screens_do(bank: list[str]) -> None:
    """It said 132 due where the plan asked one review, and nothing of the plan."""
    plan = called("plan", "--date", SOON, *bank).stdout
    (part,) = re.findall(r"^Today's part of the plan: .*$", plan, re.MULTILINE)

    assert called("status", *bank).stdout.splitlines()[-1] == part
    assert part in called(*bank).stdout


def test_on_the_day_itself_nobody_is_sent_to_study_where_it_asks_nothing(bank: list[str]) -> None:
    called("config", "set", "rollover", "00:00")
    called("config", "set", "interview_date", date.today().isoformat())  # noqa: DTZ011 - the wall's day

    assert called(*bank).stdout.endswith("\nA few to warm up, nothing is written: dlquiz random --count 5\n")
    assert called("study", *bank).stdout.startswith("Nothing is due.\n")


def test_study_announces_a_backlog_but_not_on_the_interviews_own_day(bank: list[str], home: Path) -> None:
    called("config", "set", "minutes_per_day", "1")
    called("config", "set", "rollover", "00:00")
    called("study", "--new", "7", *bank, keys="\n4\n" * 7)
    with closing(sqlite3.connect(home / "progress.db")) as db, db:
        db.execute("UPDATE standing SET due_day = '2026-01-01' WHERE due_day IS NOT NULL")
    backlog = r"^\d waiting, \d today, clear by .*; new cards pause until then$"

    assert re.search(backlog, called("study", *bank).stderr, re.MULTILINE)
    called("config", "set", "interview_date", date.today().isoformat())  # noqa: DTZ011 - the wall's day
    assert "waiting" not in called("study", *bank).stderr


def test_the_day_itself_opens_with_how_ready_one_is_and_no_pile_of_due_cards(bank: list[str]) -> None:
    called("config", "set", "rollover", "00:00")  # before anything is answered: until 04:00 its day would be yesterday
    called("study", *bank, keys="\n4\n" * 30)
    called("config", "set", "interview_date", date.today().isoformat())  # noqa: DTZ011 - the wall's day
    text = called(*bank).stdout

    assert text.startswith(
        "The interview is today: you are ready for 100 % of what is asked.\nNothing new any more; good luck.\n"
    )
    assert re.search(r"topic +seen +ready today\noptimizers +7/7 +100 %", text)
    assert text.endswith("\nA few to warm up, nothing is written: dlquiz random --count 5\n")
    assert "waiting" not in text
    nothing_due = called("study", *bank).stdout
    assert nothing_due.startswith("Nothing is due.\n")
    assert nothing_due.endswith("\nA few to warm up, nothing is written: dlquiz random --count 5\n")


def test_what_the_interview_is_about_is_kept_until_changed(bank: list[str], home: Path) -> None:
    called("plan", "--date", SOON, "--topic", "optimisers", *bank)
    assert (home / "config.toml").read_text(encoding="utf-8").splitlines()[1:] == ['plan_topics = "optimisers"']
    called("plan", "--topic", "all", *bank)
    assert "plan_topics" not in (home / "config.toml").read_text(encoding="utf-8")

    unknown = called("plan", "--topic", "optimisation-of-everything", *bank)
    assert (unknown.returncode, "there is no topic" in unknown.stderr) == (2, True)
    nothing = called("plan", "--without", "optimizers", *bank)
    assert (nothing.returncode, "no cards left" in nothing.stderr) == (2, True)
    assert json.loads(called("plan", "--json", *bank).stdout)["readiness"][0]["cards"] == 7


def test_clear_forgets_date_and_minutes_and_keeps_every_other_line(bank: list[str], home: Path) -> None:
    called("config", "set", "new_per_day", "7")
    called("plan", "--date", SOON, "--minutes", "45", *bank)
    assert called("config", "get", "interview_date").stdout.strip() == SOON
    assert called("config", "get", "plan_minutes").stdout.strip() == "45"

    done = called("plan", "--clear", *bank)

    assert "is cleared" in done.stderr
    assert (home / "config.toml").read_text(encoding="utf-8") == "new_per_day = 7\n"
    assert json.loads(called("status", "--json", *bank).stdout)["interview"] is None


def test_a_date_that_a_person_wrote_into_the_file_counts(bank: list[str], home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_text(f"interview_date = {SOON}\n", encoding="utf-8")

    assert json.loads(called("plan", "--json", *bank).stdout)["date"] == SOON


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--date", "2020-01-01"], "2020-01-01 is past; a plan needs a day from"),
        (["--date", TODAY.isoformat()], "is today; a plan needs a day from"),
        (["--date", "today"], f"dlquiz: {TODAY} is today; a plan"),
        (["--date", "2026-02-30"], "'2026-02-30' is not a day; write it like 2027-01-31, +21, \"in 3 weeks\", friday"),
        (["--date", "20301231"], "'20301231' is not a day"),
        (["--date", "2099-01-01"], "more than five years away"),
        (["--minutes", "20"], "there is no interview ahead; add its day, as in --date"),
        (["--clear", "--minutes", "20"], "leave the other options away"),
    ],
)
def test_what_is_no_plan_is_said_in_a_sentence_and_changes_nothing(
    given: list[str], said: str, bank: list[str], home: Path
) -> None:
    done = called("plan", *given, *bank)

    assert done.returncode == 2
    assert said in done.stderr
    assert not home.exists()


def test_a_day_is_taken_as_people_say_it_by_plan_and_by_config(bank: list[str]) -> None:
    in_three_weeks = (TODAY + timedelta(days=21)).isoformat()

    assert json.loads(called("plan", "--date", "in 3 weeks", "--json", *bank).stdout)["date"] == in_three_weeks
    assert called("config", "set", "interview_date", "+21").stdout.strip() == f"interview_date = {in_three_weeks}"


def test_next_friday_is_answered_with_the_day_that_was_taken(bank: list[str]) -> None:
    assert re.search(r"^Interview in \d+ days?, Fri \d+ \w{3}: ", called("plan", "--date", "next friday", *bank).stdout)
    assert re.fullmatch(r"That is Fri \d+ \w{3}\.\n", called("config", "set", "interview_date", "next friday").stderr)


def test_a_day_that_is_past_is_refused_by_config_too(home: Path) -> None:
    done = called("config", "set", "interview_date", "2020-01-01")

    assert (done.returncode, "2020-01-01 is past; a plan needs a day from" in done.stderr) == (2, True)
    assert not home.exists()


def test_a_day_beyond_five_years_is_refused_wherever_it_comes_from(bank: list[str], home: Path) -> None:
    assert "more than five years away" in called("config", "set", "interview_date", "9999-12-31").stderr
    assert not home.exists()
    home.mkdir()
    (home / "config.toml").write_text("interview_date = 9999-12-31\n", encoding="utf-8")
    for verb in ("plan", "study", "status"):
        done = called(verb, *bank)
        assert done.returncode == 2
        assert "interview_date 9999-12-31 is more than five years away" in done.stderr
    assert called("plan", "--date", "friday", *bank).returncode == 0


@pytest.mark.parametrize("minutes", ["0", "1441", "many"])
def test_minutes_are_checked(minutes: str, bank: list[str], home: Path) -> None:
    assert called("plan", "--date", SOON, "--minutes", minutes, *bank).returncode == 2
    assert not home.exists()


def test_the_start_screen_tells_the_days_left_and_what_today_asks(bank: list[str]) -> None:
    called("plan", "--date", NEAR, *bank)
    first = called(*bank).stdout
    assert first.startswith("Welcome.")
    text = " ".join(first.split())
    assert re.search(
        r"Interview in \d days, .*: you will be ready for \d+ % .* of what is asked, with 20 minutes", text
    )
    assert re.search(r"Today's part of the plan: \d new, 0 reviews, about \d minutes?\. Every", text)
    assert first.endswith("\nNext: dlquiz study\n")

    called("study", "--cards", "1", *bank, keys="\n4\n")
    done = called(*bank)
    assert re.match(r"Interview in \d days, ", done.stdout)
    assert re.search(r"^topic +today +seen +ready if you stopped now$", done.stdout, re.MULTILINE)
    assert done.stdout.count("about") == 1  # the plan tells the minutes, nobody else does
    assert re.search(r"Today's part of the plan: \d new, 0 reviews, about \d minutes", done.stdout)
    assert "Next: dlquiz study" in done.stdout


def test_a_sitting_that_is_left_ends_with_what_the_start_screen_says_of_the_day(bank: list[str]) -> None:
    called("plan", "--date", NEAR, *bank)
    part = re.compile(r"^Today's part of the plan.*$", re.MULTILINE)
    left = part.findall(called("study", *bank, keys="\n4\n").stdout)

    assert len(left) == 1
    assert part.findall(called(*bank).stdout) == left
    called("study", *bank, keys="\n4\n" * 30)
    assert part.findall(called(*bank).stdout) == [
        "Today's part of the plan is done. `dlquiz plan` shows the days to come."
    ]


def test_forty_columns_are_enough(bank: list[str]) -> None:
    done = run("plan", "--date", SOON, *bank, env={"COLUMNS": "40"})

    assert max(map(len, done.stdout.splitlines())) <= 40
    assert "last look" in done.stdout
