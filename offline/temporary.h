// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file temporary.h A file that is not there until it is finished

#ifndef FAL_OFFLINE_TEMPORARY_H
#define FAL_OFFLINE_TEMPORARY_H

#include "core/attributes.h"

#include <stdbool.h>
#include <sys/types.h>

/// A temporary file beside the final one; any thread may have some
typedef struct FalTemporary {
  struct FalTemporary* next; ///< In the list of all that exist
  struct FalTemporary* previous;
  char*                path; ///< Owned
  int                  fd;   ///< Open for reading and writing; -1 once closed
} FalTemporary;

/**
   Create an empty file in the folder of `path`, with a name of its own.

   @param temporary Set on success.
   @param mode Permissions, to which the umask applies.
   @return 0, or the errno that says why not.
*/
FAL_NODISCARD int fal_temporary_open(FalTemporary* temporary, const char* path,
                                     mode_t mode);

/// Bring it to the disk; 0, or an errno
FAL_NODISCARD int fal_temporary_sync(FalTemporary* temporary);

/**
   Close it and give it its final name, in one step.

   @param replace Replace a file of that name; without it, that is EEXIST.
   @return 0, or an errno; the temporary is still there then.
*/
FAL_NODISCARD int fal_temporary_publish(FalTemporary* temporary,
                                        const char* path, bool replace);

/// Close and remove it
void fal_temporary_remove(FalTemporary* temporary);

/**
   Remove all temporaries at the end of the process.

   After it, calls of the other functions wait for ever.
*/
void fal_temporaries_end(void);

#endif // FAL_OFFLINE_TEMPORARY_H
