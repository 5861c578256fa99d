#include "CKernels.h"
#include "clones.h"

#pragma STDC FP_CONTRACT OFF

enum { W = ck_lane_count, ahead = 4 };

/* The block that couples the upper node of an element (row) to the lower one: antisymmetric between x, y and w. */
#define COUPLING                                                                                                    \
  const double oxx = c11 * xx[i] + c16 * (xy[i] + xy[i]) + c66 * yy[i] - t55 * one[i];                              \
  const double oxy = c1266 * xy[i] + c16 * xx[i] + c26 * yy[i] - t45 * one[i];                                      \
  const double oyy = c22 * yy[i] + c26 * (xy[i] + xy[i]) + c66 * xx[i] - t44 * one[i];                              \
  const double oww = c44 * yy[i] + c45 * (xy[i] + xy[i]) + c55 * xx[i] - t33 * one[i];                              \
  const double owx = rx * x[i] + rxy * y[i], owy = ry * y[i] + rxy * x[i];

#define CONSTANTS(l)                                                                                                \
  const double sixth = 1.0 / 6;                                                                                     \
  const double c11 = sixth * (l)[0], c16 = sixth * (l)[3], c22 = sixth * (l)[4], c26 = sixth * (l)[6];              \
  const double t33 = (l)[7], t44 = (l)[9], t45 = (l)[10], t55 = (l)[11], c66 = sixth * (l)[12];                     \
  const double c44 = sixth * t44, c45 = sixth * t45, c55 = sixth * t55, c1266 = sixth * ((l)[1] + (l)[12]);         \
  const double rx = 0.5 * ((l)[2] + t55), ry = 0.5 * ((l)[5] + t44), rxy = 0.5 * ((l)[8] + t45);

#define SYMBOLS(s)                                                                                                  \
  const double *restrict xx = (s), *restrict xy = (s) + W, *restrict yy = (s) + 2 * W, *restrict x = (s) + 3 * W;   \
  const double *restrict y = (s) + 4 * W, *restrict one = (s) + 5 * W;

/* Products of the inverse d with the two parts of f. */
#define INVERSE_TIMES(fxr, fxi, fyr, fyi, fwr, fwi)                                                                 \
  const double dxx = d[i], dxy = d[W + i], dxw = d[2 * W + i], dyy = d[3 * W + i], dyw = d[4 * W + i];              \
  const double dww = d[5 * W + i];                                                                                  \
  const double gxr = dxx * (fxr) + dxy * (fyr) + dxw * (fwr), gxi = dxx * (fxi) + dxy * (fyi) + dxw * (fwi);        \
  const double gyr = dxy * (fxr) + dyy * (fyr) + dyw * (fwr), gyi = dxy * (fxi) + dyy * (fyi) + dyw * (fwi);        \
  const double gwr = dxw * (fxr) + dyw * (fyr) + dww * (fwr), gwi = dxw * (fxi) + dyw * (fyi) + dww * (fwi);

/* Copies a plane's modes out of the spectra: the component z is i w. */
static inline INLINE void take(long width, const double *data, long component, double *q) {
  const double *a = data, *b = data + component, *c = b + component;
  VECTOR
  for (long i = 0; i < width; i++) {
    q[i] = a[2 * i];
    q[W + i] = a[2 * i + 1];
    q[2 * W + i] = b[2 * i];
    q[3 * W + i] = b[2 * i + 1];
    q[4 * W + i] = c[2 * i + 1];
    q[5 * W + i] = -c[2 * i];
  }
}

static inline INLINE void put(long width, const double *v, double *data, long component) {
  double *a = data, *b = data + component, *c = b + component;
  VECTOR
  for (long i = 0; i < width; i++) {
    a[2 * i] = v[i];
    a[2 * i + 1] = v[W + i];
    b[2 * i] = v[2 * W + i];
    b[2 * i + 1] = v[3 * W + i];
    c[2 * i] = -v[5 * W + i];
    c[2 * i + 1] = v[4 * W + i];
  }
}

CLONES
void ck_layers(long width, long nodes, const double *symbols, const double *layers, const double *inverse,
               const double *shares, double step, double *residual, double *data, long plane, long component,
               double *work, double *sums) {
  SYMBOLS(symbols)
  const double *restrict weight = symbols + 6 * W;
  const double share_x = shares[0], share_y = shares[1], share_z = shares[2];
  double q[6 * W], product[W], square[W];
  for (long i = 0; i < 6 * W; i++) q[i] = 0;
  for (long i = 0; i < W; i++) product[i] = square[i] = 0;
  /* Upwards: the forces without what the nodes below take, times the inverse. */
  for (long n = 0; n < nodes; n++) {
    double *restrict r = residual + 6 * W * n;
    double *restrict v = work + 6 * W * n;
    const double *restrict d = inverse + 6 * W * n;
    /* Planes are too far apart for the processor to foresee them. */
    if (n + ahead < nodes) {
      const double *next = data + (n + ahead) * plane;
      for (int c = 0; c < 3; c++)
        for (long i = 0; i < 2 * W; i += 8) __builtin_prefetch(next + c * component + i, 1);
    }
    if (width == W) {
      take(W, data + n * plane, component, q);
    } else {
      take(width, data + n * plane, component, q);
    }
    VECTOR
    for (long i = 0; i < 6 * W; i++) r[i] -= step * q[i];
    if (n == 0) {
      VECTOR
      for (long i = 0; i < W; i++) {
        INVERSE_TIMES(r[i], r[W + i], r[2 * W + i], r[3 * W + i], r[4 * W + i], r[5 * W + i])
        v[i] = gxr;
        v[W + i] = gxi;
        v[2 * W + i] = gyr;
        v[3 * W + i] = gyi;
        v[4 * W + i] = gwr;
        v[5 * W + i] = gwi;
      }
    } else {
      const double *restrict b = v - 6 * W;
      CONSTANTS(layers + ck_layer_count * (n - 1))
      VECTOR
      for (long i = 0; i < W; i++) {
        COUPLING
        const double axr = b[i], axi = b[W + i], ayr = b[2 * W + i], ayi = b[3 * W + i], awr = b[4 * W + i];
        const double awi = b[5 * W + i];
        const double fxr = r[i] - (oxx * axr + oxy * ayr - owx * awr);
        const double fxi = r[W + i] - (oxx * axi + oxy * ayi - owx * awi);
        const double fyr = r[2 * W + i] - (oxy * axr + oyy * ayr - owy * awr);
        const double fyi = r[3 * W + i] - (oxy * axi + oyy * ayi - owy * awi);
        const double fwr = r[4 * W + i] - (owx * axr + owy * ayr + oww * awr);
        const double fwi = r[5 * W + i] - (owx * axi + owy * ayi + oww * awi);
        INVERSE_TIMES(fxr, fxi, fyr, fyi, fwr, fwi)
        v[i] = gxr;
        v[W + i] = gxi;
        v[2 * W + i] = gyr;
        v[3 * W + i] = gyi;
        v[4 * W + i] = gwr;
        v[5 * W + i] = gwi;
      }
    }
    VECTOR
    for (long i = 0; i < W; i++)
      square[i] += share_x * (r[i] * r[i] + r[W + i] * r[W + i]) +
                   share_y * (r[2 * W + i] * r[2 * W + i] + r[3 * W + i] * r[3 * W + i]) +
                   share_z * (r[4 * W + i] * r[4 * W + i] + r[5 * W + i] * r[5 * W + i]);
  }
  /* Downwards. */
  for (long n = nodes - 1; n >= 0; n--) {
    const double *restrict r = residual + 6 * W * n;
    double *restrict v = work + 6 * W * n;
    const double *restrict d = inverse + 6 * W * n;
    if (n < nodes - 1) {
      const double *restrict a = v + 6 * W;
      CONSTANTS(layers + ck_layer_count * n)
      VECTOR
      for (long i = 0; i < W; i++) {
        COUPLING
        const double axr = a[i], axi = a[W + i], ayr = a[2 * W + i], ayi = a[3 * W + i], awr = a[4 * W + i];
        const double awi = a[5 * W + i];
        const double fxr = oxx * axr + oxy * ayr + owx * awr, fxi = oxx * axi + oxy * ayi + owx * awi;
        const double fyr = oxy * axr + oyy * ayr + owy * awr, fyi = oxy * axi + oyy * ayi + owy * awi;
        const double fwr = oww * awr - (owx * axr + owy * ayr), fwi = oww * awi - (owx * axi + owy * ayi);
        INVERSE_TIMES(fxr, fxi, fyr, fyi, fwr, fwi)
        v[i] -= gxr;
        v[W + i] -= gxi;
        v[2 * W + i] -= gyr;
        v[3 * W + i] -= gyi;
        v[4 * W + i] -= gwr;
        v[5 * W + i] -= gwi;
      }
    }
    VECTOR
    for (long i = 0; i < W; i++)
      product[i] += (r[i] * v[i] + r[W + i] * v[W + i]) + (r[2 * W + i] * v[2 * W + i] + r[3 * W + i] * v[3 * W + i]) +
                    (r[4 * W + i] * v[4 * W + i] + r[5 * W + i] * v[5 * W + i]);
    if (width == W) {
      put(W, v, data + n * plane, component);
    } else {
      put(width, v, data + n * plane, component);
    }
  }
  lanes products = {0}, squares = {0};
  lane_products(W, product, weight, &products);
  lane_products(W, square, weight, &squares);
  sums[0] = lane_sum(&products);
  sums[1] = lane_sum(&squares);
}

CLONES
void ck_follow(long count, double share, const double *z, double *p) {
  VECTOR
  for (long i = 0; i < count; i++) p[i] = z[i] + share * p[i];
}

CLONES
double ck_spring(long modes, const double *spring, const double *symbols, const double *p, double *data,
                 long component) {
  double u[6 * W], f[6 * W], g[6 * W], product[W];
  for (long i = 0; i < 6 * W; i++) u[i] = g[i] = 0;
  lanes sum = {0};
  for (long start = 0; start < modes; start += W) {
    const long width = modes - start < W ? modes - start : W;
    const double *restrict d = spring + start * 6;
    const double *restrict weight = symbols + start * ck_symbol_count + 6 * W;
    take(width, p + 2 * start, component, u);
    take(width, data + 2 * start, component, g);
    VECTOR
    for (long i = 0; i < W; i++) {
      INVERSE_TIMES(u[i], u[W + i], u[2 * W + i], u[3 * W + i], u[4 * W + i], u[5 * W + i])
      product[i] = (u[i] * gxr + u[W + i] * gxi) + (u[2 * W + i] * gyr + u[3 * W + i] * gyi) +
                   (u[4 * W + i] * gwr + u[5 * W + i] * gwi);
      f[i] = g[i] + gxr;
      f[W + i] = g[W + i] + gxi;
      f[2 * W + i] = g[2 * W + i] + gyr;
      f[3 * W + i] = g[3 * W + i] + gyi;
      f[4 * W + i] = g[4 * W + i] + gwr;
      f[5 * W + i] = g[5 * W + i] + gwi;
    }
    put(width, f, data + 2 * start, component);
    lane_products(W, product, weight, &sum);
  }
  return lane_sum(&sum);
}
