// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/**
   @file wish.h What the audio thread wishes to hear, on its way to the loader.

   Three slots: one is the writer's, one the reader's, and one lies between them
   for whoever comes. Writing and reading are exchanges with that one, so that
   neither ever waits, and what is read is always the last wish.
*/

#ifndef FAL_PLUGIN_WISH_H
#define FAL_PLUGIN_WISH_H

#include "core/attributes.h"
#include "plugin/ports.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/// Room for a path with its end
#define FAL_PATH_MAX 4096U

/// Copy a path; what does not fit is cut off
FAL_RT void fal_path_copy(char to[FAL_PATH_MAX], const char* from);

/// How a response is reshaped: the values of the ports from #FAL_PORT_MATCH to
/// #FAL_PORT_SWAP
typedef struct {
  float values[FAL_N_FORM];
} FalForm;

/// Return whether two forms are the same
FAL_RT bool fal_form_equals(const FalForm* a, const FalForm* b);

/// What is wished for
typedef struct {
  uint32_t serial;      ///< Counts wishes
  uint32_t file_serial; ///< The wish that chose the file, 0: none has
  FalForm  form;
  char     path[FAL_PATH_MAX];
  char     right_path[FAL_PATH_MAX]; ///< Of a pair of files, or empty
} FalWish;

/// The three slots; zeroed memory, then fal_wishes_init()
typedef struct {
  FalWish     slots[3];
  uint32_t    writers;
  uint32_t    readers;
  atomic_uint between; ///< A slot, and whether it is news
} FalWishes;

/// Begin without a wish
void fal_wishes_init(FalWishes* wishes);

/// Send a wish; it replaces one that has not been read
FAL_RT void fal_wishes_send(FalWishes* wishes, const FalWish* wish);

/// Return the last wish if it has not been read yet, else null; it stays as it
/// is until the next call
const FalWish* fal_wishes_take(FalWishes* wishes);

#endif // FAL_PLUGIN_WISH_H
