// Tests that a first release rolls back although firewalld hangs. Runs on a test device with the real firewalld.

import { host, onFirewalld, textOf } from './host';

jest.setTimeout(120_000);

// The process is stopped, or waits for something that never comes: its name stays on the bus, and it answers no call.
onFirewalld('the agent with a firewalld that hangs', ({ delivered, step, files, runs, hold, goOn, run }) => {
  const trial = ['upload', 'check', 'arm'] as const;

  // The tests shorten two waits that other suites test: half a minute until the agent gives up, and each check's dozen
  // answers of firewall-cmd.
  beforeAll(
    () =>
      void run(
        "sed -i 's/^MOST_SECONDS=30$/MOST_SECONDS=3/; s/^firewalld_differs() {$/&\\n  return 1/' /usr/local/sbin/cpanel-edge-device",
      ),
  );

  test('rolls back a first release and leaves nothing of it', () => {
    const first = host(textOf(80));
    delivered(first, trial);
    hold();
    expect([step('rollback', first), runs(), files()]).toEqual(['ok rolled-back', 'none', []]);
    goOn();
    expect(delivered(host(textOf(80))).at(-1)).toBe('ok confirmed');
  });
});
