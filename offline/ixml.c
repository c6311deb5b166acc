// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "offline/ixml.h"

#include "core/status.h"

#include <expat.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Elements that hold a number; high halves stand before their low ones
typedef enum {
  BEXT_HIGH,
  BEXT_LOW,
  STAMP_HIGH,
  STAMP_LOW,
  SYNC_HIGH,
  SYNC_LOW,
  STAMP_RATE,
  N_NUMBERS,
  SYNC_KIND = N_NUMBERS,
  N_NAMES
} Name;

static const char* const names[N_NAMES] = {
  "BWF_TIME_REFERENCE_HIGH",
  "BWF_TIME_REFERENCE_LOW",
  "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI",
  "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO",
  "SYNC_POINT_HIGH",
  "SYNC_POINT_LOW",
  "TIMESTAMP_SAMPLE_RATE",
  "SYNC_POINT_TYPE",
};

/// Digits in the text
typedef struct {
  size_t   start;
  size_t   n_bytes; ///< 0: not there
  uint64_t value;
} Number;

/// Where to put another number
typedef struct {
  size_t   start;
  size_t   n_bytes;
  uint64_t value;
} Edit;

typedef struct {
  XML_Parser  parser;
  const char* text;
  int64_t     n_frames;
  uint32_t    rate_hz;
  size_t      content; ///< Where the present element's content begins
  Number      numbers[N_NUMBERS];
  bool        is_relative; ///< The present sync point
  Edit*       edits;
  size_t      n_edits;
  FalStatus   status;
} Editor;

static void
fail(Editor* const editor, const FalStatus status)
{
  editor->status = status;
  XML_StopParser(editor->parser, XML_FALSE);
}

/// Find the digits between two tags; anything else there is no number
static Number
read_number(const char* const text, size_t start, size_t end)
{
  Number number = {0U, 0U, 0U};
  while (start < end && strchr(" \t\r\n", text[start])) {
    ++start;
  }
  while (end > start && strchr(" \t\r\n", text[end - 1U])) {
    --end;
  }
  for (size_t i = start; i < end; ++i) {
    if (text[i] < '0' || text[i] > '9' || number.value > UINT32_MAX) {
      return (Number){0U, 0U, 0U};
    }
    number.value = 10U * number.value + (uint64_t)(text[i] - '0');
  }
  number.start   = start;
  number.n_bytes = end - start;
  return number;
}

static void
add_edit(Editor* const editor, const Number* const number, const uint64_t value)
{
  Edit* const edits = (Edit*)realloc(editor->edits, (editor->n_edits + 1U) *
                                                      sizeof(editor->edits[0]));
  if (!edits) {
    fail(editor, FAL_ERR_NO_MEM);
    return;
  }
  editor->edits = edits;
  size_t i      = editor->n_edits++;
  while (i && edits[i - 1U].start > number->start) { // In the text's order
    edits[i] = edits[i - 1U];
    --i;
  }
  edits[i] = (Edit){number->start, number->n_bytes, value};
}

/// Add to a number in two halves, of which the high one may be missing
static void
move(Editor* const editor, const Name high_name, const int64_t n_frames)
{
  Number* const  high = &editor->numbers[high_name];
  Number* const  low  = &editor->numbers[high_name + 1U];
  const uint64_t old  = (high->value << 32U) | low->value;
  const uint64_t now =
    n_frames < 0 && (uint64_t)-n_frames > old ? 0U : old + (uint64_t)n_frames;
  if (low->n_bytes && (high->n_bytes || now <= UINT32_MAX)) {
    add_edit(editor, low, now & UINT32_MAX);
  } else if (low->n_bytes) {
    fail(editor, FAL_ERR_BAD_DATA); // No room for what it has become
  }
  if (low->n_bytes && high->n_bytes) {
    add_edit(editor, high, now >> 32U);
  }
  high->n_bytes = 0U;
  high->value   = 0U;
  low->n_bytes  = 0U;
  low->value    = 0U;
}

static void
start_element(void* const handle, const XML_Char* const name,
              const XML_Char** const attributes)
{
  Editor* const editor = (Editor*)handle;
  (void)attributes;
  editor->content = (size_t)XML_GetCurrentByteIndex(editor->parser) +
                    (size_t)XML_GetCurrentByteCount(editor->parser);
  if (!strcmp(name, "SYNC_POINT")) {
    editor->is_relative = false;
  }
}

static void
end_element(void* const handle, const XML_Char* const name)
{
  Editor* const editor = (Editor*)handle;
  const size_t  end    = (size_t)XML_GetCurrentByteIndex(editor->parser);
  for (unsigned n = 0U; n < N_NUMBERS; ++n) {
    if (!strcmp(name, names[n])) {
      editor->numbers[n] = read_number(editor->text, editor->content, end);
    }
  }
  if (!strcmp(name, names[SYNC_KIND])) {
    static const char word[] = "RELATIVE";
    editor->is_relative =
      end - editor->content == strlen(word) &&
      !memcmp(editor->text + editor->content, word, strlen(word));
  } else if (!strcmp(name, "SYNC_POINT")) {
    move(editor, SYNC_HIGH, editor->is_relative ? -editor->n_frames : 0);
  }
}

/// What belongs together may stand anywhere, so it is moved at the end
static void
finish(Editor* const editor)
{
  const Number* const rate  = &editor->numbers[STAMP_RATE];
  const double        ratio = rate->n_bytes && editor->rate_hz
                                ? (double)rate->value / editor->rate_hz
                                : 1.0;
  move(editor, BEXT_HIGH, editor->n_frames);
  move(editor, STAMP_HIGH, llround(ratio * (double)editor->n_frames));
}

static void
refuse_type(void* const handle, const XML_Char* const name,
            const XML_Char* const system, const XML_Char* const public,
            const int             has_subset)
{
  (void)name;
  (void)system;
  (void)public;
  (void)has_subset;
  fail((Editor*)handle, FAL_ERR_BAD_DATA);
}

/// Copy the text with other numbers in it
static FalStatus
splice(const Editor* const editor, const size_t n_text, char** const edited,
       size_t* const n_edited)
{
  char*       bytes = NULL;
  size_t      n     = 0U;
  FILE* const out   = open_memstream(&bytes, &n);
  if (!out) {
    return FAL_ERR_NO_MEM;
  }
  size_t done = 0U;
  for (size_t e = 0U; e < editor->n_edits; ++e) {
    const Edit* const edit = &editor->edits[e];
    fwrite(editor->text + done, 1U, edit->start - done, out);
    fprintf(out, "%" PRIu64, edit->value);
    done = edit->start + edit->n_bytes;
  }
  fwrite(editor->text + done, 1U, n_text - done, out);
  const bool failed = ferror(out);
  if (fclose(out) || failed) {
    free(bytes);
    return FAL_ERR_NO_MEM;
  }
  *edited   = bytes;
  *n_edited = n;
  return FAL_OK;
}

FalStatus
fal_ixml_shift(char** const edited, size_t* const n_edited,
               const char* const text, const size_t n_text,
               const int64_t n_frames, const uint32_t rate_hz)
{
  Editor editor = {
    .parser   = XML_ParserCreate(NULL),
    .text     = text,
    .n_frames = n_frames,
    .rate_hz  = rate_hz,
  };
  if (!editor.parser) {
    return FAL_ERR_NO_MEM;
  }
  XML_SetUserData(editor.parser, &editor);
  XML_SetElementHandler(editor.parser, start_element, end_element);
  XML_SetStartDoctypeDeclHandler(editor.parser, refuse_type);

  // Recorders pad the text with zeros, which are no XML
  size_t n_xml = n_text;
  while (n_xml && !text[n_xml - 1U]) {
    --n_xml;
  }
  if (n_xml > (size_t)INT_MAX ||
      !XML_Parse(editor.parser, text, (int)n_xml, XML_TRUE)) {
    editor.status = editor.status ? editor.status : FAL_ERR_BAD_DATA;
  } else {
    finish(&editor);
  }
  if (!editor.status) {
    editor.status = splice(&editor, n_text, edited, n_edited);
  }
  XML_ParserFree(editor.parser);
  free(editor.edits);
  return editor.status;
}
