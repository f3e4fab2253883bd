// Tests the agent if the host switches between the two backends of iptables (legacy, nf_tables): the switch is named,
// the next delivery moves the rules, a rollback restores the former ones, and a removal leaves none. Runs on a test
// device with the real iptables.

import { describeWhere } from '../../where-possible';
import { canHaveDevice } from '../machine';
import { DEVICE_SHELLS, addFullRows } from '../../tier';
import { Sent } from '../stream';
import { CONFIRMED, underShell } from '../under-shell';
import { ONE, OTHER } from './gateways';
import { gatewayOf, host, textOf } from './host';

jest.setTimeout(120_000);

const BACK_ENDS = ['nft', 'legacy'] as const;
type BackEnd = (typeof BACK_ENDS)[number];
const ROWS = addFullRows<readonly [BackEnd, BackEnd]>([['nft', 'legacy']], [['legacy', 'nft']]);

/** Switches the backend, as update-alternatives does. */
const choose = (back: BackEnd): string =>
  ['iptables', 'ip6tables']
    .flatMap((name) =>
      ['', '-save', '-restore'].map(
        (verb) => `ln -sf /usr/sbin/${name}-${back}${verb} /etc/alternatives/${name}${verb}`,
      ),
    )
    .join('; ');
const FLUSH =
  'for p in iptables-legacy ip6tables-legacy; do for t in nat mangle filter; do $p -t $t -F; $p -t $t -X; done; done 2>/dev/null';

describeWhere(
  canHaveDevice,
  'the backend of iptables',
  'root on Linux',
)('the backend of iptables', () => {
  const under = underShell(DEVICE_SHELLS[0]!);
  const { run, program, says, delivered, word, retract, fresh } = under;
  // The newer backend warns of tables of the older one.
  const rollback = (one: Sent): string => word(`rollback ${one.identity} 2>/dev/null`);
  afterEach(() => {
    run(FLUSH);
    fresh();
  });
  /** Ports and mapped hosts of the release's rules in each backend. */
  const ours = (back: BackEnd): readonly string[] =>
    [
      ...new Set(
        run(`iptables-${back}-save 2>/dev/null; ip6tables-${back}-save 2>/dev/null`).match(
          /(?<=c[eg]-web-\w+ .*)(dports? \d+|to \S+)/g,
        ) ?? [],
      ),
    ].sort();
  const any = (back: BackEnd): boolean => /c[ego]-web/.test(run(`iptables-${back}-save; ip6tables-${back}-save`));
  const both = () => BACK_ENDS.map(any);
  const only = (back: BackEnd): readonly boolean[] => BACK_ENDS.map((one) => one === back);
  const retracted = (role: string): string =>
    retract(role)
      .split('\n')
      .find((line) => line.startsWith('cpanel-edge:')) ?? 'nothing';
  const NONE = [false, false];

  describe.each(ROWS)('from %s to %s', (from, to) => {
    beforeEach(() => run(choose(from)));
    const trial = ['upload', 'check', 'arm'] as const;

    test('switches after a delivery: it is named, the next delivery moves the rules, and a removal leaves none in either', () => {
      expect(delivered(host(textOf(80)))).toEqual(CONFIRMED);
      expect([both(), says('rules')]).toEqual([only(from), 'as-loaded']);
      run(choose(to));
      expect(says('rules')).toBe('elsewhere');
      expect(delivered(host(textOf(80)))).toEqual(CONFIRMED);
      expect([both(), says('rules'), ours(to)]).toEqual([only(to), 'as-loaded', ['dport 80']]);
      run(choose(from));
      expect([retracted('server'), both()]).toEqual([expect.stringMatching(/ok retracted left=nothing$/), NONE]);
    });

    test('switches while a release is armed: a confirm is refused by name, and a rollback restores the former rules', () => {
      expect(delivered(host(textOf(80)))).toEqual(CONFIRMED);
      const next = host(textOf(443));
      delivered(next, trial);
      run(choose(to));
      expect(word(`confirm ${next.identity} 2>/dev/null`)).toBe('refused rules-elsewhere');
      expect([rollback(next), both(), ours(to), says('rules')]).toEqual([
        'ok rolled-back',
        only(to),
        ['dport 80'],
        'as-loaded',
      ]);
      const last = host(textOf(443));
      delivered(last, trial);
      run(choose(from));
      under.timeIsUp();
      expect([says('rules'), both(), ours(from)]).toEqual(['as-loaded', only(from), ['dport 80']]);
    });

    test('switches after a gateway was delivered: its translations are gone from the former backend', () => {
      expect(delivered(gatewayOf(ONE))).toEqual(CONFIRMED);
      run(choose(to));
      expect(program('rules 2>/dev/null')).toMatch(/ok loaded$/);
      expect([both(), says('rules')]).toEqual([only(to), 'as-loaded']);
      run(choose(from));
      const next = gatewayOf(OTHER);
      expect(delivered(next)).toEqual(CONFIRMED);
      expect([both(), says('rules')]).toEqual([only(from), 'as-loaded']);
      run(choose(to));
      expect([retracted('gateway'), both()]).toEqual([expect.stringMatching(/ok retracted left=nothing$/), NONE]);
    });
  });

  test.each(
    addFullRows<readonly [BackEnd, BackEnd, string]>(
      [['legacy', 'nft', 'restore']],
      [
        ['nft', 'legacy', 'restore'],
        ['nft', 'legacy', 'save'],
      ],
    ),
  )('is %s, but %s for -%s alone: a check is refused by name, and nothing is loaded', (most, other, verb) => {
    run(`${choose(most)}; ln -sf /usr/sbin/iptables-${other}-${verb} /etc/alternatives/iptables-${verb}`);
    const release = host(textOf(80));
    expect(delivered(release, ['upload', 'check'])).toEqual(['ok uploaded', 'refused iptables-mixed']);
    expect(both()).toEqual(NONE);
    run(choose(most));
    expect(delivered(host(textOf(80)))).toEqual(CONFIRMED);
  });

  test('has lost its programs: a first release that can not be removed there isn’t reported as rolled back', () => {
    run(choose('legacy'));
    const release = host(textOf(80));
    delivered(release, ['upload', 'check', 'arm']);
    run(`${choose('nft')}; mount --bind /dev/null /usr/sbin/xtables-legacy-multi`);
    expect(rollback(release)).toBe('failed rollback-incomplete');
    run('umount /usr/sbin/xtables-legacy-multi');
    expect([rollback(release), both()]).toEqual(['ok rolled-back', [true, false]]);
  });
});
