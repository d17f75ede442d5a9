"""The n-grams of sense.bin (see analyze/ngrams.h): logistic regression over TF-IDF of symbols and pairs of them."""
import collections
import struct

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

LEAST, C, ASKED = 5, 3.0, 0.5  # turns that have an n-gram; strength of fit; what the customer's last turn counts
LEAST_TOLD = 4  # deliveries that have it
CLASSES = {"delivery": 0, "dispute": 16}  # columns of Turns.y
STYLES, PRACTICES = range(1, 5), range(5, 16)
PAIR = 1 << 32  # what tells the key of a pair from that of a word


def pairs_of(symbols):
    s = np.r_[0, symbols, 0].astype(np.int64)
    return PAIR | s[:-1] << 16 | s[1:] if len(symbols) else s[:0]


def rarity_of(rows, least):
    """How rare each thing is, of those that LEAST rows have."""
    count = collections.Counter(k for row in rows for k in set(row.tolist()))
    return {k: np.log((1 + len(rows)) / (1 + n)) + 1 for k, n in count.items() if n >= least}


def matrix(rows, rarity, column):
    """Each row: its things times their rarity, over the root of the sum of squares of that."""
    known = [[k for k in row.tolist() if k in rarity] for row in rows]
    at = np.repeat(np.arange(len(rows)), [len(row) for row in known])
    things = [k for row in known for k in row]
    value = np.array([rarity[k] for k in things])
    length = np.sqrt(np.bincount(at, value**2, minlength=len(rows)))
    return sp.csr_matrix((value / length[at], (at, [column[k] for k in things])), shape=(len(rows), len(column)))


def columns_of(rarity, nwords):
    """The columns of a matrix: all words, then the pairs; the keys of these; the rarity of each, and what 1 of it is in the file."""
    pairs = sorted(k for k in rarity if k >= PAIR)
    column = {k: i for i, k in enumerate([*range(nwords), *pairs])}
    return column, pairs, np.array([rarity.get(k, 0) for k in column]), max(rarity.values()) / 255


def whole(w):
    """W as small whole numbers, and what 1 of them is."""
    scale = max(np.abs(w).max(), 1e-9) / 127
    return np.rint(w / scale).astype(np.int8).view(np.uint8), scale


def pack_pairs(keys, rows):
    return struct.pack("<I", len(keys)) + b"".join(struct.pack("<I", k - PAIR) + row.tobytes() for k, row in zip(keys, rows))


def fit_asked(t, rows, said, asked, nwords):
    """Deliveries and disputes."""
    rarity = rarity_of(said, LEAST)
    column, keys, each, unit = columns_of(rarity, nwords)
    all_of_it = sp.hstack([matrix(said, rarity, column), ASKED * matrix(asked, rarity, column)[:, :nwords]]).tocsr()
    base, own, asks = [], [], []
    for name, y in CLASSES.items():
        mask = t.agent[rows] == (name == "delivery")
        m = LogisticRegression(C=C, solver="liblinear", tol=1e-4).fit(all_of_it[mask], t.y[rows[mask], y], t.weight[rows[mask]])
        base.append(m.intercept_[0])
        own.append(whole(m.coef_[0][: len(each)] * each))
        asks.append(whole(ASKED * m.coef_[0][len(each) :] * each[:nwords]))
    rare = np.rint(each / unit).astype(np.uint8)
    words = np.stack([*(w[:nwords] for w, _ in own), rare[:nwords], *(w for w, _ in asks)], 1)
    pairs = np.stack([*(w[nwords:] for w, _ in own), rare[nwords:]], 1)
    numbers = np.array(base + [scale / unit for _, scale in own + asks], "<f4").tobytes()
    return numbers + words.tobytes() + pack_pairs(keys, pairs)


def fit_told(y, said, weight, nwords):
    """Styles, which are weighed against each other, and practices, of deliveries. Each n-gram counts once."""
    said = [np.unique(s) for s in said]
    rarity = rarity_of(said, LEAST_TOLD)
    column, keys, each, unit = columns_of(rarity, nwords)
    x = matrix(said, rarity, column)
    m = LogisticRegression(C=C, max_iter=1000, tol=1e-3).fit(x, y[:, STYLES].argmax(1), weight)
    coef, base = np.zeros((len(STYLES) + len(PRACTICES), x.shape[1])), np.zeros(len(STYLES) + len(PRACTICES))
    coef[m.classes_], base[m.classes_] = m.coef_, m.intercept_
    for i, k in enumerate(PRACTICES, len(STYLES)):
        if 0 < y[:, k].sum() < len(y):
            m = LogisticRegression(C=C, solver="liblinear", tol=1e-4).fit(x, y[:, k], weight)
            coef[i], base[i] = m.coef_[0], m.intercept_[0]
    weights = [whole(w * each) for w in coef]
    rows = np.stack([*(w for w, _ in weights), np.rint(each / unit).astype(np.uint8)], 1)
    numbers = np.array([*base, *(scale / unit for _, scale in weights)], "<f4").tobytes()
    return numbers + rows[:nwords].tobytes() + pack_pairs(keys, rows[nwords:])


def fit(t, x, n, customer, which, nwords):
    """Bytes for sense.bin, fitted to the conversations WHICH of the turns T, whose symbols are X."""
    rows = np.concatenate([np.arange(t.start[c], t.start[c + 1]) for c in which])
    said = [np.r_[x[i, : n[i]], pairs_of(x[i, : n[i]])] for i in rows]
    asked = [x[j, : n[j]] if j >= 0 else x[0, :0] for j in customer[rows]]
    told = np.where(t.y[rows, 0] > 0)[0]
    return fit_asked(t, rows, said, asked, nwords) + fit_told(t.y[rows[told]], [said[i] for i in told], t.weight[rows[told]], nwords)
