// A pfSense configuration with entries of several owners, and new entries to put in.

import { PfsenseEntries, PfsenseRule } from '../../../../lib/platforms/pfsense/generate/pfsense-entries';
import { address, prefix } from '../../../generate/support';

/** A box of another program, with entries of another owner and older ones of ours. */
export const BEFORE = `<?xml version="1.0"?>
<pfsense>
	<cpanel_edge><captured/></cpanel_edge>
	<version>23.3</version>
	<system>
		<hostname>edge</hostname>
	</system>
	<interfaces>
		<wan>
			<enable></enable>
			<if>igb0</if>
			<ipaddr>203.0.113.2</ipaddr>
			<subnet>24</subnet>
			<gateway>WANGW</gateway>
		</wan>
		<lan>
			<enable></enable>
			<if>igb1</if>
			<ipaddr>10.0.0.1</ipaddr>
			<subnet>24</subnet>
		</lan>
	</interfaces>
	<virtualip>
		<vip>
			<mode>ipalias</mode>
			<interface>wan</interface>
			<subnet>203.0.113.200</subnet>
			<descr><![CDATA[cpanel-edge:web/old]]></descr>
		</vip>
		<vip>
			<mode>other</mode>
			<interface>wan</interface>
			<subnet>203.0.113.201</subnet>
			<subnet_bits>32</subnet_bits>
			<descr><![CDATA[theirs &amp; nobody's]]></descr>
		</vip>
	</virtualip>
	<nat>
		<rule>
			<interface>wan</interface>
			<destination>
				<network>wanip</network>
				<port>443</port>
			</destination>
			<descr>a port forward</descr>
		</rule>
		<onetoone>
			<interface>wan</interface>
			<external>203.0.113.201</external>
			<source>
				<address>10.0.0.201</address>
			</source>
			<destination>
				<any/>
			</destination>
			<descr><![CDATA[cpanel-edge:web-2/theirs]]></descr>
		</onetoone>
		<outbound>
			<mode>automatic</mode>
		</outbound>
	</nat>
	<filter>
		<rule>
			<type>block</type>
			<interface>wan</interface>
			<source>
				<address>192.0.2.66</address>
			</source>
			<destination><any/></destination>
			<descr>kept out by name</descr>
		</rule>
		<rule><type>pass</type><interface>wan</interface><source><any/></source><descr>cpanel-edge:web/old</descr></rule>
		<rule><type>pass</type><interface>lan</interface><source><any/></source><destination><any/></destination></rule>
		<rule>
			<type>block</type>
			<interface>wan</interface>
			<source><any/></source>
			<destination><any/></destination>
			<descr>everybody</descr>
		</rule>
		<rule>
			<type>reject</type>
			<interface>wan</interface>
			<source><network>opt1</network></source>
			<destination><any/></destination>
			<descr>below</descr>
		</rule>
		<rule><floating>yes</floating><interface>wan,lan</interface><type>pass</type><descr>float</descr></rule>
		<separator>
			<wan>
				<sep0>
					<row>fr0</row>
					<text><![CDATA[top]]></text>
				</sep0>
				<sep1>
					<row>fr2</row>
				</sep1>
				<sep2><row>fr3</row></sep2>
			</wan>
			<floatingrules>
				<sep0><row>fr1</row></sep0>
			</floatingrules>
			<lan>
				<sep0><row>fr1</row></sep0>
			</lan>
		</separator>
	</filter>
	<unknown a="1">&lt;kept&gt;<!-- as it is --></unknown>
</pfsense>
`;

const rule = (key: string, descr: string, floating = false): PfsenseRule => ({
  action: 'pass',
  on: floating ? { is: 'floating', key } : { is: 'interface', key },
  source: { is: 'any' },
  destination: { is: 'prefix', prefix: prefix('10.0.0.10') },
  tracker: 3_000_000_001,
  descr: `cpanel-edge:web/${descr}`,
});

/** The entries that are put into it. */
export const ENTRIES: PfsenseEntries = {
  owner: 'web',
  helper: false,
  virtualIps: [
    {
      mode: 'other',
      interface: 'wan',
      address: address('203.0.113.10'),
      bits: 32,
      type: 'single',
      descr: 'cpanel-edge:web/vip',
    },
  ],
  oneToOnes: [
    {
      interface: 'wan',
      external: address('203.0.113.10'),
      source: prefix('10.0.0.10'),
      destination: { is: 'any' },
      disabled: false,
      descr: 'cpanel-edge:web/one',
    },
  ],
  rules: [rule('any', 'float', true), rule('wan', 'a'), rule('wan', 'b'), rule('opt1', 'c')],
  aliases: [{ name: 'ce_web', type: 'port', entries: ['1', '3:5'], descr: 'cpanel-edge:web/ports' }],
};
