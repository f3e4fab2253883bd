// Tests the message at the end of a removal from a simulated device for each outcome: device not reached, refused, no
// answer, the owner token of another state.

import { OrderOutcome } from '../../driver/deliver';
import { loadAgent } from '../../driver/agent-program';
import { removeOwner } from '../../driver/remove';
import { connectionOf } from './samples';
import { Says, VERIFY, block, device, statusOf, world } from './simulated-device';

describe('a removal ends with', () => {
  const order = { device: 'gw', owner: 'web', role: 'gateway', connection: connectionOf() } as const;
  const retracted = (says: Readonly<Record<string, Says>>): Promise<OrderOutcome> =>
    removeOwner(order, loadAgent(), world(device(says)));

  test.each([
    ['nothing', '  On the device: nothing of web, now and after every restart.', /Next: nothing\.$/],
    [
      'closed',
      '  On the device: the rules of its last release, now and after every restart. They have no owner any more.',
      /deliver web again with onRemove: 'as before'/,
    ],
    [
      'rules',
      '  On the device: these rules, open ports included, now and after every restart. They have no owner any more.',
      /look at them: npx cpanel-edge verify gw/,
    ],
    [
      'copy file=/etc/sysconfig/nftables.conf',
      '  On the device: nothing of web now; whatever loads /etc/sysconfig/nftables.conf brings the copy back, at the next start, too.',
      /on gw, save the rules that run there anew with the program that wrote \/etc\/sysconfig\/nftables\.conf, or take them out by hand\.$/,
    ],
  ])('%s left', async (left, runs, next) => {
    const { delivered, paragraph } = await retracted({
      retract: `ok retracted left=${left}`,
      status: statusOf({ state: 'kept' }),
    });
    expect([delivered, paragraph[1], paragraph[2]]).toEqual([
      true,
      runs,
      '  In Terraform: it forgets the ownership record of web on gw and the owner token.',
    ]);
    expect(paragraph[3]).toMatch(next);
  });

  test.each([
    [
      "a device that doesn't report it",
      statusOf({ state: 'kept' }, [], ''),
      /now; what a restart brings was not looked at: its program/,
    ],
    ['a device that is silent', undefined, /now; what a restart brings was not looked at: it did not answer/],
    [
      'a unit that is disabled',
      statusOf({ state: 'kept' }, [], 'unit-disabled'),
      /now, and perhaps not after a restart: .* is disabled/,
    ],
  ])('rules that stay on %s: the message claims nothing about every restart', async (_, status, says) => {
    const { paragraph } = await retracted({ retract: 'ok retracted left=closed', status });
    expect(paragraph[1]).toMatch(says);
    expect(paragraph[1]).not.toContain('every restart');
  });

  test("devices that weren't reached, that refuse, or that are silent after the command", async () => {
    const kept = 'what it ran before: what it opens stays open.';
    const unknown =
      /not known: it was told to remove the owner and did not say that it did\. It runs the last release, or nothing of it any more/;
    for (const [says, runs] of [
      [{ protocol: undefined }, kept],
      [{ retract: undefined }, unknown],
      [{ retract: 'failed retract-incomplete' }, unknown],
    ] as const) {
      const { delivered, paragraph } = await retracted(says);
      expect(delivered).toBe(false);
      expect(block({ delivered, paragraph })).toEqual([
        'web on gw was not removed.',
        runs === kept ? `  On the device: ${kept}` : expect.stringMatching(unknown),
        '  In Terraform: it keeps the ownership record, and with it the owner token, in the state. The next run removes again, and twice is once.',
        `  Next, in /srv/edge: once the cause above is gone: npx cdktf deploy production. If the device is gone for ever: CPANEL_EDGE_FORGET=gw/web npx cdktf deploy production. What the device runs: ${VERIFY}`,
      ]);
    }
  });
});

test("another state's owner token is neither removed nor kept in a state that can't have it", async () => {
  const order = { device: 'gw', owner: 'web', role: 'gateway', connection: connectionOf() } as const;
  const away =
    'npx cpanel-edge remove gw --owner web --owner-token 0f6c --role gateway --stack cdktf.out/stacks/production';
  const removeAndGetHint = async (isByHand: boolean): Promise<string | undefined> => {
    const remote = device({ retract: 'refused foreign-lease lease=0f6c' });
    return (await removeOwner(order, loadAgent(), { ...world(remote), isByHand })).paragraph.at(-1);
  };
  expect(await removeAndGetHint(false)).toBe(
    `  Next, in /srv/edge: if the other state keeps it, let this one forget its own ownership record: CPANEL_EDGE_FORGET=gw/web npx cdktf deploy production; to take it away all the same, under the owner token that the device names: ${away}. What the device runs: ${VERIFY}`,
  );
  expect(await removeAndGetHint(true)).toBe(
    `  Next, in /srv/edge: to take it away all the same, under the owner token that the device names: ${away}. What the device runs: ${VERIFY}`,
  );
});
