#!/usr/bin/env python3
"""Make rules/en/sense.bin: what the words of a turn mean (see analyze/sense.h).

    sense.py vectors MINILM vectors.npz FILE...          word vectors from a sentence encoder (MiniLM)
    sense.py fit vectors.npz sense.bin [--without S,...] FILE...   fit the network to labelled conversations

Needs build/train/rows (make build/train/rows), numpy, scipy, scikit-learn, torch, and for "vectors" transformers and safetensors.
README.md beside this file tells the whole way."""
import argparse
import collections
import json
import os
import re
import struct
import subprocess

import ngrams
import numpy as np

STYLES = ["confrontational", "choice", "neutral", "offrecord"]
PRACTICES = "reason acknowledge align apology alternative probe escalate advocate autonomy blame absolute".split()
SPECIAL = ["<pad>", "<unk>", "<num>", "<bignum>", "<money>", "<address>", "<.>", "<?>", "<,>"]
NWORDS, SYMBOLS, CHANNELS, HIDDEN, PAST, CLASSES = 8400, 512, 128, 32, 7, 18
AGENT_CLASSES = 16  # the first ones; the others are customers'
LEVEL_ZERO, LEVEL_MOST = 8, 15  # SENSE_LEVEL_...
STEP = 0.4  # of a channel's root mean square: between least squared error of all words' rows and of frequent words'
FOLDS = 5  # by conversation, in broach train
ROWS = os.path.join(os.path.dirname(__file__), "../../build/train/rows")


# ---- labelled conversations as build/train/rows sees them


def conversations(file):
    return [json.loads(line) for line in open(file) if line.strip()]


def name_and_weight(file):
    """ "FILE:0.5" counts half."""
    m = re.fullmatch(r"(.+):([0-9.]+)", file)
    return (m[1], float(m[2])) if m else (file, 1.0)


class Turns:
    """Turns of agents and customers, in order, as columns."""

    def __init__(self, named):
        files = [name_and_weight(f) for f in named]
        convs, weight_of = zip(*((c, w) for f, w in files for c in conversations(f)))
        lines = subprocess.run([ROWS, "-"] + [f for f, _ in files], stdout=subprocess.PIPE, check=True).stdout.decode().split("\n")
        self.names = lines[0].split(" ")
        cues = {i: k for k, i in enumerate(i for i, n in enumerate(self.names) if n.startswith("cue:") and not n.startswith("cue:policy."))}
        self.ncues = len(cues)
        rows = [line.split("\t") for line in lines[1:] if line]
        heads = [r[0].split(" ") for r in rows]
        n = len(rows)
        self.conv = np.array([int(h[0]) for h in heads])
        self.agent = np.array([h[2] == "A" for h in heads])
        self.source = np.array([convs[c]["source"] for c in self.conv])
        self.weight = np.array([weight_of[c] for c in self.conv], np.float32)
        self.words = [r[2].split(" ") if r[2] else [] for r in rows]
        self.marks = [r[3] for r in rows]
        self.cues = np.zeros((n, self.ncues), np.float32)
        self.y = np.zeros((n, CLASSES), np.float32)
        for i, (h, r) in enumerate(zip(heads, rows)):
            for feature in r[1].split(" "):
                k = cues.get(int(feature.split(":")[0]))
                if k is not None:
                    self.cues[i, k] = 1
            labels, turn = convs[int(h[0])]["labels"], int(h[1])
            for d in labels["deliveries"]:
                if d["turn"] == turn:
                    self.y[i, 0] = self.y[i, 1 + STYLES.index(d["style"])] = 1
                    for p in d.get("practices", []):
                        self.y[i, 5 + PRACTICES.index(p)] = 1
            self.y[i, 16] = turn in labels.get("disputes", [])
            self.y[i, 17] = turn in labels.get("hostile", [])
        self.start = np.r_[np.where(np.r_[True, self.conv[1:] != self.conv[:-1]])[0], n]
        self.n = n


# ---- word vectors


def make_vectors(minilm, out, files):
    import torch
    from safetensors.torch import load_file
    from transformers import BertConfig, BertModel, BertTokenizerFast

    tok = BertTokenizerFast(os.path.join(minilm, "vocab.txt"), do_lower_case=True)
    bert = BertModel(BertConfig(vocab_size=30522, hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536), add_pooling_layer=False)
    bert.load_state_dict(load_file(os.path.join(minilm, "model.safetensors")), strict=False)
    bert.eval()
    count = collections.Counter(w for t in Turns(files).words for w in t)
    vocab = tok.get_vocab()
    words = {w for w in list(vocab) + list(count) if re.fullmatch(r"[a-z][a-z']{0,23}", w)}
    words = sorted(words, key=lambda w: (-count[w], vocab.get(w, 1 << 20), w))[: NWORDS - len(SPECIAL)]
    meaning = np.zeros((len(words), 384), np.float32)
    spelling = np.zeros((len(words), 384), np.float32)
    table = bert.embeddings.word_embeddings.weight.detach().numpy()
    ids = tok(words)["input_ids"]
    order = sorted(range(len(words)), key=lambda i: len(ids[i]))
    with torch.inference_mode():
        for k in range(0, len(order), 512):
            batch = order[k : k + 512]
            width = max(len(ids[i]) for i in batch)
            x = torch.tensor([ids[i] + [0] * (width - len(ids[i])) for i in batch])
            mask = (x > 0).long()
            h = bert(input_ids=x, attention_mask=mask).last_hidden_state
            m = mask.unsqueeze(-1).float()
            meaning[batch] = ((h * m).sum(1) / m.sum(1)).numpy()
            for i in batch:
                spelling[i] = table[ids[i][1:-1]].mean(0)

    def reduce(x, k):
        x = x / np.linalg.norm(x, axis=1, keepdims=True)
        x = x - x.mean(0)
        v = np.linalg.svd(x.astype(np.float64), full_matrices=False)[2]
        x = x @ v[:k].T.astype(np.float32)
        return x / x.std()

    w = np.concatenate([reduce(meaning, 128), reduce(spelling, 64)], 1)
    w /= np.sqrt((w**2).mean(1, keepdims=True))
    special = np.random.RandomState(5).randn(len(SPECIAL), w.shape[1])
    special[:2] = 0
    np.savez_compressed(out, words=np.array(SPECIAL + words), vectors=np.concatenate([special, w]).astype(np.float32))


# ---- the network


def kind(word):
    if word[:1].isdigit():
        return 2 if len(word) <= 2 else 3
    return 4 if word[:1] in "$£€¥¢" and word else 1


def encode(t, words):
    number = {w: i for i, w in enumerate(words)}
    x = np.zeros((t.n, SYMBOLS), np.int32)
    for i in range(t.n):
        s = []
        for w, m in zip(t.words[i], t.marks[i]):
            s.append(number.get(w) or kind(w))
            if m != "0":
                s.append(7 if m == "2" else 6)
        x[i, : len(s[:SYMBOLS])] = s[:SYMBOLS]
    n = (x > 0).sum(1)
    return x[:, : n.max()], n


def previous(t):
    """For each turn: the customer's last turn before it; for an agent's: the agent's own last one. -1: none."""
    customer, own = np.full(t.n, -1), np.full(t.n, -1)
    for a, b in zip(t.start, t.start[1:]):
        last = {True: -1, False: -1}
        for i in range(a, b):
            customer[i] = last[False]
            own[i] = last[True] if t.agent[i] else -1
            last[bool(t.agent[i])] = i
    return customer, own


def past(t, delivered):
    """struct sense_past of each turn, as features_sense() fills it."""
    z = np.zeros((t.n, PAST), np.float32)
    for a, b in zip(t.start, t.start[1:]):
        said, last, ever = [0, 0], 0, 0
        for i in range(a, b):
            agent, n = bool(t.agent[i]), len(t.words[i])
            z[i] = (said[agent] == 0, i > a and t.agent[i - 1] == agent, last, ever, n / (n + 12), sum(said) / (sum(said) + 6), min(said[1], 3) / 3)
            said[agent] += 1
            if agent:
                last = float(delivered[i])
                ever = max(ever, last)
    return z


def network(vectors, live, ncues):
    """Agents' turns and customers' have detectors and hidden units of their own: number 0 and number 1."""
    import torch
    from torch import nn
    from torch.nn import functional as F

    class Side(nn.Module):
        def __init__(self, nearlier):
            super().__init__()
            first = nn.Conv1d(vectors.shape[1], CHANNELS, 3)
            self.detect = nn.Parameter(first.weight.detach().permute(1, 2, 0).reshape(vectors.shape[1], -1).contiguous())
            self.detect_bias = nn.Parameter(first.bias.detach())
            self.now = nn.Linear(2 * CHANNELS, HIDDEN)
            self.earlier = nn.ModuleList(nn.Linear(2 * CHANNELS, HIDDEN, bias=False) for _ in range(nearlier))  # in the order of enum sense_view
            self.past = nn.Linear(PAST, HIDDEN, bias=False)
            self.step = None  # by channel, once rows are whole numbers of it

        def whole(self, x, least, most):
            """X [...][channel] as the whole numbers of steps that the file will have; fitted as if it had not been rounded."""
            if self.step is None:
                return x
            x = x.clamp(least * self.step, most * self.step)
            return x + (torch.round(x / self.step) * self.step - x).detach()

        def hidden(self, p, past, *earlier):
            return self.now(p) + self.past(past) + sum(view(x) for view, x in zip(self.earlier, earlier))  # of customers' turns only the first is seen

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            self.base, self.live = torch.tensor(vectors), torch.tensor(live)
            self.delta = nn.Parameter(torch.zeros(int(live.max()) + 1, vectors.shape[1]))
            self.sides = nn.ModuleList([Side(2), Side(1)])
            self.out = nn.Linear(HIDDEN, CLASSES)
            self.cues = nn.Linear(ncues, CLASSES, bias=False)  # so that the words need not say what cues say; weights.txt has its own
            nn.init.zeros_(self.cues.weight)
            self.drop, self.drop_cues, self.drop_hidden = nn.Dropout(0.4), nn.Dropout(0.4), nn.Dropout(0.2)

        def rows(self, words):
            """How each word moves the detectors of each side from before, at and after a place: a row each."""
            live = self.live[words]
            e = F.embedding(words, self.base) + F.embedding(live, self.delta) * (live > 0).unsqueeze(1)
            return [side.whole((e @ side.detect).view(-1, CHANNELS), -LEVEL_ZERO, LEVEL_MOST - LEVEL_ZERO) for side in self.sides]

        def biases(self):
            return [side.whole(side.detect_bias, 3 * (LEVEL_ZERO - LEVEL_MOST), 3 * LEVEL_ZERO) for side in self.sides]

        def set_steps(self):
            for side in self.sides:
                side.step = None
            with torch.no_grad():
                for side, x in zip(self.sides, self.rows(torch.arange(len(self.base)))):
                    side.step = STEP * x.square().mean(0).sqrt()

        def pool(self, x, n, agent):
            if self.training:  # words that it will not know
                x = torch.where((torch.rand(x.shape) < 0.1) & (x > 5), torch.ones_like(x), x)
            words, place = torch.unique(x, return_inverse=True)
            rows = torch.cat(self.rows(words) + [torch.tensor([[-1e4], [0.0]]).expand(2, CHANNELS)])
            silent, none = len(rows) - 2, len(rows) - 1
            place = 3 * place + torch.where(agent, 0, 3 * len(words)).unsqueeze(1)
            parts, bags = torch.tensor_split(torch.argsort(n), 8), []
            for part in parts:  # turns of about one length
                at = place[part, : max(1, int(n[part].max())) if len(part) else 1]
                end = torch.full((len(part), 1), none)
                bag = torch.stack([torch.cat([end, at[:, :-1]], 1), at + 1, torch.cat([at[:, 1:] + 2, end], 1)], 2)
                bag[x[part, : at.shape[1]] == 0] = silent
                bags.append(bag)
            h = F.embedding_bag(torch.cat([b.view(-1, 3) for b in bags]), rows, mode="sum")
            biases = torch.where(agent.unsqueeze(1), *self.biases()).unsqueeze(1)
            pooled, begin = [], 0
            for part, bag in zip(parts, bags):
                y = F.relu(h[begin : begin + bag.shape[0] * bag.shape[1]].view(bag.shape[0], bag.shape[1], CHANNELS) + biases[part])
                begin += bag.shape[0] * bag.shape[1]
                pooled.append(torch.cat([y.max(1).values, y.sum(1) / torch.sqrt(n[part].float() + 2).unsqueeze(1)], 1))
            return torch.cat(pooled)[torch.argsort(torch.cat(parts))]

        def forward(self, x, n, agent, cues, past, customer, own):
            p = self.pool(x, n, agent)
            z = torch.cat([p, torch.zeros(1, p.shape[1])])
            seen = [self.drop(p), past, self.drop(z[customer]), self.drop(z[own])]
            h = torch.where(agent.unsqueeze(1), *(side.hidden(*seen) for side in self.sides))
            return self.out(self.drop_hidden(F.relu(h))) + self.cues(self.drop_cues(cues))

    return Network()


def loss_of(o, y, agent, weight):
    import torch
    from torch.nn import functional as F

    each = lambda o, y: F.binary_cross_entropy_with_logits(o, y, reduction="none")
    d = y[:, 0] > 0
    loss = (each(o[:, 0], y[:, 0]) * agent * weight).sum()
    if d.any():
        style = F.cross_entropy(o[d, 1:5], y[d, 1:5].argmax(1), reduction="none")
        loss = loss + ((style + 0.15 * each(o[d, 5:16], y[d, 5:16]).sum(1)) * weight[d]).sum()
    loss = loss + ((each(o[:, 16], y[:, 16]) + 0.5 * each(o[:, 17], y[:, 17])) * ~agent * weight).sum()
    return loss / len(o)


def fit(t, x, n, vectors, which, epochs, turns_a_step=250, rate=2e-3, keep=0.995, noise=0.15):
    """Fit to the conversations WHICH; what comes out is a running mean of the weights. Soon rows are rounded as in the file, so
    that all else makes up for it."""
    import torch

    torch.manual_seed(7)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    rs = np.random.RandomState(7)
    customer, own = previous(t)
    rows = np.concatenate([np.arange(t.start[c], t.start[c + 1]) for c in which])
    seen = np.where((np.bincount(x[rows].ravel(), minlength=len(vectors)) >= 3) & (np.arange(len(vectors)) > 1))[0]
    live = np.zeros(len(vectors), int)
    live[seen] = np.arange(len(seen)) + 1
    net = network(vectors, live, t.ncues)
    rest = [p for name, p in net.named_parameters() if name != "delta" and p.requires_grad]
    opt = torch.optim.AdamW([{"params": rest, "weight_decay": 1e-3}, {"params": [net.delta], "weight_decay": 0.0}], lr=rate, fused=True)
    steps, step, mean = int(epochs * len(rows) / turns_a_step) + 1, 0, None
    fitted = [p for p in net.parameters() if p.requires_grad]
    X, N, Cu, Y, A, W = (torch.tensor(v) for v in (x, n, t.cues, t.y, t.agent, t.weight))
    for _ in range(epochs):
        told = t.y[:, 0] > 0  # what was delivered before is not always seen, and sometimes seen wrongly
        told = (told & (rs.rand(t.n) >= noise)) | (t.agent & (rs.rand(t.n) < noise / 4))
        before = torch.tensor(past(t, told))
        batch = []
        for c in rs.permutation(which):
            batch.append(np.arange(t.start[c], t.start[c + 1]))
            if sum(map(len, batch)) < turns_a_step:
                continue
            idx, batch = np.concatenate(batch), []
            place = np.full(t.n + 1, len(idx))
            place[idx] = np.arange(len(idx))
            if 0.3 * steps < step < 0.7 * steps and step % 50 == 0:
                net.set_steps()
            factor = min(1, (step + 1) / (0.1 * steps)) * max(0.03, 1 - step / steps)
            step += 1
            for group, part in zip(opt.param_groups, (1, 0.3)):
                group["lr"] = rate * factor * part
            o = net(X[idx, : max(1, int(N[idx].max()))], N[idx], A[idx], Cu[idx], before[idx], torch.tensor(place[customer[idx]]), torch.tensor(place[own[idx]]))
            opt.zero_grad()
            loss_of(o, Y[idx], A[idx], W[idx]).backward()
            net.delta.grad.add_(net.delta.detach(), alpha=2e-4)  # draws it back to the encoder's vectors
            torch.nn.utils.clip_grad_norm_(rest, 2.0)
            opt.step()
            if step > 0.3 * steps:
                with torch.no_grad():
                    mean = mean or [p.detach().clone() for p in fitted]
                    torch._foreach_lerp_(mean, fitted, 1 - keep)
    with torch.no_grad():
        for m, p in zip(mean, fitted):
            p.copy_(m)
    if net.sides[0].step is None:  # there were few turns
        net.set_steps()
    return net.eval()


def write(net, words, grams, path):
    """The first number is that of networks: one."""
    import torch

    f = lambda p: np.ascontiguousarray(p.detach().numpy().astype("<f4")).tobytes()
    layers, rows = [], []
    for i, (side, classes) in enumerate(zip(net.sides, (slice(0, AGENT_CLASSES), slice(AGENT_CLASSES, CLASSES)))):
        with torch.no_grad():
            x = torch.round(net.rows(torch.arange(len(words)))[i] / side.step).numpy().reshape(len(words), 3, CHANNELS)
            passed = 3 * LEVEL_ZERO - torch.round(net.biases()[i] / side.step)
        x[0] = 0
        x = (x + LEVEL_ZERO).astype(np.uint8)
        rows.append(x[:, :, : CHANNELS // 2] | x[:, :, CHANNELS // 2 :] << 4)
        layers.append(f(side.step) + passed.numpy().astype("<u4").tobytes())
        layers += [f(layer.weight.T) for layer in (side.now, *side.earlier, side.past)]
        layers += [f(side.now.bias), f(net.out.weight[classes]), f(net.out.bias[classes])]
    with open(path, "wb") as out:
        out.write(b"BRSENSE8" + struct.pack("<7I", 1, CHANNELS, HIDDEN, PAST, CLASSES, SYMBOLS, len(words)))
        out.write(b"".join(layers) + np.stack(rows, 1).tobytes() + grams)
        out.write(("\n".join(words) + "\n").encode())


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = p.add_subparsers(dest="what", required=True)
    v = sub.add_parser("vectors")
    v.add_argument("minilm")
    v.add_argument("vectors")
    v.add_argument("files", nargs="+", help="labelled conversations")
    s = sub.add_parser("fit")
    s.add_argument("vectors")
    s.add_argument("out")
    s.add_argument("--without", default="", help="sources to leave out, with commas; a * at the end stands for any end")
    s.add_argument("--without-fold", type=int, help="leave out conversations of the first file, too: those that broach train has in this fold")
    s.add_argument("--epochs", type=int, default=8)
    s.add_argument("files", nargs="+", help="labelled conversations; FILE:0.5 counts half")
    a = p.parse_args()
    if a.what == "vectors":
        make_vectors(a.minilm, a.vectors, a.files)
        return
    z = np.load(a.vectors)
    words, vectors, t = [str(w) for w in z["words"]], z["vectors"], Turns(a.files)
    if len(words) != NWORDS:
        p.error(f"{a.vectors} has {len(words)} words instead of {NWORDS}: make it anew")
    left_out = [w for w in a.without.split(",") if w]
    is_out = lambda s: any(s == w or (w.endswith("*") and s.startswith(w[:-1])) for w in left_out)
    first = len(conversations(name_and_weight(a.files[0])[0]))
    in_fold = lambda c: a.without_fold is not None and c < first and c % FOLDS == a.without_fold
    which = np.array([c for c, i in enumerate(t.start[:-1]) if not is_out(t.source[i]) and not in_fold(t.conv[i])])
    x, n = encode(t, words)
    grams = ngrams.fit(t, x, n, previous(t)[0], which, len(words))
    write(fit(t, x, n, vectors, which, a.epochs), words, grams, a.out)


main()
