// Explanations of the codes on docs/reference/errors/review.md.
import { ExplanationPage } from './explanation-page';

export const reviewExplanations: ExplanationPage = {
  name: 'review',
  title: 'Plans and rules that are reviewed or read: review/…',
  introduction:
    '[How a review is read](docs/how-to/review.md), [which plans are read](docs/reference/plans.md), [how an exposure is read](docs/how-to/exposure.md).',
  explanations: {
    'review/adopted':
      "This state takes an owner over that another one delivered until now, by its lease. What the other delivered isn't in this plan, so the review can't say what changes against it. Give it the device's own answer with `--live`, and apply the other state's `HandedOverOwner` first.",
    'review/another-configuration':
      'The review compares a plan with the stack beside it, and they have different resources: the stack was synthesized again after the plan was made, or the plan is of another branch. What is reviewed has to be what is applied. Plan again, or give the plan file, which carries its own stack.',
    'review/another-runs':
      'The device says that it runs a release which the state of this plan has never heard of. Somebody applied from elsewhere in the meantime, or an apply was killed before its state was written. A refresh learns nothing of it. Plan and review from the state and the commit that delivered it.',
    'review/another-version':
      "Another version of the package made the plan than the one that reviews it, or a planned text differs from the one that this version writes. The text lies within what its policy asks for; the rest of what that version delivers isn't known to this one. It is said once for each plan. Plan again with the version that reviews, or review with the version that made the plan.",
    'review/answer-unused':
      'An answer of a device was given with `--live`, and no plan is about this device or owner. A file of an earlier change was left over, or a plan is missing. Nothing was judged by it. Where a device of the plans has no answer at all, that is unknown, and the review with it.',
    'review/broken-json':
      "The file begins as JSON and can't be read as such. Mostly a command's messages stand in front of its output or behind it, or the output was cut when a disk was full. Keep standard error apart: `terraform show -json plan > plan.json`.",
    'review/claims-overlap':
      'Two owners of one device want the same public address after this change. A device gives it to one, so the second delivery would be refused in the middle of the apply. When an address moves from one owner to the other, two applies are needed, the one that gives first.',
    'review/cpnat':
      "The change also writes what cPanel takes for its public addresses. That is no matter of packets, so it is told apart. On a server with accounts, zones and mail don't follow by themselves: [what cPanel takes](docs/how-to/cpnat.md).",
    'review/default-route':
      "A host's mapping goes from one gateway to another that has another address in the host's network. Questions come in by the new one; answers leave by the host's default route, of which no release says anything: by the former gateway they leave as another address than was asked, or not at all. Change the route together with the delivery. Where it leads to an address that gateways share (CARP, VRRP), which no policy knows, the one that holds it answers: the mapping belongs on each that may. It isn't said where the new gateway takes the former one's inside address, or where one of them doesn't stand in the network of the host.",
    'review/drifted':
      "The device doesn't run what was delivered to it, and this change doesn't deliver to it, so that stays after the apply, too. Somebody changed it by hand, or rules of others came. `verify` shows the difference in ports; then either undo it there or put it into the intent.",
    'review/empty':
      'There is nothing in it. A command that fails prints nothing on its standard output, and without root most of these commands do. If there are really no rules, everything on the server is reachable, which is why this is never taken for an answer.',
    'review/facts-alone':
      "The text is what `ip` and `sysctl` print (addresses, routes, whether the server forwards), without any rules. A file of these is given beside the rules of the same server, `exposure rules.nft FILE`, and no other server's with them: with several, nobody says whose it is. Where rules and these were to come from one command, the part for the rules printed nothing: it failed, or the server has no rules, and then everything that listens there is reachable.",
    'review/facts-cut-off':
      "The text ends within a line of what `ip` prints, which always ends its lines: a copy stopped early. The address there may have lost a digit of its length, and a server's other addresses and routes are missing, so that too little would be shown. Copy by a redirect (`> rules.txt`).",
    'review/fail-on-closed':
      "Something closes in this change, and the review was told to object to that (`--fail-on closed`). It isn't wrong by itself. Look at what closes in the table; a pipeline that should let it pass drops the word.",
    'review/fail-on-identity':
      'Some connections would appear as another source than before, and the review was told to object to that (`--fail-on identity`). Lists of clients on other systems, and mail servers that compare names with addresses, notice it. Tell them before the apply.',
    'review/fail-on-moved':
      'Some packets would reach another host than before, and the review was told to object to that (`--fail-on moved`). Ask whether the new host is ready, and whether names and certificates fit it.',
    'review/fail-on-opened':
      'Something opens in this change, and the review was told to object to that (`--fail-on opened`). A pipeline says so where nothing may open without a second look. The table has the ports and who reaches them.',
    'review/fail-on-unknown':
      "Something can't be decided, and the review was told to object to that (`--fail-on unknown`). The reasons stand under Unknown, each with what to do about it. What can't be decided may be open.",
    'review/fail-on-warning':
      'There are lint warnings that nobody has acknowledged, and the review was told to object to them: to all (`--fail-on warning`), or to those that this change brings (`--fail-on new-warning`). Do what they ask for, or acknowledge them in the review rules with a reason and a day on which they count again. [Review rules](docs/reference/review-rules.md).',
    'review/first-release':
      "This owner never delivered to the device, so what was reachable before isn't known, and all that will be counts as opened. On a server, everything from outside that isn't in the list closes with it. Give the device's own answer with `--live` to see the real difference.",
    'review/foreign-plan-format':
      "The plan is in a format of Terraform that this version was not made for, in which the same words might mean something else. Such a plan isn't read by halves. Look whether a newer cpanel-edge knows it, or plan with a version of Terraform that this one was tried with.",
    'review/foreign-provisioner':
      'A resource of ours has a further command that Terraform would run, and no review can say what it does. Commands of your own belong to resources of your own. Remove the override that adds it. The same is said of an action of a provider (Terraform 1.14) that a delivery sets off.',
    'review/foreign-resources':
      "The plan also changes resources that aren't of this package, and nothing is said about them here. Some can open things as well, such as a cloud's security group. Look at them in Terraform's own output.",
    'review/handed-over':
      'One plan gives an owner up and another takes it over. It works in one order only: first the one that gives, as the other adopts its lease. In the wrong order the second apply is refused and nothing is lost.',
    'review/holder-lost':
      'The state records a release and no holder, and the holder carried the lease by which the device knows this state. A new holder would be refused by the device. `adopt` with the lease that `verify` prints mends the state; find out how the holder was lost, too.',
    'review/holder-replaced':
      'The plan replaces the holder of an owner, mostly after `terraform taint` or `-replace`. The device would refuse the new lease, and the rules would stay with nobody to remove them. To deliver the same release again, replace the release instead.',
    'review/holder-unreadable':
      "A resource looks like the holder of an owner and says things in a form that this version doesn't know. So nobody can say which device it is about. Review with the version of cpanel-edge that the stack is synthesized with.",
    'review/host-not-known':
      "A gateway leads to servers whose own firewall isn't part of these plans. What they let in isn't known, so the gateway's word alone is listed, as the worst case. Give their plans or stacks to the same review where they exist.",
    'review/internet-and-more':
      "`--from internet` means everybody who comes in from outside, over all outside interfaces. A single address beside it would ask something narrower, and it isn't clear which is meant. Ask twice.",
    'review/known-after-apply':
      'The text of a release holds a value that only the apply will know, so nothing can be proven before. What this package synthesizes never does, as tokens are refused at synth. Look for an override, or an edit of `cdk.tf.json`.',
    'review/less-protected':
      'The change takes a protection away: an unconfirmed release is undone later, a health check ends, a removal opens the server, another firewall gives way, or `~/.ssh/config` of the runner is read. Each is named with its value before and after. Where it is meant, acknowledge `review/less-protected` in the review rules, with the server or gateway as `where`.',
    'review/live-text':
      "What the device answered, given with `--live`, can't be read whole by this version, so what it runs isn't known. Without that answer the review compares with what Terraform has recorded. Please report the line that isn't read, if the device really prints it.",
    'review/mixed-state-unknown':
      "Devices of one change finish one after another, and in between old and new rules stand together. Of one such moment it can't be said whether more passes than before and after. Split the change, the device that closes first, or make readable what isn't.",
    'review/mixed-state-wider':
      "Terraform delivers to devices in any order. While one has its new rules and the other still its old ones, something passes that neither passes before the change nor after it. Make two changes: first close on both sides, then open. [Mixed states](docs/how-to/review.md). What somebody inside reaches of a host by its public address isn't counted where they reached the same port of it by its own before.",
    'review/more-results':
      'A SARIF file of a review has at most 5,000 results, the worst first, because code scanning shows no more. This result counts those that are not in it, and is as bad as the worst of them. Read the review as text, Markdown or JSON: these have all.',
    'review/more-rows':
      'More changes than are listed. The verdict, the counts and the objections are about all of them, and the worst come first. Very large changes are easier to judge when they are split.',
    'review/narrowed':
      "Rules of others on the device close a part of what this release opens. It isn't less secure, but who waits for the port will not reach it. Open it there as well, or take it out of the intent.",
    'review/nat-file-twice':
      "A folder or a tar has one of cPanel's NAT files (`var/cpanel/cpnat`, `etc/cpsources.conf`, `etc/pure-ftpd.conf`) twice, by its path: copies of several servers lie in it. Give the files of one server at a time. [How they are read](docs/how-to/cpnat.md#a-file-that-you-dont-manage).",
    'review/nat-files-alone':
      "cPanel's NAT files say nothing of what is exposed; they are read beside the rules of their server: `exposure rules.nft FOLDER`, or in one folder with the files of csf, APF or firewalld. With several texts of rules, or none, nobody says whose they are. [How they are read](docs/how-to/cpnat.md#a-file-that-you-dont-manage).",
    'review/new-host-keys':
      'The delivery trusts other host keys than the last one. A reinstalled device has new ones; so has a machine in between that only says it is the device. Compare them with those on the device, by another way than this connection. Then acknowledge `review/new-host-keys` in the review rules.',
    'review/new-program':
      "The same rules are delivered again, by a newer version of cpanel-edge or with other settings of delivery. What is reachable doesn't change. It is a note, so that an apply that touches a device is no surprise.",
    'review/no-address':
      'The question wants an address or a prefix, and a name or something with host bits stands there. Names are looked up by you, as they may lead elsewhere tomorrow: `getent hosts NAME`.',
    'review/no-command-here':
      "A plan delivers by starting `cpanel-edge` by its path from the stack's folder, and seen from the folder that the plan lies in there is no such file. Who applies it on this machine gets an apply that fails (`not found`): no device is touched, each release is tainted, and the next apply that has the command delivers it. Run `npm ci` first, in the layout of the machine that synthesized, or set `CPANEL_EDGE` to the command, where the apply runs. It is a note, because a review may run where nobody applies.",
    'review/no-planned-release':
      "The plan doesn't say what the device runs after it, as a part of it was left out or is only known later. Then it can't be said what opens. Plan without `-target` and review that plan.",
    'review/no-port':
      'A port is a number, a range, or either with a protocol behind it. Services have names, and those go with `--service`.',
    'review/no-such-service':
      "The name isn't one of the port table. The message lists those that are near, or all. Any port can be asked for by its number with `--port`. [Services](docs/reference/services.md).",
    'review/no-such-vantage':
      "A question is asked from somewhere: an interface, or a group of them such as `outside`. The rules name no such interface. Where the text doesn't tell which there are, tell it with `--interface NAME:outside`.",
    'review/no-text':
      "The input has bytes that no text has. It may be packed, a packet capture, or a disk's image. Save the command's output as it is, in UTF-8 or as PowerShell's `>` writes it.",
    'review/nobody-outside':
      'It was asked what is reachable from outside, and by what is known no interface leads there. An answer of "nothing" would only mean that nobody was asked. Say which interface leads to the internet: `--interface eth0:outside`.',
    'review/not-a-plan':
      "The JSON isn't a plan of Terraform as `terraform show -json` prints it. Mostly it is a state, the streaming log of `terraform plan -json`, or the stack itself; or the review rules, which `--rules` takes. Make a plan file with `-out`, then show that.",
    'review/not-allowed':
      "In place of rules there is an error message: whoever ran the command wasn't allowed to list them. An answer made of that would be wrong in the worst way. Run it as root, or with sudo.",
    'review/not-each-asked':
      "The output of `verify --json` holds several devices, and one of them didn't answer, so what it exposes is missing. Ask those that answer one by one, and find out about the other.",
    'review/not-planned':
      'The commit under review synthesizes a release, and none of the plans has it. A stack was forgotten, or a plan is older than the commit. Plan all stacks of the commit and review all plans together.',
    'review/not-readable':
      "The file isn't JSON that can be read whole: cut off, with messages of a command in it, or with one key twice. Write the output of `terraform show -json` straight to a file, or give the plan file itself.",
    'review/not-recognised':
      'Nothing that is read here looks like this text. The message lists what is: running rules, configurations, plans and stacks. Several outputs in one file need their titles, as printed by the commands in the README.',
    'review/not-this-commit':
      'The plan delivers another release than the commit under review synthesizes. It was made from other code, by another version of this package, or changed afterwards. Only a plan of that very commit can be approved with it.',
    'review/not-yet-read':
      'The format is known by its looks, and no reader exists for it. An answer that guesses would be worse than none. The message says what of the same device can be read instead, mostly what runs in place of what is configured.',
    'review/nothing-of-ours':
      'The plan has no gateway and no server of this package, so there is nothing to judge, and that must not pass for "nothing to object to". Give the right folder or plan. Where a stack has none on purpose, leave it out of the review.',
    'review/nothing-recorded':
      'The plan knows neither what the device ran before nor what it will run. So neither side of the difference is there. `verify` asks the device; its answer can be given to the review with `--live`.',
    'review/open-afterwards':
      "The server is given up and its rules are taken off with it, so what it lets in then depends on what else is there, which isn't known. `onRemove: 'keep closed'`, the default, leaves its inbound rules in force.",
    'review/other-commands':
      'The deliveries and removals of one plan start programs at different paths. A stack as it is synthesized starts one. Synthesize and plan again; if it stays, find out who changes the stack in between.',
    'review/other-text':
      'The rules are written differently, and what is reachable, where it leads and as whom stays the same. It is a note. It comes with updates of this package, or with an intent that was sorted anew.',
    'review/other-work':
      "The provisioner would deliver something that the plan doesn't show, or that isn't what the release's policy gives: text, policy, readable lines, owned prefixes, other firewalls that give way, lines for cPanel, addresses, digest, or a connection that isn't the holder's. Each field is named with both values. Reviewing one and delivering the other is exactly what a review is there to find. Synthesize and plan again; if it stays, find out who changes the stack in between, or sets variables of it (`gw1_shop_text` and the like: a `terraform.tfvars`, `-var`, `TF_VAR_…`).",
    'review/owned-twice':
      "Two plans have the same owner on the same device. Whichever is applied second is refused by the device, or would deliver over the first. One stack keeps the owner. Where a stack was split and the device goes to the new one, the old one says [`HandedOverOwner`](docs/reference/constructs/removed-owners.md) of it and the new one `adopt: '<lease>'`: no rule changes by that. A second owner on the device needs another name.",
    'review/owner-twice':
      'One plan holds the same owner of a device twice, and each release would replace the other. Constructs refuse that at synth, so the stack was joined or edited by hand. Keep one.',
    'review/plan-contradicts-itself':
      "A plan says the same in several places: the list of changes, the planned values, the record of the state, the variables and the configuration. Here they don't agree, which Terraform never prints. The field and both values are named. It was edited, or cut together. Show the plan file again.",
    'review/plan-errored':
      "Terraform wrote this plan although planning failed, so it holds only a part. What is missing can't be judged. Mend the error that Terraform printed, then plan again.",
    'review/plan-incomplete':
      "The plan was limited to some resources, or Terraform put some off. What the others would do at their time isn't in it, and devices that depend on each other may end up in between. Review a whole plan.",
    'review/plan-missing':
      "A stack of this project has no plan among those given, so what it changes at the same time isn't known. A gateway and its servers are often in different stacks. Plan all of them, even those without a change.",
    'review/planned-policy':
      "The policy that the plan would deliver can't be read by this version, for the reason that follows. So what it opens isn't known. Review with the version that synthesized the stack.",
    'review/planned-text':
      "The text that the plan would deliver can't be read whole by this version. What isn't understood may be open, so nothing is said of it. Review with the version that synthesized the stack; if it is the same, please report it.",
    'review/policy-of-another':
      'The policy in a release is that of another device, owner or role than the resource it stands in. Resources were moved by hand in the state or the stack. What this device really runs, it says itself: `verify`.',
    'review/provisioner-otherwise':
      "A setting of the command that delivers was changed, so that it runs at another time or its failure doesn't count. The plan's JSON doesn't show this, so the stack beside it was read. Synthesize again.",
    'review/reached-elsewhere':
      'The connection of a device is another than that of the last apply: host, port or user. No port changes by it, so nothing else here says it. The next delivery goes to the new place, and `verify` asks there. Is it the same machine by another name, there is nothing to do; is it another one, take the rules off the former one first, by `cpanel-edge remove` of the commit before.',
    'review/recorded-policy':
      "The policy of the release that the state records can't be read by this version, so what was open before isn't known. Mostly it was delivered by a newer version. Give the device's own answer with `--live` instead.",
    'review/recorded-text':
      "The text of the release that the state records can't be read whole by this version, so what was open before isn't known. Give the device's own answer with `--live`: then the review compares with what runs.",
    'review/refresh-only':
      'A plan made with `-refresh-only` changes the state alone and says nothing about the next apply. There is nothing in it to approve. Plan without that option.',
    'review/release-planned-away':
      'The plan destroys a release and keeps its holder, so the device goes on with rules that Terraform has forgotten. It comes from `-target`, or from a resource removed by hand. Keep both, or retire the owner.',
    'review/release-unreadable':
      "A release in the plan can't be unpacked, or has a form of another version. What it opens, or opened, isn't known then. Review with the version of cpanel-edge that made it.",
    'review/release-without-holder':
      'A release stands in the plan without a holder beside it, so nothing could ever take it off the device. Somebody renamed or moved a resource. Use the stack as it is synthesized.',
    'review/released':
      'This state forgets the owner and the device keeps its rules, for another state that takes over. Until that one has adopted the lease, nobody manages them. [DecommissionedOwner and HandedOverOwner](docs/reference/constructs/removed-owners.md).',
    'review/renamed-resource':
      'The addresses of our resources come from device and owner, and this one has another. A `moved` block or a hand has renamed it, and Terraform would destroy the one and make the other. Take that out.',
    'review/replaces':
      'The change also stops another firewall of the server (`replaces`), or brings it back with a removal. Its rules stand in no plan: what it alone kept closed of what the release opens is reachable afterwards. `iptables` on platform firewalld means every rule of iptables where firewalld is off, also those that no service loads. `review --live` compares with what the server runs now.',
    'review/rules-beside':
      "The device has rules of others beside ours, and by its own answer they let more through than the planned release alone. That stays after the apply. `verify` shows their lines; take them off first if they aren't meant.",
    'review/rules-beside-not-judged':
      "With `--live`, what a device runs beside ours is judged together with the planned release where both are texts of one form, as on nftables and iptables. A release for firewalld, csf, APF or pfSense is files, and the answer is what runs; and a device that moves to another platform answers in the form of the former one: the two can't be read as one. What changes is judged against the answer all the same, and the delivery judges all that then runs, on the device, before it confirms.",
    'review/rules-change':
      'The review rules of this commit differ from those before it, and each difference is a result of the SARIF file. A rule that is taken away lets pass what it objected to until now, so somebody should look at it together with the change.',
    'review/rules-elsewhere':
      'The text says itself that what decides stands elsewhere.\n\n- The server has its rules in the older back end of iptables, and what was asked is the newer one: it prints no rules and a warning. What runs is what  `iptables-legacy-save` and `ip6tables-legacy-save` print there, as root; behind them, where addresses are asked for, `ip -o addr; ip -o route`.\n- It is one file of csf, APF or firewalld. Give the whole folder: whom lists let in, in which zone an interface is and what a service opens is in others.',
    'review/several-before':
      "After an apply that was cut off, it isn't known which of several releases the device runs. What opens or closes against any of them is listed. The device's own answer with `--live` settles it.",
    'review/several-stay':
      "After an apply that was cut off, it isn't known which of several releases the device runs, and this change leaves it so. What is open there isn't known. Ask the device with `verify`, or deliver again.",
    'review/shared-address':
      "Several servers of these plans have the same private address, and none of them or more than one is in the plan of the gateway, so it can't be told which of them its packets reach. What opens or closes at any of them is listed as opening or closing behind the gateway. Put each site's gateway and servers into one stack, or correct the addresses, unless one server is there to replace the other.",
    'review/shown-otherwise':
      'Something that only people read differs from what is delivered: a readable line, or a public prefix that a server claims beside its own. Nothing else is delivered by it. It is a note. A plan of an older version of the package has it.',
    'review/state-edited':
      'Terraform says that a resource of ours was changed outside of it. These resources live in the state alone, so the state itself was edited. Trust the device then: `verify`, and its answer to the review with `--live`.',
    'review/stays-open':
      'The owner disappears from the code without a word, so Terraform forgets it, and the device stays open as it is, with nobody who looks after it. Say `new DecommissionedOwner(…)` to take it off, or `new HandedOverOwner(…)` where another state has it. The same holds where its holder becomes that of another device, owner or role: by a `moved` block, or by a Gateway in the place of a CpanelServer of the same name. [Both](docs/reference/constructs/removed-owners.md).',
    'review/takes-over':
      "The delivery is given a lease that isn't its holder's: as a literal, of another holder, or to adopt without an import. With it the driver takes a device over from the state that owns it. `adopt: '<lease>'` on the Gateway or CpanelServer plans an import, which the review shows as taken over.",
    'review/text-altered':
      "The planned text does something that its own policy doesn't ask for. What this package synthesizes never does: somebody or something changed the plan or the stack. Don't apply it; find out who could write there.",
    'review/too-large':
      "The file is larger than any ruleset or plan of ours, and isn't read, as it could fill the memory. Mostly it is a log or a packet capture. Where it is really one, leave counters out, or split the stack. Of plans that are too large together only the last ones are named: review them in several parts, each of whole gateways with their servers, or raise the limit with `CPANEL_EDGE_WORK`.",
    'review/too-many-values':
      "The JSON holds more values than any plan of ours, and isn't read further, as it could fill the memory. Split the stack; every plan is read by itself. `CPANEL_EDGE_WORK` raises the limit where the runner has room.",
    'review/too-much-to-judge':
      'A gateway and its servers tell so many kinds of packets apart that the review would take too long. Lists that differ by a few entries from mapping to mapping are the usual reason. Share them, or raise the limit with `CPANEL_EDGE_WORK`. The others of the same review are judged all the same.',
    'review/too-much-to-show':
      'The rules tell so many kinds of packets apart that the answer would take too long. Ask a smaller question, with `--to` or `--service`, or raise the limit with `CPANEL_EDGE_WORK`.',
    'review/undecided':
      "A change may let something pass or not, and the review can't decide which. It counts as reachable, so the verdict is UNKNOWN. The message says what isn't known; the rule or the fact that it names has to become clear before anybody can say yes.",
    'review/unforeseen':
      "The review met an error for which it has no words. It counts as unknown, so it isn't taken for a yes. Please report it with the plan, or with a plan that shows the same.",
    'review/unforeseen-actions':
      "Terraform plans something for a resource of ours that isn't creating, replacing, keeping or destroying it, such as importing. What that does to a device isn't known. Plan without it.",
    'review/untried-plan-format':
      "The plan is in a format of Terraform close to those that were tried, and might say something by new words, or has a part that they don't have. It is unknown rather than right. Use a version of Terraform that the README lists.",
    'review/work-not-shown':
      "The plan doesn't show what its provisioner will be given, so it could be something else than the text. Plans in another form than JSON, or with values removed, are like that. Show the plan file with `terraform show -json`.",
    'review/written-text':
      "What this version would write for the planned policy can't be made or read, so the planned text couldn't be compared with it. The reason follows it. Review with the version that synthesized the stack.",
  },
};
