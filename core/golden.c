// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

#include "core/golden.h"

double
fal_golden_top(const FalCurve curve, const void* const handle, double low,
               double high, const double tolerance)
{
  static const double golden  = 0.6180339887498949; // (sqrt(5) - 1) / 2
  double              left    = high - golden * (high - low);
  double              right   = low + golden * (high - low);
  double              y_left  = curve(handle, left);
  double              y_right = curve(handle, right);
  while (high - low > 2.0 * tolerance) {
    if (y_left > y_right) {
      high    = right;
      right   = left;
      y_right = y_left;
      left    = high - golden * (high - low);
      y_left  = curve(handle, left);
    } else {
      low     = left;
      left    = right;
      y_left  = y_right;
      right   = low + golden * (high - low);
      y_right = curve(handle, right);
    }
  }
  return (low + high) / 2.0;
}
