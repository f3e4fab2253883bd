// Parses `cpnat` of a server's intent (cPanel's NAT file), and completes it by the public addresses that the
// gateways' mappings give.

import { CpnatPair, PublicAddressMapping, listPublicPairs } from '../policy/cpnat-pairs';
import { Address, getFamily, printAddress } from '../net/address';
import { subtractNumbers } from '../net/axis-nodes';
import { NumberRange } from '../net/device';
import { ALL_PORTS, PROTOCOL } from '../net/packet';
import { CpnatPolicy, AllowRule } from '../policy/policy';
import { Problem } from '../problems/problem';
import { parseUsableAddress } from './addresses';
import { IntentFields, IntentLocation, parseText } from './fields';
import { cpnatPairSchema, cpnatSchema, passiveFtpSchema } from './intent-schemas';
import { parsePortRangeText } from './ports';
import * as say from './problems/cpnat-problems';

/** The `cpnat` field as parsed. The pairs that mappings give are known only once all mappings are added. */
export interface CpnatDraft extends Pick<CpnatPolicy, 'natMode' | 'serverInUse' | 'myip'> {
  readonly where: string;
  readonly pairs: readonly CpnatPair[] | 'of mappings';
  readonly passiveFtp?: { readonly where: string; readonly address?: Address; readonly ports?: NumberRange };
}

export function parseCpnat(
  value: unknown,
  location: IntentLocation,
  localAddresses: readonly Address[],
): CpnatDraft | undefined {
  const fields = IntentFields.parse(value, location, cpnatSchema, "An object: { natMode: 'on' }");
  if (!fields) return undefined;
  const initialProblemCount = location.problems.length;
  const natMode = fields.parseOptionalChoice('natMode');
  const serverInUse = fields.parseOptionalChoice('serverInUse');
  const isOff = natMode === 'off';
  for (const key of ['pairs', 'passiveFtp'])
    if (isOff && fields.has(key)) location.report(say.describeFieldWithoutNat(location.where, key));
  const pairs = fields.has('pairs') ? parsePairs(fields, localAddresses) : isOff ? [] : 'of mappings';
  const myip = fields.has('myip') ? parsePage(fields.getValue('myip'), fields.getLocation('myip')) : undefined;
  const passiveFtp = fields.has('passiveFtp')
    ? parsePassiveFtp(fields.getValue('passiveFtp'), fields.getLocation('passiveFtp'))
    : undefined;
  if (!natMode || !serverInUse || location.problems.length > initialProblemCount) return undefined;
  return {
    where: location.where,
    natMode,
    serverInUse,
    pairs,
    ...(myip === undefined ? {} : { myip }),
    ...(passiveFtp ? { passiveFtp } : {}),
  };
}

/** Allows no password and no character that has a meaning in a shell or in a file. */
const PAGE_PATTERN = /^https?:\/\/[A-Za-z0-9][A-Za-z0-9.-]*(:\d{1,5})?(\/[\w./-]*)?$/;

function parsePage(value: unknown, location: IntentLocation): string | undefined {
  const text = parseText(value, location, 'The address of a page, as text');
  return text === undefined || PAGE_PATTERN.test(text)
    ? text
    : location.report(say.describeBadPage(location.where, text));
}

function parsePassiveFtp(value: unknown, location: IntentLocation): CpnatDraft['passiveFtp'] {
  const fields = IntentFields.parse(value, location, passiveFtpSchema, "An object: { ports: '50000-50100' }");
  if (!fields) return undefined;
  const address = fields.has('address')
    ? parseUsableAddress(fields.getValue('address'), fields.getLocation('address'))
    : undefined;
  const portsText = fields.has('ports')
    ? parseText(fields.getValue('ports'), fields.getLocation('ports'), 'A range of ports, as text')
    : undefined;
  const ports = portsText === undefined ? undefined : parsePortRangeText(portsText, fields.getLocation('ports'));
  return { where: location.where, ...(address === undefined ? {} : { address }), ...(ports ? { ports } : {}) };
}

function parsePairs(
  fields: IntentFields<typeof cpnatSchema>,
  localAddresses: readonly Address[],
): readonly CpnatPair[] {
  const location = fields.getLocation('pairs');
  const expected = "A list of { local: '10.0.0.10', public: '203.0.113.10' }";
  const adviceIfEmpty = "At least one pair, or natMode: 'off'.";
  const pairs = fields.parseEntries('pairs', expected, adviceIfEmpty, (entry, entryLocation) =>
    parsePair(entry, entryLocation, localAddresses),
  );
  for (const side of ['local', 'public'] as const) {
    const usedAddresses = new Set<Address>();
    pairs.forEach((pair, index) => {
      if (usedAddresses.has(pair[side]))
        location.report(
          say.describeDuplicatePairAddress(location.getChild(index).where, side, printAddress(pair[side])),
        );
      usedAddresses.add(pair[side]);
    });
  }
  return pairs;
}

function parsePair(
  value: unknown,
  location: IntentLocation,
  localAddresses: readonly Address[],
): CpnatPair | undefined {
  const fields = IntentFields.parse(value, location, cpnatPairSchema, "{ local: '10.0.0.10', public: '203.0.113.10' }");
  if (!fields) return undefined;
  const [local, publicAddress] = (['local', 'public'] as const).map((key) => {
    if (!fields.requireField(key, 'an IPv4 address')) return undefined;
    const address = parseUsableAddress(fields.getValue(key), fields.getLocation(key));
    if (address === undefined || getFamily(address) === 'ip') return address;
    return fields
      .getLocation(key)
      .report(say.describeUntranslatedFamily(fields.getLocation(key).where, printAddress(address)));
  });
  if (local === undefined || publicAddress === undefined) return undefined;
  if (localAddresses.includes(local)) return { local, public: publicAddress };
  return fields
    .getLocation('local')
    .report(
      say.describeNonLocalAddress(
        fields.getLocation('local').where,
        printAddress(local),
        localAddresses.filter((localAddress) => getFamily(localAddress) === 'ip').map(printAddress),
      ),
    );
}

/** The inputs of `compileCpnat` besides the draft. */
interface CpnatContext {
  readonly localAddresses: readonly Address[];
  readonly mappings: readonly PublicAddressMapping[];
  /** Allow rules of the profile. */
  readonly allowRules: readonly AllowRule[];
}

/**
 * Compiles the draft with the pairs that the mappings of all gateways give. `policy` is undefined if there are problems.
 */
export function compileCpnat(draft: CpnatDraft, { localAddresses, mappings, allowRules }: CpnatContext): CompiledCpnat {
  const { where, natMode, serverInUse, myip } = draft;
  const pairsByLocal =
    draft.pairs === 'of mappings'
      ? localAddresses.map((local) => listPublicPairs(local, mappings))
      : draft.pairs.map((pair) => [pair]);
  const pairs = pairsByLocal.flatMap((entry) => entry);
  const problems = pairsByLocal
    .filter((candidates) => candidates.length > 1)
    .map((candidates) => {
      const publicAddresses = candidates.map((entry) => printAddress(entry.public));
      return say.describeSeveralPublicAddresses(where, printAddress(candidates[0]!.local), publicAddresses);
    });
  if (pairs.length === 0 && draft.pairs === 'of mappings') problems.push(say.describeMissingMapping(where));
  const address = draft.passiveFtp?.address ?? pairs[0]?.public;
  const passiveFtp = draft.passiveFtp && address !== undefined ? { ...draft.passiveFtp, address } : undefined;
  if (passiveFtp && problems.length === 0) problems.push(...checkPassiveFtp(passiveFtp, pairs, allowRules));
  if (problems.length > 0) return { problems };
  const ftpFields = passiveFtp && {
    address: passiveFtp.address,
    ...(passiveFtp.ports ? { ports: passiveFtp.ports } : {}),
  };
  return {
    policy: {
      natMode,
      pairs,
      serverInUse,
      ...(myip === undefined ? {} : { myip }),
      ...(ftpFields ? { passiveFtp: ftpFields } : {}),
    },
    problems,
  };
}

function checkPassiveFtp(
  { where, address, ports }: NonNullable<CpnatPolicy['passiveFtp']> & { readonly where: string },
  pairs: readonly CpnatPair[],
  allowRules: readonly AllowRule[],
): readonly Problem[] {
  const publicAddresses = pairs.map((pair) => pair.public);
  const openPorts = allowRules.flatMap((rule) =>
    rule.protocol !== PROTOCOL.tcp ? [] : rule.ports === 'all' ? [ALL_PORTS] : rule.ports,
  );
  const [closedRange] = subtractNumbers(ports ? [ports] : [], openPorts);
  return [
    ...(publicAddresses.includes(address)
      ? []
      : [say.describeForeignPassiveAddress(where, printAddress(address), publicAddresses.map(printAddress))]),
    ...(closedRange ? [say.describeClosedPassivePort(where, closedRange.first)] : []),
  ];
}

interface CompiledCpnat {
  readonly policy?: CpnatPolicy;
  readonly problems: readonly Problem[];
}
