// Tests that docs/reference/protocol.md, the driver and the agent have the same states and steps, and that a delivery
// on a test device takes them in this order; also late rollbacks and uploads, silent deliveries, and a removal that
// was cut off. Runs on a test device with the real nft.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAgent } from '../../driver/agent-program';
import { DEVICE_STEPS, STABLE_STATES, STATES, DELIVERY_STEPS } from '../../driver/protocol';
import { WAYS, isQuick, stateful } from './delivery-states';
import { gateway, underShells, wordOf } from './under-shell';

const page = readFileSync(join(__dirname, '../../docs/reference/protocol.md'), 'utf8');
const drawing = /```mermaid\n([^]*?)```/.exec(page)![1]!;
const text = loadAgent().text;

describe('drawing, driver and agent', () => {
  const arrows = [...drawing.matchAll(/^ {2}(\w+) --> (\w+) : (\w+)$/gm)].map(([, from = '', to = '', by = '']) => ({
    from,
    to,
    by,
  }));

  test('the drawing has no arrow in another form, which this test would not see', () => {
    expect(drawing.match(/-->/g)!.length).toBe(arrows.length + 1);
  });

  test('have the same states', () => {
    const inside = /state settled \{([^}]*)\}/.exec(drawing)![1]!.trim().split(/\s+/);
    expect(inside).toEqual([...STABLE_STATES]);
    const drawn = new Set([...arrows.flatMap(({ from, to }) => [from, to]), ...inside]);
    drawn.delete('settled');
    expect([...drawn].sort()).toEqual([...STATES].sort());
    const said = /\nstate_of_home\(\) \{\n([^]*?)\n\}\n/.exec(text)![1]!;
    const printed = [...said.matchAll(/printf '(\w+)\\n'/g)].map(([, state]) => state!);
    const passing = /for passing in ([a-z ]+);/.exec(said)![1]!.split(' ');
    expect([...printed, ...passing].sort()).toEqual([...STATES].sort());
  });

  test('have the same steps', () => {
    expect([...new Set(arrows.map(({ by }) => by))].sort()).toEqual([...DELIVERY_STEPS, ...DEVICE_STEPS].sort());
    const commands = [...text.matchAll(/^ {4}(\w+)\) command_\1 "\$@" ;;$/gm)].map(([, name]) => name!);
    const asked = { connect: 'protocol', prove: 'read' } as Readonly<Record<string, string>>;
    const looks = ['facts', 'status', 'look', 'outcome', 'rules', 'addresses', 'service', 'units'];
    const steps = commands.filter((name) => !looks.includes(name));
    expect(steps.sort()).toEqual([...DELIVERY_STEPS, ...DEVICE_STEPS].map((step) => asked[step] ?? step).sort());
  });

  test.each(['steps', 'state'])('the table has each %s once', (what) => {
    const rows = [...page.matchAll(/^\| `?(\w+)`? \|/gm)]
      .map(([, first]) => first!)
      .filter((first) => first !== 'step' && first !== 'state');
    const names = what === 'state' ? STATES : [...DELIVERY_STEPS, ...DEVICE_STEPS];
    expect(rows.filter((row) => names.some((name) => name === row)).sort()).toEqual([...names].sort());
  });
});

jest.setTimeout(90_000);

underShells(['sh'], 'status reports the state', (under) => {
  const { run, program, word, step, state, upTo, boots, bringWhatWasSettled, cutOff, ports, retract } = stateful(under);
  const seconds = (): string => / seconds=([a-z0-9]+) /.exec(program('status'))?.[1] ?? 'none';

  test('during a delivery, and the seconds until the timer fires', () => {
    const release = gateway(1001);
    expect(state()).toBe('nothing');
    const seen = (['upload', 'check', 'arm', 'confirm'] as const).map(
      (name) => (step(name, release, 600), [state(), name === 'arm' ? Number(seconds()) : seconds()]),
    );
    expect(seen.map(([now]) => now)).toEqual(['offered', 'checked', 'armed', 'confirmed']);
    expect([seen[0]![1], seen[1]![1], seen[3]![1]]).toEqual(['none', 'none', 'none']);
    expect(seen[2]![1]).toBeGreaterThan(60);
    expect(seen[2]![1]).toBeLessThanOrEqual(600);
    expect(step('upload', gateway(1001))).toBe('ok running');
    expect(state()).toBe('confirmed');
    expect(word('forget gateway web lease-1')).toBe('ok forgotten');
    expect(state()).toBe('kept');
  });

  bringWhatWasSettled(WAYS.filter(isQuick));

  test('a delivery that is silent for a minute is forgotten, and a check restarts the minute', () => {
    const silentFor = (seconds: number): string =>
      run(`cd /run/cpanel-edge && sed -i "s/[0-9]*$/$(($(cut -d . -f 1 /proc/uptime) - ${seconds}))/" delivering`);
    const release = upTo('upload', gateway(1001));
    silentFor(50);
    expect(step('check', release)).toBe('ok checked');
    expect(step('upload', gateway(1002))).toBe('refused busy');
    silentFor(50);
    expect(step('upload', gateway(1002))).toBe('refused busy');
    silentFor(61);
    expect(step('upload', gateway(1002))).toBe('ok uploaded');
    expect(step('arm', release)).toBe('refused not-the-holder');
    silentFor(-90_000);
    expect(step('upload', gateway(1003))).toBe('ok uploaded');
  });

  test('a rollback reports whether it was the first', () => {
    const release = upTo('arm', gateway(1001));
    expect(program(`rollback ${release.identity}`)).toMatch(/ok rolled-back digest=none from=armed$/);
    expect(program(`rollback ${release.identity}`)).toMatch(/ok rolled-back digest=none from=nothing$/);
  });

  test('a late rollback of another delivery keeps the timer of the armed release', () => {
    const release = upTo('check', gateway(1001));
    expect(step('rollback', release)).toBe('ok rolled-back');
    upTo('arm', gateway(1002));
    expect(step('rollback', release)).toBe('ok rolled-back');
    expect(Number(seconds())).toBeGreaterThan(30);
  });

  test('an upload that arrives after its rollback is refused, and the next delivery does not wait', () => {
    const release = gateway(1001);
    expect(program(`rollback ${release.identity}`)).toMatch(/ok rolled-back digest=none from=nothing$/);
    expect(step('upload', release)).toBe('refused not-the-holder');
    expect(state()).toBe('nothing');
    expect(step('upload', gateway(1002))).toBe('ok uploaded');
  });

  describe('a removal that was interrupted', () => {
    test('is completed by the boot', () => {
      cutOff();
      expect([boots(), state(), ports()]).toEqual(['ok loaded', 'nothing', []]);
    });
    test('is completed when it is repeated', () => {
      cutOff();
      expect([wordOf(retract()), state(), ports()]).toEqual(['ok retracted', 'nothing', []]);
    });
  });
});
