"""Words and phrases that deny: what stands behind them, or what stands before them."""

from __future__ import annotations

from typing import NamedTuple


class Denier(NamedTuple):
    """A word or phrase that denies what follows it, or with `behind` what stands before it."""

    form: str
    reach: int = 0  #: words after it
    doubts: bool = False  #: it leaves open whether what follows holds
    whole: bool = False  #: it reaches over clauses, to the sentence's end
    behind: bool = False  #: it denies its subject: "... is pointless"


def _of(phrases: str, reach: int, **how: bool) -> tuple[Denier, ...]:
    return tuple(Denier(phrase.strip(), reach, **how) for phrase in phrases.split("|"))


BEFORE = (
    *_of("not | never | cannot | neither | nor | hardly | barely | scarcely | nowhere", 6),
    *_of("no | none | nothing | nobody", 4),
    *_of("no longer | in no way | by no means | anything but", 5),
    *_of("instead of | rather than | opposed to | in place of", 5),
    *_of("nothing to do with | no need | fail to | fails to | failed to | failing to | unable to | far from", 6),
    *_of("useless for | unsuitable for | unsuited to | unsuited for | no good for | unfit for | worthless for | pointless for", 5),
    *_of("no point in | no use | no reason to | no benefit | no point to | useless to | pointless to | waste to | mistake to", 7),
    *_of("refuse to | refuses to | ceases to | cease to | stops short of | regardless of | irrespective of", 6),
    *_of(
        "unlike | better than | without | lack | lacks | lacking | not like | ignore | ignores | ignoring | reject | rejects | forgo | "
        "forgoes",
        4,
        doubts=True,
    ),
    *_of(
        "not true that | wrong that | false that | wrong to say | untrue that | incorrect that | myth that | a myth | misconception | "
        "not the case | not correct that | nobody should say | contrary to | nonsense that | not believe that | fallacy that | "
        "wrong to think | wrong to believe | wrong to claim | mistaken that",
        30,
        whole=True,
    ),
    *_of(
        "not remember | not know | not recall | not sure | no idea | i forget | i forgot | unsure | not certain | can not say | "
        "could not say | cannot say | supposedly | allegedly | i doubt | not clear whether",
        15,
        doubts=True,
        whole=True,
    ),
    *_of(
        "people say | some say | some claim | people claim | often claimed | people think | some think | some people",
        8,
        doubts=True,
        whole=True,
    ),
)  # fmt: skip

# What is said of a subject with a form of "to be".
_WORTHLESS = (
    "unnecessary needless pointless useless irrelevant obsolete superfluous meaningless worthless futile unimportant immaterial "
    "unneeded unhelpful unrelated cosmetic fictional imaginary hopeless absurd nonexistent impossible "
    "negligible"
)
_WORTHLESS_NOUNS = (
    "a waste | a mistake | no use | no help | no good | of no use | of no help | a bad idea | out of the question | "
    "a matter of taste | just for show"
)
_FALSE = "a myth | myth | a misconception | a fallacy | a legend | a lie | a fiction | nonsense | rubbish | false | untrue | fake news"
BEHIND = (
    *_of(" | ".join(_WORTHLESS.split()), 0, behind=True),
    *_of(_WORTHLESS_NOUNS, 0, behind=True),
    *_of(_FALSE, 0, behind=True, whole=True),
)
# What is said of a subject with a verb of its own.
BEHIND_VERBS = _of(
    "fail to | fails to | failed to | have nothing to do | has nothing to do | had nothing to do | play no role | plays no role | "
    "play no part | plays no part | make no difference | makes no difference | has no effect | have no effect | has no influence | "
    "have no influence | has no impact | have no impact | has no bearing | have no bearing | does nothing | do nothing | "
    "says nothing | say nothing | means nothing | mean nothing | proves nothing | prove nothing | adds nothing | add nothing | "
    "changes nothing | change nothing | tells nothing | tell nothing | be ignored | be skipped | be neglected | be avoided | "
    "never happens | never happen | is ruled out | serves no purpose | serve no purpose | is no use | makes no sense | make no sense | "
    "unable to | incapable of | a thing of the past | refuse to | refuses to | ceased to | ceases to | be abolished | be dispensed with | "
    "no longer holds | no longer hold | no longer apply | no longer applies | "
    "is optional | is overrated | are overrated | does more harm | do more harm | brings nothing | bring nothing",
    0,
    behind=True,
)  # fmt: skip
LINKS = frozenset("is are was were be been being seem seems remain remains stay stays become becomes".split())

AFTER = frozenset("not never hardly neither".split())  # behind a subject: "more data does not help"
AUXILIARIES = frozenset(
    "is are was were be been do does did has have had can could will would should may might must need".split()
)
SUBJECTS = frozenset("we you i it they he she one this that these those there".split())  # what else is denied then
PERSONS = frozenset("we you i it they he she there".split())  # what "... is pointless" then speaks of
INSIDE = frozenset(
    "not | never | no | cannot | hardly | barely | nothing to do with | instead of | rather than | fail to | fails to | failed to | "
    "no longer | unable to | far from | no need".split(" | ")
)
NO_DENIAL = (
    "not only", "not just", "not merely", "not simply", "no matter", "not to mention", "nothing but", "no doubt", "no wonder",
    "or not", "no problem", "never more than", "not more than", "never larger than", "not larger than", "never above",
    "why not", "not least", "no more than", "not even", "no sooner", "not until", "none the less", "not unlike", "not entirely",
    "not always", "not necessarily", "not all", "not every", "not much more", "not exactly", "can not be ignored",
    "not be ignored", "not be skipped", "not be neglected", "not fail to", "never fails to", "whether or not",
)  # fmt: skip
CONDITIONS = frozenset("if unless otherwise when were".split())
PROVISOS = frozenset("provided providing assuming supposing".split())  # conditions where they begin a clause
PREVENTERS = (
    "prevent avoid stop discourage reduce break less fewer remove eliminate fight counter limit weaken hinder forbid mitigate "
    "fix cure ease lessen alleviate forbids block kill destroy disrupt penalize suppress curb lower shrink decrease "
    "minimize worse against rid longer unable cannot"
)
UNDONE = "prevent avoid stop remove eliminate fight counter mitigate fix cure ease lessen alleviate reduce solve help combat protect"
