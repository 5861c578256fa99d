"""Opens every mesh with openPMD-api and compares numbers, axes and units with what the test wrote."""

import sys

import numpy as np
import openpmd_api

import expectation


def main(result, expected_path):
    expected = expectation.read(expected_path)
    wanted = {e["path"]: e for e in expected["arrays"] if e["path"].startswith("/data/")}
    problems = []
    seen = set()
    series = openpmd_api.Series(result, openpmd_api.Access.read_only)
    if series.openPMD != "1.1.0":
        problems.append(f"openPMD version {series.openPMD}")
    for number, iteration in series.iterations.items():
        for name, mesh in iteration.meshes.items():
            scalar = f"/data/{number}/meshes/{name}"
            record = wanted[scalar]["attributes"] if mesh.scalar else expected["groups"][scalar]
            for key, found in [
                ("gridSpacing", mesh.grid_spacing), ("gridGlobalOffset", mesh.grid_global_offset),
                ("unitDimension", mesh.unit_dimension),
            ]:
                if list(found) != expectation.values(record[key]).tolist():
                    problems.append(f"{scalar}: {key} is {found}")
            if mesh.grid_unit_SI != 1e-9:
                problems.append(f"{scalar}: gridUnitSI is {mesh.grid_unit_SI}")
            if list(mesh.axis_labels) != [text.decode() for text in expectation.values(record["axisLabels"])]:
                problems.append(f"{scalar}: axes are {mesh.axis_labels}")
            for component, array in mesh.items():
                path = scalar if mesh.scalar else f"{scalar}/{component}"
                seen.add(path)
                values = array.load_chunk()
                series.flush()
                if not expectation.same(np.asarray(values), expectation.values(wanted[path])):
                    problems.append(f"{path}: values differ")
                if array.unit_SI != 1 or list(array.position) != [0.5] * len(array.shape):
                    problems.append(f"{path}: unitSI {array.unit_SI}, position {array.position}")
    for path in sorted(seen ^ set(wanted)):
        problems.append(f"{path}: {'not expected' if path in seen else 'not opened'}")
    print("\n".join(problems) or f"equal: {len(seen)} components")
    return 1 if problems or not seen else 0


sys.exit(main(*sys.argv[1:]))
