#include "CLinear.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

typedef void Model;

static struct {
  Model *(*newModel)(void);
  void (*deleteModel)(Model *);
  void (*setLogLevel)(Model *, int);
  void (*loadProblem)(Model *, int, int, const int *, const int *, const double *, const double *, const double *, const double *,
                      const double *, const double *);
  void (*chgColumnLower)(Model *, const double *);
  void (*chgColumnUpper)(Model *, const double *);
  void (*chgObjCoefficients)(Model *, const double *);
  void (*copyinStatus)(Model *, const unsigned char *);
  void (*scaling)(Model *, int);
  void (*setMaximumIterations)(Model *, int);
  int (*dual)(Model *, int);
  int (*status)(Model *);
  double *(*primalColumnSolution)(Model *);
} clp;

struct programme {
  Model *model;
  int columns;
  unsigned char *basis;
};

const char *linear_load(void) {
  static int isLoaded = 0;
  if (isLoaded) return NULL;
  void *library = dlopen("libClp.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library) return dlerror();
  struct {
    const char *name;
    void **place;
  } functions[] = {
      {"Clp_newModel", (void **)&clp.newModel},
      {"Clp_deleteModel", (void **)&clp.deleteModel},
      {"Clp_setLogLevel", (void **)&clp.setLogLevel},
      {"Clp_loadProblem", (void **)&clp.loadProblem},
      {"Clp_chgColumnLower", (void **)&clp.chgColumnLower},
      {"Clp_chgColumnUpper", (void **)&clp.chgColumnUpper},
      {"Clp_chgObjCoefficients", (void **)&clp.chgObjCoefficients},
      {"Clp_copyinStatus", (void **)&clp.copyinStatus},
      {"Clp_scaling", (void **)&clp.scaling},
      {"Clp_setMaximumIterations", (void **)&clp.setMaximumIterations},
      {"Clp_dual", (void **)&clp.dual},
      {"Clp_status", (void **)&clp.status},
      {"Clp_primalColumnSolution", (void **)&clp.primalColumnSolution},
  };
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    *functions[i].place = dlsym(library, functions[i].name);
    if (!*functions[i].place) return "libClp.so.1 lacks a function that is needed";
  }
  isLoaded = 1;
  return NULL;
}

void *linear_new(int columns, int rows, const int *starts, const int *indices, const double *values) {
  struct programme *programme = malloc(sizeof *programme);
  double *zeros = calloc((size_t)(columns > rows ? columns : rows) + 1, sizeof *zeros);
  unsigned char *basis = malloc((size_t)columns + (size_t)rows + 1);
  if (!programme || !zeros || !basis) abort();
  // Columns at their lower bound, rows basic: the start of every search. All costs are above nought, so its duals are feasible.
  memset(basis, 3, (size_t)columns);
  memset(basis + columns, 1, (size_t)rows);
  programme->model = clp.newModel();
  programme->columns = columns;
  programme->basis = basis;
  clp.setLogLevel(programme->model, 0);
  clp.loadProblem(programme->model, columns, rows, starts, indices, values, zeros, zeros, zeros, zeros, zeros);
  clp.scaling(programme->model, 0);
  clp.setMaximumIterations(programme->model, 200000);
  free(zeros);
  return programme;
}

int linear_solve(void *pointer, const double *lower, const double *upper, const double *cost, double *solution) {
  struct programme *programme = pointer;
  clp.chgColumnLower(programme->model, lower);
  clp.chgColumnUpper(programme->model, upper);
  clp.chgObjCoefficients(programme->model, cost);
  clp.copyinStatus(programme->model, programme->basis);
  clp.dual(programme->model, 0);
  int status = clp.status(programme->model);
  if (status == 0) memcpy(solution, clp.primalColumnSolution(programme->model), sizeof(double) * (size_t)programme->columns);
  return status;
}

void linear_free(void *pointer) {
  struct programme *programme = pointer;
  clp.deleteModel(programme->model);
  free(programme->basis);
  free(programme);
}
