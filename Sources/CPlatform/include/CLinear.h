#ifndef C_LINEAR_H
#define C_LINEAR_H

// Linear programmes by COIN-OR's Clp (Debian: coinor-libclp1). It is loaded when the first one is solved, so that a run that withholds
// nothing does not pay for it. Single-threaded, like Clp itself.

/// NULL if Clp is there; else why it is not.
const char *linear_load(void);

/// A programme over columns of at least nought whose rows must each come to nought. `starts` has one more entry than there are columns.
void *linear_new(int columns, int rows, const int *starts, const int *indices, const double *values);

/// Looks for the least cost, from scratch. Gives 0 and the columns in `solution`, or another number where there is none.
int linear_solve(void *programme, const double *lower, const double *upper, const double *cost, double *solution);

void linear_free(void *programme);

#endif
