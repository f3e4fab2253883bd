import { printDiagnosis } from '../driver/doctor-print';
import { questionOf } from '../driver/doctor-question';
import { STATUS } from '../driver/doctor';
import { lookedOf } from '../driver/doctor-look';
import { readAnswer } from '../driver/answer';
import { parseAddress, printAddress } from '../lib/net/address';
import { Refusal } from '../lib/problems/problem';
import { Asked, MAIL, holdersOf, lookAt, walk } from './doctor-samples';
import { EDGE } from './cases/edge';

const said = (asked: Asked): string => {
  const { one, found } = walk(asked);
  return printDiagnosis(one, found, { is: 'timed out' }).join('\n');
};

it('what is as delivered has nothing wrong, step by step', () => {
  const { found } = walk();
  expect(found.steps.map(({ name, is }) => `${is} ${name}`)).toEqual(
    [
      'the intent asks for it',
      'edge runs its release',
      'the public address is there and answers',
      'the gateway has a way to the server',
      'the gateway translates it to the server',
      'the gateway lets it through',
      'mail1 runs its release',
      'the server lets it through',
      'something listens on the port',
      'its answers go back by the gateway',
      'the server reaches its own public address',
      'the server is seen as its public address',
    ].map((name) => `right ${name}`),
  );
  expect([found.found, STATUS[found.found], found.cause]).toEqual(['nothing wrong', 0, undefined]);
  expect(said({})).toMatch(/Nothing wrong was found from edge to the server and back\.\n {2}Then look before the gateway/);
});

const table = (chain: string): string => `table ip foreign {\n\tchain one {\n${chain}\n\t}\n}\n`;
const [gatewayHolder, serverHolder] = holdersOf(MAIL) as [ReturnType<typeof holdersOf>[number], ReturnType<typeof holdersOf>[number]];
const gatewayRules = lookAt(gatewayHolder).ruleset;
const serverRules = lookAt(serverHolder).ruleset;
const withoutLine = (rules: string, pattern: RegExp): string =>
  rules
    .split('\n')
    .filter((line) => !pattern.test(line))
    .join('\n');

describe('each thing that is wrong is the cause', () => {
  test.each<[string, Asked, RegExp]>([
    [
      'a port that is not opened',
      { target: '203.0.113.10:3306' },
      /^Most likely: "mail" does not open tcp 3306 to anybody\.\n.*'3306\/tcp' in extra of profile "mail"/,
    ],
    [
      'another source',
      { target: '203.0.113.10:22', from: '192.0.2.1' },
      /^Most likely: "mail" opens tcp 22 to 198\.51\.100\.0\/28 only, and 192\.0\.2\.1 is not among them/,
    ],
    ['another protocol', { target: '203.0.113.10:443/udp' }, /^Most likely: "mail" does not open udp 443 to anybody\./],
    ['no mapping', { target: '203.0.113.11' }, /^Most likely: nothing in the synthesized stacks gives 203\.0\.113\.11 to a server\./],
    [
      'a virtual IP without a mapping',
      { wish: { ...MAIL, gateway: { ...EDGE, virtualIps: MAIL.gateway!.virtualIps!, mappings: [] } } },
      /^Most likely: virtual IP "mail-vip" has 203\.0\.113\.10, and no mapping leads it to a server\./,
    ],
    [
      'a mapping that is not enabled',
      { wish: { ...MAIL, gateway: { ...MAIL.gateway!, mappings: MAIL.gateway!.mappings!.map((one) => ({ ...one, enabled: false })) } } },
      /^Most likely: mapping "mail" is not enabled\./,
    ],
    [
      'a restriction',
      {
        from: '198.51.100.200',
        wish: {
          ...MAIL,
          gateway: { ...MAIL.gateway!, mappings: MAIL.gateway!.mappings!.map((one) => ({ ...one, destination: ['192.0.2.0/24'] })) },
        },
      },
      /^Most likely: mapping "mail" is restricted to 192\.0\.2\.0\/24, and 198\.51\.100\.200 is not among them/,
    ],
    [
      'rules flushed',
      { gateway: { look: { ruleset: '' }, owner: { rules: 'absent' } } },
      /^Most likely: edge runs none of our rules: our rules are absent: somebody flushed them\.\n.*in \/srv\/edge: npx cdktf deploy edge/,
    ],
    [
      'an interface that is down',
      { gateway: { facts: { links: '2: wan0: <BROADCAST>\n3: lan0: <BROADCAST,UP,LOWER_UP>' } } },
      /^Most likely: interface wan0 of edge is down\./,
    ],
    [
      'a cable',
      { gateway: { facts: { links: '2: wan0: <NO-CARRIER,BROADCAST,UP>\n3: lan0: <BROADCAST,UP,LOWER_UP>' } } },
      /^Most likely: interface wan0 of edge has no carrier/,
    ],
    ['no interface', { gateway: { facts: { links: '3: lan0: <BROADCAST,UP,LOWER_UP>' } } }, /^Most likely: edge has no interface wan0\./],
    [
      'no virtual IP',
      { gateway: { facts: { addresses: '2: wan0    inet 203.0.113.2/24\n3: lan0    inet 10.0.0.1/24' } } },
      /^Most likely: wan0 of edge does not have 203\.0\.113\.10: somebody took the virtual IP away/,
    ],
    [
      'a duplicate',
      { gateway: { looked: { wire: 'taken 02:00:00:00:00:99' } } },
      /^Most likely: another machine on the wire of wan0, 02:00:00:00:00:99, has 203\.0\.113\.10, too/,
    ],
    [
      'arp_ignore',
      { gateway: { looked: { settings: new Map([['arp_ignore all', '8']]) } } },
      /^Most likely: edge answers no ARP request on wan0: arp_ignore is 8\./,
    ],
    [
      'no forwarding',
      { gateway: { facts: { forwarding: { ip: false, ip6: false } }, looked: { settings: new Map([['forwarding wan0', '0']]) } } },
      /^Most likely: edge does not forward IPv4\./,
    ],
    [
      'no forwarding on one interface',
      { gateway: { looked: { settings: new Map([['forwarding wan0', '0']]) } } },
      /^Most likely: edge does not forward IPv4 on wan0\./,
    ],
    [
      'no route',
      { gateway: { looked: { inside: 'RTNETLINK answers: Network is unreachable' } } },
      /^Most likely: edge has no route to 10\.0\.0\.10\./,
    ],
    [
      'another route',
      { gateway: { looked: { inside: '10.0.0.10 via 203.0.113.254 dev wan0 src 203.0.113.2' } } },
      /^Most likely: edge sends 10\.0\.0\.10 out by wan0, and it is behind lan0\./,
    ],
    [
      'rp_filter on the gateway',
      { gateway: { looked: { through: 'RTNETLINK answers: Invalid cross-device link' } } },
      /^Most likely: rp_filter of edge drops what 192\.0\.2\.77 sends by wan0/,
    ],
    [
      'a server that is off',
      { gateway: { looked: { neighbour: ['silent lan0', '10.0.0.10 dev lan0 FAILED'] } } },
      /^Most likely: the server does not answer ARP for 10\.0\.0\.10 on lan0 of edge/,
    ],
    [
      'a foreign translation',
      {
        gateway: {
          more: table('type nat hook prerouting priority -150; policy accept;\nip daddr 203.0.113.10 tcp dport 443 dnat to 10.0.0.20:80'),
        },
      },
      /^Most likely: line 4 of table ip foreign on edge leads it to 10\.0\.0\.20 port 80 instead of 10\.0\.0\.10 port 443: ip daddr .*\n.*nft -a list table ip foreign/,
    ],
    [
      'our translation gone',
      { gateway: { look: { ruleset: withoutLine(gatewayRules, /dnat ip to/) }, owner: { rules: 'edited' } } },
      /^Most likely: no rule of edge translates 203\.0\.113\.10: our rules were edited by hand\.\n.*npx cpanel-edge accept edge f{64} --stack stack/,
    ],
    [
      'a foreign drop',
      { gateway: { more: table('type filter hook forward priority 0; policy accept;\ntcp dport 443 drop') } },
      /^Most likely: line 4 of table ip foreign on edge refuses .*: tcp dport 443 drop, which is not of cpanel-edge\./,
    ],
    [
      'a foreign policy',
      { gateway: { more: table('type filter hook forward priority 0; policy drop;') } },
      /^Most likely: the rules of edge refuse .*: chain one of table ip foreign has policy drop\./,
    ],
    [
      'a server that was edited',
      {
        server: {
          look: {
            ruleset: serverRules.replace(/(type filter hook input [^\n]*\n)/, '$1    tcp dport 443 drop\n'),
            edits: [{ role: 'server', owner: 'hosting', is: 'new', text: 'tcp dport 443 drop' }],
          },
          owner: { rules: 'edited' },
        },
      },
      /^Most likely: line \d+ of table inet cpanel_edge_hosting_host on mail1 refuses .*: tcp dport 443 drop, a line that somebody added to our rules by hand\./,
    ],
    ['nothing listens', { server: { looked: { listening: [] } } }, /^Most likely: nothing listens on tcp 443 of mail1/],
    [
      'loopback only',
      { server: { looked: { listening: ['LISTEN 0 511 127.0.0.1:443 0.0.0.0:*', 'LISTEN 0 511 [::1]:443 [::]:*'] } } },
      /^Most likely: the service of tcp 443 on mail1 listens on 127\.0\.0\.1, ::1 only, not on 10\.0\.0\.10\./,
    ],
    [
      'no way back',
      { server: { looked: { back: 'RTNETLINK answers: Network is unreachable' } } },
      /^Most likely: mail1 has no route back to 192\.0\.2\.77: its default route is gone\.\n.*ip route replace default via 10\.0\.0\.1 dev eth0/,
    ],
    [
      'another router',
      { server: { looked: { back: '192.0.2.77 from 10.0.0.10 via 10.0.0.20 dev eth0' } } },
      /^Most likely: mail1 answers 192\.0\.2\.77 by 10\.0\.0\.20 on eth0, not by edge \(10\.0\.0\.1\)/,
    ],
    [
      'a wire of its own',
      { server: { looked: { back: '192.0.2.77 from 10.0.0.10 dev eth1' } } },
      /^Most likely: mail1 answers 192\.0\.2\.77 directly by eth1, not by edge/,
    ],
    [
      'rp_filter on the server',
      { server: { looked: { through: 'RTNETLINK answers: Invalid argument' } } },
      /^Most likely: rp_filter of mail1 drops what comes from 192\.0\.2\.77/,
    ],
  ])('%s', (_, asked, cause) => {
    const { found } = walk(asked);
    const [, last = ''] = said(asked).split('\n\n').slice(-2);
    expect(last).toMatch(cause);
    expect([found.found, STATUS[found.found]]).toEqual(['a cause', 1]);
  });
});

test.each<[string, string]>([
  ['LISTEN 0 511 *:443 *:*', 'every address, both families'],
  ['LISTEN 0 511 [::]:443 [::]:*', 'IPv6 and IPv4'],
  ['LISTEN 0 511 10.0.0.10%eth0:443 0.0.0.0:*', 'the address on one interface'],
  ['LISTEN 0 511 [::ffff:10.0.0.10]:443 [::]:*', 'the address, mapped'],
])('%s listens on %s', (line) => {
  expect(walk({ server: { looked: { listening: [line] } } }).found.found).toBe('nothing wrong');
});

describe('beside the way in', () => {
  test('an outbound address that is another', () => {
    const more = table('type nat hook postrouting priority 50; policy accept;\noifname "wan0" masquerade');
    expect(said({ gateway: { more } })).toMatch(
      /Nothing keeps this client away\. Beside that: the server is seen as 203\.0\.113\.2 outside, not as 203\.0\.113\.10, by line 4 of table ip foreign: oifname "wan0" masquerade/,
    );
  });

  test('a server that does not reach itself', () => {
    const ruleset = withoutLine(serverRules, /dnat ip to/);
    expect(said({ server: { look: { ruleset }, owner: { rules: 'edited' } } })).toMatch(/✗ the server reaches its own public address/);
  });

  test('another release, through which the packet passes all the same', () => {
    expect(said({ server: { owner: { digest: 'e'.repeat(64) } } })).toMatch(
      /Nothing keeps this client away\. Beside that: mail1 does not run what the stack says: it runs another release than this folder's/,
    );
  });

  test('it may be why where not everything could be looked at', () => {
    expect(said({ server: { owner: { digest: 'e'.repeat(64) }, looked: 'too old' } })).toMatch(
      /Most likely: mail1 does not run what the stack says/,
    );
  });

  test('what decides comes before what is beside it', () => {
    const more = table('type nat hook postrouting priority 50; policy accept;\noifname "wan0" masquerade');
    expect(walk({ gateway: { more }, server: { looked: { listening: [] } } }).found.cause?.what).toMatch(/nothing listens/);
  });
});

describe('what can not be known', () => {
  const refusal = new Refusal([
    { code: 'driver/unreachable', where: 'root@127.0.0.1:22', what: 'The connection broke.', instead: 'look.' },
  ]);

  test('a device that does not answer: exit 2, and the other one is looked at', () => {
    const { found } = walk({ server: { device: { refusal } } });
    expect([found.found, STATUS[found.found]]).toEqual(['not asked', 2]);
    expect(said({ server: { device: { refusal } } })).toMatch(
      /✓ edge runs its release[^]*- something listens on the port: mail1 could not be asked[^]*driver\/unreachable/,
    );
  });

  test('a cause at the other device is a cause', () => {
    expect(walk({ gateway: { device: { refusal } }, server: { looked: { listening: [] } } }).found.found).toBe('a cause');
  });

  test('a program that is too old: the steps that it can not answer are named', () => {
    const { found } = walk({ gateway: { looked: 'too old' }, server: { looked: 'too old' } });
    expect(found.steps.filter(({ is }) => is === 'not asked').map(({ name }) => name)).toEqual([
      'the public address is there and answers',
      'the gateway has a way to the server',
      'something listens on the port',
      'its answers go back by the gateway',
    ]);
    expect([found.found, found.steps[3]!.seen.join()]).toEqual([
      'not asked',
      expect.stringContaining('too old to be asked (before protocol 5)'),
    ]);
  });

  test('a ban that may expire: exit 3, with the line', () => {
    const more =
      'table inet f2b {\n\tset banned {\n\t\ttype ipv4_addr\n\t\tflags timeout\n\t\telements = { 192.0.2.77 timeout 1h }\n\t}\n\tchain one {\n\t\ttype filter hook input priority -1; policy accept;\n\t\tip saddr @banned drop\n\t}\n}\n';
    expect(STATUS[walk({ server: { more } }).found.found]).toBe(3);
    expect(said({ server: { more } })).toMatch(
      /Perhaps: the rules of mail1 may refuse .*line 9 of table inet f2b: an element may expire; the client's address stands in line 5 of table inet f2b/,
    );
  });

  test('a ruleset that can not be read', () => {
    const { found } = walk({ server: { look: { ruleset: 'table inet x {\n' } } });
    expect(found.steps.find(({ name }) => name === 'the server lets it through')!.is).toBe('unknown');
  });

  test('a server that no stack has', () => {
    const mappings = [
      { name: 'mail', virtualIp: 'mail-vip', inside: '10.0.0.10', open: [{ service: '443/tcp', from: 'anywhere' as const }] },
    ];
    const asked = { wish: { gateway: { ...MAIL.gateway!, mappings } } };
    expect(said(asked)).toMatch(/- something listens on the port: no synthesized stack has this server/);
  });
});

describe('from inside', () => {
  test('a client of the same subnet is seen as the gateway, whose answers need no route', () => {
    const { found } = walk({ from: '10.0.0.20', server: { looked: { back: '10.0.0.20 from 10.0.0.10 dev eth0' } } });
    expect(found.steps.find(({ name }) => name === 'its answers go back by the gateway')).toMatchObject({
      is: 'right',
      seen: ['it answers 10.0.0.1, which is edge itself'],
    });
  });

  test('what the intent does not reflect is the cause', () => {
    const mappings = MAIL.gateway!.mappings!.map((one) => ({ ...one, reflection: { mode: 'disabled' as const } }));
    const asked = { from: '10.0.0.20', wish: { ...MAIL, gateway: { ...MAIL.gateway!, mappings } } };
    expect(said(asked)).toMatch(/Most likely: 10\.0\.0\.20 comes by lan0, from where the intent reflects nothing to 203\.0\.113\.10\./);
  });
});

describe('the question', () => {
  test.each<[string, string]>([
    ['203.0.113.10', '203.0.113.10 443 tcp'],
    ['203.0.113.10:25', '203.0.113.10 25 tcp'],
    ['203.0.113.10:53/udp', '203.0.113.10 53 udp'],
    ['203.0.113.10/udp', '203.0.113.10 443 udp'],
    ['2001:db8::1', '2001:db8::1 443 tcp'],
    ['[2001:db8::1]:25', '2001:db8::1 25 tcp'],
  ])('%s', (text, asked) => {
    const { address, port, protocol } = questionOf(text);
    expect(`${printAddress(address)} ${port} ${protocol}`).toBe(asked);
  });

  test.each([
    '',
    'web1',
    '203.0.113',
    '203.0.113.10:0',
    '203.0.113.10:65536',
    '203.0.113.10:x',
    '203.0.113.010',
    '203.0.113.10;id',
    '203.0.113.10/24',
    '-oProxyCommand=x',
  ])('"%s" is refused before anybody is asked', (text) => {
    expect(() => questionOf(text)).toThrow(/cli\/not-an-address/);
  });

  test('both mistakes are said at once', () => {
    expect(() => questionOf('x', 'y')).toThrow(/cli\/not-an-address at x[^]*cli\/not-an-address at --from y/);
  });

  test('an example of a client is nobody whom the intent names', () => {
    const { one } = walk();
    expect(one).toMatchObject({ source: parseAddress('192.0.2.77'), chosen: 'an example of anybody outside' });
    expect(walk({ target: '203.0.113.10:22' }).one).toMatchObject({
      source: parseAddress('198.51.100.0'),
      chosen: 'one of those whom the intent lets in',
    });
  });
});

it('what a device says is never shown raw', () => {
  const evil = '\u001b[2J\u202eEVIL';
  const asked: Asked = {
    gateway: {
      looked: {
        wire: `taken ${evil}`,
        inside: `RTNETLINK answers: ${evil}`,
        through: evil,
        neighbour: [`silent ${evil}`],
        sessions: [evil],
      },
      more: table(`type filter hook forward priority 0; policy accept;\ntcp dport 443 drop comment "${evil}"`),
    },
    server: { looked: { listening: [`LISTEN 0 1 ${evil}:443 x`], back: `192.0.2.77 via ${evil} dev ${evil}` } },
  };
  // eslint-disable-next-line no-control-regex -- they are what must not come through
  expect(said(asked)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
});

it('answers of look are bounded and named', () => {
  const text =
    'cpanel-edge: section settings\n|forwarding wan0 1\n|odd\ncpanel-edge: section sessions\n|unknown\ncpanel-edge: section listening\ncpanel-edge: ok look\n';
  const looked = lookedOf(readAnswer(text, '', 0));
  expect([[...looked.settings], looked.sessions, looked.listening, looked.wire]).toEqual([[['forwarding wan0', '1']], undefined, [], '']);
});
