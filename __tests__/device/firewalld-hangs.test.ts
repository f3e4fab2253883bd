import { host, onFirewalld, textOf } from './firewalld-host';

jest.setTimeout(240_000);

// Stopped, or waiting for something that never comes: it has its name on the bus, and answers nobody.
onFirewalld('a firewalld that answers nobody', ({ program, says, delivered, step, files, stored, runs, hold, goOn, run }) => {
  const trial = ['upload', 'check', 'arm'] as const;

  // No test waits half a minute to learn that it would.
  beforeAll(() => void run("sed -i 's/^MOST_SECONDS=30$/MOST_SECONDS=3/' /usr/local/sbin/cpanel-edge-device"));

  test('keeps no undo from its work', () => {
    delivered(host(textOf(80)));
    const next = host(textOf(443));
    delivered(next, trial);
    hold();
    const began = Date.now();
    expect(program(`undo ${next.identity}`)).toContain('ok rolled-back');
    expect(Date.now() - began).toBeLessThan(20_000);
    expect([runs(), stored(), says('rules'), says('state')]).toEqual(['80', '80', 'as-loaded', 'confirmed']);
    goOn();
    expect([runs(), says('rules')]).toEqual(['80', 'as-loaded']);
    expect([delivered(host(textOf(443)), trial).at(-1), runs()]).toEqual(['ok armed', '443']);
  });

  test('keeps none of a first release from it', () => {
    const first = host(textOf(80));
    delivered(first, trial);
    hold();
    expect([step('rollback', first), runs(), files()]).toEqual(['ok rolled-back', 'none', []]);
    goOn();
    expect(delivered(host(textOf(80))).at(-1)).toBe('ok confirmed');
  });

  test('loads nothing, and that is said', () => {
    delivered(host(textOf(80)));
    const next = host(textOf(443));
    delivered(next, ['upload', 'check']);
    hold();
    const said = program(`arm ${next.identity} 60`);
    expect(said).toMatch(/\|Error: SILENT: firewalld runs and does not answer/);
    expect(said).toContain('refused load-failed');
    expect([runs(), stored(), says('state'), says('armed')]).toEqual(['80', '80', 'confirmed', 'none']);
    expect(delivered(host(textOf(443)), ['upload', 'check']).at(-1)).toBe('refused firewalld-silent');
    goOn();
  });
});
