// Tests how untrusted text is escaped in Markdown: each item of a list is in a code span of its own, and a text that
// is no list is in one.

import { escapeInline } from '../../lib/report/escape-markdown';

describe('untrusted text in a comment', () => {
  it.each([
    ['2001:db8::1, 2001:db8::2/64, 203.0.113.4', '`2001:db8::1`, `2001:db8::2/64`, 203.0.113.4'],
    ['web-1, web-2 and 3 more', '`web-1`, `web-2` and 3 more'],
    ['at 2001:db8::1; and at web-1', 'at `2001:db8::1`; and at `web-1`'],
  ])('has each item of a list in a code span of its own: %s', (text, printed) =>
    expect(escapeInline(text)).toBe(printed),
  );

  it.each(["{ service: 'mysql', from: [...] }", '{ a: b-1, c-2 }', '@somebody, @else'])(
    'is one code span if it is no list: %s',
    (text) => expect(escapeInline(text)).toBe(`\`${text}\``),
  );
});
