#include "CKernels.h"
#include "clones.h"
#include <stdint.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

/* e^x to the last digit or two, from x = -708 to 709; beyond that as at the ends. No branch, for vector loops. */
static inline INLINE double exponential(double x) {
  x = x < -708 ? -708 : x;
  x = x > 709 ? 709 : x;
  /* The nearest whole number of doublings stands in the last bits of a sum with 1.5 2^52. */
  const double shifted = x * 1.4426950408889634 + 6755399441055744.0;
  const double n = shifted - 6755399441055744.0;
  const double r = (x - n * 0x1.62e42feep-1) - n * 1.9082149292705877e-10;
  double p = 1.0 / 6227020800;
  p = p * r + 1.0 / 479001600;
  p = p * r + 1.0 / 39916800;
  p = p * r + 1.0 / 3628800;
  p = p * r + 1.0 / 362880;
  p = p * r + 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = p * r + 0.5;
  p = p * r * r + r + 1;
  uint64_t bits;
  memcpy(&bits, &shifted, 8);
  bits = (bits + 1023) << 52;
  double scale;
  memcpy(&scale, &bits, 8);
  return p * scale;
}

/* ln(1 + e) for e from 0 to 1: the series of the area tangent of e / (2 + e). */
static inline INLINE double log_one_plus(double e) {
  const double s = e / (2 + e), t = s * s;
  double p = 1.0 / 33;
  p = p * t + 1.0 / 31;
  p = p * t + 1.0 / 29;
  p = p * t + 1.0 / 27;
  p = p * t + 1.0 / 25;
  p = p * t + 1.0 / 23;
  p = p * t + 1.0 / 21;
  p = p * t + 1.0 / 19;
  p = p * t + 1.0 / 17;
  p = p * t + 1.0 / 15;
  p = p * t + 1.0 / 13;
  p = p * t + 1.0 / 11;
  p = p * t + 1.0 / 9;
  p = p * t + 1.0 / 7;
  p = p * t + 1.0 / 5;
  p = p * t + 1.0 / 3;
  return 2 * s * (1 + p * t);
}

enum { block = 256 };

/* x = level - z phi - energy per cell of a block. */
static inline INLINE void arguments(long size, double level, double z, const double *phi, const double *energy,
                                    double *x) {
  if (energy) {
    VECTOR
    for (long i = 0; i < size; i++) x[i] = level - z * phi[i] - energy[i];
  } else {
    VECTOR
    for (long i = 0; i < size; i++) x[i] = level - z * phi[i];
  }
}

static inline INLINE void add_block(long size, const double *a, lanes *sum) {
  lanes s = *sum;
  long i = 0;
  for (; i + 8 <= size; i += 8) s += *(const unaligned_lanes *)(a + i);
  for (; i < size; i++) s[i & 7] += a[i];
  *sum = s;
}

CLONES
void ck_ion_numbers(long count, double level, double z, const double *phi, const double *energy, double *sums) {
  double x[block], full[block], bare[block], mobile[block];
  lanes ions = {0}, holes = {0}, slopes = {0};
  for (long start = 0; start < count; start += block) {
    const long size = count - start < block ? count - start : block;
    arguments(size, level, z, phi + start, energy ? energy + start : 0, x);
    VECTOR
    for (long i = 0; i < size; i++) {
      const double a = x[i], e = exponential(a > 0 ? -a : a), share = 1 / (1 + e);
      const double rest = e * share;
      /* Where the energy is infinite no place is open. */
      const double open = a > -1e300 ? 1 : 0;
      full[i] = (a > 0 ? share : rest) * open;
      bare[i] = (a > 0 ? rest : share) * open;
      mobile[i] = rest * share * open;
    }
    add_block(size, full, &ions);
    add_block(size, bare, &holes);
    add_block(size, mobile, &slopes);
  }
  sums[0] = lane_sum(&ions);
  sums[1] = lane_sum(&holes);
  sums[2] = lane_sum(&slopes);
}

CLONES
void ck_ions(long count, double level, double z, double sites, const double *places, const double *phi,
             const double *energy, double *charge, double *gross, double *sinks, double *weights, double *sums) {
  double x[block], value[block], open[block];
  const double size_of_charge = z < 0 ? -z : z;
  lanes energies = {0}, slopes = {0};
  for (long start = 0; start < count; start += block) {
    const long size = count - start < block ? count - start : block;
    arguments(size, level, z, phi + start, energy ? energy + start : 0, x);
    double *own = charge + start, *all = gross + start, *sink = sinks + start, *weight = weights + start;
    for (long i = 0; i < size; i++) open[i] = (x[i] > -1e300 ? sites : 0) * (places ? places[start + i] : 1);
    VECTOR
    for (long i = 0; i < size; i++) {
      const double a = x[i], e = exponential(a > 0 ? -a : a), share = 1 / (1 + e);
      const double ions = open[i] * (a > 0 ? share : e * share), slope = open[i] * (e * share * share);
      own[i] += z * ions;
      all[i] += size_of_charge * ions;
      sink[i] += z * z * slope;
      weight[i] = slope;
      value[i] = open[i] * ((a > 0 ? a : 0) + log_one_plus(e));
    }
    add_block(size, value, &energies);
    add_block(size, weight, &slopes);
  }
  sums[0] = lane_sum(&energies);
  sums[1] = lane_sum(&slopes);
}

CLONES
double ck_carriers(long count, double intrinsic, double level, const double *levels, const double *phi, double *charge,
                   double *gross, double *sinks) {
  double both[block];
  lanes sum = {0};
  for (long start = 0; start < count; start += block) {
    const long size = count - start < block ? count - start : block;
    const double *potential = phi + start;
    double *own = charge + start, *all = gross + start, *sink = sinks + start;
    VECTOR
    for (long i = 0; i < size; i++) both[i] = potential[i] + level;
    if (levels) {
      VECTOR
      for (long i = 0; i < size; i++) both[i] += levels[start + i];
    }
    VECTOR
    for (long i = 0; i < size; i++) {
      const double electrons = intrinsic * exponential(both[i]), holes = intrinsic * exponential(-both[i]);
      own[i] += holes - electrons;
      all[i] += holes + electrons;
      sink[i] += holes + electrons;
      both[i] = holes + electrons;
    }
    add_block(size, both, &sum);
  }
  return lane_sum(&sum);
}
