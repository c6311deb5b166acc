// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/status.h"

const char*
fal_strerror(const FalStatus status)
{
  switch (status) {
    case FAL_OK:
      return "success";
    case FAL_ERR_BAD_ARG:
      return "bad argument";
    case FAL_ERR_NO_MEM:
      return "out of memory";
    case FAL_ERR_OPEN:
      return "cannot open file";
    case FAL_ERR_READ:
      return "cannot read file";
    case FAL_ERR_WRITE:
      return "cannot write file";
    case FAL_ERR_EXISTS:
      return "file exists";
    case FAL_ERR_FORMAT:
      return "unsupported format";
    case FAL_ERR_BAD_DATA:
      return "bad data";
    case FAL_ERR_TOO_LARGE:
      return "too large";
    case FAL_ERR_NOT_FOUND:
      return "not found";
    case FAL_ERR_INTERRUPTED:
      return "interrupted";
  }
  return "unknown error";
}
