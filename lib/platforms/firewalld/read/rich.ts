import { XmlElement } from '../../../xml/xml';
import { familyNamed, isAddressOf } from './conditions';

/** A rich rule that firewalld takes. */
export interface Rich {
  readonly family: string | undefined;
  readonly priority: number;
  readonly source: End | undefined;
  readonly destination: End | undefined;
  /** What it is of, if it isn't of everything. */
  readonly is: XmlElement | undefined;
  readonly does: 'accept' | 'drop' | 'nothing';
  readonly isLimited: boolean;
  /** It rejects by a reset, which TCP alone has. */
  readonly isReset: boolean;
}

interface End {
  readonly text: string;
  readonly inverted: boolean;
}

const ELEMENTS = 'service port source-port protocol icmp-block icmp-type masquerade forward-port tcp-mss-clamp'.split(' ');
const ACTIONS = ['accept', 'reject', 'drop', 'mark'];
/** They have no action beside what they are. */
const ALONE: readonly string[] = ['icmp-block', 'masquerade', 'forward-port', 'tcp-mss-clamp'];
const isAlone = (is: XmlElement | undefined): boolean => is !== undefined && ALONE.includes(is.name);
const RESETS = /^tcp-(reset|rst)$/;

/** Undefined for one that firewalld may ignore at its start: then it isn't known what it does. */
export function readRich({ attributes, children }: XmlElement): Rich | undefined {
  const { family, priority: written = '0' } = attributes;
  const [source, ...sources] = children.filter((one) => one.name === 'source');
  const [destination, ...destinations] = children.filter((one) => one.name === 'destination');
  const [is, ...others] = children.filter((one) => ELEMENTS.includes(one.name));
  const [action, ...actions] = children.filter((one) => ACTIONS.includes(one.name));
  if (sources.length + destinations.length + others.length + actions.length > 0) return undefined;
  const priority = Number(written);
  if (!/^-?\d{1,5}$/.test(written) || Math.abs(priority) > 32_767) return undefined;
  if (family !== undefined && !familyNamed(family)) return undefined;
  const [from, to] = [source && endOf(source, family), destination && endOf(destination, family)];
  if ((source && !from) || (destination && !(to && family !== undefined))) return undefined;
  if (isAlone(is) ? action !== undefined : action === undefined) return undefined;
  if (is?.name === 'forward-port' && !forwardsWithin(is, family)) return undefined;
  if (!is && !from && !to && priority === 0) return undefined;
  if (action?.name === 'mark' && children.some((one) => one.name === 'audit')) return undefined;
  const rejects = action?.attributes['type'];
  if (rejects !== undefined && (family === undefined || !isReject(family, rejects))) return undefined;
  return {
    ...{ family, priority, source: from, destination: to, is },
    does: action?.name === 'accept' ? 'accept' : action?.name === 'reject' || action?.name === 'drop' ? 'drop' : 'nothing',
    isLimited: action?.children.some((one) => one.name === 'limit') ?? false,
    isReset: RESETS.test(rejects ?? ''),
  };
}

const forwardsWithin = ({ attributes: { 'to-addr': to } }: XmlElement, family: string | undefined): boolean => {
  const named = familyNamed(family);
  return named !== undefined && (to === undefined || isAddressOf(named, to));
};

function endOf({ attributes }: XmlElement, family: string | undefined): End | undefined {
  const { address, mac, ipset, invert = '' } = attributes;
  const given = [address, mac, ipset].filter((one) => one !== undefined);
  if (given.length !== 1) return undefined;
  const named = familyNamed(family);
  if (address !== undefined && !(named && isAddressOf(named, address))) return undefined;
  return { text: ipset === undefined ? given[0]! : `ipset:${ipset}`, inverted: /^(yes|true)$/i.test(invert) };
}

const V4 =
  'icmp-host-prohibited host-prohib icmp-net-unreachable net-unreach icmp-host-unreachable host-unreach icmp-port-unreachable port-unreach icmp-proto-unreachable proto-unreach icmp-net-prohibited net-prohib tcp-reset tcp-rst icmp-admin-prohibited admin-prohib';
const V6 =
  'icmp6-adm-prohibited adm-prohibited icmp6-no-route no-route icmp6-addr-unreachable addr-unreach icmp6-port-unreachable port-unreach tcp-reset';
const isReject = (family: string, type: string): boolean => (family === 'ipv4' ? V4 : V6).split(' ').includes(type);
