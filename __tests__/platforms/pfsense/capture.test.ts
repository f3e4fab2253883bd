// Tests the capture of pfSense's config.xml, on files by hand and random ones: kept and omitted elements, no secrets,
// and refused texts.

import { fc } from '../../randomly';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { capturer } from '../../../lib/platforms/pfsense/capture/capture';
import { KEPT_ELEMENTS } from '../../../lib/platforms/pfsense/capture/kept-elements';
import { isLikelySecret } from '../../../lib/platforms/pfsense/capture/secrets';
import { KeptShape } from '../../../lib/platforms/pfsense/capture/kept-shape';
import { Translation, UNTRANSLATED, ReachabilityView } from '../../../lib/reachability/reachability';
import { toLocationKey } from '../../../lib/net/device';
import { PacketMap, PacketSet } from '../../../lib/net/packet-map';
import { describeDevice } from '../../../lib/platforms/pfsense/parse/box/describe-device';
import { parser } from '../../../lib/platforms/pfsense/parse/parser';
import { XmlElement, escapeXml, parseXml } from '../../../lib/xml/parse-xml';
import { problemsOf } from '../../problems';

const file = (name: string): string => readFileSync(join(__dirname, 'captures', name), 'utf8');
const capture = (text: string) => capturer.capture(text);
const box = (inner: string): string => `<?xml version="1.0"?>\n<pfsense>\n${inner}</pfsense>\n`;
const kept = (inner: string): string =>
  capture(box(inner))
    .text.split('<cpanel_edge><captured/></cpanel_edge>\n')[1]!
    .replace(/<\/pfsense>\n$/, '');

const refusal = (text: string): string =>
  problemsOf(() => capture(text))
    .map(({ code, where }) => `${code} at ${where}`)
    .join('; ') || 'captured';

describe('a whole configuration', () => {
  const { text, omittedParts, suspicious } = capture(file('secrets.xml'));

  it('is captured as the file by hand shows', () => {
    expect(text).toBe(file('secrets.captured.xml'));
  });

  it('contains no secret', () => {
    expect(file('secrets.xml').match(/CANARY/g)!.length).toBeGreaterThan(90);
    expect([text, ...omittedParts, ...suspicious].filter((one) => one.includes('CANARY'))).toEqual([]);
  });

  it('names the unknown elements, and nothing else', () => {
    expect(omittedParts).toEqual([
      'filter/rule/zz9',
      'installedpackages/acme',
      'installedpackages/haproxy',
      'installedpackages/miniupnpd/config/permuser1',
      'installedpackages/wireguard',
      'system/futureswitch',
    ]);
  });

  it('names the line of a description that looks like a secret', () => {
    expect(suspicious).toEqual([]);
    const told = capture(file('secrets.xml').replace('Bad addresses', 'Password: hunter2'));
    const line = told.text.split('\n').findIndex((one) => one.includes('hunter2')) + 1;
    expect(told.suspicious).toEqual([`line ${line}, aliases/alias/descr`]);
  });

  it('is the same if it is captured again', () => {
    expect(capture(text)).toEqual({
      text,
      omittedParts: [],
      suspicious: [],
      version: { is: expect.any(String), line: expect.any(Number) },
    });
  });
});

/**
 * Elements that pfSense's status.php removes from a configuration before people send it to others, and other elements
 * with secrets.
 */
const SECRETS =
  `accountkey authorizedkeys auth_pass auth_user barnyard_dbpwd bcrypt-hash cert_key community crypto_password crypto_password2
  dns_nsupdatensupdate_key encryption_password etpro_code etprocode gold_encryption_password gold_password influx_pass ipsecpsk ldap_bindpw
  ldapbindpass ldap_pass lighttpd_ls_password maxmind_geoipdb_key maxmind_key md5-hash md5password md5sigkey md5sigpass nt-hash oinkcode
  oinkmastercode passphrase password passwordagain pkcs11pin postgresqlpasswordenc pre-shared-key proxypass proxy_passwd proxyuser proxy_user
  prv radius_secret redis_password redis_passwordagain rocommunity secret shared_key stats_password tls tlspskidentity tlspskfile
  varclientpasswordinput varclientsharedsecret varsqlconfpassword varsqlconf2password varsyncpassword varmodulesldappassword
  varmodulesldap2password varusersmotpinitsecret varusersmotppin varuserspassword webrootftppassword key token pwd pw user username crt
  privatekey private-key presharedkey sha512-hash source_hash_key radiuskey omapi_key ddnsdomainkey keydata xmldata custom_options
  custom_config preauthurl htmltext apikey userkey api created updated common_name`.split(/\s+/);

/** A configuration with every element that a capture keeps, and beside and below each of them every secret. */
function everywhere(shape: KeptShape, depth: number): string {
  const secrets = SECRETS.map((name) => `<${name}>CANARY</${name}>`).join('');
  if (shape.is !== 'branch') return secrets;
  const children = [...shape.children, ...(shape.others ? [['anyname', shape.others] as const] : [])];
  return secrets + children.map(([name, below]) => `<${name}>${everywhere(below, depth + 1)}</${name}>`).join('\n');
}

it('omits secrets at any place', () => {
  const hostile = box(everywhere(KEPT_ELEMENTS, 0));
  expect(hostile.match(/CANARY/g)!.length).toBeGreaterThan(10_000);
  // An element that may have any name may have a secret's name, such as an interface called key. Its text isn't kept.
  expect(capture(hostile).text).not.toContain('CANARY');
});

describe('kept elements', () => {
  it('keep the order of rules; elements of a rule are sorted', () => {
    const rule = (inner: string): string => `<rule>${inner}</rule>`;
    const a = kept(
      `<filter>${rule('<tracker>2</tracker><type>pass</type>')}${rule('<type>block</type><tracker>1</tracker>')}</filter>`,
    );
    const b = kept(
      `<filter>${rule('<type>pass</type><tracker>2</tracker>')}${rule('<tracker>1</tracker><type>block</type>')}</filter>`,
    );
    expect(a).toBe(b);
    expect(a.match(/<tracker>.*</g)).toEqual(['<tracker>2<', '<tracker>1<']);
  });

  it('include elements that break a rule', () => {
    expect(kept('<filter><rule><source></source></rule><rule/></filter>')).toBe(
      '\t<filter>\n\t\t<rule>\n\t\t\t<source></source>\n\t\t</rule>\n\t\t<rule></rule>\n\t</filter>\n',
    );
  });

  it('may have names in any letter case, as on the box', () => {
    expect(kept('<Filter><RULE><Type>pass</Type></RULE></Filter>')).toBe(
      '\t<filter>\n\t\t<rule>\n\t\t\t<type>pass</type>\n\t\t</rule>\n\t</filter>\n',
    );
  });

  it('omit sections of which nothing is kept', () => {
    expect(kept('<load_balancer><monitor_type><name>x</name></monitor_type></load_balancer><aliases/>')).toBe('');
  });

  it.each([
    ['<descr><![CDATA[a &amp; b]]></descr>', 'a &amp; b'],
    ['<descr>a &amp; b</descr>', 'a &amp; b'],
    ['<descr><![CDATA[a & b <c> "d"]]></descr>', 'a &amp; b &lt;c&gt; &quot;d&quot;'],
    ['<descr><![CDATA[&amp;lt; &uuml; &#039;]]></descr>', '&amp;lt; &uuml; &#039;'],
    ['<descr>x<![CDATA[y]]></descr>', 'xy'],
    ['<descr><![CDATA[a]]]]><![CDATA[>b]]></descr>', 'a]]&gt;b'],
    ['<descr>\n\t\t</descr>', undefined],
  ])('spell %s as the box does', (written, inside) => {
    const line = inside === undefined ? '<descr></descr>' : `<descr><![CDATA[${inside}]]></descr>`;
    expect(kept(`<filter><rule>${written}</rule></filter>`)).toBe(
      `\t<filter>\n\t\t<rule>\n\t\t\t${line}\n\t\t</rule>\n\t</filter>\n`,
    );
  });

  it('omit text beside elements, and name its place', () => {
    expect(capture(box('<filter><rule><source>any</source></rule></filter>')).omittedParts).toEqual([
      'filter/rule/source (text beside its elements)',
    ]);
  });
});

describe('a text that is no configuration', () => {
  it.each([
    ['', /^pfsense\/capture-not-xml at line 1$/],
    ['table inet filter {}', /^pfsense\/capture-not-xml/],
    ['<pfsense><version>', /^pfsense\/capture-not-xml/],
    ['<opnsense/>', /^pfsense\/capture-other-root at line 1$/],
    ['---- BEGIN config.xml ----\nU2FsdGVk\n---- END config.xml ----\n', /^pfsense\/capture-encrypted/],
    [box('\t<cpanel_edge><assumed/></cpanel_edge>\n'), /^pfsense\/capture-assumed at line 3$/],
    [box('<version>1.9</version>'), /^pfsense\/capture-unknown-version at line 3$/],
    [box('\n<version>99.9</version>'), /^pfsense\/capture-unknown-version at line 4$/],
    [box('<version>15.0</version><version>24.9</version>'), /^captured$/],
  ])('is refused: %j', (text, code) => {
    expect(refusal(text)).toMatch(code);
  });
});

it('captures the stored configuration of a live text', () => {
  const live = box('\t<cpanel_edge><live>on</live></cpanel_edge>\n\t<version>23.3</version>\n').concat(
    '# pfctl -sn\nbinat on igb0 ...\n# pfctl -sr\n<x>\n',
  );
  expect(capture(live).text).toBe(box('\t<cpanel_edge><captured/></cpanel_edge>\n\t<version>23.3</version>\n'));
});

it.each([
  ['Password: hunter2', true],
  ['psk=abc', true],
  ['$2y$10$abcdefgh', true],
  ['-----BEGIN RSA PRIVATE KEY-----', true],
  ['0123456789abcdef0123456789abcdef', true],
  ['aB3dE5gH7jK9mN1pQ3sT5v', true],
  ['Allow HTTPS to the password server', false],
  ['cpanel-edge:hosting/mapping-web Web of customers', false],
  ['Default allow LAN to any rule', false],
  ['see https://wiki.example/firewall/rules/2024', false],
])('%j looks like a secret: %s', (text, looks) => {
  expect(isLikelySecret(text)).toBe(looks);
});

/** Elements with known and unknown names, in any depth that matters. */
const tree: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
  node: fc
    .tuple(
      fc.constantFrom(
        'filter',
        'rule',
        'nat',
        'onetoone',
        'source',
        'address',
        'descr',
        'type',
        'wan',
        'interfaces',
        'x',
        'password',
        'any',
      ),
      fc.oneof(
        { depthSize: 'small' },
        fc.string({ maxLength: 12 }).map((text) => escapeXml(text.replace(/[^\x20-\x7e\t\n]/g, ''))),
        fc
          .string({ maxLength: 12 })
          .map((text) => `<![CDATA[${text.replace(/[^\x20-\x7e\t\n]/g, '').replaceAll(']]>', '')}]]>`),
        fc.array(tie('node'), { maxLength: 4 }).map((nodes) => nodes.join('')),
      ),
    )
    .map(([name, inner]) => `<${name}>${inner}</${name}>`),
})).node;

const paths = (element: XmlElement, above: string): readonly string[] => {
  const path = `${above}/${element.name}`;
  return [path, ...element.children.flatMap((child) => paths(child, path))];
};

it('a capture is a part of the configuration, and the same if it is captured again', () => {
  fc.assert(
    fc.property(fc.array(tree, { maxLength: 5 }), (nodes) => {
      const whole = box(nodes.join('\n'));
      const { text } = capture(whole);
      expect(capture(text).text).toBe(text);
      const all = new Map<string, number>();
      for (const path of paths(parseXml(whole), '')) all.set(path, (all.get(path) ?? 0) + 1);
      for (const path of paths(parseXml(text), '')) {
        if (path.startsWith('/pfsense/cpanel_edge')) continue;
        const left = (all.get(path) ?? 0) - 1;
        expect(left).toBeGreaterThanOrEqual(0);
        all.set(path, left);
      }
    }),
    { numRuns: 200 },
  );
});

const setOf = ({ dispositions }: ReachabilityView, verdict: string): PacketSet =>
  dispositions.select(({ is }) => is === verdict);
const translated = ({ translations }: ReachabilityView): PacketMap<Translation> =>
  translations.map((one) => (one.destination.is === 'unclear' || one.source.is === 'unclear' ? UNTRANSLATED : one));

describe('elements that decide about packets', () => {
  const folder = join(__dirname, 'wild');
  const boxes = readdirSync(folder).filter((name) => name.endsWith('.xml'));

  it.each(boxes)('of %s are all captured', (name) => {
    const raw = readFileSync(join(folder, name), 'utf8');
    const { text } = capture(raw);
    const device = describeDevice(parseXml(raw));
    expect(describeDevice(parseXml(text))).toEqual(device);
    const [before, after] = [raw, text].map((one) => parser.read(one, device).reachability.views);
    expect(after!.map(({ startLocation }) => toLocationKey(startLocation))).toEqual(
      before!.map(({ startLocation }) => toLocationKey(startLocation)),
    );
    // Reasons contain line numbers, which differ.
    const differs = before!.flatMap((was, index) => {
      const is = after![index]!;
      const same = (['allowed', 'unknown'] as const).every((verdict) => setOf(was, verdict).equals(setOf(is, verdict)));
      return same && translated(was).equals(translated(is)) ? [] : [toLocationKey(was.startLocation)];
    });
    expect(differs).toEqual([]);
  });
});
