/*
 * Chooses at start which language answers each function of the contract. Only the build of `make swap` links this.
 *
 * Environment variables:
 *   DIPTYCH_SWAP         the functions that Swift answers, with commas between; or all. C answers the others.
 *   DIPTYCH_SWAP_FAULTS  of these, the functions that a faulty variant in Swift answers (Faults.swift).
 *   DIPTYCH_SWAP_REPORT  a file: each process appends at its exit a line `FUNCTION LANGUAGE CALLS` for each function.
 */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#endif
