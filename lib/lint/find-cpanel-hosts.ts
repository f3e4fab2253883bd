// Finds the cPanel servers behind a gateway's translations, for lint rules on NAT and licences.

import { PROTOCOL } from '../net/packet';
import { PairInternTable, memoize } from '../net/intern-tables';
import { PacketMap } from '../net/packet-map';
import { Range, compareValues, findFirstEnding, mergeRanges, toSingleRange } from '../net/range';
import { TranslatedHost, getHosts } from './translated-hosts';
import { selectViews } from './owners';
import { groupByOwner } from './owner-findings';
import { LintSubject, SubjectOwner } from './lint-subject';
import { PANEL_PORTS, LintTarget, isLikelyCpanel, getTargets } from './lint-targets';

const hostsByGateway = new PairInternTable<LintSubject, SubjectOwner, readonly TranslatedHost[]>();

/** Returns the hosts behind a gateway that are managed as cPanel servers, or that offer its panel to some source. */
export const getCpanelHosts = (subject: LintSubject, gateway: SubjectOwner): readonly TranslatedHost[] =>
  hostsByGateway.getOrCreate(subject, gateway, () => listCpanelHosts(subject, gateway));

function listCpanelHosts(subject: LintSubject, gateway: SubjectOwner): readonly TranslatedHost[] {
  const hosts = getHosts(subject, gateway);
  const useCounts = new Map<bigint, number>();
  for (const { external } of hosts) useCounts.set(external.first, (useCounts.get(external.first) ?? 0) + 1);
  return hosts.filter((host) => {
    if (host.server?.policy?.kind === 'server') return true;
    const target =
      findTarget(getServerRanges(subject), host.external) ??
      findTarget(getRangesByOwner(subject).get(gateway) ?? [], host.external);
    return (
      target !== undefined &&
      isLikelyCpanel(target) &&
      (useCounts.get(host.external.first) === 1 || receivesPanel(gateway, host))
    );
  });
}

/** A range of a target that is a host. */
interface TargetRange {
  readonly range: Range;
  readonly target: LintTarget;
}

const listTargetRanges = (targets: readonly LintTarget[]): readonly TargetRange[] =>
  targets
    .filter(({ isHost }) => isHost)
    .flatMap((target) => mergeRanges(target.addresses).map((range) => ({ range, target })))
    .sort((a, b) => compareValues(a.range.first, b.range.first));

/** Returns the ranges of servers, managed or not. They are looked up for every gateway. */
const getServerRanges = memoize((subject: LintSubject) =>
  listTargetRanges(
    getTargets(subject).filter(({ owner: { policy, device } }) => policy?.kind === 'server' || !device.forwarding),
  ),
);

const getRangesByOwner = memoize(
  (subject: LintSubject) =>
    new Map([...groupByOwner(getTargets(subject))].map(([owner, targets]) => [owner, listTargetRanges(targets)])),
);

const PANEL_PACKETS = PacketMap.createSet({
  protocol: [toSingleRange(PROTOCOL.tcp)],
  port: PANEL_PORTS.map(toSingleRange),
});

/** Returns whether the panel is on this host, if several hosts are behind one public address. */
const receivesPanel = (gateway: SubjectOwner, { external, internal }: TranslatedHost): boolean =>
  selectViews(gateway, true).some(({ translations }) => {
    const translated = translations.intersect(PacketMap.createSet({ destination: [external] }));
    const panel = [
      ...translated.intersect(PANEL_PACKETS).values.filter(({ port }) => port === 'kept'),
      ...translated.values.filter(({ port }) => port !== 'kept' && PANEL_PORTS.includes(port)),
    ];
    return panel.some(({ destination }) =>
      destination.is === 'set'
        ? destination.to === internal.first
        : destination.is === 'moved' && external.first + destination.distance === internal.first,
    );
  });

function findTarget(targetRanges: readonly TargetRange[], external: Range): LintTarget | undefined {
  const targetRange = targetRanges[findFirstEnding(targetRanges, external.first, ({ range }) => range.last)];
  return targetRange && targetRange.range.first <= external.last ? targetRange.target : undefined;
}
