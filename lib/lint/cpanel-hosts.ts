import { PROTOCOL } from '../net/packet';
import { Pairs, remembered } from '../net/interned';
import { PacketMap } from '../net/packet-map';
import { Range, compared, firstEnding, joined, point } from '../net/range';
import { Host, hostsOf } from './hosts';
import { viewsFrom } from './owners';
import { byOwner } from './per-owner';
import { Subject, SubjectOwner } from './subject';
import { PANEL_PORTS, Target, looksLikeCpanel, targetsOf } from './targets';

const known = new Pairs<Subject, SubjectOwner, readonly Host[]>();

/** The hosts behind a gateway that are managed as cPanel servers, or offer its panel to somebody. */
export const cpanelHostsOf = (subject: Subject, gateway: SubjectOwner): readonly Host[] =>
  known.of(subject, gateway, () => listed(subject, gateway));

function listed(subject: Subject, gateway: SubjectOwner): readonly Host[] {
  const hosts = hostsOf(subject, gateway);
  const uses = new Map<bigint, number>();
  for (const { outside } of hosts) uses.set(outside.first, (uses.get(outside.first) ?? 0) + 1);
  return hosts.filter((host) => {
    if (host.server?.policy?.kind === 'server') return true;
    const target = at(ofServers(subject), host.outside) ?? at(ofOwner(subject).get(gateway) ?? [], host.outside);
    return (
      target !== undefined &&
      looksLikeCpanel(target) &&
      (uses.get(host.outside.first) === 1 || getsPanel(gateway, host))
    );
  });
}

/** A range of a target that is a host's. */
interface Place {
  readonly range: Range;
  readonly target: Target;
}

const placesOf = (targets: readonly Target[]): readonly Place[] =>
  targets
    .filter(({ isHost }) => isHost)
    .flatMap((target) => joined(target.at).map((range) => ({ range, target })))
    .sort((a, b) => compared(a.range.first, b.range.first));

/** Whom every gateway asks: targets of servers, ours or not. */
const ofServers = remembered((subject: Subject) =>
  placesOf(
    targetsOf(subject).filter(({ owner: { policy, device } }) => policy?.kind === 'server' || !device.forwarding),
  ),
);

const ofOwner = remembered(
  (subject: Subject) => new Map([...byOwner(targetsOf(subject))].map(([owner, its]) => [owner, placesOf(its)])),
);

const PANEL = PacketMap.set({
  protocol: [point(PROTOCOL.tcp)],
  port: PANEL_PORTS.map(point),
});

/** Of several hosts behind one public address, whether the panel is on this one. */
const getsPanel = (gateway: SubjectOwner, { outside, inside }: Host): boolean =>
  viewsFrom(gateway, true).some(({ translations }) => {
    const here = translations.within(PacketMap.set({ destination: [outside] }));
    const panel = [
      ...here.within(PANEL).values.filter(({ port }) => port === 'kept'),
      ...here.values.filter(({ port }) => port !== 'kept' && PANEL_PORTS.includes(port)),
    ];
    return panel.some(({ destination }) =>
      destination.is === 'set'
        ? destination.to === inside.first
        : destination.is === 'moved' && outside.first + destination.by === inside.first,
    );
  });

function at(places: readonly Place[], outside: Range): Target | undefined {
  const found = places[firstEnding(places, outside.first, ({ range }) => range.last)];
  return found && found.range.first <= outside.last ? found.target : undefined;
}
