import { printAddress } from '../../net/address';
import { Policy } from '../../policy/policy';
import { JudgedOwner, ReviewState } from './review-state';

/** Returns the change of cPanel's NAT file, which no packet shows. Undefined: it doesn't change. */
export function describeCpnat({ planned, before, after }: JudgedOwner): string | undefined {
  // This holds for a server that stays closed, too.
  const cpnatAfter = planned.action === 'retired' ? '' : describePolicyCpnat(after);
  if (before.every((state) => describePolicyCpnat(state) === cpnatAfter)) return undefined;
  return cpnatAfter === ''
    ? '/var/cpanel/cpnat gets its lines of before back: nothing of ours says any more what cPanel takes for its public addresses.'
    : `What cPanel takes for its public addresses changes: ${cpnatAfter}.`;
}

function describePolicyCpnat({ specified }: ReviewState): string {
  const policy: Policy | undefined = specified?.policy;
  if (policy?.kind !== 'server' || !policy.cpnat) return '';
  const { natMode, pairs } = policy.cpnat;
  if (natMode === 'off') return 'NAT mode is off, and /var/cpanel/cpnat goes';
  return pairs.map((pair) => `${printAddress(pair.local)} is ${printAddress(pair.public)}`).join(', ');
}
