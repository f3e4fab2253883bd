// Loads the generated firewalld files of cases and random policies into a real firewalld, beside open zones and
// cPanel's service: the loaded rules must do what the policy asks for, and rules of others that open more are refused.

import { existsSync, readFileSync } from 'node:fs';
import { ServerPolicy } from '../../../lib/policy/policy';
import { live } from '../../../lib/platforms/firewalld/parse/running-config';
import { ReviewInputs } from '../../../lib/review/judging/review-inputs';
import { verifyDevice } from '../../../lib/verifier/verify-device';
import { verifyPolicy } from '../../../lib/verifier/verify-policy';
import { generator } from '../../../lib/platforms/firewalld/generate/generator';
import { askedOf } from '../../policy/adapt-to-platform';
import { servers } from '../../policy/random';
import { drawCases, fc, seeded, times } from '../../randomly';
import { profile, reviewed, rows, server } from '../../review/samples';
import { caseFile, caseWish, compiled, serverCases } from '../../support';
import { temporaryFolder } from '../../temporary-folder';
import { LATER, Tree, describeFirewalld, describeWith, loadedFrom, treeOf } from './daemon';

// The rules that firewalld runs with the files of a release beside open zones, verified as on a device.

const folder = temporaryFolder();

/** cPanel's service, which opens the database, in the zone of the interface. */
const CPANEL: Tree = {
  'firewalld.conf': 'DefaultZone=public\n',
  'services/cpanel.xml': '<service><port protocol="tcp" port="2083"/><port protocol="tcp" port="3306"/></service>\n',
  'zones/public.xml': '<zone><interface name="eth0"/><service name="ssh"/><service name="cpanel"/></zone>\n',
};

const cases = serverCases().filter(([name]) => !existsSync(caseFile(name, 'firewalld.problems.txt')));
const golden = (name: string): Tree => treeOf(readFileSync(caseFile(name, 'firewalld.golden'), 'utf8'));
const policyOf = (name: string): ServerPolicy =>
  compiled(caseWish(name), 'firewalld').policies.find((one) => one.kind === 'server')!;
const running = (etc: Tree, programs?: string): string => {
  const { state, ruleset } = loadedFrom(etc, folder, programs);
  expect(state).toBe('running');
  return ruleset;
};
const judged = (asked: ServerPolicy, ruleset: string): readonly string[] => {
  const { policy, device } = verifyPolicy(asked);
  return verifyDevice(policy, ruleset, device, []).refusals;
};

const expectAsked = (name: string, version: keyof typeof LATER): void => {
  const policy = { ...policyOf(name), version };
  const { policy: asked, device } = verifyPolicy(policy);
  const { refusals, narrower } = verifyDevice(
    asked,
    running({ ...CPANEL, ...treeOf(generator.write(policy).text) }, LATER[version]),
    device,
    [],
  );
  expect({ refusals, narrower }).toEqual({ refusals: [], narrower: undefined });
};

describeWith(LATER['2.3'])('firewalld 2.3 with the files of a release', () => {
  it.each(
    drawCases(
      cases.filter(([name]) => /passive-ftp|blocked|ipv6/.test(name)),
      1,
    ),
  )('%s: runs the policy', (name) => {
    expectAsked(name, '2.3');
  });
});

describeWith(LATER['2.5'])('firewalld 2.5 with the files of a release', () => {
  it.each(drawCases(cases, 2))('%s: runs the policy', (name) => {
    expectAsked(name, '2.5');
  });
});

describeFirewalld('firewalld with the files of a release', () => {
  it.each(drawCases(cases, 2))('%s: runs the policy', (name) => {
    expect(judged(policyOf(name), running({ ...CPANEL, ...golden(name) }))).toEqual([]);
  });

  it('runs random policies', () => {
    fc.assert(
      fc.property(servers, (any) => {
        const asked = askedOf(any, 'firewalld');
        // firewalld drops IPv6 packets from sources without a route back.
        const policy = { ...asked, interfaces: asked.interfaces.map((one) => ({ ...one, role: 'outside' as const })) };
        expect(judged(policy, running({ ...CPANEL, ...treeOf(generator.write(policy).text) }))).toEqual([]);
      }),
      { numRuns: times(12), seed: seeded(7) },
    );
  });

  it('runs the host’s other rules as without them', () => {
    const [name] = cases.find(([one]) => one === 'server/passive-ftp')!;
    const lines = (ruleset: string): readonly string[] => ruleset.split('\n').filter((line) => line.trim() !== '');
    const { rest } = live.apart(running({ ...CPANEL, ...golden(name) }), 'hosting');
    expect(lines(rest)).toEqual(lines(running(CPANEL)));
    expect(rest).not.toContain('cf-');
  });

  const FIRST =
    '<policy target="CONTINUE" priority="-32768"><ingress-zone name="ANY"/><egress-zone name="HOST"/>%</policy>\n';
  it.each([
    [
      'a policy that is asked before',
      { 'policies/first.xml': FIRST.replace('%', '<port port="3306" protocol="tcp"/>') },
      /tcp .*3306/,
    ],
    [
      'a translation of a zone',
      {
        'zones/public.xml':
          '<zone><interface name="eth0"/><forward-port port="8443" protocol="tcp" to-port="3306"/><service name="ssh"/></zone>\n',
      },
      /8443/,
    ],
  ])('is refused if %s opens something', (_, others, said) => {
    expect(
      judged(policyOf('server/remote-mysql'), running({ ...CPANEL, ...golden('server/remote-mysql'), ...others })).join(
        '\n',
      ),
    ).toMatch(said);
  });

  it('names the owner and the place of each line', () => {
    const ruleset = running({ ...CPANEL, ...golden('server/remote-mysql') });
    const places = live.places(ruleset);
    const at = (text: string): number => ruleset.split('\n').findIndex((line) => line.includes(text)) + 1;
    expect(places.whose(at('tcp dport 443'))).toBe('ours');
    expect(places.whose(at('jump filter_IN_policy_cf-hosting-in'))).toBe('ours');
    expect(places.whose(at('elements = { 192.0.2.16/28'))).toBe('ours');
    expect(places.whose(at('tcp dport 2083'))).toBe('others');
    expect(places.unitAt(at('tcp dport 443'))).toEqual({ name: 'policy cf-hosting-in', isManaged: true });
    expect(places.at(at('tcp dport 2083'))).toMatch(/^line \d+ of filter_IN_public_allow in table inet firewalld/);
  });

  describe('answers of a server in a review', () => {
    const web = (...services: readonly string[]): ServerPolicy =>
      compiled(
        { servers: [server('web1', '10.0.0.10', profile(services), { trustedNetworks: ['10.0.0.0/24'] })] },
        'firewalld',
      ).policies[0] as ServerPolicy;
    const [before, after] = [web('https'), web('https', 'http')];
    const answered = (etc: Tree): Partial<ReviewInputs> => {
      const { device } = verifyPolicy(before);
      return { live: new Map([['web1', { text: running({ ...CPANEL, ...etc }), device, otherReleases: new Map() }]]) };
    };
    const ours = treeOf(generator.write(before).text);
    const OPENS =
      'opened (one device, web1/hosting) from the internet by eth0: 10.0.0.10 tcp 80 from anywhere reaches 10.0.0.10 of web1';

    it('are what its zones let trusted networks do, before and after', () => {
      const [same, more] = [reviewed([before], [before], answered(ours)), reviewed([before], [after], answered(ours))];
      expect([same.verdict, rows(same), more.verdict, rows(more)]).toEqual([
        'nothing to object to',
        [],
        'nothing to object to',
        [OPENS],
      ]);
      expect(more.notes.map(({ code }) => code)).toContain('review/rules-beside-not-judged');
    });

    it('show drift if a port is opened before the release’s policies', () => {
      const { objections } = reviewed(
        [before],
        [before],
        answered({ ...ours, 'policies/first.xml': FIRST.replace('%', '<port port="3306" protocol="tcp"/>') }),
      );
      expect(objections.map(({ code }) => code)).toContain('review/drifted');
    });
  });
});
