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

/* Takes step q off the residual r of one mode, writes its product with the matrix to q, and adds to the sums. */
#define MULTIPLY(r, q, gxz, gyz)                                                                                 \
  {                                                                                                              \
    const double ur = r[2 * i] - step * q[2 * i], ui = r[2 * i + 1] - step * q[2 * i + 1];                       \
    const double vr = r[n + 2 * i] - step * q[n + 2 * i], vi = r[n + 2 * i + 1] - step * q[n + 2 * i + 1];       \
    const double wr = r[2 * n + 2 * i] - step * q[2 * n + 2 * i];                                                \
    const double wi = r[2 * n + 2 * i + 1] - step * q[2 * n + 2 * i + 1];                                        \
    const double ar = gxx * ur + gxy * vr + (gxz) * wr, ai = gxx * ui + gxy * vi + (gxz) * wi;                   \
    const double br = gxy * ur + gyy * vr + (gyz) * wr, bi = gxy * ui + gyy * vi + (gyz) * wi;                   \
    const double cr = (gxz) * ur + (gyz) * vr + gzz * wr, ci = (gxz) * ui + (gyz) * vi + gzz * wi;               \
    product[i] += (ur * ar + ui * ai) + (vr * br + vi * bi) + (wr * cr + wi * ci);                               \
    square[i] += share_x * (ur * ur + ui * ui) + share_y * (vr * vr + vi * vi) + share_z * (wr * wr + wi * wi);  \
    r[2 * i] = ur;                                                                                               \
    r[2 * i + 1] = ui;                                                                                           \
    r[n + 2 * i] = vr;                                                                                           \
    r[n + 2 * i + 1] = vi;                                                                                       \
    r[2 * n + 2 * i] = wr;                                                                                       \
    r[2 * n + 2 * i + 1] = wi;                                                                                   \
    q[2 * i] = ar;                                                                                               \
    q[2 * i + 1] = ai;                                                                                           \
    q[n + 2 * i] = br;                                                                                           \
    q[n + 2 * i + 1] = bi;                                                                                       \
    q[2 * n + 2 * i] = cr;                                                                                       \
    q[2 * n + 2 * i + 1] = ci;                                                                                   \
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
void ck_green(long width, long depth, const double *x, const double *y, const double *z, const double *constants,
              const double *shares, double scale, double step, double *residual, double *data, double *work,
              double *sums) {
  const double *dx = x, *mx = x + width, *tx = x + 2 * width, *weight = x + 3 * width;
  const double dy = y[0], my = y[1], ty = y[2];
  const double C11 = constants[0], C22 = constants[1], C33 = constants[2], C12 = constants[3], C13 = constants[4];
  const double C23 = constants[5], C44 = constants[6], C55 = constants[7], C66 = constants[8];
  const double share_x = shares[0], share_y = shares[1], share_z = shares[2];
  const long n = 2 * width;
  double *product = work, *square = work + width;
  for (long i = 0; i < n; i++) work[i] = 0;
  for (long k = 0; k <= depth / 2; k++) {
    const double dz = z[k], mz = z[depth + k], tz = z[2 * depth + k];
    const double mm = my * mz, dm = dy * mz, md = my * dz;
    const double xx1 = C11 * mm, xx0 = C66 * dm + C55 * md;
    const double yy1 = C66 * mm, yy0 = C22 * dm + C44 * md;
    const double zz1 = C55 * mm, zz0 = C44 * dm + C33 * md;
    const double xy1 = (C12 + C66) * ty * mz, xz1 = (C13 + C55) * my * tz, yz0 = (C23 + C44) * ty * tz;
    double *q = data + 3 * k * n, *r = residual + 3 * k * n;
    const long mirrored = depth - k;
    if (k > 0 && mirrored > k) {
      /* The opposite frequency along z has the same matrix, but for the signs of xz and yz. */
      double *qm = data + 3 * mirrored * n, *rm = residual + 3 * mirrored * n;
      VECTOR
      for (long i = 0; i < width; i++) {
        INVERT
        MULTIPLY(r, q, gxz, gyz)
        MULTIPLY(rm, qm, -gxz, -gyz)
      }
    } else {
      VECTOR
      for (long i = 0; i < width; i++) {
        INVERT
        MULTIPLY(r, q, gxz, gyz)
      }
    }
  }
  lanes products = {0}, squares = {0};
  lane_products(width, product, weight, &products);
  lane_products(width, square, weight, &squares);
  sums[0] = lane_sum(&products);
  sums[1] = lane_sum(&squares);
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
