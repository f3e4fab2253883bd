import { Command, Reply, Told, asWord } from '../../../lib/delivering/dialogue';
import { Delivered } from '../../../lib/delivering/dialogue-steps';
import { Mark, markName, marksOf, othersOf } from './configuration';
import * as toy from './manners';

/** A step's part, that gives back something else than its end. */
export type Part<T> = Generator<Command, T, Reply>;

/** What is asked for at the beginning of each step. */
export interface Seen {
  readonly running: readonly string[];
  /** What a restart brings: as long as nothing is on trial, what runs. */
  readonly startup: readonly string[];
  readonly candidate?: { readonly lines: readonly string[]; readonly by: string; readonly idle: number };
  readonly trial?: { readonly token: string; readonly seconds: number };
}

export function* seen(): Part<Seen> {
  const { lines: running } = yield toy.configuration;
  const { lines: startup } = yield toy.startup;
  const [changed = '', ...lines] = (yield toy.candidate).lines;
  const [, by, idle] = /^changed by (\S+), idle (\d+) seconds$/.exec(changed) ?? [];
  const [, seconds, token] = /^reverts in (\d+) seconds: (\S+)$/.exec((yield toy.trial).lines[0] ?? '') ?? [];
  return {
    running,
    startup,
    ...(by === undefined ? {} : { candidate: { lines, by, idle: Number(idle) } }),
    ...(token === undefined ? {} : { trial: { token, seconds: Number(seconds) } }),
  };
}

export const ok = (result: string): Told => ({ result: `ok ${result}` });
export const refused = (result: string, said: readonly string[] = []): Told => ({ result: `refused ${result}`, sections: { '': said } });

/** A delivery that is silent for longer has died. */
const FORGOTTEN = 60;

/** Takes the configuration for this session, without changes of anybody in it and nothing on trial; or says who has it. */
export function* taken(): Part<Seen | { readonly busy: Told }> {
  const now = yield* locked();
  if ('busy' in now) return now;
  const { candidate, trial, ...settled } = now;
  if (trial) {
    const mark = markWith(now.running, trial.token);
    return busy(mark ? markName(mark) : 'unnamed', ` armed=${trial.token}`);
  }
  // One without changes is nobody's.
  if (!candidate || candidate.lines.join('\n') === now.running.join('\n')) return settled;
  const delivery = coming(now);
  // Changes of a person are a person's, however old they are.
  const persons = !delivery || othersOf(candidate.lines, delivery) !== othersOf(now.running, delivery);
  if (persons || candidate.idle < FORGOTTEN) return persons ? busy(candidate.by, ' by=person') : busy(markName(delivery));
  yield toy.discard;
  return settled;
}

/** The same, with what this delivery left there. */
export function* holding(of: Delivered): Part<{ readonly now: Seen; readonly mark: Mark } | { readonly busy: Told }> {
  const now = yield* locked();
  if ('busy' in now) return now;
  const mark = coming(now);
  if (mark?.token === of.token) return { now, mark };
  return now.candidate && !mark ? busy(now.candidate.by, ' by=person') : { busy: refused('not-the-holder') };
}

function* locked(): Part<Seen | { readonly busy: Told }> {
  const { no } = yield toy.configure;
  const by = /^% Locked by (\S+)/.exec(no[0] ?? '')?.[1];
  return by === undefined ? yield* seen() : busy(by, ' by=person');
}

const busy = (holder: string, more = ''): { readonly busy: Told } => ({ busy: refused(`busy holder=${asWord(holder)}${more}`) });

/** What a delivery has put into the candidate. */
export const coming = ({ candidate, running }: Seen): Mark | undefined =>
  marksOf(candidate?.lines ?? []).find(({ token }) => markWith(running, token) === undefined);
const markWith = (lines: readonly string[], token: string): Mark | undefined => marksOf(lines).find((mark) => mark.token === token);
