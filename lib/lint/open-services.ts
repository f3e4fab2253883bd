import { PROTOCOL } from '../net/packet';
import { some } from './addresses';
import { PacketMap } from '../net/packet-map';
import { point } from '../net/range';
import { letInBy } from './makers';
import { perOwner } from './per-owner';
import { Find, Said } from './rule';
import { Target, openToAnybody, targetsOf } from './targets';

const TCP = point(PROTOCOL.tcp);

/** A TCP port and what people call it; behind these whatever else a rule says of it. */
export type Service = readonly [port: number, name: string, ...more: readonly string[]];

/** Where one of these TCP ports is open to anybody. */
export function openToTheInternet<S extends Service>(
  services: readonly S[],
  say: (services: string, at: string, targets: readonly Target[], found: readonly S[]) => Said,
  isMeant: (target: Target) => boolean = () => true,
): Find {
  const open = (target: Target): readonly S[] =>
    isMeant(target) ? services.filter(([port]) => openToAnybody(target, PROTOCOL.tcp, port)) : [];
  return whereSome(open, (found, at, targets) => {
    const some = services.filter((one) => found.includes(one));
    const { what, instead } = say(printServices(some), at, targets, some);
    const packets = PacketMap.set({ protocol: [TCP], port: some.map(([port]) => point(port)) });
    return { what: `${what}${letInBy(targets, packets)}`, instead };
  });
}

/** One finding per owner at whose targets there is some of it. Where nothing is filtered, that is said once, elsewhere. */
export const whereSome =
  <T>(
    of: (target: Target) => readonly T[],
    say: (found: readonly T[], at: string, targets: readonly Target[]) => Said,
  ): Find =>
  (subject) =>
    perOwner(
      targetsOf(subject).filter((target) => !target.nothingFiltered && of(target).length > 0),
      (targets, at) => say(targets.flatMap(of), at, targets),
    );

export const printServices = (services: readonly Service[]): string =>
  some(
    services.map(([port, name]) => `${name} (tcp ${port})`),
    8,
  );
