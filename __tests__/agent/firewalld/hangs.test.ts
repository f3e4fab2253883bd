// Tests the agent with a firewalld that hangs: a first release rolls back. Runs on a test device with the real
// firewalld.

import { host, onFirewalld, textOf } from './host';

jest.setTimeout(120_000);

// Stopped, or waiting for something that never comes: it has its name on the bus, and answers nobody.
onFirewalld('a firewalld that answers nobody', ({ delivered, step, files, runs, hold, goOn, run }) => {
  const trial = ['upload', 'check', 'arm'] as const;

  // No test waits half a minute to learn that it would, nor in each check for a dozen answers of firewalld's command, which other suites look at.
  beforeAll(
    () =>
      void run(
        "sed -i 's/^MOST_SECONDS=30$/MOST_SECONDS=3/; s/^firewalld_differs() {$/&\\n  return 1/' /usr/local/sbin/cpanel-edge-device",
      ),
  );

  test('keeps none of a first release from it', () => {
    const first = host(textOf(80));
    delivered(first, trial);
    hold();
    expect([step('rollback', first), runs(), files()]).toEqual(['ok rolled-back', 'none', []]);
    goOn();
    expect(delivered(host(textOf(80))).at(-1)).toBe('ok confirmed');
  });
});
