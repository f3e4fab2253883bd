// Tests that deliveries to and removals from a simulated device that has another host key than the intent say nothing
// about what runs on it.

import { parseAnswer } from '../../driver/agent-answer';
import { deliver } from '../../driver/deliver';
import { describeNotRemoved } from '../../driver/remove-outcome';
import { loadAgent } from '../../driver/agent-program';
import { explainNoAnswer } from '../../driver/answer-problems';
import { PROJECT } from './doctor/samples';
import { connectionOf } from './samples';
import { block, device, release, world } from './simulated-device';

// A reinstalled server shows another host key. It was never authenticated, so the message claims nothing about what
// runs.

const other = parseAnswer('', 'Host key verification failed.\n', 255);
const UNKNOWN =
  '  On the device: not known: what answers there showed another host key, so it may be another machine, or this one made anew, which runs nothing of before; nothing was';

test('a delivery claims nothing about what an unauthenticated machine runs', async () => {
  const remote = { ...device({}), run: () => Promise.resolve(other) };
  const outcome = await deliver(release, loadAgent()!, world(remote));
  expect(outcome.paragraph[0]).toMatch(/^driver\/host-key at /);
  expect(block(outcome)[1]).toBe(`${UNKNOWN} loaded.`);
});

test('neither does a removal', () => {
  const order = {
    device: 'gw',
    owner: 'web',
    role: 'gateway',
    connection: connectionOf(),
    lease: 'lease-1',
  } as unknown as Parameters<typeof describeNotRemoved>[0];
  const { paragraph } = describeNotRemoved(
    order,
    { problems: [explainNoAnswer(connectionOf(), other)], asked: false },
    PROJECT,
    () => 'verify',
  );
  expect(paragraph).toContain(`${UNKNOWN} sent.`);
});
