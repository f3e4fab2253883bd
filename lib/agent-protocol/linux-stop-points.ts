// Returns the points at which a fault test can interrupt the agent on a Linux platform: for each step of a delivery,
// shell patterns of the commands that the agent starts.
import { StopPoint, StopPoints } from './stop-points';

/** The commands that a platform's part of the agent starts, as shell patterns of complete command lines. */
interface PlatformCommands {
  readonly tools: Readonly<Record<string, string>>;
  readonly needs: readonly string[];
  readonly checks: string;
  readonly loads: string;
  /**
   * Whether one such command changes everything. If not, there is a moment after the first and before the next command.
   */
  readonly atOnce: boolean;
  readonly lists: string;
  /** A command that prints the objects of ours that the platform holds, now and for the next start. */
  readonly held: string;
  /** The first command of the platform's own confirm, after the decision. */
  readonly keeps?: string;
}

const createStopPoint = (
  name: string,
  when: StopPoint['when'],
  pattern: string,
  decided: StopPoint['decided'] = 'no',
): StopPoint => ({
  name,
  pattern,
  when,
  decided,
});

const DECIDE_PATTERN = 'mv -f */armed-* */release';
const UNDO_PATTERN = 'mv -f */armed-* */undoing-*';
const STOP_TIMER_PATTERN = 'systemctl stop cpanel-edge-undo-*';
const RECORD_LOADED_PATTERN = 'mv -f */loaded.new */loaded';
const REMOVE_PATTERN = 'mv -f */release */[kr]*';

/** Returns the stop points that all Linux platforms share, with the platform's commands in them. */
export const createLinuxStopPoints = ({
  tools,
  needs,
  checks,
  loads,
  atOnce,
  lists,
  held: snapshot,
  keeps,
}: PlatformCommands): StopPoints => ({
  tools: {
    mv: '/usr/bin/mv',
    sync: '/usr/bin/sync',
    ...tools,
    'systemd-run': '/usr/bin/systemd-run',
    systemctl: '/usr/bin/systemctl',
  },
  needs: [...needs, 'systemd-run'],
  within: {
    upload: [
      createStopPoint('received, not named', 'before', 'mv -f */coming-* */offered-*'),
      createStopPoint('offered', 'after', 'mv -f */coming-* */offered-*'),
    ],
    check: [
      createStopPoint('rules checked', 'after', checks),
      createStopPoint('checked', 'after', 'mv -f */offered-* */checked-*'),
    ],
    arm: [
      createStopPoint('timer started, not armed', 'after', 'systemd-run *'),
      createStopPoint('armed, not loaded', 'after', 'mv -f */checked-* */armed-*'),
      createStopPoint('about to load', 'before', loads),
      ...(atOnce
        ? [createStopPoint('loaded, not remembered', 'after', loads)]
        : [
            createStopPoint('loaded in part', 'after', loads),
            createStopPoint('loaded, not remembered', 'before', RECORD_LOADED_PATTERN),
          ]),
      createStopPoint('remembered', 'after', RECORD_LOADED_PATTERN),
    ],
    read: [createStopPoint('listing the rules', 'before', lists)],
    confirm: [
      createStopPoint('about to decide', 'before', DECIDE_PATTERN),
      createStopPoint('decided, not on the disk', 'after', DECIDE_PATTERN, 'not on the disk yet'),
      ...(keeps === undefined
        ? []
        : [createStopPoint('on the disk, not yet where others load it from', 'before', keeps, 'yes')]),
      createStopPoint('on the disk, timer not stopped', 'before', STOP_TIMER_PATTERN, 'yes'),
      createStopPoint('timer stopped', 'after', STOP_TIMER_PATTERN, 'yes'),
    ],
    rollback: [
      createStopPoint('about to undo', 'before', UNDO_PATTERN),
      createStopPoint('undoing, not loaded', 'after', UNDO_PATTERN),
      createStopPoint(`undoing, loaded${atOnce ? '' : ' in part'}`, 'after', loads),
    ],
    retract: [
      createStopPoint('about to retract', 'before', REMOVE_PATTERN),
      createStopPoint('named as retracted', 'after', REMOVE_PATTERN),
    ],
  },
  snapshot: `${snapshot}; ip -o addr show scope global | awk '{ print $2, $4 }' | sort`,
});
