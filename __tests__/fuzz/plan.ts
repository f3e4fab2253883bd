// Fuzz targets: broken policies, releases, orders for removals, connections and answers of devices, for their decoders.

import { deflateSync, inflateSync } from 'node:zlib';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConnectionFile } from '../../cli/connection-file';
import { parseAnswer, formatLines } from '../../driver/agent-answer';
import { compareFacts, createLiveDevice } from '../../driver/live-device';
import { parseOwnerToken, parseRemoveOrder } from '../../driver/remove-order';
import { renderReleaseFile } from '../../driver/release-file';
import { decodeWork, encodeWork } from '../../lib/agent-protocol/work-codec';
import { Policy } from '../../lib/policy/policy';
import { decodePolicy, encodePolicy } from '../../lib/verifier/policy-codec';
import { MADE, connectionOf, releaseOf, workOf } from '../driver/samples';
import { ODD_JSON, deep, oddText, oddly } from './json';
import { Fuzz, Random } from './random';
import { wrongEnd, wrongText } from './judge-ending';
import { policySamples } from './texts';

const ended = (run: () => string | undefined | void): string | undefined => {
  try {
    return run() ?? undefined;
  } catch (error) {
    return wrongEnd(error);
  }
};

/** JSON of an odd value, or text that is hardly JSON. */
function oddJson(value: unknown, random: Random): string {
  if (random.once(40)) return deep(random.oneOf([50, 5000, 200_000]), random);
  if (random.once(4)) return oddText(JSON.stringify(value), random);
  if (random.once(30))
    return JSON.stringify(value).replace(/\d+/, random.oneOf(['1e999', 'NaN', '-0', '9'.repeat(400), '1.0']));
  return JSON.stringify(oddly(value, random));
}

/** A decoded value is the same if it is encoded again: nothing odd may be dropped silently. */
export function policies(): Fuzz {
  const all = policySamples().map(encodePolicy);
  return (random) => {
    const input = oddJson(JSON.parse(random.oneOf(all)), random);
    const wrong = ended(() => (encodePolicy(decodePolicy(input)) === input ? undefined : 'decodes to another policy'));
    return { input, wrong };
  };
}

const deflate = (bytes: Uint8Array): Uint8Array => deflateSync(bytes);
/** Inflates as the driver does. */
const inflate = (bytes: Uint8Array): Uint8Array => inflateSync(bytes, { maxOutputLength: 64 * 1024 * 1024 });

/** The environment of a plan: its JSON, its compression, its base64 and its pieces. Then the decoded result. */
export function works(): Fuzz {
  const packed = (text: string): Record<string, string> => ({
    CPANEL_EDGE_WORK_0: `1:${deflateSync(Buffer.from(text)).toString('base64')}`,
  });
  const whole = workOf({ addresses: [{ kind: 'alias', interface: 'eth0', address: '203.0.113.10/24' }] as never });
  return (random) => {
    const good = encodeWork(whole, deflate);
    const environment = random.once(3)
      ? Object.fromEntries(Object.entries(good).map(([name, value]) => [name, oddText(value, random)]))
      : packed(random.once(200) ? ' '.repeat(80_000_000) : oddJson(whole, random));
    const wrong = ended(() => {
      const { release } = decodeWork(environment, inflate);
      renderReleaseFile(release, 'lease', 'token', MADE);
    });
    return { input: JSON.stringify(environment).slice(0, 2000), wrong };
  };
}

export function orders(): Fuzz {
  const order = {
    format: 1,
    device: 'gw',
    owner: 'web',
    role: 'gateway',
    connection: connectionOf({ jump: connectionOf() } as never),
  };
  return (random) => {
    const input = oddJson(order, random);
    const wrong =
      ended(() => void parseRemoveOrder({ CPANEL_EDGE_RETRACT: input })) ??
      ended(() => void parseOwnerToken({ CPANEL_EDGE_LEASE: JSON.stringify(random.oneOf(ODD_JSON)) }));
    return { input, wrong };
  };
}

export function connections(): Fuzz {
  const folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-fuzz-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return (random) => {
    const input = oddJson(connectionOf({ jump: connectionOf() } as never), random);
    const path = join(folder, 'device.json');
    writeFileSync(path, input);
    return { input, wrong: ended(() => void readConnectionFile(path)) };
  };
}

/** A device's answer: sections, facts, and the text that is printed of it. */
export function answers(): Fuzz {
  const facts = {
    addresses:
      '1: lo    inet 127.0.0.1/8 scope host lo\n2: wan0    inet 203.0.113.1/24 brd 203.0.113.255 scope global wan0\n3: lan0 inet6 fd00::1/64 scope global\n',
    links:
      '1: lo: <LOOPBACK,UP> mtu 65536\n2: wan0@if3: <BROADCAST,UP> mtu 1500\n3: lan0: <BROADCAST,UP> mtu 1500 master br0\n',
    routes:
      'default via 203.0.113.254 dev wan0\n10.9.0.0/24 dev lan0 proto kernel\nunreachable fd00::/8 dev lo metric 1\n',
    forwarding: { ip: true, ip6: false },
    legacyTables: [],
    version: 'nftables v1.0.6 (Lester Gooch #5)',
  };
  const text =
    'noise\ncpanel-edge: section ruleset\n|table ip x {\n|}\ncpanel-edge: section facts\n|a\ncpanel-edge: ok armed token=abc digest=def\n';
  const all = policySamples();
  const changed = (good: string, random: Random): string => {
    let one = good;
    for (let left = random.below(6); left > 0; left--) one = oddText(one, random);
    return random.once(50) ? one.repeat(2000) : one;
  };
  return (random) => {
    const policy: Policy = random.oneOf(all);
    const live = {
      ...facts,
      addresses: changed(facts.addresses, random),
      links: changed(facts.links, random),
      routes: changed(facts.routes, random),
      version: changed(facts.version, random),
    };
    const output = changed(text, random);
    const wrong = ended(() => {
      const answer = parseAnswer(output, changed(text, random), 0);
      createLiveDevice(policy, live);
      const { refusals, reports } = compareFacts(policy, live, ['203.0.113.10/24']);
      const said = [
        ...answer.errorLines,
        ...formatLines(answer.sections.get('ruleset')),
        ...[...refusals, ...reports].flatMap((line) => formatLines([line])),
      ].join('\n');
      return wrongText(said);
    });
    return { input: JSON.stringify(live) + JSON.stringify(output), wrong };
  };
}

export function releases(): Fuzz {
  return (random) => {
    const release = { ...releaseOf(), ...(oddly(releaseOf(), random) as object) } as ReturnType<typeof releaseOf>;
    const input = JSON.stringify(release) ?? '';
    const good = JSON.stringify({ ...workOf(), release });
    const environment = { CPANEL_EDGE_WORK_0: `1:${deflateSync(Buffer.from(good)).toString('base64')}` };
    const wrong = ended(() => {
      const file = renderReleaseFile(decodeWork(environment, inflate).release, 'lease', 'token', MADE);
      // The head has its lines for any values: an extra line would count as another key.
      const head = file
        .split('\n')
        .slice(0, 10)
        .map((line) => line.split(' ')[0]!);
      return head.join() === 'cpanel-edge-release,role,owner,lease,token,digest,table,on-retract,runner,made'
        ? undefined
        : `the head became ${JSON.stringify(file.slice(0, 300))}`;
    });
    return { input, wrong };
  };
}
