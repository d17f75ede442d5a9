#!/usr/bin/env python3
"""The labels of labels.jsonl (beside this file) with the conversations they are of, as `broach train` reads them:

    join.py ../shared/labels/unlabelled.jsonl.gz >further.jsonl

A source is called further-NAME, so that it can be told from the NAME of ../shared/labels/train.jsonl."""
import gzip
import json
import os
import sys


def main():
    labels = {}
    for line in open(os.path.join(os.path.dirname(__file__), "labels.jsonl"), encoding="utf-8"):
        c = json.loads(line)
        labels[c["source"], c["conversation_id"]] = c["labels"]
    for line in gzip.open(sys.argv[1], "rt", encoding="utf-8"):
        c = json.loads(line)
        found = labels.pop((c["source"], c["conversation_id"]), None)
        if found is not None:
            turns = [{"role": t["speaker"], "text": t["text"]} for t in c["turns"]]
            print(json.dumps({"conversation_id": c["conversation_id"], "source": "further-" + c["source"], "turns": turns, "labels": found}, ensure_ascii=False))
    if labels:
        sys.exit(f"join.py: {len(labels)} labelled conversations are not in {sys.argv[1]}")


main()
