// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file delay_coherence.h How much each bin tells of a delay (private to
/// core/delay*)

#ifndef FAL_CORE_DELAY_COHERENCE_H
#define FAL_CORE_DELAY_COHERENCE_H

#include "core/delay.h"
#include "core/delay_spectra.h"

/**
   Weigh the bins of averaged spectra by their coherence, or as a method says.

   @param weights [n_bins] of the cross-spectrum; set where bins are used.
   @param nats Set to the information that a frame of one recording has of the
   other (Gelfand and Yaglom 1957): the integral of -log(1 - coherence²) over
   the band, cycles a frame.
   @param beta Exponent of #FAL_DELAY_PHAT.
   @return Fisher's information of the lag, 1 / frames².
*/
double fal_coherence_weigh(double* weights, double* nats,
                           const FalSpectra* spectra, FalDelayMethod method,
                           double beta);

#endif // FAL_CORE_DELAY_COHERENCE_H
