// Creates, for tests of the agent on pfSense, the config.xml of a box and the texts of releases for it.

/**
 * A box's config.xml: an office with a LAN and a spare interface that is off. `others`: further elements of each
 * section.
 */
export const configuration = (
  version: string,
  others = OFFICE,
  interfaces = INTERFACES,
): string => `<?xml version="1.0"?>
<pfsense>
	<version>${version}</version>
	<system>
		<hostname>edge</hostname>
		<user>
			<name>admin</name>
			<bcrypt-hash>$2y$10$secretsecretsecretsecret</bcrypt-hash>
		</user>
		<webgui>
			<protocol>https</protocol>
			<ssl-certref>5f0000000000a</ssl-certref>
		</webgui>
	</system>
	<interfaces>
${interfaces}	</interfaces>
	<gateways>
		<gateway_item>
			<interface>wan</interface>
			<gateway>203.0.113.1</gateway>
			<name>WANGW</name>
			<ipprotocol>inet</ipprotocol>
		</gateway_item>
	</gateways>
${others}</pfsense>
`;

const INTERFACES = `		<wan>
			<enable></enable>
			<if>igb0</if>
			<descr><![CDATA[WAN]]></descr>
			<ipaddr>203.0.113.2</ipaddr>
			<subnet>28</subnet>
			<gateway>WANGW</gateway>
		</wan>
		<lan>
			<enable></enable>
			<if>igb1</if>
			<descr><![CDATA[LAN]]></descr>
			<ipaddr>10.0.1.1</ipaddr>
			<subnet>24</subnet>
		</lan>
		<opt1>
			<if>igb2</if>
			<descr><![CDATA[SPARE]]></descr>
		</opt1>
`;

const OFFICE = `	<virtualip>
		<vip>
			<mode>carp</mode>
			<interface>wan</interface>
			<vhid>17</vhid>
			<advskew>0</advskew>
			<advbase>1</advbase>
			<password><![CDATA[of-the-office]]></password>
			<uniqid>65f0c1d2a3b4c</uniqid>
			<descr><![CDATA[office]]></descr>
			<type>single</type>
			<subnet_bits>28</subnet_bits>
			<subnet>203.0.113.3</subnet>
		</vip>
	</virtualip>
	<nat>
		<onetoone>
			<external>203.0.113.3</external>
			<descr><![CDATA[R&amp;D]]></descr>
			<interface>wan</interface>
			<source>
				<address>10.0.1.30</address>
			</source>
			<destination>
				<any></any>
			</destination>
		</onetoone>
	</nat>
	<filter>
		<rule>
			<type>block</type>
			<interface>wan</interface>
			<source>
				<address>198.51.100.66</address>
			</source>
			<destination>
				<any></any>
			</destination>
			<descr><![CDATA[keep him out]]></descr>
			<tracker>1700000001</tracker>
		</rule>
		<rule>
			<type>pass</type>
			<interface>wan</interface>
			<protocol>tcp</protocol>
			<source>
				<any></any>
			</source>
			<destination>
				<address>10.0.1.30</address>
				<port>22</port>
			</destination>
			<descr><![CDATA[ssh of the office]]></descr>
			<tracker>1700000002</tracker>
		</rule>
		<rule>
			<type>pass</type>
			<interface>lan</interface>
			<source>
				<network>lan</network>
			</source>
			<destination>
				<any></any>
			</destination>
			<descr><![CDATA[lan to any]]></descr>
			<tracker>1700000003</tracker>
		</rule>
		<separator>
			<wan>
				<sep0>
					<row>fr1</row>
					<text><![CDATA[servers]]></text>
					<color>bg-info</color>
					<if>wan</if>
				</sep0>
			</wan>
		</separator>
	</filter>
`;

export interface Mapped {
  readonly name: string;
  readonly outside: string;
  readonly inside: string;
  readonly port: string;
  readonly mode?: 'ipalias' | 'carp' | 'proxyarp' | 'other';
  readonly reflected?: boolean;
}

export interface TextParts {
  readonly owner?: string;
  readonly mark?: 'assumed' | 'captured';
  readonly version?: string;
  readonly helper?: boolean;
  /** Devices by interface key. */
  readonly interfaces?: Readonly<Record<string, string>>;
  /** Further lines among the rules. */
  readonly rules?: string;
  /** Members of lists, by name; ports if they contain no dot. */
  readonly lists?: Readonly<Record<string, string>>;
}

/**
 * The text of a release: each mapping as a virtual IP, a 1:1 entry and a pass rule. Trackers are made from the name.
 */
export function textOf(mapped: readonly Mapped[], parts: TextParts = {}): string {
  const {
    owner = 'web',
    mark = 'assumed',
    version = '23.3',
    helper = false,
    interfaces = { wan: 'igb0', lan: 'igb1' },
    rules = '',
    lists = {},
  } = parts;
  const descr = (what: string): string => `<descr><![CDATA[cpanel-edge:${owner}/${what}]]></descr>`;
  const vips = mapped.map(
    ({ name, outside, mode = 'ipalias' }, at) => `		<vip>
			<mode>${mode}</mode>
			<interface>wan</interface>
${mode === 'carp' ? '\t\t\t<vhid>9</vhid>\n\t\t\t<advbase>1</advbase>\n\t\t\t<advskew>0</advskew>\n' : ''}${
      mode === 'ipalias' || mode === 'carp' ? `\t\t\t<uniqid>75f000000000${at}</uniqid>\n` : ''
    }			${descr(`${name}-vip`)}
			<type>single</type>
			<subnet_bits>32</subnet_bits>
			<subnet>${outside}</subnet>
		</vip>
`,
  );
  const entries = mapped.map(
    ({ name, outside, inside, reflected = false }) => `		<onetoone>
			<external>${outside}</external>
			${descr(`${name}-nat for ${name} &amp; co`)}
			<interface>wan</interface>
			<source>
				<address>${inside}</address>
			</source>
			<destination>
				<any></any>
			</destination>
			<natreflection>${reflected ? 'enable' : 'disable'}</natreflection>
		</onetoone>
`,
  );
  const passes = mapped.map(
    ({ name, inside, port }, at) => `		<rule>
			<type>pass</type>
			<interface>wan</interface>
			<ipprotocol>inet</ipprotocol>
			<protocol>tcp</protocol>
			<source>
				<any></any>
			</source>
			<destination>
				<address>${inside}</address>
				<port>${port}</port>
			</destination>
			<tracker>${3000000000 + trackerOf(owner) + at}</tracker>
			${descr(`${name}-tcp`)}
		</rule>
`,
  );
  const keys = Object.entries(interfaces).map(
    ([key, device]) => `		<${key}>
			<enable></enable>
			<if>${device}</if>
		</${key}>
`,
  );
  const aliases = Object.entries(lists).map(
    ([name, content]) => `		<alias>
			<name>${name}</name>
			<type>${content.includes('.') ? 'network' : 'port'}</type>
			<address>${content}</address>
			${descr(name)}
		</alias>
`,
  );
  return `<?xml version="1.0"?>
<pfsense>
	<cpanel_edge><${mark}/>${helper ? '<sets>enablenatreflectionhelper</sets>' : ''}</cpanel_edge>
	<version>${version}</version>
	<interfaces>
${keys.join('')}	</interfaces>
	<virtualip>
${vips.join('')}	</virtualip>
	<aliases>
${aliases.join('')}	</aliases>
	<nat>
${entries.join('')}	</nat>
	<filter>
${rules}${passes.join('')}	</filter>
</pfsense>
`;
}

const trackerOf = (owner: string): number =>
  [...owner].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 0) % 100_000_000;
