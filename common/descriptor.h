/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Descriptors that a caller with closed standard streams can't mix up. */
#ifndef DESCRIPTOR_H
#define DESCRIPTOR_H

/*
 * Moves one out of the way of 0, 1 and 2, which are free when the program was
 * started with them closed: what is read or said there would go to this one. The
 * new one is closed when another program is started; the given one is closed.
 * Returns -1 with errno, also for -1, of which errno is left as it was.
 */
int descriptor_raise(int descriptor);

#endif
