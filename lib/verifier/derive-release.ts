// Derives the complete release of a policy: generated text, digest, owned prefixes and readable lines. Synthesis
// delivers it, and review compares it with a plan.

import { printDigestInput } from '../agent-protocol/release-digest';
import { RELEASE_FORMAT, Release } from '../agent-protocol/release';
import { printAddress, printPrefix } from '../net/address';
import { printCpnatLines } from '../policy/cpnat-pairs';
import { printPolicy } from '../policy/print-policy';
import { Policy, ServerPolicy } from '../policy/policy';
import { encodePolicy } from './policy-codec';
import { Verification, getPlatform } from './verify-policy';

/** The parts of a release that its policy doesn't decide. */
export type DeliveryOptions = Pick<Release, 'witnesses' | 'rollbackSeconds'>;

/**
 * Derives the complete release of a policy, as plain data. Synthesis delivers it, and review compares it with what a
 * plan delivers, so this is the only definition. `sha256`: returns the digest of a text as UTF-8, hexadecimal.
 */
export function deriveRelease(
  { policy, generated }: Pick<Verification, 'policy' | 'generated'>,
  { witnesses, rollbackSeconds }: DeliveryOptions,
  sha256: (text: string) => string,
): Release {
  const { device, owner, platform } = policy;
  const serverParts = policy.kind === 'server' ? collectServerParts(policy) : {};
  return {
    format: RELEASE_FORMAT,
    device,
    owner,
    platform,
    role: policy.kind,
    rollbackSeconds,
    witnesses,
    digest: sha256(printDigestInput({ ...generated, ...serverParts })),
    text: generated.text,
    addresses: generated.addresses,
    ...serverParts,
    policy: encodePolicy(policy),
    lines: [...printPolicy(policy), printDeliveryLine(getPlatform(policy).capabilities)].sort(),
    claims: listOwnedPrefixes(policy),
    onRetract: policy.kind === 'server' ? policy.onRemove : 'as before',
  };
}

/** Returns the parts of a server's release that its device gets besides rules. */
const collectServerParts = ({ cpnat, replaces }: ServerPolicy): Pick<Release, 'cpnat' | 'replaces'> => ({
  ...(cpnat ? { cpnat: printCpnatLines(cpnat) } : {}),
  ...(replaces ? { replaces } : {}),
});

function listOwnedPrefixes(policy: Policy): Release['claims'] {
  if (policy.kind === 'server') return { outside: [], inside: policy.localAddresses.map(printAddress) };
  const outside = [...policy.virtualIps, ...policy.mappings].map((part) => printPrefix(part.external));
  return {
    outside: [...new Set(outside)],
    inside: [...new Set(policy.mappings.map(({ internal }) => printPrefix(internal)))],
  };
}

/** Prints the line of the plan about how the device changes over. */
function printDeliveryLine({
  transition,
  commitConfirm,
  rebootUndo,
  excess,
}: ReturnType<typeof getPlatform>['capabilities']): string {
  const rollback = {
    yes: 'undone unless confirmed',
    'with reboot': 'undone by a reboot unless confirmed',
    no: 'not undone by itself',
  }[commitConfirm];
  const reboot = commitConfirm === 'yes' && rebootUndo ? ', by a reboot too' : '';
  return `delivery: ${transition}, ${rollback}${reboot}${excess.sessionsPass ? ', sessions that run go on' : ''}`;
}
