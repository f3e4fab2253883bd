// Probes a lab during deliveries and faults, many times a second: connections that must be allowed, connections that
// must be denied, and long sessions. Returns outages, forbidden answers and ended sessions.
import { until } from '../command';
import { Lab } from '../lab';
import type { Told } from './knock';
import { Knocking } from './knocking';
import { Knocked, Lag, Probed, sessionSeen, tested } from './probe-results';
import { ProbeWish, Test, testsOf } from './probe-questions';
import { ADDRESS } from '../topology';

export type { Lag, Probed, SessionSeen, Sight, Tested } from './probe-results';
export type { ProbeWish, Test } from './probe-questions';

export interface Prober {
  /** Restarts the count. Sessions go on, and those that have ended stay ended. */
  mark(): Promise<void>;
  stop(): Promise<Probed>;
}

/** Node that holds the long sessions. */
const HOLDER = 'internet';

/** A test with its results. */
interface Asked {
  readonly test: Test;
  knocks: Knocked[];
}

interface Held {
  readonly port: number;
  answers: number[];
  ended: string;
}

/**
 * Asks continuously, from several nodes, for connections that must be allowed and others that must be denied, and keeps
 * sessions open, until it is stopped. It resolves when every test has run once and all sessions are up; otherwise it
 * throws with the missing ones.
 */
export async function probe(lab: Lab, wish: Partial<ProbeWish> = {}): Promise<Prober> {
  const asked = testsOf(wish).map((test): Asked => ({ test, knocks: [] }));
  const held = (wish.sessions ?? []).map((port): Held => ({ port, answers: [], ended: '' }));
  const from = [...new Set([...asked.map(({ test }) => test.from), ...(held.length > 0 ? [HOLDER] : [])])];
  let lag: Lag[] = [];
  let since = Date.now();
  const started = new Set<string>();

  const knocking = from.map((node) => {
    const own = asked.filter(({ test }) => test.from === node);
    const hear = (told: Told): void => {
      if (told.tells === 'started') started.add(node);
      else if (told.tells === 'ended') held[told.session]!.ended = `${new Date(told.at).toISOString()} ${told.because}`;
      else if (told.at < since) return;
      else if (told.tells === 'knocked') own[told.knock]?.knocks.push(told);
      else if (told.tells === 'answered') held[told.session]?.answers.push(told.at);
      else lag.push({ from: node, at: new Date(told.at).toISOString(), milliseconds: told.milliseconds });
    };
    const knocks = own.map(({ test: { to, port, source, perSecond } }) => {
      return { to, port, every: Math.round(1000 / perSecond), ...(source === undefined ? {} : { source }) };
    });
    const sessions = node === HOLDER ? held.map(({ port }) => ({ to: ADDRESS.publicWeb1, port })) : [];
    return new Knocking(lab, node, { knocks, sessions }, hear, () => {
      started.delete(node);
      own.forEach(missing);
    });
  });

  const mark = async (): Promise<void> => {
    since = Date.now();
    lag = [];
    for (const each of asked) each.knocks = [];
    for (const each of held) each.answers = [];
    asked.filter(({ test }) => !started.has(test.from)).forEach(missing);
    return Promise.resolve();
  };

  const stop = async (): Promise<Probed> => {
    const end = Date.now();
    await Promise.all(knocking.map((each) => each.stop()));
    const seconds = (end - since) / 1000;
    const tests = asked.map(({ test, knocks }) =>
      tested(
        test,
        knocks.filter(({ at }) => at <= end),
        end,
      ),
    );
    const sum = tests.reduce((all, { tried }) => all + tried, 0);
    return {
      tests,
      sessions: held.map(({ port, answers, ended }) =>
        sessionSeen(
          port,
          answers.filter((at) => at <= end),
          ended,
          since,
          end,
        ),
      ),
      perSecond: sum / seconds,
      seconds,
      lag,
    };
  };

  try {
    await until(`a prober on each of ${from.join(', ')} (see ${lab.folder}/knock-*.log)`, 30, () =>
      Promise.resolve(started.size === from.length),
    );
    await mark();
    await until('every test is made once', 30, () => Promise.resolve(asked.every(({ knocks }) => knocks.length > 0)));
    await until('the sessions are up', 10, () =>
      Promise.resolve(held.every(({ answers, ended }) => answers.length > 0 && ended === '')),
    );
  } catch (error) {
    const { tests, sessions } = await stop();
    const seen = [
      ...tests.flatMap(({ name, failures }) => failures.slice(0, 1).map((failure) => `${name}: ${failure}`)),
    ];
    const down = sessions
      .filter(({ answers }) => answers === 0)
      .map(({ port, ended }) => `session on ${port}: ${ended || 'no answer'}`);
    throw new Error([error instanceof Error ? error.message : String(error), ...seen, ...down].join('\n'));
  }
  return { mark, stop };
}

/** Records a failure: the program is gone with its last result. The test counts as failed until the next good one. */
function missing({ test, knocks }: Asked): void {
  if (test.expect === 'silence') return;
  const last = knocks.reduce((latest, { at }) => Math.max(latest, at), 0);
  const at = last === 0 ? Date.now() : last + 1;
  knocks.push({
    at,
    late: false,
    opened: { is: 'failed', because: `nobody could ask: ${test.from} and its network are gone` },
  });
}
