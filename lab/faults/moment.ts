import { StopPoint, STOPPABLE_COMMANDS, StoppableCommand } from '../../lib/agent-protocol/stop-points';

/** By the device program's command that each sends. */
export type Step = StoppableCommand;

export type DeviceName = 'edge1' | 'web1';
export const DEVICES: readonly DeviceName[] = ['edge1', 'web1'];

/**
 * When a fault strikes. `before`: the runner has decided to ask and has sent nothing. `after`: the device has answered and the runner
 * hasn't heard it. Else a place within the device's own work, which a platform names.
 */
export interface Moment {
  readonly step: Step;
  readonly point: 'before' | 'after' | StopPoint;
}

/** Two steps have another name in the drawing of docs/protocol.md than the command that they send. */
const DRAWN: Readonly<Partial<Record<Step, string>>> = { protocol: 'connect', read: 'prove' };
const drawn = (step: Step): string => DRAWN[step] ?? step;

export const printMoment = ({ step, point }: Moment): string =>
  typeof point === 'string' ? `${point} ${drawn(step)}` : `${drawn(step)}: ${point.name}`;

/** What becomes of a delivery that goes no further than here: the device's own decision, which nobody may contradict. */
export function decidedAt({ step, point }: Moment): StopPoint['decided'] {
  if (typeof point !== 'string') return point.decided;
  return step === 'confirm' && point === 'after' ? 'yes' : 'no';
}

/** Those of a delivery that nothing goes wrong with. */
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
