import { cpnatLines } from '../lib/policy/cpnat';
import { digestInput } from '../lib/delivering/digest';
import { RELEASE_FORMAT, Release, Witness } from '../lib/delivering/release';
import { printAddress, printPrefix } from '../lib/net/address';
import { encodePolicy } from '../lib/proving/policy-codec';
import { policyLines } from '../lib/policy/lines';
import { Policy, ServerPolicy } from '../lib/policy/policy';
import { Proof, platformOf } from '../lib/proving/prove';
import { sha256 } from './private/sha256';

/** Everything that the driver and a reviewer need to know of a proven policy, as plain data. */
export function releaseOf({ policy, written }: Proof, witnesses: readonly Witness[], rollbackSeconds: number): Release {
  const { device, owner, platform } = policy;
  const more = policy.kind === 'server' ? besidesRules(policy) : {};
  return {
    format: RELEASE_FORMAT,
    ...{ device, owner, platform, role: policy.kind, rollbackSeconds, witnesses },
    digest: sha256(digestInput({ ...written, ...more })),
    text: written.text,
    addresses: written.addresses,
    ...more,
    policy: encodePolicy(policy),
    lines: [...policyLines(policy), deliveryLine(platformOf(policy).capabilities)].sort(),
    claims: claimsOf(policy),
    onRetract: policy.kind === 'server' ? policy.onRetract : 'as before',
  };
}

/** What of a server is told to its device beside rules. */
const besidesRules = ({ cpnat, replaces }: ServerPolicy): Pick<Release, 'cpnat' | 'replaces'> => ({
  ...(cpnat ? { cpnat: cpnatLines(cpnat) } : {}),
  ...(replaces ? { replaces } : {}),
});

function claimsOf(policy: Policy): Release['claims'] {
  if (policy.kind === 'server') return { outside: [], inside: policy.localAddresses.map(printAddress) };
  const outside = [...policy.virtualIps, ...policy.mappings].map((part) => printPrefix(part.outside));
  return { outside: [...new Set(outside)], inside: [...new Set(policy.mappings.map(({ inside }) => printPrefix(inside)))] };
}

/** What a reviewer should know of how the device changes over. */
function deliveryLine({ transition, commitConfirm, rebootUndo, excess }: ReturnType<typeof platformOf>['capabilities']): string {
  const undone = { yes: 'undone unless confirmed', 'with reboot': 'undone by a reboot unless confirmed', no: 'not undone by itself' }[
    commitConfirm
  ];
  const reboot = commitConfirm === 'yes' && rebootUndo ? ', by a reboot too' : '';
  return `delivery: ${transition}, ${undone}${reboot}${excess.sessionsPass ? ', sessions that run go on' : ''}`;
}
