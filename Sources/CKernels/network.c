#include "CKernels.h"
#include "clones.h"

#pragma STDC FP_CONTRACT OFF

/* A row of cells, the rows around it, and the conductances between: the last two lead to the planes below and above. */
typedef struct {
  long start;
  const double *here, *south, *north, *below, *above;
  const double *gx, *gs, *gn, *gb, *ga;
} row;

static inline INLINE row row_at(const ck_network *m, long j, long k, const double *x, const double *bottom,
                                const double *top) {
  const long nx = m->nx, ny = m->ny, plane = nx * ny, floor = k * plane;
  const long next = floor + (j + 1 < ny ? j + 1 : 0) * nx;
  row r;
  r.start = floor + j * nx;
  r.here = x + r.start;
  r.south = x + floor + (j > 0 ? j - 1 : ny - 1) * nx;
  r.north = x + next;
  r.below = k > 0 ? r.here - plane : bottom + j * nx;
  r.above = k + 1 < m->nz ? r.here + plane : top + j * nx;
  r.gx = m->gx + r.start;
  r.gs = m->gy + r.start;
  r.gn = m->gy + next;
  r.gb = m->gz + r.start;
  r.ga = r.gb + plane;
  return r;
}

/* What leaves cell i of row c, whose neighbors along x are w and e; differences first, that equal values give 0. */
#define OUTFLOW(i, w, e)                                                                                 \
  (c.gx[i] * (c.here[i] - c.here[w]) + c.gx[e] * (c.here[i] - c.here[e]) + c.gs[i] * (c.here[i] - c.south[i]) + \
   c.gn[i] * (c.here[i] - c.north[i]) + c.gb[i] * (c.here[i] - c.below[i]) + c.ga[i] * (c.here[i] - c.above[i]))

/* Writes what leaves the cells of row (j, k), or the source less that where there is one. */
static inline INLINE void row_outflow(const ck_network *m, long j, long k, const double *x, const double *bottom,
                                      const double *top, const double *source, double *y) {
  const long nx = m->nx, last = nx - 1;
  const row c = row_at(m, j, k, x, bottom, top);
  double *out = y + c.start;
  out[0] = OUTFLOW(0, last, (nx > 1 ? 1 : 0));
  VECTOR
  for (long i = 1; i < last; i++) out[i] = OUTFLOW(i, i - 1, i + 1);
  if (nx > 1) out[last] = OUTFLOW(last, last - 1, 0);
  if (m->sinks) {
    const double *sink = m->sinks + c.start;
    VECTOR
    for (long i = 0; i < nx; i++) out[i] += sink[i] * c.here[i];
  }
  if (source) {
    const double *f = source + c.start;
    VECTOR
    for (long i = 0; i < nx; i++) out[i] = f[i] - out[i];
  }
}

static inline INLINE void lane_sums(long count, const double *a, lanes *sum, lanes *square) {
  lanes s = *sum, t = *square;
  long i = 0;
  for (; i + 8 <= count; i += 8) {
    const lanes v = *(const unaligned_lanes *)(a + i);
    s += v;
    t += v * v;
  }
  for (; i < count; i++) {
    s[i & 7] += a[i];
    t[i & 7] += a[i] * a[i];
  }
  *sum = s;
  *square = t;
}

CLONES
double ck_network_apply(const ck_network *network, const double *x, const double *zeros, double *y) {
  const ck_network m = *network;
  lanes sum = {0};
  for (long k = 0; k < m.nz; k++) {
    for (long j = 0; j < m.ny; j++) {
      const long row = (k * m.ny + j) * m.nx;
      row_outflow(&m, j, k, x, zeros, zeros, 0, y);
      lane_products(m.nx, x + row, y + row, &sum);
    }
  }
  return lane_sum(&sum);
}

CLONES
void ck_network_residual(const ck_network *network, const double *x, const double *source, const double *bottom,
                         const double *top, double *r, double *sums) {
  const ck_network m = *network;
  lanes sum = {0}, square = {0};
  for (long k = 0; k < m.nz; k++) {
    for (long j = 0; j < m.ny; j++) {
      row_outflow(&m, j, k, x, bottom, top, source, r);
      lane_sums(m.nx, r + (k * m.ny + j) * m.nx, &sum, &square);
    }
  }
  sums[0] = lane_sum(&sum);
  sums[1] = lane_sum(&square);
}

CLONES
double ck_dot(long count, const double *a, const double *b) {
  lanes sum = {0};
  lane_products(count, a, b, &sum);
  return lane_sum(&sum);
}

CLONES
void ck_sums(long count, const double *a, double *sums) {
  lanes sum = {0}, square = {0};
  lane_sums(count, a, &sum, &square);
  sums[0] = lane_sum(&sum);
  sums[1] = lane_sum(&square);
}

/* In blocks that stay in the nearest cache while they are summed. */
CLONES
void ck_recede(long count, double step, const double *q, double *r, double *sums) {
  lanes sum = {0}, square = {0};
  for (long start = 0; start < count; start += 1024) {
    const long size = count - start < 1024 ? count - start : 1024;
    const double *from = q + start;
    double *to = r + start;
    VECTOR
    for (long i = 0; i < size; i++) to[i] -= step * from[i];
    lane_sums(size, to, &sum, &square);
  }
  sums[0] = lane_sum(&sum);
  sums[1] = lane_sum(&square);
}

/* What a cell takes on so that it is in balance with its neighbors. */
#define BALANCE(i, w, e)                                                                             \
  (inverse[i] * (f[i] + (c.gx[i] * c.here[w] + c.gx[e] * c.here[e] + c.gs[i] * c.south[i] + c.gn[i] * c.north[i]) + \
                 c.gb[i] * c.below[i] + c.ga[i] * c.above[i]))

enum { block = 256 };

/* Balances every second cell of row (j, k), from cell `first`; computes all of them, which vectors do faster. */
static inline INLINE void balance_row(const ck_network *m, const double *inverse, long j, long k, long first,
                                      double *x, const double *source, const double *zeros) {
  const long nx = m->nx, last = nx - 1;
  const row c = row_at(m, j, k, x, zeros, zeros);
  const double *f = source + c.start;
  double *here = x + c.start;
  inverse += c.start;
  /* Both ends of a ring of odd length are balanced against what they were. */
  const double low = first == 0 ? BALANCE(0, last, (nx > 1 ? 1 : 0)) : here[0];
  const double high = nx > 1 && (last & 1) == first ? BALANCE(last, last - 1, 0) : here[last];
  double balanced[block];
  for (long start = 1; start < last; start += block) {
    const long size = last - start < block ? last - start : block;
    VECTOR
    for (long n = 0; n < size; n++) balanced[n] = BALANCE((start + n), (start + n - 1), (start + n + 1));
    for (long n = (start + first) & 1; n < size; n += 2) here[start + n] = balanced[n];
  }
  if (nx > 1) here[last] = high;
  here[0] = low;
}

static inline INLINE void balance_plane(const ck_network *m, const double *inverse, long k, long color, int backward,
                                        double *x, const double *source, const double *zeros) {
  for (long line = 0; line < m->ny; line++) {
    const long j = backward ? m->ny - 1 - line : line;
    balance_row(m, inverse, j, k, (color + j + k) & 1, x, source, zeros);
  }
}

/* Both colors in one pass over the planes: the second follows a plane behind the first. */
CLONES
void ck_network_smooth(const ck_network *network, const double *inverse, double *x, const double *source,
                       const double *zeros, int backward) {
  const ck_network m = *network;
  const long color = backward ? 1 : 0;
  for (long step = 0; step <= m.nz; step++) {
    const long k = backward ? m.nz - 1 - step : step;
    if (step < m.nz) balance_plane(&m, inverse, k, color, backward, x, source, zeros);
    if (step > 0) balance_plane(&m, inverse, backward ? k + 1 : k - 1, 1 - color, backward, x, source, zeros);
  }
}

/* z of the first color from nothing, its neighbors then, and what is left: each a plane behind the one before. */
CLONES
void ck_network_presmooth(const ck_network *network, const double *inverse, const double *source, const double *zeros,
                          double *x, double *r) {
  const ck_network m = *network;
  const long plane = m.nx * m.ny;
  for (long step = 0; step < m.nz + 2; step++) {
    if (step < m.nz) {
      for (long j = 0; j < m.ny; j++) {
        const long row = step * plane + j * m.nx, first = (j + step) & 1;
        VECTOR
        for (long i = 0; i < m.nx; i++) x[row + i] = (i & 1) == first ? inverse[row + i] * source[row + i] : 0;
      }
    }
    if (step > 0 && step <= m.nz) balance_plane(&m, inverse, step - 1, 1, 0, x, source, zeros);
    if (step > 1)
      for (long j = 0; j < m.ny; j++) row_outflow(&m, j, step - 2, x, zeros, zeros, source, r);
  }
}
