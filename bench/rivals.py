#!/usr/bin/env python3
"""Three rivals of broach on the same folds; see quality.sh.

usage: rivals.py KEYWORDS|TFIDF|FASTTEXT LABELS.jsonl [ADDED.jsonl...]     prints "CLASS by_source by_conversation"

The folds are those of `broach train`: one source (family) at a time, and conversation i of the file in fold i modulo 5;
added files train in every fold and are never measured on. As in broach, the threshold of a fold is the one with the best F1 on
the held-out scores of the other folds, and what is measured is end to end: a style or a practice counts as right only on a turn
that is called a delivery. The vocabulary of TF-IDF is taken from all texts (not labels), which can only help it.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

STYLES = ["confrontational", "choice", "neutral", "offrecord"]
PRACTICES = ["reason", "acknowledge", "align", "apology", "alternative", "probe", "escalate", "advocate", "autonomy", "blame", "absolute"]
# Sources that are left out together, each named by its family's first: "a+b,c+d", as --families of broach train.
FAMILIES = {s: family.split("+")[0] for family in os.environ.get("FAMILIES", "tau_bench+tau2_bench").split(",") for s in family.split("+")}
NEVER = -1


def read(paths, added):
    turns = []
    nconv = 0
    for path in paths:
        for line in open(path, encoding="utf-8"):
            if not line.strip():
                continue
            c = json.loads(line)
            delivery = {d["turn"]: d for d in c["labels"].get("deliveries", [])}
            texts = [(t["role"], t["text"]) for t in c["turns"]]
            for i, (role, text) in enumerate(texts):
                if role not in ("agent", "customer") or not text.strip():
                    continue
                before = [f"{r} {x}" for r, x in texts[max(0, i - 2):i]]
                turns.append({
                    "role": role, "text": text, "before": before,
                    "by_source": FAMILIES.get(c["source"], c["source"]) if not added else NEVER,
                    "family": FAMILIES.get(c["source"], c["source"]),
                    "by_conversation": nconv % 5 if not added else NEVER,
                    "style": delivery[i]["style"] if i in delivery else None,
                    "practices": set(delivery[i].get("practices", [])) if i in delivery else set(),
                    "dispute": i in c["labels"].get("disputes", []),
                    "hostile": i in c["labels"].get("hostile", []),
                })
            nconv += 1
    return turns


# ---- the keyword list: what somebody writes down in an hour -----------------------------------------------------------
KEYWORDS = {
    "delivery": r"\b(polic(y|ies)|not allowed|not permitted|unable to|(can'?t|cannot|can not|won'?t)\b.{0,30}\b(refund|waive|change|cancel|accept|offer|do that|exception)"
                r"|unfortunately|must|required?|requires?|non-?refundable|only .{0,20}(within|if)|fees?|eligible|against|rules?|terms"
                r"|(i|we) (can'?t|cannot|can not|don'?t|do not|won'?t)|you('ll)? (need|have) to|not possible|no refunds?|deadline"
                r"|within \d+|up to \d+|unless|charged?|per (person|day|month)|not covered|expired?)\b",
    "confrontational": r"\b(not allowed|against (our |company )?policy|must|have to|no exceptions?|nothing (i|we) can do|your fault|should have)\b",
    "choice": r"\b(if you('d| would)? (like|prefer|want)|would you like|alternatively|you (can|could|may)|option|instead|up to you|i can offer)\b",
    "offrecord": r"\b(off the record|between (you and me|us)|technically|nobody (will|would)|no one (will|would)|didn'?t hear (it|this|that) from me)\b",
    "dispute": r"\b(unfair|ridiculous|unacceptable|supervisor|manager|not fair|makes no sense|complain|complaint|disagree|why should i|exception|never told|was told|scam)\b",
    "hostile": r"\b(idiots?|stupid|fuck\w*|shit\w*|damn|useless|moron|incompetent|liars?|crap|asshole)\b",
    "reason": r"\b(because|since|due to|for your security|in order to|so that)\b",
    "acknowledge": r"\b(i understand|i see|i hear you|good question|i know)\b",
    "align": r"\b(i agree|i wish|you'?re right)\b",
    "apology": r"\b(sorry|apologi[sz]e|apologies)\b",
    "alternative": r"\b(instead|alternatively|however (i|we|you) can|but (i|we|you) can|option|offer)\b",
    "probe": r"\b(what (do|did|are|were) you|may i ask what|what for)\b",
    "escalate": r"\b(supervisor|manager|escalate|transfer|specialist|request an exception)\b",
    "advocate": r"\b(pass (this|that|it) on|feedback|raise (this|it))\b",
    "autonomy": r"\b(up to you|your (choice|decision)|your call|if you (would like|prefer))\b",
    "blame": r"\b(you should have|your fault|you (failed|violated|agreed|signed)|you didn'?t)\b",
    "absolute": r"\b(no exceptions?|nothing (i|we) can do|under no circumstances|final|period|policy is policy)\b",
}


class Keywords:
    has_scores = False

    def __init__(self, turns):
        self.found = {k: [bool(re.search(p, t["text"], re.I)) for t in turns] for k, p in KEYWORDS.items()}

    def fit(self, name, train, y):
        return name

    def score(self, name, rows):
        return [1.0 if self.found[name][i] else -1.0 for i in rows]

    def fit_styles(self, train, y):
        return None

    def styles(self, _, rows):
        order = ["offrecord", "confrontational", "choice"]
        return [next((s for s in order if self.found[s][i]), "neutral") for i in rows]


class Tfidf:
    has_scores = True

    def __init__(self, turns):
        from scipy.sparse import hstack
        from sklearn.feature_extraction.text import TfidfVectorizer

        def part(texts, **kw):
            return TfidfVectorizer(sublinear_tf=True, min_df=3, lowercase=True, **kw).fit_transform(texts)
        text = [t["text"] for t in turns]
        last = [t["before"][-1] if t["before"] else "" for t in turns]
        last2 = [t["before"][-2] if len(t["before"]) > 1 else "" for t in turns]
        self.x = hstack([part(text, ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b|\?"),
                         part(text, analyzer="char_wb", ngram_range=(3, 5), max_features=60000),
                         0.5 * part(last, ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b|\?"),
                         0.3 * part(last2, ngram_range=(1, 1))]).tocsr()

    def model(self):
        from sklearn.linear_model import LogisticRegression
        return LogisticRegression(C=3, solver="liblinear", random_state=0)

    def fit(self, name, train, y):
        return self.model().fit(self.x[train], y) if any(y) and not all(y) else None

    def score(self, model, rows):
        return list(model.decision_function(self.x[rows])) if model is not None else [-10.0] * len(rows)

    def fit_styles(self, train, y):
        from sklearn.multiclass import OneVsRestClassifier
        return OneVsRestClassifier(self.model()).fit(self.x[train], y)

    def styles(self, model, rows):
        return list(model.predict(self.x[rows]))


class FastText:
    has_scores = True
    options = "-epoch 15 -lr 0.5 -dim 30 -wordNgrams 2 -bucket 50000 -minCount 2 -thread 1 -verbose 0".split()

    def __init__(self, turns):
        def words(x):
            return re.findall(r"[a-z0-9']+|[?!]", x.lower().replace("\u2019", "'"))
        self.doc = [" ".join(words(t["text"])) + "".join(f" {mark}{w}" for mark, b in zip(("b1_", "b2_"), reversed(t["before"]))
                                                         for w in words(b)) for t in turns]
        self.dir = tempfile.TemporaryDirectory()
        self.n = 0

    def train(self, train, labels):
        self.n += 1
        base = os.path.join(self.dir.name, f"m{self.n}")
        with open(base + ".txt", "w", encoding="utf-8") as f:
            for i, y in zip(train, labels):
                f.write(f"__label__{y} {self.doc[i]}\n")
        subprocess.run(["fasttext", "supervised", "-input", base + ".txt", "-output", base, *self.options],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.remove(base + ".txt")
        return base

    def predict(self, base, rows):
        text = "".join(self.doc[i] + "\n" for i in rows)
        out = subprocess.run(["fasttext", "predict-prob", base + ".bin", "-", "9"], input=text, check=True,
                             capture_output=True, text=True).stdout.split("\n")
        got = []
        for line in out[:len(rows)]:
            p = line.split()
            got.append({p[k][9:]: float(p[k + 1]) for k in range(0, len(p) - 1, 2)})
        for end in (".bin", ".vec"):  # asked once
            os.remove(base + end)
        return got

    def fit(self, name, train, y):
        return self.train(train, ["yes" if v else "no" for v in y]) if any(y) and not all(y) else None

    def score(self, model, rows):
        return [p.get("yes", 0.0) for p in self.predict(model, rows)] if model is not None else [-10.0] * len(rows)

    def fit_styles(self, train, y):
        return self.train(train, y)

    def styles(self, model, rows):
        return [max(p, key=p.get) if p else "neutral" for p in self.predict(model, rows)]


# ---- measuring --------------------------------------------------------------------------------------------------------
def best_threshold(scores, y):
    pairs = sorted(zip(scores, y), key=lambda p: -p[0])
    total, tp, best, at = sum(y), 0, 0.0, 0.0
    for k, (s, v) in enumerate(pairs):
        tp += v
        if k + 1 < len(pairs) and pairs[k + 1][0] >= s:
            continue
        f = 2 * tp / (total + k + 1)
        if f > best:
            best, at = f, (s + pairs[k + 1][0]) / 2 if k + 1 < len(pairs) else s - 1
    return at


def call(rival, turns, rows, kind, scores, y):
    """Which of ROWS are called, each fold by the threshold of the other folds."""
    if not rival.has_scores:
        return {i: scores[i] > 0 for i in rows}
    called = {}
    for fold in sorted({turns[i][kind] for i in rows}, key=str):
        others = [i for i in rows if turns[i][kind] != fold]
        threshold = best_threshold([scores[i] for i in others], [y[i] for i in others])
        for i in rows:
            if turns[i][kind] == fold:
                called[i] = scores[i] >= threshold
    return called


def held_out(rival, name, turns, kind, rows, trains, y):
    scores = {}
    for fold in sorted({turns[i][kind] for i in rows}, key=str):
        train = [i for i in trains if turns[i][kind] != fold and (kind != "by_source" or turns[i]["family"] != fold)]
        test = [i for i in rows if turns[i][kind] == fold]
        model = rival.fit(name, train, [y[i] for i in train])
        scores.update(zip(test, rival.score(model, test)))
    return scores


def f1(rows, truth, called):
    both = sum(1 for i in rows if truth(i)) + sum(1 for i in rows if called(i))
    right = sum(1 for i in rows if truth(i) and called(i))
    return 2 * right / both if both else 0.0


def measure(rival, turns, kind, has_practices):
    out = {}
    side = {r: [i for i, t in enumerate(turns) if t["role"] == r] for r in ("agent", "customer")}
    rows = {r: [i for i in side[r] if turns[i][kind] != NEVER] for r in side}
    for name, role in (("delivery", "agent"), ("dispute", "customer"), ("hostile", "customer")):
        y = {i: turns[i]["style"] is not None if name == "delivery" else turns[i][name] for i in side[role]}
        scores = held_out(rival, name, turns, kind, rows[role], side[role], y)
        called = call(rival, turns, rows[role], kind, scores, y)
        out[name] = f1(rows[role], lambda i: y[i], lambda i: called[i])
        if name == "delivery":
            delivered = called
    gold = [i for i in side["agent"] if turns[i]["style"]]
    style = {}
    for fold in sorted({turns[i][kind] for i in rows["agent"]}, key=str):
        train = [i for i in gold if turns[i][kind] != fold and (kind != "by_source" or turns[i]["family"] != fold)]
        test = [i for i in rows["agent"] if turns[i][kind] == fold and delivered[i]]
        if test:
            model = rival.fit_styles(train, [turns[i]["style"] for i in train])
            style.update(zip(test, rival.styles(model, test)))
    for s in STYLES:
        out["style." + s] = f1(rows["agent"], lambda i: turns[i]["style"] == s, lambda i: style.get(i) == s)
    out["style macro-F1"] = sum(out["style." + s] for s in STYLES[:3]) / 3
    for p in PRACTICES if has_practices else []:
        y = {i: p in turns[i]["practices"] for i in side["agent"]}
        asked = [i for i in rows["agent"] if delivered[i]]
        scores = held_out(rival, p, turns, kind, asked, gold, y)
        called = call(rival, turns, asked, kind, scores, y)
        out["practice." + p] = f1(rows["agent"], lambda i: y[i], lambda i: called.get(i, False))
    return out


def main():
    rivals = {"KEYWORDS": Keywords, "TFIDF": Tfidf, "FASTTEXT": FastText}
    if len(sys.argv) < 3 or sys.argv[1] not in rivals:
        sys.exit(__doc__)
    turns = read(sys.argv[2:3], False) + read(sys.argv[3:], True)
    rival = rivals[sys.argv[1]](turns)
    has_practices = sys.argv[1] != "FASTTEXT" or os.environ.get("FASTTEXT_PRACTICES") == "1"
    kinds = [measure(rival, turns, kind, has_practices) for kind in os.environ.get("FOLDS", "by_source by_conversation").split()]
    for name in kinds[0]:
        print(name, *(f"{k[name]:.3f}" for k in kinds), sep="\t")


if __name__ == "__main__":
    main()
