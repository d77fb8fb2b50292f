"""Lists of words: how they may be spelt, and what they do in a sentence; those that deny stand in `deniers`, ordinary ones in `common`."""

from __future__ import annotations

from collections.abc import Mapping


def _by_form(words: Mapping[str, str]) -> dict[str, str]:
    """Form -> word, from each word's forms with spaces between them."""
    return {form: word for word, forms in words.items() for form in forms.split()}


# ---- how a word is spelt

ABBREVIATIONS = frozenset("e.g i.e eg ie vs cf approx etc fig eq resp incl al".split())
SYMBOLS = {"%": "percent", "√": "sqrt", "∞": "infinity", "∇": "gradient"}
NUMBERS = {
    word: str(n)
    for n, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
    )
} | {
    "twenty": "20", "thirty": "30", "fifty": "50", "hundred": "100", "thousand": "1000", "twice": "2x", "double": "2x",
    "zeros": "0", "zeroes": "0", "zeroed": "0", "zeroing": "0",
}  # fmt: skip
IRREGULAR = _by_form({
    "matrix": "matrices", "index": "indices", "vertex": "vertices", "axis": "axes", "criterion": "criteria",
    "hypothesis": "hypotheses", "analysis": "analyses", "half": "halves halved halving", "keep": "kept", "learn": "learnt",
    "hold": "held", "choose": "chose chosen", "shrink": "shrank shrunk", "grow": "grew grown", "feed": "fed",
    "take": "took taken", "give": "gave given", "make": "made", "go": "went gone goes", "become": "became", "find": "found",
    "fall": "fell fallen", "rise": "rose risen", "run": "ran", "see": "saw seen", "build": "built", "send": "sent",
    "throw": "threw thrown", "write": "wrote written", "hide": "hidden", "begin": "began begun", "spend": "spent",
    "lose": "lost", "mean": "meant", "draw": "drew drawn", "know": "knew known", "bring": "brought",
    "catch": "caught", "beat": "beaten", "break": "broke broken", "freeze": "froze frozen", "forget": "forgot forgotten",
    "lead": "led", "leave": "left", "say": "said", "tell": "told", "think": "thought", "pay": "paid", "speed": "sped",
    "split": "splitted", "overcome": "overcame", "weight": "weighs weigh weighed weighing",
})  # fmt: skip
# The stemmer would make one word of these and of a technical one: "in general" is no generalising, "probably" no probability.
OWN_STEMS = frozenset(
    "general generally normal normally regular regularly initial initially probably "
    "relatively universal university during several united thing things does".split()
)
# What people in a hurry write for longer words.
SHORT_FORMS = _by_form({
    "image": "img imgs", "picture": "pic pics", "sequence": "seq seqs", "encoding": "enc", "embedding": "emb embs",
    "attention": "attn", "gradient": "grad grads", "parameter": "param params", "accuracy": "acc", "validation": "val",
    "feature": "feat feats", "probability": "prob probs", "distribution": "dist distr", "error": "err errs", "augmentation": "aug augs",
    "position": "pos", "quantization": "quant", "preprocessing": "preproc", "document": "doc docs", "number": "num nums",
    "temperature": "temp temps", "architecture": "arch archs", "performance": "perf", "information": "info", "statistics": "stats",
    "dimension": "dim dims", "function": "func funcs", "vector": "vec vecs", "utilization": "util", "communication": "comms",
    "prediction": "pred preds", "calibration": "calib", "language": "lang langs", "precision": "prec", "hyperparameter":
    "hyperparam hyperparams", "difference": "diff diffs", "memory": "mem", "generation": "gen", "weight": "wt wts wgt wgts",
    "initialization": "init inits", "convolution": "conv convs", "category": "categ", "similarity": "sim", "transformer": "xformer",
})  # fmt: skip
HARDWARE = frozenset("gpus cpus tpus npus relus grus gelus elus mlus".split())
SPLIT = {
    "cannot": "can not", "can't": "can not", "cant": "can not", "won't": "will not", "wont": "will not", "shan't": "shall not",
    "ain't": "is not", "gonna": "going to", "wanna": "want to", "lets": "lets", "let's": "lets",
}  # fmt: skip

# ---- what a word does in a sentence

FILLERS = frozenset(
    "um uh uhm erm er hmm hm mm basically actually literally like okay ok right well just really simply quite".split()
)
# What a speaker says between two clauses, but not behind one of the words below.
PAUSES = frozenset("um uh uhm erm er hmm hm mm oh anyway".split())
HANGING = frozenset(
    "a an the of to in on at for with by from not never no is are was were be it its very more less".split()
)
FILLER_PHRASES = (
    "you know", "kind of", "sort of", "i mean", "i guess", "i think", "let us say", "or something", "if you will",
)  # fmt: skip
CORRECTIONS = (
    "no wait", "wait no", "sorry no", "no sorry", "scratch that", "i meant", "correction", "let me correct", "no no",
    "or rather", "sorry i mean", "actually no", "wait sorry", "strike that",
)  # fmt: skip
ALONE = "correction"  # takes something back only between commas or the like: `bias correction` is a term
# Words that begin a clause.
BREAKS = frozenset(
    "but while whereas because although though however so since whereby then which unless except otherwise therefore "
    "hence thus then finally afterwards".split()
)
CONTRASTS = frozenset("but while whereas although though however unlike".split())  # the rest is about something else
PRONOUNS = frozenset("it they we you i he she this that there the then".split())
# Words that may stand between those of a phrase.
LOOSE = frozenset("a an the of it them its their our your his this these those that".split())
OPERATORS = frozenset("over minus plus times by divided multiplied to".split())
# Words that name nothing technical.
GLUE = LOOSE | OPERATORS | BREAKS | PRONOUNS | frozenset(
    "is are was were be been being am do does did has have had can could may might will would should must not no never "
    "and or in on at for from with into as if when where how why what who whose than to per only also too very each "
    "every all any some both such because one other another same own between through across after "
    "before during until within without via against about under them him her us me my use uses used using get gets "
    "make makes made let lets need needs there here".split()
)  # fmt: skip
