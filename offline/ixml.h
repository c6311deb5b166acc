// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file ixml.h The times in an iXML chunk, moved with the start of the sound

#ifndef FAL_OFFLINE_IXML_H
#define FAL_OFFLINE_IXML_H

#include "core/attributes.h"
#include "core/status.h"

#include <stddef.h>
#include <stdint.h>

/**
   Correct the times in an iXML text for a sound that begins later.

   BWF_TIME_REFERENCE_LOW and _HIGH and TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO and
   _HI grow (the latter at TIMESTAMP_SAMPLE_RATE, if it is given), relative sync
   points come nearer to the start, but not before it. All else is copied byte
   by byte. (iXML Specification, revision 3.01.)

   @param edited Set on success to a text for free(), not ended by zero.
   @param n_edited Bytes of it.
   @param n_frames By how much later the sound begins; negative: earlier.
   @param rate_hz Of the sound.
   @return #FAL_OK, #FAL_ERR_NO_MEM, or #FAL_ERR_BAD_DATA if it is not the XML
   it should be (well-formed, of bytes that are ASCII where ASCII is meant,
   without a document type).
*/
FAL_NODISCARD FalStatus fal_ixml_shift(char** edited, size_t* n_edited,
                                       const char* text, size_t n_text,
                                       int64_t n_frames, uint32_t rate_hz);

#endif // FAL_OFFLINE_IXML_H
