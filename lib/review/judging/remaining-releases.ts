// Reports releases that stay on a device after the change without a state that delivers them.

import { Remark } from '../review';
import { JudgedOwner, RemarkCollector } from './review-state';

/**
 * Reports releases that stay on a device without a state that delivers them, and servers whose rules after removal
 * aren't known.
 */
export function checkRemaining(
  { name, plannedOwner, plan }: Pick<JudgedOwner, 'name' | 'plannedOwner' | 'plan'>,
  { objections, unknown, notes }: Pick<RemarkCollector, 'objections' | 'unknown' | 'notes'>,
): void {
  const isReported = plan.objections.some(({ code }) => code === 'review/stays-open');
  if (plannedOwner.action === 'stays open' && !isReported)
    objections.push({
      code: 'review/stays-open',
      where: name,
      what: 'The plan forgets it and takes nothing off the device: what it opened stays open, and no state knows of it any more.',
      instead:
        'new DecommissionedOwner(…) in the stack, which gives it up there; or new HandedOverOwner(…), where another state adopts it.',
    });
  if (plannedOwner.previousLogin !== undefined)
    notes.push({
      code: 'review/reached-elsewhere',
      where: name,
      what: `It is reached as ${plannedOwner.login}, and was as ${plannedOwner.previousLogin}. If that is another machine, what was delivered to the former one stays there, and no state knows of it any more.`,
      instead: '',
    });
  if (plannedOwner.action === 'retired' && plannedOwner.role === 'server' && plannedOwner.onRetract === 'as before')
    unknown.push({
      code: 'review/open-afterwards',
      where: name,
      what: 'All rules of this server are taken off, so what it lets in afterwards is not known here.',
      instead: "onRemove: 'keep closed', which leaves its inbound rules; or a look at the host's other rules.",
    });
}

export const createSeveralStayRemark = (name: string): Remark => ({
  code: 'review/several-stay',
  where: name,
  what: 'An apply failed or was interrupted: which of several releases the device runs is not known, and this change leaves it there.',
  instead: "cpanel-edge verify --json, and the review with the device's own answer.",
});
