"""Checks a grid's JSON against its schema, and prints its verdicts, a difference and the schema's title."""
import json
import sys


def check(value, form, forms):
    """Asserts what the schemas of parity use: required and known properties, items, enum and const."""
    form = forms[form['$ref'].split('/')[-1]] if '$ref' in form else form
    if 'properties' in form:
        assert set(form['required']) <= set(value) <= set(form['properties']), value
        for key in value:
            check(value[key], form['properties'][key], forms)
    if 'items' in form:
        for each in value:
            check(each, form['items'], forms)
    assert value in form.get('enum', [value]) and value == form.get('const', value), value


grid = json.loads(sys.argv[1])
schema = json.loads(sys.argv[2])
print(grid['verdict'], [cell['verdict'] for cell in grid['cells']])
print(grid['cells'][2]['parts'][0]['difference']['right'][0])
check(grid, schema, schema['$defs'])
print(schema['title'])
