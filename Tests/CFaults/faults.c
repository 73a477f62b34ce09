#include "faults.h"
int faults_placeholder;
