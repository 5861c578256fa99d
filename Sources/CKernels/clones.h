#pragma once

/* Code for older and newer processors in one object, chosen when the program starts. */
#if defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CLONES
#endif
#define INLINE __attribute__((always_inline))
#define VECTOR _Pragma("clang loop vectorize(assume_safety)")

/* Eight partial sums, so that a sum has one order on every processor. */
typedef double lanes __attribute__((vector_size(64)));
typedef double unaligned_lanes __attribute__((vector_size(64), aligned(8)));

static inline INLINE double lane_sum(const lanes *sum) {
  const lanes s = *sum;
  return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
}

static inline INLINE void lane_products(long count, const double *a, const double *b, lanes *sum) {
  lanes s = *sum;
  long i = 0;
  for (; i + 8 <= count; i += 8) s += *(const unaligned_lanes *)(a + i) * *(const unaligned_lanes *)(b + i);
  for (; i < count; i++) s[i & 7] += a[i] * b[i];
  *sum = s;
}
