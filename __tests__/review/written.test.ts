// Tests the comment of a synthesized stack that says which source lines wrote which parts, and which line each remark
// of a review names.

import { TerraformStack, Testing } from 'cdktf';
import { CpanelFirewallProfile, CpanelServer, OneToOneNat, VirtualIp } from '../../constructs/public';
import { SourceLines } from '../../constructs/source-lines';
import { findSourceLines } from '../../lib/review/plan/find-source-lines';
import { SourceLineIndex } from '../../lib/review/judging/source-line-index';
import { Plan } from '../../lib/review/plan';
import { gatewayIn, profileProps, serverProps, stackOf } from '../constructs/construct-samples';

/** Returns cdk.tf.json as cdktf writes it, with comments, which Testing.synth leaves out. */
const whole = (stack: TerraformStack): unknown => JSON.parse(JSON.stringify(stack.toTerraform()));

/** Returns the line of this file that is in front of the call. */
const here = (): number => Number(/written\.test\.ts:(\d+)/.exec(new Error().stack!.split('\n')[2]!)![1]);

describe('a stack', () => {
  const stack = stackOf('edge');
  const gateway = gatewayIn(stack);
  const profile = new CpanelFirewallProfile(stack, 'profile', { name: 'mail', ...profileProps });
  const profileLine = here() - 1;
  const server = new CpanelServer(stack, 'mail1', serverProps(profile));
  const virtualIpLine = here() + 1;
  const virtualIp = new VirtualIp(stack, 'vip', {
    gateway,
    interface: 'wan0',
    address: '203.0.113.10',
    kind: 'ip-alias',
  });
  new OneToOneNat(stack, 'mail', { virtualIp, internal: server });
  const line = here() - 1;
  const file = '__tests__/review/written.test.ts';

  it("has a comment with the project's source lines that wrote its parts", () => {
    const edge = findSourceLines(whole(stack), 'edge1_hosting')!;
    expect([edge.get('mapping mail'), edge.get('virtual IP vip')]).toEqual([
      `${file}:${line}`,
      `${file}:${virtualIpLine}`,
    ]);
    expect(edge.get('openings of mapping mail')).toBe(`${file}:${profileLine}`);
    expect(edge.get('device edge1')).toBe(
      `__tests__/constructs/construct-samples.ts:${Number(edge.get('device edge1')!.split(':')[1])}`,
    );
    expect(findSourceLines(whole(stack), 'mail1_hosting')!.get('profile mail')).toBe(`${file}:${profileLine}`);
    expect(JSON.stringify(whole(stack))).not.toContain(process.cwd());
  });

  it('has source lines in that comment only, not in what Terraform reads', () => {
    expect(Testing.synth(stack)).not.toContain('written.test.ts');
  });
});

it('has no source lines for parts beyond a thousand, but one for each device', () => {
  const lines = new SourceLines();
  const places = Array.from({ length: 1_001 }, (_, n) => lines.markPlace('OneToOneNat', `m${n}`));
  const found = places.map((place) => lines.findPartLine(place));
  expect(found.filter((line) => line !== undefined)).toHaveLength(1_000);
  expect(found[1_000]).toBeUndefined();
  // Asked again, as if a tree were verified twice.
  expect(lines.findPartLine(places[0]!)).toMatch(/^__tests__\/review\/written\.test\.ts:\d+$/);
  expect(lines.findLine(places[1_000]!)).toBe(found[0]);
});

it('accepts as a source line only a line of a file below the project', () => {
  const read = (at: unknown): string | undefined =>
    findSourceLines({ resource: { null_resource: { gw_a: { '//': { places: { 'mapping m': at } } } } } }, 'gw_a')?.get(
      'mapping m',
    );
  for (const good of ['main.ts:1', 'stacks/a b/edge.ts:41', '.hidden/x.ts:3']) expect(read(good)).toBe(good);
  for (const bad of [
    '/etc/passwd:1',
    '../x.ts:1',
    'a/../x.ts:1',
    '..:5',
    'a/..:5',
    'a/\ud800.ts:5',
    'a\\b.ts:1',
    'https://evil.example/x:1',
    'main.ts',
    'main.ts:0',
    'a\nb:1',
    7,
  ])
    expect([bad, read(bad)]).toEqual([bad, undefined]);
  for (const none of [undefined, {}, { resource: [] }, { resource: { null_resource: { gw_a: {} } } }])
    expect(findSourceLines(none, 'gw_a')).toBeUndefined();
});

describe('a remark about what a mapping allows', () => {
  const places = new Map([
    ['mapping web', 'main.ts:20'],
    ['openings of mapping web', 'profiles.ts:3'],
    ['mapping relay', 'main.ts:30'],
  ]);
  const owner = {
    device: 'edge',
    owner: 'a',
    role: 'gateway',
    sourceLines: places,
    before: [{}],
    changedTriggers: [] as readonly string[],
  };
  const at = (code: string, name: string, more: object = {}): readonly unknown[] => {
    const index = new SourceLineIndex([{ owners: [{ ...owner, ...more }] } as unknown as Plan]);
    const { sourceLine, relatedSourceLine } = index.addSourceLines({
      code,
      where: `gateway edge, owner a, ${name}`,
      what: '',
      instead: '',
    });
    return [sourceLine, relatedSourceLine];
  };

  it('has the line of the profile, whose change opens it, and that of the mapping', () => {
    expect(at('rules/forbidden', 'mapping web')).toEqual(['profiles.ts:3', 'main.ts:20']);
    expect(at('ports/mysql-public', 'mappings web, relay')).toEqual(['profiles.ts:3', 'main.ts:20']);
  });

  it('has the line of the mapping if that is new or changed, or opens it itself', () => {
    expect(at('rules/forbidden', 'mapping web', { before: [] })).toEqual(['main.ts:20', 'profiles.ts:3']);
    expect(at('rules/forbidden', 'mapping web', { changedTriggers: ['mapping web'] })).toEqual([
      'main.ts:20',
      'profiles.ts:3',
    ]);
    expect(at('rules/forbidden', 'mapping relay')).toEqual(['main.ts:30', undefined]);
  });

  it("has only the mapping's line if the remark is about translation", () => {
    expect(at('nat/hairpin-missing-for-neighbours', 'mapping web')).toEqual(['main.ts:20', undefined]);
  });
});

it('a remark has the line of the part that it names, else of its owner, else none', () => {
  const places = new Map([
    ['device edge', 'main.ts:10'],
    ['mapping web', 'main.ts:20'],
    ['mapping shop', 'main.ts:30'],
  ]);
  const owner = { device: 'edge', owner: 'a', role: 'gateway', sourceLines: places, before: [], changedTriggers: [] };
  const index = new SourceLineIndex([{ owners: [owner] } as unknown as Plan]);
  const at = (where: string): string | undefined =>
    index.addSourceLines({ code: 'c', where, what: '', instead: '' }).sourceLine;
  expect(at('gateway edge, owner a, mapping web')).toBe('main.ts:20');
  expect(at('gateway edge, owner a, mappings shop, web')).toBe('main.ts:30');
  expect(at('gateway edge, owner a, 203.0.113.10')).toBe('main.ts:10');
  expect(at('gateway edge, owner a')).toBe('main.ts:10');
  expect(at('edge/a')).toBe('main.ts:10');
  expect(at('edge/a with web1, web2')).toBe('main.ts:10');
  for (const other of ['gateway edge, owner b, mapping web', 'this change', '']) expect(at(other)).toBeUndefined();
});
