// Lists which lint rules `exposure` applies to unmanaged config, and why it doesn't apply the others, for `exposure`
// and for the page of each rule.

/**
 * Whether `exposure` asks a rule of unmanaged config if a text alone decides the rule, or why it doesn't. Evaluations
 * of unmanaged config show all that may pass, so that too little is never certain; and they follow no sources that a
 * gateway translates.
 */
type UnmanagedUse = 'asked' | 'with files' | 'too little' | 'settings' | 'translated';

const USE_BY_CODE: Readonly<Record<string, UnmanagedUse>> = {
  'access/admin-lockout': 'too little',
  'access/ban-ignored': 'asked',
  'access/hac-ignored': 'asked',
  'access/ssh-open': 'asked',
  'access/whm-open': 'asked',
  'cpnat/duplicate-public': 'translated',
  'cpnat/hairpin-missing': 'too little',
  'cpnat/myip-blocked': 'too little',
  'cpnat/not-one-to-one': 'translated',
  'cpnat/snat-asymmetric': 'translated',
  'licence/callback-closed': 'too little',
  'licence/callback-unknown': 'too little',
  'licence/egress-blocked': 'too little',
  'licence/port-changing-nat': 'translated',
  'nat/default-accept-forward': 'asked',
  'nat/forward-shadows-mapping': 'translated',
  'nat/hairpin-launders-source': 'translated',
  'nat/hairpin-missing-for-neighbours': 'too little',
  'nat/hides-clients': 'translated',
  'nat/host-refuses': 'too little',
  'nat/vip-reaches-gateway': 'translated',
  'outbound/apns-only': 'settings',
  'outbound/apt-key-port': 'settings',
  'outbound/autossl-egress': 'too little',
  'ports/by-source-port': 'asked',
  'ports/closed-panel-via-443': 'too little',
  'ports/eas-plugin-missing': 'settings',
  'ports/everything-open': 'asked',
  'ports/ftp-passive-closed': 'with files',
  'ports/ftp-prefer-sftp': 'asked',
  'ports/insecure-login-port': 'asked',
  'ports/ipv6-wider': 'asked',
  'ports/localhost-only-blocked': 'too little',
  'ports/localhost-only-exposed': 'asked',
  'ports/mysql-public': 'asked',
  'ports/panel-via-443': 'asked',
  'ports/plaintext-open': 'asked',
  'ports/port26-not-enabled': 'settings',
  'ports/smtps-tls12': 'settings',
  'ports/two-filters': 'asked',
};

/** The codes of the rules in the table. A test compares them with the rules. */
export const UNMANAGED_CODES: readonly string[] = Object.keys(USE_BY_CODE);

/** Returns whether `exposure` prints the findings of a rule on unmanaged config. */
export const isAskedOfUnmanaged = (code: string): boolean => USE_BY_CODE[code] === 'asked';

const NOT_ASKED_TEXT = 'what a text exposes. It judges stacks: `exposure` does not ask it of devices of others, ';
const USE_TEXT: Readonly<Record<UnmanagedUse, string>> = {
  asked: 'what a text exposes, so `exposure` asks it of devices of others, too',
  'with files':
    'what a text exposes. `exposure` asks it of devices of others where the file of Pure-FTPd beside it says which ports are meant',
  'too little': `${NOT_ASKED_TEXT}where too little that is open may be meant`,
  settings: `${NOT_ASKED_TEXT}where it depends on settings that no rules tell`,
  translated: `${NOT_ASKED_TEXT}where it follows no sources that a gateway translates, and knows no servers behind it`,
};

/** Returns whether `exposure` asks a rule if files of cPanel beside the rules say what is meant. */
export const isAskedWithFiles = (code: string): boolean => USE_BY_CODE[code] === 'with files';

/** Returns the end of "Decided by …" on the page of a rule that a text decides. */
export const printUnmanagedUse = (code: string): string => USE_TEXT[USE_BY_CODE[code] ?? 'too little'];
