// Tests how the lab computes outages and forbidden answers from the single events of its probes.

import type { Opened } from '../../lab/probe/knock';
import { Knocked, longestRun, sessionSeen, tested, troubles } from '../../lab/probe/probe-results';
import { Test, testsOf } from '../../lab/probe/probe-questions';

const test = (more: Partial<Test> = {}): Test => ({
  name: 'allowed',
  from: 'internet',
  to: '203.0.113.10',
  port: 443,
  expect: 'answer',
  perSecond: 10,
  ...more,
});

const answer = (name = 'web1', from = '203.0.113.1'): Opened => ({
  is: 'answer',
  answer: { name, to: '10.0.0.10', port: 443, from, fromPort: 40000 },
});
const silent: Opened = { is: 'silent', because: '900 ms' };
const refused: Opened = { is: 'refused', because: 'ECONNREFUSED' };
const banner: Opened = { is: 'connected', because: 'SSH-2.0-OpenSSH_9.2' };
const mute: Opened = { is: 'connected', because: 'says nothing' };

const knocks = (...met: Opened[]): readonly Knocked[] =>
  met.map((opened, index) => ({ at: 1000 + 100 * index, late: false, opened }));

describe('the longest outage', () => {
  const runs = (text: string) =>
    [...text].map((mark, index) => ({ at: 100 * index, good: mark === '?' ? undefined : mark === '+' }));
  it.each([
    ['', 0],
    ['++++', 0],
    ['+-+', 100],
    ['+--+-+', 200],
    ['-+---+', 300],
    // Nobody knows of some: they neither begin an outage nor end it.
    ['+?+', 0],
    ['+-?-+', 300],
    ['+-?+', 200],
    // To the end, which came at 1,000.
    ['+--', 900],
    ['---', 1000],
  ])('of %p is %p ms', (text, outage) => expect(longestRun(runs(text), 1000)).toBe(outage));

  it('goes by when tests began, not by when they were answered', () => {
    const [first, second, third] = knocks(silent, answer(), answer());
    expect(tested(test(), [second!, third!, first!], 2000).longestOutage).toBe(100);
  });
});

describe('a port that must answer', () => {
  it('is good where the server does', () => {
    expect(tested(test(), knocks(answer(), answer()), 2000)).toMatchObject({
      tried: 2,
      good: 2,
      failures: [],
      wrong: [],
      successes: [],
    });
  });

  it('fails where nobody, somebody else or somebody mute does', () => {
    const seen = tested(test(), knocks(answer(), silent, refused, mute, banner, answer('neighbour')), 2000);
    expect(seen).toMatchObject({ tried: 6, good: 1, longestOutage: 900, successes: [] });
    expect(seen.wrong).toEqual([
      { at: '1970-01-01T00:00:01.500Z', saw: 'neighbour as 10.0.0.10, asked by 203.0.113.1' },
    ]);
    expect(seen.failures).toHaveLength(5);
    expect(seen.failures[0]).toBe('1970-01-01T00:00:01.100Z silent: 900 ms');
  });

  it('is neither good nor failed where it may be the second packet that was answered', () => {
    const [first, second, third, fourth] = knocks(silent, answer(), silent, answer()).map((each, index) => ({
      ...each,
      late: index === 1,
    }));
    const seen = tested(test(), [first!, second!, third!, fourth!], 2000);
    expect(seen).toMatchObject({ tried: 4, good: 1, longestOutage: 300 });
    expect(seen.failures).toHaveLength(2);
    // Somebody else's answer is a wrong one whenever it was heard.
    expect(tested(test(), [{ at: 1000, late: true, opened: answer('neighbour') }], 2000).wrong).toHaveLength(1);
    expect(
      tested(test({ expect: 'silence' }), [{ at: 1000, late: true, opened: answer() }], 2000).successes,
    ).toHaveLength(1);
  });

  it('may ask for who it has to be seen as, or for an sshd', () => {
    const identity = test({ right: { name: 'internet', from: '203.0.113.10' } });
    const seen = tested(identity, knocks(answer('internet', '203.0.113.10'), answer('internet', '203.0.113.2')), 2000);
    expect(seen).toMatchObject({ good: 1, wrong: [{ saw: 'internet as 10.0.0.10, asked by 203.0.113.2' }] });
    expect(tested(test({ right: 'banner' }), knocks(banner, mute, answer()), 2000).good).toBe(1);
  });
});

describe('a port that must be silent', () => {
  const closed = test({ expect: 'silence' });

  it('is good where nobody takes the connection', () => {
    const seen = tested(closed, knocks(silent, refused, { is: 'failed', because: 'EHOSTUNREACH' }), 2000);
    expect(seen).toMatchObject({
      tried: 3,
      good: 3,
      longestOutage: 0,
      successes: [],
      refusals: [{ saw: 'refused: ECONNREFUSED' }],
    });
  });

  it('was open where anybody did, told for every time', () => {
    const seen = tested(
      closed,
      knocks(silent, answer(), mute, banner, silent, ...Array.from({ length: 7 }, () => mute)),
      3000,
    );
    expect(seen.successes).toHaveLength(10);
    expect(seen.successes.map(({ saw }) => saw).slice(0, 3)).toEqual([
      'web1 as 10.0.0.10, asked by 203.0.113.1',
      'connected: says nothing',
      'connected: SSH-2.0-OpenSSH_9.2',
    ]);
    expect(seen.longestOutage).toBe(1500);
  });
});

it('nobody judges what may be either', () => {
  const either = tested(test({ expect: 'either' }), knocks(answer(), silent), 2000);
  expect(either).toMatchObject({ tried: 2, good: 1, successes: [] });
  const probed = {
    tests: [either, tested(test(), knocks(silent), 2000)],
    sessions: [],
    perSecond: 50,
    seconds: 1,
    lag: [],
  };
  expect(troubles(probed)).toEqual(['allowed, 443: 1970-01-01T00:00:01.000Z silent: 900 ms']);
});

it('a session tells its longest silence and its last', () => {
  expect(sessionSeen(443, [100, 200, 900, 1000], '', 0, 1300)).toEqual({
    port: 443,
    answers: 4,
    silentFor: 300,
    longestSilence: 700,
    ended: '',
  });
  expect(sessionSeen(443, [], 'ECONNRESET', 0, 500)).toMatchObject({ answers: 0, silentFor: 500, longestSilence: 500 });
});

describe('what is asked', () => {
  it('is at least 50 times a second in sum, and an sshd a few times', () => {
    const tests = testsOf({});
    expect(tests.reduce((sum, { perSecond }) => sum + perSecond, 0)).toBeGreaterThanOrEqual(70);
    for (const { name, perSecond } of tests.filter(({ right }) => right === 'banner'))
      expect([name, perSecond <= 3]).toEqual([name, true]);
  });

  it('follows the wish', () => {
    const tests = testsOf({ allowed: [80, 443], forbidden: [], either: [993], tests: [test({ name: 'mine' })] });
    expect(tests.filter(({ name }) => name === 'allowed').map(({ port }) => port)).toEqual([80, 443]);
    expect(tests.filter(({ expect: wanted }) => wanted === 'silence').map(({ name }) => name)).toEqual([
      'gateway by the VIP',
    ]);
    expect(tests.find(({ name }) => name === 'hairpin')?.port).toBe(80);
    expect(tests.filter(({ expect: wanted }) => wanted === 'either').map(({ port }) => port)).toEqual([993]);
    expect(tests.at(-1)?.name).toBe('mine');
    expect(testsOf({ allowed: [] }).some(({ name }) => name.startsWith('hairpin'))).toBe(false);
  });
});
