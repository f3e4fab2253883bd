// Tests pf rules on interface groups: with known members, and unknown ones if the members weren't given.

import { parseQuestion } from '../../../lib/exposure/answer/question';
import { createExposureReport } from '../../../lib/exposure/create-exposure-report';
import { parseGroupOption, parseInterfaceOption } from '../../../lib/exposure/facts/parse-interface-options';
import { Facts, NO_FACTS, mergeFacts } from '../../../lib/exposure/facts/device-facts';
import { printExposureText } from '../../../lib/exposure/print/exposure-text';

/** An administrator's web page that clients reach by an uplink. */
const TEXT = `block in all
pass out all flags S/SA keep state
pass in quick on Uplinks inet proto tcp from any to any port 443 flags S/SA keep state
pass in quick on em1 inet proto tcp from any to any port 22 flags S/SA keep state
`;

const facts = (...all: readonly (Facts | undefined)[]): Facts =>
  all.reduce<Facts>((a, b) => mergeFacts(a, b!), NO_FACTS);
const shown = (told: Facts, port: string, vantage: string, text = TEXT): string =>
  printExposureText(
    createExposureReport(
      [{ is: 'rules', name: 'fw.pf', platform: 'pfsense', text, omittedLines: [] }],
      told,
      parseQuestion({ port: [port], start: [vantage] }),
    ),
  );
const lines = (text: string, word: string): readonly string[] => text.split('\n').filter((line) => line.includes(word));

describe('a group of interfaces', () => {
  it('may contain any interface if its members are unknown', () => {
    const on = (name: string): string => shown(NO_FACTS, '443', name);
    expect(lines(on('em1'), 'UNKNOWN')[1]).toMatch(/which interfaces Uplinks stands for is not told/);
    expect(() => on('Uplinks')).toThrow('No interface is called "Uplinks"');
    expect(on('em1')).toContain('any interface may be in the group Uplinks (--group Uplinks=em0,em1 says which are)');
  });

  it('has its members if they are given', () => {
    const told = facts(parseGroupOption('Uplinks=em0,em2'));
    const on = (name: string): string => shown(told, '443', name);
    expect(on('em0')).toMatch(/on this server\n {2}tcp 443 /);
    expect(on('em2')).toMatch(/on this server\n {2}tcp 443 /);
    expect(on('em1')).not.toMatch(/on this server\n {2}tcp 443 /);
    expect(on('em1')).toContain('Uplinks is the group of em0 and em2');
    expect([...lines(on('em0'), 'UNKNOWN'), ...lines(on('em1'), 'UNKNOWN')]).toEqual([]);
  });

  it('is an interface if it is given as one', () => {
    const told = facts(parseInterfaceOption('Uplinks:outside'));
    expect(shown(told, '443', 'Uplinks')).toMatch(/on this server\n {2}tcp 443 /);
    expect(shown(told, '443', 'em1')).not.toMatch(/on this server\n {2}tcp 443 /);
  });

  it('of tunnels contains tunnels only', () => {
    const text = TEXT.replace('Uplinks', 'openvpn');
    expect(lines(shown(NO_FACTS, '443', 'em1', text), 'UNKNOWN')).toEqual([]);
    expect(lines(shown(facts(parseInterfaceOption('ovpns1:vpn')), '443', 'ovpns1', text), 'UNKNOWN')[1]).toMatch(
      /openvpn/,
    );
    expect(shown(facts(parseGroupOption('openvpn=ovpns1')), '443', 'ovpns1', text)).toMatch(
      /on this server\n {2}tcp 443 /,
    );
  });

  it.each(['Uplinks', 'Uplinks=', 'em0=em1', 'a b=em0', 'Uplinks=em0,', 'x=a=b'])('is not %j', (text) => {
    expect(parseGroupOption(text)).toBeUndefined();
  });
});
