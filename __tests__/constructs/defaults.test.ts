// Tests `Defaults` and the context key `cpanelEdge`: from where a prop that a construct leaves out gets its value, and
// that a wrong default is refused once, where it is written. Also the default address and login of a server's
// connection.

import { App, TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import {
  CpanelFirewallProfile,
  CpanelServer,
  Defaults,
  DefaultsProps,
  Gateway,
  DecommissionedOwner,
} from '../../constructs/public';
import { HOST_KEY, gatewayIn, gatewayProps, profileProps, serverIn, serverProps, stackOf } from './construct-samples';
import { anything, refusalOf, refusedBy } from './refused-stacks';
import { synthesized } from './synthesized';

const here = '(__tests__/constructs/defaults.test.ts:N)';

const all: DefaultsProps = {
  owner: 'hosting',
  platform: 'nftables',
  version: '1.0.6',
  releaseResource: 'terraform_data',
  trustedNetworks: ['10.0.0.0/24'],
  management: { from: ['10.0.0.0/28'], port: 22 },
  connection: { user: 'admin', hostKeys: [HOST_KEY] },
};
const { interfaces } = gatewayProps;

/** A gateway and a server that leave to defaults what they can. */
function short(scope: Construct): void {
  new Gateway(scope, 'edge1', { interfaces, connection: { host: '10.0.0.1' } });
  const profile = new CpanelFirewallProfile(scope, 'mail', { services: ['smtp', 'https'], sources: 'anywhere' });
  new CpanelServer(scope, 'mail1', { addresses: ['10.0.0.10/24'], profile });
}

/** The same with all values written out. */
function long(scope: Construct): void {
  const connection = { user: 'admin', hostKeys: [HOST_KEY] };
  new Gateway(scope, 'edge1', { ...gatewayProps, connection: { ...connection, host: '10.0.0.1' } });
  const profile = new CpanelFirewallProfile(scope, 'mail', profileProps);
  new CpanelServer(scope, 'mail1', { ...serverProps(profile), connection: { ...connection, host: '10.0.0.10' } });
}

const written = (make: (stack: TerraformStack) => void, app = new App({ stackTraces: false })): string => {
  const stack = stackOf('edge', app);
  make(stack);
  return Testing.synth(stack);
};

describe('a prop that is left out comes from', () => {
  it.each<[string, () => string]>([
    [
      'the stack',
      () =>
        written((stack) => {
          Defaults.on(stack, all);
          short(stack);
        }),
    ],
    [
      'the App',
      () => {
        const app = new App({ stackTraces: false });
        Defaults.on(app, all);
        return written(short, app);
      },
    ],
    ['the context', () => written(short, new App({ stackTraces: false, context: { cpanelEdge: all } }))],
    [
      'several of them, the nearest first, key by key',
      () => {
        const app = new App({
          stackTraces: false,
          context: { cpanelEdge: { ...all, owner: 'context', trustedNetworks: 'none' } },
        });
        Defaults.on(app, {
          owner: 'app',
          trustedNetworks: ['10.0.0.0/24'],
          connection: { user: 'nobody', port: 2222 },
        });
        return written((stack) => {
          const site = new Construct(stack, 'site');
          Defaults.on(stack, { owner: 'stack', connection: { user: 'admin' } });
          Defaults.on(site, { owner: 'hosting', connection: { port: 22 } });
          short(site);
        }, app);
      },
    ],
  ])('%s, and the output equals the written-out form', (_, synthesized) => {
    expect(synthesized()).toBe(written(long));
  });

  it('the construct itself if it has it', () => {
    const stack = stackOf();
    Defaults.on(stack, {
      owner: 'shop',
      version: '2.7',
      platform: 'pfsense',
      releaseResource: 'null_resource',
      connection: { user: 'x' },
    });
    long(stack);
    expect(Testing.synth(stack)).toBe(written(long));
  });
});

it('a default version applies to its own platform only', () => {
  const stack = stackOf();
  Defaults.on(stack, { platform: 'nftables', version: '1.0.6', owner: 'hosting' });
  new Gateway(stack, 'other', { platform: 'iptables', interfaces, connection: gatewayProps.connection });
  const inner = new Construct(stack, 'inner');
  Defaults.on(inner, { platform: 'iptables' });
  new Gateway(inner, 'inner-gateway', { interfaces, connection: gatewayProps.connection });
  expect(refusedBy(stack)).toEqual([
    `intent/missing at Gateway "other" ${here}`,
    `intent/missing at Gateway "inner-gateway" ${here}`,
  ]);
  expect(refusalOf(stack)[0]).toMatchObject({
    what: '"version" is not set, and it has no default.',
    instead:
      'version: the version of the platform, as "iptables --version" prints it on the device; Defaults.on says it for many.',
  });
});

it('a missing prop is reported with the place of its default', () => {
  const stack = stackOf();
  short(stack);
  expect(refusalOf(stack).map(({ code, instead }) => [code, / ?Defaults\.on .*/.exec(instead)?.[0].trim()])).toEqual([
    ['intent/management-missing', 'Defaults.on says it for many.'],
    ['intent/missing', 'Defaults.on says it for many.'],
    ['intent/missing', 'Defaults.on says it for many.'],
    ['intent/missing', 'Defaults.on says it for many.'],
    ['intent/host-keys-missing', undefined],
    ['intent/missing', 'Defaults.on says it for many.'],
    ['intent/missing', 'Defaults.on says it for many.'],
    ['intent/missing', 'Defaults.on says it for many.'],
    ['intent/inside-missing', 'Defaults.on says it for many.'],
    ['intent/wrong-type', undefined],
  ]);
});

describe('a wrong default is refused once, where it is written', () => {
  it.each([null, undefined, 5, 'x', [], ['nftables']])('if it is no object, %j', (props) => {
    const [stack, app] = [
      stackOf(),
      new App({ stackTraces: false, context: { cpanelEdge: props === undefined ? 7 : props } }),
    ];
    Defaults.on(stack, anything(props));
    short(stack);
    expect(refusedBy(stack)).toEqual([`intent/wrong-type at Defaults on "edge" ${here}`]);
    const [near, far] = [stackOf('near', app), stackOf('far', app)];
    Defaults.on(near, { owner: 'hosting' });
    [near, far].forEach(short);
    expect(refusedBy(near)).toEqual(['intent/wrong-type at cpanelEdge of the context']);
  });

  it('for every key, also for unused ones', () => {
    const stack = stackOf();
    // A stack by itself has no element that could refuse.
    new DecommissionedOwner(stack, 'gone', { owners: [{ device: 'edge0', owner: 'hosting' }] });
    Defaults.on(
      stack,
      anything({
        owner: 'Not A Name',
        platform: 7,
        version: 'new',
        releaseResource: 'null',
        trustedNetworks: [],
        management: 'all',
        ownr: 'x',
        connection: { user: 'a b', port: 0, host: '10.0.0.1', jump: { host: 'h' }, hostKeys: ['x'] },
      }),
    );
    const at = `Defaults on "edge" ${here}`;
    const wrong = [
      `intent/unknown-key at ${at}`,
      `intent/bad-name at ${at} owner`,
      `intent/wrong-type at ${at} platform`,
      `intent/bad-version at ${at} version`,
      `constructs/release-resource at ${at} releaseResource`,
      `intent/unknown-key at ${at} connection`,
      `intent/not-in-range at ${at} connection.port`,
      `intent/bad-user at ${at} connection.user`,
      `intent/bad-host-key at ${at} connection.hostKeys[0]`,
      `intent/host-keys-missing at ${at} connection.jump`,
      `intent/empty-list at ${at} trustedNetworks`,
      `intent/wrong-type at ${at} management`,
    ];
    expect(refusedBy(stack)).toEqual(wrong);
    short(stack);
    expect(refusedBy(stack)).toEqual(wrong);
  });

  it('in the context, also if that is no object', () => {
    const stack = stackOf('edge', new App({ stackTraces: false, context: { cpanelEdge: { ownr: 'shop' } } }));
    gatewayIn(stack);
    serverIn(stack);
    for (const [index, value] of [undefined, null, 1, 'text', [], new Date()].entries())
      Defaults.on(new Construct(stack, `scope-${index}`), anything(value));
    expect(refusedBy(stack)).toEqual([
      'intent/unknown-key at cpanelEdge of the context',
      ...[0, 1, 2, 3, 4].map((index) => `intent/wrong-type at Defaults on "scope-${index}" ${here}`),
      `intent/not-plain at Defaults on "scope-5" ${here}`,
    ]);
  });

  it('if it comes too late or twice', () => {
    const stack = stackOf();
    const site = new Construct(stack, 'site');
    Defaults.on(stack, { owner: 'hosting' });
    Defaults.on(stack, { owner: 'shop' });
    gatewayIn(stack);
    Defaults.on(site, { owner: 'shop' });
    Defaults.on(stack.node.root as App, { owner: 'shop' });
    expect(refusedBy(stack)).toEqual([
      `constructs/defaults-twice at Defaults on "edge" ${here}`,
      `constructs/defaults-late at Defaults on "" ${here}`,
    ]);
  });

  it("a connection that is no plain object isn't merged with defaults", () => {
    const stack = stackOf();
    Defaults.on(stack, all);
    new Gateway(stack, 'edge1', { interfaces, connection: anything(new Date()) });
    expect(refusedBy(stack)).toEqual([`intent/not-plain at Gateway "edge1" ${here} connection`]);
  });
});

describe("a server's connection", () => {
  const made = (props: Partial<ConstructorParameters<typeof CpanelServer>[2]>): TerraformStack => {
    const stack = stackOf();
    Defaults.on(stack, all);
    const profile = new CpanelFirewallProfile(stack, 'mail', { services: ['https'], sources: 'anywhere' });
    new CpanelServer(stack, 'mail1', { profile, ...props });
    return stack;
  };
  const connectionOf = (stack: TerraformStack): { readonly host: string } =>
    (synthesized(stack)['resource'] as Record<string, Record<string, { input: { connection: { host: string } } }>>)[
      'terraform_data'
    ]!['mail1_hosting_holder']!.input.connection;
  const hostOf = (stack: TerraformStack): string => connectionOf(stack).host;
  it('uses its only address, or its only IPv4 address', () => {
    expect(hostOf(made({ addresses: ['10.0.0.10/24'] }))).toBe('10.0.0.10');
    expect(hostOf(made({ addresses: ['2001:db8::10/64', '10.0.0.10/24', '2001:db8::11'] }))).toBe('10.0.0.10');
    expect(hostOf(made({ addresses: ['2001:db8::10/64'] }))).toBe('2001:db8::10');
    expect(hostOf(made({ addresses: ['10.0.0.10/24'], connection: { host: 'mail1.example.com' } }))).toBe(
      'mail1.example.com',
    );
  });

  it('has to name a host if there are several addresses', () => {
    expect(refusedBy(made({ addresses: ['10.0.0.10', '10.0.0.11'] }))).toEqual([
      `intent/missing at CpanelServer "mail1" ${here} connection`,
    ]);
  });

  // The management address isn't always the service address.
  it.each(['mail1.example.com', '192.0.2.7', '10.0.0.10'])("to %s doesn't replace the server's addresses", (host) => {
    expect(refusedBy(made({ connection: { host } }))).toEqual([`intent/exactly-one at CpanelServer "mail1" ${here}`]);
  });

  it('with one way to log in takes no default of the other way', () => {
    const stack = stackOf();
    Defaults.on(stack, {
      ...all,
      connection: { ...all.connection, identityFile: '/k', jump: { host: 'bastion', hostKeys: [HOST_KEY] } },
    });
    const profile = new CpanelFirewallProfile(stack, 'mail', { services: ['https'], sources: 'anywhere' });
    const connection = { agentVariable: 'MINE', jump: 'none' } as const;
    new CpanelServer(stack, 'mail1', { profile, addresses: ['10.0.0.10/24'], connection });
    const written = connectionOf(stack) as object;
    expect([written, 'identityFile' in written, 'jump' in written]).toEqual([
      expect.objectContaining({ agentVariable: 'MINE', user: 'admin' }),
      false,
      false,
    ]);
  });

  it("isn't reported as missing beside missing addresses", () => {
    expect(refusedBy(made({}))).toEqual([`intent/exactly-one at CpanelServer "mail1" ${here}`]);
    expect(refusedBy(made({ addresses: ['10.0.0.300'] }))).toEqual([
      `intent/bad-address at CpanelServer "mail1" ${here} addresses[0]`,
    ]);
  });
});
