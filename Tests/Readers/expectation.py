"""The numbers that a test wrote, as the test knows them: doubles and integers as bit patterns, so nothing is rounded."""

import json

import numpy as np

TYPES = {"f8": "<f8", "i8": "<i8", "u8": "<u8", "u4": "<u4", "u1": "<u1"}


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def values(entry):
    """The expected values as an array of the expected type and shape; texts as bytes objects."""
    shape = tuple(entry["shape"])
    if entry["type"] == "text":
        return np.array([text.encode() for text in entry["texts"]], dtype=object).reshape(shape)
    bits = np.array(entry["bits"], dtype=np.uint64)
    if entry["type"] in ("f8", "i8", "u8"):
        return bits.view(TYPES[entry["type"]]).reshape(shape)
    return bits.astype(TYPES[entry["type"]]).reshape(shape)


def same(found, expected):
    """Whether two arrays agree in type, shape and every bit."""
    found = np.asarray(found)
    if expected.dtype == object:
        return found.shape == expected.shape and found.dtype.kind == "S" and found.tolist() == expected.tolist()
    return found.dtype == expected.dtype and found.shape == expected.shape and found.tobytes() == expected.tobytes()
