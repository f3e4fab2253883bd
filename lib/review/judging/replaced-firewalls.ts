// Describes which other firewalls of a server (ufw, csf, firewalld) a planned release replaces or brings back.

import { getPlatform } from '../../verifier/verify-policy';
import { JudgedOwner, ReviewState } from './review-state';

/** Returns the effect on other firewalls of a server, whose rules no plan holds. Undefined: none. */
export function describeReplaced({ plannedOwner, before, after }: JudgedOwner): string | undefined {
  const replacedBefore = before.map(listReplaced);
  if (plannedOwner.action === 'retired') {
    const returningFirewalls = plannedOwner.onRetract === 'as before' ? [...new Set(replacedBefore.flat())] : [];
    return returningFirewalls.length === 0
      ? undefined
      : `Where ${returningFirewalls.join(', ')} gave way, ${returningFirewalls.length === 1 ? 'it starts' : 'they start'} again, enabled as before; beside another owner’s rules once that one is retracted, too.`;
  }
  const newlyReplaced = listReplaced(after).filter(
    (firewall) => replacedBefore.length === 0 || !replacedBefore.every((state) => state.includes(firewall)),
  );
  if (newlyReplaced.length === 0) return undefined;
  return `Where it runs, ${newlyReplaced.join(', ')} is stopped while the rollback timer runs, and off once this is confirmed: what it alone keeps closed of what this release opens, opens.${printMoreSentences(after, newlyReplaced)}`;
}

/** Returns the sentences of the release's platform on what else goes with these firewalls, each behind a space. */
function printMoreSentences({ specified }: ReviewState, firewalls: readonly string[]): string {
  const { server } = specified ? getPlatform(specified.policy).capabilities : {};
  return firewalls
    .flatMap((firewall) => server?.replacesMore?.[firewall] ?? [])
    .reduce((words, sentence) => `${words} ${sentence}`, '');
}

const listReplaced = ({ specified }: ReviewState): readonly string[] =>
  specified?.policy.kind === 'server' ? (specified.policy.replaces ?? []) : [];
