// Helpers of the fault tests in which a server changes to another firewall program: break a delivery or a rollback, and
// assert that the server then has the old or the new state as a whole.
import { strictEqual } from 'node:assert';
import { until } from '../../command';
import { Moment, decidedAt } from '../moment';
import { FaultPlatform, LOADING_TIME } from '../platform';
import { Scene, succeeded } from '../scene';

type Wish = ReturnType<Scene['wanted']>;

/**
 * Breaks a delivery to web1. Returns the states that are right afterwards: the text of the one before, or "new" for the
 * next apply's.
 */
export type Breaks = (before: string, wish: Wish) => Promise<readonly string[]>;

/** Waits at the moment, breaks the delivery there, and waits for its end. */
export async function breakDelivery(scene: Scene, moment: Moment, strike: () => Promise<void>): Promise<void> {
  const { running, gate } = await scene.startTo('web1', moment);
  await strike();
  gate.release();
  await scene.ended(running);
}

/** Makes a delivery fail by a rule that opens more, waits at a moment of its rollback, and breaks that. */
export async function breakUndo(
  scene: Scene,
  platform: FaultPlatform,
  moment: Moment,
  strike: () => Promise<void>,
): Promise<void> {
  const { running, gate: read } = await scene.startTo('web1', { step: 'read', point: 'before' });
  const undo = await scene.gate('web1', moment);
  await scene.lab.does('web1', platform.others.opens('web1').load);
  read.release();
  await undo.reached();
  await strike();
  undo.release();
  await scene.ended(running);
  scene.failed();
}

export const losePowerAt =
  (scene: Scene, moment: Moment): Breaks =>
  async (before) => {
    scene.allow({ outage: Infinity, sessionsEnd: true, operator: Infinity });
    await breakDelivery(scene, moment, () => scene.lab.device('web1').losePowerAndStart());
    return decidedAt(moment) === 'no' ? [before] : decidedAt(moment) === 'yes' ? ['new'] : [before, 'new'];
  };

export const losePowerInUndo =
  (scene: Scene, platform: FaultPlatform, moment: Moment): Breaks =>
  async (before) => {
    scene.allow({ outage: Infinity, sessionsEnd: true, operator: Infinity });
    await breakUndo(scene, platform, moment, () => scene.lab.device('web1').losePowerAndStart());
    return [before];
  };

export const lockOperatorOut =
  (scene: Scene): Breaks =>
  async (before, wish) => {
    const rollbackSeconds = 10;
    scene.allow({ operator: Infinity, outage: rollbackSeconds * 1000 + LOADING_TIME });
    await scene.pipeline.want({ ...wish, management: ['198.51.100.0/24'], rollbackSeconds });
    await scene.ended(scene.start());
    scene.failed();
    await scene.pipeline.want(wish);
    return [before];
  };

interface Change {
  readonly wish: Wish;
  /** Prints what runs on web1, and what starts with it. */
  readonly printState: () => Promise<string>;
  /** Returns whether the replaced firewall is switched off in a state. */
  readonly isSwitched: (state: string) => boolean;
  /** Names of the two states in the report. */
  readonly names: { readonly old: string; readonly new: string };
}

/**
 * Breaks the delivery of a change. Fails unless `breaks` permits the resulting state and the next apply brings the new
 * one.
 */
export async function expectWholeAfter(
  scene: Scene,
  { wish, printState, isSwitched, names }: Change,
  breaks: Breaks,
): Promise<void> {
  const before = await printState();
  await scene.pipeline.want(wish);
  const allowed = await breaks(before, wish);
  await scene.settled('web1');
  // The services of a start, and the timer, must end first.
  if (!allowed.includes('new'))
    await until('it is as it was', 60, async () => (await printState()) === before).catch(() => undefined);
  else if (allowed.length === 1)
    await until('what gave way is off', 60, async () => isSwitched(await printState())).catch(() => undefined);
  const left = await printState();
  await scene.pipeline.want(wish);
  succeeded(await scene.pipeline.apply());
  const after = await printState();
  const state = left === before ? before : left === after ? 'new' : left;
  if (!allowed.includes(state)) strictEqual(left, allowed.includes('new') ? after : before, 'what runs of both');
  scene.tell(state === 'new' ? names.new : names.old);
}
