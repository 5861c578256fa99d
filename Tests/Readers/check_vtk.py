"""Reads the image with VTK and compares points, geometry and every number with what the test wrote."""

import sys

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkIOHDF import vtkHDFReader

import expectation


def main(result, expected_path):
    expected = expectation.read(expected_path)
    attributes = {
        name: expectation.values(entry).tolist() for name, entry in expected["groups"]["/VTKHDF"].items()
    }
    prefix = "/VTKHDF/PointData/"
    wanted = {e["path"][len(prefix):]: expectation.values(e) for e in expected["arrays"] if e["path"].startswith(prefix)}
    problems = []

    reader = vtkHDFReader()
    if not reader.CanReadFile(result):
        print("VTK cannot read the file")
        return 1
    reader.SetFileName(result)
    reader.Update()
    image = reader.GetOutput()
    for name, found in [
        ("WholeExtent", list(image.GetExtent())), ("Origin", list(image.GetOrigin())),
        ("Spacing", list(image.GetSpacing())),
    ]:
        if found != attributes[name]:
            problems.append(f"{name} is {found} instead of {attributes[name]}")
    points = image.GetPointData()
    names = {points.GetArrayName(i) for i in range(points.GetNumberOfArrays())}
    if names != set(wanted):
        problems.append(f"point arrays {sorted(names)} instead of {sorted(wanted)}")
    for name in names & set(wanted):
        array = vtk_to_numpy(points.GetArray(name))
        components = wanted[name].shape[3:]
        if array.tobytes() != np.ascontiguousarray(wanted[name]).tobytes():
            problems.append(f"{name}: values differ")
        if array.shape[1:] != components:
            problems.append(f"{name}: {array.shape[1:]} components instead of {components}")
    print("\n".join(problems) or f"equal: {len(names)} point arrays of {image.GetNumberOfPoints()} points")
    return 1 if problems or not names else 0


sys.exit(main(*sys.argv[1:]))
