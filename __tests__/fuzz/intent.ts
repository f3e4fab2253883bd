// Fuzz target: intents with hostile values, which must be accepted or refused with problems.

import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import {
  CpanelFirewallProfile,
  CpanelServer,
  Gateway,
  NatReflection,
  OneToOneNat,
  VirtualIp,
} from '../../constructs/public';
import { gatewayProps, profileProps, serverProps } from '../constructs/construct-samples';
import { ODD_JSON, oddText } from './json';
import { Fuzz, Random } from './random';
import { wrongEnd } from './judge-ending';

type Plain = Record<string, unknown>;

const circle = (): Plain => {
  const one: Plain = {};
  one['self'] = one;
  return one;
};

/** Values that only running JavaScript can have: code in place of data. */
const HOSTILE: readonly (() => unknown)[] = [
  () => undefined,
  () => Number.NaN,
  () => Infinity,
  () => -0,
  () => 22n,
  () => Symbol('x'),
  () => () => 'x',
  () => new Date(0),
  () => new Map([['name', 'x']]),
  () => /x/,
  () => circle(),
  () => Object.create(null) as unknown,
  () => Object.assign(Object.create(null) as Plain, { name: 'x' }),
  () => Object.assign(Object.create({ name: 'inherited' }) as Plain, { x: 1 }),
  () => {
    const holes: unknown[] = [];
    holes.length = 3;
    return holes;
  },
  () => Array<number>(2_000_000).fill(1),
  () => Array.from({ length: 20_000 }, (_, index) => String(index)),
  () => 'x'.repeat(10_000_000),
  () => '1,'.repeat(1_000_000),
  () => '${'.repeat(1000),
  () => '${TfToken[TOKEN.7]}',
  () => '#{x}',
  () =>
    Object.defineProperty({}, 'name', {
      enumerable: true,
      get: () => {
        throw new Error('\u001b[31mgotcha\u001b[0m');
      },
    }),
  () =>
    new Proxy(
      {},
      {
        get: () => {
          throw new TypeError('proxy');
        },
        ownKeys: () => {
          throw new TypeError('keys');
        },
      },
    ),
  () =>
    new Proxy([], {
      get: () => {
        throw new TypeError('proxy');
      },
    }),
  () => ({
    toString: () => {
      throw new TypeError('text');
    },
    valueOf: () => {
      throw new TypeError('value');
    },
    toJSON: () => {
      throw new TypeError('json');
    },
  }),
  () => ({
    resolve: () => {
      throw new TypeError('resolved');
    },
  }),
  () => ({ then: (done: () => void) => done() }),
  ...ODD_JSON.map((value) => () => value),
  ...['22', '0', '65536', '22-21', '0022', '1e3', '0x16', ' 22', '22 ', '２２', '-1', '1-', '1-65535,', '22;80'].map(
    (text) => () => text,
  ),
  ...[
    '10.0.0.1/8',
    '010.0.0.1',
    '10.0.0',
    '0x0a000001',
    '10.0.0.1/032',
    '::ffff:10.0.0.1',
    '10.0.0.0/-1',
    '1.2.3.4/',
    '::/129',
    'fe80::1%eth0',
  ].map((text) => () => text),
];

/** A copy with one value replaced, at any depth. */
function changed(value: unknown, random: Random): unknown {
  if (random.once(5)) return random.oneOf(HOSTILE)();
  if (typeof value === 'string') return random.once(2) ? oddText(value, random) : random.oneOf(HOSTILE)();
  if (typeof value !== 'object' || value === null) return random.oneOf(HOSTILE)();
  if (Array.isArray(value)) {
    const copy = [...(value as unknown[])];
    const at = random.below(copy.length + 1);
    copy[at] = changed(copy[at], random);
    return copy;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return random.oneOf(HOSTILE)();
  const copy: Plain = { ...(value as Plain) };
  const key = random.once(6)
    ? random.oneOf(['__proto__', 'constructor', 'Extra', '\u001b[2J', '${x}', 'prot', ''])
    : random.oneOf(Object.keys(copy).concat('name'));
  Object.defineProperty(copy, key, {
    value: changed(copy[key], random),
    enumerable: true,
    writable: true,
    configurable: true,
  });
  return copy;
}

const filesUnder = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
        (name) => !statSync(join(folder, name)).isDirectory(),
      )
    : [];

/** One tree with a part of each kind, with one or more values replaced. */
export function intents(): Fuzz {
  const folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-fuzz-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return (random, seed) => {
    const outdir = join(folder, String(seed));
    const target = random.below(6);
    const oddPart = <T>(number: number, props: T): T =>
      target === number || random.once(12) ? (changed(props, random) as T) : props;
    let wrong: string | undefined;
    try {
      const app = new App({ outdir, stackTraces: false });
      const stack = new TerraformStack(app, 'edge');
      const gateway = new Gateway(
        stack,
        'edge1',
        oddPart(0, { ...gatewayProps, sourceSets: { office: ['198.51.100.0/24'] } }),
      );
      const profile = new CpanelFirewallProfile(stack, 'profile', oddPart(1, { name: 'mail', ...profileProps }));
      const server = new CpanelServer(
        stack,
        'mail1',
        oddPart(2, { ...serverProps(profile), outbound: [{ protocol: 'tcp', ports: 25, to: 'anywhere' }] as never }),
      );
      const virtualIp = new VirtualIp(
        stack,
        'vip',
        oddPart(3, { gateway, interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' }),
      );
      const mapping = new OneToOneNat(
        stack,
        'web',
        oddPart(4, { virtualIp, internal: server, destination: undefined as never }),
      );
      new NatReflection(stack, 'reflection', oddPart(5, { mapping, mode: 'pure-nat', from: ['lan0'] } as never));
      app.synth();
    } catch (error) {
      wrong = wrongEnd(error);
      const files = filesUnder(outdir);
      if (wrong === undefined && files.length > 0) wrong = `wrote ${files.join(', ')} and refused`;
    }
    rmSync(outdir, { recursive: true, force: true });
    return { input: `seed ${seed}`, wrong };
  };
}
