// Tests under which pf rules packets pass that begin no connection, by their TCP flags, and whether they are
// translated.

import { toLocationKey } from '../../../lib/net/device';
import { parser } from '../../../lib/platforms/pfsense/parse/parser';
import { GATEWAY, packet } from './texts';
import { configuration, described, rule, at, packet as boxed } from '../../platforms/pfsense/parse/boxes';

const CLIENT = '198.51.100.7';
const WAN = { kind: 'interface', name: 'em0' } as const;
const BASE = 'block in all\nblock out all\npass out all flags S/SA keep state\n';
const BINAT = 'binat on em0 inet from 10.0.1.50 to any -> 203.0.113.10\n';

/** First packets and strays by the evaluator and the trace; both have to agree. */
function said(text: string, words: string): string {
  const reading = parser.read(text, GATEWAY);
  const asked = packet(words);
  return (['first', 'stray'] as const)
    .map((phase) => {
      const exposure = phase === 'first' ? reading.reachability : reading.later(phase)!;
      const view = exposure.views.find(({ startLocation }) => toLocationKey(startLocation) === toLocationKey(WAN))!;
      const verdict = view.dispositions.findValue(asked)?.is ?? 'denied';
      const walked = reading.explain(WAN, asked, phase);
      expect(`${phase} ${walked.disposition}`).toBe(`${phase} ${verdict}`);
      const led = verdict === 'allowed' && walked.packetOut.destination !== asked.destination ? ' elsewhere' : '';
      return `${verdict}${led}`;
    })
    .join(', ');
}

describe('packets that begin no connection', () => {
  const web = `tcp ${CLIENT} > 203.0.113.10#443`;

  it('pass and are translated if SYN and FIN together match the rule as a SYN', () => {
    const text = `${BINAT}${BASE}pass in on em0 inet proto tcp from any to 10.0.1.50 port = https flags S/SA keep state\n`;
    expect(said(text, web)).toBe('allowed elsewhere, allowed elsewhere');
    expect(said(text, `tcp ${CLIENT} > 203.0.113.10#22`)).toBe('denied, denied');
  });

  it('do not pass if the rule needs the flags of a first packet', () => {
    const text = `${BINAT}${BASE}pass in on em0 inet proto tcp from any to 10.0.1.50 port = https flags S/FSRA keep state\n`;
    expect(said(text, web)).toBe('allowed elsewhere, denied');
  });

  it('pass if rules have flags any, in and out', () => {
    const text = `${BASE}pass in on em0 inet proto tcp from any to 10.0.1.50 port = https flags S/FSRA keep state\npass in on em0 inet proto tcp from any to any flags A/A no state\n`;
    const direct = `tcp ${CLIENT} > 10.0.1.50#22`;
    expect(said(text, direct)).toBe('denied, denied');
    expect(said(`${text}pass out on em1 inet proto tcp from any to any flags any no state\n`, direct)).toBe(
      'denied, allowed',
    );
  });

  it('of ICMP are evaluated as requests are: rules translate and pass them, without a state', () => {
    const text = `${BINAT}${BASE}pass in on em0 inet proto icmp from any to 10.0.1.50 icmp-type unreach keep state\n`;
    expect(said(text, `icmp ${CLIENT} > 203.0.113.10#3`)).toBe('allowed elsewhere, allowed elsewhere');
    expect(said(text, `icmp ${CLIENT} > 203.0.113.10#0`)).toBe('denied, denied');
  });

  it('need no way for replies', () => {
    expect(
      said(
        'nat on em0 from em1:network to any -> (em0:0)\npass in on em0 from any to any no state\n',
        `tcp ${CLIENT} > 10.0.1.50#22`,
      ),
    ).toBe('unknown, allowed');
  });

  it('are the only later packets that rules are evaluated for', () => {
    const reading = parser.read(`${BINAT}${BASE}`, GATEWAY);
    expect((['going on', 'answer', 'related'] as const).map((phase) => reading.later(phase))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(reading.later('stray')).toBe(reading.later('stray'));
  });

  it('of a box pass a rule with `flags any`', () => {
    const web = (more: string): string =>
      rule('pass', 'wan', { to: at('10.0.1.50'), rest: `<protocol>tcp</protocol>${more}` });
    const strays = (rules: string): string => {
      const asked = boxed('192.0.2.7', '10.0.1.1', 'tcp', 22);
      return parser
        .read(configuration({ rules }), described({ rules }))
        .explain({ kind: 'interface', name: 'wan' }, asked, 'stray').disposition;
    };
    expect(strays(web(''))).toBe('denied');
    const toBox = (more: string): string => web(more).replace('10.0.1.50', '10.0.1.1');
    const exact = '<tcpflags1>syn</tcpflags1><tcpflags2>syn,ack,fin,rst</tcpflags2>';
    expect([strays(toBox('')), strays(toBox('<tcpflags_any/>')), strays(toBox(exact))]).toEqual([
      'allowed',
      'allowed',
      'denied',
    ]);
  });
});
