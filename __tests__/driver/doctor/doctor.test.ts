// Tests the steps of `doctor` with sample answers of devices: on devices as delivered every step is right, and each
// change shows in the step that it concerns. Also the parsing of the question (address, port, client).

import { parseClient, parseQuestion } from '../../../driver/doctor/doctor-question';
import { EXIT_STATUS } from '../../../driver/doctor/diagnose';
import { parseLookAnswer } from '../../../driver/doctor/device-look';
import { parseAnswer } from '../../../driver/agent-answer';
import { parseAddress, printAddress } from '../../../lib/net/address';
import { Refusal } from '../../../lib/problems/problem';
import { problemsOf } from '../../problems';
import { Asked, MAIL, walk } from './samples';
import { said, table, serverRules, withoutLine } from './print-sample-diagnosis';

it('finds nothing wrong in any step on devices as delivered', () => {
  const { found } = walk();
  expect(found.steps.map(({ name, status }) => `${status} ${name}`)).toEqual(
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
      'the server’s source is translated to its public address',
    ].map((name) => `right ${name}`),
  );
  expect([found.outcome, EXIT_STATUS[found.outcome], found.cause]).toEqual(['nothing wrong', 0, undefined]);
  expect(said({})).toMatch(
    /Nothing wrong was found from edge to the server and back\.\n {2}Then look before the gateway/,
  );
});

describe('a gateway that is named by --gateway', () => {
  test('is refused with the known gateways if no stack has it', () =>
    expect(problemsOf(() => walk({ edge: 'edge9' }))).toEqual([
      {
        code: 'cli/no-such-device',
        where: '--gateway edge9',
        what: 'No gateway of the synthesized stacks is called so.',
        instead: '--gateway edge.',
      },
    ]));

  test('is diagnosed by its own mappings', () =>
    expect(walk({ edge: 'edge', target: '203.0.113.99' }).found.steps[0]!.observations).toEqual([
      'no mapping of the gateway edge has 203.0.113.99; it maps 203.0.113.10',
    ]));
});

describe('differences beside the inbound path', () => {
  test('another outbound address', () => {
    const more = table('type nat hook postrouting priority 50; policy accept;\noifname "wan0" masquerade');
    expect(said({ gateway: { more } })).toMatch(
      /Nothing keeps this client away\. Beside that: the server’s source is translated to 203\.0\.113\.2, not to 203\.0\.113\.10, by line 4 of table ip foreign: oifname "wan0" masquerade/,
    );
  });

  test("a server that doesn't reach itself", () => {
    const ruleset = withoutLine(serverRules, /dnat ip to/);
    expect(said({ server: { look: { ruleset }, owner: { rules: 'edited' } } })).toMatch(
      /✗ the server reaches its own public address/,
    );
  });

  test('another release that passes the packet all the same', () => {
    expect(said({ server: { owner: { digest: 'e'.repeat(64) } } })).toMatch(
      /Nothing keeps this client away\. Beside that: mail1 does not run what the stack says: it runs another release than this folder's/,
    );
  });

  test('are possible causes if not everything could be checked', () => {
    expect(said({ server: { owner: { digest: 'e'.repeat(64) }, looked: 'too old' } })).toMatch(
      /Most likely: mail1 does not run what the stack says/,
    );
  });

  test('come after what decides', () => {
    const more = table('type nat hook postrouting priority 50; policy accept;\noifname "wan0" masquerade');
    expect(walk({ gateway: { more }, server: { looked: { listening: [] } } }).found.cause?.what).toMatch(
      /nothing listens/,
    );
  });
});

describe('unknown results', () => {
  const refusal = new Refusal([
    { code: 'driver/unreachable', where: 'root@127.0.0.1:22', what: 'The connection broke.', instead: 'look.' },
  ]);

  test("a device that doesn't answer: exit 2, and the other one is diagnosed", () => {
    const { found } = walk({ server: { device: { refusal } } });
    expect([found.outcome, EXIT_STATUS[found.outcome]]).toEqual(['not asked', 2]);
    expect(said({ server: { device: { refusal } } })).toMatch(
      /✓ edge runs its release[^]*- something listens on the port: mail1 could not be asked[^]*driver\/unreachable/,
    );
    expect(said({ server: { device: { refusal } } })).toMatch(
      /\nNot known: the lines with "-" could not be asked\. In what was, nothing is wrong\.\n {2}What to do: mend that, and ask again\. Nothing was changed\.$/,
    );
  });

  test('a cause at the other device is still the cause', () => {
    expect(walk({ gateway: { device: { refusal } }, server: { looked: { listening: [] } } }).found.outcome).toBe(
      'a cause',
    );
  });

  test("an old agent: the steps that it can't answer are named", () => {
    const { found } = walk({ gateway: { looked: 'too old' }, server: { looked: 'too old' } });
    expect(found.steps.filter(({ status }) => status === 'not asked').map(({ name }) => name)).toEqual([
      'the public address is there and answers',
      'the gateway has a way to the server',
      'something listens on the port',
      'its answers go back by the gateway',
    ]);
    expect([found.outcome, found.steps[3]!.observations.join()]).toEqual([
      'not asked',
      expect.stringContaining('too old to be asked (before protocol 5)'),
    ]);
  });

  test('a ban that may expire: exit 3, with its line', () => {
    const more =
      'table inet f2b {\n\tset banned {\n\t\ttype ipv4_addr\n\t\tflags timeout\n\t\telements = { 192.0.2.77 timeout 1h }\n\t}\n\tchain one {\n\t\ttype filter hook input priority -1; policy accept;\n\t\tip saddr @banned drop\n\t}\n}\n';
    expect(EXIT_STATUS[walk({ server: { more } }).found.outcome]).toBe(3);
    expect(said({ server: { more } })).toMatch(
      /Perhaps: the rules of mail1 may refuse .*line 9 of table inet f2b: an element may expire; the client's address stands in line 5 of table inet f2b/,
    );
  });

  test("a ruleset that can't be read", () => {
    const { found } = walk({ server: { look: { ruleset: 'table inet x {\n' } } });
    expect(found.steps.find(({ name }) => name === 'the server lets it through')!.status).toBe('unknown');
  });

  test('a server that no stack has', () => {
    const mappings = [
      {
        name: 'mail',
        virtualIp: 'mail-vip',
        internal: '10.0.0.10',
        open: [{ service: '443/tcp', from: 'anywhere' as const }],
      },
    ];
    const asked = { wish: { gateway: { ...MAIL.gateway!, mappings } } };
    expect(said(asked)).toMatch(/- something listens on the port: no synthesized stack has this server/);
  });
});

describe('a client inside', () => {
  test('of the same subnet is source translated to the gateway, so that replies need no route', () => {
    const { found } = walk({ from: '10.0.0.20', server: { looked: { back: '10.0.0.20 from 10.0.0.10 dev eth0' } } });
    expect(found.steps.find(({ name }) => name === 'its answers go back by the gateway')).toMatchObject({
      status: 'right',
      observations: ['it answers 10.0.0.1, which is edge itself'],
    });
  });

  test("isn't reflected by the intent, which is the cause", () => {
    const mappings = MAIL.gateway!.mappings!.map((one) => ({ ...one, reflection: { mode: 'disabled' as const } }));
    const asked = { from: '10.0.0.20', wish: { ...MAIL, gateway: { ...MAIL.gateway!, mappings } } };
    expect(said(asked)).toMatch(
      /Most likely: 10\.0\.0\.20 comes by lan0, from where the intent reflects nothing to 203\.0\.113\.10\./,
    );
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
    const { address, port, protocol } = parseQuestion(text);
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
  ])('"%s" is refused before any device is asked', (text) => {
    expect(() => parseQuestion(text)).toThrow(/cli\/not-an-address/);
  });

  test.each([
    ['203.0.113.10', '2001:db8::7'],
    ['[2001:db8::1]:443', '198.51.100.7'],
  ])("a client of the other family can't reach %s: %s", (target, from) => {
    expect(() => parseQuestion(target, parseClient(from))).toThrow(
      new RegExp(`^cli/not-an-address at --from ${from.replaceAll('.', '\\.')}: .* no packet has both`),
    );
  });

  test("an example client is an address that the intent doesn't name", () => {
    const { one } = walk();
    expect(one).toMatchObject({ source: parseAddress('192.0.2.77'), sourceReason: 'an example of any source outside' });
    expect(walk({ target: '203.0.113.10:22' }).one).toMatchObject({
      source: parseAddress('198.51.100.0'),
      sourceReason: 'one of the sources that the intent lets in',
    });
  });
});

it('escapes the text of a device', () => {
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
  // eslint-disable-next-line no-control-regex -- they must not be in the output
  expect(said(asked)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
});

it('limits and names the answers of look', () => {
  const text =
    'cpanel-edge: section settings\n|forwarding wan0 1\n|odd\ncpanel-edge: section sessions\n|unknown\ncpanel-edge: section listening\ncpanel-edge: ok look\n';
  const looked = parseLookAnswer(parseAnswer(text, '', 0));
  expect([[...looked.settings], looked.sessions, looked.listening, looked.wire]).toEqual([
    [['forwarding wan0', '1']],
    undefined,
    [],
    '',
  ]);
});
