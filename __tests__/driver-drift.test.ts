import { addressesAbsent, driftOf, isDrift, printDrift } from '../driver/drift';
import { recordedIn, stateDifferences } from '../driver/drift-state';
import { Look } from '../driver/look';
import { assumedFacts, proveLive } from '../driver/prove';
import { mentionsOf, placeOf, tablesOf } from '../driver/ruleset-tables';
import { Holder } from '../driver/synthesized';
import { Compared, Verified, verified } from '../driver/verify';
import { releaseOf } from '../constructs/release';
import { prove } from '../lib/proving/prove';
import { MAIL, PROJECT, holdersOf, lookAt } from './doctor-samples';
import { releaseOf as anyRelease } from './driver-samples';
import { EDGE } from './cases/edge';
import { compiled } from './support';

const [gateway, server] = holdersOf(MAIL) as [Holder, Holder];
const foreign = (chain: string, kind = 'ip'): string => `table ${kind} foreign {\n\tchain one {\n${chain}\n\t}\n}\n`;
const live = (holder: Holder, change: (rules: string) => string, parts: Partial<Look> = {}): Look => {
  const held = lookAt(holder);
  return { ...held, ruleset: change(held.ruleset), ...parts };
};
const edited = (holder: Holder): Partial<Look> => ({ owners: [{ ...lookAt(holder).owners[0]!, rules: 'edited' }] });
const said = (holder: Holder, look: Look): readonly string[] => driftOf(holder.release!, [], look).map(printDrift);

describe('drift in ports', () => {
  test('none where the device has the text', () => {
    expect([said(gateway, lookAt(gateway)), said(server, lookAt(server))]).toEqual([[], []]);
  });

  test('a port that somebody opened in our table', () => {
    const look = live(gateway, (rules) => rules.replace('25, 443, 465, 993', '25, 443, 465, 993, 3306'));
    expect(said(gateway, look)).toEqual([
      expect.stringMatching(
        /^also open now: tcp 3306 on 203\.0\.113\.10 from anywhere \(the internet by wan0; inside by lan0\), reaching 10\.0\.0\.10, by line \d+ of table inet cpanel_edge_hosting_gw$/,
      ),
    ]);
  });

  test('a port that somebody else leads in', () => {
    const chain =
      '\t\ttype nat hook prerouting priority -150; policy accept;\n\t\tip daddr 203.0.113.10 tcp dport 3306 dnat to 10.0.0.10:25';
    const look = live(gateway, (rules) => rules + foreign(chain));
    const drift = driftOf(gateway.release!, [], look);
    expect(drift.map(printDrift)).toEqual([
      expect.stringMatching(/^also open now: tcp 3306 on 203\.0\.113\.10 .* reaching 10\.0\.0\.10, by line 4 of table ip foreign$/),
    ]);
    expect(drift.every((one) => isDrift(one, true))).toBe(true);
  });

  test('a port that somebody else leads elsewhere', () => {
    const chain = '\t\ttype nat hook prerouting priority -150; policy accept;\n\t\tip daddr 203.0.113.10 tcp dport 443 dnat to 10.0.0.20';
    const look = live(gateway, (rules) => rules.replace(/^\s*ip daddr @s_hosts jump/m, '    jump') + foreign(chain));
    expect(said(gateway, look).join('\n')).toMatch(
      /^open as before, and changed on its way: tcp 443 on 203\.0\.113\.10 .*, reaching 10\.0\.0\.20 instead of 10\.0\.0\.10, by line 4 of table ip foreign$/m,
    );
  });

  test('a source that somebody else changes', () => {
    const look = live(
      gateway,
      (rules) => rules + foreign('\t\ttype nat hook postrouting priority 50; policy accept;\n\t\toifname "wan0" masquerade'),
    );
    expect(said(gateway, look).join('\n')).toMatch(
      / from 10\.0\.0\.10 .*, seen as 203\.0\.113\.2 instead of 203\.0\.113\.10, by line 4 of table ip foreign/,
    );
  });

  test('what others do with hosts that are none of ours is theirs', () => {
    const chain = '\t\ttype nat hook postrouting priority 50; policy accept;\n\t\toifname "wan0" ip saddr 10.0.0.99 masquerade';
    expect(
      said(
        gateway,
        live(gateway, (rules) => rules + foreign(chain)),
      ),
    ).toEqual([]);
  });

  test('our rules flushed open what they closed', () => {
    expect(
      said(
        gateway,
        live(gateway, () => ''),
      ).join('\n'),
    ).toMatch(/^also open now: .* on 203\.0\.113\.10 .*, reaching the device itself, by /m);
  });

  test.each([
    [
      'a drop',
      '\t\ttype filter hook input priority 0; policy accept;\n\t\ttcp dport 443 drop',
      'closed by somebody: tcp 443 on 10.0.0.10 from anywhere',
    ],
    ['a policy', '\t\ttype filter hook input priority 0; policy drop;', 'closed by somebody: '],
  ])('%s of somebody else narrows: said, and no drift', (_, chain, words) => {
    const drift = driftOf(
      server.release!,
      [],
      live(server, (rules) => rules + foreign(chain, 'inet')),
    );
    expect(drift.map(printDrift).join('\n')).toContain(words);
    expect(drift.some((one) => isDrift(one, true))).toBe(false);
    expect(drift.every((one) => isDrift(one, false))).toBe(true);
  });

  test('elements with a timeout are no drift, and their line is named', () => {
    const bans =
      'table inet f2b {\n\tset banned {\n\t\ttype ipv4_addr\n\t\tflags timeout\n\t\telements = { 198.51.100.7 timeout 1h }\n\t}\n\tchain one {\n\t\ttype filter hook input priority -1; policy accept;\n\t\tip saddr @banned drop\n\t}\n}\n';
    const drift = driftOf(
      server.release!,
      [],
      live(server, (rules) => rules + bans),
    );
    expect(drift.some((one) => isDrift(one, true))).toBe(false);
    expect(drift.map(printDrift).join('\n')).toMatch(
      /^perhaps closed by somebody: tcp .* from 198\.51\.100\.7 .*, by line 9 of table inet f2b: an element may expire$/m,
    );
  });

  test('other owners on the device are no drift, whether a stack here has them or not', () => {
    const { policies } = compiled(
      {
        gateway: {
          ...EDGE,
          virtualIps: [{ name: 'blog-vip', interface: 'wan0', address: '203.0.113.11', kind: 'ip-alias' }],
          mappings: [{ name: 'blog', virtualIp: 'blog-vip', inside: '10.0.0.30', open: [{ service: 'http', from: 'anywhere' }] }],
        },
      },
      'nftables',
    );
    const other = releaseOf(prove({ ...policies[0]!, owner: 'blog' }), [], 90);
    const addresses = `${lookAt(gateway).facts.addresses}\n2: wan0    inet 203.0.113.11/32`;
    const look = live(gateway, (rules) => rules + other.text.split('\n').slice(2).join('\n'), {
      facts: { ...lookAt(gateway).facts, addresses },
    });
    expect(driftOf(gateway.release!, [other], look)).toEqual([]);
    expect(driftOf(gateway.release!, [], look)).toEqual([]);
    expect(driftOf(other, [gateway.release!], look)).toEqual([]);
  });
});

test('addresses that are gone, by kind', () => {
  const look = lookAt(gateway);
  const release = anyRelease({
    addresses: [
      { kind: 'alias', interface: 'wan0', address: '203.0.113.10/32' },
      { kind: 'alias', interface: 'wan0', address: '203.0.113.12/32' },
      { kind: 'proxy-arp', interface: 'wan0', address: '203.0.113.13/32' },
      { kind: 'proxy-arp', interface: 'wan0', address: '203.0.113.14' },
      { kind: 'routed', interface: 'wan0', address: '192.0.2.0/28' },
    ],
  });
  expect(addressesAbsent(release, { ...look, proxies: ['203.0.113.13 dev wan0  proxy'] })).toEqual([
    'wan0 does not have 203.0.113.12 any more',
    'wan0 does not answer for 203.0.113.14 any more',
  ]);
  const { owners, ruleset, facts } = look;
  expect(addressesAbsent(release, { owners, ruleset, facts })).toEqual(['wan0 does not have 203.0.113.12 any more']);
});

test('a line is named as somebody finds it', () => {
  const tables = tablesOf(
    'table ip a {\n\tchain x {\n\t}\n}\ntable inet b {\n\tset s {\n\t\telements = { 192.0.2.7, 192.0.2.70 }\n\t}\n}\n',
  );
  expect([2, 5, 7, 99].map((line) => placeOf(tables, line))).toEqual([
    'line 2 of table ip a',
    'line 1 of table inet b',
    'line 3 of table inet b',
    'line 99 of the ruleset',
  ]);
  expect([mentionsOf(tables, '192.0.2.7'), mentionsOf(tables, '2.0.2.7')]).toEqual([['line 3 of table inet b'], []]);
});

const verify = (look: Look, compared: Compared): Verified =>
  verified(look, 'edge', compared, () => PROJECT, { assumed: assumedFacts, prove: proveLive });

describe('verify', () => {
  test('as delivered', () => {
    expect(verify(lookAt(gateway), { holders: [gateway] })).toMatchObject({
      same: true,
      owners: [{ same: true, differs: [], notes: [], drift: [] }],
    });
  });

  test('says ports first, then lines; and what others close is no difference', () => {
    const chain = '\t\ttype filter hook forward priority 0; policy accept;\n\t\ttcp dport 25 drop';
    const edits = [{ role: 'gateway', owner: 'hosting', is: 'new' as const, text: 'elements = { 3306 }' }];
    const opened = live(gateway, (rules) => rules.replace('25, 443, 465, 993', '25, 443, 465, 993, 3306'), { ...edited(gateway), edits });
    const { same, owners, lines } = verify(opened, { holders: [gateway] });
    expect([same, owners[0]!.differs]).toEqual([
      false,
      [
        'somebody edited our rules by hand',
        expect.stringMatching(/^also open now: tcp 3306 on 203\.0\.113\.10/),
        'a line that is not ours is in our table: elements = { 3306 }',
      ],
    ]);
    expect(lines.at(-1)).toMatch(/^ {2}Next, in \/srv\/edge: to overwrite exactly these edits: npx cpanel-edge accept edge f{64}/);
    const closed = verify(
      live(gateway, (rules) => rules + foreign(chain, 'inet')),
      { holders: [gateway] },
    );
    expect([closed.same, closed.owners[0]!.notes]).toEqual([
      true,
      [expect.stringMatching(/^closed by somebody: tcp 25 on 203\.0\.113\.10/), expect.anything()],
    ]);
  });

  test('an address that is gone, and a device that does not forward', () => {
    const { facts } = lookAt(gateway);
    const gone = {
      ...lookAt(gateway),
      facts: { ...facts, addresses: facts.addresses.replace(/.*203\.0\.113\.10.*\n/, ''), forwarding: { ip: false, ip6: false } },
    };
    const { differs } = verify(gone, { holders: [gateway] }).owners[0]!;
    expect(differs).toEqual(expect.arrayContaining(['wan0 does not have 203.0.113.10 any more', 'the device does not forward IPv4.']));
  });

  test('what is on its way is not compared', () => {
    const armed = { ...lookAt(gateway), ruleset: '', owners: [{ ...lookAt(gateway).owners[0]!, state: 'armed' as const, seconds: '12' }] };
    expect(verify(armed, { holders: [gateway] }).owners[0]).toMatchObject({ differs: ['a release is on trial'], drift: [] });
  });

  test('a ruleset that can not be read differs', () => {
    const { same, owners } = verify({ ...lookAt(gateway), ruleset: 'table inet x {\n' }, { holders: [gateway] });
    expect([same, owners[0]!.differs.length > 0]).toEqual([false, true]);
  });

  test('texts of a device are shown harmless', () => {
    const edits = [{ role: 'gateway', owner: 'hosting', is: 'new' as const, text: '\u001b[2J\u202eEVIL' }];
    const { lines } = verify({ ...lookAt(gateway), ...edited(gateway), edits }, { holders: [gateway] });
    // eslint-disable-next-line no-control-regex -- they are what must not come through
    expect(lines.join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });
});

describe("Terraform's state", () => {
  const { release } = gateway;
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const triggers = { policy: base64(release!.policy), text: base64(release!.text), lease: 'lease-1' };
  const resource = (type: string, name: string, values: object, more: object = {}): object => ({
    mode: 'managed',
    type,
    name,
    values,
    ...more,
  });
  const holder = resource('terraform_data', 'edge_hosting_holder', {
    id: 'lease-1',
    input: { device: 'edge', owner: 'hosting', role: 'gateway' },
  });
  const stateText = (...resources: readonly object[]): string =>
    JSON.stringify({
      format_version: '1.0',
      terraform_version: '1.11.4',
      values: { root_module: { resources, child_modules: [{ resources: [] }] } },
    });
  const applied = resource('null_resource', 'edge_hosting', { id: '1', triggers });
  const words = (text: string, held: Partial<Look['owners'][number]> = {}): readonly string[] =>
    stateDifferences(recordedIn(text, 'state.json'), { ...lookAt(gateway).owners[0]!, ...held }, gateway);
  const short = release!.digest.slice(0, 12);

  test.each([
    ['null_resource', applied],
    ['terraform_data', resource('terraform_data', 'edge_hosting', { id: '1', triggers_replace: triggers })],
  ])('as delivered, by %s', (_, one) => {
    expect(words(stateText(holder, one))).toEqual([]);
  });

  test('each way to differ is said in words', () => {
    expect(words(stateText(holder, applied), { digest: 'e'.repeat(64) })).toEqual([
      `Terraform's state records release ${short}; the device runs eeeeeeeeeeee`,
    ]);
    expect(words(stateText(holder, applied), { digest: 'none' })).toEqual([
      `Terraform's state records release ${short}; the device runs none`,
    ]);
    expect(words(stateText(holder, applied), { lease: 'other' })).toEqual([
      "Terraform's state holds the lease lease-1; the device has other",
    ]);
    expect(words(stateText(holder))).toEqual([`Terraform's state records a holder and no release; the device runs ${short}`]);
    expect(words(stateText())).toEqual(["Terraform's state records nothing of it: never applied from this state, or the state was lost"]);
    expect(words('{"format_version":"1.0"}')).toEqual(words(stateText()));
    const tainted = resource('null_resource', 'edge_hosting', { id: '2', triggers }, { tainted: true });
    const deposed = resource('null_resource', 'edge_hosting', { id: '1', triggers }, { deposed_key: '0badcafe' });
    expect(words(stateText(holder, tainted, deposed))).toEqual([
      `Terraform's state has release ${short} tainted, its apply failed; the device runs ${short}`,
      `Terraform's state keeps release ${short} as deposed, a later apply failed; the device runs ${short}`,
    ]);
  });

  test('resources of others are left alone, whatever they hold', () => {
    const others = [
      resource('null_resource', 'x', { triggers: { policy: 'x', text: 'y' } }),
      resource('null_resource', 'y', { triggers: null }),
      resource('terraform_data', 'z_holder', { input: { device: 1 } }),
      { mode: 'data', type: 'null_resource', name: 'd', values: {} },
      'text',
    ];
    expect(words(stateText(holder, applied, ...(others as object[])))).toEqual([]);
  });

  test.each([
    ['cut off', '{', /not JSON, or not all of it/],
    ["the state's own file", '{"version":4,"resources":[]}', /its form may change|own file/],
    ['a plan', '{"format_version":"1.2","planned_values":{},"resource_changes":[],"values":{}}', /is a plan/],
    ['another format', '{"format_version":"2.0","values":{}}', /format 2\.0/],
    ['something else', '[]', /no state/],
  ])('%s is refused', (_, text, what) => {
    expect(() => recordedIn(text, 'state.json')).toThrow(/cli\/state-unreadable at state\.json/);
    expect(() => recordedIn(text, 'state.json')).toThrow(what);
  });
});
