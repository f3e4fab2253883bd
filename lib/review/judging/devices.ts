import { platformOf } from '../../verifier/prove';
import { PlannedOwner } from '../plan';
import { DeviceReview, Remark } from '../review';
import { Block } from './blocks';
import { cpnatWords } from './cpnat';
import { replacesWords } from './replaces';
import { printSettings } from './settings';
import { leadsToIt } from './edges';
import { Judged, State } from './state';
import { textDiff } from './text-diff';

/** One owner of the plans in words: what is done to it, how, and what becomes of its sessions. */
export function deviceReview(judged: Judged, blocks: readonly Block[]): DeviceReview {
  const { planned, plan, evidence, before, after } = judged;
  const mine = concerning(judged, blocks);
  const settings = printSettings(judged);
  return {
    device: planned.device,
    owner: planned.owner,
    role: planned.role,
    plan: plan.name,
    evidence,
    action: actionWords(judged, isChanged(judged, blocks)),
    before: beforeWords(judged),
    sessions: sessionWords(
      judged,
      mine.map(({ kind }) => kind),
    ),
    delivery: deliveryWords(judged),
    ...(settings.length > 0 ? { settings } : {}),
    textDiff: evidence === 'read from the device' || after.is === 'unreadable' ? [] : differing(before[0]!, after),
  };
}

/** What stands for what nobody knows was never there to be taken away. */
const differing = (before: State, after: State): readonly string[] =>
  before.supposed
    ? ['what these lines take the place of is not known', ...textDiff('', after.text)]
    : textDiff(before.text, after.text);

/** What changes on a device itself, and of a server what changes end to end. */
const concerning = (judged: Judged, blocks: readonly Block[]): readonly Block[] =>
  blocks.filter((block) => block.owner.judged === judged || leadsToIt(block, { judged }));

/** Whether what is reachable changes by it: its text or policy is another one, and something changes where it decides. */
export const isChanged = (judged: Judged, blocks: readonly Block[]): boolean =>
  !sameRelease(judged) && concerning(judged, blocks).length > 0;

/** An owner of which nothing at all can be read. */
export const unjudged = (planned: PlannedOwner, plan: string): DeviceReview => ({
  device: planned.device,
  owner: planned.owner,
  role: planned.role,
  plan,
  action: 'can not be judged',
  before: planned.uncertain.join(' '),
  evidence: 'own text',
  sessions: 'not known',
  delivery: 'not known',
  textDiff: [],
});

const sameRelease = (judged: Judged): boolean => {
  const { after } = judged.planned;
  return (
    after !== undefined &&
    judged.planned.before.every(({ text, policy }) => text === after.text && policy === after.policy)
  );
};

/** Whether the change does something to the device at all. */
export const isTouched = ({ action }: PlannedOwner): boolean =>
  action !== 'unchanged' && action !== 'stays open' && action !== 'released';

/** Whether the plan changes how an owner is reached or delivered, whatever its release. */
export const hasOtherSettings = ({ settings = [] }: PlannedOwner): boolean => settings.length > 0;

/** What closes then closes on another device of the way. */
const keepsItsRules = (planned: PlannedOwner): boolean =>
  !isTouched(planned) ||
  (planned.action === 'retired' && planned.role === 'server' && planned.onRetract === 'keep closed');

function actionWords(judged: Judged, exposureChanges: boolean): string {
  const { action, role, onRetract, changedTriggers } = judged.planned;
  switch (action) {
    case 'first':
      return role === 'gateway' ? 'first release' : 'first release: what its profile does not open is closed';
    case 'unchanged':
      return hasOtherSettings(judged.planned) ? 'same release, reached or delivered by other settings' : 'unchanged';
    case 'changed':
    case 'program': {
      const triggers =
        changedTriggers.length === 0
          ? ''
          : ` (in the plan: ${changedTriggers.map((name) => signed(judged.planned, name)).join(', ')})`;
      const move = platformMove(judged);
      if (exposureChanges) return `changed${move ? `, ${move}` : ''}${triggers}`;
      if (move) return `same exposure, ${move}${triggers}`;
      return sameRelease(judged) ? `same exposure, new program${triggers}` : `same exposure, other text${triggers}`;
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

/** As Terraform marks a line of a plan: what it says is no longer so, or is so from now on, or something of it is another. */
function signed({ before, after }: PlannedOwner, name: string): string {
  const [was, will] = [
    before.some(({ lines }) => Object.hasOwn(lines, name)),
    after !== undefined && Object.hasOwn(after.lines, name),
  ];
  return `${was === will ? '~' : will ? '+' : '-'} ${name}`;
}

/** Where another platform than before filters. */
export function platformMove({ before, after }: Judged): string | undefined {
  const [was, will] = [before[0]!, after].map(({ meant }) => meant?.policy.platform);
  return was === undefined || will === undefined || was === will ? undefined : `from ${was} to ${will}`;
}

function beforeWords({ evidence, planned, before }: Judged): string {
  if (evidence === 'read from the device') return 'what the device answered it runs';
  const several =
    before.length > 1 ? `One of ${before.length}: ${before.map(stateWords).join(', or ')}. The worse is said.` : '';
  return [several, ...planned.uncertain].filter((words) => words !== '').join(' ');
}

const stateWords = ({ is, as }: State): string => (is === 'bare' ? 'nothing of this owner' : `the ${as} release`);

function sessionWords({ planned, before, after }: Judged, kinds: readonly Block['kind'][]): string {
  const closes = kinds.some((kind) => kind === 'closed' || kind === 'moved' || kind === 'unknown');
  // To a server it is another that leads elsewhere.
  const moves = planned.role === 'gateway' && kinds.includes('moved');
  if (keepsItsRules(planned)) return 'nothing closes';
  if (planned.action === 'first' && planned.role === 'server')
    return 'what ran before the first release may go on until it ends';
  const [meant] = [after, ...before].flatMap((state) => state.meant ?? []);
  if (!closes || !meant) return closes ? 'not known' : 'nothing closes';
  if (platformOf(meant.policy).capabilities.excess.sessionsPass)
    return 'sessions that run go on: this platform does not end them';
  if (meant.policy.whenClosed === 'finish')
    return `sessions that run may finish, also on what closes${moves ? ' or leads elsewhere; new ones are refused, or led there' : '; new ones are refused'}`;
  return moves
    ? 'sessions on what closes or leads elsewhere are ended with it; those to a former host that has the port open to everybody by another address go on'
    : 'sessions on what closes are ended with it';
}

const TRANSITIONS: Readonly<Record<ReturnType<typeof platformOf>['capabilities']['transition'], string>> = {
  atomic: 'all rules change at once',
  'never wider': 'in steps, never wider than before and after',
  'brief closed': 'closed for a moment while it changes',
  'brief open': 'OPEN for a moment while it changes',
};

function deliveryWords(judged: Judged): string {
  const { planned, before, after } = judged;
  if (!isTouched(judged.planned)) return 'nothing is delivered';
  const [meant] = [after, ...before].flatMap((state) => state.meant ?? []);
  if (!meant) return 'not known';
  const { transition, commitConfirm, rebootUndo } = platformOf(meant.policy).capabilities;
  if (planned.action === 'retired') return 'given up on the device by the destroy provisioner';
  const within = planned.rollbackSeconds === undefined ? '' : ` within ${planned.rollbackSeconds} s`;
  const undone = {
    yes: `undone unless it is confirmed${within}${rebootUndo ? ', by a reboot too' : ''}`,
    'with reboot': `undone by a reboot unless it is confirmed${within}`,
    no: 'not undone by itself',
  }[commitConfirm];
  const changes = platformMove(judged)
    ? 'the new rules load beside the old ones, which go when it is confirmed'
    : TRANSITIONS[transition];
  return `${changes}; ${undone}`;
}

/** What a reviewer should know of what is done to one owner. */
export function deviceNotes(judged: Judged, exposureChanges: boolean): readonly Remark[] {
  const { planned, name, before, evidence } = judged;
  const note = (code: string, what: string): Remark => ({ code, where: name, what, instead: '' });
  const notes: Remark[] = [];
  if (planned.action === 'first' && evidence !== 'read from the device')
    notes.push(
      note(
        'review/first-release',
        planned.role === 'gateway'
          ? 'A first release: what the device let through before is not known, so everything that is reachable afterwards counts as opened.'
          : 'A first release: what the host let in before is not known, so everything that is reachable afterwards counts as opened. Everything else that comes from outside its inside is closed by it, which is not listed.',
      ),
    );
  if ((planned.action === 'changed' || planned.action === 'program') && !exposureChanges)
    notes.push(
      note(
        sameRelease(judged) ? 'review/new-program' : 'review/other-text',
        sameRelease(judged)
          ? `Same exposure, new program: the same text and policy are delivered again${planned.changedTriggers.length === 0 ? '' : ` (${planned.changedTriggers.join(', ')})`}.`
          : 'Same exposure, other text: what is reachable, where it leads and as what stays the same.',
      ),
    );
  const cpnat = isTouched(planned) ? cpnatWords(judged) : undefined;
  if (cpnat !== undefined) notes.push(note('review/cpnat', cpnat));
  const replaces = isTouched(planned) ? replacesWords(judged) : undefined;
  if (replaces !== undefined) notes.push(note('review/replaces', replaces));
  if (before.length > 1)
    notes.push(
      note(
        'review/several-before',
        `Which of ${before.length} it runs before the apply is not known: ${before.map(stateWords).join(', or ')}. What opens or closes against any of them is listed.`,
      ),
    );
  if (planned.action === 'released')
    notes.push(
      note('review/released', 'Its rules stay on the device for the state that takes it over, which adopts its lease.'),
    );
  if (planned.action === 'adopted' && planned.before.length === 0)
    notes.push(
      note(
        'review/adopted',
        'It comes from another state, which must have forgotten it before this apply; what that one delivered is not known here.',
      ),
    );
  return notes;
}
