#include "CKernels.h"
#include "clones.h"
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#pragma STDC FP_CONTRACT OFF

CLONES
void ck_direction(long count, double step, double share, const double *z, double *p, double *x) {
  VECTOR
  for (long i = 0; i < count; i++) {
    const double old = p[i];
    x[i] += step * old;
    p[i] = z[i] + share * old;
  }
}

CLONES
void ck_advance(long count, double step, const double *p, double *x) {
  VECTOR
  for (long i = 0; i < count; i++) x[i] += step * p[i];
}

CLONES
double ck_residual(long count, double step, const double *q, double *r) {
  lanes s = {0};
  long i = 0;
  for (; i + 8 <= count; i += 8) {
    const lanes v = *(unaligned_lanes *)(r + i) - step * *(const unaligned_lanes *)(q + i);
    *(unaligned_lanes *)(r + i) = v;
    s += v * v;
  }
  for (; i < count; i++) {
    const double v = r[i] - step * q[i];
    r[i] = v;
    s[i & 7] += v * v;
  }
  return lane_sum(&s);
}

CLONES
double ck_square(long count, const double *r) {
  lanes s = {0};
  lane_products(count, r, r, &s);
  return lane_sum(&s);
}

/* Multiplies one mode by the matrix; adds its product with the result. */
#define MULTIPLY(u, v, w, gxz, gyz)                                                                              \
  {                                                                                                              \
    const double ur = u[2 * i], ui = u[2 * i + 1], vr = v[2 * i], vi = v[2 * i + 1];                             \
    const double wr = w[2 * i], wi = w[2 * i + 1];                                                               \
    const double ar = gxx * ur + gxy * vr + (gxz) * wr, ai = gxx * ui + gxy * vi + (gxz) * wi;                   \
    const double br = gxy * ur + gyy * vr + (gyz) * wr, bi = gxy * ui + gyy * vi + (gyz) * wi;                   \
    const double cr = (gxz) * ur + (gyz) * vr + gzz * wr, ci = (gxz) * ui + (gyz) * vi + gzz * wi;               \
    product[i] += (ur * ar + ui * ai) + (vr * br + vi * bi) + (wr * cr + wi * ci);                               \
    u[2 * i] = ar;                                                                                               \
    u[2 * i + 1] = ai;                                                                                           \
    v[2 * i] = br;                                                                                               \
    v[2 * i + 1] = bi;                                                                                           \
    w[2 * i] = cr;                                                                                               \
    w[2 * i + 1] = ci;                                                                                           \
  }

/* The inverse of the stiffness, times `scale`, from the symbols of one mode. */
#define INVERT                                                                                                   \
  const double d = dx[i], m = mx[i], t = tx[i];                                                                  \
  const double xx = xx1 * d + xx0 * m, yy = yy1 * d + yy0 * m, zz = zz1 * d + zz0 * m;                           \
  const double xy = xy1 * t, xz = xz1 * t, yz = yz0 * m;                                                         \
  const double cxx = yy * zz - yz * yz, cxy = xz * yz - xy * zz, cxz = xy * yz - xz * yy;                        \
  const double determinant = xx * cxx + xy * cxy + xz * cxz;                                                     \
  /* At frequency 0 all cofactors are 0. */                                                                      \
  const double share = scale / (determinant == 0 ? 1 : determinant);                                             \
  const double gxx = share * cxx, gxy = share * cxy, gxz = share * cxz;                                          \
  const double gyy = share * (xx * zz - xz * xz), gyz = share * (xy * xz - xx * yz);                             \
  const double gzz = share * (xx * yy - xy * xy);

CLONES
double ck_green(long width, long depth, const double *x, const double *y, const double *z, const double *constants,
                double scale, double *data, double *work) {
  const double *dx = x, *mx = x + width, *tx = x + 2 * width, *weight = x + 3 * width;
  const double dy = y[0], my = y[1], ty = y[2];
  const double C11 = constants[0], C22 = constants[1], C33 = constants[2], C12 = constants[3], C13 = constants[4];
  const double C23 = constants[5], C44 = constants[6], C55 = constants[7], C66 = constants[8];
  double *product = work;
  for (long i = 0; i < width; i++) product[i] = 0;
  for (long k = 0; k <= depth / 2; k++) {
    const double dz = z[k], mz = z[depth + k], tz = z[2 * depth + k];
    const double mm = my * mz, dm = dy * mz, md = my * dz;
    const double xx1 = C11 * mm, xx0 = C66 * dm + C55 * md;
    const double yy1 = C66 * mm, yy0 = C22 * dm + C44 * md;
    const double zz1 = C55 * mm, zz0 = C44 * dm + C33 * md;
    const double xy1 = (C12 + C66) * ty * mz, xz1 = (C13 + C55) * my * tz, yz0 = (C23 + C44) * ty * tz;
    double *u = data + 6 * k * width, *v = u + 2 * width, *w = v + 2 * width;
    const long mirrored = depth - k;
    if (k > 0 && mirrored > k) {
      /* The opposite frequency along z has the same matrix, but for the signs of xz and yz. */
      double *mu = data + 6 * mirrored * width, *mv = mu + 2 * width, *mw = mv + 2 * width;
      VECTOR
      for (long i = 0; i < width; i++) {
        INVERT
        MULTIPLY(u, v, w, gxz, gyz)
        MULTIPLY(mu, mv, mw, -gxz, -gyz)
      }
    } else {
      VECTOR
      for (long i = 0; i < width; i++) {
        INVERT
        MULTIPLY(u, v, w, gxz, gyz)
      }
    }
  }
  lanes s = {0};
  lane_products(width, product, weight, &s);
  return lane_sum(&s);
}

double *ck_allocate(long count) {
  const size_t page = (size_t)1 << 21;
  size_t bytes = (size_t)(count > 0 ? count : 1) * sizeof(double);
  size_t boundary = bytes < page ? 64 : page;
  bytes = (bytes + boundary - 1) / boundary * boundary;
  void *room = NULL;
  if (posix_memalign(&room, boundary, bytes) != 0) return NULL;
#if defined(__linux__)
  if (boundary == page) madvise(room, bytes, MADV_HUGEPAGE);
#endif
  memset(room, 0, bytes);
  return room;
}

void ck_free(double *room) { free(room); }
