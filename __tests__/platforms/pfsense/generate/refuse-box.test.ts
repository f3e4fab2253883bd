// Tests refusals of a policy because of entries of others on the captured pfSense box: the same addresses, port
// forwards, reflection.

import { generator } from '../../../../lib/platforms/pfsense/generate/generator';
import { GatewayPolicy } from '../../../../lib/policy/policy';
import { BOXES, PURE_NAT, box } from './samples';
import { mapping, virtualIp } from '../../../generate/support';
import { I, P, codes, problems } from './generator-refusals';

describe('entries of others on the box', () => {
  const captured = generator.write(BOXES['nothing at all']!).text.replace('<assumed/>', '<captured/>');
  const put = (section: string, text: string): string =>
    captured.includes(`<${section}></${section}>`)
      ? captured.replace(`<${section}></${section}>`, `<${section}>${text}</${section}>`)
      : captured.replace(`</${section}>`, `${text}</${section}>`);
  const policy = box([mapping(P, I, { name: 'web' })], {
    virtualIps: [virtualIp(P, { kind: 'carp', carp: { vhid: 9, advertiseSeconds: 1, skew: 0 } })],
  });
  const theirs = (parts: string): string =>
    `<vip><interface>wan</interface><type>single</type><descr>their address</descr>${parts}</vip>`;
  const to = (end: string, more = ''): string =>
    `<rule><interface>wan</interface><destination>${end}</destination><descr>their forward</descr>${more}</rule>`;
  const mapped = (external: string, source: string, more = ''): string =>
    `<onetoone><interface>wan</interface><external>${external}</external><source>${source}</source><destination><any/></destination><descr>their &amp;quot;host&amp;quot;</descr>${more}</onetoone>`;

  it.each<[string, string, string]>([
    [
      'pfsense/address-in-use',
      'their address',
      put('virtualip', theirs(`<mode>ipalias</mode><subnet>${P}</subnet><subnet_bits>24</subnet_bits>`)),
    ],
    [
      'pfsense/address-in-use',
      'their address',
      put('virtualip', theirs('<mode>other</mode><subnet>203.0.113.0</subnet><subnet_bits>28</subnet_bits>')),
    ],
    [
      'pfsense/vhid-in-use',
      'their address',
      put('virtualip', theirs('<mode>carp</mode><subnet>203.0.113.40</subnet><vhid>9</vhid>')),
    ],
    ['pfsense/outside-in-use', 'their "host"', put('nat', mapped(P, '<address>10.0.9.9</address>'))],
    ['pfsense/outside-in-use', 'their "host"', put('nat', mapped('203.0.113.15', '<address>10.0.9.0/28</address>'))],
    ['pfsense/inside-in-use', 'their "host"', put('nat', mapped('203.0.113.99', `<address>${I}</address>`))],
    ['pfsense/inside-in-use', 'their "host"', put('nat', mapped('198.18.0.0', '<network>lan</network>'))],
    ['pfsense/port-forward-wins', 'their forward', put('nat', to(`<address>${P}</address><port>25</port>`))],
    ['pfsense/port-forward-wins', 'their forward', put('nat', to('<address>203.0.113.0/24</address>'))],
    ['pfsense/port-forward-wins', 'their forward', put('nat', to('<any/>'))],
    ['pfsense/filter-disabled', 'disablefilter', put('system', '<disablefilter>yes</disablefilter>')],
    [
      'pfsense/high-availability',
      '192.0.2.9',
      captured.replace('</pfsense>', '<hasync><synchronizetoip>192.0.2.9</synchronizetoip></hasync></pfsense>'),
    ],
    [
      'pfsense/high-availability',
      'another box',
      captured.replace('</pfsense>', '<hasync><pfsyncenabled>on</pfsyncenabled></hasync></pfsense>'),
    ],
    ['pfsense/interface-disabled', 'wan0', captured.replace('<enable></enable>', '')],
    [
      'pfsense/unnamed-uplink',
      'opt9 (igb7)',
      captured.replace(
        '</interfaces>',
        '<opt9><enable></enable><if>igb7</if><ipaddr>dhcp</ipaddr></opt9></interfaces>',
      ),
    ],
    ['pfsense/no-such-interface', 'wan0', captured.replace('<if>wan0</if>', '<if>igb0</if>')],
    ['pfsense/version-differs', '22.2', captured.replace('<version>23.3<', '<version>22.2<')],
    ['pfsense/version-differs', '""', captured.replace('<version>23.3</version>', '')],
    ['pfsense/not-captured', 'capture', captured.replace('<captured/>', '<assumed/>')],
    ['pfsense/not-captured', 'capture', captured.replace('<captured/>', '<live/>')],
    ['pfsense/strange-mark', 'mark', captured.replace('<captured/>', '<captured/><assumed/>')],
    ['pfsense/strange-mark', 'mark', captured.replace('<captured/>', '<captured/><sets>disablefilter</sets>')],
    ['pfsense/not-captured', 'capture', captured.replace(/\t<cpanel_edge>.*\n/, '')],
    ['pfsense/not-a-configuration', 'line 1', ''],
    ['pfsense/not-a-configuration', 'opnsense', '<opnsense/>'],
    ['pfsense/not-a-configuration', 'line 3', captured.slice(0, 60)],
  ])('%s: the problem names %s', (code, names, text) => {
    const found = problems(policy, text);
    expect(found.map((problem) => problem.code)).toEqual([code]);
    expect(`${found[0]!.what} ${found[0]!.instead}`).toContain(names);
  });

  it.each<[string, string]>([
    ['a disabled 1:1 entry', put('nat', mapped(P, `<address>${I}</address>`, '<disabled/>'))],
    ['an exclusion', put('nat', mapped(P, `<address>${I}</address>`, '<nobinat/>'))],
    ['a disabled port forward', put('nat', to('<any/>', '<disabled/>'))],
    ['a port forward on the address of the box', put('nat', to('<network>wanip</network><port>443</port>'))],
    [
      'the same group on another interface',
      put('virtualip', theirs('<mode>carp</mode><subnet>10.0.0.7</subnet><vhid>9</vhid>').replace('wan', 'lan')),
    ],
    [
      'an interface to synchronise by, without a partner',
      captured.replace('</pfsense>', '<hasync><pfsyncinterface>lan</pfsyncinterface></hasync></pfsense>'),
    ],
  ])('%s is accepted', (_, text) => {
    expect(problems(policy, text)).toEqual([]);
  });

  it('another owner’s entry for a host is refused, on any interface', () => {
    const others = (descr: string): string =>
      put(
        'nat',
        mapped('198.18.0.1', `<address>${I}</address>`, '<disabled/>')
          .replace('<interface>wan', '<interface>opt1')
          .replace(/their .*host&amp;quot;/, descr),
      );
    expect(codes(policy, others('cpanel-edge:other/x'))).toEqual(['pfsense/inside-in-use']);
    expect(codes(policy, others('cpanel-edge:web-team/x'))).toEqual([]);
    expect(codes(policy, others('somebody'))).toEqual([]);
  });

  describe('a port forward that bypasses the filter', () => {
    const PASS = '<associated-rule-id>pass</associated-rule-id>';
    const forward = (target: string, more = PASS): string =>
      put('nat', to('<network>wanip</network><port>2222</port>', `<target>${target}</target>${more}`));

    it.each<[string, string]>([
      ['to a mapped host', forward(I)],
      [
        'to an alias with a mapped host',
        forward('hosts').replace(
          '<aliases></aliases>',
          `<aliases><alias><name>hosts</name><type>host</type><address>10.0.9.9 ${I}</address></alias></aliases>`,
        ),
      ],
      ['by any interface that is not inside', forward(I).replace('<rule><interface>wan', '<rule><interface>uplinks')],
    ])('%s is refused', (_, text) => {
      const [found, ...more] = problems(policy, text);
      expect([found?.code, more]).toEqual(['pfsense/forward-past-filter', []]);
      expect(found!.what).toContain('their forward');
    });

    it.each<[string, string]>([
      ['with its own rule, which comes after ours', forward(I, '<associated-rule-id>nat_1</associated-rule-id>')],
      ['to another host', forward('10.0.9.9')],
      ['that is disabled', forward(I, `${PASS}<disabled/>`)],
      ['of packets from inside', forward(I).replace('<rule><interface>wan', '<rule><interface>lan')],
    ])('%s does not bypass it', (_, text) => {
      expect(codes(policy, text)).toEqual([]);
    });
  });

  it('a port forward of an alias with a public address is refused', () => {
    const alias = '<alias><name>publics</name><type>host</type><address>198.18.0.1 203.0.113.10</address></alias>';
    const named = put('nat', to('<address>publics</address>')).replace(
      '<aliases></aliases>',
      `<aliases>${alias}</aliases>`,
    );
    expect(codes(policy, named)).toEqual(['pfsense/port-forward-wins']);
  });

  describe('reflection', () => {
    const wish = (mode: 'pure-nat' | 'system-default', from: readonly string[]): GatewayPolicy =>
      box([mapping(P, '10.7.0.1', { reflection: { mode, from, globalHelper: false } })]);
    const byDefault = put('system', '<enablebinatreflection>yes</enablebinatreflection>');

    it('by default is the box’s setting', () => {
      expect(codes(wish('system-default', ['lan0', 'dmz0']), byDefault)).toEqual([]);
      expect(codes(wish('system-default', []), captured)).toEqual([]);
      expect(codes(wish('system-default', ['lan0', 'dmz0']), captured)).toEqual(['pfsense/system-default']);
      expect(codes(wish('system-default', []), byDefault)).toEqual(['pfsense/system-default']);
      expect(codes(wish('system-default', ['lan0']), byDefault)).toEqual(['pfsense/reflection-from']);
      expect(generator.write(wish('system-default', ['lan0', 'dmz0']), byDefault).text).not.toContain(
        '<natreflection>',
      );
    });

    it('comes from the interfaces without a gateway', () => {
      const gateway = captured.replace('<if>dmz0</if>', '<if>dmz0</if><gateway>DMZGW</gateway>');
      expect(codes(wish('pure-nat', ['lan0', 'dmz0']), gateway)).toEqual(['pfsense/reflection-from']);
      expect(codes(wish('pure-nat', ['lan0']), gateway)).toEqual([]);
      const more = captured.replace('</interfaces>', '<opt2><enable/><if>guest</if></opt2></interfaces>');
      const [problem] = problems(wish('pure-nat', ['lan0', 'dmz0']), more);
      expect(problem).toMatchObject({ code: 'pfsense/reflection-from', what: expect.stringContaining('opt2') });
    });

    it('needs no consent if an administrator turned the switch on', () => {
      const shared = box([mapping(P, I, { reflection: { ...PURE_NAT, globalHelper: false } })]);
      const theirs = put('system', '<enablenatreflectionhelper>yes</enablenatreflectionhelper>');
      expect(codes(shared, theirs)).toEqual([]);
      expect(generator.write(shared, theirs).text).not.toContain('<sets>');
    });
  });
});
