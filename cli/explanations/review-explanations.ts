// Explanations of the codes review/…: what `review` and `exposure` refuse, object to, or can't decide.
// docs/reference/errors/review.md is made of them.
import { ExplanationPage } from './explanation-page';

export const reviewExplanations: ExplanationPage = {
  name: 'review',
  title: 'Plans and rules that are reviewed or read: review/…',
  introduction:
    '[How a review is read](docs/how-to/review.md), [which plans are read](docs/reference/plans.md), [how an exposure is read](docs/how-to/exposure.md).',
  explanations: {
    'review/adopted':
      "This state takes over an owner whose release isn't in the plan. Give the device's answer with `--live`, and apply the other state's `HandedOverOwner` first.",
    'review/another-configuration':
      'The plan and the stack beside it have different resources: a new synth, or another branch. Plan again, or give the plan file.',
    'review/another-runs':
      "The device runs a release that this plan's state doesn't know: an apply from elsewhere, or a killed one. Plan and review from the state and commit that delivered it.",
    'review/another-version':
      'Another version of the package made the plan. Plan with the version that reviews, or review with the one that planned.',
    'review/answer-unused':
      'An answer of `--live` is for a device or owner that no plan has. Remove the old file, or give the missing plan.',
    'review/broken-json':
      "The file isn't whole JSON: messages are in it, or it was cut. Keep standard error apart: `terraform show -json plan > plan.json`.",
    'review/claims-overlap':
      'Two owners of one device want one public address. To move an address apply twice, the owner that gives it up first.',
    'review/cpnat':
      "The change also writes cPanel's public addresses. On a server with accounts, zones and mail don't follow: [cPanel's public addresses](docs/how-to/cpnat.md).",
    'review/default-route':
      "A mapping moves to a gateway with another address in the host's network, and answers leave by the host's default route. Change the route with the delivery. For an address that gateways share (CARP, VRRP) put the mapping on each.",
    'review/drifted':
      "The device doesn't run what was delivered, and this change doesn't deliver to it. See `verify`, then undo the change there or put it into the intent.",
    'review/empty':
      'The file is empty: the command failed, usually without root. Run it as root; a server without rules has everything reachable.',
    'review/facts-alone':
      'The text has addresses or routes without rules. Give it beside the rules of one server: `exposure rules.nft FILE`.',
    'review/facts-cut-off':
      'The text ends within a line of `ip`, so addresses may be missing. Copy by a redirect (`> rules.txt`).',
    'review/fail-on-closed':
      'Something closes, and `--fail-on closed` objects. See the table; leave the word out where it may pass.',
    'review/fail-on-identity':
      'Connections get another source address, and `--fail-on identity` objects. Tell mail servers and systems that list sources first.',
    'review/fail-on-moved':
      'Packets reach another host, and `--fail-on moved` objects. Check that the host, its names and certificates are ready.',
    'review/fail-on-opened': 'Something opens, and `--fail-on opened` objects. The table has ports and sources.',
    'review/fail-on-unknown':
      "Something can't be decided, and `--fail-on unknown` objects. The reasons stand under Unknown.",
    'review/fail-on-warning':
      "Lint warnings aren't acknowledged, and `--fail-on warning` (all) or `new-warning` (new ones) objects. Resolve them, or acknowledge them in the [review rules](docs/reference/review-rules.md).",
    'review/first-release':
      "The owner never delivered to this device, so all counts as opened. Give the device's answer with `--live` for the real difference.",
    'review/foreign-plan-format':
      "This version doesn't know the plan's format. Use a newer cpanel-edge, or a [version of Terraform](docs/reference/versions.md) that it knows.",
    'review/foreign-provisioner':
      "A resource of ours runs a further command, or a provider's action follows a delivery. Remove it; put your commands on resources of your own.",
    'review/foreign-resources':
      "The plan also changes resources of other packages, such as a cloud's security group, which aren't judged. Look at them in Terraform's output.",
    'review/handed-over': 'One plan gives an owner up and another takes it over. Apply the one that gives it up first.',
    'review/holder-lost':
      'The state has a release without its ownership record, so the device would refuse a new one. Set `adopt` to the owner token that `verify` prints.',
    'review/holder-replaced':
      'The plan replaces an ownership record, often after `terraform taint`, so the device would refuse the new owner token. Replace the release instead.',
    'review/holder-unreadable':
      "This version doesn't know the format of an ownership record. Review with the version that synthesized the stack.",
    'review/host-not-known':
      "A gateway translates to servers that aren't in these plans, so only its own rules are judged. Give their plans or stacks, too.",
    'review/internet-and-more':
      '`--from internet` means any source outside, so an address beside it is unclear. Ask twice.',
    'review/known-after-apply':
      'The release holds a value that only the apply knows. Remove the override or the edit of `cdk.tf.json`.',
    'review/less-protected':
      'The change weakens a protection, such as a rollback or a health check. Where it is meant, acknowledge `review/less-protected` with the server or gateway as `where`.',
    'review/live-text':
      "The device's answer of `--live` can't be read whole. Review without it, and report the line if the device really prints it.",
    'review/mixed-state-unknown':
      "While devices change one after another, a moment between can't be decided. Split the change, closing first.",
    'review/mixed-state-wider':
      'While devices change one after another, something is open that is closed before and after. Make two changes: close on both sides, then open. [Mixed states](docs/how-to/review.md).',
    'review/more-results':
      'A SARIF file has at most 5,000 results, the worst first. Read the review as text, Markdown or JSON for all.',
    'review/more-rows':
      'More changes than are listed, the worst first; verdict and counts include all. Split a very large change.',
    'review/narrowed':
      'Unmanaged rules on the device close a part of what this release opens. Open it there as well, or take it out of the intent.',
    'review/nat-file-twice':
      "The folder or tar has a cPanel NAT file (such as `var/cpanel/cpnat`) twice. Give one server's files at a time. [How they are read](docs/how-to/cpnat.md#a-file-that-you-dont-manage).",
    'review/nat-files-alone':
      "cPanel's NAT files are read beside one server's rules. Give them with exactly one set of rules: `exposure rules.nft FOLDER`. [How they are read](docs/how-to/cpnat.md#a-file-that-you-dont-manage).",
    'review/new-host-keys':
      'The delivery trusts other host keys than the last one. Compare them on the device by another way, then acknowledge `review/new-host-keys`.',
    'review/new-program':
      'The same rules are delivered again, by another version or with other settings. Reachability stays the same.',
    'review/no-address':
      'The question takes an address or a prefix without host bits, not a name. See `getent hosts NAME`.',
    'review/no-command-here':
      "The plan starts `cpanel-edge` by a path that doesn't exist here, so an apply here would fail; devices stay as they are. Run `npm ci` in the layout that synthesized, or set `CPANEL_EDGE`.",
    'review/no-planned-release': 'A part of the plan is left out or known later. Plan without `-target`.',
    'review/no-port': "A port is a number or a range, with or without protocol. For a service's name use `--service`.",
    'review/no-such-service':
      'The port table has no such name. Use `--port` for a number. [Services](docs/reference/services.md).',
    'review/no-such-vantage': 'The rules name no such interface or group. Say it with `--interface NAME:outside`.',
    'review/no-text':
      "The input isn't text: packed, a packet capture, or a disk image. Save the command's output as UTF-8.",
    'review/nobody-outside': 'No interface is known to lead outside. Say which one does: `--interface eth0:outside`.',
    'review/not-a-plan':
      "The JSON isn't a plan: a state, a log, a stack, or review rules (`--rules`). Plan with `-out`, then `terraform show -json`.",
    'review/not-allowed': 'The text is an error message in place of rules. Run the command as root.',
    'review/not-each-asked':
      "One of the devices in the `verify --json` output didn't answer. Ask those that answer one by one.",
    'review/not-planned':
      'The commit synthesizes a release that no plan has. Plan all stacks of the commit and review them together.',
    'review/not-readable':
      "The file isn't whole JSON: cut, with messages in it, or a key twice. Redirect `terraform show -json`, or give the plan file.",
    'review/not-recognised':
      "The text isn't of a kind that is read. Several outputs in one file need the titles that [these commands](docs/how-to/exposure.md) print.",
    'review/not-this-commit': 'The plan delivers another release than this commit synthesizes. Plan this commit.',
    'review/not-yet-read':
      'The format is recognised but not read. Give what the message names, usually the running rules.',
    'review/nothing-of-ours':
      'The plan has no gateway or server of this package. Give the right plan, or leave the stack out.',
    'review/nothing-recorded':
      'The plan has no release, neither before nor after. Give the output of `verify --json` with `--live`.',
    'review/open-afterwards':
      "The server is given up and its rules removed, so its exposure then isn't known. `onRemove: 'keep closed'`, the default, keeps its inbound rules.",
    'review/other-commands':
      'The deliveries of one plan start programs at different paths. Synthesize and plan again; if it stays, look for an edit of the stack.',
    'review/other-text':
      'The rules are written differently, as after an update of this package. Reachability stays the same.',
    'review/other-work':
      'The provisioner would deliver something else than plan and policy say. Synthesize and plan again. If it stays, look for an edit of the stack, or a variable of it (`terraform.tfvars`, `-var`, `TF_VAR_…`).',
    'review/owned-twice':
      "Two plans have one owner on one device. Keep it in one stack; after a split the old stack says [`HandedOverOwner`](docs/reference/constructs/removed-owners.md) and the new one `adopt: '<owner token>'`. Otherwise use another owner name.",
    'review/owner-twice': 'One plan has an owner of a device twice. The stack was joined or edited: keep one.',
    'review/plan-contradicts-itself':
      'Parts of the plan disagree, which Terraform never prints. Show the plan file again.',
    'review/plan-errored': "Planning failed, so the plan holds only a part. Mend Terraform's error and plan again.",
    'review/plan-incomplete': 'The plan is limited to some resources, or defers some. Review a whole plan.',
    'review/plan-missing': 'A stack of the project has no plan here. Plan all stacks, also unchanged ones.',
    'review/planned-policy':
      "This version can't read the planned policy. Review with the version that synthesized the stack.",
    'review/planned-text':
      "This version can't read the whole planned text. Review with the version that synthesized the stack; if it is the same, please report it.",
    'review/policy-of-another':
      "A release's policy is of another device, owner or role: the state or stack was edited. Ask the device with `verify`.",
    'review/provisioner-otherwise':
      'A setting of the delivering command was changed, such as its time or `on_failure`. Synthesize again.',
    'review/reached-elsewhere':
      "The device's host, port or user differs from the last apply. If it is another machine, remove the rules from the old one first: `cpanel-edge remove` with the former commit.",
    'review/recorded-policy':
      "This version can't read the recorded policy, so the former exposure isn't known. Give the device's answer with `--live`.",
    'review/recorded-text':
      "This version can't read the whole recorded text, so the former exposure isn't known. Give the device's answer with `--live`.",
    'review/refresh-only': 'A `-refresh-only` plan changes only the state. Plan without it.',
    'review/release-planned-away':
      'The plan destroys a release and keeps its ownership record, so the device keeps unmanaged rules. Keep both, or use `DecommissionedOwner`.',
    'review/release-unreadable':
      "A release can't be unpacked, or is of another version. Review with the version that made it.",
    'review/release-without-holder':
      'A release has no ownership record beside it, so nothing could remove it. Use the stack as synthesized.',
    'review/released':
      'The state forgets the owner and the device keeps its rules. Another state has to adopt it. [DecommissionedOwner and HandedOverOwner](docs/reference/constructs/removed-owners.md).',
    'review/renamed-resource':
      'A resource of ours has another address than its device and owner give, so Terraform would destroy and create it. Remove the `moved` block.',
    'review/replaces':
      'The change stops another firewall (`replaces`), or brings it back, and its rules are in no plan. `iptables` on platform firewalld means all iptables rules while firewalld is off. Compare with `review --live`.',
    'review/rules-beside':
      'Unmanaged rules on the device allow more than the release alone. See their lines with `verify`, and remove them.',
    'review/rules-beside-not-judged':
      "`--live` can't judge unmanaged rules together with a release of another format (firewalld, csf, APF, pfSense). The delivery verifies the whole before it confirms.",
    'review/rules-change':
      'The commit changes the review rules. Review this with the change, since a removed rule objects no more.',
    'review/rules-elsewhere':
      'The text says that other rules decide. If iptables shows none, give `iptables-legacy-save` and `ip6tables-legacy-save`, run as root. Of csf, APF or firewalld give the whole folder.',
    'review/several-before':
      "After an interrupted apply several releases may run, and all are compared. Give the device's answer with `--live`.",
    'review/several-stay':
      'After an interrupted apply several releases may run, and this change keeps it so. Ask `verify`, or deliver again.',
    'review/shared-address':
      "Several servers have one private address. Put each site's gateway and servers into one stack, or correct the address.",
    'review/shown-otherwise':
      'Text for readers differs from the delivery, as in a plan of an older version. Read the release, not that text.',
    'review/state-edited':
      'A resource of ours was changed outside of Terraform: the state was edited. Ask `verify` and give its answer with `--live`.',
    'review/stays-open':
      'The owner left the code, so Terraform forgets it and the device keeps its rules. Add `new DecommissionedOwner(…)` to remove it, or `new HandedOverOwner(…)` if another state has it. [Both](docs/reference/constructs/removed-owners.md).',
    'review/takes-over':
      "The delivery has an owner token that isn't its record's. Use `adopt: '<owner token>'` on the construct, which plans an import.",
    'review/text-altered':
      "The planned text does what its policy doesn't ask for. Don't apply; find out who can write to plan or stack.",
    'review/too-large':
      'The file is larger than the limit; often it is a log or a packet capture. Leave counters out, review gateways with their servers in several parts, or raise `CPANEL_EDGE_WORK`.',
    'review/too-many-values': 'The JSON has more values than the limit. Split the stack, or raise `CPANEL_EDGE_WORK`.',
    'review/too-much-to-judge':
      'A gateway and its servers distinguish too many kinds of packets. Let mappings share lists, or raise `CPANEL_EDGE_WORK`.',
    'review/too-much-to-show':
      'The rules distinguish too many kinds of packets. Ask less, with `--to` or `--service`, or raise `CPANEL_EDGE_WORK`.',
    'review/undecided':
      "Whether something passes can't be decided, so it counts as reachable. Make the rule or fact that the message names decidable.",
    'review/unforeseen': 'The review met an unknown error, so the verdict is unknown. Please report it with the plan.',
    'review/unforeseen-actions':
      "Terraform plans an action on our resource that isn't judged, such as an import. Plan without it.",
    'review/untried-plan-format':
      "The plan's format is close to known ones but may say something new. Use a [tested Terraform](docs/reference/versions.md).",
    'review/work-not-shown':
      "The plan doesn't show what its provisioner gets. Show the plan file with `terraform show -json`.",
    'review/written-text':
      "This version can't generate the text for the planned policy, so it isn't compared. Review with the version that synthesized the stack.",
  },
};
