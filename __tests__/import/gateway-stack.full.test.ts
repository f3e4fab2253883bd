// Tests the TypeScript source of imported gateways: values and names with hostile random texts stay what they are, and
// stacks are formatted, compile and synthesize.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Testing } from 'cdktf';
import { fc } from '../randomly';
import { createGatewayStack } from '../../lib/import/gateway-stack';
import { importGatewayConfig } from '../../lib/import/import-gateway';
import { UniqueNames, normalizeText } from '../../lib/import/unique-names';
import { renderImportReport } from '../../lib/import/import-report';
import { rendered } from '../printing/rendered';
import { TypescriptExpression, TypescriptValue, printMultiline, quoteString } from '../../lib/report/print-typescript';
import { toClassName } from '../../lib/report/render-stack-source';
import { HOST_KEY } from '../constructs/construct-samples';
import { Parts, at, configuration, rule } from '../platforms/pfsense/parse/boxes';
import { temporaryFolder } from '../temporary-folder';
import { stackOf } from '../project/projects';
import { evaluated, unformatted, wrongIn } from './generated-code';

const ROOT = join(__dirname, '../..');
const folder = temporaryFolder();

const HOSTILE = fc.string({
  unit: fc.constantFrom(
    ...'\'"`\\${}%#&<>*/-_ \n\r\t\u2028\u202e\u0000\ud800äß漢字🙂a0'.split(''),
    '${',
    '*/',
    '</script>',
    '\u{1f600}',
    'é',
  ),
  maxLength: 30,
});

const value: fc.Arbitrary<TypescriptValue> = fc.letrec<{ value: TypescriptValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.oneof(HOSTILE, fc.integer({ min: 0, max: 65_535 }), fc.boolean()),
    fc.array(fc.integer({ min: 0, max: 65_535 }), { maxLength: 60 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('name', 'mail-server', 'from', 'because', 'ports', 'x'), tie('value'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  ),
})).value;

describe('a value', () => {
  it('is unchanged, whatever its texts contain', () => {
    fc.assert(
      fc.property(value, (one) => expect(evaluated(printMultiline({ one }, ''))).toEqual({ one })),
      { numRuns: 80 },
    );
    fc.assert(
      fc.property(HOSTILE, (text) => expect(evaluated(quoteString(text))).toBe(text)),
      { numRuns: 80 },
    );
  });

  it('is formatted like the formatter does', () => {
    const values = fc.sample(
      fc.dictionary(fc.constantFrom('a', 'mail-server', 'c'), value, { minKeys: 1, noNullPrototype: true }),
      {
        numRuns: 150,
        seed: 6,
      },
    );
    expect(
      unformatted(
        folder,
        values.map((one, index) => `export const v${index} = ${printMultiline(one, '')};\n`),
      ),
    ).toBe('');
  });

  it('may contain code', () => {
    expect(
      printMultiline({ text: new TypescriptExpression('read()'), list: [new TypescriptExpression('ONE')] }, ''),
    ).toBe('{\n  text: read(),\n  list: [ONE],\n}');
  });
});

describe('names', () => {
  it.each([
    ['Mail server', 'mail-server'],
    ['Überwachung & Büro', 'uberwachung-buro'],
    ['2nd web', 'nd-web'],
    ['漢字', 'otherwise'],
    ['', 'otherwise'],
    ['a'.repeat(60), 'a'.repeat(40)],
    ['${web} `x`', 'web-x'],
    ['__proto__', 'proto'],
  ])('of %j become %s', (written, name) => expect(new UniqueNames().createName(written, 'otherwise')).toBe(name));

  it("are unique and aren't reserved words", () => {
    const names = new UniqueNames(['anywhere']);
    expect(['web', 'Web', 'WEB!', 'anywhere'].map((one) => names.createName(one, 'x'))).toEqual([
      'web',
      'web-2',
      'web-3',
      'anywhere-2',
    ]);
  });

  it('of devices become class names', () => {
    expect(['edge1', 'edge-1-b', 'new', 'a-'].map(toClassName)).toEqual([
      'Edge1Stack',
      'Edge1BStack',
      'NewStack',
      'AStack',
    ]);
  });

  it('texts of people become one line without Terraform tokens', () => {
    expect(normalizeText('a ${b} %{c}\n\u202ed\u0000 e ')).toBe('a $ {b} % {c} d e');
    fc.assert(fc.property(HOSTILE, (text) => expect(normalizeText(text)).not.toMatch(/[$#&%]\{|[\p{C}\p{Zl}\p{Zp}]/u)));
  });
});

describe('a stack', () => {
  const FILES = { stack: 'edge1.ts', captured: 'edge1.captured.xml', report: 'edge1.report.md', from: 'config.xml' };
  const box = (descriptions: readonly string[], more: Parts = {}): string =>
    configuration({
      vips: descriptions
        .map(
          (_, n) =>
            `<vip><mode>proxyarp</mode><interface>wan</interface><subnet>203.0.113.${n + 5}</subnet><subnet_bits>32</subnet_bits><type>single</type></vip>`,
        )
        .join(''),
      oneToOne: descriptions
        .map(
          (one, n) =>
            `<onetoone><interface>wan</interface><external>203.0.113.${n + 5}</external><source>${at(`10.0.1.${n + 5}`)}</source><destination><any></any></destination><descr><![CDATA[${one}]]></descr></onetoone>`,
        )
        .join(''),
      rules: descriptions
        .map((one, n) =>
          rule('pass', 'wan', {
            to: `${at(`10.0.1.${n + 5}`)}<port>${n + 80}</port>`,
            rest: `<protocol>tcp</protocol><descr><![CDATA[${one}]]></descr>`,
          }),
        )
        .join(''),
      ...more,
    });
  const CONNECTION = { host: '10.0.1.1', hostKeys: [HOST_KEY] };
  const wish = { device: 'edge1', owner: 'hosting', globalHelper: false };
  const hostile = [
    "'; process.exit(1); //",
    '"`${process.env.HOME}` */ x',
    '&lt;b&gt; \\',
    'web',
    'web',
    '# heading [a](b) | c',
    '\u202eweb',
  ];

  it('is valid and formatted, and no text in it is executed', () => {
    const found = importGatewayConfig(box(hostile), wish);
    expect(found.draft.mappings.map(({ name }) => name)).toEqual([
      'process-exit-1',
      'process-env-home-x',
      'b',
      'web',
      'web-2',
      'heading-a-b-c',
      'web-3',
    ]);
    const text = createGatewayStack(found.draft, FILES, CONNECTION);
    expect(unformatted(folder, [text])).toBe('');
    const at = (name: string): string => join(ROOT, 'stacks', `${name}.ts`);
    const files = new Map([
      [at('edge1'), text],
      // This shows that the compiler really checks.
      [at('wrong'), text.replace("kind: 'proxy-arp'", "kind: 'elsewhere'")],
    ]);
    for (const [name, one] of files) files.set(name, one.replace("'cpanel-edge'", "'../constructs/public'"));
    expect(wrongIn(files)).toEqual([expect.stringMatching(/^stacks\/wrong\.ts: /)]);
  });

  it('has a report whose structure no description can change', () => {
    const found = importGatewayConfig(
      box(hostile, {
        rules: hostile.map((one) => rule('pass', 'wan', { rest: `<descr><![CDATA[${one}]]></descr>` })).join(''),
      }),
      wish,
    );
    const report = renderImportReport(found, FILES);
    expect(report.match(/^#+ .*$/gm)).toEqual([
      '# Import of `config.xml` as edge1',
      '## Objections',
      '## Exposure',
      '## Synthesis',
      '## Take off the box',
      '## Left on the box',
      '## Next',
    ]);
    expect(report).not.toContain('\u202e');
    expect(rendered(report).strange.filter((tag) => !/^(<\/?h1>|<code class="language-text">)$/.test(tag))).toEqual([]);
  });

  it.each(['reflection', 'allow-all', 'vpn', 'aliases', 'ipv6', 'hand-edited'])(
    'of %s can be synthesized and verified',
    (name) => {
      const found = importGatewayConfig(
        readFileSync(join(__dirname, '../platforms/pfsense/wild', `${name}.xml`), 'utf8'),
        {
          ...wish,
          globalHelper: true,
        },
      );
      expect(found.refused).toEqual([]);
      const files = new Map([
        [FILES.captured, found.unmanagedConfig],
        [FILES.stack, createGatewayStack(found.draft, FILES, CONNECTION)],
      ]);
      expect(Testing.synth(stackOf(files, 'edge1'))).toContain(`"mapping ${found.draft.mappings[0]!.name}"`);
    },
  );
});
