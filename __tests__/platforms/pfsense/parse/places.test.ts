// Tests how lines of a live pfSense configuration are named in messages, and which owner each is of.

import { live } from '../../../../lib/platforms/pfsense/parse/live/live-config';

const BOX = `<?xml version="1.0"?>
<pfsense>
	<nat>
		<onetoone>
			<external>203.0.113.10</external>
			<descr><![CDATA[cpanel-edge:hosting/web Web]]></descr>
		</onetoone>
	</nat>
	<filter>
		<rule>
			<descr><![CDATA[from the office]]></descr>
			<source>
				<address>198.51.100.7</address>
			</source>
		</rule>
		<rule>
			<descr><![CDATA[cpanel-edge:mail/out]]></descr>
		</rule>
	</filter>
</pfsense>
# pfctl -sn
binat on igb0 inet from 10.0.0.10 to any -> 203.0.113.10
rdr on igb1 inet from any to 203.0.113.99 -> 10.0.0.99
# pfctl -sr
block drop in quick on igb0 inet from 198.51.100.7 to any label "USER_RULE: from the office"
pass in quick on igb0 inet all label "USER_RULE: cpanel-edge:mail/out"
`;
const places = live.places(BOX);

test('names a line as a person finds it', () => {
  expect([2, 5, 11, 16, 22, 25, 27].map(places.at)).toEqual([
    'line 2 of the configuration',
    '1:1 entry 1 of the configuration (cpanel-edge:hosting/web Web)',
    'rule 1 of the configuration (from the office)',
    'rule 2 of the configuration (cpanel-edge:mail/out)',
    'line 1 of pfctl -sn',
    'line 1 of pfctl -sr',
    'line 3 of pfctl -sr',
  ]);
  expect(places.inWords('line 11 blocks what line 26 passes')).toBe(
    'rule 1 of the configuration (from the office) blocks what line 2 of pfctl -sr passes',
  );
});

test('names the owner of a line', () => {
  expect([5, 11, 17, 22, 23, 25, 26, 99].map((line) => places.unitAt(line)?.name)).toEqual([
    'entries of cpanel-edge:hosting',
    'the rest of the configuration',
    'entries of cpanel-edge:mail',
    'entries of cpanel-edge:hosting',
    'the rest of the configuration',
    'the rest of the configuration',
    'entries of cpanel-edge:mail',
    undefined,
  ]);
  expect(live.findUnit({ text: BOX, owner: 'hosting' })).toBe('entries of cpanel-edge:hosting');
});

test('names the places where others mention an address', () => {
  expect(places.mentions('198.51.100.7')).toEqual([
    'rule 1 of the configuration (from the office)',
    'line 1 of pfctl -sr',
  ]);
  expect([places.mentions('203.0.113.10'), places.mentions('98.51.100.7')]).toEqual([[], []]);
});
