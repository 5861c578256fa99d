"""Compares a result file with what the test wrote: each array, each attribute, and that there are no others."""

import sys

import h5py

import expectation

# HDF5 itself writes these on dimension scales and on what they are attached to.
SCALE_ATTRIBUTES = {"CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST"}


def objects(group, path=""):
    """Each object under each of its names."""
    for name in group:
        item = group[name]
        yield f"{path}/{name}", item
        if isinstance(item, h5py.Group):
            yield from objects(item, f"{path}/{name}")


def main(result, expected_path):
    expected = expectation.read(expected_path)
    problems = []
    numbers = 0

    def check_attributes(path, item, wanted):
        names = set(item.attrs) - SCALE_ATTRIBUTES
        if names != set(wanted):
            problems.append(f"{path}: attributes {sorted(names ^ set(wanted))} differ")
        for name in names & set(wanted):
            kind = item.attrs.get_id(name).get_type()
            if isinstance(kind, h5py.h5t.TypeStringID):
                if kind.is_variable_str() or kind.get_cset() != h5py.h5t.CSET_ASCII:
                    problems.append(f"{path}@{name}: not fixed-length ASCII")
            if not expectation.same(item.attrs[name], expectation.values(wanted[name])):
                problems.append(f"{path}@{name}: {item.attrs[name]!r} instead of {expectation.values(wanted[name])!r}")

    with h5py.File(result, "r") as file:
        found = dict(objects(file))
        found["/"] = file
        arrays = {path for path, item in found.items() if isinstance(item, h5py.Dataset)}
        groups = set(found) - arrays
        wanted_arrays = {entry["path"]: entry for entry in expected["arrays"]}
        for path in sorted(arrays ^ set(wanted_arrays)):
            problems.append(f"{path}: {'not expected' if path in arrays else 'missing'}")
        for path in sorted(groups ^ set(expected["groups"])):
            problems.append(f"{path}: group {'not expected' if path in groups else 'missing'}")
        for path in groups & set(expected["groups"]):
            check_attributes(path, found[path], expected["groups"][path])
        for path in arrays & set(wanted_arrays):
            entry = wanted_arrays[path]
            item = found[path]
            numbers += item.size
            if not expectation.same(item[...], expectation.values(entry)):
                problems.append(f"{path}: values, type or shape differ")
            check_attributes(path, item, entry["attributes"])
            for name in ("units", "long_name", "description", "creator"):
                if not item.attrs.get(name):
                    problems.append(f"{path}: no {name}")
            if item.size and not item.is_virtual:
                if not (item.shuffle and item.compression == "gzip" and item.compression_opts == 1 and item.fletcher32):
                    problems.append(f"{path}: not shuffled, compressed and checksummed")
            if path.startswith("/VTKHDF/") != item.is_virtual:
                problems.append(f"{path}: {'a virtual' if item.is_virtual else 'not a virtual'} dataset")
            if path.startswith("/data/") and item.is_scale is False and item.attrs.get("DIMENSION_LIST") is not None:
                problems.append(f"{path}: carries dimension scales")
    print("\n".join(problems) or f"equal: {numbers} values in {len(arrays)} arrays")
    return 1 if problems else 0


sys.exit(main(*sys.argv[1:]))
