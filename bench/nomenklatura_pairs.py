"""Scores of nomenklatura's matchers for pairs of organisations, for `bench/identity.py`, in an environment of its own.

Reads a JSON array of pairs, each two objects with `name`, `place` and `form`, on stdin; writes for each matcher the
scores and the seconds that they took.
"""

import json
import sys
import time

from followthemoney import model
from nomenklatura.matching import ALGORITHMS

MATCHERS = ("logic-v1", "logic-v2", "name-based", "name-qualified", "regression-v1")


def entity(number: int, given: dict[str, str]) -> object:
    properties = {"name": [given["name"]], "country": ["pl"]}
    properties |= {"address": [given["place"]]} if given["place"] else {}
    properties |= {"legalForm": [given["form"]]} if given["form"] else {}
    return model.get_proxy({"id": str(number), "schema": "Organization", "properties": properties})


def main() -> None:
    pairs = [
        [entity(2 * at + side, one) for side, one in enumerate(pair)] for at, pair in enumerate(json.load(sys.stdin))
    ]
    told = {}
    for algorithm in ALGORITHMS:
        if algorithm.NAME in MATCHERS:
            config = algorithm.default_config()
            algorithm.compare(*pairs[0], config)  # loads what is loaded once
            began = time.process_time()
            scores = [algorithm.compare(one, other, config).score for one, other in pairs]
            told[algorithm.NAME] = {"scores": scores, "seconds": time.process_time() - began}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
