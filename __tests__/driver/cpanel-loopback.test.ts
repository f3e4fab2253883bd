// Tests how the driver asks a server whether it reaches its own public addresses: by which ports, when it asks, and
// what `verify`, `doctor` and a delivery report.

import { parseAnswer } from '../../driver/agent-answer';
import { LoopbackResult, parseLoopback, listLoopbackPorts } from '../../driver/cpanel-loopback';
import { parseCpanelNat, listGatewayPolicies } from '../../driver/cpanel-nat';
import { DeviceStatus } from '../../driver/device-status';
import { askAfterDelivery, listLoopbackNotes, addLoopback } from '../../driver/ask-loopback';
import { Remote } from '../../driver/ssh';
import { OwnershipRecord } from '../../driver/synthesized-stack';
import { deliver } from '../../driver/deliver';
import { loadAgent } from '../../driver/agent-program';
import { ServerPolicy } from '../../lib/policy/policy';
import { decodePolicy } from '../../lib/verifier/policy-codec';
import { Wish } from '../support';
import { MAIL, holdersOf, lookAt } from './doctor/samples';
import { GOOD, device, world } from './simulated-device';

const [mail] = MAIL.servers!;
const SAYS: Wish = { ...MAIL, servers: [{ ...mail!, cpnat: {} }] };
const serverOf = (holders: readonly OwnershipRecord[]): OwnershipRecord =>
  holders.find(({ role }) => role === 'server')!;
const [silentHolders, sayingHolders] = [holdersOf(MAIL), holdersOf(SAYS)];
const [silent, saying] = [serverOf(silentHolders), serverOf(sayingHolders)];
const policy = decodePolicy(saying.release!.policy) as ServerPolicy;
const ASKED = 'loopback 993,443,465,25\n';

describe("a server's answer about its own public addresses", () => {
  test('is parsed', () =>
    expect(
      parseLoopback([
        'pair 10.0.0.10 203.0.113.10 53 itself',
        'more',
        'pair 10.0.0.11 203.0.113.11 - unheard',
        'pair 10.0.0.12 203.0.113.12 443 silent',
      ]),
    ).toEqual({
      heard: [
        { local: '10.0.0.10', public: '203.0.113.10', is: 'itself', port: 53 },
        { local: '10.0.0.11', public: '203.0.113.11', is: 'unheard' },
        { local: '10.0.0.12', public: '203.0.113.12', is: 'silent', port: 443 },
      ],
      more: true,
    }));

  const GOOD_LINE = 'pair 10.0.0.10 203.0.113.10 53 itself';
  test.each([
    ['an unknown word', ['pair 10.0.0.10 203.0.113.10 53 nearly']],
    ["a port that wasn't asked", ['pair 10.0.0.10 203.0.113.10 22 itself']],
    ['an answer without a port', ['pair 10.0.0.10 203.0.113.10 - itself']],
    ['a port beside an answer without one', ['pair 10.0.0.10 203.0.113.10 53 foreign']],
    ['a line cut off', ['pair 10.0.0.10 203.0.113.10 53']],
    ['further words after an answer', [`${GOOD_LINE} really`]],
    ['an empty line', [GOOD_LINE, '']],
    ['one pair twice', [GOOD_LINE, 'pair 10.0.0.10 203.0.113.10 53 silent']],
    ['two marks for more answers', [GOOD_LINE, 'more', 'more']],
    ['a reason beside an answer', [GOOD_LINE, 'failed']],
    ['the name of a property of every object', ['constructor']],
    ['a control character', ['pair 10.0.0.10 203.0.113.10 53 itself\u001b[2J']],
    ['more pairs than the limit', Array.from({ length: 17 }, (_, n) => `pair 10.0.0.${n + 10} 203.0.113.10 53 itself`)],
    ['a million lines', Array<string>(1_000_000).fill('x')],
  ])('is ignored if it has %s', (_, lines) =>
    expect(parseLoopback(lines)).toEqual({ notAsked: 'what its agent answered is not understood' }),
  );
});

test('the driver asks by ports that the server opens to any source, never by SSH and FTP', () => {
  expect(listLoopbackPorts(policy)).toEqual([993, 443, 465, 25]);
  const profile = { ...mail!.profile, services: ['20-21/tcp', '53/tcp', '80/tcp', '443/tcp', '2083/tcp'] };
  const all = serverOf(holdersOf({ ...MAIL, servers: [{ ...mail!, profile }] }));
  expect(listLoopbackPorts(decodePolicy(all.release!.policy) as ServerPolicy)).toEqual([53, 2083, 443, 80]);
});

/** A server that gives this answer to `look`; collects what it was asked. */
function serverThat(answers: string | undefined): { readonly remote: Remote; readonly asked: unknown[] } {
  const asked: unknown[] = [];
  const answer = answers === undefined ? parseAnswer('', 'Connection timed out\n', 255) : parseAnswer(answers, '', 0);
  const run: Remote['run'] = (words, options) => (asked.push([...words, options?.input]), Promise.resolve(answer));
  return {
    asked,
    remote: {
      connection: saying.connection,
      run,
      script: () => Promise.reject(new Error('nothing is installed here')),
    },
  };
}
const answered = (...lines: readonly string[]): string =>
  `cpanel-edge: section loopback\n${lines.map((line) => `|${line}\n`).join('')}cpanel-edge: ok look\n`;

const TOLD: readonly (readonly [string, string | undefined, string])[] = [
  [
    'reaches itself',
    answered('pair 10.0.0.10 203.0.113.10 993 itself', 'pair 10.0.0.99 203.0.113.99 993 silent'),
    'asked from there, tcp 993 of 203.0.113.10 comes back to it',
  ],
  [
    'is answered by a host that may be another one',
    answered('pair 10.0.0.10 203.0.113.10 993 answered'),
    'asked from there, a host answers at tcp 993 of 203.0.113.10: that it is the server itself was not seen',
  ],
  ...(
    [
      ['silent', 'does not answer'],
      ['refused', 'refuses'],
      ['unreachable', 'is not reached'],
    ] as const
  ).map(
    ([word, is]) =>
      [
        word,
        answered(`pair 10.0.0.10 203.0.113.10 25 ${word}`),
        `asked from there, tcp 25 of 203.0.113.10 ${is}, though something listens at 10.0.0.10: cPanel needs its own public address (cpnat/hairpin-missing)`,
      ] as const,
  ),
  [
    'has no listener',
    answered('pair 10.0.0.10 203.0.113.10 - unheard'),
    'not asked from there, because nothing listens at 10.0.0.10 on a port that it opens to any source',
  ],
  [
    'has another address',
    answered('pair 10.0.0.10 203.0.113.10 - foreign'),
    'not asked from there, because 10.0.0.10 is no address of it',
  ],
  ['has no Perl', answered('no-perl'), 'not asked from there, because it has no Perl, which cPanel brings'],
  ['has a Perl that fails', answered('failed'), 'not asked from there, because its Perl failed'],
  [
    'has another file',
    answered(),
    'not asked from there, because /var/cpanel/cpnat does not have 203.0.113.10 for 10.0.0.10',
  ],
  [
    'has too many',
    answered('more'),
    'not asked from there, because 203.0.113.10 is not among the first 16 lines of /var/cpanel/cpnat',
  ],
  [
    'has an older program',
    'cpanel-edge: section listening\ncpanel-edge: ok look\n',
    'not asked from there, because its agent is too old for it: what cpanel-edge bootstrap prints updates it',
  ],
  [
    'has an old program',
    'cpanel-edge: refused unknown-command\n',
    'not asked from there, because its agent is too old for it: what cpanel-edge bootstrap prints updates it',
  ],
  ['is gone', undefined, 'not asked from there, because it did not answer'],
  [
    'breaks off',
    answered('pair 10.0.0.10 203.0.113.10 25 itself').slice(0, -5),
    'not asked from there, because it did not answer',
  ],
  [
    'says something else',
    'cpanel-edge: ok confirmed\n',
    'not asked from there, because what its agent answered is not understood',
  ],
  [
    'lies',
    answered('pair 10.0.0.10 203.0.113.10 25 itself', 'pair \u001b[31m 1 2 3'),
    'not asked from there, because what its agent answered is not understood',
  ],
];

describe('after a delivery, a server that', () => {
  test.each(TOLD)('%s is reported', async (_, answer, expected) => {
    const { remote, asked } = serverThat(answer);
    expect(await askAfterDelivery(remote, saying.release!)).toEqual([expected]);
    expect(asked).toEqual([['look', ASKED]]);
  });

  test("has no cPanel settings, has no address, or is a gateway isn't asked", async () => {
    const { remote, asked } = serverThat(undefined);
    const off = serverOf(holdersOf({ ...MAIL, servers: [{ ...mail!, cpnat: { natMode: 'off' } }] }));
    for (const holder of [silent, sayingHolders[0]!, off])
      expect(await askAfterDelivery(remote, holder.release!)).toEqual([]);
    expect(asked).toEqual([]);
  });

  test('opens no such port is reported without being asked', async () => {
    const { remote, asked } = serverThat(undefined);
    const profile = { ...mail!.profile, services: ['8443/tcp'] };
    const { release } = serverOf(holdersOf({ ...MAIL, servers: [{ ...mail!, profile, cpnat: {} }] }));
    expect((await askAfterDelivery(remote, release!))[0]).toMatch(
      /^not asked from there, because it opens none of tcp 53, .* to any source$/,
    );
    expect(asked).toEqual([]);
  });
});

test('a successful delivery reports it, and succeeds whatever the answer', async () => {
  const release = saying.release!;
  const says = { upload: `ok uploaded digest=${release.digest}`, confirm: `ok confirmed digest=${release.digest}` };
  const ending = async (look: string | undefined) =>
    deliver(
      release,
      loadAgent(),
      world(device({ ...GOOD, ...says, status: undefined, look }), {
        verifyLive: () => ({ refusals: [], reports: [] }),
      }),
    );
  for (const [word, expected] of [
    ['itself', 'tcp 25 of 203.0.113.10 comes back to it'],
    ['silent', 'tcp 25 of 203.0.113.10 does not answer'],
  ]) {
    const { delivered, paragraph } = await ending(
      `ok look\ncpanel-edge: section loopback\n|pair 10.0.0.10 203.0.113.10 25 ${word}`,
    );
    expect(delivered).toBe(true);
    expect(paragraph[1]).toContain(`Its public addresses: asked from there, ${expected}`);
  }
  const { delivered, paragraph } = await ending(undefined);
  expect([delivered, paragraph[1]]).toEqual([
    true,
    expect.stringContaining('not asked from there, because it did not answer'),
  ]);
});

describe('verify', () => {
  const withFile = (holder: OwnershipRecord, lines: readonly string[]): DeviceStatus => {
    const cpanelNat = parseCpanelNat(lines);
    const look = lookAt(holder);
    return { ...look, facts: { ...look.facts, ...(cpanelNat ? { cpanelNat } : {}) } };
  };
  const HERE = ['cpnat there', 'line 1 10.0.0.10 203.0.113.10'];
  const notes = (
    holders: readonly OwnershipRecord[],
    lines: readonly string[],
    loopback: LoopbackResult,
  ): readonly string[] =>
    listLoopbackNotes({ ...withFile(serverOf(holders), lines), loopback }, serverOf(holders).release!, () =>
      listGatewayPolicies(holders),
    );

  test('asks only if the file has a public address as the releases have it', async () => {
    const asks = async (holders: readonly OwnershipRecord[], lines: readonly string[]): Promise<unknown> => {
      const { remote, asked } = serverThat(answered('pair 10.0.0.10 203.0.113.10 25 itself'));
      const { loopback } = await addLoopback(withFile(silent, lines), remote, holders, () =>
        listGatewayPolicies(silentHolders),
      );
      return asked.length === 0 ? loopback : [asked, loopback];
    };
    const heard = [{ local: '10.0.0.10', public: '203.0.113.10', is: 'itself', port: 25 }];
    const once = [[['look', ASKED]], { heard, more: false }];
    for (const holders of [silentHolders, sayingHolders]) {
      expect(await asks(holders, HERE)).toEqual(once);
      for (const lines of [
        [],
        ['cpnat absent'],
        ['cpnat empty'],
        ['cpnat unknown'],
        ['cpnat there', 'line 1 10.0.0.10 203.0.113.11'],
      ])
        expect(await asks(holders, lines)).toBeUndefined();
    }
    expect(await asks([silentHolders[0]!], HERE)).toBeUndefined();
  });

  test.each(TOLD.filter(([, answer]) => answer?.endsWith('ok look\n') && answer.includes('loopback')))(
    '%s',
    (_, answer, expected) => {
      const result = parseLoopback(parseAnswer(answer!, '', 0).sections.get('loopback'));
      for (const holders of [silentHolders, sayingHolders])
        expect(notes(holders, HERE, result)).toEqual(/comes back/.test(expected) ? [] : [expected]);
    },
  );

  test('reports nothing for an address that the file has differently, which is reported as such', () =>
    expect(notes(sayingHolders, ['cpnat there', 'line 1 10.0.0.10 203.0.113.11'], { notAsked: 'of nothing' })).toEqual(
      [],
    ));

  test('reports a common reason once, and ten answers at most', () => {
    const many = (n: number): readonly number[] => Array.from({ length: n }, (_, at) => at + 10);
    const wish: Wish = {
      ...MAIL,
      servers: [
        {
          ...mail!,
          addresses: many(12).map((at) => `10.0.0.${at}/24`),
          cpnat: { pairs: many(12).map((at) => ({ local: `10.0.0.${at}`, public: `203.0.113.${at}` })) },
        },
      ],
    };
    const holders = holdersOf(wish);
    const lines = ['cpnat there', ...many(12).map((at, n) => `line ${n + 1} 10.0.0.${at} 203.0.113.${at}`)];
    expect(notes(holders, lines, parseLoopback(['no-perl']))).toEqual([
      'not asked from there, because it has no Perl, which cPanel brings',
    ]);
    const all = notes(
      holders,
      lines,
      parseLoopback(many(12).map((at) => `pair 10.0.0.${at} 203.0.113.${at} 25 silent`)),
    );
    expect([all.length, all.at(-1)]).toEqual([11, 'and 2 more like these']);
  });
});
