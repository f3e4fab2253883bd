// Tests the verification of a gateway with captured config that narrows a release: what others keep out by name isn't
// required, and anything else that is missing is refused.

import { parseAddress } from '../../lib/net/address';
import { GatewayPolicy, Policy } from '../../lib/policy/policy';
import { Counterexample } from '../../lib/verifier/find-counterexamples';
import { verifyDevice } from '../../lib/verifier/verify-device';
import { verifyPolicy, verifyGenerated } from '../../lib/verifier/verify-policy';
import { EDGE, MANAGEMENT } from '../cases/edge';
import { compiled } from '../support';

/** A server that is managed from an office outside, and reached from inside by its public address. */
const policy: Policy = compiled(
  {
    gateway: {
      ...EDGE,
      virtualIps: [{ name: 'vip', interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' }],
      mappings: [
        {
          name: 'web',
          virtualIp: 'vip',
          internal: '10.0.0.10',
          profile: { name: 'web', services: ['443/tcp'], sources: 'anywhere', management: MANAGEMENT },
        },
      ],
      reflections: [{ mode: 'pure-nat', globalHelper: true }],
    },
  },
  'pfsense',
).policies[0]!;

/** A typical LAN rule: its own network may go anywhere, and nothing else passes. */
const captured = verifyPolicy(policy)
  .generated.unmanagedConfig.text.replace('<assumed/>', '<captured/>')
  .replace(/(<interface>lan<\/interface>[^]*?<source>)\s*<any><\/any>/, '$1<network>lan</network>');
const first = (rule: string): string => captured.replace('<filter>', `<filter><rule>${rule}</rule>`);

test('an office outside is not affected by the LAN’s rules', () => {
  const proof = verifyPolicy(policy, captured);
  expect(proof.differences.map(({ text }) => text)).toEqual([]);
  // Only its network comes by the LAN, and that is reported.
  expect(
    proof.narrowed.map(
      ({ kind, startLocation }) => `${kind} ${startLocation.kind === 'interface' ? startLocation.name : ''}`,
    ),
  ).toEqual(['missing lan0']);
});

test.each([
  ['from outside', 'wan', '198.51.100.0/28'],
  ['from everywhere', 'wan', '0.0.0.0/1'],
])('a block of the office %s is refused', (_, on, source) => {
  const rule = `<type>block</type><interface>${on}</interface><ipprotocol>inet</ipprotocol><source><address>${source}</address></source><destination><any></any></destination>`;
  const lost = source === '0.0.0.0/1' ? first(rule.replace('0.0.0.0/1', '128.0.0.0/1')) : first(rule);
  expect(verifyPolicy(policy, lost).differences.map(({ kind }) => kind)).toEqual(['missing']);
});

describe('a block of an administrator', () => {
  const bad = `<type>block</type><ipprotocol>inet</ipprotocol><source><address>192.0.2.0/24</address></source><destination><any></any></destination>`;
  const gateway = policy as GatewayPolicy;
  const answers = gateway.mappings[0]!.allowRules;
  const answered: Policy = {
    ...gateway,
    mappings: [],
    virtualIps: gateway.virtualIps.map((vip) => ({ ...vip, answers })),
  };
  const webFrom = (asked: Policy, text: string, source: string, to: string): string => {
    const { evaluated } = verifyPolicy(asked, text);
    const asPacket = {
      source: parseAddress(source)!,
      destination: parseAddress(to)!,
      protocol: 6,
      port: 443,
      sourcePort: 40_000,
    };
    return evaluated.explain({ kind: 'interface', name: 'wan0' }, asPacket).disposition;
  };

  test('still applies though a disabled rule stands above', () => {
    const off =
      '<rule><disabled></disabled><type>pass</type><interface>wan</interface><source><any></any></source></rule>';
    const text = captured.replace('<filter>', `<filter>${off}<rule>${bad}<interface>wan</interface></rule>`);
    expect(webFrom(policy, text, '192.0.2.7', '203.0.113.10')).toBe('denied');
    expect(webFrom(policy, text, '198.51.100.200', '203.0.113.10')).toBe('allowed');
  });

  test('on all interfaces still applies to packets that the box itself answers', () => {
    const text = first(
      `${bad}<interface>wan</interface><floating>yes</floating><quick>yes</quick><direction>in</direction>`,
    );
    expect(webFrom(answered, text, '192.0.2.7', '203.0.113.10')).toBe('denied');
    expect(webFrom(answered, text, '198.51.100.200', '203.0.113.10')).toBe('allowed');
  });
});

describe('a block of an administrator, and the place of our rules', () => {
  const gateway = policy as GatewayPolicy;
  const block = (more: string, type = 'block'): string =>
    `<rule><type>${type}</type><interface>wan</interface><ipprotocol>inet</ipprotocol>${more}</rule>`;
  const ANY = '<source><any></any></source><destination><any></any></destination>';
  const WEB =
    '<protocol>tcp</protocol><source><any></any></source><destination><any></any><port>443</port></destination>';
  const SERVER = '<source><any></any></source><destination><address>10.0.0.10</address></destination>';
  const behind = (...rules: readonly string[]): string =>
    captured.replace(
      '<filter>',
      `<filter>${block('<source><address>192.0.2.9</address></source><destination><address>10.0.0.77</address></destination>', 'pass')}${rules.join('')}`,
    );
  const opened: Policy = {
    ...gateway,
    mappings: gateway.mappings.map((one) => ({ ...one, allowRules: { ...one.allowRules, management: [] } })),
  };
  const found = (text: string, asked = policy): readonly string[] =>
    verifyPolicy(asked, text).faults.map(({ kind }) => kind);

  test('is refused if ours come before it, and its line is named', () => {
    for (const named of [
      WEB,
      `<protocol>tcp</protocol>${SERVER}`,
      '<protocol>tcp</protocol>' + ANY,
      ANY.replace('<any></any>', '<address>198.51.100.0/24</address>'),
    ]) {
      const { faults } = verifyPolicy(policy, behind(block(named)));
      expect(faults.map(({ kind }) => kind)).toEqual(['lets-in']);
      expect(faults[0]!.text).toMatch(
        /^from the internet by wan0: .* would pass before a rule that keeps it out by name; line \d+ blocks it, line \d+: block rule 2 on wan$/,
      );
    }
    expect(found(behind(block(WEB, 'reject')))).toEqual(['lets-in']);
  });

  test('does not matter if it is for others, disabled, or a default that was written by hand', () => {
    for (const other of [
      WEB.replace('443', '8443'),
      SERVER.replace('0.10', '0.11'),
      `<disabled></disabled>${WEB}`,
      ANY,
      `<log></log>${ANY}`,
    ])
      expect(found(behind(block(other)))).toEqual([]);
    expect(found(behind(block('<protocol>any</protocol>' + ANY), block(ANY, 'reject')))).toEqual([]);
  });

  test('is refused on the device as well', () => {
    const { generated, device } = verifyPolicy(policy, behind(block(WEB)));
    const { refusals } = verifyDevice(policy, generated.text, device, []);
    expect(refusals.filter((one) => one.includes('keeps it out by name'))).toHaveLength(1);
    expect(verifyDevice(policy, verifyPolicy(policy, behind(block(ANY))).generated.text, device, []).refusals).toEqual(
      [],
    );
  });

  test('at the top stays before ours, and narrows them', () => {
    for (const named of [WEB, `<protocol>tcp</protocol>${SERVER}`, '<protocol>tcp</protocol>' + ANY]) {
      const { faults, narrowed } = verifyPolicy(opened, captured.replace('<filter>', `<filter>${block(named)}`));
      expect([faults, narrowed.map(({ kind }) => kind)]).toEqual([[], expect.arrayContaining(['missing'])]);
    }
  });
});

describe('packets that the release’s own entries lose', () => {
  /** Moves the last rule of the uplink, which closes everything else, before the others. */
  const lastFirst = (text: string): string => {
    const rules = [...text.matchAll(/\t\t<rule>(?:(?!<\/rule>)[^])*?<\/rule>\n/g)].map(([rule]) => rule);
    const ours = rules.filter((rule) => rule.includes('cpanel-edge:') && rule.includes('<interface>wan</interface>'));
    const last = ours.at(-1)!;
    expect(last).toContain('<type>block</type>');
    return text.replace(last, '').replace(ours[0]!, last + ours[0]!);
  };
  const blocked = first(
    '<type>block</type><interface>wan</interface><ipprotocol>inet</ipprotocol><source><address>192.0.2.0/24</address></source><destination><any></any></destination>',
  );
  const unmanaged: Policy = compiled(
    {
      gateway: {
        ...EDGE,
        reflections: [{ mode: 'pure-nat', globalHelper: true }],
        virtualIps: [{ name: 'vip', interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' }],
        mappings: [
          {
            name: 'web',
            virtualIp: 'vip',
            internal: '10.0.0.10',
            open: [{ ports: 443, protocol: 'tcp', from: 'anywhere' }],
          },
        ],
      },
    },
    'pfsense',
  ).policies[0]!;
  const kinds = (found: readonly Counterexample[]): readonly string[] => [
    ...new Set(
      found.map(({ kind, startLocation }) => `${kind} ${startLocation.kind === 'interface' ? startLocation.name : ''}`),
    ),
  ];

  test('are never attributed to other entries, whatever those close', () => {
    for (const text of [captured, blocked]) {
      const { generated } = verifyPolicy(unmanaged, text);
      const { differences } = verifyGenerated(unmanaged, { ...generated, text: lastFirst(generated.text) });
      expect(kinds(differences)).toEqual(['missing wan0']);
      expect(differences[0]!.text).toContain('cpanel-edge:');
    }
  });

  test('are separate from packets that another entry drops', () => {
    const proof = verifyPolicy(unmanaged, blocked);
    expect([kinds(proof.differences), kinds(proof.narrowed)]).toEqual([[], ['missing wan0', 'missing lan0']]);
    const { narrowed, differences } = verifyGenerated(unmanaged, {
      ...proof.generated,
      text: proof.generated.text.replace(/(<type>)pass(<\/type>\s*<interface>wan)/, '$1match$2'),
    });
    expect(kinds(differences)).toEqual(['missing wan0']);
    // If both drop packets of one row, it is refused as a whole.
    expect(kinds(narrowed)).toEqual(['missing lan0']);
  });
});
