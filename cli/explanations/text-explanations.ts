// Explanations of the codes nftables/…, iptables/…, pf/… and the like: texts of rules or configuration that a parser
// refuses as a whole, such as one that is cut off. docs/reference/errors/texts.md is made of them.
import { ExplanationPage } from './explanation-page';

export const textExplanations: ExplanationPage = {
  name: 'texts',
  title: "Texts that aren't read: nftables/…, iptables/…, pf/… and the like",
  introduction:
    "A text that its own program wouldn't load says nothing of what runs, so it is refused whole: usually it was edited, cut off, or is a source file in place of a listing. Give what runs: `nft list ruleset`, `iptables-save`, `pfctl -sn` and `pfctl -sr`. `PLATFORM` stands for the program.",
  explanations: {
    'PLATFORM/after-the-end':
      "More follows on the line after the rule's verdict. Look for two joined lines, or a comment without its mark.",
    'PLATFORM/back-end':
      "firewalld's files are read for its nftables back end, and this one uses iptables. Give what runs.",
    'PLATFORM/bad-data':
      'A map leads to a value of another type, or a plain set to any value. Compare the definition with its elements.',
    'PLATFORM/bad-name':
      'A name has characters that nft refuses, often an unfilled variable. Correct what generates the file.',
    'PLATFORM/bad-set': "The set's flags or type contradict each other or its use. Give `nft list ruleset`.",
    'PLATFORM/bad-value':
      "The value isn't of the set's or comparison's type. Check the type, and the flag `interval` for ranges.",
    'PLATFORM/both-families':
      'One table mixes IPv4 and IPv6 rules. Put the whole output of `iptables-save` first, then that of `ip6tables-save`.',
    'PLATFORM/broken':
      "firewalld refuses this file and would start with its package's defaults. Run `firewall-cmd --check-config`; if it passes, copy the file again.",
    'PLATFORM/combined-zone': "A file lies in a folder within a zone's folder. Put it into `zones/NAME/`.",
    'PLATFORM/cut-off': 'The text ends in the middle of something. Copy by a redirect (`> rules.txt`).',
    'PLATFORM/defined-twice':
      'An nft variable is defined twice. Give what runs, or the files that are loaded together.',
    'PLATFORM/device-without-ingress':
      'Only chains at ingress and egress have a device. Remove the device or correct the hook.',
    'PLATFORM/duplicate-chain': 'One table declares a chain twice, as two outputs in one file do. Give one output.',
    'PLATFORM/duplicate-set': 'An ipset is there twice. Give one `ipset save`.',
    'PLATFORM/earlier-version':
      "firewalld before 0.9 passes undecided packets to the next zone: give what runs. If it is 0.9 or later, add `policies/` of its package's folder.",
    'PLATFORM/early-nat': 'A nat chain has a priority before connection tracking. Correct the number.',
    'PLATFORM/empty-list': 'A comparison has an empty list, which nft refuses. Look at the template that filled it.',
    'PLATFORM/equal-priorities':
      'firewalld 2.0 to 2.4 orders rules wrongly if two policies with one priority meet the same packets. Give one another priority.',
    'PLATFORM/family-not-told':
      "Nothing says whether a table is of IPv4 or IPv6. Keep the commands' remarks, or name the files `rules.v4` and `rules.v6`.",
    'PLATFORM/foreign-character':
      'The text has a character outside of the language, such as a curly quote. Copy it from the device again.',
    'PLATFORM/include':
      "The text includes a file that wasn't given. Give `nft list ruleset`, or the included files beside it, by their names. Without the server, nft joins them on any Linux: `unshare -rn sh -c 'nft -I FOLDER -f nftables.conf && nft list ruleset' > rules.nft`; rules with `iif` or `oif` need their interfaces first: `ip link add eth0 type veth;`.",
    'PLATFORM/includes':
      'The text includes another file of pf rules. Give what pf has loaded: `pfctl -sn` and `pfctl -sr`.',
    'PLATFORM/ingress-without-device': 'An ingress chain names no device. Add the device, or take another hook.',
    'PLATFORM/jump-loop': 'Chains jump in a circle. Look for a chain that jumps to its caller.',
    'PLATFORM/jump-to-base': 'A rule jumps to a chain with a hook. Let both jump to a third chain.',
    'PLATFORM/later-version': 'The files are of a later version than is known. Give what runs, `nft list ruleset`.',
    'PLATFORM/long-comment': 'The comment is longer than nft takes. Shorten it.',
    'PLATFORM/long-prefix': 'The log prefix is longer than the kernel takes. Shorten it.',
    'PLATFORM/many-answers':
      "In the output of `pfctl -sa` the rules can't be told apart. Give `pfctl -sn` and `pfctl -sr`.",
    'PLATFORM/needs-live-state':
      "The text changes rules by number or adds to the device's. Give `nft list ruleset` from after the change.",
    'PLATFORM/no-conf': 'The main settings file is missing. Pack the whole folder.',
    'PLATFORM/no-data': "A map's element leads to no value. Add the part behind its colon, or make it a set.",
    'PLATFORM/no-list': 'A list of addresses is missing. Pack the whole folder.',
    'PLATFORM/no-policy': "A table's chain has no policy. Keep the lines like `:INPUT DROP [0:0]` of `iptables-save`.",
    'PLATFORM/no-stock':
      "firewalld's own zones and services are missing, which differ by package. Give both folders, as the message shows.",
    'PLATFORM/no-such-chain':
      "A rule belongs or jumps to a chain that isn't there. Look for a missing part, or a renamed chain.",
    'PLATFORM/no-such-define':
      'An nft variable is used before it is defined. Give what runs, where variables are filled in.',
    'PLATFORM/no-such-element': "A deleted element isn't in the set in this form. Name it as it was added.",
    'PLATFORM/no-such-hook': 'A table of this family has no such hook. Correct the family or the hook.',
    'PLATFORM/no-such-priority': "This priority name doesn't exist at this hook and family. Write the number.",
    'PLATFORM/no-such-set':
      "A rule uses a set that isn't there. For iptables append `ipset save`; of nft a part is missing.",
    'PLATFORM/no-such-table': "Something is added to a table that isn't defined before. Give what runs.",
    'PLATFORM/no-tables':
      'The text has no table: an error message, or another kind of file. Run the command as root; a server without rules is open.',
    'PLATFORM/not-loaded':
      'iptables-restore refuses this rule, and with it the table: `--dport 22,80`, `-p tcp,udp`, `-m multiport` without `-p tcp`, `-o` in INPUT, DNAT without `--to-destination`. Correct the rule; `iptables-restore --test` says why.',
    'PLATFORM/open-quote': "A quote that begins on this line doesn't end. Add it, or join the broken line.",
    'PLATFORM/option-without-value':
      'The rule ends where an option needs a value: the line was cut. Copy by a redirect.',
    'PLATFORM/other-dialect': "OpenBSD's pf translates differently. Give rules of FreeBSD's pf, pfSense or OPNsense.",
    'PLATFORM/policy-without-hook':
      'A chain without a hook has a policy. Add the line with its hook, or remove the policy.',
    'PLATFORM/reserved-name': 'A chain is named like a target. The program refuses it: rename it.',
    'PLATFORM/said-twice': 'A set or chain has one property twice. Keep one.',
    'PLATFORM/same-key-twice':
      'Two elements of a set or map overlap. nft refuses it unless the set merges them: remove one.',
    'PLATFORM/set-without-type': 'A set has no type. Add its line with `type`.',
    'PLATFORM/several':
      'The files of two installations were given, such as a backup beside the folder in use. Give one.',
    'PLATFORM/too-deep': 'Chains jump deeper than the kernel allows. Flatten them.',
    'PLATFORM/too-long': 'Nested variables make a text that is too long. Give what runs.',
    'PLATFORM/too-many-elements': 'A set has more elements than its size. Raise the size.',
    'PLATFORM/too-many-ports': 'A multiport match takes at most 15 ports; a range counts as two. Split the rule.',
    'PLATFORM/too-many-tables':
      "One table is there twice: of several servers, of one server twice, or of both iptables back ends. Give one server's rules once.",
    'PLATFORM/too-much': 'The text is larger than what a device loads. Give what runs, not what generates it.',
    'PLATFORM/too-much-to-evaluate':
      'The rules distinguish too many kinds of packets. Let rules share their lists, or raise `CPANEL_EDGE_WORK`.',
    'PLATFORM/two-hooks': 'A chain has two hooks, which nft refuses. Keep one.',
    'PLATFORM/two-listings':
      'A chain with a hook is listed twice: two servers, or two moments. Give one listing; a script that opens a chain again begins with `#!/usr/sbin/nft -f`.',
    'PLATFORM/two-policies': 'A chain has two policies. Keep the one that is meant.',
    'PLATFORM/two-protocols': 'A rule asks for two protocols at once. Make two rules.',
    'PLATFORM/two-sets': 'Two sets of one name differ. nft refuses the second: give what runs.',
    'PLATFORM/unexpected-text':
      "The text isn't understood, or the program wouldn't take it. If a device really prints it, please report the line.",
    'PLATFORM/unknown-option':
      "A rule has an unknown option. If it belongs to a third party's module, please report the line.",
    'PLATFORM/unknown-table': 'iptables has no table of this name. Correct it, or give a text of iptables.',
    'PLATFORM/version-untold':
      "The firewalld version isn't known. Add the server's `/usr/lib/python3*/*-packages/firewall/config/__init__.py`, or give `nft list ruleset`.",
    'PLATFORM/wrong-family':
      "A rule uses words of another family than its table's. Use a table of family `inet`, or this family's words.",
    'PLATFORM/wrong-hook':
      "A rule is reached from a hook where its action isn't allowed, such as source translation before routing. Use a chain of the right hook.",
    'PLATFORM/wrong-place':
      'A target stands in a wrong table or chain: DNAT outside of nat, DROP in nat, TTL outside of mangle. Move the rule.',
    'PLATFORM/wrong-policy':
      'Built-in chains have the policy `ACCEPT` or `DROP`, others `-`. Keep these lines of `iptables-save`.',
    'PLATFORM/zone-drifting':
      'With this setting firewalld passes undecided packets to the next zone. Set it to `no`, or give what runs.',
    'pf/too-much-to-evaluate':
      'The rules distinguish too many kinds of packets. Let rules share tables and port lists, or raise `CPANEL_EDGE_WORK`.',
    'pfsense/after-the-configuration':
      "Text follows the end of the configuration. Give one file, without a shell's prompt.",
    'pfsense/capture-assumed':
      "This package made the configuration for an uncaptured box. Download the box's own: Diagnostics, Backup & Restore.",
    'pfsense/capture-encrypted':
      'The backup is encrypted. Download it without encryption, and delete it after the capture.',
    'pfsense/capture-not-xml': "The file isn't whole XML. Download it again.",
    'pfsense/capture-other-root': "The XML isn't of pfSense; OPNsense's looks alike. Give a pfSense configuration.",
    'pfsense/capture-unknown-version':
      "The configuration's version isn't known. Update the box, or use a newer cpanel-edge.",
    'pfsense/empty': 'The text is empty: the command failed, or the box filters nothing. Run it again.',
    'pfsense/encrypted': 'The backup is encrypted. Download it without encryption on a trusted machine.',
    'pfsense/filter-alone': "Filter rules without translations don't say where public addresses lead. Give both.",
    'pfsense/no-interfaces':
      'The file has no interfaces, so it is a backup of one area. Download the whole configuration ("All").',
    'pfsense/not-all-that-runs': 'A part of what the box runs is missing. Ask the box for all parts again.',
    'pfsense/not-xml': "The text isn't whole XML. Download it again.",
    'pfsense/other-root': "The XML isn't of pfSense. Of OPNsense give what pfctl prints.",
    'pfsense/translations-alone': "Translations without filter rules don't say what passes. Give both.",
    'pfsense/unknown-version':
      "The configuration's version isn't known. Give what pfctl prints, which is read of any release.",
  },
};
