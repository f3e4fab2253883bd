// The formats that are recognised and not read: scripts, status outputs, texts of other programs and of platforms that
// aren't parsed. Each has a sentence of its own: its name, and the command whose output is read.

import { ConfigFormat, UnsupportedFormat } from '../../parse/config-format';
import { parsablePlatforms } from '../../registry';

const IPTABLES_COMMANDS = 'iptables-save 2>&1; ip6tables-save 2>&1; ipset save';
const RULES_COMMANDS = `nft list ruleset; where iptables is in use: ${IPTABLES_COMMANDS}.`;
const SCRIPT_FLAW = 'which is not read: the shell that runs it decides what is loaded';
const LISTENERS_FLAW = 'which says what listens, and not what the rules let in';
/** The place of a command in a line: behind a prompt, `sudo`, `if` or a path. Bounded, since a line may be a whole file. */
const COMMAND_START = String.raw`^[^\n]{0,200}?(?:^|[\s;&|(#$>])(?:[\w./-]{0,60}/)?`;

const createScriptFormat = (programs: string, commands: string, label: string, hint: string): UnsupportedFormat => ({
  pattern: new RegExp(`${COMMAND_START}(?:${programs})\\s+(?:${commands})`, 'm'),
  label,
  flaw: SCRIPT_FLAW,
  instead: `what the server has loaded, as root: ${hint}`,
});

const IPTABLES_OPTIONS = String.raw`(?:-[46wnv]\s+|-t\s+\w+\s+)*(?:-[APINFXDZ]\b|--(?:append|policy|insert|new-chain|flush|delete)\b)`;

/** Commands of Linux, each typed or in a script. */
const SCRIPTS: readonly UnsupportedFormat[] = [
  createScriptFormat(
    'ip6?tables(?:-legacy|-nft)?',
    IPTABLES_OPTIONS,
    'a shell script of iptables commands',
    `${IPTABLES_COMMANDS}.`,
  ),
  createScriptFormat(
    'ip6?tables(?:-legacy|-nft)?-restore',
    '(?:-\\S+\\s*)*<',
    'a shell script of iptables commands',
    `${IPTABLES_COMMANDS}.`,
  ),
  {
    pattern:
      /^[ \t]*["']?\$\{?\w+\}?["']?\s+(-[46wnv]\s+|-t\s+\w+\s+)*(-[APINFXDZ](\s+[A-Z]|\s*$)|--(append|policy) )/m,
    label: 'a shell script of iptables commands',
    flaw: SCRIPT_FLAW,
    instead: `what the server has loaded, as root: ${IPTABLES_COMMANDS}.`,
  },
  createScriptFormat(
    String.raw`nft|\$\{?(?:NFT|nft)\}?`,
    String.raw`(?:-\w+\s+)*['"]?(?:add|create|insert|replace|flush|delete|destroy)\b|-f\b`,
    'a shell script of nft commands',
    'nft list ruleset.',
  ),
  createScriptFormat(
    'ufw',
    String.raw`(?:--\S+\s+)*(?:allow|deny|reject|limit|default|route|insert|prepend|delete|enable|reset)\b`,
    'a script of ufw commands',
    `${IPTABLES_COMMANDS}.`,
  ),
  createScriptFormat('firewall-cmd', '-', 'a script of firewall-cmd commands', 'nft list ruleset.'),
  createScriptFormat(
    'uci',
    '(?:-q\\s+)?(?:add|set|add_list|delete|commit)\\b',
    'a script of uci commands',
    'nft list ruleset.',
  ),
];

const ON_OPENWRT = 'on OpenWrt as root: nft list ruleset; with fw3 (before 22.03): iptables-save; ip6tables-save.';
const NOTHING_ELSE = 'nothing that this version reads.';
const IPFW_ACTIONS =
  '(?:allow|accept|pass|permit|deny|drop|reject|reset6?|unreach6?|check-state|count|skipto|divert|tee|fwd|forward|pipe|queue|nat|setfib|call|return)';

/** Formats that people have of a server's rules besides those that are read. */
const SERVER_FORMATS: readonly UnsupportedFormat[] = [
  {
    pattern: /^[ \t]*(package firewall\b|config (defaults|zone|forwarding|redirect|rule|include|ipset)\b)/m,
    label: 'OpenWrt’s /etc/config/firewall',
    instead: ON_OPENWRT,
  },
  { pattern: /^firewall\.[@\w[\]-]+(\.\w+)?=/m, label: 'what `uci show firewall` prints', instead: ON_OPENWRT },
  {
    pattern: new RegExp(
      `^\\d{1,5}\\s+(?:\\d+\\s+\\d+\\s+)?(?:[A-Z][a-z]{2} [^\\n]* \\d{4}\\s+)?(?:set \\d+ )?(?:prob \\S+ )?${IPFW_ACTIONS}\\b`,
      'm',
    ),
    label: 'what `ipfw list` or `ipfw show` prints',
    instead:
      'nothing of ipfw; of FreeBSD pf is read: pfctl -sn and pfctl -sr, each under its own title ("# pfctl -sn").',
  },
  {
    pattern: new RegExp(
      `\\badd\\s+(?:[\\d$]\\S*\\s+)?(?:set \\d+ )?${IPFW_ACTIONS}\\s+(?:log\\s+)?(?:ip|all|tcp|udp|icmp)\\b`,
      'm',
    ),
    label: 'a script of ipfw commands',
    instead:
      'nothing of ipfw; of FreeBSD pf is read: pfctl -sn and pfctl -sr, each under its own title ("# pfctl -sn").',
  },
  {
    pattern: /^Name: \S+\nType: (hash|bitmap|list):/m,
    label: 'what `ipset list` prints',
    instead: `as root, beside the rules that name the sets: ${IPTABLES_COMMANDS}.`,
  },
  {
    pattern: /^Status for the jail: |^Status\n\|- Number of jail/m,
    label: 'what `fail2ban-client status` prints',
    flaw: 'which says which addresses are banned, and not what the rules let in',
    instead: `as root: ${RULES_COMMANDS}`,
  },
  {
    pattern: /^[ \t]*(domain \(?ip6?\b|table \w+ chain \(?\w+|chain \(?(INPUT|FORWARD|OUTPUT)\b[^\n]*[{;])/m,
    label: 'a file of ferm',
    instead: `what it loads, as root: ${IPTABLES_COMMANDS}.`,
  },
  {
    pattern:
      /^\??(SECTION|FORMAT) \w+|^#(ACTION|ZONE|INTERFACE|SOURCE)\s+(SOURCE|TYPE|DEST|INTERFACE|BROADCAST|OPTIONS)\b/m,
    label: 'a file of Shorewall',
    instead: `what it loads, as root: ${IPTABLES_COMMANDS}.`,
  },
  {
    pattern:
      /^[ \t]*((Netid\s+)?State\s+Recv-Q\s+Send-Q|Proto\s+Recv-Q\s+Send-Q|((tcp|udp)6?\s+)?(LISTEN|UNCONN)\s+\d+\s+\d+\s|COMMAND\s+PID\s+(TID\s+)?USER\s+FD)/m,
    label: 'what `ss`, `netstat` or `lsof` prints',
    flaw: LISTENERS_FLAW,
    instead: `the rules, as root: ${RULES_COMMANDS}`,
  },
  {
    pattern: /^[ \t]*(# Nmap |Starting Nmap |Nmap scan report |PORT\s+STATE\s+SERVICE)/m,
    label: 'what `nmap` prints',
    flaw: 'which says what answered one client, and not what the rules let in',
    instead: `the rules, as root on that server: ${RULES_COMMANDS}`,
  },
  {
    pattern: /^netsh advfirewall\b|^(Rule Name|(Domain|Private|Public) Profile Settings|DisplayName\s*):/m,
    label: 'a list of Windows Firewall’s rules',
    instead: NOTHING_ELSE,
  },
];

/** Formats of other devices and of clouds. */
const DEVICE_FORMATS: readonly UnsupportedFormat[] = (
  [
    [
      /^ip access-list (standard|extended)\b|^access-list \d+ (permit|deny)\b/m,
      'a configuration of Cisco IOS',
      NOTHING_ELSE,
    ],
    [/^(access-list|object network|nat \(|ASA Version)/m, 'a configuration of Cisco ASA', NOTHING_ELSE],
    [/^#config-version=F|^config (firewall|system)\b/m, 'a configuration of FortiGate', NOTHING_ELSE],
    [
      /^\/(ip|ipv6)[ /]firewall\b|^# .* by RouterOS |^[ \t]*(\d+\s+)?([A-Z]\s+)?chain=\S+ action=/m,
      'a list of RouterOS’s rules',
      NOTHING_ELSE,
    ],
    [
      /^set firewall (name|ipv6-name|ipv[46]|zone|group|global-options|interface|all-ping)\b|^firewall \{\n\s+(all-ping|name|ipv[46]|group|global-options)/m,
      'a configuration of VyOS or EdgeOS',
      `there, as root: ${RULES_COMMANDS}`,
    ],
    [
      /^set (security (policies|zones|nat|screen)|firewall (family|filter))\b|^[ \t]*(from-zone \S+ to-zone|security-zone) \S+ \{/m,
      'a configuration of Junos',
      NOTHING_ELSE,
    ],
    [/^set (rulebase|deviceconfig|vsys)\b|urldb="paloaltonetworks"/m, 'a configuration of PAN-OS', NOTHING_ELSE],
    [
      /"(SecurityGroups|SecurityGroupRules|IpPermissions|securityRules)"\s*:|"compute#firewall"|\/networkSecurityGroups\//,
      'a list of security groups',
      `the rules of the servers behind it, as root: ${RULES_COMMANDS}`,
    ],
  ] as const
).map(([pattern, label, instead]) => ({ pattern, label, instead }));

/** Addresses in a format that isn't parsed. Operators add them to rules by the command at hand. */
const SHORT_ADDRESSES: UnsupportedFormat = {
  pattern: /^\S+\s+(UNKNOWN|UP|DOWN)\s+[0-9a-f.:]+\/\d+|^[ \t]+inet \d+\.\d+\.\d+\.\d+ {2}netmask /m,
  label: 'addresses as ip -br or ifconfig print them',
  instead: 'what `ip -o addr; ip -o link; ip -o route show table all` prints.',
};

const TERRAFORM_FORMATS: readonly UnsupportedFormat[] = [
  {
    pattern: /^[ \t]*\{\s*"version": *\d+,\s*"terraform_version"/,
    label: 'Terraform’s state',
    instead: 'the plan file, or the folder with the synthesized stack; of what runs on the devices cpanel-edge verify.',
  },
  {
    pattern: /^(resource|data) "\w+" "[\w-]+" \{/m,
    label: 'Terraform’s source',
    instead: 'the plan file, or the folder with the synthesized stack; of what runs on the devices cpanel-edge verify.',
  },
];

const SURROUNDED_RULES: UnsupportedFormat = {
  pattern: /^[ \t]*(?:\d+[:|]?[ \t]+|> ?)?(\*(raw|mangle|nat|filter)[ \t]*$|table (\w+ )?\w+ \{)/m,
  label: 'rules with other text around them',
  flaw: 'which may or may not be a part of them',
  instead: 'the rules alone, as the program printed them.',
};

const PLATFORM_FORMATS: readonly UnsupportedFormat[] = Object.values(parsablePlatforms).flatMap(
  ({ configFormat }: { readonly configFormat: ConfigFormat }) => configFormat.unsupportedFormats ?? [],
);

const FORMATS: readonly UnsupportedFormat[] = [
  ...SERVER_FORMATS,
  ...PLATFORM_FORMATS,
  ...DEVICE_FORMATS,
  ...SCRIPTS,
  SHORT_ADDRESSES,
  ...TERRAFORM_FORMATS,
  SURROUNDED_RULES,
];

/** Returns the unsupported format that the beginning of a text shows. */
export const findUnsupportedFormat = (start: string): UnsupportedFormat | undefined =>
  FORMATS.find(({ pattern }) => pattern.test(start));

/** Returns the unsupported format of a text that would also be recognised as rules. */
export const findLookalikeFormat = (start: string): UnsupportedFormat | undefined =>
  PLATFORM_FORMATS.find(({ pattern, isLookalike }) => isLookalike && pattern.test(start));
