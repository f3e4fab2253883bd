import { PROTOCOL } from '../net/packet';
import { some } from './addresses';
import { perOwner } from './places';
import { Finding } from './rule';
import { Subject } from './subject';
import { Target, isEverythingOpen, openToAnybody, targetsOf } from './targets';

/** A TCP port and what people call it. */
export type Service = readonly [port: number, name: string];

/** Where one of these TCP ports is open to anybody: one finding per owner. Where nothing is filtered, that is said once, elsewhere. */
export function openToTheInternet(
  subject: Subject,
  services: readonly Service[],
  say: (services: string, at: string) => { readonly what: string; readonly instead: string },
  isMeant: (target: Target) => boolean = () => true,
): readonly Finding[] {
  const open = (target: Target): readonly Service[] => services.filter(([port]) => openToAnybody(target, PROTOCOL.tcp, port));
  const found = targetsOf(subject).filter((target) => !isEverythingOpen(target) && isMeant(target) && open(target).length > 0);
  return perOwner(found, (targets, at) =>
    say(printServices(services.filter((one) => targets.some((target) => open(target).includes(one)))), at),
  );
}

export const printServices = (services: readonly Service[]): string =>
  some(
    services.map(([port, name]) => `${name} (tcp ${port})`),
    8,
  );
