"""Solves a stiff sphere in a periodic cube with muGrid, one thread, and prints iterations, seconds and mean stress.

usage: mugrid_sphere.py POINTS CONTRAST

Trilinear hexahedra, conjugate gradients behind the Green operator of the mean material, |r| <= 1e-8 |b|.
"""
import sys
import time

import muGrid
import numpy as np
from muGrid.Preconditioners import make_reference_stiffness_preconditioner
from muGrid.Solvers import conjugate_gradients

points, contrast = int(sys.argv[1]), float(sys.argv[2])
communicator = muGrid.Communicator()
engine = muGrid.FFTEngine(
    [points] * 3, communicator, nb_ghosts_left=(1,) * 3, nb_ghosts_right=(1,) * 3, nb_sub_pts={"quad": 5}
)
fields = engine.real_space_collection
x = (np.arange(points) + 0.5) / points - 0.5
sphere = (x[:, None, None] ** 2 + x[None, :, None] ** 2 + x[None, None, :] ** 2 < 0.25**2).astype(float)

nu = 0.3
lame, shear = nu / ((1 + nu) * (1 - 2 * nu)), 1 / (2 * (1 + nu))
first, second = fields.real_field("lambda"), fields.real_field("mu")
first.p[...] = lame * (1 + (contrast - 1) * sphere)
second.p[...] = shear * (1 + (contrast - 1) * sphere)
for field in (first, second):
    engine.communicate_ghosts(field)
operator = muGrid.IsotropicStiffnessOperator3D((1 / points,) * 3, muGrid.FEMElement.q1)
u, load = fields.real_field("u", (3,)), fields.real_field("load", (3,))
means = first.p.mean(), second.p.mean()


def apply(source, target):
    engine.communicate_ghosts(source)
    operator.apply(source, first, second, target)


def apply_reference(source, target):
    engine.communicate_ghosts(source)
    operator.apply_uniform(source, *means, target)


preconditioner = make_reference_stiffness_preconditioner(engine, apply_reference, 3)
strain = [0.01] + [0.0] * 8
operator.apply_macro_rhs(first, second, strain, load)
load.s[...] *= -1
u.s[...] = 0
iterations = 0


def count(index, _):
    global iterations
    iterations = index


start = time.perf_counter()
conjugate_gradients(
    communicator, fields, load, u, hessp=apply, prec=preconditioner, rtol=1e-8, callback=count, maxiter=5000
)
seconds = time.perf_counter() - start
engine.communicate_ghosts(u)
stress = np.array(operator.average_stress(u, first, second, strain)).reshape(3, 3)
print(iterations, seconds, f"{stress[0, 0]:.12f}")
