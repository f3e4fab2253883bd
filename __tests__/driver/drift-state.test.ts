// Tests what `verify` prints if a device, its stack and Terraform's state agree or differ.

import { parseState, listStateDifferences } from '../../driver/state-drift';
import { DeviceStatus } from '../../driver/device-status';
import { lookAt } from './doctor/samples';
import { gateway, foreign, live, edited, verify } from './drift-samples';

describe('verify', () => {
  test('as delivered', () => {
    expect(verify(lookAt(gateway), { ownershipRecords: [gateway] })).toMatchObject({
      matches: true,
      owners: [{ matches: true, differences: [], notes: [], drift: [] }],
    });
  });

  test('lists ports before lines; what unmanaged rules close is no difference', () => {
    const chain = '\t\ttype filter hook forward priority 0; policy accept;\n\t\ttcp dport 25 drop';
    const edits = [{ role: 'gateway', owner: 'hosting', kind: 'new' as const, text: 'elements = { 3306 }' }];
    const opened = live(gateway, (rules) => rules.replace('25, 443, 465, 993', '25, 443, 465, 993, 3306'), {
      ...edited(gateway),
      edits,
    });
    const { matches, owners, lines } = verify(opened, { ownershipRecords: [gateway] });
    expect([matches, owners[0]!.differences]).toEqual([
      false,
      [
        'our rules were edited by hand',
        expect.stringMatching(/^also open now: tcp 3306 on 203\.0\.113\.10/),
        'a line that is not ours is in our table: elements = { 3306 }',
      ],
    ]);
    expect(lines.at(-1)).toMatch(
      /^ {2}Next, in \/srv\/edge: to overwrite exactly these edits: npx cpanel-edge accept edge f{64}/,
    );
    const closed = verify(
      live(gateway, (rules) => rules + foreign(chain, 'inet')),
      { ownershipRecords: [gateway] },
    );
    expect([closed.matches, closed.owners[0]!.notes]).toEqual([
      true,
      [expect.stringMatching(/^closed there: tcp 25 on 203\.0\.113\.10/), expect.anything()],
    ]);
  });

  test("an address that is gone, and a device that doesn't forward", () => {
    const { facts } = lookAt(gateway);
    const gone = {
      ...lookAt(gateway),
      facts: {
        ...facts,
        addresses: facts.addresses.replace(/.*203\.0\.113\.10.*\n/, ''),
        forwarding: { ip: false, ip6: false },
      },
    };
    const { differences } = verify(gone, { ownershipRecords: [gateway] }).owners[0]!;
    expect(differences).toEqual(
      expect.arrayContaining(['wan0 does not have 203.0.113.10 any more', 'the device does not forward IPv4.']),
    );
  });

  test("doesn't compare while a delivery is under way", () => {
    const armed = {
      ...lookAt(gateway),
      ruleset: '',
      owners: [{ ...lookAt(gateway).owners[0]!, state: 'armed' as const, seconds: '12' }],
    };
    expect(verify(armed, { ownershipRecords: [gateway] }).owners[0]).toMatchObject({
      differences: ['a release is armed'],
      drift: [],
    });
  });

  test("reports a ruleset that can't be read as a difference", () => {
    const { matches, owners } = verify(
      { ...lookAt(gateway), ruleset: 'table inet x {\n' },
      { ownershipRecords: [gateway] },
    );
    expect([matches, owners[0]!.differences.length > 0]).toEqual([false, true]);
  });

  test('escapes the texts of a device', () => {
    const edits = [{ role: 'gateway', owner: 'hosting', kind: 'new' as const, text: '\u001b[2J\u202eEVIL' }];
    const { lines } = verify({ ...lookAt(gateway), ...edited(gateway), edits }, { ownershipRecords: [gateway] });
    // eslint-disable-next-line no-control-regex -- they must not be in the output
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
  const words = (text: string, held: Partial<DeviceStatus['owners'][number]> = {}): readonly string[] =>
    listStateDifferences(parseState(text, 'state.json'), { ...lookAt(gateway).owners[0]!, ...held }, gateway);
  const short = release!.digest.slice(0, 12);

  test.each([
    ['null_resource', applied],
    ['terraform_data', resource('terraform_data', 'edge_hosting', { id: '1', triggers_replace: triggers })],
  ])('as delivered, by %s', (_, one) => {
    expect(words(stateText(holder, one))).toEqual([]);
  });

  test('describes each kind of difference', () => {
    expect(words(stateText(holder, applied), { digest: 'e'.repeat(64) })).toEqual([
      `Terraform's state records release ${short}; the device runs eeeeeeeeeeee`,
    ]);
    expect(words(stateText(holder, applied), { digest: 'none' })).toEqual([
      `Terraform's state records release ${short}; the device runs none`,
    ]);
    expect(words(stateText(holder, applied), { ownerToken: 'other' })).toEqual([
      "Terraform's state holds the owner token lease-1; the device has other",
    ]);
    expect(words(stateText(holder))).toEqual([
      `Terraform's state records an ownership record and no release; the device runs ${short}`,
    ]);
    expect(words(stateText())).toEqual([
      "Terraform's state records nothing of it: never applied from this state, or the state was lost",
    ]);
    expect(words('{"format_version":"1.0"}')).toEqual(words(stateText()));
    const tainted = resource('null_resource', 'edge_hosting', { id: '2', triggers }, { tainted: true });
    const deposed = resource('null_resource', 'edge_hosting', { id: '1', triggers }, { deposed_key: '0badcafe' });
    expect(words(stateText(holder, tainted, deposed))).toEqual([
      `Terraform's state has release ${short} tainted, its apply failed; the device runs ${short}`,
      `Terraform's state keeps release ${short} as deposed, a later apply failed; the device runs ${short}`,
    ]);
  });

  test('ignores other resources, whatever they contain', () => {
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
    ['a plan', '{"format_version":"1.2","planned_values":{},"resource_changes":[]}', /is a plan/],
    ['another format', '{"format_version":"2.0","values":{}}', /format 2\.0/],
    ['something else', '[]', /no state/],
  ])('%s is refused', (_, text, what) => {
    expect(() => parseState(text, 'state.json')).toThrow(/cli\/state-unreadable at state\.json/);
    expect(() => parseState(text, 'state.json')).toThrow(what);
  });
});
