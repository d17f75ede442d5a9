"""The n-grams of sense.bin (see analyze/ngrams.h): logistic regression over TF-IDF of symbols and pairs of them."""
import collections
import struct

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

LEAST, C, ASKED = 10, 3.0, 0.5  # turns that have an n-gram; strength of fit; what the customer's last turn counts
CLASSES = {"delivery": 0, "dispute": 16}  # columns of Turns.y


PAIR = 1 << 32  # what tells the key of a pair from that of a word


def pairs_of(symbols):
    s = np.r_[0, symbols, 0].astype(np.int64)
    return PAIR | s[:-1] << 16 | s[1:] if len(symbols) else s[:0]


def rarity_of(rows):
    """How rare each thing is, of those that LEAST rows have."""
    count = collections.Counter(k for row in rows for k in set(row.tolist()))
    return {k: np.log((1 + len(rows)) / (1 + n)) + 1 for k, n in count.items() if n >= LEAST}


def matrix(rows, rarity, column):
    """Each row: its things times their rarity, over the root of the sum of squares of that."""
    known = [[k for k in row.tolist() if k in rarity] for row in rows]
    at = np.repeat(np.arange(len(rows)), [len(row) for row in known])
    things = [k for row in known for k in row]
    value = np.array([rarity[k] for k in things])
    length = np.sqrt(np.bincount(at, value**2, minlength=len(rows)))
    return sp.csr_matrix((value / length[at], (at, [column[k] for k in things])), shape=(len(rows), len(column)))


def fit(t, x, n, customer, which, nwords):
    """Bytes for sense.bin, fitted to the conversations WHICH of the turns T, whose symbols are X."""
    rows = np.concatenate([np.arange(t.start[c], t.start[c + 1]) for c in which])
    said = [np.r_[x[i, : n[i]], pairs_of(x[i, : n[i]])] for i in rows]
    asked = [x[j, : n[j]] if j >= 0 else x[0, :0] for j in customer[rows]]
    rarity = rarity_of(said)
    keys = sorted(k for k in rarity if k >= PAIR)
    column = {k: i for i, k in enumerate([*range(nwords), *keys])}
    all_of_it = sp.hstack([matrix(said, rarity, column), ASKED * matrix(asked, rarity, column)[:, :nwords]]).tocsr()
    scale_of = lambda w: max(np.abs(w).max(), 1e-9) / 127
    unit = max(rarity.values()) / 255
    each = np.array([rarity.get(k, 0) for k in column])
    base, own_scale, asked_scale, own_weights, asked_weights = [], [], [], [], []
    for name, y in CLASSES.items():
        mask = t.agent[rows] == (name == "delivery")
        m = LogisticRegression(C=C, solver="liblinear", tol=1e-4).fit(all_of_it[mask], t.y[rows[mask], y])
        w = m.coef_[0][: len(each)] * each
        a = ASKED * m.coef_[0][len(each) :] * each[:nwords]
        base.append(m.intercept_[0])
        own_weights.append(np.rint(w / scale_of(w)).astype(np.int8))
        asked_weights.append(np.rint(a / scale_of(a)).astype(np.int8))
        own_scale.append(scale_of(w) / unit)
        asked_scale.append(scale_of(a) / unit)
    rare = np.rint(each / unit).astype(np.uint8)
    signed = lambda v: v.view(np.uint8)
    words_part = np.stack([*(signed(w[:nwords]) for w in own_weights), rare[:nwords], *(signed(w) for w in asked_weights)], 1)
    pairs_part = np.stack([*(signed(w[nwords:]) for w in own_weights), rare[nwords:]], 1)
    packed = b"".join(struct.pack("<I", k - PAIR) + row.tobytes() for k, row in zip(keys, pairs_part))
    numbers = np.array(base + own_scale + asked_scale, "<f4").tobytes()
    return numbers + words_part.tobytes() + struct.pack("<I", len(keys)) + packed
