// The moments of a delivery at which a fault can strike: before or after a command of the agent, or at a stop point
// within it.

import { StopPoint, STOPPABLE_COMMANDS, StoppableCommand } from '../../lib/agent-protocol/stop-points';

/** A step of a delivery, by the agent's command that it sends. */
export type Step = StoppableCommand;

export type DeviceName = 'edge1' | 'web1';
export const DEVICES: readonly DeviceName[] = ['edge1', 'web1'];

/**
 * The moment of a fault. `before`: the runner is about to send the command. `after`: the device has answered, and the
 * runner hasn't received it. Otherwise a stop point within the device's own work, which the platform names.
 */
export interface Moment {
  readonly step: Step;
  readonly point: 'before' | 'after' | StopPoint;
}

/** Steps whose name in the drawing of docs/reference/protocol.md isn't that of their command. */
const DRAWN: Readonly<Partial<Record<Step, string>>> = { protocol: 'connect', read: 'prove' };
const drawn = (step: Step): string => DRAWN[step] ?? step;

export const printMoment = ({ step, point }: Moment): string =>
  typeof point === 'string' ? `${point} ${drawn(step)}` : `${drawn(step)}: ${point.name}`;

/** Returns whether the device keeps a release whose delivery goes no further than this moment. */
export function decidedAt({ step, point }: Moment): StopPoint['decided'] {
  if (typeof point !== 'string') return point.decided;
  return step === 'confirm' && point === 'after' ? 'yes' : 'no';
}

/** The steps of a delivery without faults. */
export const DELIVERING: readonly Step[] = STOPPABLE_COMMANDS.filter(
  (step) => step !== 'rollback' && step !== 'retract',
);

export const before = (...steps: readonly Step[]): readonly Moment[] =>
  steps.map((step) => ({ step, point: 'before' }));
export const BEFORE: readonly Moment[] = before(...DELIVERING);

export const around = (step: Step): readonly Moment[] => [
  { step, point: 'before' },
  { step, point: 'after' },
];
