// Explanations of the codes on docs/reference/errors/device.md.
import { ExplanationPage } from './explanation-page';

export const deviceExplanations: ExplanationPage = {
  name: 'device',
  title: 'What a device refuses: device/…',
  introduction:
    'The program on the device looks for itself before it loads anything, and again before it confirms. Where it says no to loading, the device runs what it ran before. [The steps of a delivery](docs/explanation/delivery.md).',
  explanations: {
    'device/address-in-use':
      'Before an address is announced, the device asks on the wire who has it, and somebody answered. Two machines with one address disturb each other at random. Mostly the old firewall still has it, or the server itself: take it off there first, also for the next start of that machine.',
    'device/address-taken':
      "The box has this address by an entry that this owner didn't make. Loading a second one would leave it to chance which of them counts. Remove the old entry on the box, or give the address to the owner who has it.",
    'device/addresses-incomplete':
      "At the device's start not all public addresses of its releases could be added, for instance because an interface came up late or was renamed. The rules are loaded all the same, so nothing is open that wasn't. It tries again at its next start, or when `systemctl restart cpanel-edge-addresses` asks for it.",
    'device/already-confirmed':
      'A release that was confirmed is for good and is no longer undone by a rollback. It mostly means that an earlier answer was lost on the way and the yes had arrived. Apply what you want instead, or remove the owner.',
    'device/apf-file':
      "APF's settings are read by a shell, and a line with more than a plain value could do anything there, such as set a key of ours again further down. So the whole file is refused. Write such lines as plain values.",
    'device/apf-interface':
      "APF loads no rule at all when the interface that it is told doesn't lead anywhere, and leaves the server open then. Names change with kernels and virtual machines: compare with `ip -o link`.",
    'device/apf-ipv6':
      "APF 9.7 doesn't filter IPv6, and this server has an address of it, so each of its ports is open there. It may have come by itself from a router's advertisement. Take IPv6 off the server, or deliver for another platform, or for 2.0.2 once that is installed; while one firewall is off and the other not yet on, the server is open.",
    'device/apf-marks':
      "Our lines stand between two marks, by which the next release finds and replaces them. With one of them gone, it isn't known any more which lines are ours and which are somebody's own. Mend the marks, or take all of it out; the next delivery writes it anew.",
    'device/apf-masked':
      "The service of APF is masked, so the next start of the server comes without it, wide open. A release that ends with the next restart isn't delivered. Unmask the service and enable it first.",
    'device/apf-not-enabled':
      "APF runs now, and the next start of the server would come without it, wide open. A release that ends with the next restart isn't delivered. Enable its service first.",
    'device/apf-not-running':
      "The settings of APF would be written, and nobody loads them. Something keeps it from starting; it is off on purpose, or it doesn't find its interface or the kernel's modules. Look at what it opens before you start it, as that may end sessions.",
    'device/apf-owner':
      'APF has one file of settings, which can say one thing. Two owners would overwrite each other. Let one owner say all for the server, or use nftables, where each has a table.',
    'device/apf-upgraded':
      'APF was exchanged for another version since the last delivery: files, keys and services have other names there. What was noted of the settings from before us belongs to the old files. Destroy the release first, so that nothing of it is left, and apply again.',
    'device/apf-version':
      "APF differs between versions and between the author's installation and Debian's package: other paths, keys and rules. Two are written, 9.7 of Debian and 2.0.2 of its authors, and the server's `version` says which. Where another is installed, `cpanel-edge exposure` may still show what it opens, from the running rules.",
    'device/boot-incomplete':
      "At its start the device could load a part of its releases only; what couldn't be loaded stays closed but for management. Its log says which command failed. It tries again at its next start, or when `systemctl restart cpanel-edge` asks for it: mend the cause first. An apply of an unchanged stack reaches no device, so it mends nothing.",
    'device/boot-script-not-written':
      'On pfSense a script at start-up undoes a trial that a loss of power has cut off. Without that script an unconfirmed release could stay for good, so nothing was applied. Mostly the disk is full or mounted read-only.',
    'device/busy':
      'One delivery at a time works on a device, and the others wait up to five minutes. It is either another stack that delivers right now, or a person who has changes open there. A delivery that died lets go by itself after a minute; once its rules are on trial, when its timer ends.',
    'device/check-unfinished':
      'A check passes only when its own program says at the end that it has read everything. Here one of them was killed, is missing, or had no memory or no room in /run for what it reads. The device stored and loaded nothing. Look at its memory (`free -m`, `dmesg` for "Out of memory") and at `df /run`, then apply again. A release of some megabytes needs a few times as much memory.',
    'device/claimed':
      "Owners of one device may have different addresses each, and this release wants one that another owner has. Else whoever delivers last would win, and the other's proof would be void. Take it out of the other owner first and apply that, then this one.",
    'device/config-not-writable':
      "On pfSense all settings are in one file, which the program may not write to at the moment. Nothing was changed. Look for a full disk (there has to be room for two more copies of that file, for the box puts a part of it in its place where the rest doesn't fit) and for a file system that is mounted read-only.",
    'device/config-unreadable':
      "The box can't read its own configuration, or a part of the file is gone (it doesn't end with `</pfsense>`), so nothing may be added to it. pfSense keeps earlier ones, and its pages can restore them (Diagnostics, Backup & Restore). Look at the disk, too.",
    'device/cpanel-file-odd':
      "One of cPanel's files that the release has a setting for isn't a plain file of a usual size, or takes nothing (`chattr -i` ends that). A link or a device there could lead the write somewhere else. Find out who made it; without the program that it belongs to, take the setting out of the release.",
    'device/cpanel-in-use':
      "Zones and mail of existing accounts carry addresses, and a change of `/var/cpanel/cpnat` doesn't change them, so half of the server would name the old ones. cPanel wants NAT mode set before accounts are made. `serverInUse: 'change'` says that you know, and that WHM's migration of addresses follows. [What cPanel takes for its public addresses](docs/how-to/cpnat.md).",
    'device/cpanel-missing':
      "The release says something to cPanel, and there is none on this server. Perhaps the server is new and its installation hasn't ended. Deliver the rules without `cpnat` now, and add it afterwards.",
    'device/cpnat-odd':
      "The file that pairs local and public addresses isn't a plain file, so writing there could change something else. Look at who made a link of it. When it is gone, the next delivery writes it. Or nothing can be written there: somebody has made it so (`chattr +i`, to keep it from `build_cpnat`), and `chattr -i` ends it.",
    'device/cpnat-owner':
      'There is one `/var/cpanel/cpnat` on a server, and another owner says what is in it. Keep `cpnat` in one of the two; whoever gives it up is applied first.',
    'device/cpnat-taken':
      'cPanel takes a public address for one local address, the first that names it. A line of somebody else has it already, so ours would be without effect. Take that line out if it is old, or correct the mapping that our line comes from.',
    'device/csf-disabled':
      "Somebody has switched csf off, and then it loads nothing. The server is open now as far as csf is concerned, and enabling it closes what it doesn't allow. Compare with the profile first, then `csf -e`.",
    'device/csf-error':
      'csf has failed at its last start and then refuses to start again until the error is gone. `/etc/csf/csf.error` has the reason, often a setting of a wrong form or a missing command. After mending it `csf -ra` starts csf and lfd.',
    'device/csf-file':
      "csf would stop at this file, and then no rules at all are there. A release isn't put on top of that. The line that the message names has a setting twice, or one without double quotes.",
    'device/csf-hook':
      "Connections from a port of their own (the licence's, from 4 and 1020) are rules in `/etc/csf/csfpost.sh`, which csf runs last. That file is there and says in its first line that something else than a shell reads it, to which such lines mean nothing. Begin it with `#!/bin/sh` and call the other program from there. Lines end as those of Linux do: with a carriage return in the first one, nothing of it runs.",
    'device/csf-hook-beside':
      'csf 14, csf 16 and most that call themselves 15 run one `csfpost.sh`: the one in `/usr/local/csf/bin` where it is there. Ours would stand in `/etc/csf`, and not be loaded: the connections that it lets out would stay closed. Move the other one there, if it is yours. The fork 15.10, which puts one there itself, runs both.',
    'device/csf-marks':
      "Our lines stand between two marks, by which the next release finds and replaces them. With one of them gone, it isn't known any more which lines are ours and which are somebody's own. Mend the marks, or take all of it out; the next delivery writes it anew.",
    'device/csf-masked':
      "`csf.service` is masked, so the next start of the server comes without it, wide open. A release that ends with the next restart isn't delivered. Unmask the service, and enable `csf` and `lfd`.",
    'device/csf-not-enabled':
      "csf runs now, and the next start of the server would come without it, wide open. A release that ends with the next restart isn't delivered. Enable `csf` and `lfd` first.",
    'device/csf-not-running':
      'csf is installed and has loaded nothing, so the server is open as far as csf is concerned. Look at what it will open, then start it; a profile that allows less than what is in use would end sessions.',
    'device/csf-owner':
      'There is one csf.conf on a server, which can say one thing. Two owners would overwrite each other. Let one owner say all for the server.',
    'device/csf-version':
      "csf's settings change between versions, and those of this one were not read. A setting that csf doesn't know is passed over without a word. Update csf. Another platform needs csf off, and from then until its first release is confirmed the server is open: have the plan ready and reviewed, and switch csf on again if the apply fails.",
    'device/disk-full':
      "The release has to be on the disk before it is loaded, as the next start loads it from there. There is no room, or the file system went read-only after an error of the disk. Nothing was changed; where it happened at the confirm, the trial is undone. Look at `df` and at the kernel's log.",
    'device/edited':
      "Our rules on the device aren't those that were loaded. Overwriting them would undo what somebody did, perhaps at night and for a reason. `verify` shows what differs, in ports. Put it into the intent if it should stay; `accept` with the fingerprint lets the next delivery overwrite exactly this change and no other. Where all devices say it on one day, it was an update of the program that lists rules, which writes the same ones otherwise.",
    'device/edited-meanwhile':
      "Between the check and the confirmation our rules were changed or flushed by something else, so what was proven isn't what runs. Another tool that writes the same rules does it, a colleague, or a file that begins with `flush ruleset` and is given to `nft -f`. Find out who, before you apply again, or they will go on changing each other's work.",
    'device/entries-exist':
      "The configuration has entries with this owner's mark that the device program has no record of. They came with a restored backup or were copied by hand, and may be older than the last release. Remove them on the box, or deliver as another owner.",
    'device/filter-off':
      'The packet filter of the box is switched off, so no rule of any release would do anything. Switching it on puts all rules into force at once, also old ones of others. Look through them first.',
    'device/firewalld-back-end':
      'With this setting firewalld writes its rules for iptables, where rules of others come first, and the proof is of nftables. Change the setting and restart firewalld; its zones and services stay as they are.',
    'device/firewalld-disabled':
      "firewalld runs now, and the next start of the server would come without it, wide open. A release that ends with the next restart isn't delivered. Enable its service first.",
    'device/firewalld-failed':
      "firewalld couldn't load one of its files. After a start it then runs with its package's defaults, SSH open on every interface; after a reload it may have no rule left, and everything is open. A release on top would not be what was proven. Mend the file first; the restart then loads yours.",
    'device/firewalld-iptables':
      "Each reload of firewalld before 2.3 flushes iptables, policies that drop stay, and a delivery puts rules of others back. Here it can't: `iptables-save` prints nft's own rules wrongly (one that asks a set of nft stands there without it, for all packets), or not at all. Give those rules a table of their own; any reload of firewalld would take them away as well.",
    'device/firewalld-keeps-runtime':
      'With this setting a reload leaves things in force that are in no file any more, so what runs would no longer be what a release says. Set it back to the default. What was added only at run time is lost then; look at it before.',
    'device/firewalld-masked':
      "The unit of firewalld is masked, so neither a delivery nor the next start of the server starts firewalld. cPanel's package of csf masks it. `systemctl unmask firewalld` takes that back, and starts nothing.",
    'device/firewalld-not-running':
      "A release for firewalld is files that it loads, and it doesn't run. If another firewall is used on this server, say that one's platform, or put it into `replaces`: the delivery then starts firewalld itself. With rules of iptables, a release of ours among them, that is `replaces: ['iptables']`, whether a service loads them or none. Don't start firewalld by hand beside them: firewalld 1.x takes them away. Where the message says that firewalld is enabled, disable it first: it would start with the next restart and take them away.",
    'device/firewalld-not-started':
      "The release starts firewalld, which was off, because another firewall gives way to it, and it didn't come to run within half a minute, or failed to load its files. The trial was undone: the other firewall runs as before, and firewalld is off. See what it says (`journalctl -u firewalld`, `firewall-offline-cmd --check-config`); beside csf don't start it by hand, its start takes csf's rules away.",
    'device/firewalld-owner':
      'In firewalld the first policy that decides is final, so with two owners one would open what the other keeps closed. Let one owner say all for the server. With nftables each owner has a table, and both have to let a packet pass.',
    'device/firewalld-owns-table':
      "From 2.2 on firewalld's table is its own: while it runs nobody else can change it. Where a reload fails and nothing is left, the rules that ran couldn't be put back. Set `NftablesTableOwner=no`, as it was before 2.2, and `firewall-cmd --reload`: it takes that over and lets nothing in meanwhile, while a restart opens the server until its rules are there again.",
    'device/firewalld-panic':
      "Somebody has pressed firewalld's emergency switch, which drops every packet, and the answers to this session with it. Ask who did before you switch it off.",
    'device/firewalld-reload-policy':
      'From 2.1 on firewalld can be told to accept what begins a connection while it reloads. Each release is loaded by a reload, and so is what others do to it, so the server would be open again and again. Take the line out: by itself it drops.',
    'device/firewalld-runtime':
      'What runs was changed without its files, by hand or by a program that bans, and loading a release would lose those changes. Either write them into the files or drop them, knowingly. Bans that come and go need another place, such as a table of nftables.',
    'device/firewalld-silent':
      "firewalld runs there and answers nobody within half a minute: it was stopped (SIGSTOP, a debugger), waits for something itself, or loads very many entries. Nothing can be loaded by it. `systemctl status firewalld` and `journalctl -u firewalld` say what it does; `systemctl kill -s CONT firewalld` lets one go on that was stopped, and `systemctl restart firewalld` ends one that hangs. A trial that is over is undone all the same, by nft. Where that can't be either, the device says `rollback-incomplete` and goes on trying.",
    'device/firewalld-stopped':
      'Somebody or a program stopped firewalld between the load of a release and its confirm, and firewalld takes all its rules away as it stops. The trial is over: on the disk is what was confirmed before, and firewalld loads that when it starts. Until then the server has no rules of firewalld. Start it (`systemctl start firewalld`), find out who stops it (`journalctl -u firewalld`), and apply again.',
    'device/firewalld-version':
      'firewalld got policies with 0.9, and a release needs them. Each version since asks them in another place or loads them another way, and after 2.5 nobody has looked. Use one of the versions between, or a platform without firewalld.',
    'device/folder-full':
      "The device program keeps the releases of all its owners, up to a limit together, so that a mistake can't fill the disk. Owners that nobody needs any more are removed by their own stacks, or by hand.",
    'device/folder-is-a-link':
      'Everything that the device program trusts is in folders that root alone can write to. A link there could lead it to files that somebody else writes. It is refused without a look behind it; find out who made it, then remove it.',
    'device/folder-not-writable':
      "The device can't write where its releases are kept. A file system that has gone read-only or a full disk is the usual reason, in containers a mount; so is one that has room and no inodes left (`df -i`). Of `/run/cpanel-edge` it is a full /run: an undo takes room there, some times what is loaded and a quarter of a MiB, and 64 files, and nothing is tried without it. In the owner's folder below `/etc/cpanel-edge` an undo has as much as that folder holds, and 64 KiB and 9 files. Nothing was changed.",
    'device/folder-read-only':
      'A release for firewalld, csf or APF is files in the folder of that program, and the folder takes none: its file system is mounted read-only, or the folder is immutable (`chattr +i`). Nothing was changed. Mount it writable (`findmnt -T FOLDER` says what is mounted there) or take the attribute away, then apply or destroy again. A disk that turned read-only by itself has errors: `dmesg` says which.',
    'device/foreign-box':
      "The session reached something that isn't the system the intent speaks of: a gateway where pfSense was expected, or the other way round. Perhaps host names were swapped. Nothing was sent that it could misunderstand.",
    'device/foreign-lease':
      "Each owner on a device belongs to one state of Terraform, which holds its lease, so that two states can't overwrite each other without noticing. Another state delivered this owner. If that state is lost or has given it up with `HandedOverOwner`, `adopt` takes it over; if not, this stack needs another owner name. [DecommissionedOwner and HandedOverOwner](docs/reference/constructs/removed-owners.md).",
    'device/forget-incomplete':
      "The device was to let go of an owner and keep its rules, and couldn't write that down. The lease is still there, so nothing is lost. Make room on its disk and run the same command again.",
    'device/forwarding-off':
      "A gateway passes packets on, and the kernel of this one is told not to. It isn't switched on by a release, as on a machine that is no gateway it would join networks that were apart. Set it in `/etc/sysctl.d`, so that it stays over restarts.",
    'device/high-availability':
      'The box copies its configuration to a partner, or gets it from there. Entries that a release writes would be lost or arrive by halves. Deliver to boxes that stand alone.',
    'device/interface-off':
      'The box makes no rules for an interface that is disabled, and says nothing about it. What was to be open would be closed. Enable the interface, or name the one that is used.',
    'device/iptables-mixed':
      'iptables has two back ends, and `update-alternatives` decides which programs are called iptables. Here the program that lists rules is of one back end and a program that loads them of the other, so what is loaded would not be seen, nor undone. Nothing was loaded. Choose one back end for all of them, as the message says. Rules that stand in the other one stay there: look at them first (`iptables-legacy-save`, `iptables-nft-save`).',
    'device/load-and-undo-failed':
      "The new rules didn't load, and the former ones couldn't be put back whole, so what runs now is in between. Ask the device with `verify`. It tries to undo again before the next delivery and at its next start; make room on its disk, or mend what its message names.",
    'device/load-failed':
      'The rules were taken in the check and refused when they were loaded: something changed in between, the kernel lacks a module, or it ran out of memory for them. The device runs what it ran before. The text behind the message is what the loading program said.',
    'device/load-incomplete':
      'Not all of what the device holds could be loaded, for instance when a service that loads other rules took part of ours away. Its log says what failed. It tries again at its next start, or when `systemctl restart cpanel-edge` asks for it.',
    'device/mapped-already':
      "A 1:1 entry that isn't ours translates this public address. The one that comes first would win. Take it away if ours replaces it; `cpanel-edge import` makes constructs of what people wrote there.",
    'device/name-taken':
      "A release needs a list of this name on the box, and somebody else's alias is called so. It might be used in their rules, so it isn't changed. Rename theirs on the box, which changes its rules along, or take another owner name.",
    'device/no-interface':
      "The rules name an interface that the device doesn't have. After a kernel's or a machine's change, names move (`eth0`, `ens18`, `enp1s0`). Compare with `ip -o link` and correct the intent; rules for a name that isn't there would close everything.",
    'device/no-such-edit':
      "`accept` is for one exact change, by its fingerprint, and our rules aren't in that state any more. Either they were changed again, or somebody put them back. Ask with `verify`, look at the new lines, and accept these if they may be overwritten.",
    'device/no-systemd':
      "The device undoes what nobody confirms by a timer of its own, which must run even when the connection and the program are gone. systemd has such timers. Without it a release that locks everybody out would stay. systemd also runs each command that a login calls by sudo, so that limits, control group, environment and signals of the login don't reach it. Without systemd such a command is refused.",
    'device/no-timer':
      "The timer that would undo the release couldn't be started, so it was not loaded: without a way back nothing is tried. Look at whether systemd works there (`systemctl is-system-running`), on pfSense whether daemon(8) and PHP do, and for a full disk.",
    'device/not-allowed':
      "The login delivers by sudo, and `bootstrap` didn't allow it what the release needs: files of csf or APF, cPanel's NAT file, or other firewalls in whose place it comes. It is refused, too, where what the owner has on the device needs the word: it would be taken away, forgotten, confirmed, or its edits overwritten. Root runs on the device what the command in the message prints; or root delivers. [What each word lets a login do](docs/explanation/threat-model.md#rights-of-a-stolen-login).",
    'device/not-armed':
      "The release wasn't on trial any more when it was to be confirmed. Its timer had already undone it, the device was restarted, or somebody took `/etc/cpanel-edge` away, which the undo that follows puts back. If the proof takes longer than the timer, raise `rollbackSeconds` in the connection.",
    'device/not-checked':
      "The order of steps is upload, check, load, and the device doesn't remember the check of this release. It was restarted, or another delivery came between. Nothing was loaded; the next apply begins from the start.",
    'device/not-returned':
      "A removal brings a firewall back that had given way (`replaces`), before any rule of ours goes, and so does a release on platform csf for which csf comes back. It didn't start, or loaded nothing, so the server stays as the release that runs has it, firewalld with it where that is its platform. Start it there and see what it says, then destroy or apply again. Where it isn't installed any more, deliver once without it in `replaces`: then nobody asks for it, and all rules go.",
    'device/not-root':
      'The device program changes rules and files of root. It was started as another user without sudo. `cpanel-edge bootstrap --user NAME` prints the script that lets a user run it. Where sudo has `Defaults noexec`, a sudoers line of before could start no program, and so not even tell whose it is: `bootstrap` again.',
    'device/not-stopped':
      "The release takes the place of another firewall (`replaces`), and that one didn't stop within half a minute, or what it runs couldn't be kept in `/run` for the way back. Everything was put back as it ran before. Lines that it said of it stand in the message; by hand it is `ufw disable`, `csf -f` or `systemctl stop firewalld`.",
    'device/not-the-holder':
      'While a delivery works it holds the device, and one that is silent for a minute loses it to whoever waits. This one was silent that long: a laptop slept, a line hung, the runner was stopped. What it had loaded is undone by the device.',
    'device/not-uploaded':
      "The release that is to be checked isn't there. The device was restarted since it was uploaded, or another delivery has cleaned up. Nothing was changed; apply again.",
    'device/other-firewall':
      "Two firewalls on one server don't share: whichever is told something later, or starts with the next restart (an enabled firewalld that was stopped, the tables of an enabled `nftables.service`), removes or overrides the other's rules. Put what the other one opens into the profile and review the plan first. Then name it in [`replaces`](docs/how-to/replace-firewall.md), where the platform takes it: it gives way in the delivery. Or switch the other one off and apply at once: in between the server is open, and stays so if the apply is refused, so switch it on again then. Where the message names a table of nftables (`program=nft`), its program is no firewall of the server, such as Docker: use the platform nftables, which leaves others' tables alone, or take the table away; with that of fail2ban, `f2b-table`, which comes with the first who is banned, in a trial too, have it ban by iptables (`banaction = iptables-multiport` in `jail.local`; Debian's package bans by nft from 13 on).",
    'device/other-version':
      'The box was updated since its configuration was captured, and the proof is of the earlier release. Entries may mean something else now. Capture again, look at the difference, and correct `version` in the intent.',
    'device/refused':
      "The device program refused with a word that this version has no explanation for, so the program there is newer, or it isn't ours. What the device runs is said in the block below. Compare the versions of cpanel-edge here and there.",
    'device/replaces-beside':
      'firewalld runs on this server already, and csf, or a service that loads rules of iptables, is enabled beside it, which the release has in `replaces`. Neither starts beside firewalld: csf refuses to, and systemd stops one of both. So what runs of it was loaded before, and nobody could bring it back as it was. Switch it off by hand (`csf -x`, `systemctl disable netfilter-persistent`; what firewalld closes stays closed), put what it opens into the profile, and deliver without it. To stop firewalld instead would open the server, and with 1.x take the rules of iptables away.',
    'device/replaces-other-kind':
      "Linux can have two sets of rules of iptables at a time: those of `iptables-nft` and those of `iptables-legacy`. What `iptables` speaks of is one of them; the other has rules here, too, mostly of before an upgrade, and the firewall that gives way (`replaces`) doesn't take them along. They would stay, also after a start where a service loads them. Look at them (`iptables-legacy-save`), take them away by the same program (`iptables-legacy -F`, `-P INPUT ACCEPT`), and apply again.",
    'device/replaces-others':
      'The server has chains of a program that puts its rules in by itself: Docker, Podman, Kubernetes, libvirt, Imunify360. Firewalls that stop may take them along, and where nobody confirms, the tables of iptables are put back as they were before: that program would not notice either. Stop the firewall by hand, at a time that you choose, restart that program, and deliver without `replaces`.',
    'device/replaces-owner':
      'Another owner has rules on this device that the firewall would take along as it stops: of the same program, or of iptables. Move that owner to platform nftables first, whose table nobody else takes away, or remove it.',
    'device/retract-incomplete':
      "The device began to take an owner's rules away and couldn't finish. Some of them may still be in force. It goes on with it before the next delivery and at its next start. (On a disk that takes nothing it doesn't begin, and says `device/folder-not-writable`.) Where a file of csf or APF was not written, its name stands behind the message: it can't be written, or one of our two marks in it is gone. Put that right, or make room on its disk, and run the same command again.",
    'device/rollback-incomplete':
      "A trial was to be undone and something stood in the way, mostly a full disk: the new rules may still run, unconfirmed. Or the former rules run again, and an address of theirs can't be added, as its interface is gone: it is named as `not added`. The device tries again every ten seconds, before the next delivery and at its next start; a restart brings back what was confirmed last. Where somebody took both `/etc/cpanel-edge` and `/run/cpanel-edge` away within the trial, it doesn't know any more what to go back to: restart it, look at what it runs, and apply again.",
    'device/rules-elsewhere':
      'Linux has two back ends of iptables, and each shows its own rules alone. While the release was on trial the device was switched from one to the other, so its programs no longer showed the rules that were proven. The release was undone, in both. Settle which one the device has, then apply again.',
    'device/rules-gone':
      "The rules were loaded and then weren't there any more, so somebody flushed all rules: a service that reloads its own, a script, or a person. It would happen to every release. Find that before you apply again; on cPanel servers [its own programs](docs/how-to/cpanel-firewall.md) do so.",
    'device/syntax':
      "The program that loads rules doesn't take this text in its version. The intent names another version than is installed, or the kernel lacks something that this version needs. Compare both; the detail behind the message has the line that it stumbled over.",
    'device/table-exists':
      "Rules of the name that this owner's would have are on the device already, and its program never loaded them. They could be a copy from another machine or the rest of an installation that was deleted. They might protect something, so they aren't replaced; look at them, then remove them or choose another owner name.",
    'device/tool-missing':
      "The device program uses a few programs of the system, and one isn't installed. It installs nothing by itself. On a minimal system, install the package that has the command, then apply again.",
    'device/unapplied':
      'Somebody has saved changes on the pages of the box and hasn\'t pressed "Apply changes". Loading a release applies everything that is saved, theirs too, at a time they didn\'t choose. Ask them, or look at what is pending and decide.',
    'device/unforeseen':
      'The device program stopped in the middle, by an error for which it has no word. What it had loaded on trial is undone by its timer. Ask with `verify` what it holds, and report it with the version of the box.',
    'device/units-not-written':
      "Units of systemd load the rules at each start. They couldn't be written or enabled, so the release would be gone after a restart, and it was not loaded. Look at whether `/etc` can be written to; some images keep it read-only.",
    'device/unknown-command':
      "The device program doesn't know what it is asked, so it is older than the cpanel-edge that asks. A login as root updates it; for others, run what `cpanel-edge bootstrap` prints, as root.",
    'device/unknown-version':
      "The configuration of the box is of a version of pfSense whose form isn't known, newer or much older. Writing into it by guess could break the box. Look whether a newer cpanel-edge knows it.",
    'device/unreadable':
      "The device couldn't list its rules or addresses whole, so nobody can say what a release would meet there. A proof never goes by half of the rules. Try as root what lists its rules there (`nft list ruleset`, `iptables-save`, `ip6tables-save`) and `ip addr`, and look at what they complain about.",
    'device/upload-damaged':
      "What arrived has another digest than what was sent, so it was not even checked; or, where the message says `stored`, what was kept of it has changed since, which is the disk's doing. A line that breaks, a full disk, or a wrapper around the shell that changes bytes are the reasons. If it happens each time, look at what stands between: a start file of the login shell that reads its input (`read` in `.bashrc`) takes the first lines away, which is `foreign-format`, or all of it, `cut-off`.",
    'device/upload-too-large':
      'The device program takes releases up to the size that the message has, so that nothing can fill its disk. Lists of tens of thousands of networks go beyond it. Split the owner in two on the same device, or write larger networks.',
    'device/vhid-taken':
      "A CARP group of this number is on that interface already, for another address. Two groups of one number take each other's addresses. Choose a number that is free on that wire.",
    'device/wrong-argument':
      "The device program was sent a word of a form that it doesn't take, which happens when it and this package are of different versions. Nothing was changed. Update the program: a login as root does it, or what `cpanel-edge bootstrap` prints.",
  },
};
