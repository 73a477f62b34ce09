"""page_facts.py QUERY FILE: prints facts about an HTML page. A query is the name of a function below."""
import html.parser
import sys


class Element:
    def __init__(self, name, attributes):
        self.name, self.attributes, self.text = name, dict(attributes), ''

    @property
    def classes(self):
        return (self.attributes.get('class') or '').split()


class Parser(html.parser.HTMLParser):
    """Collects every element, with its attributes and the text inside it."""

    def __init__(self):
        super().__init__()
        self.elements, self.open = [], []

    def handle_starttag(self, name, attributes):
        self.elements.append(Element(name, attributes))
        if name not in ('meta', 'br', 'img', 'link', 'input'):
            self.open.append(self.elements[-1])

    def handle_endtag(self, name):
        while self.open and self.open.pop().name != name:
            pass

    def handle_data(self, data):
        for element in self.open:
            element.text += data


def named(*names): return [e for e in page if e.name in names]
def texts(name): return [e.text for e in named(name)]
def of_class(name, kind): return [e for e in named(name) if kind in e.classes]
def identifiers(): return [e.attributes['id'] for e in page if 'id' in e.attributes]


def difference():
    print(texts('h1'), texts('title'))
    print([e.text for e in of_class('td', 'different')], len(of_class('td', 'same')))
    print(texts('mark'))
    print([e.text for e in of_class('li', 'differs')])
    print(['open' in e.attributes for e in of_class('details', 'scenario')])


def outline():
    print([e.attributes.get('lang') for e in named('html')], len(named('script', 'img', 'link')))
    levels = [int(e.name[1]) for e in page if len(e.name) == 2 and e.name[0] == 'h' and e.name[1].isdigit()]
    print(levels[0], levels.count(1), max(after - before for before, after in zip(levels, levels[1:])))
    print([e.text for e in named('th') if e.attributes.get('scope') not in ('row', 'col')])
    print(len(named('table')) - len(named('caption')))
    ids, links = identifiers(), [e.attributes['href'] for e in named('a')]
    broken = [link for link in links if link[0] != '#' or link[1:] not in ids]
    print(len(ids) - len(set(ids)), broken, len(links) >= 2)
    print('Masks' in texts('h4'))
    kinds = [e.attributes.get('class') for e in page]
    print(*[kinds.count(kind) + kinds.count(f'pair {kind}') for kind in ('differs', 'noise')])


def escaping():
    print(len(named('script', 'img')), texts('title'))
    print(texts('h3')[-1])
    attack = '<img src=x onerror="document'
    print(len([text for text in texts('code') if attack in text and '\\x1b[31m\\xff' in text]) == 2)


def calls():
    print('System calls' in texts('h4'))
    print([e.text for e in named('tr') if e.attributes.get('class') == 'differs'])


def grid():
    print(texts('h1'), [e.text for e in named('td') if 'class' in e.attributes])
    print(texts('mark')[:2], texts('li'))
    ids = identifiers()
    print([e.attributes['href'] for e in named('a') if e.attributes['href'][1:] not in ids])


parser = Parser()
with open(sys.argv[2], encoding='utf-8') as file:
    parser.feed(file.read())
page = parser.elements
{query.__name__: query for query in (difference, outline, escaping, calls, grid)}[sys.argv[1]]()
