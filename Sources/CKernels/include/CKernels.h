#pragma once

/*
 * Vector loops of the periodic strain solver. Planes are stored one component after the other, rows of nx values
 * without gaps; `plane` is the distance between components. Every kernel gives the same bits on every processor.
 */

/* How the stiffness of the elements is stored. */
enum { ck_isotropic = 0, ck_general = 1 };
/* Doubles per phase in the table of either kind. */
enum { ck_isotropic_count = 2, ck_general_count = 27 };

typedef struct {
  long nx, ny;
  /* Doubles between two components of a plane of nodes. */
  long plane;
  int kind;
  /* Bytes of one phase number: 1 or 2. */
  int phase_bytes;
  /*
   * Per phase: lambda and mu; or the 21 constants C11 C12 C13 C14 C15 C16 C22 ... C66 (Voigt 4 yz, 5 xz, 6 xy) and
   * the six components 11 12 13 22 23 33 of C_ijkj / 9.
   */
  const double *table;
} ck_medium;

/* Doubles of workspace that one thread needs. */
long ck_element_work(long nx);

/*
 * The forces of one plane of trilinear elements between two planes of nodes.
 * phases: of this plane of elements. lower, upper: displacements of the nodes, three components each.
 * mean: 4 times the mean strain xx, yy, zz, 2yz, 2xz, 2xy that is added to the elements' own.
 * carry: on entry the forces on the lower nodes of the elements below; on return those on the upper nodes of these.
 * force: the total on the lower nodes; may be null when it is not wanted.
 * dot: adds the product of the force and the lower displacement. stress: adds the six sums of the stress if not null.
 */
void ck_element_plane(const ck_medium *medium, const void *phases, const double *lower, const double *upper,
                      const double *mean, double *carry, double *force, double *work, double *dot, double *stress);

/*
 * The same for elements whose stress is uniform and given: the phase's, six doubles xx yy zz yz xz xy of
 * `phase_stress`, plus `field_stress`, null or six rows-by-columns planes `field_stride` doubles apart.
 */
void ck_source_plane(const ck_medium *medium, const void *phases, const double *phase_stress,
                     const double *field_stress, long field_stride, double *carry, double *force, double *work);

/* Four times the elements' mean strain xx, yy, zz, 2yz, 2xz, 2xy, six planes of nx * ny, `stride` doubles apart. */
void ck_strain_plane(const ck_medium *medium, const double *lower, const double *upper, const double *mean,
                     double *strain, long stride, double *work);

/* x += step * p; p = z + share * p. */
void ck_direction(long count, double step, double share, const double *z, double *p, double *x);
/* x += step * p. */
void ck_advance(long count, double step, const double *p, double *x);

/*
 * Takes a step off the spectra of the residual's three components, r -= step * q, and writes the product z of the
 * inverse of the stiffness of a homogeneous body with them.
 * residual, data: [depth][3][width] complex numbers at one frequency along y; data holds q on entry, z on return.
 * x: rows of `width` numbers each, the stiffness d, mass m, slope t and weight of every frequency along x. y: d, m, t
 * of the frequency along y. z: rows of `depth` numbers, d, m, t, equal for opposite frequencies but for the sign of t.
 * constants: C11 C22 C33 C12 C13 C23 C44 C55 C66. The frequency 0 gets 0. The result is multiplied by `scale`.
 * work: 2 * width doubles. sums: on return the weighted sums of conj(r) z, and of |r|^2 by component times `shares`.
 */
void ck_green(long width, long depth, const double *x, const double *y, const double *z, const double *constants,
              const double *shares, double scale, double step, double *residual, double *data, double *work,
              double *sums);

/*
 * Cells joined by conductances through their faces, x fastest: gx and gy toward the lower neighbor, where the first
 * joins the last; gz likewise with one more plane, whose first and last lead to the planes `bottom` and `top`.
 * sinks: what a cell takes up per unit of its value, or null. Arrays do not overlap.
 */
typedef struct {
  long nx, ny, nz;
  const double *gx, *gy, *gz, *sinks;
} ck_network;

/* y = A x, with planes of zeros below and above; returns x y. */
double ck_network_apply(const ck_network *network, const double *x, const double *zeros, double *y);

/* r = source - A x with given planes below and above; sums: of r and of its squares. */
void ck_network_residual(const ck_network *network, const double *x, const double *source, const double *bottom,
                         const double *top, double *r, double *sums);

/*
 * A Gauss-Seidel sweep over the cells of both colors, or the reverse of it. inverse: one over each cell's conductances
 * and sink.
 */
void ck_network_smooth(const ck_network *network, const double *inverse, double *x, const double *source,
                       const double *zeros, int backward);

/* A sweep from x = 0, and the residual r = source - A x that it leaves. */
void ck_network_presmooth(const ck_network *network, const double *inverse, const double *source, const double *zeros,
                          double *x, double *r);

/*
 * Ions that share sites, c = 1 / (1 + e^-x) with x = level - z * phi - energy; energy may be null, and infinite where
 * there is no site. ck_ion_numbers: the sums of c, of 1 - c and of c (1 - c). ck_ions adds z c, |z| c and z z c (1 -
 * c), times `sites`, to charge, gross and sinks, and writes sites c (1 - c) to weights; sums: of sites ln(1 + e^x),
 * and of the weights. There `places`, if not null, multiply the sites per cell.
 */
void ck_ion_numbers(long count, double level, double z, const double *phi, const double *energy, double *sums);
void ck_ions(long count, double level, double z, double sites, const double *places, const double *phi,
             const double *energy, double *charge, double *gross, double *sinks, double *weights, double *sums);

/*
 * Electrons n = intrinsic e^(phi + level) and holes p with the opposite sign; levels are added per cell, or null. Adds
 * p - n, p + n and p + n to charge, gross and sinks, and returns the sum of p + n.
 */
double ck_carriers(long count, double intrinsic, double level, const double *levels, const double *phi, double *charge,
                   double *gross, double *sinks);

/* Sum of products, in an order of its own. */
double ck_dot(long count, const double *a, const double *b);
/* The sum of numbers and of their squares. */
void ck_sums(long count, const double *a, double *sums);
/* r -= step * q; sums: of r and of its squares. */
void ck_recede(long count, double step, const double *q, double *r, double *sums);

/* Modes that ck_layers works on side by side, constants of a layer, numbers of a symmetric block. */
enum { ck_lane_count = 16, ck_layer_count = 13, ck_block_count = 6, ck_symbol_count = 7 };

/*
 * Takes a step off the spectra of the residual on the planes of nodes of a film, r -= step * q, and solves the film's
 * block-tridiagonal system for up to ck_lane_count lateral modes, in the unknowns u_x, u_y and w with u_z = i w.
 * data: plane by plane, `plane` doubles apart, three components `component` doubles apart, `width` complex numbers
 * each: q on entry, the solution z on return. residual: [nodes][6][lanes], real and imaginary parts of x, y and w.
 * symbols: [7][lanes], K_x M_y, G_x G_y, M_x K_y, G_x M_y, M_x G_y, M_x M_y and the weight of the mode.
 * layers: [nodes - 1][13], C11 C12 C13 C16 C22 C23 C26 C33 C36 C44 C45 C55 C66 of the elements between two planes.
 * inverse: [nodes][6][lanes], xx xy xw yy yw ww of the inverse of each node's block without the nodes below it.
 * work: [nodes][6][lanes]. sums: on return the weighted sums of conj(r) z, and of |r|^2 by component times `shares`.
 */
void ck_layers(long width, long nodes, const double *symbols, const double *layers, const double *inverse,
               const double *shares, double step, double *residual, double *data, long plane, long component,
               double *work, double *sums);

/* p = z + share * p for complex numbers of three components. */
void ck_follow(long count, double share, const double *z, double *p);

/*
 * data += S p for complex numbers of three components, `component` doubles apart in both.
 * spring: [tiles][6][lanes], a block per mode in x, y and w. symbols: [tiles][7][lanes], of which the weight is used.
 * Returns the weighted sum of conj(p) S p.
 */
double ck_spring(long modes, const double *spring, const double *symbols, const double *p, double *data,
                 long component);


/* Room on a boundary of 64 bytes or more, filled with zeros, in large pages where the system has them; or null. */
double *ck_allocate(long count);
void ck_free(double *room);
