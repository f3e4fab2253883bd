// Tests imports of rules of which it isn't known whether they let packets in (limits, expiring elements): the profile
// leaves them closed and the report names them.

import { ImportedServer } from '../../../lib/import/server/import-server';
import { renderServerReport } from '../../../lib/import/server/server-stack';
import { port } from '../../devices';
import { dropped, serverOf as of } from './servers';

const V4 = [port('eth0', 'outside', ['198.51.100.50/24'])];
const BOTH = [port('eth0', 'outside', ['198.51.100.50/24', '2001:db8:0:1::50/64'])];
const SSH = '-A INPUT -s 203.0.113.0/24 -p tcp -m tcp --dport 22 -j ACCEPT';
const WEB = '-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT';
const DNS = '-A INPUT -p udp -m udp --dport 53 -m limit --limit 50/sec -j ACCEPT';

describe("rules of which it isn't known whether they allow packets", () => {
  const imports = (rules: readonly string[]): ImportedServer => of('iptables', dropped(rules), V4);

  it('what a limit allows is opened, and reported with its line and the reason', () => {
    const found = imports([SSH, WEB, DNS]);
    expect(found.profile.services).toEqual(['https', { ports: 53, protocol: 'udp', from: 'anywhere' }]);
    expect(found.changes).toMatchObject({
      perhapsOpened: ['from the internet by eth0: 198.51.100.50 udp 53 from anywhere'],
      opened: [],
      closed: [],
      perhapsClosed: [],
      undecided: [],
    });
    expect(found.widened).toEqual([
      {
        packets: '198.51.100.50 udp 53 from anywhere',
        reason: 'some clients may be kept out now: line 10: a limit may be reached.',
      },
    ]);
  });

  it('what a quota allows is closed, and reported with its line and the reason', () => {
    const found = imports([SSH, WEB, DNS.replace('limit --limit 50/sec', 'quota --quota 500')]);
    expect(found.profile.services).toEqual(['https']);
    expect(found.changes).toMatchObject({
      perhapsClosed: ['from the internet by eth0: 198.51.100.50 udp 53 from anywhere'],
      opened: [],
      closed: [],
      perhapsOpened: [],
      undecided: [],
    });
    expect(found.skipped).toEqual([
      {
        packets: '198.51.100.50 udp 53 from anywhere',
        reason: 'not known whether it passes now: line 10: "-m quota" may match or not.',
      },
    ]);
    expect(renderServerReport(found, 'web1.txt', 'web1.ts', [])).toContain(
      '\n? closes, and it is unknown whether it was open: from the internet by eth0: 198.51.100.50 udp 53 from anywhere\n',
    );
  });

  it('what only the other family surely allows is opened, and reported as widened', () => {
    const ip6 = ['-A INPUT -p udp -m udp --dport 53 -j ACCEPT'];
    const found = of('iptables', dropped([SSH, WEB, DNS], { ip6 }), BOTH);
    expect(found.profile.services).toContain('https');
    expect(found.changes.perhapsOpened).toEqual(['from the internet by eth0: 198.51.100.50 udp 53 from anywhere']);
    expect(found.widened).toContainEqual({
      packets: '198.51.100.50 udp 53 from anywhere',
      reason: 'some clients may be kept out now: line 10: a limit may be reached.',
    });
  });

  it('outgoing packets are reported as outgoing', () => {
    const { skipped, changes } = imports([
      SSH,
      WEB,
      '-A OUTPUT -p tcp -m tcp --dport 25 -m owner ! --uid-owner 0 -j REJECT',
    ]);
    expect(changes.perhapsClosed).toEqual([
      expect.stringMatching(/^from the device itself: .* tcp 25 from 198\.51\.100\.50$/),
    ]);
    expect(skipped.map(({ packets }) => packets)).toContainEqual(
      expect.stringMatching(/^sent: .* tcp 25 from 198\.51\.100\.50$/),
    );
  });

  it('a gateway that translates SSH of some sources to other hosts is refused with the reason', () => {
    const nat = `*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -d 198.51.100.51/32 -j DNAT --to-destination 10.0.0.10
-A PREROUTING -d 198.51.100.52/32 -p tcp -m tcp --dport 22 -j DNAT --to-destination 10.0.0.11:2222
-A PREROUTING -d 198.51.100.53/32 -p tcp -m tcp --dport 22 -j DNAT --to-destination 198.51.100.50
COMMIT
`;
    const its = [
      port('eth0', 'outside', ['198.51.100.50/24', '198.51.100.51/24', '198.51.100.52/24', '198.51.100.53/24']),
    ];
    const refused =
      (text: string): (() => ImportedServer) =>
      () =>
        of('iptables', text, its);
    expect(
      refused(dropped([SSH, WEB]).replace(':FORWARD DROP', ':FORWARD ACCEPT').replace('*filter', `${nat}*filter`)),
    ).toThrow(
      /^import\/no-way-in .*198\.51\.100\.51 is translated to 10\.0\.0\.10, 198\.51\.100\.52 to 10\.0\.0\.11, as a gateway does\..*of a gateway constructs are made from pfSense's config\.xml alone/s,
    );
  });

  it('an unknown SSH login rule is refused, with its line and the reason', () => {
    const limited = SSH.replace('-j', '-m recent --name s --update --seconds 30 --hitcount 6 -j');
    expect(() => imports([limited, WEB])).toThrow(
      /^import\/no-way-in .*Of some it is not known: line 8: its count of earlier packets may be reached\./,
    );
    expect(() => imports([limited, WEB])).toThrow(
      /the text without such a condition, or such a line, where it only says how often; /,
    );
    expect(() => imports([WEB])).toThrow(/^import\/no-way-in (?!.*it is not known)(?!.*condition)(?!.*gateway)/s);
  });
});
