// Tests what `verify` says about the next restart of a device, for each fault that the agent reports about its boot;
// also its notes on firewalls and bans of others, and on the rules that cPanel's own program adds.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CpanelRules } from '../../driver/cpanel-rules';
import { OwnerStatus, DeviceStatus } from '../../driver/device-status';
import { verifyLive } from '../../driver/verify-live';
import { bootFaults } from '../../lib/device-systems';
import { DeviceComparison } from '../../driver/compare-with-stacks';
import { lookAt } from './doctor/samples';
import { gateway, live, server, verify } from './drift-samples';

// verify's lines on a device's next restart, on an armed release without a timer, and on what unmanaged rules close.

const NEW = { boot: [], runs: 'release', made: 1_763_712_000, runner: 'github.com/acme/edge/actions/runs/7' } as const;
const seen = (parts: Partial<OwnerStatus>, holder = gateway): DeviceStatus => {
  const look = lookAt(holder);
  return { ...look, owners: [{ ...look.owners[0]!, ...parts }] };
};
const verifyStatus = (parts: Partial<OwnerStatus>): DeviceComparison =>
  verify(seen(parts), { ownershipRecords: [gateway] });

describe('a restart', () => {
  test('loads the release if everything is as written', () => {
    const { matches, lines, owners } = verifyStatus(NEW);
    expect([matches, owners[0]!.afterRestart]).toEqual([true, 'this release']);
    expect(lines).toContain('  a restart brings: this release');
    expect(lines.join('\n')).toMatch(
      /^ {2}release: [0-9a-f]{64}, made 2025-11-21 08:00 UTC by github\.com\/acme\/edge\/actions\/runs\/7$/m,
    );
  });

  test("isn't known with an older agent, which is no difference", () => {
    const { matches, lines } = verifyStatus({});
    expect(matches).toBe(true);
    expect(lines).toContain('  a restart brings: not looked at: its program does not say it (before protocol 6)');
  });

  test.each([...Object.keys(bootFaults), 'other'])(
    '%s is a difference with its meaning and the command to type',
    (fault) => {
      const { matches, lines, owners } = verifyStatus({ ...NEW, boot: [fault] });
      expect([matches, owners[0]!.differences.length]).toEqual([false, 1]);
      expect(owners[0]!.afterRestart).not.toMatch(/^this release/);
      expect(lines.join('\n')).toMatch(/^ {2}differs: .*: .*$/m);
      expect(lines.join('\n')).toMatch(
        /^ {2}a restart brings: (perhaps nothing of it|not this release|what its configuration holds|beside another firewall, this release)$/m,
      );
      expect(owners[0]!.next).toMatch(/deploy|apply/);
    },
  );

  test.each([
    ['firewalld-disabled', true],
    ['csf-error', true],
    ['unit-disabled', false],
  ])('%s: has to be repaired by a person before a delivery: %s', (fault, isByHand) =>
    expect(
      verifyStatus({ ...NEW, boot: [fault] }).owners[0]!.next!.startsWith(
        'first type on the device what the lines above say; then ',
      ),
    ).toBe(isByHand),
  );

  test('moves rules from the other iptables back end; until then that is a difference, not called flushed', () => {
    const { differences, afterRestart } = verifyStatus({ ...NEW, rules: 'elsewhere' }).owners[0]!;
    expect([differences[0], afterRestart]).toEqual([
      expect.stringMatching(/^our rules are in the back end of iptables that/),
      'this release',
    ]);
  });

  test('needs no units on a device without a confirmed release', () => {
    const { owners } = verifyStatus({
      ...NEW,
      boot: ['unit-missing', 'drop-in-missing'],
      state: 'offered',
      digest: 'none',
      runs: 'nothing',
    });
    expect(owners[0]!.differences.join('\n')).not.toMatch(/cpanel-edge\.service|cpanel-edge\.conf/);
    expect(owners[0]!.afterRestart).toBe('nothing of it: what is not confirmed is rolled back');
  });

  test('lists every fault that the device names', () =>
    expect(verifyStatus({ ...NEW, boot: ['unit-disabled', 'drop-in-missing'] }).owners[0]!.differences).toHaveLength(
      2,
    ));

  test.each([
    ['armed', 'a'.repeat(64), 'the confirmed release: what is on its way is rolled back'],
    ['armed', 'none', 'nothing of it: what is not confirmed is rolled back'],
    ['retracting', 'a'.repeat(64), 'nothing of it: a restart brings the removal to its end'],
    ['kept', 'a'.repeat(64), 'these rules'],
  ] as const)('in the state %s with %s loads %s', (state, digest, brings) =>
    expect(verifyStatus({ ...NEW, state, digest }).owners[0]!.afterRestart).toBe(brings),
  );
});

test("a release that couldn't be loaded and is closed instead is a difference", () => {
  const { matches, lines } = verifyStatus({ ...NEW, boot: ['release-damaged'], runs: 'closed' });
  expect(matches).toBe(false);
  expect(lines.join('\n')).toMatch(/^ {2}differs: its release could not be loaded, so all that it opens is closed/m);
});

describe('an armed release', () => {
  const trial = (parts: Partial<OwnerStatus>): DeviceComparison =>
    verifyStatus({ ...NEW, state: 'armed', armed: 'b'.repeat(32), tried: 'c'.repeat(64), runs: 'trial', ...parts });

  test('without its timer: names what ends it, with the command', () => {
    const { matches, lines, owners } = trial({ seconds: 'lost', ownerToken: 'lease-1' });
    expect(matches).toBe(false);
    expect(lines).toContain('  state: armed; its timer is gone, so it does not end by itself');
    expect(owners[0]!.next).toMatch(
      /^its timer is lost, so nothing rolls it back by itself; the next delivery does, before its own: .*(deploy|apply).*; or restart the device; or remove the owner: .* remove edge --owner hosting --role gateway --owner-token lease-1/,
    );
  });

  test('without its timer, the first of its owner: has no owner token to name', () =>
    expect(trial({ seconds: 'lost', ownerToken: 'none', digest: 'none' }).owners[0]!.next).toMatch(
      /; or restart the device$/,
    ));

  test.each([
    ['12', /rolled back in 12 s unless it is confirmed$/m, /12 s at most/],
    [
      'unknown',
      /rolled back by its timer unless it is confirmed$/m,
      /^wait until it is confirmed or rolled back, then/,
    ],
  ])('with %s s left is waited for', (seconds, line, next) => {
    const { lines, owners } = trial({ seconds });
    expect(lines.join('\n')).toMatch(line);
    expect(owners[0]!.next).toMatch(next);
  });
});

const CPANEL = join(__dirname, '../platforms/nftables/wild/cpanel-el9.nft');

const LED =
  'table ip led {\n\tchain in {\n\t\ttype nat hook prerouting priority -150;\n\t\ttcp dport 3306 redirect to :443\n\t}\n}\n';

describe('unmanaged rules', () => {
  const ufw = readFileSync(join(__dirname, '../platforms/nftables/other-managers/ufw.nft'), 'utf8');
  const found = (foreign: string, parts: Partial<DeviceStatus> = {}): DeviceComparison =>
    verify({ ...live(server, (rules) => rules + foreign), ...parts }, { ownershipRecords: [server] });

  test('that close most of a release are reported with a command to continue', () => {
    const { matches, narrowed, lines, owners } = found(ufw);
    expect([matches, narrowed, owners[0]!.differences]).toEqual([true, true, []]);
    expect(lines.join('\n')).toMatch(
      /^ {2}narrowed: from the internet by eth0: 10\.0\.0\.10 tcp 25,443,465,993 from anywhere; .*table ip filter/m,
    );
    expect(lines.join('\n')).toMatch(/^ {2}Next, in .*another firewall's/m);
  });

  test('are named by their program if its chains or the default policy before them close a port', () => {
    const lines = found(ufw).lines.join('\n');
    expect(lines).toMatch(
      /closed there: tcp 25,443,465,993 .*, by the policy drop of chain INPUT of table ip filter \(ufw\)$/m,
    );
    expect(lines).toMatch(/closed there: udp 68 .*, by line \d+ of table ip filter \(ufw\)$/m);
    // Without any of its chains the program isn't known.
    const own =
      'table ip own {\n\tchain in {\n\t\ttype filter hook input priority 0; policy drop;\n\t\tct state established accept\n\t}\n}\n';
    expect(found(own).lines.join('\n')).toMatch(
      /closed there: tcp 25,443,465,993 .*, by the policy drop of chain in of table ip own$/m,
    );
  });

  test('a login that was bootstrapped before --allow is a note and no drift', () => {
    const login = (name: string, allows: readonly string[], isEarlier: boolean) => ({ name, allows, isEarlier });
    const logins = [
      login('deploy', ['csf', 'replace'], true),
      login('ci', ['csf'], false),
      login('old', ['none'], true),
    ];
    const { matches, owners } = found('', { logins });
    expect([matches, owners[0]!.notes.filter((note) => note.includes('login'))]).toEqual([
      true,
      [
        'the login deploy was bootstrapped before --allow: it may deliver what the confirmed release uses (csf, replace) until bootstrap runs again, as root on the device: bootstrap --user deploy --allow csf,replace',
      ],
    ]);
  });

  test('that ban addresses are a note', () => {
    const bans =
      'table ip bans {\n\tchain in {\n\t\ttype filter hook input priority 0; policy accept;\n\t\tip saddr 192.0.2.0/24 drop\n\t}\n}\n';
    const { matches, narrowed, owners } = found(bans);
    expect([matches, narrowed, owners[0]!.narrowed, owners[0]!.notes.length > 0]).toEqual([true, false, [], true]);
  });

  test("that nft can't list are a note, since what they close isn't known", () => {
    const look = lookAt(server);
    const { matches, owners } = found('', { facts: { ...look.facts, legacyTables: ['ip filter 12'] } });
    expect([matches, owners[0]!.notes]).toEqual([
      true,
      [expect.stringMatching(/^iptables-legacy holds rules that nft does not show: ip table filter, 12 rules/)],
    ]);
  });

  describe('that cPanel adds with each run of its program', () => {
    const notes = (
      cpanelRules?: CpanelRules,
      ruleset = '',
    ): Pick<DeviceComparison, 'matches' | 'narrowed'> & { notes: readonly string[] } => {
      const { facts } = lookAt(server);
      const { matches, narrowed, owners } = found(ruleset, {
        facts: { ...facts, ...(cpanelRules ? { cpanelRules } : {}) },
      });
      return { matches, narrowed, notes: owners[0]!.notes };
    };

    test('are a note with the command that switches them off, and no difference', () =>
      expect(notes('added')).toEqual({
        matches: true,
        narrowed: false,
        notes: [
          "configure_firewall_for_cpanel adds cPanel's own rules with each run, and none after whmapi1 set_tweaksetting key=skip_rules_added_by_configure_firewall_for_cpanel value=1: what the release closes, they don't open. On Enterprise Linux each run empties Host Access Control's rules, with the setting, too",
        ],
      }));

    test('open nothing beside ours, as they run on Enterprise Linux', () => {
      const { matches, notes: hints } = notes('added', readFileSync(CPANEL, 'utf8'));
      expect([matches, hints.at(-1)]).toEqual([true, expect.stringMatching(/^configure_firewall_for_cpanel adds/)]);
    });

    test('under firewalld are a note without a command, since no setting omits them', () =>
      expect(notes('zone')).toEqual({ matches: true, narrowed: false, notes: [expect.not.stringMatching(/whmapi1/)] }));

    test.each([undefined, 'skipped'] as const)("aren't reported if they are %s", (rules) =>
      expect(notes(rules)).toEqual({ matches: true, narrowed: false, notes: [] }),
    );

    test('are also reported by a delivery after its proof', () => {
      const proven = (more: string): readonly string[] => {
        const { ruleset, facts } = live(server, (rules) => rules + more);
        return verifyLive(server.release!, ruleset, { ...facts, cpanelRules: 'added' }).reports;
      };
      expect(proven('')).toEqual(notes('added').notes);
      expect(proven(LED)).toEqual([]);
    });

    test("aren't reported if our rules aren't as delivered", () => {
      expect(notes('added', LED)).toMatchObject({ matches: false, notes: [] });
    });
  });
});
