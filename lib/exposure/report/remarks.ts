import { NatFiles } from '../../cpnat/files';
import { Exposure, UNTRANSLATED, View } from '../../reachability/exposure';
import { cutTo } from '../../reachability/print';
import { Filter, Keeper, SubjectOwner, isAskedOfOthers, isAskedWithFiles, lint, lintRules } from '../../lint/lint';
import { FAMILIES, familyOf } from '../../net/address';
import { Device, localTo } from '../../net/device';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { ForeignReading, TO_LOOPBACK } from '../facts/read';
import { DeviceReport } from './report';
import { STAND_INS, standInAddresses } from '../facts/suppositions';

/** Rules that an exposure is enough for, and that are asked of rules that another wrote. */
const BY_TEXT = new Set(
  lintRules.filter(({ code, decidedBy }) => decidedBy === 'text' && isAskedOfOthers(code)).map(({ code }) => code),
);

/** A rule of what a device forwards, whoever its hosts are. */
const OF_FORWARDING = 'nat/default-accept-forward';

/** Rules that count the ports that are closed: one that is led to another host, or to another port, is not. */
const OF_WHAT_IS_SENT = new Set(['ports/everything-open', 'ports/ipv6-wider']);

const UNTOUCHED = PacketMap.everywhere(UNTRANSLATED);

/** Rules that files of cPanel are enough for. */
const BY_NAT_FILES = new Set(
  lintRules
    .filter(({ code, decidedBy }) => decidedBy === 'facts' && /^(cpnat\/|ports\/ftp-passive-mismatch$)/.test(code))
    .map(({ code }) => code),
);

/** What of a server's exposure rarely should be, and what cPanel takes for something else than it looks like. */
export function remarksOn(name: string, reading: ForeignReading, natFiles: NatFiles = {}): DeviceReport['remarks'] {
  const { device, anonymous, parts, behind, keepers, filters, madeBy } = reading;
  const host = parts.find(({ about }) => about === 'host');
  if (!host) return [];
  // Where its addresses of a family weren't told, one stands for them.
  const known = PacketMap.first(
    FAMILIES.filter((family) => !anonymous?.families.includes(family)).map((family) => PacketMap.set({ family })),
  );
  const scope = PacketMap.first([PacketMap.set({ destination: STAND_INS }), known]);
  const scoped = ({ views }: Exposure): Exposure => ({
    views: anonymous ? views.map((view) => cutTo(view, scope)) : views,
  });
  const keeping = keepers.flatMap(({ program, called, isAsked, exposure }): readonly Keeper[] =>
    program.keepsOut
      ? [{ name: program.name, keepsOut: program.keepsOut, at: called, isAsked, exposure: scoped(exposure) }]
      : [],
  );
  const lists = filters.map(({ called, programs, exposure }): Filter => ({
    at: called.join(),
    programs,
    exposure: scoped(exposure),
  }));
  // What another's rule has to let in as well, nobody opens alone.
  const letInBy: SubjectOwner['letInBy'] = (vantage, packet) => {
    const rules = host.explain(vantage, packet)?.settledBy.filter(({ words }) => words === undefined) ?? [];
    const makers = new Set(rules.map(({ line }) => (line === undefined ? undefined : madeBy(line))));
    return makers.size === 1 ? [...makers][0] : undefined;
  };
  const standIns = standInAddresses.filter(({ address }) => anonymous?.families.includes(familyOf(address)));
  const [first, ...others] = device.interfaces;
  const subject: Device =
    anonymous && first
      ? {
          ...device,
          forwarding: false,
          interfaces: [{ ...first, addresses: [...first.addresses, ...standIns] }, ...others],
        }
      : { ...device, forwarding: false };
  // What it leads to others is theirs: a gateway's text of which nobody knows the hosts behind.
  const leading = parts
    .filter(({ about }) => about === 'host' || about === 'through')
    .map(({ about, exposure }): SubjectOwner => ({
      name,
      device: { ...subject, forwarding: true },
      exposure: {
        views: exposure.views.map((view) => {
          const led = ledElsewhere(view, subject).apartFrom(TO_LOOPBACK);
          return cutTo(view, about === 'host' ? led : led.within(known));
        }),
      },
    }));
  // As in its first line.
  const forwarding: readonly SubjectOwner[] =
    behind.addresses.length === 0
      ? []
      : [{ name, device: { ...subject, forwarding: true }, exposure: behind.exposure, behind: behind.addresses }];
  const own: SubjectOwner = {
    name,
    device: subject,
    exposure: scoped(host.exposure),
    keepers: keeping,
    filters: lists,
    letInBy,
    facts: factsBy(natFiles),
  };
  const asSent: SubjectOwner = {
    ...own,
    exposure: {
      views: own.exposure.views.map(({ vantage, verdicts }) => ({ vantage, verdicts, translations: UNTOUCHED })),
    },
  };
  const through = parts.find(({ about }) => about === 'through');
  const gateway: readonly SubjectOwner[] = through
    ? [{ name, device: { ...device, forwarding: true }, exposure: through.exposure }]
    : [];
  return [
    ...judged(gateway, reading.mayForward ? ' Nothing says whether it forwards.' : '').filter(
      ({ code }) => code === OF_FORWARDING,
    ),
    ...judged([own], '').filter(({ code }) => !OF_WHAT_IS_SENT.has(code)),
    ...judged([asSent], '').filter(({ code }) => OF_WHAT_IS_SENT.has(code)),
    ...judged(leading, ' It is led to another host.').filter(({ code }) => code !== OF_FORWARDING),
    ...judged(forwarding, ' It is behind this one, and routed.').filter(({ code }) => code !== OF_FORWARDING),
  ].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
}

const ORDER: readonly DeviceReport['remarks'][number]['severity'][] = ['error', 'warning', 'note'];

function factsBy({ cpnat, myip, passiveFtp }: NatFiles): NonNullable<SubjectOwner['facts']> {
  return {
    ...(cpnat === undefined || cpnat === 'unknown' ? {} : { cpnat }),
    ...(myip === undefined ? {} : { myip }),
    ...(passiveFtp ? { passiveFtp } : {}),
  };
}

const isAsked = (code: string, { facts }: SubjectOwner): boolean =>
  BY_TEXT.has(code) || BY_NAT_FILES.has(code) || (facts?.passiveFtp !== undefined && isAskedWithFiles(code));

const judged = (owners: readonly SubjectOwner[], besides: string): DeviceReport['remarks'] =>
  lint({ owners, reached: [] })
    .filter(({ code }) => owners.some((owner) => isAsked(code, owner)))
    .map(({ code, severity, where, what, instead }) => ({
      code,
      severity,
      where: named(where),
      what: `${named(what)}${besides}`,
      instead: named(instead),
    }));

const named = (text: string): string =>
  text.replace(/\b192\.0\.0\.8\b|\b100::8\b/g, 'this server').replace(/this server, this server/g, 'this server');

/** What of a view ends at another host's address. */
function ledElsewhere({ translations }: View, device: Device): PacketSet {
  const own = new Set<bigint>(localTo(device));
  return translations
    .mapAlong('destination', ({ destination }, { first, last }) =>
      destination.is === 'set'
        ? !own.has(destination.to)
        : destination.is === 'moved' && !(first === last && own.has(first + destination.by)),
    )
    .where((isElsewhere) => isElsewhere);
}
