// Returns lint's findings on an unmanaged config as the remarks of its exposure report: what a server should rarely
// expose, and findings on the NAT files of cPanel beside it.
import { ParsedNatFiles } from '../../cpnat/nat-files';
import { Reachability, UNTRANSLATED, ReachabilityView } from '../../reachability/reachability';
import { limitView } from '../../reachability/print-reachability';
import {
  InputFilter,
  BlockingProgram,
  SubjectOwner,
  isAskedOfUnmanaged,
  isAskedWithFiles,
  lint,
  lintRules,
} from '../../lint/lint';
import { FAMILIES, getFamily } from '../../net/address';
import { Device, getLocalAddresses } from '../../net/device';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { UnmanagedEvaluation, LOOPBACK_PACKETS } from '../facts/evaluate-unmanaged';
import { DeviceReport } from './exposure-report-types';
import { PLACEHOLDER_RANGES, PLACEHOLDER_ADDRESSES } from '../facts/assumed-devices';
import { nameLeasedAddresses } from '../facts/leased-addresses';

/** Codes of rules for which an exposure is enough, and that are asked of unmanaged config. */
const TEXT_RULE_CODES = new Set(
  lintRules.filter(({ code, decidedBy }) => decidedBy === 'text' && isAskedOfUnmanaged(code)).map(({ code }) => code),
);

/** The rule on what a device forwards, whatever its hosts are. */
const FORWARDING_RULE = 'nat/default-accept-forward';

/** Rules that count closed ports. A port that is translated to another host, or to another port, is not closed. */
const UNTRANSLATED_RULES = new Set(['ports/everything-open', 'ports/ipv6-wider']);

const NO_TRANSLATIONS = PacketMap.createConstant(UNTRANSLATED);

/** Codes of rules for which files of cPanel are enough. */
const NAT_FILE_RULE_CODES = new Set(
  lintRules
    .filter(({ code, decidedBy }) => decidedBy === 'facts' && /^(cpnat\/|ports\/ftp-passive-mismatch$)/.test(code))
    .map(({ code }) => code),
);

/**
 * Returns remarks on what a server should rarely expose, and on what cPanel takes for something else than it looks
 * like.
 */
export function createRemarks(
  name: string,
  evaluation: UnmanagedEvaluation,
  natFiles: ParsedNatFiles = {},
): DeviceReport['findings'] {
  const { device, unknownAddresses, parts, routedAddresses, banLists, filters, findProgram } = evaluation;
  const host = parts.find(({ scope: about }) => about === 'host');
  if (!host) return [];
  // For a family without known addresses, a placeholder stands for them.
  const knownFamilies = PacketMap.mergeFirst(
    FAMILIES.filter((family) => !unknownAddresses?.families.includes(family)).map((family) =>
      PacketMap.createSet({ family }),
    ),
  );
  const scope = PacketMap.mergeFirst([PacketMap.createSet({ destination: PLACEHOLDER_RANGES }), knownFamilies]);
  const limitToScope = ({ views }: Reachability): Reachability => ({
    views: unknownAddresses ? views.map((view) => limitView(view, scope)) : views,
  });
  const blockingPrograms = banLists.flatMap(
    ({ program, chainLabels, isReferenced, reachability }): readonly BlockingProgram[] =>
      program.blocks
        ? [
            {
              name: program.name,
              blocks: program.blocks,
              places: chainLabels,
              isReferenced,
              reachability: limitToScope(reachability),
            },
          ]
        : [],
  );
  const inputFilters = filters.map(({ chainLabels, programs, reachability }): InputFilter => ({
    place: chainLabels.join(),
    programs,
    reachability: limitToScope(reachability),
  }));
  // A packet that rules of several programs must let in is opened by none of them alone.
  const findAllowingProgram: SubjectOwner['letInBy'] = (startLocation, packet) => {
    const rules =
      host.explain(startLocation, packet)?.decisionSources.filter(({ description }) => description === undefined) ?? [];
    const programs = new Set(rules.map(({ line }) => (line === undefined ? undefined : findProgram(line))));
    return programs.size === 1 ? [...programs][0] : undefined;
  };
  const placeholders = PLACEHOLDER_ADDRESSES.filter(({ address }) =>
    unknownAddresses?.families.includes(getFamily(address)),
  );
  const [first, ...otherInterfaces] = device.interfaces;
  const subject: Device =
    unknownAddresses && first
      ? {
          ...device,
          forwarding: false,
          interfaces: [{ ...first, addresses: [...first.addresses, ...placeholders] }, ...otherInterfaces],
        }
      : { ...device, forwarding: false };
  // Translated packets belong to other hosts. The text of a gateway doesn't tell which hosts are behind it.
  const forwardedOwners = parts
    .filter(({ scope: about }) => about === 'host' || about === 'through')
    .map(({ scope: about, reachability }): SubjectOwner => ({
      name,
      device: { ...subject, forwarding: true },
      reachability: {
        views: reachability.views.map((view) => {
          const forwarded = selectTranslatedElsewhere(view, subject).subtract(LOOPBACK_PACKETS);
          return limitView(view, about === 'host' ? forwarded : forwarded.intersect(knownFamilies));
        }),
      },
    }));
  // The headline reports the same addresses.
  const routedOwners: readonly SubjectOwner[] =
    routedAddresses.addresses.length === 0
      ? []
      : [
          {
            name,
            device: { ...subject, forwarding: true },
            reachability: routedAddresses.reachability,
            publicRangesBehind: routedAddresses.addresses,
          },
        ];
  const server: SubjectOwner = {
    name,
    device: subject,
    reachability: limitToScope(host.reachability),
    blockingPrograms,
    filters: inputFilters,
    letInBy: findAllowingProgram,
    facts: toServerFacts(natFiles),
  };
  const untranslatedServer: SubjectOwner = {
    ...server,
    reachability: {
      views: server.reachability.views.map(({ startLocation, dispositions }) => ({
        startLocation,
        dispositions,
        translations: NO_TRANSLATIONS,
      })),
    },
  };
  const throughPart = parts.find(({ scope: about }) => about === 'through');
  const gateway: readonly SubjectOwner[] = throughPart
    ? [{ name, device: { ...device, forwarding: true }, reachability: throughPart.reachability }]
    : [];
  return [
    ...lintOwners(gateway, evaluation.mayForward ? ' Nothing says whether it forwards.' : '').filter(
      ({ code }) => code === FORWARDING_RULE,
    ),
    ...lintOwners([server], '').filter(({ code }) => !UNTRANSLATED_RULES.has(code)),
    ...lintOwners([untranslatedServer], '').filter(({ code }) => UNTRANSLATED_RULES.has(code)),
    ...lintOwners(forwardedOwners, ' It is translated to another host.').filter(({ code }) => code !== FORWARDING_RULE),
    ...lintOwners(routedOwners, ' It is behind this one, and routed.').filter(({ code }) => code !== FORWARDING_RULE),
  ]
    .map(({ where, what, instead, ...finding }) => ({
      ...finding,
      where: nameLeasedAddresses(where, device),
      what: nameLeasedAddresses(what, device),
      instead: nameLeasedAddresses(instead, device),
    }))
    .sort((a, b) => SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity));
}

const SEVERITY_ORDER: readonly DeviceReport['findings'][number]['severity'][] = ['error', 'warning', 'note'];

function toServerFacts({ cpnat, myip, passiveFtp }: ParsedNatFiles): NonNullable<SubjectOwner['facts']> {
  return {
    ...(cpnat === undefined || cpnat === 'unknown' ? {} : { cpnat }),
    ...(myip === undefined ? {} : { myip }),
    ...(passiveFtp ? { passiveFtp } : {}),
  };
}

const isRuleAsked = (code: string, { facts }: SubjectOwner): boolean =>
  TEXT_RULE_CODES.has(code) ||
  NAT_FILE_RULE_CODES.has(code) ||
  (facts?.passiveFtp !== undefined && isAskedWithFiles(code));

const lintOwners = (owners: readonly SubjectOwner[], suffix: string): DeviceReport['findings'] =>
  lint({ owners, composedGateways: [] })
    .filter(({ code }) => owners.some((owner) => isRuleAsked(code, owner)))
    .map(({ code, severity, where, what, instead }) => ({
      code,
      severity,
      where: replacePlaceholders(where),
      what: `${replacePlaceholders(what)}${suffix}`,
      instead: replacePlaceholders(instead),
    }));

const replacePlaceholders = (text: string): string =>
  text.replace(/\b192\.0\.0\.8\b|\b100::8\b/g, 'this server').replace(/this server, this server/g, 'this server');

/** Returns the packets of a view that end at another host's address. */
function selectTranslatedElsewhere({ translations }: ReachabilityView, device: Device): PacketSet {
  const localAddresses = new Set<bigint>(getLocalAddresses(device));
  return translations
    .mapAlong('destination', ({ destination }, { first, last }) =>
      destination.is === 'set'
        ? !localAddresses.has(destination.to)
        : destination.is === 'moved' && !(first === last && localAddresses.has(first + destination.distance)),
    )
    .select((isElsewhere) => isElsewhere);
}
