// Tests which lines of a ruleset (nftables, pf, pfSense) the trace of a packet names as deciding.

import { parseAddress } from '../../lib/net/address';
import { Device } from '../../lib/net/device';
import { Packet } from '../../lib/net/packet';
import { PacketExplanation } from '../../lib/parse/config-parser';
import { platforms } from '../../lib/registry';
import { describedBy } from './foreign-texts';
import { configuration } from '../platforms/pfsense/parse/boxes';
import { port, router } from '../devices';

const DEVICE: Device = router([port('wan', 'outside', ['203.0.113.2/24']), port('lan', 'inside', ['10.0.1.1/24'])]);

const packet = (destination: string, port = 3306): Packet => ({
  source: parseAddress('198.51.100.7')!,
  destination: parseAddress(destination)!,
  protocol: 6,
  port,
  sourcePort: 40000,
});

type Platform = keyof typeof platforms;

function settled(
  platform: Platform,
  text: string,
  to = '203.0.113.2',
  device = DEVICE,
): PacketExplanation['decisionSources'] {
  return platforms[platform].parser.read(text, device).explain({ kind: 'interface', name: 'wan' }, packet(to))
    .decisionSources;
}

const table = (...chains: readonly string[]): string => `table inet f {\n${chains.join('\n')}\n}\n`;
const chain = (name: string, hook: string, policy: string, ...rules: readonly string[]): string =>
  `chain ${name} {\ntype filter ${hook}; policy ${policy};\n${rules.map((rule) => `${rule}\n`).join('')}}`;

describe('the lines that explain a packet', () => {
  test('nftables: a policy with its line, a rule with its line, a device that does not forward', () => {
    const drops = table(chain('input', 'hook input priority 0', 'drop', 'tcp dport 22 accept'));
    expect(settled('nftables', drops)).toEqual([{ description: 'policy drop', line: 3 }]);
    expect(settled('nftables', drops.replace('dport 22', 'dport 3306'))).toEqual([{ line: 4 }]);
    expect(settled('nftables', drops.replace('dport 22 accept', 'dport 3306 drop'))).toEqual([{ line: 4 }]);
    expect(settled('nftables', drops, '192.0.2.1', { ...DEVICE, forwarding: false })).toEqual([
      { description: 'the device does not forward' },
    ]);
    expect(settled('nftables', '', '203.0.113.2')).toEqual([{ description: 'nothing stands in its way' }]);
  });

  test('nftables: not the first rule that accepts, but the final ones in the hook that decides', () => {
    const raw = chain('raw', 'hook prerouting priority -300', 'accept', 'tcp dport 3306 accept');
    const after = chain('after', 'hook postrouting priority 300', 'accept');
    const first = chain('first', 'hook input priority -10', 'accept', 'tcp dport 3306 accept');
    const last = chain('last', 'hook input priority 10', 'accept');
    expect(settled('nftables', table(raw, last, after))).toEqual([{ description: 'policy accept', line: 7 }]);
    expect(settled('nftables', table(first, last))).toEqual([{ line: 4 }, { description: 'policy accept', line: 7 }]);
    expect(settled('nftables', table(chain('first', 'hook input priority -10', 'accept'), last))).toEqual([
      { description: 'policy accept', line: 6 },
    ]);
  });

  test('pf: the rule that passes it in, one that passes it out, none, and a rule that blocks', () => {
    const text = [
      '# pfctl -sn',
      '# pfctl -sr',
      'pass in quick on wan inet proto tcp to any port = 3306 flags S/SA keep state',
      '',
    ].join('\n');
    expect(settled('pfsense', text, '10.0.1.50')).toEqual([{ line: 3 }]);
    expect(settled('pfsense', text.replace('3306', '22'), '10.0.1.50')).toEqual([
      { description: 'no rule matches it, and then it passes' },
    ]);
    const out = `${text}block drop out on lan all\npass out on lan inet proto tcp to 10.0.1.50 flags S/SA keep state\n`;
    expect(settled('pfsense', out, '10.0.1.50')).toEqual([{ line: 3 }, { line: 5 }]);
    expect(
      settled('pfsense', text.replace('pass in quick', 'block drop in quick').replace(' flags S/SA keep state', '')),
    ).toEqual([{ line: 3 }]);
  });

  test('pfSense: a filter that is off, with the line of the switch, and a default by its name', () => {
    const text = configuration({});
    const device = describedBy(platforms.pfsense.configFormat, text);
    expect(settled('pfsense', text, '203.0.113.2', device)).toEqual([{ description: 'block by default', line: 2 }]);
    const off = text.replace('<system>', '<system>\n<disablefilter/>');
    const line = off.split('\n').findIndex((one) => one.includes('<disablefilter/>')) + 1;
    const by = { description: 'the filter is off', line };
    expect(settled('pfsense', off, '203.0.113.2', device)).toEqual([by]);
    expect(settled('pfsense', off, '192.0.2.1', device)).toEqual([by]);
  });
});
