// A platform without a shell is a line of the systems. Before whoever asks for it.
jest.mock('../../lib/systems', () => {
  const actual = jest.requireActual<typeof import('../../lib/systems')>('../../lib/systems');
  const { system: toy } = jest.requireActual<typeof import('./toy-router/system')>('./toy-router/system');
  return { ...actual, systems: { ...actual.systems, toy } };
});

import { canHaveDevice } from '../device/machine';
import { describeWhere } from '../where-possible';
import { routerAndDeliveries } from './toy-router/deliveries';
import { textFor } from './toy-router/steps';

const withRouter = describeWhere(canHaveDevice, 'deliveries to a router without a shell', 'root on Linux');

// Many connections each, on a machine that may be busy.

withRouter('a delivery to a device that is odd, or loses its line', () => {
  const { device, delivered, runs, starts, meanwhile } = routerAndDeliveries();

  // Until the first yes: from the commit on trial on, and before it.
  const ODD = [
    ['says that it took no command', ['% Not now'], /driver\/not-understood .*not taken: % Not now/],
    ['says a line that nobody expects', ['Half committed'], /driver\/not-understood .*a line nobody expects: Half committed/],
    ['asks what nobody expects', 'asks', /driver\/no-prompt .*Are you sure\? \[y\/N\] /],
    ['stops in the middle of a reply', 'half', /driver\/no-prompt/],
    ['goes away in the middle of a reply', 'cut', /driver\/no-prompt/],
    ['never ends', 'endless', /driver\/not-understood .*more than any configuration has/],
  ] as const;
  it.each(ODD)('of a device that %s in place of loading loads nothing', async (_, odd) => {
    device().tampering = (command) => (command.startsWith('delete filter') ? odd : undefined);
    expect((await delivered('here')).yes).toBe(false);
    expect([runs(), starts()]).toEqual([[], []]);
  });
  it.each(ODD)('of a device that %s once it has loaded is taken back at once', async (_, odd, why) => {
    await delivered('here');
    // The answer to its question: it has committed, and what it says of that is lost or odd.
    device().tampering = (command) => (command === 'y' ? odd : undefined);
    const { yes, text } = await delivered('ssh', { text: textFor(1002) });
    expect([yes, text]).toEqual([false, expect.stringMatching(why)]);
    expect([device().router.trial, runs(), starts()]).toEqual([undefined, ['1001'], ['1001']]);
  });

  it('is taken back although the device logs something meanwhile', async () => {
    await delivered('here');
    let logged = 0;
    device().tampering = (command, reply) =>
      command === 'show configuration' && device().router.trial && (logged += 1) < 3 ? [...reply, 'LOG: link up'] : undefined;
    const { yes } = await delivered('here', { text: textFor(1002) });
    expect([yes, logged > 1, device().router.trial, runs()]).toEqual([false, true, undefined, ['1001']]);
  });

  it('keeps no other one away where its upload stopped halfway, at whichever command', async () => {
    let commands = 0;
    device().tampering = () => void (commands += 1);
    await delivered('here');
    const all = commands;
    for (let last = 1; last <= all; last += 1) {
      device().fresh();
      commands = 0;
      device().tampering = () => ((commands += 1) === last ? 'cut' : undefined);
      const first = await delivered('here');
      device().tampering = undefined;
      const second = await delivered('here');
      expect([last, first.yes || second.yes, runs()]).toEqual([last, true, ['1001']]);
    }
    expect(all).toBeGreaterThan(8);
  });

  it('whose line dies between arm and confirm is taken back by the device itself', async () => {
    await delivered('here');
    const lost = meanwhile(() => (device().tampering = () => (device().router.trial ? 'cut' : undefined)));
    const { yes, text } = await delivered('ssh', { text: textFor(1002), rollbackSeconds: 2 }, { prove: lost });
    expect([yes, text]).toEqual([false, expect.stringMatching(/device\/not-armed/)]);
    expect([runs(), starts()]).toEqual([['1001'], ['1001']]);
  });

  it('whose runner dies is taken back by the device itself', async () => {
    const stop = new AbortController();
    device().tampering = () => (stop.signal.aborted && device().router.trial ? 'cut' : undefined);
    const { yes } = await delivered('ssh', { rollbackSeconds: 2 }, { prove: meanwhile(() => stop.abort()), stop: stop.signal });
    expect([yes, runs()]).toEqual([false, []]);
  });

  it('whose device starts again before the yes is gone', async () => {
    await delivered('here');
    const { yes, text } = await delivered('here', { text: textFor(1002) }, { prove: meanwhile(() => device().router.boots()) });
    expect([yes, text]).toEqual([false, expect.stringMatching(/device\/not-armed/)]);
    expect([runs(), starts()]).toEqual([['1001'], ['1001']]);
  });

  it('whose yes was heard and whose answer was lost is confirmed', async () => {
    let times = 0;
    device().tampering = (command) => (command === 'commit confirm' && (times += 1) === 1 ? 'cut' : undefined);
    expect([(await delivered('ssh')).yes, starts(), times]).toEqual([true, ['1001'], 1]);
  });
});
