// Tests the XML parser: names, lines and texts of elements, and refusal of documents that are broken or made to exhaust
// it.

import { XmlElement, XmlError, escapeXml, parseXml } from '../../lib/xml/parse-xml';

const child = (element: XmlElement, name: string): XmlElement => element.children.find((one) => one.name === name)!;

function refused(text: string): string {
  try {
    parseXml(text);
  } catch (error) {
    if (error instanceof XmlError) return error.message;
    throw error;
  }
  return 'read';
}

it('says names, lines, texts and what stood in CDATA', () => {
  const root = parseXml(
    '<?xml version="1.0"?>\n<a>\n  <b>x &amp; y</b>\n  <c><![CDATA[1 &amp; 2]]></c>\n  <d/>\n  <e>1<![CDATA[2]]></e>\n</a>\n',
  );
  expect(root.children.map(({ name, line, text, cdata }) => [name, line, text, cdata])).toEqual([
    ['b', 3, 'x & y', false],
    ['c', 4, '1 &amp; 2', true],
    ['d', 5, '', false],
    ['e', 6, '12', false],
  ]);
  expect(child(root, 'd').children).toEqual([]);
});

it('says where each stands', () => {
  const text =
    '\ufeff<?xml version="1.0"?>\r\n<!-- <b/> -->\n<a>\n  <b x=">">\u{1f600} &amp; y</b><c><![CDATA[</c>]]></c>\n  <d/><d />\t<e></e>\n</a>\n';
  const root = parseXml(text);
  expect(root.children.map(({ start, end }) => text.slice(start, end))).toEqual([
    '<b x=">">\u{1f600} &amp; y</b>',
    '<c><![CDATA[</c>]]></c>',
    '<d/>',
    '<d />',
    '<e></e>',
  ]);
  expect(text.slice(root.start, root.end)).toBe(text.slice(text.indexOf('<a>')).trimEnd());
});

it('takes characters of two halves wherever a piece of a long text ends', () => {
  for (const shift of ['', 'x']) {
    const text = shift + '\u{1f600}'.repeat(80_000);
    expect(parseXml(`<a>${text}</a>`).text).toBe(text);
  }
});

it('refuses what only opens at once, however long', () => {
  expect(() => parseXml(`<a>]]>${'<'.repeat(3_000_000)}`)).toThrow(XmlError);
  expect(() => parseXml(`<a>]]>${'<b c="'.repeat(500_000)}`)).toThrow(XmlError);
});

it('keeps what was escaped', () => {
  const hostile = `<&>"' ]]> \${x} ü`;
  expect(parseXml(`<a b="${escapeXml(hostile)}">${escapeXml(hostile)}</a>`)).toMatchObject({
    text: hostile,
    attributes: { b: hostile },
  });
});

it.each([
  ['', /^line 1: no element at all/],
  ['<a>', /^line 1: unclosed root tag/],
  ['<a>\n</b>', /^line 2: unexpected close tag/],
  ['<a>\n\n&ouml;</a>', /^line 3: invalid character entity/],
  ['<a/>\n<b/>', /^line 2: a second element/],
  ['<!DOCTYPE a [<!ENTITY x "y">]>\n<a>&x;</a>', /^line 1: a document type/],
  ['<a>\u0001</a>', /^line 1: a character that XML can not hold/],
  [`${'<a>'.repeat(65)}${'</a>'.repeat(65)}`, /more than 64 levels/],
  ['plain text', /^line 1: /],
  ['<a>\n<b x="1" y=\'=\'\n x="2"/></a>', /^line 3: an attribute twice/],
  ['<a>\n<?xml version="1.0"?></a>', /^line 2: an XML declaration that does not stand first/],
  ['\n<?xml version="1.0"?>\n<a/>', /^line 2: an XML declaration that does not stand first/],
  ['<?xml encoding="utf-8"?><a/>', /^line 1: an XML declaration that is none/],
  ['<a><!-- ]]> --><![CDATA[x]]>\n]]></a>', /^line 2: "\]\]>" outside of CDATA/],
  ['<![CDATA[]]><a/>', /^line 1: CDATA outside/],
  ['<a>&#xD800;</a>', /^line 1: a character that XML can not hold/],
  ['<a b="&#1;"/>', /^line 1: (a character that XML can not hold|invalid character entity)/],
])('refuses %j with its line', (text, says) => expect(refused(text)).toMatch(says));
