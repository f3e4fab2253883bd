// Tests that `doctor` calls a step unknown, never right, if it couldn't ask for the facts of the step.

import { LookAnswer, parseLookAnswer } from '../../../driver/doctor/device-look';
import { TestDevice, canHaveDevice } from '../../agent/machine';
import { temporaryFolder } from '../../temporary-folder';
import { describeWhere } from '../../where-possible';
import { walk } from './samples';
import { said } from './print-sample-diagnosis';

// doctor must not claim anything about facts that it couldn't get.

describe("a step without its facts isn't called right", () => {
  test("rules of iptables-legacy, which the listed ruleset doesn't contain", () => {
    const legacyTables = ['ip filter 5', 'ip nat 0'];
    const text = said({ server: { facts: { legacyTables } } });
    expect(text).toMatch(
      /\? the server lets it through: .*iptables-legacy holds rules that nft does not show: ip table filter, 5 rules\n/,
    );
    expect(text).toMatch(/\nPerhaps: the rules of mail1 may refuse what .*ip table filter, 5 rules/);
    expect(said({ gateway: { facts: { legacyTables } } })).toMatch(
      /\? the gateway lets it through: .*ip table filter, 5 rules\n/,
    );
    expect(walk({ server: { facts: { legacyTables: ['ip filter 0'] } } }).found.outcome).toBe('nothing wrong');
  });

  test('whether another host has the address, without arping', () =>
    expect(said({ gateway: { looked: { wire: 'unknown' } } })).toMatch(
      /wan0 has 203\.0\.113\.10\n {4}whether another machine on its wire has it, too, could not be asked there\n/,
    ));

  test('a server whose hardware address the gateway only has in its cache', () => {
    const stale = said({ gateway: { looked: { neighbour: ['10.0.0.10 dev lan0 lladdr 02:00:00:00:00:10 STALE'] } } });
    expect(stale).toMatch(
      / {4}10\.0\.0\.10 was 02:00:00:00:00:10 on lan0 \(STALE\); whether it answers now was not asked\n/,
    );
    expect(stale).not.toContain('10.0.0.10 answers');
    expect(said({ gateway: { looked: { neighbour: [] } } })).toContain(
      '    whether 10.0.0.10 answers on lan0 was not asked\n',
    );
  });

  test('differences that block no client are called so only if the whole path was checked', () => {
    const unheard = parseLookAnswer({ sections: new Map([['listening', ['unknown']]]) });
    const { listening } = unheard;
    expect(listening).toBeUndefined();
    const looked = { ...unheard, listening } as Partial<LookAnswer>;
    const text = said({ server: { facts: { cpanelNat: { file: 'absent', lines: [] } }, looked } });
    expect(text).toMatch(/- something listens on the port/);
    expect(text).not.toContain('Nothing keeps this client away');
  });
});

describe('the return path', () => {
  test('from the gateway to the client: there is no route', () => {
    const returns = 'RTNETLINK answers: Network is unreachable';
    expect(said({ gateway: { looked: { returns } } })).toMatch(
      /✗ the gateway has a way to the server[^]*Most likely: edge has no route back to \S+: its default route is gone\.\n {2}What to do: as root on edge /,
    );
    expect(
      walk({
        gateway: { looked: { returns: '192.0.2.77 from 10.0.0.10 via 203.0.113.254 dev wan0 \\    cache iif lan0' } },
      }).found.outcome,
    ).toBe('nothing wrong');
  });

  // The kernel answers as for a route of type unreachable.
  test("from the gateway: it doesn't forward packets from the server", () => {
    const settings = new Map([
      ['forwarding wan0', '1'],
      ['forwarding lan0', '0'],
    ]);
    expect(said({ gateway: { looked: { settings, returns: 'RTNETLINK answers: No route to host' } } })).toMatch(
      /Most likely: edge does not forward what comes by lan0, from 10\.0\.0\.10\.\n {2}What to do: .*net\.ipv4\.conf\.lan0\.forwarding=1/,
    );
  });

  // The answers of `ip route get` for routes of type unreachable, blackhole and prohibit: a banned client beside a
  // default route.
  test.each(['No route to host', 'Invalid argument', 'Permission denied'])(
    "a route that bans the client (%s) isn't called a missing default route",
    (why) => {
      for (const text of [
        said({ server: { looked: { back: `RTNETLINK answers: ${why}` } } }),
        said({ gateway: { looked: { returns: `RTNETLINK answers: ${why}` } } }),
      ]) {
        expect(text).toMatch(
          /Most likely: (mail1|edge) refuses to send to \S+ by a route: .*\n {2}What to do: .*ip route show table all type blackhole; /,
        );
        expect(text).not.toContain('default route');
      }
    },
  );
});

test.each([
  [
    'IPv6 alone',
    '[::]:443',
    'LISTEN 0 128 [::]:443 [::]:* ino:1 sk:2 cgroup:/x v6only:1 <->',
    /✗ something listens on the port: it listens on :: \(IPv6 alone\) only/,
  ],
  [
    'another interface',
    '0.0.0.0%lo:443',
    'LISTEN 0 128 0.0.0.0%lo:443 0.0.0.0:* ino:1 sk:2 <->',
    /✗ something listens on the port: it listens on 0\.0\.0\.0 of lo only/,
  ],
  [
    'its own interface',
    '10.0.0.10%eth0:443',
    'LISTEN 0 128 10.0.0.10%eth0:443 0.0.0.0:*',
    /✓ something listens on the port: on 10\.0\.0\.10 of eth0/,
  ],
  [
    'both families',
    '*:443',
    'LISTEN 0 128 *:443 *:* ino:1 sk:2 v6only:0 <->',
    /✓ something listens on the port: on \*/,
  ],
  [
    'both, as older ones print it',
    '[::]:443',
    'LISTEN 0 128 [::]:443 [::]:*',
    /\? something listens on the port: on ::, and .* not say whether for IPv4/,
  ],
])('a service that listens on %s (%s)', (_, __, line, says) =>
  expect(said({ server: { looked: { listening: [line] } } })).toMatch(says),
);

test('the command to log in contains the port', () =>
  expect(said({ gateway: { looked: { returns: 'RTNETLINK answers: Network is unreachable' } }, port: 2222 })).toContain(
    '(ssh -p 2222 root@127.0.0.1)',
  ));

const folder = temporaryFolder();

describeWhere(
  canHaveDevice,
  'what a device says when it is looked at',
  'root on Linux',
)('a device that is asked by look', () => {
  let device: TestDevice;
  beforeAll(async () => void (device = await TestDevice.start(folder)));
  afterAll(() => device.stop());
  const asks = (setup: string): string =>
    device.run(
      `${setup}; printf 'public 203.0.113.10\\ninside 10.9.0.10\\nsource 198.51.100.7\\nport 4443\\nprotocol tcp\\narrives wan0\\n' | /usr/local/sbin/cpanel-edge-device look`,
    );
  const section = (answer: string, name: string): string =>
    new RegExp(`section ${name}\\n((?:\\|.*\\n)*)`).exec(answer)?.[1] ?? 'none';

  test('answers how it routes replies from the server to the client', () => {
    device.run(
      'ip link add lan0 type veth peer name wire1; ip link set wire1 up; ip addr add 10.9.0.1/24 dev lan0; ip link set lan0 up',
    );
    expect(section(asks(':'), 'returns')).toBe('|RTNETLINK answers: Network is unreachable\n');
    const back = section(asks('ip route add default via 203.0.113.254'), 'returns');
    expect(back).toMatch(/^\|198\.51\.100\.7 from 10\.9\.0\.10 via 203\.0\.113\.254 dev wan0 .*iif lan0/);
    expect(section(asks('ip addr add 10.9.0.10/32 dev lo'), 'returns')).toBe('');
  });

  test('answers whether a socket is for IPv6 only', () => {
    const listens = (v6only: 0 | 1): string =>
      `'${process.execPath}' -e 'require("net").createServer().listen({ host: "::", port: 4443, ipv6Only: ${v6only === 1} })' >/dev/null 2>&1 & echo $! >/run/cpanel-edge/listener; until ss -Hltn 'sport = :4443' | grep -q .; do sleep 0.1; done`;
    const ends = (): string =>
      device.run(
        `kill $(cat /run/cpanel-edge/listener); while ss -Hltn 'sport = :4443' | grep -q .; do sleep 0.1; done`,
      );
    expect(section(asks(listens(1)), 'listening')).toMatch(/v6only:1/);
    ends();
    expect(section(asks(listens(0)), 'listening')).toMatch(/^\|LISTEN .*v6only:0/);
    ends();
  });
});
