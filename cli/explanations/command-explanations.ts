// Explanations of the codes cli/… and import/…: wrong options and files of a command, and imports that are refused.
// docs/reference/errors/commands.md is made of them.
import { ExplanationPage } from './explanation-page';

export const commandExplanations: ExplanationPage = {
  name: 'commands',
  title: 'Commands: cli/…, import/…, init/…',
  introduction: 'Each is refused before anything is written, sent or changed, unless its section says otherwise.',
  explanations: {
    'cli/archive-broken':
      "The archive is damaged or ends early; over ssh a login's greeting may be in it. `ssh host true` has to print nothing.",
    'cli/archive-link':
      'The archive holds a link without its file. Pack with `tar -h`, which packs what links lead to.',
    'cli/argument-missing':
      'A command or option lacks a word, in a pipeline often from an unset variable. The message says what it is for.',
    'cli/bad-argument':
      "The option or argument doesn't take this value, or is given twice. The message has its values.",
    'cli/connection-unreadable':
      "The file of `--connection` can't be read or isn't JSON with the fields of a connection and `platform`. A delivery prints a command that writes one.",
    'cli/facts-not-whole':
      "The server's facts end early or are of another agent. Update it (`cpanel-edge bootstrap`) and capture again.",
    'cli/file-empty':
      'The file is empty; the command that wrote it probably failed. Run it without `>` and read its message.',
    'cli/file-there': "The file exists and isn't overwritten. Move it away, or write into another folder.",
    'cli/file-unreadable':
      "The file isn't there, is a folder, or can't be read by this user. Check the path, in CI the step that makes it.",
    'cli/file-unwritable':
      "The file can't be written: no such folder, no permission, or `--out` names the input. Name another path.",
    'cli/lease-not-known':
      "The device didn't answer when the file of `--live` was written. Write it again once it answers. `--all` handles the other devices without it.",
    'cli/live-in-motion':
      'The device answered while a release was armed but not confirmed. Ask again when the delivery has ended.',
    'cli/live-not-all':
      "The device also has rules in the legacy iptables back end, which its answer doesn't show. Move those rules, or review without `--live`.",
    'cli/live-of-another':
      "The machine that answered has none of the device's addresses. Check for swapped files or a wrong connection.",
    'cli/live-twice': 'Two answers are of one device. Give the newer one only.',
    'cli/live-unreadable':
      '`--live` takes the whole output of `cpanel-edge verify --json` of this version. Give rules as text to `exposure`.',
    'cli/live-without-policy':
      "The plan's policy can't be read, so the device's outside interfaces aren't known. Review without `--live`.",
    'cli/looks-like-several-files':
      'A file holds a title line (`==> PATH <==`), which separates files in one text. Remove the line.',
    'cli/manifest-unreadable': 'The list of stacks names a folder outside of the output, or none. Synthesize again.',
    'cli/no-facts':
      'No line has addresses or routes. Run `ip -o addr` and `ip -o route` with `-o`, on the right machine.',
    'cli/no-plan':
      "The folder has stacks without plans. Run `terraform -chdir=cdktf.out/stacks/edge plan -out=plan` in the project's folder.",
    'cli/no-stack':
      "No synthesized stack is here. Synthesize in the project's folder, or name a folder with `--stack`.",
    'cli/no-such-code':
      'There is no such code; the message names the nearest. Search [errors](docs/reference/errors.md) and [lint rules](docs/reference/lint.md).',
    'cli/no-such-command': 'There is no such command; the message names the nearest. `cpanel-edge --help` lists all.',
    'cli/no-such-device':
      "No stack has a device of this name; the message lists them. By default the name is the construct's id.",
    'cli/no-such-line':
      "The text has fewer lines. A review names lines of the plan's text, `verify` those of the device: give the matching stack or plan.",
    'cli/no-such-option': "The command doesn't have this option; the message names the nearest, `--help` lists all.",
    'cli/no-such-owner': 'The device has no owner of this name. `verify` shows which it has.',
    'cli/no-such-text':
      "No given stack or plan delivers to this device for this owner. For an unchanged device, give the stack's folder.",
    'cli/no-tar': 'The input is gzip without an archive. Unpack it with `gunzip -c`.',
    'cli/no-terraform':
      'A plan file needs Terraform or OpenTofu. Set `TERRAFORM_BINARY_NAME`, or give the JSON of `show -json`. An encrypted plan needs `tofu` and its configuration.',
    'cli/not-an-address':
      'The question takes an address, perhaps with a port; IPv6 with a port in brackets. `--from` has the same family.',
    'cli/not-installed':
      "A package that the command needs isn't there. Run `npm ci` in the project before the apply. A bundled command can't deliver: leave the package out of the bundle.",
    'cli/not-ours-to-print':
      '`text` prints what a stack or plan delivers, and this is a text already. Use `exposure` to see what it allows.',
    'cli/nothing-imported':
      'No entry of the configuration became a 1:1 mapping; the message has a line for each. Write port forwards as mappings by hand.',
    'cli/nothing-in-archive':
      'The archive has none of the files. Pack the folders from the root, as the message shows.',
    'cli/nothing-in-folder':
      "The folder has no file that is read here. Give a server's configuration folders with their names, or the output of a synthesis.",
    'cli/nothing-to-ask': 'No public address has TCP open to more than administrators. Name an address and port.',
    'cli/odd-path':
      "A file name has `..` or odd characters, or isn't one that this firewall reads. Keep the names of the server.",
    'cli/odd-work': '`CPANEL_EDGE_WORK` multiplies the limit of computing. Write a whole number from 1 to 100.',
    'cli/option-missing':
      'By hand, `remove` needs `--owner` and `--owner-token`; `verify` prints both. For several devices use `--live` with the output of `verify --json`.',
    'cli/options-conflict': 'Two options contradict each other, or one has no effect. Leave one out.',
    'cli/owner-left-out':
      "This owner isn't shown: the stack gives it up, or its release can't be read. `verify` says what stays on the device.",
    'cli/plan-file-on-standard-input':
      "A plan file can't come through a pipe. Give its path, or pipe the JSON of `terraform show -json`.",
    'cli/plan-file-too-large':
      'The plan file unpacks to more than the limit. Split the stack, or raise `CPANEL_EDGE_WORK`.',
    'cli/plan-file-unreadable': 'The plan file is damaged. Make it again; keep artifacts byte for byte.',
    'cli/plan-unreadable':
      "The plan isn't there or can't be read by this user. Check the path; without one, the project's output folder is searched.",
    'cli/review-not-written':
      "The review's file couldn't be written, so the exit status is an error. Give `--out` a folder that exists.",
    'cli/rules-missing':
      'Rules before the change were given without rules after it. Add `--rules`, with an empty rules file if there are none.',
    'cli/rules-unreadable': "The review rules aren't there, can't be read or are too large. Check the path.",
    'cli/several-devices':
      'The command is for one device, and there are several. Name one. `--connection` leads to one device only.',
    'cli/several-owners': 'Several owners have a text on this device. Name one with `--owner`.',
    'cli/several-stacks':
      'Several stacks have the device, with different owners or connections. Name one with `--stack`; give two different devices different names.',
    'cli/several-texts': 'A plan and a stack differ for one owner, as after a new synth. Give the one that you mean.',
    'cli/sources-newer':
      "The project's sources are newer than its output. Synthesize and plan again; to use exactly that output, name it: `cpanel-edge review cdktf.out`.",
    'cli/stack-by-folder':
      "A stack's file alone lacks its plan and manifest. Give the folder that holds `cdk.tf.json`.",
    'cli/stack-overridden':
      'An override file (`main_override.tf.json`) beside the stack may change what is delivered, unseen by a plan. Remove it and plan again.',
    'cli/stack-unreadable':
      'The stack was edited or is of another version. Synthesize again; without a stack use `--connection`.',
    'cli/stack-without-release':
      'The stack names a device without a release, so the answer is UNKNOWN. Synthesize again.',
    'cli/stale-plan':
      "The plan in the stack's folder is older than the stack. Plan again, or name the plan file that will be applied.",
    'cli/state-unreadable':
      "`--state` takes the JSON of `terraform show -json`, not the state file. Run that in the stack's folder.",
    'cli/terraform-refused':
      "Terraform couldn't show the plan file. Run `terraform init` there, use the version that planned, or `tofu` with its keys for an encrypted plan.",
    'cli/too-many-arguments':
      'There are more words than the command takes. Quote names with blanks, and check what `*` expands to.',
    'cli/two-gateways': 'Two gateways translate this address. Choose one with `--gateway`, or remove the old mapping.',
    'cli/two-roles': 'The owner has rules on this device as gateway and as server. Choose one with `--role`.',
    'import/everything-open':
      'The rules allow nearly everything, and a profile would keep that. Write the profile by hand. If only IPv6 is open, leave its addresses out of the text. [How import works](docs/how-to/import.md).',
    'import/no-addresses':
      "Rules don't say which addresses the server has. Append the output of `ip -o addr; ip -o route`, or give it as a file.",
    'import/no-device':
      'The text has rules but no interfaces, so no gateway can be made. Give the whole configuration.',
    'import/no-outside':
      'No enabled outside interface has a fixed address, which 1:1 mappings need. Import when it has one.',
    'import/no-rules':
      'The text holds no running rules: a configuration, or an error message. Run the command as root.',
    'import/no-way-in':
      "By these rules no source surely reaches SSH at every address by every interface. Write another port with `--ssh-port`, leave out interfaces without logins, or the line of a limit (`ufw limit`) that the message names. A Linux gateway, which translates that port, isn't imported: [write the constructs](docs/tutorials/first-gateway.md).",
    'import/not-recognised':
      "The file can't be imported or captured. The message lists those that can, and the command that prints each.",
    'import/not-served':
      "Constructs can't be made of this platform's rules. Write them by hand, and compare with `exposure` of the old rules.",
    'import/nothing-open':
      'Apart from management, the rules open nothing that a profile can say. The message lists what was left out and why.',
    'import/nothing-sent':
      'The rules allow no outgoing connection that can be listed, and a cPanel server needs some. Write the profile by hand with `outbound`.',
    'import/several-texts':
      'The files hold one thing twice, or rules of several programs. Give what one program printed on one host.',
    'import/too-much-to-compare':
      'The old and new rules differ in too many ways to compare. Raise `CPANEL_EDGE_WORK`, or import a part.',
    'import/unknown-version':
      'The configuration names an unknown release, or none. Update the device, or use a newer cpanel-edge. [Versions](docs/reference/platforms.md).',
    'init/not-answered':
      'The questions ended before the last answer; nothing was written. `--yes` takes the values in brackets.',
  },
};
