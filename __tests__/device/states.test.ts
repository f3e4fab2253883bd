import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { programOf } from '../../driver/program';
import { OWN_STEPS, PASSING, SETTLED, STATES, STEPS } from '../../driver/protocol';
import { Sent, sent, tableText } from './stream';
import { gateway, underShells, wordOf } from './under-shell';

const page = readFileSync(join(__dirname, '../../docs/protocol.md'), 'utf8');
const drawing = /```mermaid\n([^]*?)```/.exec(page)![1]!;
const text = programOf()!.text;

describe('drawing, driver and device program', () => {
  const arrows = [...drawing.matchAll(/^ {2}(\w+) --> (\w+) : (\w+)$/gm)].map(([, from = '', to = '', by = '']) => ({ from, to, by }));

  test('no arrow is written in another form, which this reader would not see', () => {
    expect(drawing.match(/-->/g)!.length).toBe(arrows.length + 1);
  });

  test('have the same states', () => {
    const inside = /state settled \{([^}]*)\}/.exec(drawing)![1]!.trim().split(/\s+/);
    expect(inside).toEqual([...SETTLED]);
    const drawn = new Set([...arrows.flatMap(({ from, to }) => [from, to]), ...inside]);
    drawn.delete('settled');
    expect([...drawn].sort()).toEqual([...STATES].sort());
    const said = /\nstate_of_home\(\) \{\n([^]*?)\n\}\n/.exec(text)![1]!;
    const printed = [...said.matchAll(/printf '(\w+)\\n'/g)].map(([, state]) => state!);
    const passing = /for passing in ([a-z ]+);/.exec(said)![1]!.split(' ');
    expect([...printed, ...passing].sort()).toEqual([...STATES].sort());
  });

  test('have the same steps', () => {
    expect([...new Set(arrows.map(({ by }) => by))].sort()).toEqual([...STEPS, ...OWN_STEPS].sort());
    const commands = [...text.matchAll(/^ {2}(\w+)\) command_\1 "\$@" ;;$/gm)].map(([, name]) => name!);
    const asked = { connect: 'protocol', prove: 'read' } as Readonly<Record<string, string>>;
    const looks = ['facts', 'status', 'look', 'outcome', 'rules', 'addresses', 'service', 'units'];
    const steps = commands.filter((name) => !looks.includes(name));
    expect(steps.sort()).toEqual([...STEPS, ...OWN_STEPS].map((step) => asked[step] ?? step).sort());
  });

  test.each(['steps', 'state'])('the table has each %s once', (what) => {
    const rows = [...page.matchAll(/^\| `?(\w+)`? \|/gm)]
      .map(([, first]) => first!)
      .filter((first) => first !== 'step' && first !== 'state');
    const names = what === 'state' ? STATES : [...STEPS, ...OWN_STEPS];
    expect(rows.filter((row) => names.some((name) => name === row)).sort()).toEqual([...names].sort());
  });
});

jest.setTimeout(90_000);

underShells(['sh'], 'a device says its state', ({ run, program, word, step, device, says, ports, retract, fresh }) => {
  const home = '/etc/cpanel-edge/gateway-web';
  afterEach(() => fresh());

  const state = (): string => says('state').replace('nothing said', 'nothing');
  const seconds = (): string => / seconds=([a-z0-9]+) /.exec(program('status'))?.[1] ?? 'none';
  const upTo = (last: string, one: Sent): Sent => {
    for (const name of ['upload', 'check', 'arm', 'confirm'] as const) {
      expect(step(name, one)).toMatch(/^ok /);
      if (name === last) break;
    }
    return one;
  };
  const boots = (): string => {
    run('nft flush ruleset; rm -rf /run/cpanel-edge/*');
    return word('boot');
  };

  test('on the straight way, and the seconds until the timer', () => {
    const one = gateway(1001);
    expect(state()).toBe('nothing');
    const seen = (['upload', 'check', 'arm', 'confirm'] as const).map(
      (name) => (step(name, one), [state(), name === 'arm' ? Number(seconds()) : seconds()]),
    );
    expect(seen.map(([now]) => now)).toEqual(['offered', 'checked', 'armed', 'confirmed']);
    expect([seen[0]![1], seen[1]![1], seen[3]![1]]).toEqual(['none', 'none', 'none']);
    expect(seen[2]![1]).toBeGreaterThan(30);
    expect(seen[2]![1]).toBeLessThanOrEqual(60);
    expect(step('upload', gateway(1001))).toBe('ok running');
    expect(state()).toBe('confirmed');
    expect(word('forget gateway web lease-1')).toBe('ok forgotten');
    expect(state()).toBe('kept');
  });

  test('a reboot and a rollback in every passing state bring what was settled', () => {
    for (const settled of ['nothing', 'confirmed', 'kept']) {
      for (const passing of PASSING.filter((name) => name !== 'retracting')) {
        for (const back of ['boot', 'rollback']) {
          if (settled !== 'nothing') upTo('confirm', gateway(1001));
          if (settled === 'kept') word('forget gateway web lease-1');
          const last = { offered: 'upload', checked: 'check', armed: 'arm', undoing: 'arm' }[passing as string]!;
          const two = upTo(last, gateway(1002));
          // The rollback died right after its rename.
          if (passing === 'undoing') run(`mv ${home}/armed-${two.identity.split(' ')[2]} ${home}/undoing-${two.identity.split(' ')[2]}`);
          expect([settled, state()]).toEqual([settled, passing]);
          expect(back === 'boot' ? boots() : step('rollback', two)).toMatch(/^ok (loaded|rolled-back)$/);
          expect([passing, back, state(), ports()]).toEqual([passing, back, settled, settled === 'nothing' ? [] : ['1001']]);
          fresh();
        }
      }
    }
  });

  test('a delivery that is silent for a minute is forgotten, and a check begins its minute again', () => {
    const silentFor = (seconds: number): string =>
      run(`cd /run/cpanel-edge && sed -i "s/[0-9]*$/$(($(cut -d . -f 1 /proc/uptime) - ${seconds}))/" delivering`);
    const one = upTo('upload', gateway(1001));
    silentFor(50);
    expect(step('check', one)).toBe('ok checked');
    expect(step('upload', gateway(1002))).toBe('refused busy');
    silentFor(50);
    expect(step('upload', gateway(1002))).toBe('refused busy');
    silentFor(61);
    expect(step('upload', gateway(1002))).toBe('ok uploaded');
    expect(step('arm', one)).toBe('refused not-the-holder');
    silentFor(-90_000);
    expect(step('upload', gateway(1003))).toBe('ok uploaded');
  });

  test('a rollback says whether it was first', () => {
    const one = upTo('arm', gateway(1001));
    expect(program(`rollback ${one.identity}`)).toMatch(/ok rolled-back digest=none from=armed$/);
    expect(program(`rollback ${one.identity}`)).toMatch(/ok rolled-back digest=none from=nothing$/);
  });

  test('a late rollback of another delivery leaves the seconds of what is on trial', () => {
    const one = upTo('check', gateway(1001));
    expect(step('rollback', one)).toBe('ok rolled-back');
    upTo('arm', gateway(1002));
    expect(step('rollback', one)).toBe('ok rolled-back');
    expect(Number(seconds())).toBeGreaterThan(30);
  });

  test('an upload that comes behind its rollback is nobody’s: the next delivery waits for nothing', () => {
    const one = gateway(1001);
    expect(program(`rollback ${one.identity}`)).toMatch(/ok rolled-back digest=none from=nothing$/);
    expect(step('upload', one)).toBe('refused not-the-holder');
    expect(state()).toBe('nothing');
    expect(step('upload', gateway(1002))).toBe('ok uploaded');
  });

  test('the timer and a yes at the same moment: one of them wins, and both say the same', async () => {
    for (let round = 0; round < 4; round += 1) {
      const one = upTo('arm', gateway(1001));
      const [said] = await Promise.all([
        sleep(round * 20).then(() => step('confirm', one)),
        device().begin(`/usr/local/sbin/cpanel-edge-device undo ${one.identity}`),
      ]);
      // The answer was lost: asked again, it is the same.
      expect(step('confirm', one)).toBe(said);
      expect([said, state(), ports()]).toEqual(
        said === 'ok confirmed' ? [said, 'confirmed', ['1001']] : ['refused not-armed', 'nothing', []],
      );
      wordOf(retract());
    }
  });

  describe('a retract that was cut off', () => {
    const cutOff = (): void => {
      upTo('confirm', gateway(1001));
      run(`mv ${home}/release ${home}/retracting`);
      expect([state(), ports()]).toEqual(['retracting', ['1001']]);
    };
    test('is finished by boot', () => {
      cutOff();
      expect([boots(), state(), ports()]).toEqual(['ok loaded', 'nothing', []]);
    });
    test('is finished when it is asked again', () => {
      cutOff();
      expect([wordOf(retract()), state(), ports()]).toEqual(['ok retracted', 'nothing', []]);
    });
    test('is finished before the next delivery, so that no boot takes that one away', () => {
      cutOff();
      upTo('confirm', gateway(1002, 'lease-2'));
      expect([boots(), state(), ports()]).toEqual(['ok loaded', 'confirmed', ['1002']]);
    });
  });

  test('an undoing that was left behind is finished by the next delivery and by retract', () => {
    const left = (): void => {
      upTo('confirm', gateway(1001));
      const token = upTo('arm', gateway(1002)).identity.split(' ')[2];
      run(`cd ${home} && mv armed-${token} undoing-${token}; rm -f /run/cpanel-edge/delivering`);
      expect([state(), ports()]).toEqual(['undoing', ['1002']]);
    };
    left();
    expect(step('upload', gateway(1003))).toBe('ok uploaded');
    expect([state(), ports()]).toEqual(['offered', ['1001']]);
    run('rm -rf /etc/cpanel-edge/* /run/cpanel-edge/*; nft flush ruleset');
    left();
    expect([wordOf(retract()), state(), ports()]).toEqual(['ok retracted', 'nothing', []]);
  });

  test('the same digest under another lease is refused, not taken over', () => {
    upTo('confirm', gateway(1001));
    const other = gateway(1001, 'lease-2');
    expect([step('upload', other), step('check', other), state()]).toEqual(['ok uploaded', 'refused foreign-lease', 'confirmed']);
    expect(program('status')).toContain('lease=lease-1');
  });

  test('what was kept is not said to be gone', () => {
    upTo('confirm', gateway(1001));
    expect(program('forget gateway web lease-1')).toMatch(/left=rules$/);
    expect(program('forget gateway web lease-1')).toMatch(/left=rules$/);
    expect(retract()).toMatch(/retracted left=rules$/);
    expect(ports()).toEqual(['1001']);
    const server = sent({ role: 'server', owner: 'mail', text: tableText(1002, 'cpanel_edge_mail'), onRetract: 'keep closed' });
    upTo('confirm', server);
    for (const lease of ['lease-1', 'lease-1']) expect(retract('server', 'mail', lease)).toMatch(/retracted left=closed$/);
  });

  test('nothing is forgotten while it is on trial', () => {
    upTo('confirm', gateway(1001));
    const two = upTo('arm', gateway(1002));
    expect(program('forget gateway web lease-1')).toMatch(/refused busy holder=gateway-web armed=/);
    expect(step('rollback', two)).toBe('ok rolled-back');
  });
});
