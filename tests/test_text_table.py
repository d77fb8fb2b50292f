"""Tables of other programs are understood or refused, and told what was taken for what."""

from __future__ import annotations

import pytest

from dlquiz.errors import BankError
from dlquiz.transfer import text_table
from dlquiz.transfer.text_table import TextTable


def read(text: str) -> TextTable:
    return text_table.read(text.encode(), "x.csv")


def sides(text: str) -> list[tuple[str, str]]:
    return [(row.question, row.answer) for row in read(text).rows]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("What is k?;l\nWhat, then, is m?;n\nIs a, b, or c right?;b\n", "semicolon"),
        ("sep=;\nQuestion;Answer\nWhat is k?;l\n", "semicolon"),
        ("What is k?\tl, m\nWhat is n?\to; p, q\n", "tab"),
        ("What is k?|l\nWhat is m?|n, o\n", "pipe"),
        ("What is k?,l\nWhat is m?,n;o\n", "comma"),
        ("#separator:Semicolon\na,b;c\nd;e,f\n", "semicolon"),
        ("#separator:Comma,,\nWhat is A?,One.,x\n", "comma"),
        ("#separator:Comma;;\nWhat is A?;One.;x\n", "semicolon"),  # saved again by a spreadsheet of another country
        ("#separator:tab\r\nWhat is A?\tOne.\r\n", "tab"),
    ],
)
def test_the_separator_is_the_one_that_fits_most_rows(text: str, wanted: str) -> None:
    assert read(text).taken.startswith(f"separator {wanted}; took column 1")


def test_header_lines_that_a_spreadsheet_filled_up_mean_what_they_did() -> None:
    text = "#separator:Comma,,\n#deck column:3,,\n#html:false,,\nWhat is A?,One.,Test::CSV\nWhat is B?,Two.,Test::CSV\n"

    rows = read(text).rows

    assert [(row.line, row.question, row.answer, row.topic) for row in rows] == [
        (4, "What is A?", "One.", "csv"),
        (5, "What is B?", "Two.", "csv"),
    ]


def test_a_first_line_may_call_the_columns_in_other_words_and_order() -> None:
    table = read("Category,Term,Meaning,Seen\nNLP,Token,A piece of text,often\n")

    assert [(row.question, row.answer, row.topic) for row in table.rows] == [("Token", "A piece of text", "nlp")]
    assert table.taken == (
        "separator comma; took column 1 (Category) as topic, column 2 (Term) as question, column 3 (Meaning) as answer;"
        " column 4 (Seen) ignored"
    )


def test_columns_that_mean_nothing_are_told() -> None:
    table = read("What is w?,x,extra notes\n")

    assert sides("What is w?,x,extra notes\n") == [("What is w?", "x")]
    assert table.taken == "separator comma; took column 1 as question, column 2 as answer; column 3 ignored"


def test_a_row_that_is_too_wide_is_named_and_left_out() -> None:
    table = read("Question,Answer\nWhy bias, variance and noise?,They add up\nWhat is X?,Y\nWhat is Z?,\n,nothing\n")

    assert [(row.line, row.question, row.answer) for row in table.rows] == [(3, "What is X?", "Y")]
    assert table.remarks == [
        "x.csv: line 2 has more columns than 2 and was left out; put a text that holds the separator in quotes",
        "x.csv: line 5 has no question and was left out",
        "x.csv: line 4 has no answer and was left out",
    ]


def test_a_row_that_lacks_a_column_is_named_and_taken() -> None:
    table = read("Question,Answer,Tags\na,b,c\nd,e\n")

    assert len(table.rows) == 2
    assert table.remarks == ["x.csv: line 3 has fewer columns than 3; the rest was taken as empty"]


def test_quotes_that_are_no_quotation_marks_stay_where_all_rows_fit_without() -> None:
    text = '"Attention" is what?\tA weighted mean\n"Unbalanced start\tx\n"What is q?"\tr\n'

    table = read(text)

    assert [row.question for row in table.rows] == ['"Attention" is what?', '"Unbalanced start', "What is q?"]
    assert table.remarks == ["x.csv: line 2: a quote opens and does not close; all quotes were taken as they stand"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('a,b\n"c,d\ne,f,g\n', "line 2: a quote opens and does not close"),
        ("a,b\n" + f'"{"c" * 200_000}",d\n', "line 2: more than 131 072 characters in one text"),
        ("Question,Reply\na,b\n", "line 1 seems to name the columns, but none is called answer"),
        ("one\ntwo\n", "no row has a question and an answer"),
        ("", "no row has a question and an answer"),
        ("Question,Answer\na, b,c\nd, e,f\ng,h\n", "lines 2, 3 have more columns than 2"),
        ("#separator:dance\na,b\n", "there is no separator 'dance'"),
        ('#separator:"\na"b\n', "there is no separator"),
        ("#deck:x\n" * 1_000_000 + "a,b\n", "more than 50 header lines"),
        ("a,b\n" * 100_001, "more than 100 000 rows"),
    ],
    ids=range(10),
)
def test_what_is_no_table_is_refused_with_its_line(text: str, says: str) -> None:
    with pytest.raises(BankError, match="nothing was imported") as refused:
        read(text)
    assert says in str(refused.value)


def test_a_line_that_only_looks_like_a_header_line_is_a_row() -> None:
    assert sides("#include: what for?,declarations\n") == [("#include: what for?", "declarations")]
