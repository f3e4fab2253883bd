// The results of the probes that run during a delivery or a fault: outages, forbidden answers, ended sessions. Computes
// them from the single events, lists the wrong ones and prints them.

import type { Opened } from './knock';
import { Test, isConnection, isRight, printOpened } from './probe-questions';

/** One event: its ISO time, and what answered. */
export interface Sight {
  readonly at: string;
  readonly saw: string;
}

export interface Tested {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly expect: Test['expect'];
  readonly tried: number;
  readonly good: number;
  /**
   * Milliseconds of the longest run of failed tests, from the start of its first to the start of the next good one, or
   * to the end; 0 without a failure. For a forbidden port it is the time that it was open.
   */
  readonly longestOutage: number;
  /** For a port that must be silent: every connection that was accepted. */
  readonly successes: readonly Sight[];
  /**
   * For a port that must be silent: every reset. There was no connection, but the packet reached a TCP without a
   * listener on the port, because the lab's firewalls drop.
   */
  readonly refusals: readonly Sight[];
  /** For a port that must answer: answers by another host, or to an asker with another address than expected. */
  readonly wrong: readonly Sight[];
  /** The first five failures, with their time. */
  readonly failures: readonly string[];
}

export interface SessionSeen {
  readonly port: number;
  readonly answers: number;
  /** Milliseconds from the last answer to the end. */
  readonly silentFor: number;
  /** Milliseconds of the longest time between two answers. */
  readonly longestSilence: number;
  /** Reason for the end; empty if it goes on. */
  readonly ended: string;
}

/** A time in which a prober's program had no processor time. Failures in it are about the machine. */
export interface Lag {
  readonly from: string;
  readonly at: string;
  readonly milliseconds: number;
}

export interface Probed {
  readonly tests: readonly Tested[];
  readonly sessions: readonly SessionSeen[];
  /** Average number of tests a second. */
  readonly perSecond: number;
  readonly seconds: number;
  readonly lag: readonly Lag[];
}

/**
 * One knock: its start, whether the answer may be to the kernel's second packet, and the result or the reason why it
 * wasn't sent.
 */
export interface Knocked {
  readonly at: number;
  readonly late: boolean;
  readonly opened: Opened;
}

const time = (at: number): string => new Date(at).toISOString();

/**
 * Returns whether a knock was good; undefined for a right answer that was late, because it may belong to a packet that
 * was sent a second after the start.
 */
function isGood({ expect, right }: Test, { late, opened }: Knocked): boolean | undefined {
  if (expect === 'silence') return !isConnection(opened);
  return isRight(opened, right) && (late ? undefined : true);
}

/**
 * Returns milliseconds. `runs` are in the order of their starts. An undecided run neither begins an outage nor ends it.
 */
export function longestRun(
  runs: readonly { readonly at: number; readonly good: boolean | undefined }[],
  end: number,
): number {
  let longest = 0;
  let since: number | undefined;
  for (const { at, good } of runs) {
    if (good === undefined) continue;
    if (!good) since ??= at;
    else if (since !== undefined) {
      longest = Math.max(longest, at - since);
      since = undefined;
    }
  }
  return since === undefined ? longest : Math.max(longest, end - since);
}

/** Returns the result of one test. `end` is the time at which it was stopped. */
export function tested(test: Test, knocks: readonly Knocked[], end: number): Tested {
  // Answers come in any order: a failure is known 900 ms after later knocks that succeeded.
  const runs = [...knocks].sort((a, b) => a.at - b.at).map((each) => ({ ...each, good: isGood(test, each) }));
  const failed = runs.filter(({ good }) => good === false);
  const sights = (of: readonly Knocked[]): readonly Sight[] =>
    of.map(({ at, opened }) => ({ at: time(at), saw: printOpened(opened) }));
  const { name, from, to, port, expect } = test;
  return {
    name,
    from,
    to,
    port,
    expect,
    tried: runs.length,
    good: runs.filter(({ good }) => good).length,
    longestOutage: longestRun(runs, end),
    successes: expect === 'silence' ? sights(failed) : [],
    refusals: expect === 'silence' ? sights(runs.filter(({ opened }) => opened.is === 'refused')) : [],
    wrong: expect === 'silence' ? [] : sights(failed.filter(({ opened }) => opened.is === 'answer')),
    failures: failed.slice(0, 5).map(({ at, opened }) => `${time(at)} ${printOpened(opened)}`),
  };
}

/** Returns the result of a session that was answered at these times, after `start`. */
export function sessionSeen(
  port: number,
  answers: readonly number[],
  ended: string,
  start: number,
  end: number,
): SessionSeen {
  const times = [start, ...answers, end];
  const silences = times.slice(1).map((at, index) => at - (times[index] ?? at));
  return {
    port,
    answers: answers.length,
    silentFor: silences.at(-1) ?? 0,
    longestSilence: Math.max(...silences),
    ended,
  };
}

/** Returns a line for each wrong result; if there are any, also for times in which an asker's machine was too busy. */
export function troubles({ tests, lag }: Probed): readonly string[] {
  const failed = tests
    .filter(({ expect }) => expect !== 'either')
    .flatMap(({ name, port, failures }) => failures.map((failure) => `${name}, ${port}: ${failure}`));
  return failed.length === 0 ? [] : [...failed, ...lag.map(printLag)];
}

const printLag = ({ from, at, milliseconds }: Lag): string => `${at} ${from} had no time for ${milliseconds} ms`;

const printSights = (sights: readonly Sight[]): readonly string[] =>
  sights.slice(0, 2).map(({ at, saw }) => `${at} ${saw}`);

/** Prints one line for each test and session, for people. */
export function printProbed({ tests, sessions, perSecond, seconds, lag }: Probed): string {
  return [
    `${perSecond.toFixed(0)} tests a second for ${seconds.toFixed(1)} s`,
    ...tests.map((test) =>
      [
        `${test.name}: ${test.from} to ${test.to} port ${test.port}, ${test.expect} ${test.good} of ${test.tried}`,
        ...(test.longestOutage > 0 ? [`longest outage ${test.longestOutage} ms`] : []),
        ...(test.successes.length > 0 ? [`${test.successes.length} FORBIDDEN SUCCESSES`] : []),
        ...(test.refusals.length > 0 ? [`${test.refusals.length} refused aloud`] : []),
        ...(test.wrong.length > 0
          ? [`${test.wrong.length} ANSWERED BY OR SEEN AS ANOTHER`, ...printSights(test.wrong)]
          : []),
        ...printSights(test.successes),
        ...test.failures.slice(0, 1),
      ].join('; '),
    ),
    ...sessions.map(({ port, answers, silentFor, longestSilence, ended }) => {
      return `session on ${port}: ${answers} answers, longest silence ${longestSilence} ms, silent for ${silentFor} ms${ended && `; ${ended}`}`;
    }),
    ...lag.map(printLag),
  ].join('\n');
}
