// Messages for each word with which an agent refuses or fails.

import { Problem, escapeForDisplay } from '../lib/problems/problem';
import { RefusalText } from '../lib/agent-protocol/device-system';
import { loginWords, refusals } from '../lib/device-systems';
import { AgentAnswer, formatLines } from './agent-answer';
import { DeviceContext, formatBootstrapCommand, formatDeviceCommand, formatPlace } from './device-context';

/** Returns the problem for a refusal of the device, by its word. */
export function explainRefusal(context: DeviceContext, answer: AgentAnswer): Problem {
  const { word = '', values = {} } = answer.result ?? {};
  const getValue = (name: string): string => escapeForDisplay(values[name] ?? 'unknown');
  const detail = formatLines(answer.sections.get(''), 12).join(' / ');
  const message = Object.hasOwn(REFUSAL_MESSAGES, word) ? REFUSAL_MESSAGES[word]?.(getValue, context) : undefined;
  return {
    code: `device/${/^[a-z-]{1,40}$/.test(word) ? word : 'refused'}`,
    where: formatPlace(context),
    what: `${message?.what ?? `The agent refused with "${escapeForDisplay(word)}".`}${detail === '' ? '' : ` It says: ${detail}`}`,
    instead: message?.instead ?? 'look at the device, then apply again.',
  };
}

type RefusalMessage = (getValue: (name: string) => string, context: DeviceContext) => RefusalText;
const createFixedMessage =
  (what: string, instead: string): RefusalMessage =>
  () => ({ what, instead });

const APPLY_AGAIN = 'apply again; if it stays, compare the versions of cpanel-edge here and on the device.';
const MAKE_ROOM = 'make room on the device, or mount its disk writable, then apply again.';
const createBegunMessage = (message: string, instead = MAKE_ROOM): RefusalMessage =>
  createFixedMessage(`${message} It tries again before the next delivery and at its next start.`, instead);
const UNDO_HINT = `where it names what is not added, bring that interface back, or restart the device; else ${MAKE_ROOM}`;
const createNotLoadedMessage = (message: string): RefusalMessage =>
  createFixedMessage(
    `${message} It tries again at its next start.`,
    'what its log says, then a restart of the device, or of the service cpanel-edge where it has systemd.',
  );

/** Messages for each word with which an agent refuses or fails; a test finds missing ones. */
export const REFUSAL_MESSAGES: Readonly<Record<string, RefusalMessage>> = {
  ...refusals,
  busy: (value) => ({
    what: `Another delivery holds the device: ${value('holder')}.`,
    instead:
      'wait for it and apply again; one that died is forgotten after a minute or, once its rules are armed, when its timer ends.',
  }),
  'foreign-lease': (value, context) => ({
    what: `What this owner has on the device belongs to another state, with the owner token ${value('lease')}.`,
    instead:
      `to deliver, if that state gave it up or is lost: write adopt: '${value('lease')}' on the gateway or server and apply;` +
      ` to let its rules stay without an owner: ${formatDeviceCommand(context, ['forget', context.device, '--owner', context.owner ?? 'OWNER', '--owner-token', value('lease')])};` +
      ' else use another owner name.',
  }),
  claimed: (value, context) => ({
    what: `Owner ${value('owner')} on this device has ${value('prefix')}, which overlaps with what this release claims.`,
    instead: `give each address to one owner; the other one has to give it up first. What it has: ${formatDeviceCommand(context, ['verify', context.device])}.`,
  }),
  edited: (value, context) => ({
    what: 'Our rules on the device are not as they were loaded: they were changed by hand, or the program that lists them was updated since and does it otherwise.',
    instead: `look at the lines; to overwrite exactly these changes: ${formatDeviceCommand(context, ['accept', context.device, value('fingerprint')])}, then apply again.`,
  }),
  'edited-meanwhile': createFixedMessage(
    'Our rules on the device were changed or flushed while they were delivered: after the check, or after they were loaded.',
    'find out who does (another tool, a colleague), then apply again: the next check says what was changed.',
  ),
  'rules-elsewhere': createFixedMessage(
    'Our rules were loaded into one back end of iptables, and the device was switched to the other one (update-alternatives) before they were confirmed.',
    'let iptables be the back end that it is to stay (iptables --version), then apply again.',
  ),
  'rules-gone': createFixedMessage(
    'Our rules were loaded, and the device does not list them any more: they were flushed, or they can not be listed.',
    'look at its rules and at who flushes them there, then apply again.',
  ),
  'table-exists': (value) => ({
    what: `The device has rules called ${value('table')} that this program did not load.`,
    instead: 'if it is not needed, remove it on the device; else use another owner name.',
  }),
  'address-in-use': (value) => ({
    what: `Another machine on the wire answers for ${value('address')}.`,
    instead: 'take the address off that machine first.',
  }),
  syntax: createFixedMessage('The device does not take the rules.', 'compare its version with the one in the intent.'),
  'load-failed': createFixedMessage(
    'The rules passed the check but did not load; the device runs what it ran before.',
    'mend what it says, where it says anything; else look whether its disks have room (df; df -i). Then apply again.',
  ),
  'no-interface': (value) => ({
    what: `The device has no interface ${value('interface')}.`,
    instead: 'correct the interfaces in the intent.',
  }),
  'forwarding-off': createFixedMessage(
    'The device does not forward IPv4.',
    'set net.ipv4.ip_forward=1 there, for good.',
  ),
  'tool-missing': (value) => ({ what: `The device has no command ${value('tool')}.`, instead: 'install it there.' }),
  'foreign-box': createFixedMessage(
    'What answers in the session is another system than the platform of the release needs.',
    'say in the intent which platform the device is.',
  ),
  'check-unfinished': createFixedMessage(
    'A program that the device uses for its checks was killed, is missing or had no memory, so nothing was accepted.',
    'look on the device at free memory (free -m; dmesg), at /run (df /run) and at awk, sed, grep, dd and sha256sum, then apply again.',
  ),
  'no-systemd': createFixedMessage(
    'The device does not run systemd, which the rollback timer needs, and every command that a login calls by sudo.',
    'use a device with systemd.',
  ),
  'no-timer': createFixedMessage(
    'The device could not start its rollback timer, so nothing was loaded.',
    'look at systemd on the device, on pfSense at daemon(8) and PHP.',
  ),
  'units-not-written': createFixedMessage(
    'The device could not write or enable the units that load the rules at its start, so nothing was loaded.',
    'look at /etc/systemd/system and systemd on the device, then apply again.',
  ),
  'disk-full': createFixedMessage('The device could not write the release: disk full or read-only.', MAKE_ROOM),
  'folder-not-writable': (value) => {
    const [disk = '/'] = /^\/[a-z]+/.exec(value('folder')) ?? [];
    return {
      what: `The device could not write to ${value('folder')}: it is full, has no inodes left, or is read-only.`,
      instead: `make room there (df ${disk}; df -i ${disk}), or mount it writable, then do the same again.`,
    };
  },
  'folder-read-only': (value) => ({
    what: `${value('folder')} on the device is read-only, and files of the release belong there.`,
    instead: `findmnt -T ${value('folder')} says how it is mounted: mount it writable; where lsattr -d ${value('folder')} shows an i, chattr -i it. Then do the same again.`,
  }),
  'folder-is-a-link': createFixedMessage(
    'A folder of the agent is a symbolic link, which it does not follow.',
    'find out who made it; remove the link under /etc/cpanel-edge or /run/cpanel-edge on the device.',
  ),
  'upload-too-large': (value) => ({
    what: `The release is larger than what the device takes, ${value('most')} bytes.`,
    instead: 'split the owner into two owners.',
  }),
  'folder-full': createFixedMessage(
    'All releases on the device together are larger than what its program keeps.',
    'remove owners that are not needed; look at /etc/cpanel-edge.',
  ),
  'upload-damaged': (value, { connection: { user } }) => {
    const part = value('part');
    // These parts occur if the first line is missing, or all of it.
    const isInputEaten = part === 'foreign-format' || part === 'cut-off';
    return {
      what: `What arrived is not what was sent (${part}).`,
      instead: isInputEaten
        ? `look on the device at what reads from a session of ${user} before the program does: read or cat in a start file of its login shell (.bashrc; [ -t 0 ] || return in its first line keeps it to terminals), command= before its key, ForceCommand in sshd_config. Then apply again; if it stays, plan again with this version.`
        : 'apply again; if it stays, plan again with this version.',
    };
  },
  'not-uploaded': createFixedMessage(
    'The device does not have the uploaded release any more: it was restarted, or another delivery came.',
    APPLY_AGAIN,
  ),
  'not-checked': createFixedMessage(
    'The device does not have the checked release any more: it was restarted, or another delivery came.',
    APPLY_AGAIN,
  ),
  'not-the-holder': createFixedMessage(
    'Another delivery came between: this one was silent for more than a minute, or the device was restarted.',
    APPLY_AGAIN,
  ),
  'not-armed': createFixedMessage(
    'The release was not armed any more when it was to be confirmed: its timer fired, the device was restarted, or its store was taken away.',
    'raise rollbackSeconds in the connection where the proof takes longer than that, then apply again.',
  ),
  'already-confirmed': createFixedMessage(
    'The release is confirmed already, so it is not rolled back.',
    'remove it, or apply another one.',
  ),
  'no-such-edit': (_, context) => ({
    what: 'No rules on the device are edited and have this fingerprint: they were changed again, or put back.',
    instead: `ask what it holds now: ${formatDeviceCommand(context, ['verify', context.device])}.`,
  }),
  'not-allowed': (value, { connection, project }) => {
    const splitValue = (name: string) => value(name).split('/');
    const missingWords = loginWords.filter(({ word }) => splitValue('what').includes(word));
    const allowedWords = loginWords.filter(({ word }) =>
      [...splitValue('what'), ...splitValue('allowed')].includes(word),
    );
    return {
      what: `The login ${value('login')} may not change there ${missingWords.map(({ changes }) => changes).join(', or ')}: \`bootstrap\` didn't allow it ${missingWords.map(({ word }) => word).join(', ')}.`,
      instead: `run as root on the device what this prints: ${formatBootstrapCommand(
        connection,
        project,
        allowedWords.map(({ word }) => word),
      )}. docs/explanation/threat-model.md says what each word lets a login do.`,
    };
  },
  'not-root': createFixedMessage(
    'The agent was not started as root.',
    'log in as root, or by sudo (see cpanel-edge bootstrap --help).',
  ),
  'wrong-argument': createFixedMessage('The agent does not take one of the words that it was sent.', APPLY_AGAIN),
  'unknown-command': createFixedMessage(
    'The agent does not know the command: it is older than this package.',
    APPLY_AGAIN,
  ),
  'cpanel-missing': createFixedMessage(
    'The release says what cPanel is to take for its public addresses, and there is no cPanel (no /var/cpanel/cpanel.config).',
    'deliver after cPanel is installed; or no "cpnat" on this server.',
  ),
  'cpnat-odd': createFixedMessage(
    '/var/cpanel/cpnat is a link, a folder, larger than it ever is, or takes nothing (`chattr +i`).',
    'look at who made it so; without it, build_cpnat or this delivery writes it.',
  ),
  'cpanel-file-odd': (value) => ({
    what: `${value('file')}, in which the release has a setting, is a link or something else than a file of its size, takes nothing (\`chattr +i\`), or its folder is not there.`,
    instead: 'look at it on the device; where there is no Pure-FTPd, no "passiveFtp".',
  }),
  'cpnat-owner': (value) => ({
    what: `Owner ${value('owner')} says on this device what is in /var/cpanel/cpnat.`,
    instead: '"cpnat" with one owner of a server.',
  }),
  'cpnat-taken': (value) => ({
    what: `Line ${value('line')} of what /var/cpanel/cpnat would be has ${value('public')}, which this release wants, for another local address; cPanel takes one of both alone.`,
    instead: 'take that line out, or correct the mapping.',
  }),
  'cpanel-in-use': (value) => ({
    what: `The server has ${value('accounts')} accounts, and /var/cpanel/cpnat would change: their zones and mail have the addresses of before.`,
    instead:
      "read cPanel's page on 1:1 NAT; cpnat: { serverInUse: 'change' } says that you have, and IP Migration Wizard follows.",
  }),
  'replaces-owner': (value) => ({
    what: `Owner ${value('owner')} has rules of ${value('program')} on this device: they would go as the firewalls stop that this release takes the place of.`,
    instead: 'replaces once that owner is on platform nftables, too, or removed.',
  }),
  'replaces-others': (value) => ({
    what: `${value('chain')} is a chain of a program that puts its rules in by itself: it could go as the firewalls stop or come back that this release takes the place of, and that program would not notice.`,
    instead: 'no "replaces": stop them by hand, then restart that program (Docker, Kubernetes, libvirt).',
  }),
  'replaces-beside': (value) => ({
    what: `firewalld runs there already, and ${value('program')}, which this release takes the place of and which does not start beside it, is enabled, too: it could not be brought back as it was.`,
    instead:
      'csf -x, or systemctl disable of what loads rules of iptables, by hand (a stop of firewalld would open the server); then apply without it in "replaces".',
  }),
  'replaces-other-kind': (value) => ({
    what: `${value('program')} has rules beside those of iptables-save: they would stay, and close what this release opens.`,
    instead: `look at them with ${value('program')}-save; where they are not needed ${value('program')} -F and -P INPUT ACCEPT. Then apply again.`,
  }),
  'not-stopped': createFixedMessage(
    'A firewall whose place this release takes could not be stopped, or what it runs could not be kept; the device runs what it ran before.',
    'look at what it says, and whether /run has room; by hand it is ufw disable, csf -f, or systemctl stop firewalld. Then apply again.',
  ),
  'not-returned': (value) => ({
    what: `${value('program')}, which gave way to a release, does not come back, so none of our rules went.`,
    instead: `start it there and see what it says, then destroy or apply again; where it is there no more: a release without "${value('program')}" in replaces first.`,
  }),
  unreadable: createFixedMessage(
    'The device could not read its rules or addresses whole.',
    'look at its rules and at ip on the device, then apply again.',
  ),
  'load-and-undo-failed': createBegunMessage(
    'The rules did not load, and what ran before could not be put back whole.',
    UNDO_HINT,
  ),
  'rollback-incomplete': createBegunMessage('The device began to roll a release back and could not finish.', UNDO_HINT),
  'retract-incomplete': createBegunMessage(
    'The device began to remove the owner and could not bring it to its end.',
    `what it says, where it says anything; else ${MAKE_ROOM}`,
  ),
  'forget-incomplete': createFixedMessage(
    'The device could not remove the ownership record.',
    'make room on the device, or mount its disk writable, then forget it again.',
  ),
  'load-incomplete': createNotLoadedMessage('The device could not load all that it holds.'),
  'boot-incomplete': createNotLoadedMessage('The device could not load all that it holds.'),
  'addresses-incomplete': createNotLoadedMessage('The device could not add all its addresses.'),
};
