import { Place, Places } from './places';

/** What a platform's organs start, as shell patterns of whole command lines. */
interface Organs {
  readonly tools: Readonly<Record<string, string>>;
  readonly needs: readonly string[];
  readonly checks: string;
  readonly loads: string;
  /** Whether one such command changes everything. Else there is a moment at which the first has and what follows it hasn't. */
  readonly atOnce: boolean;
  readonly lists: string;
  /** Prints what it holds that is ours, now and for the next start. */
  readonly held: string;
  /** Before what its own confirm puts in order, when it is decided. */
  readonly keeps?: string;
}

const place = (name: string, when: Place['when'], pattern: string, decided: Place['decided'] = 'no'): Place => ({
  name,
  pattern,
  when,
  decided,
});

const DECIDES = 'mv -f */armed-* */release';
const UNDOES = 'mv -f */armed-* */undoing-*';
const STOPS_TIMER = 'systemctl stop cpanel-edge-undo-*';
const REMEMBERS = 'mv -f */loaded.new */loaded';
const RETRACTS = 'mv -f */release */[kr]*';

/** Those of the program that all platforms of Linux share, with what a platform does in them. */
export const linuxPlaces = ({ tools, needs, checks, loads, atOnce, lists, held, keeps }: Organs): Places => ({
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
      place('received, not named', 'before', 'mv -f */coming-* */offered-*'),
      place('offered', 'after', 'mv -f */coming-* */offered-*'),
    ],
    check: [place('rules checked', 'after', checks), place('checked', 'after', 'mv -f */offered-* */checked-*')],
    arm: [
      place('timer started, not armed', 'after', 'systemd-run *'),
      place('armed, not loaded', 'after', 'mv -f */checked-* */armed-*'),
      place('about to load', 'before', loads),
      ...(atOnce
        ? [place('loaded, not remembered', 'after', loads)]
        : [place('loaded in part', 'after', loads), place('loaded, not remembered', 'before', REMEMBERS)]),
      place('remembered', 'after', REMEMBERS),
    ],
    read: [place('listing the rules', 'before', lists)],
    confirm: [
      place('about to decide', 'before', DECIDES),
      place('decided, not on the disk', 'after', DECIDES, 'not on the disk yet'),
      ...(keeps === undefined ? [] : [place('on the disk, not yet where others load it from', 'before', keeps, 'yes')]),
      place('on the disk, timer not stopped', 'before', STOPS_TIMER, 'yes'),
      place('timer stopped', 'after', STOPS_TIMER, 'yes'),
    ],
    rollback: [
      place('about to undo', 'before', UNDOES),
      place('undoing, not loaded', 'after', UNDOES),
      place(`undoing, loaded${atOnce ? '' : ' in part'}`, 'after', loads),
    ],
    retract: [place('about to retract', 'before', RETRACTS), place('named as retracted', 'after', RETRACTS)],
  },
  snapshot: `${held}; ip -o addr show scope global | awk '{ print $2, $4 }' | sort`,
});
