// Describes one owner of the plans for a review: the action on it (create, update, remove, adopt), its delivery, and
// the effect on its sessions.

import { getPlatform } from '../../verifier/verify-policy';
import { PlannedOwner } from '../plan';
import { DeviceReview, Remark } from '../review';
import { ChangeBlock } from './change-blocks';
import { describeReplaced } from './replaced-firewalls';
import { printSettings } from './delivery-settings';
import { reachesServer } from './gateway-edges';
import { JudgedOwner, ReviewState } from './review-state';
import { compareTexts } from './compare-texts';
import { printAddress } from '../../net/address';
import { Policy } from '../../policy/policy';

/** Returns one owner of the plans in words: the action on it, its delivery, and the effect on its sessions. */
export function createDeviceReview(judgedOwner: JudgedOwner, blocks: readonly ChangeBlock[]): DeviceReview {
  const { plannedOwner, plan, evidence, before, after } = judgedOwner;
  const ownBlocks = selectBlocks(judgedOwner, blocks);
  const settings = printSettings(judgedOwner);
  return {
    device: plannedOwner.device,
    owner: plannedOwner.owner,
    role: plannedOwner.role,
    plan: plan.name,
    evidence,
    action: describeAction(judgedOwner, isChanged(judgedOwner, blocks)),
    before: describeBefore(judgedOwner),
    sessions: describeSessions(
      judgedOwner,
      ownBlocks.map(({ kind }) => kind),
    ),
    delivery: describeDelivery(judgedOwner),
    ...(settings.length > 0 ? { settings } : {}),
    textDiff: evidence === 'running config' || after.is === 'unreadable' ? [] : compareStateTexts(before[0]!, after),
  };
}

/** Returns the text diff. An assumed text before was never on the device, so none of its lines is shown as removed. */
const compareStateTexts = (before: ReviewState, after: ReviewState): readonly string[] =>
  before.isAssumed
    ? ['what these lines take the place of is not known', ...compareTexts('', after.text)]
    : compareTexts(before.text, after.text);

/** Returns the changes on a device itself and, for a server, the end-to-end changes that reach it. */
const selectBlocks = (judgedOwner: JudgedOwner, blocks: readonly ChangeBlock[]): readonly ChangeBlock[] =>
  blocks.filter((block) => block.owner.judgedOwner === judgedOwner || reachesServer(block, { judgedOwner }));

/** Whether the owner changes reachability: its text or policy differs, and some change is on it or reaches it. */
export const isChanged = (judgedOwner: JudgedOwner, blocks: readonly ChangeBlock[]): boolean =>
  !isSameRelease(judgedOwner) && selectBlocks(judgedOwner, blocks).length > 0;

/** Returns the review of an owner of which nothing can be read. */
export const createUnjudgedReview = (plannedOwner: PlannedOwner, plan: string): DeviceReview => ({
  device: plannedOwner.device,
  owner: plannedOwner.owner,
  role: plannedOwner.role,
  plan,
  action: 'can not be judged',
  before: plannedOwner.uncertain.join(' '),
  evidence: 'generated config',
  sessions: 'not known',
  delivery: 'not known',
  textDiff: [],
});

const isSameRelease = (judgedOwner: JudgedOwner): boolean => {
  const { after } = judgedOwner.plannedOwner;
  return (
    after !== undefined &&
    judgedOwner.plannedOwner.before.every(({ text, policy }) => text === after.text && policy === after.policy)
  );
};

/** Whether the change touches the device at all. */
export const isTouched = ({ action }: PlannedOwner): boolean =>
  action !== 'unchanged' && action !== 'stays open' && action !== 'released';

/** Whether the plan changes how an owner is reached or delivered, whatever its release. */
export const hasOtherSettings = ({ settings = [] }: PlannedOwner): boolean => settings.length > 0;

/** Whether the device keeps its rules. A closing then happens on another device of the path. */
const keepsRules = (plannedOwner: PlannedOwner): boolean =>
  !isTouched(plannedOwner) ||
  (plannedOwner.action === 'retired' && plannedOwner.role === 'server' && plannedOwner.onRetract === 'keep closed');

function describeAction(judgedOwner: JudgedOwner, changesReachability: boolean): string {
  const { action, role, onRetract, changedTriggers } = judgedOwner.plannedOwner;
  switch (action) {
    case 'first':
      return role === 'gateway' ? 'first release' : 'first release: what its profile does not open is closed';
    case 'unchanged':
      return hasOtherSettings(judgedOwner.plannedOwner)
        ? 'same release, reached or delivered by other settings'
        : 'unchanged';
    case 'changed':
    case 'program': {
      const triggers =
        changedTriggers.length === 0
          ? ''
          : ` (in the plan: ${changedTriggers.map((name) => printTrigger(judgedOwner.plannedOwner, name)).join(', ')})`;
      const platformMoveWords = describePlatformMove(judgedOwner);
      if (changesReachability) return `changed${platformMoveWords ? `, ${platformMoveWords}` : ''}${triggers}`;
      if (platformMoveWords) return `same exposure, ${platformMoveWords}${triggers}`;
      return isSameRelease(judgedOwner)
        ? `same exposure, new program${triggers}`
        : `same exposure, other text${triggers}`;
    }
    case 'retired':
      if (role === 'gateway') return 'retired: its release is taken off the device';
      return onRetract === 'keep closed' ? 'retired: its rules stay as they are' : 'retired: all its rules go';
    case 'stays open':
      return 'stays open: the plan forgets it and takes nothing off the device';
    case 'released':
      return 'given up for another state; its rules stay as they are';
    case 'adopted':
      return 'adopted from another state';
    default:
      return action satisfies never;
  }
}

/** Marks a trigger as Terraform marks a line of a plan: `-` it is gone, `+` it is new, `~` its value changes. */
function printTrigger({ before, after }: PlannedOwner, name: string): string {
  const [hasBefore, hasAfter] = [
    before.some(({ lines }) => Object.hasOwn(lines, name)),
    after !== undefined && Object.hasOwn(after.lines, name),
  ];
  return `${hasBefore === hasAfter ? '~' : hasAfter ? '+' : '-'} ${name}`;
}

/** Returns the move to another platform in words. Undefined: the platform stays, or one of the two isn't known. */
export function describePlatformMove({ before, after }: JudgedOwner): string | undefined {
  const [platformBefore, platformAfter] = [before[0]!, after].map(({ specified }) => specified?.policy.platform);
  return platformBefore === undefined || platformAfter === undefined || platformBefore === platformAfter
    ? undefined
    : `from ${platformBefore} to ${platformAfter}`;
}

function describeBefore({ evidence, plannedOwner, before }: JudgedOwner): string {
  if (evidence === 'running config') return 'what the device answered it runs';
  const severalWords =
    before.length > 1 ? `One of ${before.length}: ${before.map(describeState).join(', or ')}. The worse is said.` : '';
  return [severalWords, ...plannedOwner.uncertain].filter((words) => words !== '').join(' ');
}

const describeState = ({ is: stateKind, origin }: ReviewState): string =>
  stateKind === 'bare' ? 'nothing of this owner' : `the ${origin} release`;

function describeSessions({ plannedOwner, before, after }: JudgedOwner, kinds: readonly ChangeBlock['kind'][]): string {
  const hasClosing = kinds.some((kind) => kind === 'closed' || kind === 'moved' || kind === 'unknown');
  // On a server, a moved change is another device's translation.
  const hasMoved = plannedOwner.role === 'gateway' && kinds.includes('moved');
  if (keepsRules(plannedOwner)) return 'nothing closes';
  if (plannedOwner.action === 'first' && plannedOwner.role === 'server')
    return 'what ran before the first release may go on until it ends';
  const [specified] = [after, ...before].flatMap((state) => state.specified ?? []);
  if (!hasClosing || !specified) return hasClosing ? 'not known' : 'nothing closes';
  if (getPlatform(specified.policy).capabilities.excess.sessionsPass)
    return 'established sessions go on: this platform does not end them';
  if (specified.policy.establishedSessions === 'keep')
    return `established sessions may finish, also on ports that close${hasMoved ? ' or are translated elsewhere; new ones are refused, or translated there' : '; new ones are refused'}`;
  return hasMoved
    ? 'sessions on ports that close or are translated elsewhere end; those to a former host that has the port open to any source by another address go on'
    : 'sessions on ports that close end';
}

const TRANSITION_WORDS: Readonly<Record<ReturnType<typeof getPlatform>['capabilities']['transition'], string>> = {
  atomic: 'all rules change at once',
  'never wider': 'in steps, never wider than before and after',
  'brief closed': 'closed for a moment while it changes',
  'brief open': 'OPEN for a moment while it changes',
};

function describeDelivery(judgedOwner: JudgedOwner): string {
  const { plannedOwner, before, after } = judgedOwner;
  if (!isTouched(judgedOwner.plannedOwner)) return 'nothing is delivered';
  const [specified] = [after, ...before].flatMap((state) => state.specified ?? []);
  if (!specified) return 'not known';
  const { transition, commitConfirm, rebootUndo } = getPlatform(specified.policy).capabilities;
  if (plannedOwner.action === 'retired') return 'given up on the device by the destroy provisioner';
  const timeoutWords = plannedOwner.rollbackSeconds === undefined ? '' : ` within ${plannedOwner.rollbackSeconds} s`;
  const rollbackWords = {
    yes: `rolled back unless it is confirmed${timeoutWords}${rebootUndo ? ', by a reboot too' : ''}`,
    'with reboot': `rolled back by a reboot unless it is confirmed${timeoutWords}`,
    no: 'not rolled back by itself',
  }[commitConfirm];
  const transitionWords = describePlatformMove(judgedOwner)
    ? 'the new rules load beside the old ones, which go when it is confirmed'
    : TRANSITION_WORDS[transition];
  return `${transitionWords}; ${rollbackWords}`;
}

/** Returns the notes on one owner for a reviewer. */
export function listDeviceNotes(judgedOwner: JudgedOwner, changesReachability: boolean): readonly Remark[] {
  const { plannedOwner, name, before, evidence } = judgedOwner;
  const createNote = (code: string, what: string): Remark => ({ code, where: name, what, instead: '' });
  const notes: Remark[] = [];
  if (plannedOwner.action === 'first' && evidence !== 'running config')
    notes.push(
      createNote(
        'review/first-release',
        plannedOwner.role === 'gateway'
          ? 'A first release: what the device let through before is not known, so everything that is reachable afterwards counts as opened.'
          : 'A first release: what the host let in before is not known, so everything that is reachable afterwards counts as opened. Everything else that comes from outside its inside is closed by it, which is not listed.',
      ),
    );
  if ((plannedOwner.action === 'changed' || plannedOwner.action === 'program') && !changesReachability)
    notes.push(
      createNote(
        isSameRelease(judgedOwner) ? 'review/new-program' : 'review/other-text',
        isSameRelease(judgedOwner)
          ? `Same exposure, new program: the same text and policy are delivered again${plannedOwner.changedTriggers.length === 0 ? '' : ` (${plannedOwner.changedTriggers.join(', ')})`}.`
          : 'Same exposure, other text: what is reachable, where it leads and as what stays the same.',
      ),
    );
  const cpnat = isTouched(plannedOwner) ? describeCpnat(judgedOwner) : undefined;
  if (cpnat !== undefined) notes.push(createNote('review/cpnat', cpnat));
  const replaces = isTouched(plannedOwner) ? describeReplaced(judgedOwner) : undefined;
  if (replaces !== undefined) notes.push(createNote('review/replaces', replaces));
  if (before.length > 1)
    notes.push(
      createNote(
        'review/several-before',
        `Which of ${before.length} it runs before the apply is not known: ${before.map(describeState).join(', or ')}. What opens or closes against any of them is listed.`,
      ),
    );
  if (plannedOwner.action === 'released')
    notes.push(
      createNote(
        'review/released',
        'Its rules stay on the device for the state that takes it over, which adopts its owner token.',
      ),
    );
  if (plannedOwner.action === 'adopted' && plannedOwner.before.length === 0)
    notes.push(
      createNote(
        'review/adopted',
        'It comes from another state, which must have forgotten it before this apply; what that one delivered is not known here.',
      ),
    );
  return notes;
}

/** Returns the change of cPanel's NAT file, which no packet shows. Undefined: it doesn't change. */
function describeCpnat({ plannedOwner, before, after }: JudgedOwner): string | undefined {
  // This holds for a server that stays closed, too.
  const cpnatAfter = plannedOwner.action === 'retired' ? '' : describePolicyCpnat(after);
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
