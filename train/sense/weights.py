#!/usr/bin/env python3
"""Fit rules/en/weights.txt on top of networks that were not fitted to the turns they judge.

    weights.py FOLDS CANONICAL OUT FILE...

FOLDS has a folder for each group of sources below with sense.bin fitted without them, and one, "0", fitted to all.
CANONICAL is what canonical.py writes; FILE... are labelled conversations. First the weights are fitted with earlier tags
as the labels say; with these each group is tagged by what was fitted to the others, and the weights are fitted again to
what the tagger then sees. OUT gets weights.txt; each fold's folder gets its own, so that broach eval --rules tells how
the tagger does where it was never fitted. Prints that, too."""
import hashlib
import json
import os
import subprocess
import sys
import time
import warnings

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings("ignore")
GROUPS = {
    "A": ["tweetsumm"],
    "B": ["tau_bench", "tau2_bench"],
    "C": ["cucom_ecommerce", "star", "abcd_subset", "dstc10_spoken_val", "whissle_voice_sim"],
    "D": [f"roleplay-r{i}" for i in range(1, 13, 2)],
    "E": [f"roleplay-r{i}" for i in range(2, 13, 2)],
    "own": [f"own-{c}{i}" for c in "abcdef" for i in range(1, 100)],  # train/conversations: fitted to, not measured
}
STYLES = ["confrontational", "choice", "neutral", "offrecord"]
PRACTICES = "reason acknowledge align apology alternative probe escalate advocate autonomy blame absolute".split()
CLASSES = ["delivery"] + ["style." + s for s in STYLES] + ["practice." + p for p in PRACTICES] + ["dispute", "hostile"]
# What a class may see of the network: of the others it only has noise, because nothing was fitted to it there.
SEES = {"delivery": ("delivery",), "style": ("delivery", "style"), "dispute": ("dispute", "hostile"), "hostile": ("dispute", "hostile")}
ROWS = os.environ.get("ROWS", os.path.join(os.path.dirname(__file__), "../../build/train/rows"))
THRESHOLDS = {"delivery": 0.4, "dispute": 0.33, "hostile": 0.2}  # until better ones are found
PRACTICE_THRESHOLD = 0.28


class Rows:
    def __init__(self, rules, files, decided, wanted):
        convs = [json.loads(line) for f in files for line in open(f) if line.strip()]
        out = subprocess.run([ROWS, rules] + (["--decided"] if decided else []) + files, stdout=subprocess.PIPE, check=True).stdout.decode().split("\n")
        self.names = out[0].split(" ")
        at, col, val, ys, who, src = [], [], [], [], [], []
        for line in out[1:]:
            if not line:
                continue
            head, features = line.split("\t")[:2]
            conv, turn, role = head.split(" ")
            source = convs[int(conv)]["source"]
            if not wanted(source):
                continue
            for f in features.split(" "):
                i, v = f.split(":")
                at.append(len(ys)), col.append(int(i)), val.append(float(v))
            labels, y = convs[int(conv)]["labels"], np.zeros(len(CLASSES), bool)
            for d in labels["deliveries"]:
                if d["turn"] == int(turn):
                    y[0] = y[1 + STYLES.index(d["style"])] = True
                    for p in d.get("practices", []):
                        y[5 + PRACTICES.index(p)] = True
            y[16], y[17] = int(turn) in labels.get("disputes", []), int(turn) in labels.get("hostile", [])
            ys.append(y), who.append(role == "A"), src.append(source)
        self.x = sp.csr_matrix((val, (at, col)), shape=(len(ys), len(self.names)))
        self.y, self.agent, self.source = np.array(ys), np.array(who), np.array(src)


def join(parts):
    r = Rows.__new__(Rows)
    r.names = parts[0].names
    r.x = sp.vstack([p.x for p in parts]).tocsr()
    for k in ("y", "agent", "source"):
        setattr(r, k, np.concatenate([getattr(p, k) for p in parts]))
    return r


def seen(names, kind):
    """Which features the class KIND may use. Cues of earlier turns did not help on other sources."""
    ok = []
    for n in names:
        if n.startswith("sense:"):
            ok.append(n[6:].startswith(SEES.get(kind, (kind,))))
        else:
            ok.append(not n.startswith(("cue:policy.", "earlier:", "prev:")))
    return np.where(ok)[0]


def fit(r, which, weight):
    w = np.zeros((len(r.names), len(CLASSES)))

    # Large sources must not drown the others in what customers say.
    size = {s: (r.source == s).sum() for s in set(r.source)}
    even = np.array([size[s] ** -0.5 for s in r.source]) * weight

    def put(mask, y, c, kind, classes):
        each = even if kind in ("dispute", "hostile") else weight
        k = seen(r.names, kind)
        m = LogisticRegression(C=c, fit_intercept=False, max_iter=400, tol=1e-5).fit(r.x[mask][:, k], y, sample_weight=each[mask] / each[mask].mean())
        w[np.ix_(k, classes)] = m.coef_.T

    agent, customer = which & r.agent, which & ~r.agent
    told = agent & r.y[:, 0]
    put(agent, r.y[agent, 0], 0.1, "delivery", [0])
    put(told, r.y[told, 1:5].argmax(1), 0.05, "style", [1, 2, 3, 4])
    for i, p in enumerate(PRACTICES):
        put(told, r.y[told, 5 + i], 0.03, "practice." + p, [5 + i])
    put(customer, r.y[customer, 16], 0.002, "dispute", [16])
    put(customer, r.y[customer, 17], 0.1, "hostile", [17])
    return w


def write(w, names, path, upset, header=""):
    with open(path, "w") as out:
        out.write('# Weights: class, feature, log-odds (see analyze/weights.h). Made by train/sense/weights.py; "upset" is set by hand.\n')
        out.write(header)
        for j, c in enumerate(CLASSES):
            t = THRESHOLDS.get(c, PRACTICE_THRESHOLD if c.startswith("practice") else None)
            out.write(f"{c} clear\n" + (f"{c} threshold {t}\n" if t else ""))
            for k in np.argsort(-np.abs(w[:, j]), kind="stable"):
                if abs(w[k, j]) >= 0.01:
                    out.write(f"{c} {names[k]} {w[k, j]:.3f}\n")
        out.write(upset)


def f1(y, p):
    return 2 * (y & p).sum() / max(1, y.sum() + p.sum())


def find_thresholds(r, scores, keep):
    """The best for F1 where nothing was fitted, of curves that are smoothed: a peak of one step is chance."""
    grid = np.arange(0.1, 0.7, 0.01)
    for c in ["delivery", "dispute", "hostile"] + ["practice." + p for p in PRACTICES]:
        j = CLASSES.index(c)
        mask = keep & (r.y[:, 0] if c.startswith("practice") else r.agent == (c == "delivery"))
        p = 1 / (1 + np.exp(-scores[mask, j]))
        curve = np.convolve(np.pad([f1(r.y[mask, j], p >= t) for t in grid], 3, mode="edge"), np.ones(7) / 7, mode="valid")
        THRESHOLDS[c] = round(float(grid[curve.argmax()]), 2)


def figures(r, scores, keep):
    def over(c):
        t = THRESHOLDS[c]
        return scores[:, CLASSES.index(c)] >= np.log(t / (1 - t))

    d = over("delivery") & r.agent & keep
    s = scores[:, 1:5].argmax(1)
    each = [f1(r.y[:, 1 + k] & keep, d & (s == k)) for k in range(3)]
    reacts = [f1(r.y[:, CLASSES.index(c)] & keep, over(c) & ~r.agent & keep) for c in ("dispute", "hostile")]
    return f"delivery {f1(r.y[:, 0] & keep, d):.3f}  style {np.mean(each):.3f} ({' '.join(f'{x:.3f}' for x in each)})  dispute {reacts[0]:.3f}  hostile {reacts[1]:.3f}"


def header(files, r, scores, measured):
    """The date, the labels, and how good the weights are where neither they nor the network were fitted."""
    when = time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", time.time())))
    text = b"".join(open(f, "rb").read() for f in files)
    lines = [f"Fitted on {time.strftime('%Y-%m-%d', when)} to {text.count(b'conversation_id')} conversations, SHA-256 of their files {hashlib.sha256(text).hexdigest()}.",
             "F1 where nothing was fitted, neither weights nor sense.bin (groups of sources left out in turn):",
             f"{'all':20} {figures(r, scores, measured)}"]
    lines += [f"{s:20} {figures(r, scores, r.source == s)}" for s in sorted(set(r.source[measured]))]
    return "".join(f"# {line}\n" for line in lines)


def main():
    folds, canonical, out, files = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
    upset = "".join(line for line in open(os.path.join(os.path.dirname(__file__), "upset.txt")))
    group_of = {s: g for g, ss in GROUPS.items() for s in ss}

    def gather(decided):
        parts, groups = [], []
        for g in GROUPS:
            parts.append(Rows(f"{folds}/{g}", files, decided, lambda s: group_of.get(s) == g))
            groups += [g] * len(parts[-1].y)
        parts.append(Rows(f"{folds}/0", [canonical], decided, lambda s: True))  # fitted to: only the weights' sake
        groups += ["canonical"] * len(parts[-1].y)
        return join(parts), np.array(groups)

    for decided in (False, True, True):  # the last time with the thresholds that were found
        r, groups = gather(decided)
        weight = np.where(groups == "canonical", 0.5, 1.0)
        scores = np.zeros((len(r.y), len(CLASSES)))
        fitted = {}
        for g in list(GROUPS) + ["0"]:
            fitted[g] = w = fit(r, groups != g, weight)
            scores[groups == g] = r.x[groups == g] @ w
        measured = ~np.isin(groups, ["canonical", "own"])
        for g in fitted:  # a fold's thresholds come from the others, too; those of "0", the last, from all
            if decided:
                find_thresholds(r, scores, measured & (groups != g))
            write(fitted[g], r.names, f"{folds}/{g}/weights.txt", upset)
        if decided:
            print(THRESHOLDS)
        print("earlier tags as decided" if decided else "earlier tags as labelled", " ", figures(r, scores, measured), flush=True)
    for s in sorted(set(r.source) - set(GROUPS["own"]) - {"canonical"}):
        print(f"{s:20}", figures(r, scores, r.source == s))
    write(w, r.names, out, upset, header(files, r, scores, ~np.isin(groups, ["canonical", "own"])))


main()
