// Explanations of the codes device/…: refusals of the agent on a device, and states in which a delivery finds a device.
// docs/reference/errors/device.md is made of them.
import { ExplanationPage } from './explanation-page';

export const deviceExplanations: ExplanationPage = {
  name: 'device',
  title: 'Refusals of a device: device/…',
  introduction:
    'The agent on the device checks before it loads and again before it confirms. Unless a section says otherwise, the device runs what it ran before. [The steps of a delivery](docs/explanation/delivery.md).',
  explanations: {
    'device/address-in-use':
      'Another machine answers ARP for this address, often the old firewall. Remove the address there, also from its configuration, then apply.',
    'device/address-taken':
      'The box has this address by an unmanaged entry. Remove that entry, or give the address to its owner.',
    'device/addresses-incomplete':
      "At its start the device couldn't add all public addresses, for instance because an interface came up late. It tries again at its next start, or by `systemctl restart cpanel-edge-addresses`.",
    'device/already-confirmed':
      "The release was confirmed and can't be rolled back; an earlier answer was probably lost. Apply another one, or remove the owner.",
    'device/apf-file':
      "A shell reads APF's settings, and a line here holds more than a plain value. Write it as a plain value.",
    'device/apf-interface':
      "APF's interface doesn't exist; APF then loads no rules and leaves the server open. Compare with `ip -o link`.",
    'device/apf-ipv6':
      "APF 9.7 doesn't filter IPv6, and the server has an IPv6 address: all its ports are open. Remove IPv6, install APF 2.0.2, or use another platform.",
    'device/apf-marks':
      "One of the two marks around our lines is gone, so the agent can't find them. Restore the mark, or delete all between; the next delivery writes it anew.",
    'device/apf-masked':
      "APF's service is masked, so the server starts without it, open. Unmask and enable the service, then apply.",
    'device/apf-not-enabled':
      "APF's service isn't enabled, so the server starts without it, open. Enable it, then apply.",
    'device/apf-not-running':
      'APF is switched off, or lacks its interface or kernel modules. Look at what it opens, then start it.',
    'device/apf-owner':
      'APF has one set of settings, so two owners would overwrite each other. Let one owner say all, or use nftables.',
    'device/apf-upgraded':
      'APF was replaced by another version since the last delivery. Destroy the release, then apply again.',
    'device/apf-version':
      'APF 9.7 of Debian and 2.0.2 of its authors are generated for. Install one, or use another platform.',
    'device/boot-incomplete':
      "At its start the device couldn't load all releases; the rest is closed except for management. Its log names the command. Mend the cause, then `systemctl restart cpanel-edge`.",
    'device/boot-script-not-written':
      "pfSense's start script, which rolls back after a power loss, can't be written. Look for a full or read-only disk.",
    'device/busy':
      'Another delivery works on the device, or a person has unsaved changes there. A dead delivery ends after a minute, or with its confirm timeout.',
    'device/check-unfinished':
      'The checking program was killed, is missing, or ran out of memory or of room in /run. See `free -m`, `dmesg` and `df /run`; a large release needs a few times its size.',
    'device/claimed': 'Another owner on this device has the address. Remove it there and apply that first.',
    'device/config-not-writable':
      "pfSense's configuration file can't be written. Look for a read-only disk, or one without room for two more copies of the file.",
    'device/config-unreadable':
      "The box can't read its configuration whole. Restore an earlier one (Diagnostics, Backup & Restore), and check the disk.",
    'device/cpanel-file-odd':
      'A cPanel file that the release writes is a link, a device, of unusual size, or immutable (`chattr -i` ends that). Mend it, or remove that setting from the release.',
    'device/cpanel-in-use':
      "The server has accounts, whose zones and mail keep the old addresses. Plan WHM's migration of addresses, then set `serverInUse: 'change'`. [cPanel's public addresses](docs/how-to/cpnat.md).",
    'device/cpanel-missing':
      "The release has cPanel settings, and cPanel isn't installed. Deliver without `cpnat` first.",
    'device/cpnat-odd':
      "`/var/cpanel/cpnat` isn't a plain file, or is immutable (`chattr +i`, perhaps against `build_cpnat`). Remove the link, or run `chattr -i`.",
    'device/cpnat-owner':
      'Another owner writes `/var/cpanel/cpnat`. Keep `cpnat` in one owner; apply the one that gives it up first.',
    'device/cpnat-taken':
      'An earlier line of `/var/cpanel/cpnat` has this public address. Delete that line, or correct the mapping.',
    'device/csf-disabled':
      'csf is disabled, so the server is open. Compare what csf allows with the profile, then run `csf -e`.',
    'device/csf-error':
      'csf refuses to start because of `/etc/csf/csf.error`, which has the reason. Mend it, then run `csf -ra`.',
    'device/csf-file':
      'csf would stop at the line that the message names: a setting twice, or without double quotes. Correct the line.',
    'device/csf-hook':
      "`/etc/csf/csfpost.sh` isn't a shell script, so rules for source ports can't be added. Begin it with `#!/bin/sh`, and call the other program from there.",
    'device/csf-hook-beside':
      '`/usr/local/csf/bin/csfpost.sh` exists, and csf 14, 16 and most 15 run only that one, not ours in `/etc/csf`. Move it to `/etc/csf`.',
    'device/csf-marks':
      "One of the two marks around our lines is gone, so the agent can't find them. Restore the mark, or delete all between; the next delivery writes it anew.",
    'device/csf-masked':
      '`csf.service` is masked, so the server starts without csf, open. Unmask it, and enable `csf` and `lfd`.',
    'device/csf-not-enabled':
      "csf isn't enabled, so the server starts without it, open. Enable `csf` and `lfd`, then apply.",
    'device/csf-not-running':
      'csf has loaded nothing, so the server is open. Look at what csf allows, then start it; sessions may end.',
    'device/csf-owner': 'A server has one csf.conf, so two owners would overwrite each other. Let one owner say all.',
    'device/csf-version':
      "This csf version's settings aren't known, and csf ignores unknown ones silently. Update csf, or move to another platform: csf goes off first, so the server is open until the release is confirmed.",
    'device/disk-full':
      "The release can't be stored: the disk is full or read-only. At the confirm, the device rolls back. See `df` and the kernel's log.",
    'device/edited':
      'Our rules on the device were changed; `verify` shows the difference in ports. Put it into the intent, or `accept` its fingerprint to overwrite exactly this change. If all devices say so on one day, the listing program was updated.',
    'device/edited-meanwhile':
      'Our rules changed between check and confirm, by another tool or a person. Find the cause before you apply again.',
    'device/entries-exist':
      "The configuration has entries with this owner's mark that the agent didn't make. Delete them on the box, or use another owner.",
    'device/filter-off':
      'The packet filter of the box is off. Read all its rules, since all take effect, then switch it on.',
    'device/firewalld-back-end':
      "firewalld's back end is iptables, and the proof is of nftables. Set `FirewallBackend=nftables` and restart firewalld.",
    'device/firewalld-disabled':
      "firewalld isn't enabled, so the server starts without it, open. Enable its service, then apply.",
    'device/firewalld-failed':
      "firewalld couldn't load one of its files, so it runs its package's defaults, or after a reload no rules. Mend the file, then restart firewalld.",
    'device/firewalld-iptables':
      "Before 2.3 firewalld's reload flushes iptables, and `iptables-save` can't print some rules here, so they couldn't be put back. Give those rules an nftables table of their own.",
    'device/firewalld-keeps-runtime':
      'With this setting a reload keeps rules that stand in no file. Set it back to its default.',
    'device/firewalld-masked':
      "firewalld is masked, which cPanel's csf package does. Run `systemctl unmask firewalld`, which starts nothing.",
    'device/firewalld-not-running':
      "firewalld isn't running. If the server has another firewall, list it in `replaces`: the delivery then starts firewalld. Don't start it by hand: 1.x deletes rules of iptables. If it is enabled, disable it first: the next start would do the same.",
    'device/firewalld-not-started':
      "firewalld didn't start within half a minute or didn't load its files; the device rolled back. See `journalctl -u firewalld` and `firewall-offline-cmd --check-config`. Don't start it by hand beside csf: it deletes csf's rules.",
    'device/firewalld-owner':
      "In firewalld the first policy that decides is final, so one owner could open another's ports. Let one owner say all, or use nftables.",
    'device/firewalld-owns-table':
      "From 2.2 on firewalld locks its table, so it couldn't be put back after a failed reload. Set `NftablesTableOwner=no` and run `firewall-cmd --reload`; a restart would open the server for a moment.",
    'device/firewalld-panic':
      "firewalld's panic mode drops every packet. Ask who switched it on before you switch it off.",
    'device/firewalld-reload-policy':
      '`ReloadPolicy` accepts new connections during each reload, so each delivery would open the server. Remove the line.',
    'device/firewalld-runtime':
      "firewalld's running rules differ from its files, and a load would lose the difference. Write it to the files, or drop it.",
    'device/firewalld-silent':
      "firewalld doesn't answer within half a minute. See `journalctl -u firewalld`; `systemctl kill -s CONT firewalld` continues a stopped one, `systemctl restart firewalld` ends one that hangs. A rollback works without it.",
    'device/firewalld-stopped':
      'firewalld was stopped before the confirm, and the server has none of its rules. Run `systemctl start firewalld`; find the cause, then apply.',
    'device/firewalld-version':
      'Releases need firewalld 0.9 to 2.5. Use one of these, or a platform without firewalld.',
    'device/folder-full':
      "The agent's folder has reached its limit for all owners together. Remove owners that aren't needed.",
    'device/folder-is-a-link':
      "The agent's folder is a link, and others could write where it leads. Find out who made it, and remove it.",
    'device/folder-not-writable':
      "The agent's folder can't be written: read-only, full, or without inodes (`df -i`). In `/run/cpanel-edge` a rollback needs a few times the size of the rules and 64 files. Make room, or mount it writable.",
    'device/folder-read-only':
      'The folder of firewalld, csf or APF is mounted read-only or immutable (`chattr +i`). `findmnt -T FOLDER` shows the mount, `dmesg` a disk error. Make it writable.',
    'device/foreign-box':
      "The device isn't the system of the intent: Linux in place of pfSense, or the reverse. Check whether host names were swapped.",
    'device/foreign-lease':
      "Another Terraform state has this owner's token. If that state is lost, or has [`HandedOverOwner`](docs/reference/constructs/removed-owners.md), set `adopt`; otherwise use another owner name.",
    'device/forget-incomplete':
      "The device couldn't record that it forgets the owner. Make room on its disk and run the same command again.",
    'device/forwarding-off': "The kernel doesn't forward packets. Set it in `/etc/sysctl.d`: a release doesn't.",
    'device/high-availability':
      'The box copies its configuration to or from a partner, which would lose or split a release. Deliver to a box that stands alone.',
    'device/interface-off':
      'The interface is disabled, so pfSense makes no rules for it. Enable it, or name the one in use.',
    'device/iptables-mixed':
      '`update-alternatives` mixes the two iptables back ends: one lists, the other loads. Choose one for all, after a look at `iptables-legacy-save` and `iptables-nft-save`; rules in the other stay.',
    'device/load-and-undo-failed':
      "The new rules didn't load and the rollback was incomplete, so the device runs a mix. Mend the named cause, often a full disk; it tries again before the next delivery and at its start.",
    'device/load-failed':
      "The rules passed the check but didn't load: a kernel module or memory is missing, or something changed. The message has the loader's words.",
    'device/load-incomplete':
      'Not all rules could be loaded, for instance because another service removed some. See the log, then `systemctl restart cpanel-edge`.',
    'device/mapped-already':
      'An unmanaged 1:1 entry translates this address. Delete it if ours replaces it, or use `cpanel-edge import`.',
    'device/name-taken':
      'An unmanaged alias on the box has the name that the release needs. Rename it there, which updates its rules, or use another owner name.',
    'device/no-interface':
      "The rules name an interface that the device doesn't have. Compare with `ip -o link` and correct the intent.",
    'device/no-such-edit':
      "The accepted change isn't there any more. Ask `verify` and accept the current fingerprint, if it may be overwritten.",
    'device/no-systemd':
      'The confirm timeout is a systemd timer. Without systemd nothing is loaded; use a device that has it.',
    'device/no-timer':
      "The timer that rolls back couldn't be started. See `systemctl is-system-running` (on pfSense daemon(8) and PHP), and look for a full disk.",
    'device/not-allowed':
      "The login's sudo rights don't include what the release or the owner's rules need: csf, APF, cPanel's NAT file, or `replaces`. As root, run the command in the message, or deliver as root. [Rights of a login](docs/explanation/threat-model.md#rights-of-a-stolen-login).",
    'device/not-armed':
      "At the confirm the release wasn't armed any more: the confirm timeout ended, or the device restarted. Raise `rollbackSeconds` if verification takes longer.",
    'device/not-checked': 'The device restarted or another delivery came between check and load. Apply again.',
    'device/not-returned':
      "A firewall that gave way (`replaces`) has to come back, and didn't start or loaded nothing; the device runs what it ran before. Start that firewall, then apply or destroy again. If it isn't installed, deliver once without it in `replaces`.",
    'device/not-root':
      'The agent runs as root only. `cpanel-edge bootstrap --user NAME` prints a script that allows a user; run it again if sudo has `Defaults noexec`.',
    'device/not-stopped':
      "The firewall in `replaces` didn't stop within half a minute, or its rules couldn't be kept in `/run`. See its words in the message. By hand: `ufw disable`, `csf -f` or `systemctl stop firewalld`.",
    'device/not-the-holder':
      'The delivery was silent for a minute and lost the device to another one: a laptop slept, the network hung. Apply again.',
    'device/not-uploaded':
      'The uploaded release is gone: the device restarted, or another delivery cleaned up. Apply again.',
    'device/other-firewall':
      "Two firewalls on one server override each other, also one that starts at the next restart. Put what the other one opens into the profile, then name it in [`replaces`](docs/how-to/replace-firewall.md) where the platform takes it; or switch it off and apply at once, since the server is open in between. Of an nftables table, as Docker's: use platform nftables, or delete it. For `f2b-table` set `banaction = iptables-multiport` in `jail.local`.",
    'device/other-version':
      'The box has another version than the captured config. Capture again, and correct `version`.',
    'device/refused':
      "The agent refused with a word that this version doesn't know, so it is newer or not ours. Compare the versions.",
    'device/replaces-beside':
      "firewalld runs, and a firewall in `replaces` is only enabled; the two can't start together. Put what it opens into the profile, disable it by hand (`csf -x`, `systemctl disable netfilter-persistent`) and deliver without it. Don't stop firewalld: the server would be open.",
    'device/replaces-other-kind':
      'The other iptables back end has rules, too, which would stay and close. Look at `iptables-legacy-save`, remove them (`iptables-legacy -P INPUT ACCEPT; iptables-legacy -F`), and apply again.',
    'device/replaces-others':
      'Docker, Podman, Kubernetes, libvirt or Imunify360 has rules that would go or come back behind its back. Stop the firewall by hand, restart that program, and deliver without `replaces`.',
    'device/replaces-owner':
      "Another owner's rules would go with the firewall in `replaces`. Move that owner to platform nftables first, or remove it.",
    'device/retract-incomplete':
      "A removal couldn't finish, so some rules may remain. The device goes on before the next delivery and at its start. Mend the file that the message names, and run the command again.",
    'device/rollback-incomplete':
      "The rollback couldn't finish, usually because the disk is full: the new rules may still run. The device tries every ten seconds. If `/etc/cpanel-edge` and `/run/cpanel-edge` were both deleted, restart it, then apply.",
    'device/rules-elsewhere':
      'While the release was armed, the device was switched to the other iptables back end. Choose one back end, then apply again.',
    'device/rules-gone':
      'The rules were loaded and then flushed by a service, a script or a person. Find the cause; on cPanel servers it may be [cPanel itself](docs/how-to/cpanel-firewall.md).',
    'device/syntax':
      'The loading program refuses this text; the message has the line. Compare `version` with the installed one, and look for missing kernel modules.',
    'device/table-exists':
      "Rules with this owner's name exist that the agent didn't load. Remove them, or use another owner name.",
    'device/tool-missing': "The agent needs a program that isn't installed. Install its package, then apply again.",
    'device/unapplied':
      'The box has saved changes that a delivery would apply, too. Apply or discard them on its pages first.',
    'device/unforeseen':
      'The agent stopped by an unknown error; an armed release rolls back. Ask `verify`, and report it.',
    'device/units-not-written':
      "The systemd units that load the rules at start can't be written or enabled. Check whether `/etc` is read-only.",
    'device/unknown-command':
      'The agent is older than this cpanel-edge. Log in as root once, or run as root what `cpanel-edge bootstrap` prints.',
    'device/unknown-version': "The pfSense version's format isn't known. Use a newer cpanel-edge, or update the box.",
    'device/unreadable':
      "The device couldn't list all its rules or addresses. Run `nft list ruleset`, `iptables-save`, `ip6tables-save` and `ip addr` as root and see what fails.",
    'device/upload-damaged':
      "The release doesn't have its digest on the device: a broken connection, a failing disk, or a shell start file that reads its input (`read` in `.bashrc`).",
    'device/upload-too-large':
      "The release is larger than the agent's limit. Split the owner in two on the device, or write larger networks.",
    'device/vhid-taken': 'The interface has a CARP group of this number for another address. Choose a free number.',
    'device/wrong-argument':
      'Agent and package are of different versions. Log in as root once, or run as root what `cpanel-edge bootstrap` prints.',
  },
};
