// Tests that an import names filter rules that never match, because they name a public address that 1:1 NAT translates
// before.

import { renderImportReport } from '../../../../lib/import/import-report';
import { importGatewayConfig } from '../../../../lib/import/import-gateway';
import { at, configuration, rule } from '../parse/boxes';
import { MAIL, alias, assumptions, find, oneToOne, reasons, tcp, vip } from './import-samples';

const NEVER =
  'it never matches, and lets nothing in: it names a public address, and the box has translated that to the one behind it';

describe('a rule that never matches', () => {
  it('is named if it has the public address of a 1:1 entry', () => {
    expect(reasons(find({ ...MAIL, rules: tcp('203.0.113.10', '25') }))).toEqual([
      `rule 1 of wan: ${NEVER}, such as 10.0.1.50, before it asks a rule`,
    ]);
    const block = rule('block', 'wan', { to: at('203.0.113.10') });
    expect(reasons(find({ ...MAIL, rules: block }))[0]).toContain('it never matches, and keeps nothing out');
  });

  it('is named if its alias has public addresses alone', () => {
    const both = {
      vips: vip('203.0.113.10') + vip('203.0.113.11'),
      oneToOne: MAIL.oneToOne! + oneToOne('203.0.113.11', '10.0.1.51'),
    };
    const aliases = alias('public', '203.0.113.10 203.0.113.11');
    expect(reasons(find({ ...both, aliases, rules: tcp('public', '25') }))[0]).toContain(NEVER);
  });

  it.each([
    ['the alias has the internal address, too', { aliases: alias('public', '203.0.113.10 10.0.1.50') }, 'public'],
    ['no entry translates the address', {}, '203.0.113.12'],
    [
      'the entry is disabled',
      { oneToOne: MAIL.oneToOne!.replace('<source>', '<disabled></disabled><source>') },
      '203.0.113.10',
    ],
    [
      'the entry excludes some peers',
      { oneToOne: MAIL.oneToOne!.replace('<any></any>', `<not></not>${at('192.0.2.7')}`) },
      '203.0.113.10',
    ],
  ])('may match if %s', (_, more, to) =>
    expect(reasons(find({ ...MAIL, ...more, rules: tcp(to, '25') })).filter((one) => one.includes('never'))).toEqual(
      [],
    ),
  );
});

describe('a 1:1 entry without a virtual IP', () => {
  it('is named with the delivery that is assumed', () => {
    expect(assumptions(find({ oneToOne: MAIL.oneToOne! }))).toEqual([
      '1:1 entry "for 10.0.1.50" for 203.0.113.10: no virtual IP has all of 203.0.113.10, so the stack says delivery: \'routed\' of it. It is in the network of its interface, where a router asks for it and the box gives no answer: add a virtual IP, unless a route leads here',
    ]);
    expect(assumptions(find({ oneToOne: oneToOne('198.51.100.9', '10.0.1.50') }))[0]).toMatch(
      /Where no router sends it here, add a virtual IP$/,
    );
    expect(assumptions(find(MAIL))).toEqual([]);
    expect(
      assumptions(find({ oneToOne: MAIL.oneToOne!.replace('<source>', '<disabled></disabled><source>') })),
    ).toEqual([]);
  });

  it('is listed in the report', () => {
    const found = importGatewayConfig(configuration({ oneToOne: MAIL.oneToOne! }), {
      device: 'edge1',
      owner: 'hosting',
      globalHelper: false,
    });
    const report = renderImportReport(found, { from: 'config.xml', stack: 'edge1.ts', captured: 'edge1.captured.xml' });
    expect(report).toMatch(/## To be checked\n\nCarried over as if it were so:\n\n- `1:1` entry .*delivery: 'routed'/);
  });
});
