"""What is said on standard error before anything else: odd files in the home, and what became of the plan. Mostly there is nothing, so
what it is said with is imported where there is.
"""

from __future__ import annotations

from datetime import date

from dlquiz.card import Moment
from dlquiz.cli.streams import tell
from dlquiz.collection import Collection, doctor, planning


def tell_news(col: Collection, moment: Moment) -> bool:
    """Say what is odd about the files of the home; and once that days were missed and planned again, or that the interview is past.

    Returns:
        Was there something to say of the plan?
    """
    for remark in doctor.remarks(col):
        tell(remark)
    topics = (col.settings.plan_topics, col.settings.plan_without)
    if col.days_left(moment) and any(topics):
        from dlquiz.collection import scope

        for word in scope.unknown(col.bank, topics):
            remark = (
                f"the plan names '{word}', and these banks have no such topic; name others with `dlquiz plan --topic T`"
            )
            tell(remark)
    plan_news = planning.news(col, moment)
    if plan_news is None:
        return False

    from dlquiz.collection import after_interview, outlook
    from dlquiz.view import plan as looks

    if plan_news.over:
        text = looks.over(date.fromisoformat(plan_news.date), after_interview.leftover(col, moment))
    else:
        days = [date.fromisoformat(day) for day in plan_news.missed]
        today = outlook.rest_of_today(col, moment)
        if today is None:
            return False
        text = looks.missed(days, plan_news.before, today)
    tell(text)
    return True
