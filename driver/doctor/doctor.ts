import { Policy } from '../../lib/policy/policy';
import { Problem, printable } from '../../lib/problems/problem';
import { Case, Part, Unmapped } from './case';
import { HAIRPIN, OUTBOUND, hairpinStep, heardBack, knownStep, outboundStep } from './server-steps';
import { GATEWAY_RULES, ROUTE, TRANSLATED, VIRTUAL_IP, gatewayRules, routeStep, virtualIpStep } from './gateway';
import { intended, unmapped } from './intent';
import { Device, Seen, wasSeen } from './look';
import { LISTENS, SERVER_RULES, WAY_BACK, listenStep, serverRules, wayBack } from './server';
import { Cause, Step, mostLikely, notAsked, right, unknown, wrong } from './step';
import { At, at } from './words';
import { Look } from '../look';
import { Project } from '../project';
import { assumedFacts, proveLive } from '../prove';
import { Holder } from '../synthesized';
import { Verified, VerifiedOwner, verified } from '../verify';

/** What a walk through the troubleshooting list found, in its order. */
export interface Diagnosis {
  readonly steps: readonly Step[];
  /** The most likely cause; undefined where nothing is wrong, or nothing could be decided. */
  readonly cause?: Cause;
  readonly found: 'nothing wrong' | 'a cause' | 'not asked' | 'not decidable';
  /** Why a device could not be asked. */
  readonly problems: readonly Problem[];
}

export interface Walked {
  readonly gateway: Device;
  /** Undefined where no stack has the server. */
  readonly server: Device | undefined;
  readonly projectAt: (holder: Holder) => Project;
  /** What is to be said of all that a device holds. */
  readonly verifiedOn: (holder: Holder, seen: Look) => Verified;
}

/** `holders`: all that the stacks say of devices. Many addresses may lead by one device, of which the same is said each time. */
export function judging(
  holders: readonly Holder[],
  projectAt: Walked['projectAt'],
): Pick<Walked, 'projectAt' | 'verifiedOn'> {
  const known = new WeakMap<Look, Map<string, Verified>>();
  return {
    projectAt,
    verifiedOn: (holder, seen) => {
      const { device } = holder;
      const of = known.get(seen) ?? new Map<string, Verified>();
      const all = holders.filter((one) => one.device === device);
      const found =
        of.get(device) ?? verified(seen, device, { holders: all }, (each) => projectAt(each ?? holder), JUDGES);
      known.set(seen, of.set(device, found));
      return found;
    },
  };
}

export const diagnoseUnmapped = (one: Unmapped, project: Project): Diagnosis => ended([unmapped(one, project)], []);

/** The list's order is the packet's: intent, gateway, server, and back. */
export function diagnose(one: Case, { gateway, server, projectAt, verifiedOn }: Walked): Diagnosis {
  const project = projectAt(one.gateway.holder);
  const steps: Step[] = [intended(one, project)];
  const problems: Problem[] = [];
  const refused = (device: Device | undefined): void =>
    void (device && 'refusal' in device && problems.push(...device.refusal.problems));
  refused(gateway);
  refused(server);
  const words = (part: Part<Policy>, seen: Seen): readonly [At, Step] => {
    const { holder } = part;
    const found = verifiedOn(holder, seen.look);
    const own = found.owners.find(({ owner, role }) => owner === holder.owner && role === holder.role);
    return [at(part, projectAt(holder), seen, own), releaseStep(holder, found, own, projectAt(holder))];
  };
  const notThere = `${one.gateway.holder.device} could not be asked`;
  const edge = wasSeen(gateway) ? { seen: gateway, said: words(one.gateway, gateway) } : undefined;
  let arriving: Parameters<typeof serverRules>[3];
  if (edge) {
    const [here, release] = edge.said;
    const [translated, passes, decided] = gatewayRules(one, edge.seen, here);
    arriving = decided;
    steps.push(release, virtualIpStep(one, edge.seen, here), routeStep(one, edge.seen, here), translated, passes);
  } else {
    const release = releaseName(one.gateway.holder.device);
    steps.push(...[release, VIRTUAL_IP, ROUTE, TRANSLATED, GATEWAY_RULES].map((step) => notAsked(step, notThere)));
  }
  const web =
    one.server && wasSeen(server) ? { part: one.server, seen: server, said: words(one.server, server) } : undefined;
  if (web) {
    const [here, release] = web.said;
    steps.push(
      release,
      serverRules(one, web.part, web.seen, arriving, here),
      listenStep(one, web.part, web.seen, here),
    );
    steps.push(wayBack(one, web.part, web.seen, arriving, here));
  } else {
    const why = one.server ? `${one.server.holder.device} could not be asked` : 'no synthesized stack has this server';
    const name = one.server?.holder.device ?? 'the server';
    steps.push(...[releaseName(name), SERVER_RULES, LISTENS, WAY_BACK].map((step) => notAsked(step, why)));
  }
  const behind = web ? { part: web.part, seen: web.seen, at: web.said[0] } : undefined;
  const leadsBack = edge ? hairpinStep(one, edge.seen, behind, edge.said[0]) : notAsked(HAIRPIN, notThere);
  steps.push(heardBack(leadsBack, one, behind, one.gateway.holder.device));
  steps.push(edge ? outboundStep(one, edge.seen, edge.said[0]) : notAsked(OUTBOUND, notThere));
  if (web) steps.push(...knownStep(one, web.seen, web.said[0]));
  return ended(steps, problems);
}

const JUDGES = { assumed: assumedFacts, prove: proveLive };
const releaseName = (device: string): string => `${device} runs its release`;

/** What a device holds is a text that can't be read, or too much of it: whether it is the release nobody knows. */
const NOT_READ = /^[a-z-]+\/[a-z-]+ at /;

/** Whatever differs may be why; what is surely why is said by the steps after it. */
function releaseStep(holder: Holder, found: Verified, own: VerifiedOwner | undefined, project: Project): Step {
  const name = releaseName(holder.device);
  if (own?.same) return right(name, `release ${holder.release?.digest.slice(0, 12) ?? ''} as delivered`, ...own.notes);
  const differs = own?.differs ?? found.lines;
  if (differs.length > 0 && differs.every((line) => NOT_READ.test(line)))
    return unknown(name, ...differs.map(printable));
  const first = (differs[0] ?? 'it differs').replace(/\.$/, '');
  const gone = /our rules are absent|holds nothing of this owner/.test(first);
  const seen = differs.length > 6 ? [...differs.slice(0, 6), `and ${differs.length - 6} more`] : differs;
  return wrong(
    name,
    seen.map(printable),
    gone
      ? `${holder.device} runs none of our rules: ${first}.`
      : `${holder.device} does not run what the stack says: ${first}.`,
    `in ${project.folder}: ${own?.next ?? project.apply}`,
    gone ? 'decides' : 'differs',
  );
}

function ended(steps: readonly Step[], problems: readonly Problem[]): Diagnosis {
  const cause = mostLikely(steps);
  const sure = cause !== undefined && cause.weight !== 'perhaps';
  const found = sure
    ? 'a cause'
    : problems.length > 0 || steps.some(({ is }) => is === 'not asked')
      ? 'not asked'
      : steps.some(({ is }) => is === 'unknown')
        ? 'not decidable'
        : 'nothing wrong';
  return { steps, found, problems, ...(cause ? { cause } : {}) };
}

/** Exit statuses, for scripts. */
export const STATUS: Readonly<Record<Diagnosis['found'], number>> = {
  'nothing wrong': 0,
  'a cause': 1,
  'not asked': 2,
  'not decidable': 3,
};
