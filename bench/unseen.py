#!/usr/bin/env python3
"""broach and its rivals on conversations that nothing is fitted to.

usage: unseen.py BUILD LABELS.jsonl GROUP=FILE[,FILE...]...     a row a group: delivery; style macro-F1; dispute of each

broach is the one that is shipped; keywords and TF-IDF are those of rivals.py, TF-IDF fitted to LABELS alone. Its threshold is the
one with the best F1 on the held-out scores of LABELS, by conversation. Needs python3-sklearn.
"""
import json
import subprocess
import sys

from rivals import STYLES, Keywords, Tfidf, best_threshold, f1, held_out, read


def broach(build, files):
    out = subprocess.run([build + "/broach", "eval", "--json", *files], check=True, capture_output=True).stdout
    got = json.loads(out)
    return got["classes"]["delivery"]["f1"]["at"], got["style_macro_f1"]["at"], got["classes"]["dispute"]["f1"]["at"]


def called(rival, name, role, turns, truth):
    """Whether each turn of ROLE is called NAME, by a model of the turns of group 0."""
    rows = [i for i, t in enumerate(turns) if t["role"] == role]
    train = [i for i in rows if turns[i]["group"] == 0]
    y = {i: truth(i) for i in rows}
    least = 0
    if rival.has_scores:
        scores = held_out(rival, name, turns, "by_conversation", train, train, y)
        least = best_threshold([scores[i] for i in train], [y[i] for i in train])
    model = rival.fit(name, train, [y[i] for i in train])
    return {i: s > least for i, s in zip(rows, rival.score(model, rows))}


def styles(rival, turns, delivered):
    gold = [i for i, t in enumerate(turns) if t["group"] == 0 and t["style"]]
    model = rival.fit_styles(gold, [turns[i]["style"] for i in gold])
    rows = [i for i, is_one in delivered.items() if is_one]
    return dict(zip(rows, rival.styles(model, rows)))


def measure(rival, turns, ngroups):
    delivered = called(rival, "delivery", "agent", turns, lambda i: turns[i]["style"] is not None)
    disputed = called(rival, "dispute", "customer", turns, lambda i: turns[i]["dispute"])
    style = styles(rival, turns, delivered)
    for group in range(1, ngroups + 1):
        agent = [i for i in delivered if turns[i]["group"] == group]
        customer = [i for i in disputed if turns[i]["group"] == group]
        macro = sum(f1(agent, lambda i, s=s: turns[i]["style"] == s, lambda i, s=s: style.get(i) == s) for s in STYLES[:3]) / 3
        yield (f1(agent, lambda i: turns[i]["style"] is not None, lambda i: delivered[i]), macro,
               f1(customer, lambda i: turns[i]["dispute"], lambda i: disputed[i]))


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    groups = [group.split("=", 1) for group in sys.argv[3:]]
    turns = []
    for number, files in enumerate([sys.argv[2:3]] + [g[1].split(",") for g in groups]):
        turns += [dict(t, group=number) for t in read(files, False)]
    columns = [[broach(sys.argv[1], g[1].split(",")) for g in groups]]
    columns += [measure(Rival(turns), turns, len(groups)) for Rival in (Tfidf, Keywords)]
    print("| delivery; style macro-F1; dispute | broach | TF-IDF | keywords |\n|---|---|---|---|")
    for (name, _), *row in zip(groups, *columns):
        print(f"| {name} |", " | ".join("; ".join(f"{x:.3f}" for x in figures) for figures in row), "|")


main()
