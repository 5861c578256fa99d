#include "CKernels.h"
#include "clones.h"
#include <stdint.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

/*
 * In an element the displacement is a sum of eight modes 1, xi, eta, zeta, xi eta, eta zeta, zeta xi, xi eta zeta of
 * coordinates from -1 to 1. The modes of the strain are orthogonal over the element, of mean square 1, 1/3 and 1/9:
 * the energy is a sum over the modes of the strain, each with the element's own stiffness. This is the integral that
 * 2 x 2 x 2 Gauss points give. Amplitudes are sums of eight nodal values with signs, eight times the mode's.
 */

/* Length of a row of the workspace, with room for a ghost at its end. */
static inline INLINE long row_length(long nx) { return (nx + 16) / 8 * 8; }

enum { sum_rows = 12, table_rows = 27, force_rows = 21, carry_rows = 6, first_rows = 6 };

long ck_element_work(long nx) {
  return (sum_rows + table_rows + force_rows + carry_rows + first_rows + 1) * row_length(nx) + 64;
}

/* Rows of the workspace. */
typedef struct {
  long length;
  double *sums[2]; /* sum and difference of the two planes' nodes: [component][sum, difference], of two rows */
  double *table, *forces, *carry, *first, *products;
} rows;

static inline INLINE rows split(double *work, long nx) {
  rows w;
  w.length = row_length(nx);
  w.sums[0] = work;
  w.sums[1] = w.sums[0] + 6 * w.length;
  w.table = w.sums[1] + 6 * w.length;
  w.forces = w.table + table_rows * w.length;
  w.carry = w.forces + force_rows * w.length;
  w.first = w.carry + carry_rows * w.length;
  w.products = w.first + first_rows * w.length;
  return w;
}

static inline INLINE void sum_planes(const ck_medium *m, long j, const double *lower, const double *upper,
                                     double *target, long length) {
  const long nx = m->nx;
  for (int c = 0; c < 3; c++) {
    const double *a = lower + c * m->plane + j * nx;
    const double *b = upper + c * m->plane + j * nx;
    double *s = target + 2 * c * length;
    double *d = s + length;
    VECTOR
    for (long i = 0; i < nx; i++) {
      s[i] = b[i] + a[i];
      d[i] = b[i] - a[i];
    }
    s[nx] = s[0];
    d[nx] = d[0];
  }
}

/*
 * Writes the constants of a row of elements, one row of the workspace each. Eight bytes of equal phases, as inside a
 * grain, are written as one.
 */
#define SPREAD(type)                                                              \
  {                                                                               \
    const type *phase = (const type *)phases + j * nx;                            \
    const long group = 8 / sizeof(type);                                          \
    const uint64_t ones = sizeof(type) == 1 ? 0x0101010101010101u : 0x0001000100010001u; \
    long i = 0;                                                                   \
    for (; i + group <= nx; i += group) {                                         \
      uint64_t word;                                                              \
      memcpy(&word, phase + i, 8);                                                \
      if (word == phase[i] * ones) {                                              \
        const double *constants = table + count * (long)phase[i];                 \
        for (int c = 0; c < count; c++)                                           \
          for (long e = 0; e < group; e++) target[c * length + i + e] = constants[c]; \
      } else {                                                                    \
        for (long e = 0; e < group; e++) {                                        \
          const double *constants = table + count * (long)phase[i + e];           \
          for (int c = 0; c < count; c++) target[c * length + i + e] = constants[c]; \
        }                                                                         \
      }                                                                           \
    }                                                                             \
    for (; i < nx; i++)                                                           \
      for (int c = 0; c < count; c++) target[c * length + i] = table[count * (long)phase[i] + c]; \
  }

static inline INLINE void spread(const ck_medium *m, const void *phases, long j, int count, double *target,
                                 long length) {
  const long nx = m->nx;
  const double *table = m->table;
  const size_t bytes = (size_t)(nx * m->phase_bytes);
  const char *numbers = (const char *)phases + (size_t)j * bytes;
  /* A row like the one before finds its constants in place. */
  if (j > 0 && memcmp(numbers, numbers - bytes, bytes) == 0) return;
  if (m->phase_bytes == 1) {
    SPREAD(uint8_t)
  } else {
    SPREAD(uint16_t)
  }
}

#pragma clang diagnostic ignored "-Wunused-variable"

/* The amplitudes of component c but the constant one, from the rows a (this row of nodes) and b (the next). */
#define AMPLITUDES(U, c)                                                                       \
  const double U##s0 = a[2 * c * L + i], U##s1 = a[2 * c * L + i + 1];                         \
  const double U##t0 = b[2 * c * L + i], U##t1 = b[2 * c * L + i + 1];                         \
  const double U##d0 = a[(2 * c + 1) * L + i], U##d1 = a[(2 * c + 1) * L + i + 1];             \
  const double U##e0 = b[(2 * c + 1) * L + i], U##e1 = b[(2 * c + 1) * L + i + 1];             \
  const double U##p0 = U##t0 + U##s0, U##p1 = U##t1 + U##s1, U##q0 = U##t0 - U##s0;            \
  const double U##q1 = U##t1 - U##s1, U##r0 = U##e0 + U##d0, U##r1 = U##e1 + U##d1;            \
  const double U##w0 = U##e0 - U##d0, U##w1 = U##e1 - U##d1;                                   \
  const double U##x = U##p1 - U##p0, U##y = U##q1 + U##q0, U##xy = U##q1 - U##q0;              \
  const double U##z = U##r1 + U##r0, U##xz = U##r1 - U##r0;                                    \
  const double U##yz = U##w1 + U##w0, U##xyz = U##w1 - U##w0;

/*
 * Stores the forces of component c on the pairs of modes that differ by xi: seven rows, of which the ones for the
 * node at xi = 1 are shifted by one place, so that rows of equal place belong to one node.
 */
#define STORE(c, Fx, Fy, Fxy, Fz, Fxz, Fyz, Fxyz)   \
  f[(7 * c + 0) * L + i + 1] = (Fx);                \
  f[(7 * c + 1) * L + i] = (Fy) - (Fxy);            \
  f[(7 * c + 2) * L + i + 1] = (Fy) + (Fxy);        \
  f[(7 * c + 3) * L + i] = (Fz) - (Fxz);            \
  f[(7 * c + 4) * L + i + 1] = (Fz) + (Fxz);        \
  f[(7 * c + 5) * L + i] = (Fyz) - (Fxyz);          \
  f[(7 * c + 6) * L + i + 1] = (Fyz) + (Fxyz);

/* `loaded`: whether there is a mean strain; a direction of the iteration has none unless a mean stress is given. */
static inline INLINE void isotropic_row(int loaded, long nx, long L, const double *a, const double *b, const double *k,
                                        const double *mean, double *f) {
  const double exx = mean[0], eyy = mean[1], ezz = mean[2], eyz = mean[3], exz = mean[4], exy = mean[5];
  const double third = 1.0 / 3, ninth = 1.0 / 9;
  VECTOR
  for (long i = 0; i < nx; i++) {
    const double la = k[i], mu = k[L + i];
    AMPLITUDES(X, 0)
    AMPLITUDES(Y, 1)
    AMPLITUDES(Z, 2)
    /* 1 */
    const double x = loaded ? Xx + exx : Xx, y = loaded ? Yy + eyy : Yy, z = loaded ? Zz + ezz : Zz;
    const double mm = mu + mu, t = la * (x + y + z);
    const double sxx = t + mm * x, syy = t + mm * y, szz = t + mm * z;
    const double yz = Yz + Zy, xz = Xz + Zx, xy = Xy + Yx;
    const double syz = mu * (loaded ? yz + eyz : yz), sxz = mu * (loaded ? xz + exz : xz);
    const double sxy = mu * (loaded ? xy + exy : xy);
    const double l3 = la * third, m3 = mu * third, mm3 = mm * third;
    /* xi: d/dy and d/dz */
    const double t1 = l3 * (Yxy + Zxz), h1 = m3 * (Yxz + Zxy);
    /* eta: d/dx and d/dz */
    const double t2 = l3 * (Xxy + Zyz), h2 = m3 * (Xyz + Zxy);
    /* zeta: d/dx and d/dy */
    const double t3 = l3 * (Xxz + Yyz), h3 = m3 * (Yxz + Xyz);
    /* Each bilinear mode of a component takes part as stretch in one linear mode and as shear in another. */
    const double n3 = mm3 + m3;
    /* The trilinear mode */
    const double w = (la + mm + mm) * ninth;
    STORE(0, sxx, sxy, t2 + n3 * Xxy, sxz, t3 + n3 * Xxz, h2 + h3, w * Xxyz)
    STORE(1, sxy, syy, t1 + n3 * Yxy, syz, h1 + h3, t3 + n3 * Yyz, w * Yxyz)
    STORE(2, sxz, syz, h1 + h2, szz, t1 + n3 * Zxz, t2 + n3 * Zyz, w * Zxyz)
  }
}

static inline INLINE void general_row(long nx, long L, const double *a, const double *b, const double *k,
                                      const double *mean, double *f) {
  const double exx = mean[0], eyy = mean[1], ezz = mean[2], eyz = mean[3], exz = mean[4], exy = mean[5];
  const double third = 1.0 / 3;
  VECTOR
  for (long i = 0; i < nx; i++) {
    const double C11 = k[i], C12 = k[L + i], C13 = k[2 * L + i], C14 = k[3 * L + i], C15 = k[4 * L + i];
    const double C16 = k[5 * L + i], C22 = k[6 * L + i], C23 = k[7 * L + i], C24 = k[8 * L + i];
    const double C25 = k[9 * L + i], C26 = k[10 * L + i], C33 = k[11 * L + i], C34 = k[12 * L + i];
    const double C35 = k[13 * L + i], C36 = k[14 * L + i], C44 = k[15 * L + i], C45 = k[16 * L + i];
    const double C46 = k[17 * L + i], C55 = k[18 * L + i], C56 = k[19 * L + i], C66 = k[20 * L + i];
    AMPLITUDES(X, 0)
    AMPLITUDES(Y, 1)
    AMPLITUDES(Z, 2)
    /* 1 */
    const double e1 = Xx + exx, e2 = Yy + eyy, e3 = Zz + ezz;
    const double e4 = Yz + Zy + eyz, e5 = Xz + Zx + exz, e6 = Xy + Yx + exy;
    const double sxx = C11 * e1 + C12 * e2 + C13 * e3 + (C14 * e4 + C15 * e5 + C16 * e6);
    const double syy = C12 * e1 + C22 * e2 + C23 * e3 + (C24 * e4 + C25 * e5 + C26 * e6);
    const double szz = C13 * e1 + C23 * e2 + C33 * e3 + (C34 * e4 + C35 * e5 + C36 * e6);
    const double syz = C14 * e1 + C24 * e2 + C34 * e3 + (C44 * e4 + C45 * e5 + C46 * e6);
    const double sxz = C15 * e1 + C25 * e2 + C35 * e3 + (C45 * e4 + C55 * e5 + C56 * e6);
    const double sxy = C16 * e1 + C26 * e2 + C36 * e3 + (C46 * e4 + C56 * e5 + C66 * e6);
    /* xi: d/dy and d/dz; no xx */
    const double a2 = Yxy, a3 = Zxz, a4 = Yxz + Zxy, a5 = Xxz, a6 = Xxy;
    const double A2 = C22 * a2 + C23 * a3 + C24 * a4 + C25 * a5 + C26 * a6;
    const double A3 = C23 * a2 + C33 * a3 + C34 * a4 + C35 * a5 + C36 * a6;
    const double A4 = C24 * a2 + C34 * a3 + C44 * a4 + C45 * a5 + C46 * a6;
    const double A5 = C25 * a2 + C35 * a3 + C45 * a4 + C55 * a5 + C56 * a6;
    const double A6 = C26 * a2 + C36 * a3 + C46 * a4 + C56 * a5 + C66 * a6;
    /* eta: d/dx and d/dz; no yy */
    const double b1 = Xxy, b3 = Zyz, b4 = Yyz, b5 = Xyz + Zxy, b6 = Yxy;
    const double B1 = C11 * b1 + C13 * b3 + C14 * b4 + C15 * b5 + C16 * b6;
    const double B3 = C13 * b1 + C33 * b3 + C34 * b4 + C35 * b5 + C36 * b6;
    const double B4 = C14 * b1 + C34 * b3 + C44 * b4 + C45 * b5 + C46 * b6;
    const double B5 = C15 * b1 + C35 * b3 + C45 * b4 + C55 * b5 + C56 * b6;
    const double B6 = C16 * b1 + C36 * b3 + C46 * b4 + C56 * b5 + C66 * b6;
    /* zeta: d/dx and d/dy; no zz */
    const double c1 = Xxz, c2 = Yyz, c4 = Zyz, c5 = Zxz, c6 = Yxz + Xyz;
    const double D1 = C11 * c1 + C12 * c2 + C14 * c4 + C15 * c5 + C16 * c6;
    const double D2 = C12 * c1 + C22 * c2 + C24 * c4 + C25 * c5 + C26 * c6;
    const double D4 = C14 * c1 + C24 * c2 + C44 * c4 + C45 * c5 + C46 * c6;
    const double D5 = C15 * c1 + C25 * c2 + C45 * c4 + C55 * c5 + C56 * c6;
    const double D6 = C16 * c1 + C26 * c2 + C46 * c4 + C56 * c5 + C66 * c6;
    /* The trilinear mode */
    const double Q11 = k[21 * L + i], Q12 = k[22 * L + i], Q13 = k[23 * L + i], Q22 = k[24 * L + i];
    const double Q23 = k[25 * L + i], Q33 = k[26 * L + i];
    STORE(0, sxx, sxy, third * (A6 + B1), sxz, third * (A5 + D1), third * (B5 + D6),
          Q11 * Xxyz + Q12 * Yxyz + Q13 * Zxyz)
    STORE(1, sxy, syy, third * (A2 + B6), syz, third * (A4 + D6), third * (B4 + D2),
          Q12 * Xxyz + Q22 * Yxyz + Q23 * Zxyz)
    STORE(2, sxz, syz, third * (A4 + B5), szz, third * (A3 + D5), third * (B3 + D4),
          Q13 * Xxyz + Q23 * Yxyz + Q33 * Zxyz)
  }
}

/* Sums of the stress of a row of elements. */
static inline INLINE void sum_stress(long nx, long L, const double *f, lanes *stress) {
  for (int c = 0; c < 3; c++) {
    const double *n = f + 7 * c * L + 1;
    const double *y0 = n + L - 1, *y1 = n + 2 * L, *z0 = n + 3 * L - 1, *z1 = n + 4 * L;
    for (long i = 0; i < nx; i++) {
      const long lane = i & 7;
      stress[3 * c][lane] += n[i];
      stress[3 * c + 1][lane] += 0.5 * (y0[i] + y1[i]);
      stress[3 * c + 2][lane] += 0.5 * (z0[i] + z1[i]);
    }
  }
}

/*
 * Collects the forces on a row of nodes: `low` those that its elements put on their own row (eta = -1), and `high`
 * those on the next (eta = 1), both as sum and difference of the two planes.
 */
static inline INLINE void collect(long nx, long L, double *f, int c, double *low, double *high) {
  double *g0 = f + 7 * c * L;
  double *a1 = g0 + L, *b1 = a1 + L, *a2 = b1 + L, *b2 = a2 + L, *a3 = b2 + L, *b3 = a3 + L;
  g0[0] = g0[nx];
  b1[0] = b1[nx];
  b2[0] = b2[nx];
  b3[0] = b3[nx];
  double *low1 = low + L, *high1 = high + L;
  VECTOR
  for (long i = 0; i < nx; i++) {
    const double m0 = g0[i] - g0[i + 1], m1 = a1[i] + b1[i];
    const double m2 = a2[i] + b2[i], m3 = a3[i] + b3[i];
    low[i] = m0 - m1;
    high[i] = m0 + m1;
    low1[i] = m2 - m3;
    high1[i] = m2 + m3;
  }
}

/* The same with the forces of the elements before added, which `carry` holds and is replaced in; and then by plane. */
static inline INLINE void collect_nodes(long nx, long L, double *f, int c, double *hold, double *carry,
                                        double *force, const double *u, double *products) {
  double *g0 = f + 7 * c * L;
  double *a1 = g0 + L, *b1 = a1 + L, *a2 = b1 + L, *b2 = a2 + L, *a3 = b2 + L, *b3 = a3 + L;
  g0[0] = g0[nx];
  b1[0] = b1[nx];
  b2[0] = b2[nx];
  b3[0] = b3[nx];
  double *hold1 = hold + L;
  VECTOR
  for (long i = 0; i < nx; i++) {
    const double m0 = g0[i] - g0[i + 1], m1 = a1[i] + b1[i];
    const double m2 = a2[i] + b2[i], m3 = a3[i] + b3[i];
    const double s = hold[i] + (m0 - m1), d = hold1[i] + (m2 - m3);
    hold[i] = m0 + m1;
    hold1[i] = m2 + m3;
    const double q = carry[i] + (s - d);
    force[i] = q;
    products[i] += q * u[i];
    carry[i] = s + d;
  }
}

static inline INLINE void join_nodes(long nx, long L, const double *hold, const double *first, double *carry,
                                     double *force, const double *u, double *products) {
  VECTOR
  for (long i = 0; i < nx; i++) {
    const double s = hold[i] + first[i], d = hold[L + i] + first[L + i];
    const double q = carry[i] + (s - d);
    force[i] = q;
    products[i] += q * u[i];
    carry[i] = s + d;
  }
}

/* From the forces of row j of elements on the modes to the nodes. `spare` takes forces that are not wanted. */
static inline INLINE void scatter(const ck_medium *m, long j, const rows *w, double *carry, double *force,
                                  const double *lower) {
  const long nx = m->nx, L = w->length, at = j * nx;
  double *spare = w->sums[j & 1];
  for (int c = 0; c < 3; c++) {
    double *hold = w->carry + 2 * c * L;
    if (j == 0) {
      collect(nx, L, w->forces, c, w->first + 2 * c * L, hold);
    } else {
      const long place = c * m->plane + at;
      collect_nodes(nx, L, w->forces, c, hold, carry + place, force ? force + place : spare, lower + place,
                    w->products);
    }
  }
}

/* The first row of nodes, after the last row of elements. */
static inline INLINE void close_plane(const ck_medium *m, const rows *w, double *carry, double *force,
                                      const double *lower) {
  const long L = w->length;
  for (int c = 0; c < 3; c++) {
    const long place = c * m->plane;
    join_nodes(m->nx, L, w->carry + 2 * c * L, w->first + 2 * c * L, carry + place,
               force ? force + place : w->forces, lower + place, w->products);
  }
}

CLONES
void ck_element_plane(const ck_medium *medium, const void *phases, const double *lower, const double *upper,
                      const double *mean, double *carry, double *force, double *work, double *dot, double *stress) {
  const ck_medium m = *medium;
  const long nx = m.nx, ny = m.ny;
  const rows w = split(work, nx);
  const long L = w.length;
  const double load[6] = {mean[0], mean[1], mean[2], mean[3], mean[4], mean[5]};
  int loaded = 0;
  for (int n = 0; n < 6; n++) loaded |= load[n] != 0;
  lanes sums[9];
  lanes products = {0};
  for (int n = 0; n < 9; n++) sums[n] = (lanes){0};
  for (long i = 0; i < nx; i++) w.products[i] = 0;
  sum_planes(&m, 0, lower, upper, w.sums[0], L);
  for (long j = 0; j < ny; j++) {
    double *here = w.sums[j & 1], *next = w.sums[(j + 1) & 1];
    sum_planes(&m, j + 1 == ny ? 0 : j + 1, lower, upper, next, L);
    if (m.kind == ck_isotropic) {
      spread(&m, phases, j, ck_isotropic_count, w.table, L);
      if (loaded) {
        isotropic_row(1, nx, L, here, next, w.table, load, w.forces);
      } else {
        isotropic_row(0, nx, L, here, next, w.table, load, w.forces);
      }
    } else {
      spread(&m, phases, j, ck_general_count, w.table, L);
      general_row(nx, L, here, next, w.table, load, w.forces);
    }
    if (stress) sum_stress(nx, L, w.forces, sums);
    scatter(&m, j, &w, carry, force, lower);
  }
  close_plane(&m, &w, carry, force, lower);
  if (force) {
    for (long i = 0; i < nx; i++) products[i & 7] += w.products[i];
    *dot += lane_sum(&products);
  }
  if (stress) {
    /* Rows x, y, z of the stress, which is symmetric. */
    const int place[6] = {0, 4, 8, 5, 2, 1};
    for (int n = 0; n < 6; n++) stress[n] += lane_sum(&sums[place[n]]);
  }
}

CLONES
void ck_source_plane(const ck_medium *medium, const void *phases, const double *phase_stress,
                     const double *field_stress, long field_stride, double *carry, double *force, double *work) {
  ck_medium m = *medium;
  m.table = phase_stress;
  const long nx = m.nx, ny = m.ny;
  const rows w = split(work, nx);
  const long L = w.length;
  double *own = w.table, *k = own + 6 * L, *f = w.forces;
  for (long j = 0; j < ny; j++) {
    spread(&m, phases, j, 6, own, L);
    for (int c = 0; c < 6; c++) {
      const double *from = own + c * L, *extra = field_stress ? field_stress + c * field_stride + j * nx : 0;
      double *to = k + c * L;
      if (extra) {
        VECTOR
        for (long i = 0; i < nx; i++) to[i] = from[i] + extra[i];
      } else {
        VECTOR
        for (long i = 0; i < nx; i++) to[i] = from[i];
      }
    }
    VECTOR
    for (long i = 0; i < nx; i++) {
      const double xx = k[i], yy = k[L + i], zz = k[2 * L + i], yz = k[3 * L + i], xz = k[4 * L + i];
      const double xy = k[5 * L + i], zero = 0;
      STORE(0, xx, xy, zero, xz, zero, zero, zero)
      STORE(1, xy, yy, zero, yz, zero, zero, zero)
      STORE(2, xz, yz, zero, zz, zero, zero, zero)
    }
    scatter(&m, j, &w, carry, force, carry);
  }
  close_plane(&m, &w, carry, force, carry);
}

CLONES
void ck_strain_plane(const ck_medium *medium, const double *lower, const double *upper, const double *mean,
                     double *strain, long stride, double *work) {
  const ck_medium m = *medium;
  const long nx = m.nx, ny = m.ny;
  const rows w = split(work, nx);
  const long L = w.length;
  const double load[6] = {mean[0], mean[1], mean[2], mean[3], mean[4], mean[5]};
  sum_planes(&m, 0, lower, upper, w.sums[0], L);
  for (long j = 0; j < ny; j++) {
    const double *a = w.sums[j & 1], *b = w.sums[(j + 1) & 1];
    sum_planes(&m, j + 1 == ny ? 0 : j + 1, lower, upper, w.sums[(j + 1) & 1], L);
    double *e = strain + j * nx;
    VECTOR
    for (long i = 0; i < nx; i++) {
      AMPLITUDES(X, 0)
      AMPLITUDES(Y, 1)
      AMPLITUDES(Z, 2)
      e[i] = Xx + load[0];
      e[stride + i] = Yy + load[1];
      e[2 * stride + i] = Zz + load[2];
      e[3 * stride + i] = Yz + Zy + load[3];
      e[4 * stride + i] = Xz + Zx + load[4];
      e[5 * stride + i] = Xy + Yx + load[5];
    }
  }
}
