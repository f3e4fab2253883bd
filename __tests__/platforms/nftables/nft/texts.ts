// Table of whole nftables texts that nft refuses, each with the parser's problem code, and of similar ones that it
// accepts; with the rules of texts-rules.ts and the sets of texts-sets.ts.

import { FILTER, RULES, RULES_TAKEN } from './texts-rules';
import { MAPS, MAPS_TAKEN, SETS, SETS_TAKEN } from './texts-sets';

/** Texts that nft refuses, each for one reason, with the parser's problem code; and similar ones that it accepts. */
type Refused = readonly [what: string, text: string, code: string];

const TABLE = `
  set s4 { type ipv4_addr; }
  set s6 { type ipv6_addr; }
  set ports { type inet_service; }
  set both { type ipv4_addr . inet_service; }
  map m4 { type ipv4_addr : ipv4_addr; }
  map m6 { type ipv6_addr : ipv6_addr; }
  map verdicts { type ipv4_addr : verdict; }
  map marks { type ipv4_addr : mark; }
`;

const set = (body: string): string => `table ip x {\n set s {\n  ${body.replace(/; /g, '\n  ')}\n }\n}\n`;
const map = (body: string): string => set(body).replace(' set s', ' map s');
const chain = (head: string, family = 'inet'): string => `table ${family} x {\n chain c {\n  ${head}\n }\n}\n`;
const rule = (text: string, head = FILTER, family = 'inet'): string =>
  `table ${family} x {${TABLE} chain other {\n }\n chain base {\n  type filter hook forward priority 5;\n }\n chain c {\n  ${head}\n  ${text}\n }\n}\n`;

const heads: readonly (readonly [string, string, string?])[] = [
  ['type nat hook forward priority 0;', 'no-such-hook'],
  ['type route hook input priority 0;', 'no-such-hook'],
  ['type filter hook ingress device lo priority 0;', 'no-such-hook', 'ip'],
  ['type nat hook prerouting priority -100;', 'no-such-hook', 'bridge'],
  ['type filter hook input priority 0;', 'no-such-hook', 'netdev'],
  ['type nat hook prerouting priority -200;', 'early-nat'],
  ['type nat hook prerouting priority raw;', 'early-nat'],
  ['type filter hook forward priority srcnat;', 'no-such-priority'],
  ['type nat hook output priority srcnat;', 'no-such-priority'],
  ['type filter hook input priority nobody;', 'unexpected-text'],
  ['type filter hoak input priority 0;', 'unexpected-text'],
  ['type filter filter hook input priority 0;', 'unexpected-text'],
  ['type filter hook input priority 10 - 5;', 'unexpected-text'],
  ['type filter hook input priority 08;', 'unexpected-text'],
  ['type filter hook input priority - filter;', 'unexpected-text'],
  ['type filter hook input priority "filter";', 'unexpected-text'],
  ['type nat hook prerouting priority -0310;', 'early-nat'],
  ['type filter hook input device lo priority 0;', 'device-without-ingress'],
  ['type filter hook ingress priority 0;', 'ingress-without-device'],
  ['type filter hook input priority 0; policy drop; policy accept;', 'two-policies'],
  ['policy drop;', 'policy-without-hook'],
  ['type filter hook input priority 0; type filter hook forward priority 0;', 'two-hooks'],
];
const headsTaken: readonly (readonly [string, string?])[] = [
  ['policy drop; type filter hook input priority 0;'],
  ['type nat hook prerouting priority -199;'],
  ['type nat hook input priority mangle; policy drop;'],
  ['type filter hook prerouting priority dstnat + 5;'],
  ['type filter hook input priority filter + 0x10;'],
  ['type nat hook prerouting priority -0300;'],
  ['type filter hook input priority -0x10;'],
  ['type filter hook input priority - 10;'],
  ['type filter hook input priority 2147483648;'],
  ['type route hook output priority -150;'],
  ['type filter hook output priority out;', 'bridge'],
];

const texts: readonly Refused[] = [
  [
    'a different set that exists already',
    'table ip x {\n set s {\n  type ipv4_addr\n }\n set s {\n  type inet_service\n }\n}\n',
    'two-sets',
  ],
  [
    'elements that overlap those of another block',
    `${set('type ipv4_addr; flags interval; elements = { 10.0.0.0/24 }')}add element ip x s { 10.0.0.5 }\n`,
    'same-key-twice',
  ],
  ['no elements to add', `${set('type ipv4_addr')}add element ip x s { }\n`, 'empty-list'],
  [
    'a chain that gets a hook later',
    'table ip x {\n chain c {\n }\n chain c {\n  type filter hook input priority 0;\n }\n}\n',
    'two-hooks',
  ],
  ['a flag that does not exist', 'table ip x {\n flags nothing\n}\n', 'unexpected-text'],
  ['a name that is a word of nft', 'table ip x {\n chain fwd {\n }\n}\n', 'bad-name'],
  ['a name that is too long', `table ip ${'x'.repeat(256)} {\n}\n`, 'bad-name'],
  ['a name that begins with a digit', 'table ip x {\n set 1x {\n  type ipv4_addr\n }\n}\n', 'bad-name'],
  ['a definition given twice', 'define a = 1\ndefine a = 2\n', 'defined-twice'],
  ['an empty definition in a rule', `define a = { }\n${rule('ip saddr $a accept')}`, 'empty-list'],
];

export const REFUSED: readonly Refused[] = [
  ...SETS.map(([body, code]): Refused => [`set { ${body} }`, set(body), code]),
  ...MAPS.map(([body, code]): Refused => [`map { ${body} }`, map(body), code]),
  ...heads.map(([head, code, family]): Refused => [`${family ?? 'inet'}: ${head}`, chain(head, family), code]),
  ...RULES.map(([text, code, head, family]): Refused => [
    `${family ?? 'inet'}: ${head ?? FILTER} ${text.slice(0, 80)}`,
    rule(text, head, family),
    code,
  ]),
  ...texts,
];

const named = (text: string): readonly [string, string] => [text.replace(/\s+/g, ' ').slice(0, 160), text];

export const TAKEN: readonly (readonly [what: string, text: string])[] = [
  ...SETS_TAKEN.map((body): readonly [string, string] => [`set { ${body} }`, set(body)]),
  ...MAPS_TAKEN.map((body): readonly [string, string] => [`map { ${body} }`, map(body)]),
  ...headsTaken.map(([head, family]): readonly [string, string] => [
    `${family ?? 'inet'}: ${head}`,
    chain(head, family),
  ]),
  ...RULES_TAKEN.map(([text, head, family]): readonly [string, string] => [
    `${family ?? 'inet'}: ${head ?? FILTER} ${text.slice(0, 80)}`,
    rule(text, head, family),
  ]),
  named('define a = { }\ntable ip x {\n set s {\n  type ipv4_addr\n  elements = { $a }\n }\n}\n'),
  named('define a = { }\ntable ip x {\n set s {\n  type ipv4_addr\n  elements = $a\n }\n}\n'),
];

/**
 * Texts that nft refused up to 1.0.8, and lists since 1.0.9: every host with Docker or podman has such a chain. The
 * last two are listed by 1.1.3.
 */
export const TAKEN_SINCE: readonly (readonly [what: string, text: string])[] = [
  named(chain('type nat hook output priority dstnat;', 'ip')),
  named(chain('type nat hook output priority dstnat + 10;')),
  named(chain('type nat hook input priority srcnat;', 'ip6')),
  named(rule('ct original proto-dst 22 accept')),
  named(set('type ipv4_addr; timeout 1h; elements = { 10.0.0.1 timeout never }')),
];
