// Compares the XML parser with expat on random texts: both must accept the same ones.

import { spawnSync } from 'node:child_process';
import { XmlError, parseXml } from '../../lib/xml/parse-xml';
import { fc, seeded, times } from '../randomly';
import { describeWhere } from '../where-possible';

/** Well-formed and not: what a person or a tool may leave in a file. */
const PIECES = [
  '<a>',
  '</a>',
  '<a/>',
  '< a/>',
  '</ a>',
  '<a / >',
  '<>',
  '</>',
  '<1/>',
  '<-a/>',
  '<é/>',
  '<a:b/>',
  '<!a>',
  '</a b>',

  '<b x="1">',
  '</b>',
  '<b x="1" x="2"/>',
  "<b x='1' y='=2'/>",
  '<c  z = "3" />',
  '<a b/>',
  '<a b=c/>',
  '<a b="1"c="2"/>',
  '<a\nb="1"/>',
  '<d e="<"/>',
  '<d e=">"/>',
  '<d e="&"/>',
  '<d e="]]>"/>',
  '<d e="&#10;"/>',
  '<d e="&#8;"/>',
  '<d e="1" E="2"/>',
  '&amp;',
  '&lt',
  '&x;',
  '&#65;',
  '&#0;',
  '&#xD800;',
  '&#x110000;',
  '&#xg;',
  '&;',
  'text',
  ' ',
  '\n',
  '\t',
  '\r\n',
  '\u2028',
  '\ufeff',
  '<!-- c -->',
  '<!-- -- -->',
  '<!-- a --->',
  '<!---->',
  '<!-->',
  '<![CDATA[x]]>',
  '<![CDATA[]]>',
  ']]>',
  '<?pi x?>',
  '<?pi ]]>?>',
  '<?1?>',
  '<?xml?>',
  '<?XML x?>',
  '<?xml version="1.0"?>',
  '<?xml version="1.0" encoding="utf-8"?>',
];

/** Parses a list of texts and prints for each whether it is XML. */
const EXPAT = `import json, sys
from xml.parsers import expat
def takes(text):
    try:
        expat.ParserCreate().Parse(text.encode("utf-8"), True)
        return True
    except expat.ExpatError:
        return False
json.dump([takes(text) for text in json.load(sys.stdin)], sys.stdout)`;

const PYTHON = '/usr/bin/python3';
const hasExpat = spawnSync(PYTHON, ['-c', 'import xml.parsers.expat']).status === 0;

function takes(text: string): boolean {
  try {
    parseXml(text);
    return true;
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    return false;
  }
}

// firewalld reads its files with it: what it refuses, a server doesn't load.
describeWhere(
  hasExpat,
  'well-formed',
  'Python',
)('well-formed', () => {
  it('is what expat takes, and nothing else', () => {
    const some = fc.array(fc.constantFrom(...PIECES), { maxLength: 4 }).map((pieces) => pieces.join(''));
    const around = fc.oneof(
      { weight: 3, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: fc.constantFrom(...PIECES) },
    );
    const text = fc.tuple(around, some, around).map(([before, inner, after]) => `${before}<r>${inner}</r>${after}`);
    const texts = fc.sample(text, { numRuns: times(20_000), seed: seeded(1) });
    const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', EXPAT], {
      input: JSON.stringify(texts),
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    expect([status, stderr]).toEqual([0, '']);
    const theirs = JSON.parse(stdout) as readonly boolean[];
    expect(texts.filter((each, at) => takes(each) !== theirs[at])).toEqual([]);
    // Neither nearly all nor nearly none.
    const taken = theirs.filter(Boolean).length / texts.length;
    expect(taken > 0.1 && taken < 0.9).toBe(true);
  });
});
