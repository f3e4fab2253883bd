/**
 * Type of the points at which a fault test (lab/faults) can interrupt the agent on a platform: the tools that the
 * agent starts, their command lines, and the command that prints what then runs.
 */
export interface StopPoints {
  /** Tools that the agent starts, and the path of each on the device. */
  readonly tools: Readonly<Record<string, string>>;
  /** The tools that are required: without one of them nothing is begun, and a refusal names it. */
  readonly needs: readonly string[];
  /** The stop points by the agent's command, in the order in which it reaches them. */
  readonly within: Readonly<Partial<Record<StoppableCommand, readonly StopPoint[]>>>;
  /**
   * A command for root that prints everything of ours that runs. The output is equal for equal releases, and different
   * for any other. It doesn't contain what other programs load.
   */
  readonly snapshot: string;
}

/** Commands of the agent that a delivery or a removal sends, in order. */
export const STOPPABLE_COMMANDS = [
  'protocol',
  'upload',
  'check',
  'arm',
  'read',
  'confirm',
  'rollback',
  'retract',
] as const;
export type StoppableCommand = (typeof STOPPABLE_COMMANDS)[number];

/** The moment just before a tool is started, or when it has ended. */
export interface StopPoint {
  readonly name: string;
  /** A shell pattern that matches the tool's complete command line. */
  readonly pattern: string;
  readonly when: 'before' | 'after';
  /** Whether the device has already decided for the new release at this point. */
  readonly decided: 'no' | 'yes' | 'not on the disk yet';
}
