// The construct OneToOneNat: a mapping between an external and an internal address, both ways.

import { Construct } from 'constructs';
import { OneToOneNatIntent } from '../lib/intent/intent';
import { printPrefix } from '../lib/net/address';
import { Problem } from '../lib/problems/problem';
import { ICpanelFirewallProfile, findProfile } from './cpanel-firewall-profile';
import { ICpanelServer, ServerRecord, findServer } from './cpanel-server';
import { IGateway, GatewayRecord, findGateway } from './gateway-reference';
import { copyProps, readProps, findFreeId, createNotAConstruct, checkSameApp } from './construct-props';
import { VirtualIp, findVirtualIp } from './virtual-ip';

/** Props of every mapping, however its external address is given. */
export interface MappingProps extends Omit<
  OneToOneNatIntent,
  'name' | 'virtualIp' | 'external' | 'internal' | 'profile'
> {
  /** Name in plans and reports. @default the construct's id @example name: 'mail' @throws intent/duplicate */
  readonly name?: string;
  /**
   * Internal address: an IPv4 address, a subnet as large as the external one, a server with one private address, or one
   * address of a server.
   *
   * @example internal: { server: mail1, address: '10.0.0.11' }
   * @throws intent/masks-differ, intent/inside-twice, intent/inside-not-behind, intent/inside-is-gateway,
   * intent/inside-is-outside, intent/ipv6-mapping, intent/link-local, intent/server-address-unset,
   * intent/profile-for-subnet, constructs/server-by-address
   */
  readonly internal:
    | string
    | ICpanelServer
    | {
        /** Server that has several private addresses. @throws intent/unknown-server */
        readonly server: ICpanelServer;
        /** Private address of the server. @throws intent/not-an-address-of-server */
        readonly address: string;
      };
  /**
   * Firewall profile of a host without a CpanelServer. A server has its own.
   *
   * @default nothing is opened
   * @example profile: mail
   * @throws constructs/not-a-construct, intent/exactly-one, intent/profiles-differ
   */
  readonly profile?: ICpanelFirewallProfile;
}

/**
 * Props of a mapping: external address, internal address and peers. The external address is either `virtualIp`, or
 * `gateway` with `external`.
 */
export type OneToOneNatProps = MappingProps &
  (
    | {
        /**
         * Virtual IP, whose addresses are the external ones as a whole.
         *
         * @default `gateway` and `external`
         * @example virtualIp: edge1.addVirtualIp('web-vip', { address: '203.0.113.14' })
         * @throws constructs/no-gateway, constructs/other-gateway
         */
        readonly virtualIp: VirtualIp;
        readonly external?: undefined;
        readonly gateway?: undefined;
      }
    | {
        /**
         * The gateway that translates `external`.
         *
         * @default that of the virtual IP
         * @example gateway: edge1
         * @throws constructs/no-gateway, constructs/not-a-construct
         */
        readonly gateway: IGateway;
        /**
         * External addresses: public addresses that are routed to the gateway, or a part of a virtual IP.
         *
         * @default the virtual IP's addresses
         * @example external: '203.0.113.10'
         * @throws intent/no-virtual-ip, intent/outside-overlap, intent/public-is-own-address, intent/ipv6-mapping,
         * intent/link-local
         */
        readonly external: string;
        readonly virtualIp?: undefined;
      }
  );

/** A mapping as NAT reflections see it. */
export interface MappingRecord {
  readonly name: string;
  /** Undefined if the mapping has no gateway. The mapping's own problem reports that. */
  readonly gateway: GatewayRecord | undefined;
}

const mappings = new WeakMap<object, MappingRecord>();

/** Returns undefined for anything but a OneToOneNat. */
export const findMapping = (value: unknown): MappingRecord | undefined =>
  typeof value === 'object' && value !== null ? mappings.get(value) : undefined;

/**
 * A mapping (1:1 NAT): translates an external to an internal address and back, or two subnets of one size. The gateway
 * opens what the server's profile opens.
 *
 * @example const mapping = new OneToOneNat(stack, 'mail-nat', { virtualIp, internal: '10.0.0.11', description: 'Relay' });
 * @throws constructs/no-props, constructs/id-twice, constructs/other-app
 */
export class OneToOneNat extends Construct {
  /** Makes the type nominal: the compiler accepts no other construct in its place. */
  protected readonly isMapping = true;
  /**
   * External address, or prefix of several. Empty if the props have problems.
   *
   * @example mapping.external === '203.0.113.11'
   */
  readonly external: string = '';
  /**
   * Internal address, or prefix of several. Empty if the props have problems.
   *
   * @example mapping.internal === '10.0.0.11'
   */
  readonly internal: string = '';

  constructor(scope: Construct, id: string, props: OneToOneNatProps) {
    super(scope, findFreeId(scope, id));
    const {
      tree,
      where,
      props: ownProps,
      isEmpty,
    } = readProps<MixedMappingProps>(this, 'OneToOneNat', id, props, ['virtualIp', 'gateway', 'profile']);
    const { virtualIp, gateway, internal, profile, name = id, ...intent } = ownProps;
    const vip = findVirtualIp(virtualIp);
    const gatewayRecord = vip ? vip.gateway : findGateway(gateway);
    mappings.set(this, { name, gateway: gatewayRecord });
    const partProblems = isEmpty ? [] : checkParts(where, ownProps);
    tree.record(...partProblems);
    if (!gatewayRecord || isEmpty || partProblems.some((problem) => problem.where.endsWith(' internal.server'))) return;
    const server = findMappedServer(internal);
    const foreignProblem = server && checkSameApp(this, `${where} internal`, server.construct, server.where);
    if (foreignProblem) {
      tree.record(foreignProblem);
      return;
    }
    if (server) {
      gatewayRecord.parts.addServer(server.where, server.parts);
      if (server.device) gatewayRecord.device.addMappedServer(server.device);
    }
    const draft = gatewayRecord.parts.addOneToOneNat(where, {
      ...intent,
      name,
      ...(vip ? { virtualIp: vip.name } : {}),
      ...(internal === undefined ? {} : { internal: server ? toInternalIntent(server, internal) : internal }),
      ...(profile === undefined ? {} : { profile: findProfile(profile)?.intent }),
    } as OneToOneNatIntent);
    if (draft) [this.external, this.internal] = [printPrefix(draft.external), printPrefix(draft.internal)];
    if (typeof name !== 'string') return;
    const profileRecord = findProfile(profile) ?? (intent.open === undefined ? server?.profile : undefined);
    gatewayRecord.device.recordPlace(`mapping ${name}`, where, profileRecord?.where);
  }
}

/** Both forms of OneToOneNatProps in one, because JavaScript may mix them. */
interface MixedMappingProps extends MappingProps {
  readonly virtualIp?: VirtualIp | undefined;
  readonly gateway?: IGateway | undefined;
  readonly external?: string | undefined;
}

/** Returns the server that an internal address names; undefined if it names none. */
export function findMappedServer(internal: unknown): ServerRecord | undefined {
  if (typeof internal !== 'object' || internal === null) return undefined;
  return findServer(internal) ?? findServer(readServerProperty(internal));
}

/** Reads `server` of a user's object. If a getter throws, there is no server, and the intent reports the problem. */
function readServerProperty(internal: object): unknown {
  try {
    return (internal as { server?: unknown }).server;
  } catch {
    return undefined;
  }
}

function toInternalIntent(server: ServerRecord, internal: unknown): object {
  if (findServer(internal)) return { server: server.construct.deviceName };
  const copied = copyProps(internal as object);
  // The intent can't read an object that can't be copied, and reports it.
  return copied ? { ...copied, server: server.construct.deviceName } : (internal as object);
}

/** Checks the fields whose values are constructs of this package. */
function checkParts(
  location: string,
  { virtualIp, gateway, profile, internal }: Partial<MixedMappingProps>,
): readonly Problem[] {
  const problems: Problem[] = [];
  const vip = findVirtualIp(virtualIp);
  if (virtualIp === undefined && gateway === undefined) problems.push(createNoGatewayProblem(location));
  if (virtualIp !== undefined && !vip)
    problems.push(createNotAConstruct(location, 'virtualIp', 'VirtualIp', virtualIp));
  if (gateway !== undefined && !findGateway(gateway))
    problems.push(createNotAConstruct(location, 'gateway', 'Gateway', gateway));
  if (profile !== undefined && !findProfile(profile))
    problems.push(createNotAConstruct(location, 'profile', 'CpanelFirewallProfile', profile));
  const namedServer = typeof internal === 'object' && internal !== null ? readServerProperty(internal) : undefined;
  if (namedServer !== undefined && !findServer(namedServer))
    problems.push(createNotAConstruct(location, 'internal.server', 'CpanelServer', namedServer));
  if (vip?.gateway && findGateway(gateway) && findGateway(gateway) !== vip.gateway)
    problems.push(createOtherGatewayProblem(location));
  return problems;
}

const createNoGatewayProblem = (where: string): Problem => ({
  code: 'constructs/no-gateway',
  where,
  what: 'It names neither a virtual IP nor a gateway, so nothing could translate it.',
  instead: 'virtualIp; or gateway and external, for public addresses that are routed to the gateway.',
});

const createOtherGatewayProblem = (where: string): Problem => ({
  code: 'constructs/other-gateway',
  where,
  what: 'The gateway is another than that of the virtual IP.',
  instead: 'virtualIp alone: its gateway translates it.',
});
