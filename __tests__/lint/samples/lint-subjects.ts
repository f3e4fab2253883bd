// Builds subjects of lint as `review` and `exposure` do: from policies and intents, which are verified, from unmanaged
// texts, and from all rules of a device. Also reads sample texts of nftables.

import { readFileSync } from 'node:fs';
import { computeEndToEnd } from '../../../lib/reachability/end-to-end';
import { LintSubject, SubjectOwner } from '../../../lib/lint/lint-subject';
import { Device } from '../../../lib/net/device';
import { configFormat as nftables } from '../../../lib/platforms/nftables/parse/config-format';
import { parser } from '../../../lib/platforms/nftables/parse/parser';
import { Policy } from '../../../lib/policy/policy';
import { verifyPolicy } from '../../../lib/verifier/verify-policy';
import { Wish, compiled } from '../../support';

/** Several owners as a review has them: gateways composed with all servers. */
export function subjectOf(...owners: readonly SubjectOwner[]): LintSubject {
  const isGateway = ({ policy, device }: SubjectOwner): boolean =>
    policy ? policy.kind === 'gateway' : device.forwarding;
  const servers = owners.filter((owner) => !isGateway(owner));
  return {
    owners,
    composedGateways: owners
      .filter(isGateway)
      .map((gateway) => ({ gateway, endToEndViews: computeEndToEnd(gateway.reachability, gateway.device, servers) })),
  };
}

/** A verified policy with the evaluation of its text. */
export function ownerOf(policy: Policy): SubjectOwner {
  const { device, evaluated, differences } = verifyPolicy(policy);
  if (differences.length > 0)
    throw new Error(`the sample is not proven: ${differences.map(({ text }) => text).join('; ')}`);
  return {
    name: `${policy.kind} ${policy.device}, owner ${policy.owner}`,
    policy,
    device,
    reachability: evaluated.reachability,
  };
}

/** Compiles and verifies an intent and evaluates its text. Throws if the sample is refused. */
export function ownersOf(wish: Wish, platform: 'nftables' | 'pfsense' = 'nftables'): readonly SubjectOwner[] {
  const { policies, problems } = compiled(wish, platform);
  if (problems.length > 0)
    throw new Error(problems.map(({ code, where, what }) => `${code} ${where}: ${what}`).join('\n'));
  return policies.map(ownerOf);
}

export const wished = (wish: Wish): LintSubject => subjectOf(...ownersOf(wish));

/** A device with unmanaged rules. */
export const foreign = (name: string, text: string, device: Device): SubjectOwner => ({
  name,
  device,
  reachability: parser.read(text, device).reachability,
});

/** The same with only what the programs' rules say, as `exposure` judges it. */
export const judged = (name: string, text: string, device: Device): SubjectOwner => {
  const parsed = nftables.parsed(text);
  const { banLists, filters } =
    parsed.is === 'rules' && parsed.selectSubsets ? parsed.selectSubsets() : { banLists: [], filters: [] };
  return {
    ...foreign(name, text, device),
    blockingPrograms: banLists.map(({ program, chainLabels, isReferenced, read }) => ({
      name: program.name,
      blocks: program.blocks!,
      places: chainLabels,
      isReferenced,
      reachability: read(device),
    })),
    filters: filters.map(({ programs, chainLabels, read }) => ({
      place: chainLabels.join(),
      programs,
      reachability: read(device),
    })),
  };
};

/** A managed device whose whole ruleset was listed, with unmanaged rules. */
export function readFrom(owner: SubjectOwner, besides: string): SubjectOwner {
  const { generated } = verifyPolicy(owner.policy!);
  return { ...owner, reachability: parser.read(`${generated.text}\n${besides}`, owner.device).reachability };
}

export const fileText = (path: string): string => readFileSync(`${__dirname}/../../platforms/nftables/${path}`, 'utf8');
