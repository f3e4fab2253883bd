import { BehindGateway, composed } from '../reachability/compose';
import { Exposure, View, unknown } from '../reachability/exposure';
import { cutTo } from '../reachability/print';
import { prefixRange, printAddress } from '../net/address';
import { Device, Vantage, atEntry, localTo } from '../net/device';
import { groupBy } from '../net/group-by';
import { Packet } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { isPublic } from '../net/private';
import { contains, point } from '../net/range';
import { Policy } from '../policy/policy';
import { meantByRelease, platformOf, scopeOf } from '../verifier/prove';
import { Shapes, textOn } from '../verifier/shapes';
import { Explanation, Reading } from '../parse/reader';
import { Told } from './report/shown';

/** A release of this package, as a stack or a plan has it. */
export interface OwnRelease {
  readonly device: string;
  readonly owner: string;
  readonly text: string;
  /** As the policy's codec writes it. */
  readonly policy: string;
}

interface Read {
  readonly policy: Policy;
  readonly device: Device;
  readonly reading: Reading;
  readonly whole: Exposure;
  /** Cut to what its policy speaks of. */
  readonly exposure: Exposure;
  readonly scope: ReturnType<typeof scopeOf>;
  /** Whether it isn't the only one: a line is of its text then. */
  readonly isNamed: boolean;
}

/**
 * What releases expose: each device alone, then each gateway with the servers behind it. `shapes`: of those that were read before. Throws Refusal where one can't
 * be read.
 */
export function toldOfReleases(releases: readonly OwnRelease[], shapes: Shapes): readonly Told[] {
  const all = releases.map((one) => readRelease(one, shapes, releases.length > 1));
  const servers = all.filter(({ policy }) => policy.kind === 'server');
  const gateways = all.filter(({ policy }) => policy.kind === 'gateway');
  const behind: readonly BehindGateway[] = servers.map(({ device, whole }) => ({ device, exposure: whole }));
  const alone = all.map((one): Told => {
    const { policy, device, exposure, scope } = one;
    const besides = policy.kind === 'server' && gateways.length > 0 ? pastGateways(one, gateways) : undefined;
    return {
      about: 'device',
      title: `${policy.kind} ${policy.device}, owner ${policy.owner}`,
      exposure,
      device,
      places:
        policy.kind === 'server'
          ? { gateway: '', servers: namesOf([one]) }
          : { gateway: policy.device, servers: new Map() },
      ...(besides ? { besides } : {}),
      ...(policy.kind === 'server' ? { inside: policy.inside } : {}),
      packetsAt: scope,
      explain: (vantage, packet) => explained(one, vantage, packet),
    };
  });
  if (servers.length === 0) return alone;
  const names = namesOf(servers);
  const together = gateways.map((gateway): Told => {
    const { policy, device, whole, scope } = gateway;
    return {
      about: 'end to end',
      title: `end to end through ${policy.device}`,
      exposure: { views: composed(whole, device, behind).map(({ view }) => cutTo(view, scope(view.vantage))) },
      device,
      places: { gateway: policy.device, servers: names },
      packetsAt: scope,
      explain: (vantage, packet) => atServer(explained(gateway, vantage, packet), servers),
    };
  });
  return [...together, ...alone];
}

/** Where several have an address, as it moves between them, both are named. */
function namesOf(servers: readonly Read[]): ReadonlyMap<string, string> {
  const held = servers.flatMap(({ policy, device }) =>
    localTo(device).map((address) => ({ address: printAddress(address), name: policy.device })),
  );
  return new Map(
    [...groupBy(held, ({ address }) => address)].map(([address, of]) => [
      address,
      [...new Set(of.map(({ name }) => name))].join(' or '),
    ]),
  );
}

/** Public addresses of a server that no mapping leads to. */
function pastGateways({ device }: Read, gateways: readonly Read[]): PacketSet | undefined {
  const mapped = gateways.flatMap(({ policy }) =>
    policy.kind === 'gateway'
      ? policy.mappings.flatMap(({ enabled, inside }) => (enabled ? [prefixRange(inside)] : []))
      : [],
  );
  const own = localTo(device).filter(
    (address) => isPublic(address) && !mapped.some((range) => contains(range, address)),
  );
  return own.length === 0 ? undefined : PacketMap.set({ destination: own.map(point) });
}

/** What the server behind it says of what a gateway lets through. */
function atServer(through: Explanation, servers: readonly Read[]): Explanation {
  if (through.verdict === 'denied') return through;
  const { source, destination, protocol, port, sourcePort } = through.leaves;
  // Where several have the address, the one that lets most in may be the one: what it says counts, as where they are composed.
  const answers = servers
    .filter(({ device }) => localTo(device).includes(destination))
    .flatMap((server): readonly Explanation[] => {
      const entry = server.device.interfaces[0];
      return entry
        ? [
            explained(
              server,
              { kind: 'interface', name: entry.name },
              { source, destination, protocol, port, sourcePort },
            ),
          ]
        : [];
    });
  const there = (['allowed', 'unknown', 'denied'] as const).flatMap(
    (verdict) => answers.find((one) => one.verdict === verdict) ?? [],
  )[0];
  if (!there) return through;
  if (there.verdict === 'denied')
    return { ...through, verdict: 'denied', because: there.because, settledBy: there.settledBy };
  const verdict = through.verdict === 'unknown' || there.verdict === 'unknown' ? 'unknown' : 'allowed';
  return { ...through, verdict, settledBy: verdict === 'unknown' ? [] : [...through.settledBy, ...there.settledBy] };
}

function readRelease({ text, policy: encoded }: OwnRelease, shapes: Shapes, isNamed: boolean): Read {
  const { policy, device, expected, written } = meantByRelease({ text, policy: encoded });
  const reading = shapes.reading(
    { policy, written: { ...written, text } },
    'release',
    textOn(platformOf(policy).reader, text, device),
  );
  const scope = scopeOf(expected);
  const whole: Exposure = isNamed
    ? { views: reading.exposure.views.map((view) => reasonsOf(policy.device, view)) }
    : reading.exposure;
  return {
    policy,
    device,
    reading,
    scope,
    isNamed,
    whole,
    exposure: { views: whole.views.map((view) => cutTo(view, scope(view.vantage))) },
  };
}

/** With the device whose lines they are. */
function reasonsOf(device: string, view: View): View {
  if (![...view.verdicts.values].some(({ is }) => is === 'unknown')) return view;
  return {
    ...view,
    verdicts: view.verdicts.map((one) => (one.is === 'unknown' ? unknown(`${device}: ${one.because}`) : one)),
  };
}

/** A vantage that stands for every way out is explained by the first. */
function explained({ policy, reading, isNamed }: Read, vantage: Vantage, packet: Packet): Explanation {
  const said = reading.explain(atEntry(reading.exposure.views, vantage)?.vantage ?? vantage, packet);
  return isNamed ? { ...said, settledBy: said.settledBy.map((one) => ({ ...one, of: policy.device })) } : said;
}
