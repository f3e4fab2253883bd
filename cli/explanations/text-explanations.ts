// Explanations of the codes on docs/reference/errors/texts.md.
import { ExplanationPage } from './explanation-page';

export const textExplanations: ExplanationPage = {
  name: 'texts',
  title: "Texts that aren't read: nftables/…, iptables/…, pf/… and the like",
  introduction:
    "Rules of a device are read as its own program reads them. A text that this program wouldn't load says nothing of what runs, and one that is read by halves says something wrong, so it is refused whole. What a device prints of what it runs is never refused for most of these: mostly the text was edited, cut off, or is a file of configuration in place of a listing. `PLATFORM` stands for the program.",
  explanations: {
    'PLATFORM/after-the-end':
      'The rule has ended by a verdict, and more follows on its line. nft refuses such a line, so this text was never loaded. Look at whether two lines were joined, or a comment lost its mark.',
    'PLATFORM/back-end':
      "firewalld can hand its rules to nft or to iptables, and with the other one the order among rules is another, which isn't what its files are read for. Give what runs there, which is read in either case.",
    'PLATFORM/bad-data':
      'A map leads from a key to something, and here it leads to something of another kind, or a plain set leads somewhere. nft refuses it. The definition of the map and its elements mostly come from two versions of a file.',
    'PLATFORM/bad-name':
      "A name has characters that nft doesn't take at this place. In a listing of nft this doesn't occur, so look at what generates the file: a variable that was never filled is the usual reason.",
    'PLATFORM/bad-set':
      'The set has flags or a type that contradict each other or what a rule does with it. nft refuses it. A listing has each set as it is loaded: `nft list ruleset`.',
    'PLATFORM/bad-value':
      "A value isn't of the type that the set or the comparison has, such as a range where single values are kept. nft refuses it. Look at the type in the set's definition, and at the flag `interval`.",
    'PLATFORM/both-families':
      'Rules for IPv4 and for IPv6 look alike, and in this text they are mixed within one table. Which family a rule is of decides whom it lets in. Put the output of `iptables-save` first and that of `ip6tables-save` behind it, each whole.',
    'PLATFORM/broken':
      'firewalld refuses to start with such a file and then falls back to the files of its package, with SSH open on every interface. So nothing else is read out of it. Run `firewall-cmd --check-config` on the server; if it is content, the copy is damaged.',
    'PLATFORM/combined-zone':
      'A file stands in a folder of a folder of zones. firewalld takes it for a part of a zone that is called as the inner one, whatever the outer one is called, which nobody means. Put the files of a zone into `zones/NAME/`, or the zone into one file.',
    'PLATFORM/cut-off':
      'The text ends in the middle of something. A copy stopped early: a full disk, a lost connection, a terminal that keeps so many lines. Copy by a redirect (`> rules.txt`), not with the mouse.',
    'PLATFORM/defined-twice':
      'A variable of nft is defined a second time. nft takes the second as a mistake unless it says `redefine`. Files that are read together from two places often do this.',
    'PLATFORM/device-without-ingress':
      'Only chains at ingress and egress belong to a network device, and this one stands elsewhere. nft refuses it. Take the device away or correct the hook.',
    'PLATFORM/duplicate-chain':
      "A table declares one chain twice, and which of the two counts isn't known. A listing never does so; two outputs were put together, mostly of two moments of one server.",
    'PLATFORM/duplicate-set':
      "A set of ipset is there twice, so it isn't known what is in it. Two outputs were put together. Give one `ipset save`.",
    'PLATFORM/earlier-version':
      "Before 0.9 firewalld has no policies and lets a packet that one zone doesn't decide go on to the next, which isn't read. Give what runs, which is read in either case. If it is 0.9 or later, `policies/` of its package's folder is missing in the text.",
    'PLATFORM/early-nat':
      'Translation has to come after the kernel has looked up the session, and this chain would come before. nft refuses the priority. A number of another kind of chain was copied.',
    'PLATFORM/empty-list':
      'A comparison with an empty list matches nothing, and nft refuses it. A template that made the list had nothing to put in. Look at where the entries should come from.',
    'PLATFORM/equal-priorities':
      'Two policies of firewalld 2.0 to 2.4 have one priority, and some packets are asked of both. It counts them as one where it looks for the place of a rule, so that rules behind them land too early, even before those of a much lower priority. Give one another priority; 1.3 and 2.5 count them.',
    'PLATFORM/family-not-told':
      'Nothing in the text says whether a table is of IPv4 or of IPv6: the remark above it is gone and no address in it tells, nor does the name of the file. Guessing could swap both. Keep the remarks that the commands print, or call the files as netfilter-persistent does, `rules.v4` and `rules.v6`: of a table that is there once the name decides.',
    'PLATFORM/foreign-character':
      "A character stands there that the language doesn't have, such as a curly quote, a long dash or a space that only looks like one. Text that went through a document or a chat gets those. Copy it from the device again.",
    'PLATFORM/include':
      "The text says that another file is to be read at this place, and nobody gave that. What is in it could decide everything. Give what runs, in which all files are joined already: `nft list ruleset`. `cpanel-edge exposure` takes the included files beside the one that includes them, by their names; for `*.nft` they have to lie in a folder of that name. Of files without their server, nft joins them on any Linux, in a network of its own, as a user: `unshare -rn sh -c 'nft -I FOLDER -f nftables.conf && nft list ruleset' > rules.nft`. Paths that are not absolute it looks for below FOLDER; before rules with `iif` or `oif`, their interfaces have to be there: `ip link add eth0 type veth;` before `nft`.",
    'PLATFORM/includes':
      'The text says that another file of pf rules is to be read, and nobody gave that. What is in it could decide everything. Give what pf has loaded: `pfctl -sn` and `pfctl -sr`.',
    'PLATFORM/ingress-without-device':
      'A chain at ingress hears one network device, and none is named, so it would hear nothing. nft refuses it. Say which device, or take another hook.',
    'PLATFORM/jump-loop':
      'Chains lead to one another in a circle. The kernel refuses that, so such rules never run. In a file that is generated, look for a chain that jumps to its own caller.',
    'PLATFORM/jump-to-base':
      'A rule leads to a chain that stands at a hook, which only the kernel itself may start. The loading program refuses it. Let both lead to a third chain without a hook.',
    'PLATFORM/later-version':
      "The program's own file says a version that came after those whose files are read. What it loads of them may be something else, and nobody has looked. Give what runs, `nft list ruleset`, which is read of each.",
    'PLATFORM/long-comment':
      'A comment is longer than nft keeps. It refuses such a line, so the text was never loaded. Shorten it.',
    'PLATFORM/long-prefix': 'The prefix of a log line is longer than the kernel keeps, and nft refuses it. Shorten it.',
    'PLATFORM/many-answers':
      "`pfctl -sa` prints everything that pf knows, and the rules are only a part of it, in a form that can't be told apart for certain. Give the two parts that decide: `pfctl -sn` and `pfctl -sr`.",
    'PLATFORM/needs-live-state':
      'The text changes rules by number or adds to what a device already has, so what comes of it depends on that device at that moment. Read alone it means nothing. Give `nft list ruleset` from behind such changes.',
    'PLATFORM/no-conf':
      "The main file of settings isn't among the files that were given, and it says which ports are open. Without it there is no answer. Pack the whole folder, as the command in the message does.",
    'PLATFORM/no-data':
      'An element of a map leads nowhere. nft refuses it. The part behind its colon is missing, or the map was meant to be a set.',
    'PLATFORM/no-list':
      "A list of addresses isn't among the files that were given. It says who gets in or is kept out in spite of all ports, so without it there is no answer. Pack the whole folder, as the command in the message does.",
    'PLATFORM/no-policy':
      "A table doesn't say what becomes of packets that no rule decides. With one policy nearly everything passes, with the other nothing. `iptables-save` prints a line for each chain (`:INPUT DROP [0:0]`); keep those.",
    'PLATFORM/no-stock':
      "firewalld's own zones and services, which come with its package, aren't among the files. What a service's name opens stands there, and packages differ. Give both folders, as the command in the message does.",
    'PLATFORM/no-such-chain':
      "A rule belongs or leads to a chain that the text doesn't have. The loading program refuses that. A part of the text is missing, or a chain was renamed in one place only.",
    'PLATFORM/no-such-define':
      'A variable of nft is used and not defined before, in this text. Its definition is in another file, or comes later. Give what runs, in which variables are filled in already.',
    'PLATFORM/no-such-element':
      "Something is to be taken out of a set that isn't in it, in this form. nft refuses it. Elements have to be named as they were added, ranges as ranges.",
    'PLATFORM/no-such-hook':
      "A table of this family has no such place in a packet's way. nft refuses it. A chain of another family was copied, or `nat` and `filter` were mixed up.",
    'PLATFORM/no-such-priority':
      "Priorities have names at some hooks and families only, and this isn't one of them here. nft refuses it. Write the number, or the name that belongs there.",
    'PLATFORM/no-such-set':
      "A rule asks a set that the text doesn't have, so whom it is for isn't known. With iptables, sets are another program's: append `ipset save`. With nft a part of the text is missing, as sets belong to their table.",
    'PLATFORM/no-such-table':
      "Something is put into a table that isn't defined before, in this text. nft refuses it. The table's definition is in another file; give what runs.",
    'PLATFORM/no-tables':
      'The text has no table of rules at all. Either the command failed and its message was on the other stream, or it is another kind of file. A server without any rules lets everything in, so this is never taken for an answer.',
    'PLATFORM/not-loaded':
      "The rule is one that iptables-restore refuses: `--dport 22,80`, `-p tcp,udp`, `-m multiport` without `-p tcp`, `-o` or `-m owner` in INPUT, a match that asks nothing (`-m state` alone), a word that it doesn't know (`--state NEWW`), DNAT without `--to-destination`. It then loads nothing of the table, and a host keeps what it had: after a start, nothing. Write the rule as it takes it: the program says why it doesn't, some with `--test` alone.",
    'PLATFORM/open-quote':
      "A quote that begins on this line doesn't end on it. A quote got lost, or a line was broken in two. All that follows would be read wrongly, so nothing is.",
    'PLATFORM/option-without-value':
      'A rule ends where an option still needs its value. The line was cut, as terminals do with long lines. Copy by a redirect.',
    'PLATFORM/other-dialect':
      "OpenBSD's pf looks much the same and translates by other words and in another order. Read as FreeBSD's it would give a wrong answer. Only FreeBSD's pf, and with it pfSense and OPNsense, is read.",
    'PLATFORM/policy-without-hook':
      'A chain that no packet reaches by itself has no policy, and nft refuses it. The line with its hook is missing or stands in another chain.',
    'PLATFORM/reserved-name':
      "A chain is called like one of the program's own targets, so a rule that names it could mean either. The program refuses the name. Rename it.",
    'PLATFORM/said-twice':
      'One property is given twice for a set or a chain. nft refuses it. Two versions of a definition were merged.',
    'PLATFORM/same-key-twice':
      "Two elements of a set or a map overlap, and where they lead to different things it isn't known which counts. nft refuses that, unless the set merges its elements itself. Take one of them out.",
    'PLATFORM/set-without-type':
      "A set doesn't say what is in it, so its elements mean nothing. nft refuses it. Its line with `type` is missing.",
    'PLATFORM/several':
      'The files of two installations were given at once, such as a backup beside the folder in use. Only one of them runs. Give the files of that one.',
    'PLATFORM/too-deep':
      "Chains lead to chains, deeper than the kernel goes. It refuses such rules or stops there, so what would come of them isn't known. Generated rules often nest needlessly.",
    'PLATFORM/too-long':
      'Variables that hold variables make the text longer and longer, more than is read. Either it is generated by mistake or it is meant to fill the memory of who reads it. Give what runs.',
    'PLATFORM/too-many-elements':
      'A set holds more than the size that it gives itself. nft refuses it. Raise its size, or look at why it has grown.',
    'PLATFORM/too-many-ports':
      "One match of iptables takes fifteen ports, where a range counts as two. iptables refuses more. Such a line was written by hand or by a generator that doesn't count; split it.",
    'PLATFORM/too-many-tables':
      'One table is in the text twice as one program prints it, or with no remark of the programs that would say which of the two back ends of iptables has which. That happens when the rules of several servers are in one file, or those of one stand there twice: iptables-restore keeps the last of them. Give those of one, once.',
    'PLATFORM/too-much':
      'The text is larger in this respect than what any box loads, and reading it could take the memory of the machine. Give what runs, not what generates it.',
    'PLATFORM/too-much-to-evaluate':
      'To say what the rules let through, packets that they tell apart are told apart, and these tell too many. Long lists of addresses that differ slightly from rule to rule are the usual reason. Share the lists, or allow more work with `CPANEL_EDGE_WORK` where the message says so.',
    'PLATFORM/two-hooks':
      "A chain is given two places in a packet's way, and it has one. nft refuses it. Two chains were merged.",
    'PLATFORM/two-listings':
      "A chain that has a hook is in the listing twice, as where the rules of two servers are in one file, or those of one at two moments. Read as a script, each server would have the other's rules as well. Give those of one, once; what is a script that opens a chain again begins with `#!/usr/sbin/nft -f`.",
    'PLATFORM/two-policies':
      'A chain is given two policies, and which one counts decides whether nearly everything passes. nft refuses it. Keep the one that is meant.',
    'PLATFORM/two-protocols':
      'A rule asks for two protocols at once, and no packet has both, so it never matches. nft refuses it. Make two rules of it.',
    'PLATFORM/two-sets':
      'Two sets of one name are defined differently. nft refuses the second. Two files were put together that each define theirs; give what runs.',
    'PLATFORM/unexpected-text':
      "At this place the text says something that isn't understood, or that the program itself wouldn't take. What stands there could decide any packet, so nothing is said of the rest. If a device really prints it, please report the line: the reader learns it.",
    'PLATFORM/unknown-option':
      'A rule has an option that none of its parts knows. iptables refuses it. Where a module that others have written has it, nothing is known of what it matches; please report the line.',
    'PLATFORM/unknown-table':
      "iptables has a few tables with fixed names, and this isn't one. The name is misspelled, or the text is of another program.",
    'PLATFORM/version-untold':
      "Nothing in the text says of which firewalld it is, and some of those that it may be of start without any of these files, which they can't load. Put `/usr/lib/python3*/*-packages/firewall/config/__init__.py` of the server beside them: it says the version. Or give what runs, `nft list ruleset`.",
    'PLATFORM/wrong-family':
      'A rule asks something that only a table of both families has, or that only the other family has. nft refuses it. Move it into a table of family `inet`, or take the words of this family.',
    'PLATFORM/wrong-hook':
      "A rule is reached from a hook where the kernel doesn't take what it does, such as a translation of the source before routing. nft refuses it. Put the rule into a chain that only the right hooks lead to.",
    'PLATFORM/wrong-place':
      "A target stands in a table or chain where it isn't taken: a DNAT outside of nat, a DROP in nat, a TTL outside of mangle. iptables refuses it, and with it the whole table. A listing of what is loaded doesn't have it.",
    'PLATFORM/wrong-policy':
      "Only the kernel's own chains have a policy, and only `ACCEPT` or `DROP`; chains that people make have `-`. Something else stands there, so this text was never loaded. Keep these lines as `iptables-save` prints them.",
    'PLATFORM/zone-drifting':
      "With this setting firewalld lets a packet that one zone doesn't decide go on to the next. Newer versions do not, and the files are read as they do. Set it to `no`, which is advised anyway, or give what runs.",
    'pf/too-much-to-evaluate':
      "pf's rules are evaluated by splitting all packets wherever a rule tells them apart, and these tell too many. Rules that share their tables and lists of ports cost little. Share them, or allow more work with `CPANEL_EDGE_WORK`.",
    'pfsense/after-the-configuration':
      "Something stands behind the end of the configuration, such as a second file or the prompt of a shell. It isn't known whether it belongs to it. Give one thing at a time.",
    'pfsense/capture-assumed':
      "The configuration was made by this package for a box that nobody had captured, so it says nothing of a real one. Download the box's own: Diagnostics, Backup & Restore.",
    'pfsense/capture-encrypted':
      'The backup is encrypted, and no password is asked for here. Download it without encryption, on a machine that may see its secrets; what `capture` keeps of it holds none, and the backup can be deleted afterwards.',
    'pfsense/capture-not-xml':
      "The file isn't XML, or not all of it: a download that stopped, a page of the box in place of the file, or an edit by hand. Download it again.",
    'pfsense/capture-other-root':
      "The file is XML of something else than pfSense. OPNsense's configuration looks alike and means other things. Give that of a pfSense box.",
    'pfsense/capture-unknown-version':
      'The configuration has a version in which other elements may decide about packets than those that a capture keeps, older or newer than those that were read. Update the box, or use a newer cpanel-edge.',
    'pfsense/empty':
      'There is nothing in the text. Either the command failed, or nothing is loaded, and then the box filters nothing. This is never taken for an answer.',
    'pfsense/encrypted':
      'The backup is encrypted, and no password is asked for here. Download it without encryption, on a machine that may see its passwords.',
    'pfsense/filter-alone':
      "pf filters after translation, so rules without translations don't say which public address leads where. Give both, in the order in which the message names them.",
    'pfsense/no-interfaces':
      'Each box has interfaces, and this file has none, so it is a backup of one area alone. Rules without interfaces say nothing. Download the whole configuration ("All").',
    'pfsense/not-all-that-runs':
      'The text says by its titles that it is what a box runs, and one of the parts is missing. The missing one could decide everything. Ask the box for all of them again.',
    'pfsense/not-xml':
      "The text begins as a configuration and isn't XML to its end: a download that stopped, or an edit by hand. Download it again.",
    'pfsense/other-root':
      "The file is XML of something else than pfSense. OPNsense's configuration looks alike and means other things; of OPNsense what runs is read, as pfctl prints it.",
    'pfsense/translations-alone':
      'Translations say where packets are led, and rules whether they pass; here are only the first. Give both, in the order in which the message names them.',
    'pfsense/unknown-version':
      'The configuration has a version in which the same words may mean something else, older or newer than those that were read. What runs on the box is read whatever its release: give what pfctl prints.',
  },
};
