"""Prints the title of a JSON schema."""
import json
import sys

print(json.loads(sys.argv[1])['title'])
