// Tests `verify` and `doctor` of many devices: the order in which devices are printed, the exit status of several
// outcomes, and devices that can't be reached.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020';
import { pickWorstStatus } from '../../cli/run-at-once';
import { Printed, builtCommand, typed } from '../built-command';
import { projectIn, stackText } from '../driver/projects';
import { connectionOf, releaseOf } from '../driver/samples';
import { Wish, compiled } from '../support';
import { EDGE, MANAGEMENT } from '../cases/edge';
import { verifyPolicy } from '../../lib/verifier/verify-policy';
import { createRelease as released } from '../../constructs/create-release';
import { temporaryFolder } from '../temporary-folder';

// verify and doctor on many devices that are all unreachable.

const built = builtCommand();
const folder = temporaryFolder();

const isDoctor = new Ajv().compile(
  JSON.parse(readFileSync(join(__dirname, '../../docs/reference/schemas/doctor-2.json'), 'utf8')) as object,
);
const dead = connectionOf({ port: 1 });
const NAMES = ['gw10', 'gw2', 'gw1'];

/** Two servers behind one gateway, of which the second opens no 443; a third one without a stack. */
const wish: Wish = {
  gateway: {
    ...EDGE,
    virtualIps: [3, 12, 20].map((host) => ({
      name: `v${host}`,
      interface: 'wan0',
      address: `203.0.113.${host}`,
      kind: 'ip-alias',
    })),
    mappings: [
      ...[3, 12].map((host) => ({ name: `m${host}`, virtualIp: `v${host}`, internal: { server: `web${host}` } })),
      {
        name: 'm20',
        virtualIp: 'v20',
        internal: '10.0.0.20',
        open: [{ ports: 25, protocol: 'tcp', from: 'anywhere' }],
      },
    ],
  },
  servers: [3, 12].map((host) => ({
    device: `web${host}`,
    addresses: [`10.0.0.${host}/24`],
    trustedNetworks: ['10.0.0.0/24'],
    profile: {
      name: `p${host}`,
      services: host === 3 ? ['smtp', '443/tcp'] : ['imaps', 'smtp'],
      sources: 'anywhere',
      management: MANAGEMENT,
    },
  })),
};

let [many, edge] = ['', ''];
beforeAll(() => {
  many = projectIn(
    join(folder, 'many'),
    Object.fromEntries(NAMES.map((device) => [device, stackText(releaseOf({ device }), dead, device)])),
  );
  const policies = compiled(wish, 'nftables').policies.map((policy) => released(verifyPolicy(policy), [], 90));
  edge = projectIn(
    join(folder, 'edge'),
    Object.fromEntries(policies.map((one) => [one.device, stackText(one, dead, one.device)])),
  );
});
const run = (cwd: string, ...words: readonly string[]): Printed => typed(built, words, { cwd });

it('the worst exit status of many counts: not asked, then wrong, then unknown', () =>
  expect([[], [0, 0], [0, 3], [3, 1, 0], [1, 2, 3]].map(pickWorstStatus)).toEqual([0, 0, 3, 1, 2]));

describe('verify', () => {
  it('asks devices in natural order, each once', () => {
    const lines = (...names: readonly string[]): string => run(many, 'verify', ...names).out;
    expect(lines()).toBe('gw1 could not be asked\ngw2 could not be asked\ngw10 could not be asked\n');
    expect(lines('gw10', 'gw2', 'gw10')).toBe('gw2 could not be asked\ngw10 could not be asked\n');
  });

  it('refuses all unknown names at once, and several devices by one connection', () => {
    const { status, out, said } = run(many, 'verify', 'gw1', 'gv1', 'gv2');
    expect([status, out, said.match(/^cli\/no-such-device at gv\d/gm)]).toEqual([
      2,
      '',
      ['cli/no-such-device at gv1', 'cli/no-such-device at gv2'],
    ]);
    expect(run(many, 'verify', 'gw1', 'gw2', '--connection', 'x.json')).toMatchObject({
      status: 2,
      said: expect.stringMatching(
        /^cli\/several-devices at --connection x\.json: It is the connection of one device, and 2 are named: gw1, gw2\./,
      ) as string,
    });
  });
});

describe('doctor', () => {
  it('without an address asks about each address with an open TCP port: 443, else the lowest', () => {
    const { status, out, said } = run(edge, 'doctor');
    expect([status, out.split('\n')]).toEqual([
      2,
      [
        '203.0.113.3 tcp 443: Not known: edge could not be asked; web3 could not be asked.',
        '203.0.113.12 tcp 25: Not known: edge could not be asked; web12 could not be asked.',
        '',
      ],
    ]);
    // The gateway is on both paths, and is asked once.
    expect(said.match(/^\w+: driver\/unreachable/gm)).toEqual(
      ['edge', 'web3', 'web12'].map((name) => `${name}: driver/unreachable`),
    );
    expect(said).toMatch(
      /\nNothing was changed on any device\. Mend that, and ask again\.\nNot asked about: 1 mapping whose server is in no stack here\. .* doctor 203\.0\.113\.20:25\n$/,
    );
    expect(run(edge, 'doctor', '--quiet').said).not.toContain('Not asked about');
  });

  it('prints a line for each of several, one for a repeated address, and exits with the worst status', () => {
    const asked = run(edge, 'doctor', '203.0.113.12:1', '203.0.113.3', '203.0.113.3:443/tcp', '--from', '192.0.2.1');
    expect([asked.status, asked.out.split('\n')]).toEqual([
      2,
      [
        '203.0.113.12 tcp 1: Most likely: "p12" does not open tcp 1 to any source.',
        expect.stringMatching(/^ {2}What to do: /),
        '203.0.113.3 tcp 443: Not known: edge could not be asked; web3 could not be asked.',
        '',
      ],
    ]);
    expect(run(edge, 'doctor', '203.0.113.12:1', '203.0.113.99').status).toBe(1);
  });

  it('is JSON by its schema, for one and for several', () => {
    const all = JSON.parse(run(edge, 'doctor', '--json').out) as { addresses: { outcome: string }[] };
    const one = JSON.parse(run(edge, 'doctor', '203.0.113.3', '--json').out) as { schema: number; outcome: string };
    expect([
      isDoctor(all),
      isDoctor(one),
      all.addresses.map(({ outcome }) => outcome),
      one.schema,
      one.outcome,
    ]).toEqual([true, true, ['not asked', 'not asked'], 2, 'not asked']);
    expect(isDoctor({ ...one, outcome: 'well' })).toBe(false);
  });

  it('tells a collector of an unknown diagnosis only that it is unknown', () => {
    const { out } = run(edge, 'doctor', '203.0.113.3', '203.0.113.12:1', '--format', 'prometheus', '--quiet');
    expect(out.split('\n').filter((line) => /_(known|as_asked)\{/.test(line))).toEqual([
      'cpanel_edge_address_known{address="203.0.113.3",protocol="tcp",port="443"} 0',
      'cpanel_edge_address_known{address="203.0.113.12",protocol="tcp",port="1"} 1',
      'cpanel_edge_address_as_asked{address="203.0.113.12",protocol="tcp",port="1"} 0',
    ]);
    expect(out).toMatch(/^cpanel_edge_walked_timestamp_seconds \d+$/m);
    // For a single address it also gives the reason.
    expect(run(edge, 'doctor', '203.0.113.3', '--format', 'prometheus').said).toMatch(/^edge: driver\/unreachable/m);
  });

  it('refuses all wrong addresses at once, and stacks that open nothing', () => {
    expect(run(edge, 'doctor', 'web3', '203.0.113.3', 'web12:0').said.match(/^cli\/\S+ at \S+/gm)).toEqual([
      'cli/not-an-address at web3:',
      'cli/not-an-address at web12:0:',
    ]);
    const nothing = (...words: readonly string[]): string => run(edge, 'doctor', ...words).said;
    const start = 'cli/nothing-to-ask at the synthesized stacks: ';
    expect(nothing('--stack', 'cdktf.out/stacks/web3')).toContain(
      `${start}They open no TCP port of a public address.\n`,
    );
    expect(nothing('--stack', 'cdktf.out/stacks/edge')).toMatch(
      new RegExp(
        `^${start}Their ports belong to servers that are in no stack here \\(mappings: 3\\), .*\\n {2}instead: .*: doctor 203\\.0\\.113\\.3;`,
      ),
    );
  });

  it('asks for a client only what it can reach, and reports a wrong client once', () => {
    const codes = (...words: readonly string[]): unknown =>
      run(edge, 'doctor', ...words).said.match(/^cli\/\S+ at .*/gm);
    expect(codes('--from', '2001:db8::7')).toEqual([
      'cli/nothing-to-ask at the synthesized stacks: They open no TCP port of a public address of IPv6, as --from is.',
    ]);
    expect(codes('203.0.113.3', '203.0.113.12', '--from', 'me')).toEqual([
      'cli/not-an-address at --from me: This is no address.',
    ]);
    expect(codes('203.0.113.3:1', '203.0.113.3:2', '--from', '2001:db8::7')).toHaveLength(1);
    expect(codes('web3', '--from', 'me')).toHaveLength(2);
  });
});
