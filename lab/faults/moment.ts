/** The steps of a delivery and of a retract, by the device program's command that each sends. */
export const STEPS = ['protocol', 'upload', 'check', 'arm', 'read', 'confirm', 'rollback', 'retract'] as const;
export type Step = (typeof STEPS)[number];

export type DeviceName = 'edge1' | 'web1';
export const DEVICES: readonly DeviceName[] = ['edge1', 'web1'];

/**
 * When a fault strikes. `before`: the runner has decided to ask and has sent nothing. `after`: the device has answered and the runner
 * hasn't heard it. Else a place within the device's own work, which a platform names.
 */
export interface Moment {
  readonly step: Step;
  readonly point: 'before' | 'after' | Point;
}

/** A place within a step, between two tools that the device program starts. */
export interface Point {
  readonly name: string;
  readonly tool: string;
  /** A shell pattern that the tool's whole command line matches. */
  readonly pattern: string;
  readonly when: 'before' | 'after';
  /** Whether the device has decided for the new release when it is here. */
  readonly decided: 'no' | 'yes' | 'not on the disk yet';
}

/** Two steps have another name in the drawing of docs/protocol.md than the command that they send. */
const DRAWN: Readonly<Partial<Record<Step, string>>> = { protocol: 'connect', read: 'prove' };
const drawn = (step: Step): string => DRAWN[step] ?? step;

export const printMoment = ({ step, point }: Moment): string =>
  typeof point === 'string' ? `${point} ${drawn(step)}` : `${drawn(step)}: ${point.name}`;

/** What becomes of a delivery that goes no further than here: the device's own decision, which nobody may contradict. */
export function decidedAt({ step, point }: Moment): Point['decided'] {
  if (typeof point !== 'string') return point.decided;
  return step === 'confirm' && point === 'after' ? 'yes' : 'no';
}

/** Those of a delivery that nothing goes wrong with. */
export const DELIVERING: readonly Step[] = STEPS.filter((step) => step !== 'rollback' && step !== 'retract');

export const before = (...steps: readonly Step[]): readonly Moment[] => steps.map((step) => ({ step, point: 'before' }));
export const BEFORE: readonly Moment[] = before(...DELIVERING);

export const around = (step: Step): readonly Moment[] => [
  { step, point: 'before' },
  { step, point: 'after' },
];
