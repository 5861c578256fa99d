"""Opens the image with xarray as the documentation says, and the tables with pandas, and compares every number."""

import sys

import h5py
import numpy as np
import pandas
import xarray

import expectation


def main(result, expected_path):
    expected = expectation.read(expected_path)
    problems = []
    prefix = "/VTKHDF/PointData/"
    wanted = {e["path"][len(prefix):]: e for e in expected["arrays"] if e["path"].startswith(prefix)}
    with xarray.open_dataset(result, group="/VTKHDF/PointData", engine="h5netcdf", phony_dims="access") as dataset:
        if set(dataset.data_vars) != set(wanted):
            problems.append(f"variables {sorted(dataset.data_vars)} instead of {sorted(wanted)}")
        for name in set(dataset.data_vars) & set(wanted):
            values = expectation.values(wanted[name])
            dimensions = ("z", "y", "x") if values.ndim == 3 else ("z", "y", "x", f"component{values.shape[3]}")
            if dataset[name].dims != dimensions:
                problems.append(f"{name}: dimensions {dataset[name].dims} instead of {dimensions}")
            if not expectation.same(dataset[name].values, values):
                problems.append(f"{name}: values differ")

    prefix = "/devices/"
    tables = 0
    with h5py.File(result, "r") as file:
        for name, group in file["devices"].items():
            frame = pandas.DataFrame({column: array[...] for column, array in group.items()})
            tables += 1
            if len(frame) != group.attrs["rowCount"]:
                problems.append(f"{name}: {len(frame)} rows")
            for column in frame:
                entry = next(e for e in expected["arrays"] if e["path"] == f"{prefix}{name}/{column}")
                if not np.array_equal(frame[column].to_numpy(), expectation.values(entry), equal_nan=entry["type"] == "f8"):
                    problems.append(f"{name}.{column}: values differ")
    print("\n".join(problems) or f"equal: {len(wanted)} variables, {tables} tables")
    return 1 if problems or not wanted or not tables else 0


sys.exit(main(*sys.argv[1:]))
