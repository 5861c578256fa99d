#pragma once
#include <fftw3.h>

/* An array of unknown length does not import. */
static inline const char *boule_fftw_version(void) { return fftw_version; }
