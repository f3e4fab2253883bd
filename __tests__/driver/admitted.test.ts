// Tests that the driver asks a device again while its sshd turns connections away, gives up after a while, and never
// repeats a refused login or a broken connection.

import { askUntilAdmitted } from '../../driver/retry-turned-away';
import { AgentAnswer, parseAnswer } from '../../driver/agent-answer';
import { explainNoAnswer } from '../../driver/answer-problems';
import { connectionOf } from './samples';

// The message of ssh if sshd closes the connection at once.
const AWAY = parseAnswer('', 'kex_exchange_identification: read: Connection reset by peer\n', 255);
const YES = parseAnswer('cpanel-edge: ok protocol=9\n', '', 0);

/** Asks a sshd that turns every connection away for this many seconds. */
async function asks(
  seconds: number,
  stop?: AbortController,
): Promise<{ readonly answer: AgentAnswer; readonly after: number }> {
  let after = 0;
  const wait = (pause: number): Promise<void> => Promise.resolve(void (after += pause));
  const ask = (): Promise<AgentAnswer> => Promise.resolve(after < seconds ? AWAY : YES);
  return { answer: await askUntilAdmitted(ask, stop ? { signal: stop.signal } : {}, wait), after };
}

// OpenSSH 10's PerSourcePenalties start at 15 s, and a failed login adds 5 s.
it.each([0, 3, 16, 20])('asks a sshd that turns connections away for %i s until it accepts', async (seconds) =>
  expect((await asks(seconds)).answer.result?.is).toBe('ok'),
);

it('gives up after a while, and names the possible reasons', async () => {
  const { answer, after } = await asks(600);
  expect([answer.result, after]).toEqual([undefined, 30]);
  const { code, what, instead } = explainNoAnswer(connectionOf(), answer);
  expect(code).toBe('driver/unreachable');
  expect(what).toMatch(/closed every connection before it heard a word, for 30 s \(kex_exchange_identification: /);
  expect(instead).toMatch(/PerSourcePenalties.*MaxStartups/);
});

it('stops asking if the delivery is interrupted', async () => {
  const stop = new AbortController();
  stop.abort();
  expect((await asks(600, stop)).after).toBe(0);
});

it("doesn't repeat a refused login or a broken connection", async () => {
  for (const said of ['Permission denied (publickey).', 'Connection reset by 10.0.0.1 port 22']) {
    let times = 0;
    const refused = parseAnswer('', `${said}\n`, 255);
    await askUntilAdmitted(
      () => Promise.resolve(((times += 1), refused)),
      {},
      () => Promise.resolve(),
    );
    expect(times).toBe(1);
    expect(explainNoAnswer(connectionOf(), refused).what).not.toMatch(/before it heard a word/);
  }
});
