/** Where the work of a device program can be stopped from outside, and how it is seen what it came to: the fault matrix asks for these. */
export interface StopPoints {
  /** Tools that the program starts, and the place of each on the device. */
  readonly tools: Readonly<Record<string, string>>;
  /** Those of them without which nothing is begun, and a refusal names them. */
  readonly needs: readonly string[];
  /** By the program's command, in the order in which it comes to them. */
  readonly within: Readonly<Partial<Record<StoppableCommand, readonly StopPoint[]>>>;
  /**
   * A command for root: prints everything of ours that runs, equal for equal releases, and different for any other. What others load isn't the
   * release's.
   */
  readonly snapshot: string;
}

/** Commands of the device program that a delivery or a retract sends, in its order. */
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

/** Just before a tool is started, or when it has ended. */
export interface StopPoint {
  readonly name: string;
  /** A shell pattern that the tool's whole command line matches. */
  readonly pattern: string;
  readonly when: 'before' | 'after';
  /** Whether the device has decided for the new release when it is here. */
  readonly decided: 'no' | 'yes' | 'not on the disk yet';
}
