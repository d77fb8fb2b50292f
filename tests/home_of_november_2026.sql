-- A home as the edition before the field's names left it (format 1): seven reviews, one of them undone, a suspension, a flag, a plan.
BEGIN TRANSACTION;
CREATE TABLE alias (old TEXT PRIMARY KEY, card TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE content (hash TEXT PRIMARY KEY, text TEXT NOT NULL, first_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "content" VALUES('0544c0cd3f9e416c','A training set has {{n}} images and the batch size is {{b}}. How many updates make one epoch, keeping the partial batch?

{{ceil(n / b)}}

{{n // b}} full batches cover {{n // b * b}} images; the last update uses the remaining {{n % b}}.',1795938315997);
INSERT INTO "content" VALUES('36ba251bb50c6c4e','What does more training data do to epistemic and to aleatoric uncertainty?

Epistemic shrinks; aleatoric stays, being noise in the outcome given the input.

The data have to come from the region of doubt; better sensors or features are what can reduce the aleatoric part.',1795938322392);
INSERT INTO "content" VALUES('8dcf063ba85b6d2c','How many weight updates does one epoch take with $N$ examples and batch size $B$, if a last partial batch is kept?

$\lceil N/B \rceil$

With the partial batch dropped (`drop_last=True` in PyTorch) it is $\lfloor N/B \rfloor$.',1795938315936);
INSERT INTO "content" VALUES('a14752ff3375c858','What does dropout do, what does it cost, and when would you leave it out?

In training, dropout zeroes each activation at random and scales up the survivors; at inference it does nothing. Units cannot lean on particular partners, and the net acts like a cheap ensemble. It costs training time and a tuned rate. We leave it out when overfitting is not the problem, as in huge one-pass pre-training.

In every training pass dropout draws a mask: each unit of each example is zeroed with probability $p$, independently.
A unit can therefore not rely on one particular partner, so features become more self-sufficient. Each mask also
picks a *thinned* network, and all of them share their weights.

**Scaling.** Zeroing lowers the expected activation. Libraries therefore use *inverted* dropout,

$$y = x \odot m/(1 - p)$$

with a mask $m$ that is 1 with probability $1 - p$. Then $\mathbb{E}[y] = x$, and inference needs nothing: the layer
is the identity. With $p = 0.2$ a surviving 4 becomes 5. The 2014 paper mainly multiplied the weights by the keep
probability at test time instead, and calls the two equivalent. Beware the number: PyTorch''s `p` and Keras''s `rate`
count what is *dropped*, the paper''s $p$ what is *kept*.

**Ensemble?** One deterministic pass stands in for the average over all thinned nets. That is exact in special cases,
such as one softmax layer (for a geometric average), and an approximation in deep nets. *MC dropout* keeps masks on at inference and averages
several passes; their spread is used as a measure of uncertainty.

**Costs.** Typically two to three times the training time (the paper''s figure), noisier runs, less effective
capacity, one more setting. Rates of 0.1 to 0.5 are conventional: too high underfits, too low does nothing.

| use it | leave it out, or replace it |
| --- | --- |
| wide dense layers, small heads | conv nets full of BatchNorm |
| fine-tuning on modest data | one-pass pre-training on huge corpora |

Just before BatchNorm it makes variances differ between training and inference, so the running statistics are off
(shown on several conv nets, 2018; milder in wide ones). For convolutions, spatial dropout (whole channels) or
stochastic depth (whole blocks) is the usual substitute. PaLM (2022) was pre-trained without dropout, as is common
at that scale (as of November 2026), while fine-tuning often keeps it.

Data size matters at both ends: in the paper''s MNIST experiment tiny sets gained nothing, medium ones most, and
with plenty of data the gain shrank.

Dropout zeroes units with a fresh random mask for each example, during training only.

Survivors are divided by 1 − p in training, so expectations match and inference is the deterministic identity.

It breaks co-adaptation and acts as noise and as a cheap implicit ensemble, whose average is only approximated.

It needs more epochs, makes runs noisier, lowers effective capacity and adds a rate to tune.

It suits wide dense layers, small-data heads and fine-tuning, with drop rates of 0.1 to 0.5 by convention.

It is usually left out of BatchNorm-heavy conv nets and one-pass pre-training, where spatial dropout or stochastic depth may serve instead.

PyTorch''s p and Keras''s rate count what is dropped, whereas p in the 2014 paper is the keep probability.',1795938313882);
INSERT INTO "content" VALUES('e4a78117bbe525ef','Define epoch, batch and iteration, and say what batch size changes.

An epoch is one pass over the training data, a batch is the examples behind one update, an iteration is that update. A bigger batch gives a less noisy gradient and better hardware use but fewer updates per epoch, so the learning rate has to be retuned with it.

Take 50 000 training images and a batch size of 128. One **epoch**, in which every image is seen once, then needs
$\lceil 50000/128 \rceil = 391$ **iterations**, and ten epochs need 3 910. A **batch** is the set of examples behind one
weight update, and an iteration is that update: the examples'' gradients are averaged and the weights move once. Updating
after every single example is only the special case $B = 1$.

**Noise.** If examples are drawn independently at random, the batch average is an unbiased estimate of the full gradient and
its variance falls as $1/B$. The standard deviation falls only as $1/\sqrt{B}$, so halving it costs four times the examples.

**Speed.** Compared with whole-set steps, mini-batches need little memory and update far more often. Larger ones keep a
parallel chip busy, so an epoch takes less wall time; smaller ones often need fewer examples to reach a target loss. Past
a *critical batch size*, which depends on the problem, growing the batch hardly reduces the number of steps.

**Learning rate.** Batch size is a hyperparameter, and the rate has to be retuned with it. Usual starting points are linear
scaling with warm-up for SGD (0.1 at 256 becomes 3.2 at 8 192) and square-root scaling for Adam-like methods. These are
conventions: a study of many workloads found no rule that fits them all.

**Generalisation.** An ICLR 2017 paper saw large batches test worse, blamed sharp minima, and said it was *not* overfitting.
Others closed the gap with retuned rates, warm-up and more updates; a study tuning each size found no evidence of harm, and on
CIFAR-10 even full-batch training matched SGD once regularised explicitly. Sharpness also changes when the same function
is reparametrised, so it explains less than it seems to.

**How many epochs?** Several usually help the training loss; validation loss may turn up. Language models have mostly been
pre-trained for about one pass; in one study up to four passes over the same data cost little.

Memory is the practical limit on $B$. Gradient accumulation stretches it (BatchNorm still sees the small batches).

An epoch is one pass over the data, a batch feeds one update (an iteration), and one epoch takes ⌈N/B⌉ updates.

With random sampling the batch gradient is an unbiased estimate of the full gradient, with variance proportional to 1/B.

A bigger batch uses parallel hardware better, a smaller one often needs fewer examples, and returns diminish past a critical size.

The learning rate is retuned with the batch size; linear scaling with warm-up (SGD) and square-root scaling (Adam-like) are only starting points.

The large-batch generalisation gap comes with untuned rates and too few updates, can be closed, and is not overfitting.

Memory is the practical limit on batch size, and gradient accumulation stretches it, though not identically with BatchNorm.

More epochs lower the training loss but not always the validation loss; in one language-model study up to four passes cost little.',1795938315790);
INSERT INTO "content" VALUES('fc2e730738eb75b7','What does inverted dropout make of an activation vector in training?

$x \odot m/(1 - p)$

The mask''s mean is 1 − p, so dividing by it keeps the expected activation at x.',1795938318833);
CREATE TABLE event (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('review', 'attempt', 'undo', 'suspend', 'unsuspend', 'bury',
            'reset', 'reschedule', 'flag')), card TEXT NOT NULL, at_ms INTEGER NOT NULL, study_day TEXT NOT NULL,
        utc_offset_min INTEGER NOT NULL, device TEXT NOT NULL, target TEXT, rating INTEGER CHECK (rating BETWEEN 1 AND 4),
        state_before TEXT, interval_before INTEGER, interval_after INTEGER, preset TEXT, mode TEXT, predicted TEXT,
        thought_ms INTEGER, took_ms INTEGER, content TEXT, params TEXT, given TEXT, interview TEXT, origin TEXT,
        foreign_row TEXT) STRICT;
INSERT INTO "event" VALUES('1795938313882-486e789f','review','dropout',1795938313882,'2026-11-29',0,'486e789f',NULL,3,'new',0,2,'ba69cc506fb25b06','speak',NULL,11,369,'a14752ff3375c858',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "event" VALUES('1795938315790-486e789f','review','epochs-and-batches',1795938315790,'2026-11-29',0,'486e789f',NULL,3,'new',0,2,'ba69cc506fb25b06','speak',NULL,14,364,'e4a78117bbe525ef',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "event" VALUES('1795938315936-486e789f','review','epochs-and-batches.steps-per-epoch',1795938315936,'2026-11-29',0,'486e789f',NULL,1,'new',0,-60,'ba69cc506fb25b06','reveal',NULL,1,43,'8dcf063ba85b6d2c',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "event" VALUES('1795938315997-486e789f','review','epochs-and-batches.steps-50k-128',1795938315997,'2026-11-29',0,'486e789f',NULL,4,'new',0,7,'ba69cc506fb25b06','reveal',NULL,1,28,'0544c0cd3f9e416c','{"b":64,"n":20000}',NULL,NULL,NULL,NULL);
INSERT INTO "event" VALUES('1795938317449-486e789f','suspend','dqn',1795938317449,'2026-11-29',0,'486e789f',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "event" VALUES('1795938318833-486e789f','flag','dropout.inverted',1795938318833,'2026-11-29',0,'486e789f',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'fc2e730738eb75b7',NULL,'odd',NULL,NULL,NULL);
INSERT INTO "event" VALUES('1795938318857-486e789f','review','dropout.inverted',1795938318857,'2026-11-29',0,'486e789f',NULL,3,'new',0,-600,'ba69cc506fb25b06','reveal',NULL,72,312,'fc2e730738eb75b7',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "event" VALUES('1795938319910-486e789f','undo','dropout.inverted',1795938319910,'2026-11-29',0,'486e789f','1795938318857-486e789f',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "event" VALUES('1795938322392-486e789f','review','bayesian-deep-learning.alea-epis',1795938322392,'2026-11-29',0,'486e789f',NULL,2,'new',0,-330,'ba69cc506fb25b06','reveal',NULL,1,130,'36ba251bb50c6c4e',NULL,NULL,NULL,NULL,NULL);
CREATE TABLE interview (id TEXT PRIMARY KEY, at_ms INTEGER NOT NULL, device TEXT NOT NULL, seed TEXT, settings TEXT,
        state TEXT, ended_ms INTEGER) STRICT;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "meta" VALUES('device','486e789f');
INSERT INTO "meta" VALUES('folded_under','ba69cc506fb25b06');
INSERT INTO "meta" VALUES('plan','{"date": "2027-01-31", "start": "2026-11-29", "day": "2026-11-29", "minutes": 20, "bank": "578e444c97133b85", "new": 25, "explains": 5, "reviews": ["epochs-and-batches.steps-per-epoch"], "final": [], "seconds": 1073.0426363636366, "missed": [], "before": [0, 0], "opened": "", "over": false}');
CREATE TABLE point_result (event TEXT NOT NULL, point TEXT NOT NULL, said INTEGER NOT NULL CHECK (said IN (0, 1)),
        PRIMARY KEY (event, point)) STRICT, WITHOUT ROWID;
INSERT INTO "point_result" VALUES('1795938313882-486e789f','dropout#convention',0);
INSERT INTO "point_result" VALUES('1795938313882-486e789f','dropout#costs',0);
INSERT INTO "point_result" VALUES('1795938313882-486e789f','dropout#mask',1);
INSERT INTO "point_result" VALUES('1795938313882-486e789f','dropout#scaling',1);
INSERT INTO "point_result" VALUES('1795938313882-486e789f','dropout#where',0);
INSERT INTO "point_result" VALUES('1795938313882-486e789f','dropout#where-not',0);
INSERT INTO "point_result" VALUES('1795938313882-486e789f','dropout#why-works',0);
CREATE TABLE preset (hash TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "preset" VALUES('ba69cc506fb25b06','{"algorithm": "FSRS-6", "desired_retention": 0.9, "explain_steps": [600], "fuzz": 1, "learning_steps": [60, 600], "maximum_interval": 36500, "relearning_steps": [600], "rollover_min": 240, "weights": [0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542]}');
CREATE TABLE standing (
        card TEXT PRIMARY KEY, suspended INTEGER NOT NULL, buried_on TEXT, last_event TEXT, last_ms INTEGER, state TEXT,
        stability REAL, difficulty REAL, due_day TEXT, interval INTEGER, last_day TEXT, last_review_ms INTEGER,
        due_ms INTEGER, step INTEGER, reps INTEGER, lapses INTEGER) STRICT, WITHOUT ROWID;
INSERT INTO "standing" VALUES('bayesian-deep-learning.alea-epis',0,NULL,'1795938322392-486e789f',1795938322392,'learning',1.2931,5.1121707056010547987e+00,'2026-11-29',-330,'2026-11-29',1795938322392,1795938652392,0,1,0);
INSERT INTO "standing" VALUES('dqn',1,NULL,'1795938317449-486e789f',1795938317449,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "standing" VALUES('dropout',0,NULL,'1795938313882-486e789f',1795938313882,'review',2.3065,2.11810397045901499524e+00,'2026-12-01',2,'2026-11-29',1795938313882,NULL,0,1,0);
INSERT INTO "standing" VALUES('dropout.inverted',0,NULL,'1795938319910-486e789f',1795938319910,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "standing" VALUES('epochs-and-batches',0,NULL,'1795938315790-486e789f',1795938315790,'review',2.3065,2.11810397045901499524e+00,'2026-12-01',2,'2026-11-29',1795938315790,NULL,0,1,0);
INSERT INTO "standing" VALUES('epochs-and-batches.steps-50k-128',0,NULL,'1795938315997-486e789f',1795938315997,'review',8.2956,1.0,'2026-12-06',7,'2026-11-29',1795938315997,NULL,0,1,0);
INSERT INTO "standing" VALUES('epochs-and-batches.steps-per-epoch',0,NULL,'1795938315936-486e789f',1795938315936,'learning',0.212,6.4133,'2026-11-29',-60,'2026-11-29',1795938315936,1795938375936,0,1,0);
CREATE INDEX event_card ON event (card, at_ms, id);
CREATE INDEX event_day ON event (study_day, kind);
CREATE INDEX event_target ON event (target) WHERE target IS NOT NULL;
CREATE INDEX alias_card ON alias (card);
CREATE INDEX standing_due ON standing (due_day) WHERE state IS NOT NULL;
COMMIT;PRAGMA user_version = 1;
