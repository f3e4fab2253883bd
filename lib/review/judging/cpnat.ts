import { printAddress } from '../../net/address';
import { Policy } from '../../policy/policy';
import { Judged, State } from './state';

/** What becomes of cPanel's NAT file, which no packet shows. Undefined: nothing. */
export function cpnatWords({ planned, before, after }: Judged): string | undefined {
  // Also of a server that stays closed.
  const now = planned.action === 'retired' ? '' : saidBy(after);
  if (before.every((state) => saidBy(state) === now)) return undefined;
  return now === ''
    ? '/var/cpanel/cpnat gets its lines of before back: nothing of ours says any more what cPanel takes for its public addresses.'
    : `What cPanel takes for its public addresses changes: ${now}.`;
}

function saidBy({ meant }: State): string {
  const policy: Policy | undefined = meant?.policy;
  if (policy?.kind !== 'server' || !policy.cpnat) return '';
  const { natMode, pairs } = policy.cpnat;
  if (natMode === 'off') return 'NAT mode is off, and /var/cpanel/cpnat goes';
  return pairs.map((one) => `${printAddress(one.local)} is ${printAddress(one.public)}`).join(', ');
}
