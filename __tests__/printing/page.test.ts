// Tests the HTML pages of reports: text from outside is escaped everywhere, nothing is loaded, and colours have enough
// contrast.

import { markup } from '../../lib/report/page/html';
import { printPage } from '../../lib/report/page/print-page';
import { renderSections, renderWords, renderList } from '../../lib/report/page/html-sections';
import { fc, times } from '../randomly';
import { attribute, parsed, sha256 } from './parsed';
import { name } from '../review/print/hostile-reviews';

const pageOf = (body: ReturnType<typeof markup>, title = 'title'): string =>
  printPage({ title, headline: markup`heading`, body }, sha256);

describe('a text', () => {
  it("is escaped between elements and in quotes, and our own HTML isn't", () => {
    const text = `<b title='x' id="y">&amp;</b>`;
    expect(markup`<p title="${text}">${text}${markup`<br />`}${[markup`<hr />`]}</p>`.toString()).toBe(
      '<p title="&lt;b title=&#39;x&#39; id=&quot;y&quot;&gt;&amp;amp;&lt;/b&gt;">' +
        '&lt;b title=&#39;x&#39; id=&quot;y&quot;&gt;&amp;amp;&lt;/b&gt;<br /><hr /></p>',
    );
  });

  it('shows invisible characters, and cuts an endless word', () => {
    expect(markup`${'user\u202egnp.exe \u0000'}`.toString()).toBe('user\\u{202e}gnp.exe \\u{0}');
    expect(markup`${'x'.repeat(700)}`.toString()).toBe(`${'x'.repeat(597)}...`);
  });

  it('is that text and nothing else anywhere on a page', () => {
    fc.assert(
      fc.property(name, (text) => {
        const item = renderList([{ words: [{ exact: text }, { strong: text }], lines: [text] }]);
        const page = parsed(pageOf(markup`<p data-x="${text}">${text}</p>${item}`, text));
        expect(page.errors).toEqual([]);
        expect(page.strange).toEqual(['p data-x']);
        const paragraph = page.elements.find((one) => attribute(one, 'data-x') !== undefined)!;
        const seen = attribute(paragraph, 'data-x')!;
        expect(seen).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        if (/^[ -~]*$/.test(text) && !/##|::|%0/.test(text) && text.length < 600) expect(seen).toBe(text);
        expect(page.text.replaceAll('\n', '')).toBe(`heading${seen.repeat(4)}`);
      }),
      { numRuns: times(400) },
    );
  });
});

describe('a page', () => {
  const page = pageOf(markup`<p>body</p>`, 'a & b');

  it('has a policy that allows only its own style and script', () => {
    const { elements } = parsed(page);
    const meta = elements.find((one) => attribute(one, 'http-equiv') === 'Content-Security-Policy')!;
    const [style, script] = ['style', 'script'].map((tag) => new RegExp(`<${tag}>(.*)</${tag}>`, 's').exec(page)![1]!);
    expect(attribute(meta, 'content')).toBe(
      `default-src 'none'; style-src 'sha256-${sha256(style!)}'; script-src 'sha256-${sha256(script!)}'; base-uri 'none'; form-action 'none'`,
    );
    // A policy applies to what follows it.
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style>'));
  });

  it('refers to nothing that could be fetched', () => expect(page).not.toMatch(/https?:|url\(|@import|src=|href=/));

  it('declares its language, its title, and support of narrow and dark screens', () => {
    const { elements, errors, strange } = parsed(page);
    expect([errors, strange]).toEqual([[], []]);
    expect(
      attribute(
        elements.find(({ tagName }) => tagName === 'html')!,
        'lang',
      ),
    ).toBe('en');
    expect(page).toContain('<title>a &amp; b</title>');
    expect(page).toContain('<meta name="viewport" content="width=device-width, initial-scale=1" />');
    expect(page).toContain('<meta name="color-scheme" content="light dark" />');
  });
});

describe('sections', () => {
  const table = {
    columns: ['', 'Port'],
    rows: ['1', '2', '3'].map((port) => ['', [{ exact: `tcp ${port}`, strong: true }]] as const),
    omittedCount: 2,
  };
  const printed = (openRows: number): string =>
    renderSections([{ title: 'Opens', folded: 'Opens', items: [], table: { ...table, openRows } }], 2).toString();

  it('have their visible rows in a table, and the others folded below it', () => {
    const { cells, unfolded, text } = parsed(pageOf(markup`<i>x</i>`));
    expect([cells, unfolded.includes('x'), text.includes('x')]).toEqual([[], true, true]);
    const folded = printed(2);
    expect(folded.indexOf('tcp 2')).toBeLessThan(folded.indexOf('<summary>Opens: 3 more</summary>'));
    expect(folded.indexOf('<summary>')).toBeLessThan(folded.indexOf('tcp 3'));
    expect(folded).toContain('<strong>2 more of “Opens”</strong> left out here; the JSON output has all of it.');
  });

  it('are folded whole under their heading without visible rows', () => {
    expect(printed(0)).toContain('<summary><h2>Opens: 5</h2></summary>');
    expect(printed(0).match(/<h2>/g)).toHaveLength(1);
  });

  it('name every column for its cells, except one without a name', () => {
    expect(printed(3)).toContain('<td></td><th scope="col" role="columnheader">Port</th>');
    expect(printed(3)).toContain(
      '<td role="cell" data-column="Port"><strong class="whole"><code>tcp 1</code></strong></td>',
    );
  });

  it('break only words that are longer than any address', () => {
    const rows = [['x'.repeat(43), '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff/128, anywhere']];
    const cells = renderSections(
      [{ title: 'x', items: [], table: { columns: ['a', 'b'], rows, omittedCount: 0 } }],
      2,
    ).toString();
    expect(cells).toContain('data-column="a" class="long">');
    expect(cells).toContain('data-column="b">');
  });

  it('count what they omit, by its codes', () => {
    const items = ['a', 'b', 'b'].map((code) => ({ words: code, code }));
    const [one, none] = [
      { title: 'Notes', items, maxItems: 1 },
      { title: 'Nothing', items: [] },
    ].map((section) => renderSections([section], 3).toString());
    expect(one).toContain(
      '<h3>Notes</h3>\n<ul>\n<li><p>a</p></li>\n</ul>\n<p><strong>2 more of “Notes”</strong> left out here; the JSON output has all of it: b (2 times).</p>',
    );
    expect(none).toBe('');
  });

  it('break a list of ports after a comma only', () => {
    expect(renderWords([{ exact: 'tcp 25,993,1000-1010', strong: true }]).toString()).toBe(
      '<strong class="whole"><code>tcp 25,<wbr />993,<wbr />1000-1010</code></strong>',
    );
    expect(renderWords('tcp 25,53 to 10.0.0.1, 10.0.0.2; a,b').toString()).toBe(
      'tcp 25,<wbr />53 to 10.0.0.1, 10.0.0.2; a,b',
    );
  });

  it('have signs that screens show and screen readers skip', () =>
    expect(renderWords([{ sign: '🌐 ' }, 'wan0', { sign: '\n' }, 'edge1 alone']).toString()).toBe(
      '<span class="far" aria-hidden="true"></span>wan0<br />edge1 alone',
    ));
});
