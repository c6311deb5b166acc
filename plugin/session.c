// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "plugin/session.h"

#include <stdlib.h>
#include <string.h>

FalStatus
fal_session_copy(FalSession* const copy, const FalSession* const session)
{
  FalSession c = *session;

  c.path       = session->path ? strdup(session->path) : NULL;
  c.right_path = session->right_path ? strdup(session->right_path) : NULL;
  if ((session->path && !c.path) || (session->right_path && !c.right_path)) {
    fal_session_clear(&c);
    return FAL_ERR_NO_MEM;
  }

  *copy = c;
  return FAL_OK;
}

void
fal_session_clear(FalSession* const session)
{
  free(session->path);
  free(session->right_path);
  *session = (FalSession){NULL, NULL, 0U, 0U};
}
