"""Prints the failures, the skipped cases and the first class name of a JUnit report."""
import sys
import xml.etree.ElementTree

suite = xml.etree.ElementTree.fromstring(sys.argv[1])
print(suite.get('failures'), suite.get('skipped'), suite.find('testcase').get('classname'))
