// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#ifndef FAL_CORE_STATUS_H
#define FAL_CORE_STATUS_H

/// How a call ended; zero is success, so `if ((st = f()))` reads "if f failed"
typedef enum {
  FAL_OK,             ///< Done
  FAL_ERR_BAD_ARG,    ///< An argument outside of what the contract allows
  FAL_ERR_NO_MEM,     ///< Out of memory
  FAL_ERR_OPEN,       ///< A file could not be opened
  FAL_ERR_READ,       ///< A file could not be read
  FAL_ERR_WRITE,      ///< A file could not be written whole
  FAL_ERR_EXISTS,     ///< A file is there already
  FAL_ERR_FORMAT,     ///< A format that is not supported
  FAL_ERR_BAD_DATA,   ///< Damaged or non-finite data
  FAL_ERR_TOO_LARGE,  ///< More channels, frames or hertz than the limits allow
  FAL_ERR_NOT_FOUND,  ///< Nothing was found
  FAL_ERR_INTERRUPTED ///< A signal or the user ended it
} FalStatus;

/// Return a status in words: a static string, lower case, without a full stop
const char* fal_strerror(FalStatus status);

#endif // FAL_CORE_STATUS_H
