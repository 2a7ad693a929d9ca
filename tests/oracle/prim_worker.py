"""Runs under an interpreter that has prim: observations in, boxes met by peeling and pasting out, both as JSON.

Standard input: [{"inputs": [[…], …], "cases": [true, …]}, …]. Standard output: for every item a list with, for every
box, [coverage, density, mass, inputs limited]. prim is GPL, so it stays in a process of its own.
"""

from __future__ import annotations

import json
import sys
import warnings

import numpy as np
import pandas as pd
import prim

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    found = []
    for item in json.load(sys.stdin):
        inputs = pd.DataFrame(np.array(item["inputs"], dtype=float)).add_prefix("x")
        box = prim.Prim(inputs, np.array(item["cases"])).find_box()
        columns = box.peeling_trajectory[["coverage", "density", "mass", "res dim"]]
        found.append(columns.to_numpy(dtype=float).tolist())
    json.dump(found, sys.stdout)
