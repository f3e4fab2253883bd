// Tests on random policies of gateways that the config generated for pfSense, imported again, gives the same virtual
// IPs and mappings with the same allowed packets.

import { FAMILY_RANGE, isHost, printAddress, printPrefix } from '../../../../lib/net/address';
import { PacketMap, PacketSet } from '../../../../lib/net/packet-map';
import { Range, intersectRanges, subtractRanges } from '../../../../lib/net/range';
import { GatewayPolicyBuilder } from '../../../../lib/intent/gateway-policy-builder';
import { importGatewayConfig } from '../../../../lib/import/import-gateway';
import { pfsense } from '../../../../lib/platforms/pfsense';
import { GatewayPolicy, Mapping, AllowRule } from '../../../../lib/policy/policy';
import { Refusal } from '../../../../lib/problems/problem';
import { knownPlatforms } from '../../../../lib/registry';
import { MappingPart, splitMapping } from '../../../../lib/generate/mapping-parts';
import { gateways } from '../../../policy/random';
import { checkShares, fc } from '../../../randomly';
import { RANDOM_SECONDS } from '../../../tier';

const isForSome = (one: Mapping): boolean => splitMapping({ ...one, enabled: true }).length > 0;
const INNER = ['lan0', 'lan1'];
const onPfsense = (policy: GatewayPolicy): GatewayPolicy => ({
  ...policy,
  platform: 'pfsense',
  version: '2.7.2',
  // An intent that excludes all of a mapping is refused: intent/all-excluded.
  mappings: policy.mappings.filter(isForSome).map((one) => ({
    ...one,
    reflection:
      one.reflection.mode === 'disabled' ? one.reflection : { mode: 'pure-nat', from: INNER, globalHelper: true },
  })),
  virtualIps: policy.virtualIps.map((one) =>
    isHost(one.external) ? one : { ...one, kind: 'other', mask: one.external.length },
  ),
});

/**
 * The release as if a person had entered it, without the tags by which the package finds its entries. Undefined if the
 * generator refuses.
 */
function asEntered(policy: GatewayPolicy): string | undefined {
  try {
    const { text } = pfsense.generator.write(policy);
    return text
      .replace(/<cpanel_edge>[\s\S]*?<\/cpanel_edge>/, '<cpanel_edge><captured/></cpanel_edge>')
      .replaceAll('cpanel-edge:random/', '');
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function policyOf({
  gateway,
  virtualIps,
  mappings,
  reflection,
}: ReturnType<typeof importGatewayConfig>['draft']): GatewayPolicy {
  const parts = new GatewayPolicyBuilder('device edge', gateway, knownPlatforms);
  for (const { name, intent } of virtualIps) parts.addVirtualIp(`virtual IP ${name}`, intent);
  for (const { name, intent } of mappings) parts.addOneToOneNat(`mapping ${name}`, intent);
  parts.addReflection('reflection', reflection);
  const { policy, problems } = parts.build();
  expect(problems).toEqual([]);
  return policy as GatewayPolicy;
}

/** Whether management sources are blocked for other ports. */
const isOpenAboveBlock = ({ allowRules: { entries, blocked } }: Mapping): boolean =>
  entries.some(
    ({ management, sources }) =>
      management &&
      blocked.some(
        (one) => sources === 'anywhere' || sources.some((source) => intersectRanges(source, one) !== undefined),
      ),
  );

const IPV4 = [FAMILY_RANGE.ip];
const isOfIpv4 = ({ last }: Range): boolean => last <= FAMILY_RANGE.ip.last;

function rangesOf({ peers }: MappingPart): readonly Range[] {
  if (peers.is === 'anywhere') return IPV4;
  return peers.is === 'among' ? peers.ranges : subtractRanges(IPV4, peers.ranges);
}

function opened({ protocol, ports, sources }: AllowRule): PacketSet {
  const source = sources === 'anywhere' ? IPV4 : sources.filter(isOfIpv4);
  return PacketMap.createSet({
    source,
    protocol: [{ first: protocol, last: protocol }],
    ...(ports === 'all' ? {} : { port: ports }),
  });
}

/** The packets that a part accepts, to any destination: at least, and without its blocks. */
interface LetIn {
  readonly least: PacketSet;
  readonly most: PacketSet;
}

function packetsOf(part: MappingPart): LetIn {
  const { entries, blocked } = part.mapping.allowRules;
  const all = (which: boolean): PacketSet =>
    entries
      .filter(({ management }) => management === which)
      .reduce((sum, one) => sum.unite(opened(one)), PacketMap.NONE);
  const peers = PacketMap.createSet({ source: rangesOf(part) });
  const open = all(false).subtract(PacketMap.createSet({ source: blocked.filter(isOfIpv4) }));
  return { least: all(true).unite(open).intersect(peers), most: all(true).unite(all(false)).intersect(peers) };
}

const sidesOf = (
  { external, internal }: Pick<MappingPart, 'external' | 'internal'>,
  { enabled, reflection }: Mapping,
): string =>
  `${printPrefix(external)} = ${printPrefix(internal)}, reflection ${reflection.mode}${enabled ? '' : ', disabled'}`;

/** One line for each part of a mapping, with its peers and allowed packets. */
function linesOf({ mappings, virtualIps, interfaces }: GatewayPolicy): ReadonlyMap<string, LetIn | undefined> {
  // The box has its own names of interfaces.
  const on = (name: string): string =>
    interfaces
      .find((one) => one.name === name)!
      .addresses.map(({ address }) => printAddress(address))
      .join();
  const lines = new Map<string, LetIn | undefined>();
  for (const mapping of mappings) {
    if (!mapping.enabled)
      lines.set(
        `${on(mapping.interface)} ${sidesOf({ external: mapping.external, internal: mapping.internal }, mapping)}`,
        undefined,
      );
    for (const part of splitMapping(mapping)) {
      const peers = rangesOf(part)
        .map(({ first, last }) => `${first}-${last}`)
        .join();
      lines.set(`${on(mapping.interface)} ${sidesOf(part, mapping)}, peers ${peers}`, packetsOf(part));
    }
  }
  // A virtual IP without a mapping stays on the device, and the report says so.
  for (const { interface: name, external, kind, mask } of virtualIps)
    if (mappings.some((one) => printPrefix(one.external) === printPrefix(external)))
      lines.set(`${on(name)} virtual IP ${printPrefix(external)} ${kind}/${mask}`, undefined);
  return lines;
}

it('an intent that is generated for pfSense is imported as the same intent', () => {
  const counts = { tried: 0, written: 0, excluding: 0, blocking: 0 };
  fc.assert(
    fc.property(gateways, (random) => {
      counts.tried += 1;
      const policy = onPfsense(random);
      const text = policy.mappings.length === 0 ? undefined : asEntered(policy);
      const wanted = linesOf(policy);
      // A block below the allow rule that it contradicts can't be kept: its mapping is skipped with this reason.
      if (text === undefined || wanted.size === 0 || policy.mappings.some(isOpenAboveBlock)) return;
      counts.written += 1;
      if (policy.mappings.some(({ exclude }) => exclude.length > 0)) counts.excluding += 1;
      if (policy.mappings.some(({ allowRules }) => allowRules.blocked.length > 0)) counts.blocking += 1;
      const { draft, skipped } = importGatewayConfig(text, { device: 'edge', owner: 'random', globalHelper: true });
      const found = linesOf(policyOf(draft));
      expect({ skipped, found: [...found.keys()].sort() }).toEqual({
        skipped: expect.anything(),
        found: [...wanted.keys()].sort(),
      });
      for (const [line, packets] of wanted) {
        const now = found.get(line)?.least ?? PacketMap.NONE;
        const { least = PacketMap.NONE, most = PacketMap.NONE } = packets ?? {};
        // A block with sources stays on the device as a rule before the allow rules: property.test.ts compares the
        // exposure.
        expect([line, least.subtract(now).isEmpty, now.subtract(most).isEmpty]).toEqual([line, true, true]);
      }
    }),
    { numRuns: 100_000, interruptAfterTimeLimit: RANDOM_SECONDS * 1000, markInterruptAsFailure: false },
  );
  // Each of these happens once in ten tries or so.
  checkShares(counts.tried / 10, () => {
    expect(Math.min(counts.written, counts.excluding, counts.blocking)).toBeGreaterThan(counts.tried / 20);
  });
});
