// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The Faltung authors

/// @file ir_verbs.h What `faltung ir` can do

#ifndef FAL_OFFLINE_IR_VERBS_H
#define FAL_OFFLINE_IR_VERBS_H

#include "ir/error.h"
#include "offline/command.h"

FalExit fal_ir_decay(int argc, const char** argv, FalError* error);
FalExit fal_ir_fade(int argc, const char** argv, FalError* error);
FalExit fal_ir_info(int argc, const char** argv, FalError* error);
FalExit fal_ir_minphase(int argc, const char** argv, FalError* error);
FalExit fal_ir_normalize(int argc, const char** argv, FalError* error);
FalExit fal_ir_pack(int argc, const char** argv, FalError* error);
FalExit fal_ir_resample(int argc, const char** argv, FalError* error);
FalExit fal_ir_reverse(int argc, const char** argv, FalError* error);
FalExit fal_ir_stretch(int argc, const char** argv, FalError* error);
FalExit fal_ir_trim(int argc, const char** argv, FalError* error);
FalExit fal_ir_unpack(int argc, const char** argv, FalError* error);

#endif // FAL_OFFLINE_IR_VERBS_H
