#pragma once
#include <hdf5.h>
#include <hdf5_hl.h>
#include <stdlib.h>
#include <string.h>

// HDF5's constants are macros that call H5open first; Swift imports functions, not macros.
#define HDF5_CONSTANT(type, name, value) \
  static inline type hdf5_##name(void) { return value; }

HDF5_CONSTANT(hid_t, native_double, H5T_NATIVE_DOUBLE)
HDF5_CONSTANT(hid_t, native_int64, H5T_NATIVE_INT64)
HDF5_CONSTANT(hid_t, native_uint64, H5T_NATIVE_UINT64)
HDF5_CONSTANT(hid_t, native_uint32, H5T_NATIVE_UINT32)
HDF5_CONSTANT(hid_t, native_uint8, H5T_NATIVE_UINT8)
HDF5_CONSTANT(hid_t, stored_double, H5T_IEEE_F64LE)
HDF5_CONSTANT(hid_t, stored_int64, H5T_STD_I64LE)
HDF5_CONSTANT(hid_t, stored_uint64, H5T_STD_U64LE)
HDF5_CONSTANT(hid_t, stored_uint32, H5T_STD_U32LE)
HDF5_CONSTANT(hid_t, stored_uint8, H5T_STD_U8LE)
HDF5_CONSTANT(hid_t, c_string, H5T_C_S1)
HDF5_CONSTANT(hid_t, file_access, H5P_FILE_ACCESS)
HDF5_CONSTANT(hid_t, file_creation, H5P_FILE_CREATE)
HDF5_CONSTANT(hid_t, group_creation, H5P_GROUP_CREATE)
HDF5_CONSTANT(hid_t, dataset_creation, H5P_DATASET_CREATE)
HDF5_CONSTANT(hid_t, default_list, H5P_DEFAULT)
HDF5_CONSTANT(hid_t, all, H5S_ALL)
HDF5_CONSTANT(unsigned, read_only, H5F_ACC_RDONLY)
HDF5_CONSTANT(unsigned, truncate, H5F_ACC_TRUNC)

/// Stops HDF5 from printing its error stack on this thread.
static inline void hdf5_silence(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }

static herr_t hdf5_keep_reason(unsigned depth, const H5E_error2_t *error, void *reason) {
  (void)depth;
  if (((char *)reason)[0] == 0 && error->desc) strncpy((char *)reason, error->desc, 511);
  return 0;
}

/// Copies the innermost message of this thread's error stack; `reason` holds 512 bytes.
static inline void hdf5_reason(char *reason) {
  memset(reason, 0, 512);
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, hdf5_keep_reason, reason);
}

/// The bytes of a file that HDF5 builds in memory; they outlive the file.
typedef struct {
  void *bytes;
  size_t capacity;
  int is_complete;
} hdf5_image;

static void *hdf5_grow_image(void *bytes, size_t size, H5FD_file_image_op_t operation, void *context) {
  (void)operation;
  hdf5_image *image = (hdf5_image *)context;
  char *grown = (char *)realloc(bytes, size);
  if (!grown) return NULL;
  // Gaps that nobody writes must not carry what the memory held before.
  if (size > image->capacity) memset(grown + image->capacity, 0, size - image->capacity);
  image->capacity = size;
  return grown;
}

static herr_t hdf5_keep_image(void *bytes, H5FD_file_image_op_t operation, void *context) {
  hdf5_image *image = (hdf5_image *)context;
  image->bytes = bytes;
  image->is_complete = operation == H5FD_FILE_IMAGE_OP_FILE_CLOSE;
  return 0;
}

static void *hdf5_share_context(void *context) { return context; }

static herr_t hdf5_release_context(void *context) {
  (void)context;
  return 0;
}

/// Makes a file-access list build its file in memory and leave the bytes in `image` when the file is closed.
///
/// H5Fget_file_image would be shorter, but that of 1.10.8 leaves a superblock whose checksum does not fit.
static inline herr_t hdf5_use_memory(hid_t list, hdf5_image *image) {
  H5FD_file_image_callbacks_t callbacks = {0};
  callbacks.image_realloc = hdf5_grow_image;
  callbacks.image_free = hdf5_keep_image;
  callbacks.udata_copy = hdf5_share_context;
  callbacks.udata_free = hdf5_release_context;
  callbacks.udata = image;
  if (H5Pset_fapl_core(list, (size_t)16 << 20, 0) < 0) return -1;
  return H5Pset_file_image_callbacks(list, &callbacks);
}
