"""Prints the version, the verdict and the number of scenarios of a JSON report."""
import json
import sys

report = json.loads(sys.argv[1])
print(report['version'], report['verdict'], len(report['scenarios']))
