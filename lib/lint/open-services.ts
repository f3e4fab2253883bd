// Creates finders for lint rules on services that are open to the internet: one finding per owner, with the open ports.

import { PROTOCOL } from '../net/packet';
import { printList } from './addresses';
import { PacketMap } from '../net/packet-map';
import { toSingleRange } from '../net/range';
import { describeAllowingPrograms } from './allowing-programs';
import { listOwnerFindings } from './owner-findings';
import { LintFinder, FindingText } from './lint-rule';
import { LintTarget, isOpenToInternet, getTargets } from './lint-targets';

const TCP_PROTOCOL = toSingleRange(PROTOCOL.tcp);

/** A TCP port and the name that people use. Further words of a rule stand behind these. */
export type NamedTcpPort = readonly [port: number, name: string, ...more: readonly string[]];

/** Creates a finder for targets at which the internet reaches one of these TCP ports. */
export function createOpenServiceFinder<S extends NamedTcpPort>(
  services: readonly S[],
  describe: (
    services: string,
    addressText: string,
    targets: readonly LintTarget[],
    openAtTargets: readonly S[],
  ) => FindingText,
  applies: (target: LintTarget) => boolean = () => true,
): LintFinder {
  const findOpen = (target: LintTarget): readonly S[] =>
    applies(target) ? services.filter(([port]) => isOpenToInternet(target, PROTOCOL.tcp, port)) : [];
  return createTargetFinder(findOpen, (openAtTargets, addressText, targets) => {
    const openServices = services.filter((service) => openAtTargets.includes(service));
    const { what, instead } = describe(printServices(openServices), addressText, targets, openServices);
    const packets = PacketMap.createSet({
      protocol: [TCP_PROTOCOL],
      port: openServices.map(([port]) => toSingleRange(port)),
    });
    return { what: `${what}${describeAllowingPrograms(targets, packets)}`, instead };
  });
}

/**
 * Creates a finder with one finding per owner with matches at its targets. If nothing is filtered, another rule reports
 * that once.
 */
export const createTargetFinder =
  <T>(
    find: (target: LintTarget) => readonly T[],
    describe: (matches: readonly T[], addressText: string, targets: readonly LintTarget[]) => FindingText,
  ): LintFinder =>
  (subject) =>
    listOwnerFindings(
      getTargets(subject).filter((target) => !target.isUnfiltered && find(target).length > 0),
      (targets, addressText) => describe(targets.flatMap(find), addressText, targets),
    );

export const printServices = (services: readonly NamedTcpPort[]): string =>
  printList(
    services.map(([port, name]) => `${name} (tcp ${port})`),
    8,
  );
