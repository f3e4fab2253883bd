// Tests refusals at synthesis: nothing is written, and each problem names the line of the user's code; also tokens and
// hostile texts, and an owner that is declared twice.

import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { App, Fn, LocalBackend, TerraformResource, TerraformStack, Testing, Token } from 'cdktf';
import { Construct } from 'constructs';
import {
  CpanelFirewallProfile,
  CpanelServer,
  Gateway,
  OneToOneNat,
  HandedOverOwner,
  DecommissionedOwner,
  VirtualIp,
} from '../../constructs/public';
import { exposureOf } from '../../constructs/testing';
import { findUserLine } from '../../constructs/source-lines';
import { Refusal, printProblem } from '../../lib/problems/problem';
import { gatewayIn, gatewayProps, profileIn, profileProps, serverIn, serverProps, stackOf } from './construct-samples';
import { anything, filesUnder, refusalOf, refusedBy } from './refused-stacks';
import { temporaryFolder } from '../temporary-folder';

const here = '(__tests__/constructs/errors-at-synth.test.ts:N)';
const folder = temporaryFolder();

const vip = (stack: TerraformStack, gateway: Gateway, address = '203.0.113.10', id = 'vip'): VirtualIp =>
  new VirtualIp(stack, id, { gateway, interface: 'wan0', address, kind: 'ip-alias' });

describe('nothing is written if anything is refused', () => {
  /** A valid stack before and after an invalid one: cdktf writes them in this order. */
  function threeStacks(app: App): TerraformStack {
    gatewayIn(stackOf('good', app));
    const bad = stackOf('bad', app);
    vip(bad, gatewayIn(bad), 'not an address');
    gatewayIn(stackOf('late', app));
    return bad;
  }

  it.each([true, false])('by App.synth with skipValidation %s', (skipValidation) => {
    const outdir = mkdtempSync(join(folder, 'out-'));
    const app = new App({ outdir, skipValidation, stackTraces: false });
    threeStacks(app);
    expect(() => app.synth()).toThrow(Refusal);
    expect(filesUnder(outdir)).toEqual([]);
  });

  it.each(['good', 'bad', 'late'])('by Testing.synth of the stack "%s"', (name) => {
    const app = new App({ stackTraces: false });
    threeStacks(app);
    const stack = app.node.findChild(name) as TerraformStack;
    expect(() => Testing.synth(stack)).toThrow('intent/bad-address at VirtualIp "vip"');
    expect(() => Testing.synthHcl(stack)).toThrow(Refusal);
    expect(() => exposureOf(stack)).toThrow(Refusal);
  });

  it('by Testing.fullSynth, before validation', () => {
    // It makes a folder before it validates.
    const temporary = jest.spyOn(os, 'tmpdir').mockReturnValue(folder);
    expect(() => Testing.fullSynth(threeStacks(new App({ stackTraces: false })))).toThrow(Refusal);
    temporary.mockRestore();
  });

  it('if only a DecommissionedOwner is wrong', () => {
    const stack = stackOf();
    new DecommissionedOwner(stack, 'gone', { owners: [{ device: 'Not A Name', owner: 'hosting' }] });
    expect(refusedBy(stack)).toEqual([`intent/bad-name at DecommissionedOwner "gone" ${here} owners[0].device`]);
  });
});

describe("a problem names the user's line", () => {
  it('that wrote a part', () => {
    const stack = stackOf();
    vip(stack, gatewayIn(stack));
    const gateway = stack.node.findChild('edge1') as Gateway;
    new OneToOneNat(stack, 'web', { gateway, external: '203.0.113.10', internal: '10.0.0.300' });
    const line = /:(\d+):\d+\)?$/.exec(new Error().stack!.split('\n')[1]!)![1]!;
    const { where } = refusalOf(stack)[0]!;
    expect(where).toBe(`OneToOneNat "web" (__tests__/constructs/errors-at-synth.test.ts:${Number(line) - 1}) internal`);
  });

  it('and the line of the other part if two collide', () => {
    const stack = stackOf();
    const gateway = gatewayIn(stack);
    vip(stack, gateway);
    vip(stack, gateway, '203.0.113.10', 'again');
    const [problem] = refusalOf(stack);
    expect(problem?.where).toMatch(/^VirtualIp "again" \(__tests__/);
    expect(problem?.what).toMatch(/VirtualIp "vip" \(__tests__\/constructs\/errors-at-synth\.test\.ts:\d+\)/);
  });

  it("that asks a platform for what it can't do", () => {
    const stack = stackOf();
    const gateway = gatewayIn(stack);
    new VirtualIp(stack, 'shared', {
      gateway,
      interface: 'wan0',
      address: '203.0.113.10',
      kind: 'carp',
      carp: { vhid: 7 },
    });
    expect(refusedBy(stack)).toEqual([`nftables/carp at VirtualIp "shared" ${here}`]);
  });

  it("of a construct inside a user's own construct", () => {
    class Site extends Construct {
      constructor(scope: Construct, id: string) {
        super(scope, id);
        new Gateway(this, 'edge1', { ...gatewayProps, version: '' });
      }
    }
    const stack = stackOf();
    new Site(stack, 'site');
    expect(refusedBy(stack)).toEqual([`intent/empty-text at Gateway "edge1" ${here} version`]);
  });

  it.each([
    [
      '    at new Gateway (/app/node_modules/cdktf/lib/x.js:1:2)\n    at file:///app/stacks/edge.ts:41:7',
      '/app',
      'stacks/edge.ts:41',
    ],
    ['    at new Site (/app/my stacks/edge.ts:41:7)', '/app', 'my stacks/edge.ts:41'],
    ['    at Object.<anonymous> (/other/edge.js:3:1)', '/app', '/other/edge.js:3'],
    ['    at node:internal/modules/cjs/loader:1:2\n    at async main (/app/main.ts:9:1)', '/app', 'main.ts:9'],
    ['    at /app/node_modules/constructs/lib/construct.js:1:2', '/app', undefined],
    ['    at new Site (/my app (copy)/stacks/edge.ts:41:7)', '/my app (copy)', 'stacks/edge.ts:41'],
    ['    at /my app (copy)/stacks/edge.ts:41:7', '/my app (copy)', 'stacks/edge.ts:41'],
    ['    at file:///my%20app/stacks/an%20edge.ts:41:7', '/my app', 'stacks/an edge.ts:41'],
    ['    at file:///app/100%/edge.ts:41:7', '/app', '100%/edge.ts:41'],
    ['    at async /app/stacks/edge.ts:41:7', '/app', 'stacks/edge.ts:41'],
    [
      '    at new Edge (/app/node_modules/@acme/edges/index.js:1:2)\n    at main (/app/main.ts:9:1)',
      '/app',
      'main.ts:9',
    ],
    [
      '    at [eval]:1:1\n    at Script (evalmachine.<anonymous>:1:1)\n    at main (/app/main.ts:9:1)',
      '/app',
      'main.ts:9',
    ],
    ['Error: no frames', '/app', undefined],
  ])('finds it in %j', (stack, folder, line) => {
    expect(findUserLine(stack, folder)).toBe(line);
  });
});

it.each<[string, () => unknown]>([
  ['makes no text of them', () => ['frames']],
  [
    'throws',
    () => {
      throw new Error('no traces here');
    },
  ],
])('a stack can be synthesized if Error.prepareStackTrace %s', (_, prepare) => {
  const usual = Error.prepareStackTrace;
  try {
    Error.prepareStackTrace = prepare;
    const stack = stackOf();
    vip(stack, gatewayIn(stack), '203.0.113.10');
    expect(Testing.synth(stack)).toContain('203.0.113.10');
  } finally {
    Error.prepareStackTrace = usual;
  }
});

it('reports everything at once, over all devices of all stacks', () => {
  const app = new App({ stackTraces: false });
  const [one, two] = [stackOf('one', app), stackOf('two', app)];
  vip(one, gatewayIn(one), '203.0.113.300');
  const server = serverIn(two, { trustedNetworks: anything(undefined), connection: { host: 'h' } as never });
  new OneToOneNat(two, 'web', { gateway: gatewayIn(two), external: '192.0.2.300', internal: server });
  const both = refusedBy(one);
  expect(both).toEqual(refusedBy(two));
  expect(both.sort()).toEqual([
    `intent/bad-address at OneToOneNat "web" ${here} external`,
    `intent/bad-address at VirtualIp "vip" ${here} address`,
    `intent/host-keys-missing at CpanelServer "mail1" (__tests__/constructs/construct-samples.ts:N) connection`,
    `intent/inside-missing at CpanelServer "mail1" (__tests__/constructs/construct-samples.ts:N)`,
  ]);
});

it("reports a profile's problem once, however many servers have it, and also without any", () => {
  const stack = stackOf();
  const gateway = gatewayIn(stack);
  const profile = new CpanelFirewallProfile(stack, 'bad', { ...profileProps, services: ['htps'] });
  new CpanelServer(stack, 'mail1', serverProps(profile));
  new OneToOneNat(stack, 'web', { gateway, external: '192.0.2.3', internal: '10.0.16.3', profile });
  new CpanelFirewallProfile(stack, 'unused', { ...profileProps, sources: [] });
  expect(refusedBy(stack)).toEqual([
    `intent/unknown-service at CpanelFirewallProfile "bad" ${here} services[0]`,
    `intent/empty-list at CpanelFirewallProfile "unused" ${here} sources`,
  ]);
});

describe('tokens and hostile texts', () => {
  it.each([
    ['a token', (): string => Fn.join('', ['a', 'b'])],
    [
      'a reference',
      (): string => new TerraformResource(stackOf(), 'r', { terraformResourceType: 'x_y' }).getStringAttribute('ip'),
    ],
    ['a number as text', (): string => Token.asString(7)],
    ['a template', (): string => '${file("/etc/shadow")}'],
  ])('%s is refused as an address and as a description', (_, text) => {
    const stack = stackOf();
    const gateway = gatewayIn(stack);
    vip(stack, gateway, text());
    new OneToOneNat(stack, 'web', { gateway, external: '192.0.2.3', internal: '10.0.16.3', description: text() });
    expect(refusedBy(stack)).toEqual([
      `intent/unknown-at-synth at VirtualIp "vip" ${here} address`,
      `intent/unknown-at-synth at OneToOneNat "web" ${here} description`,
    ]);
  });

  it("an id can't rewrite lines of the message", () => {
    const stack = stackOf();
    vip(stack, gatewayIn(stack), 'nowhere', 'x\n\u001b[2Jintent/ok \u202e');
    const [name, address] = refusalOf(stack).map(printProblem);
    expect(name).toMatch(
      /^intent\/control-characters at VirtualIp "x\\u\{a\}\\u\{1b\}\[2Jintent\/ok \\u\{202e\}" \(__tests__/,
    );
    // eslint-disable-next-line no-control-regex -- they must not be there
    expect(address).toMatch(/^intent\/bad-address at [^\u0000-\u0009\u000b-\u001f\u202e]*$/);
  });
});

describe('one owner on one device', () => {
  it('twice in a stack is refused, with both lines', () => {
    const stack = stackOf();
    gatewayIn(stack);
    new Gateway(new Construct(stack, 'inner'), 'other', { ...gatewayProps, device: 'edge1' });
    expect(refusedBy(stack)).toEqual([`constructs/owned-twice at Gateway "other" ${here}`]);
  });

  it('declared and removed is refused', () => {
    const stack = stackOf();
    gatewayIn(stack);
    new DecommissionedOwner(stack, 'gone', { owners: [{ device: 'edge1', owner: 'hosting' }] });
    new HandedOverOwner(stack, 'moved', { owners: [{ device: 'edge1', owner: 'hosting' }] });
    expect(refusedBy(stack)).toEqual([
      `constructs/owned-twice at DecommissionedOwner "gone" ${here}`,
      `constructs/owned-twice at HandedOverOwner "moved" ${here}`,
    ]);
  });

  it('in two stacks, and two owners on one device, are accepted', () => {
    const app = new App({ stackTraces: false });
    const [staging, production] = [stackOf('staging', app), stackOf('production', app)];
    gatewayIn(staging);
    gatewayIn(production);
    new Gateway(production, 'shop', { ...gatewayProps, device: 'edge1', owner: 'shop' });
    expect(refusedBy(production)).toEqual([]);
  });
});

it('a wrong version is refused with the tested ones of its platform', () => {
  const stack = stackOf();
  gatewayIn(stack, { version: 'bookworm' });
  expect(refusalOf(stack)[0]!.instead).toMatch(
    /^The version of the platform, as "nft --version" prints it on the device\. Tried: .*nft 1\.1\.3 \(Debian 13\)\.$/,
  );
});

it('an unknown releaseResource is refused', () => {
  const stack = stackOf();
  gatewayIn(stack, { releaseResource: anything('null') });
  expect(refusedBy(stack)).toEqual([expect.stringMatching(/^constructs\/release-resource at Gateway "edge1"/)]);
});

it('a stack without any of our constructs is left unchanged', () => {
  const stack = stackOf();
  new LocalBackend(stack, { path: 'x' });
  profileIn(stack);
  expect(refusedBy(stack)).toEqual([]);
});
