// Explanations of the codes on docs/reference/errors/commands.md.
import { ExplanationPage } from './explanation-page';

export const commandExplanations: ExplanationPage = {
  name: 'commands',
  title: 'Commands that are given something else: cli/…, import/…, init/…',
  introduction:
    'Each of these is refused before anything is written, sent or changed, unless its section says otherwise.',
  explanations: {
    'cli/archive-broken':
      'The archive ends in the middle or has bytes that no archive has. Over ssh that happens when a login prints a greeting into the same stream, or the line breaks. Make it again; `ssh host true` has to print nothing.',
    'cli/archive-link':
      "The archive holds a link, and the file that it leads to isn't in it. What is read would then be another thing than what the server reads. With `-h` tar packs what links lead to.",
    'cli/argument-missing':
      "A command or an option wants a word that isn't there; in a pipeline mostly a variable that nobody has set. The message says what it is for.",
    'cli/bad-argument':
      'An option or an argument takes certain words, numbers or names, and this is none of them; the message has the words that it takes. One that is given twice is refused by it, too, where only one of both could count.',
    'cli/connection-unreadable':
      "The file that `--connection` names can't be read, or isn't JSON. It has the fields of a connection in the intent, and `platform`; what is wrong with one of them has the code that it has in a stack. The block at the end of a delivery prints a command that writes such a file.",
    'cli/facts-not-whole':
      'What a server says of itself ends early, or is of another version of the device program. Facts decide which lint rules speak, so half of them are not taken. Update the program (`cpanel-edge bootstrap`) and capture again.',
    'cli/file-empty':
      'Nothing stands in the file: most often the command that should have written it failed, and the shell made the file before it ran. Look at what it says without `>`.',
    'cli/file-there':
      "A file of that name exists and isn't overwritten, since somebody may have worked on it; of several the message has a list, and nothing is written. Move them away, or write into another folder.",
    'cli/file-unreadable':
      "The file isn't there, is a folder, or may not be read by this user. Look at its path from the folder in which you stand; in CI, at whether the step before made it.",
    'cli/file-unwritable':
      "The file or folder can't be made where it was asked for: the folder above isn't there, this user may not write to it, or `--out` names what is read. Nothing half-written is left behind.",
    'cli/lease-not-known':
      'The device could not be asked when the file of `--live` was written, so nobody knows what it holds and under which lease. Write the file again once it answers. With `--all` the the owner is removed from the other devices without it; where devices are named, nothing is begun.',
    'cli/live-in-motion':
      'The device answered while a release was on trial, so its answer is of a moment that passes. Wait until the delivery is confirmed or undone, and ask again.',
    'cli/live-not-all':
      "The device also has rules in the older back end of iptables, which its answer can't show. A comparison would say less than there is. Move those rules, or review without `--live` for this device.",
    'cli/live-of-another':
      'The machine that answered has none of the addresses that the plan gives this device. Two files were swapped, or the connection leads to another machine. Ask the right one again.',
    'cli/live-twice':
      'Two of the answers are of one device, and they could differ. Give one file for each device, the newer one.',
    'cli/live-unreadable':
      '`--live` takes the output of `cpanel-edge verify --json` and nothing else, whole and of this version. Running rules as such go to `exposure`.',
    'cli/live-without-policy':
      "To read a device's answer the review needs to know which of its interfaces are outside, which the plan's policy says, and that can't be read. The review without `--live` says what is wrong with the policy.",
    'cli/looks-like-several-files':
      'Several files can be given as one text, with a title before each (`==> PATH <==`), and one of the files has such a line inside. It could make a part of one file pass for another. Take that line out.',
    'cli/manifest-unreadable':
      'The list of stacks that cdktf writes names a folder that lies outside of the output, or none. It was edited, or is of another program. Synthesize again.',
    'cli/no-facts':
      'The text should say which addresses and routes the server has, as `ip -o addr` and `ip -o route` print them, and no line of it does. Often the command ran without `-o`, or on the wrong machine.',
    'cli/no-plan':
      "A review is of plans, and the folder has stacks without any. Plan into the stack's folder: `terraform -chdir=cdktf.out/stacks/edge plan -out=plan`. Then ask again. Where there is no such folder, the command runs in another one than the project, or nothing was synthesized yet.",
    'cli/no-stack':
      'The command looks for what was synthesized and finds nothing: it runs in another folder than the project, or nothing was synthesized yet. `npx cdktf synth` makes it; `--stack` names a folder.',
    'cli/no-such-code':
      'Codes are explained as they are printed, room and word with a slash between. The nearest, where there are any, stand in the message. [All pages](docs/reference/errors.md) and [all lint rules](docs/reference/lint.md) can be searched.',
    'cli/no-such-command':
      'No command is called so. Where Terraform, CDKTF or another tool calls something so that another command does here, or one has nearly this name, the message says which. `cpanel-edge --help` lists all.',
    'cli/no-such-device':
      'No synthesized stack has a device of this name. Devices are called as in the intent, by default like the id of the construct, not by their host names. The message lists those that there are. With `--live`, the file says nothing of the device, or says of one that is in other stacks that it holds the owner.',
    'cli/no-such-line':
      "The text of the release has fewer lines than that. Findings of a review name lines of the plan's text, and `verify` names lines of what runs on the device, which are others. Give the stack or plan that the finding is of.",
    'cli/no-such-option':
      'The command has no option of this name, or another command has it. The nearest stands in the message, where one is near; `--help` behind the command lists all. What prints one thing, as `init` and `capture` do, knows no `--json` and no `--format`.',
    'cli/no-such-owner':
      'The device holds nothing of an owner of this name. It was removed already, or the name is wrong. `verify` shows what it does hold.',
    'cli/no-such-text':
      "Among the stacks and plans that were given, none delivers to this device, or not for this owner. A device that a plan doesn't change is in its stack all the same: give the folder.",
    'cli/no-tar':
      "The input is packed with gzip, and inside is no archive. A single text that is packed isn't unpacked here, so that nobody's guess stands between. Unpack it with `gunzip -c`.",
    'cli/no-terraform':
      'A plan file can be opened by Terraform or OpenTofu alone, and neither was found. Name the program by `TERRAFORM_BINARY_NAME`, or make the JSON where there is one and review that. What OpenTofu has encrypted only `tofu` opens, in a folder with the configuration of its key.',
    'cli/not-an-address':
      "The question is about an address and perhaps a port, and this is neither. Names aren't looked up here, as the answer should be about what you mean and not what a resolver says. IPv6 with a port stands in brackets. A client of one family never comes to an address of the other: `--from` is of the same.",
    'cli/not-installed':
      "The command was started and a package that it needs isn't there: `node_modules` was copied in part, or a pipeline applies a plan without `npm ci`. Where the command itself isn't there, Terraform says it instead: `exec: ../../../node_modules/cpanel-edge/dist/cli/main.js: not found`, exit status 127. Run `npm ci` in the folder of the project, before the plan is applied, too. A bundle of the command shows files and plans, and delivers nothing: what it reads or starts beside its code (the program for devices, the pages, a process of its own) isn't in it. Leave the package out of it.",
    'cli/not-ours-to-print':
      '`text` prints what a stack or a plan will deliver, and it was given rules that run on a device. Those are a text already. `exposure` says what they let through.',
    'cli/nothing-imported':
      'Constructs are made of 1:1 entries, and none of this configuration could become one, so no stack was written. The message says why, a line for each entry, and the report has all of them. Port forwards are no 1:1 mapping: where a firewall has nothing else, the mappings are written by hand.',
    'cli/nothing-in-archive':
      'None of the files in the archive are the ones that were looked for. Paths count: pack the folders from the root, as the commands in the message do.',
    'cli/nothing-in-folder':
      "The folder has none of the files that are read here. For a server's configuration give the copy of its folders with their names, for plans the output of `cdktf synth`. Rules that are a file by themselves (nftables.conf, rules.v4, config.xml) are given as that file.",
    'cli/nothing-to-ask':
      '`doctor` without an address asks about every public address that leads to a server of the stacks and at which they open TCP to more than administrators (with `--from`, of its family), and there is none. Name the address, with its port; where the servers are in other stacks, run it where those are synthesized, too.',
    'cli/odd-path':
      "A file's name goes up (`..`), has odd characters, or isn't one that this firewall reads, so it could be taken for another. Give the files with the names that they have on the server.",
    'cli/odd-work':
      '`CPANEL_EDGE_WORK` says how many times the usual work a proof or a review may take, as a whole number from 1 to 100. Anything else would mean no limit or none at all.',
    'cli/option-missing':
      'By hand, the owner and its lease have to be typed, so that nobody takes off something by a wrong device alone. `verify` prints both. Started by Terraform, the command gets them from there. Of several devices each has a lease of its own: what `verify --json` printed has them (`--live`).',
    'cli/options-conflict':
      'Two options say the same thing differently, or one is for nothing beside the other. Leave out one of the two.',
    'cli/owner-left-out':
      'This owner has nothing to show in the answer: the stack gives it up, or its release can\'t be read. It is said, so that its silence doesn\'t pass for "closed". What stays on the device `verify` says.',
    'cli/plan-file-on-standard-input':
      "Terraform opens a plan file by its path, in the folder that it was made in, so it can't come through a pipe. Give the path, or pipe the JSON of `terraform show -json` (`tofu show -json` of what OpenTofu has encrypted).",
    'cli/plan-file-too-large':
      'The plan file unpacks to more than any plan of this package, which is how an archive looks that should fill a memory. Split the stack, or raise `CPANEL_EDGE_WORK` if it is yours and really this large.',
    'cli/plan-file-unreadable':
      'The file begins as a plan file, and what is inside contradicts its own list. It was cut off on the way or changed. Make it again; pipelines that keep it as an artifact have to keep it byte for byte.',
    'cli/plan-unreadable':
      "The plan isn't there, or this user may not read it. Given without a path, plans are looked for in the project's output folder.",
    'cli/review-not-written':
      "The review was made, and its file couldn't be written. The exit status says so, in place of the verdict, so no pipeline goes on by mistake. Give `--out` a folder that exists.",
    'cli/rules-missing':
      'Rules from before the change were given and none from after it, so it looks as if the change takes all rules away. Give `--rules` as well. If that is meant, an empty file of rules says so.',
    'cli/rules-unreadable':
      "The file of review rules isn't there, can't be read or is far too large. A review without the rules that were asked for would let through what they forbid, so there is none. Look at the path.",
    'cli/several-devices':
      'The stacks name several devices and the command is for one. Name it; the message lists them. Or several are named, and `--connection` leads to one: without it the stacks say how each is reached.',
    'cli/several-owners':
      'On this device several owners have a text of their own, with lines of their own. Say whose with `--owner`.',
    'cli/several-stacks':
      'The device is in several stacks, with another owner or another connection in each. Say which is meant with `--stack`. `verify` asks a device of several stacks once; where two have one name (an `edge1` of staging and one of production, at other places and with other host keys) it asks neither: give each a name of its own.',
    'cli/several-texts':
      'A plan and a stack were given that say different things of one owner, as when the stack was synthesized anew after the plan. Give the one that you mean.',
    'cli/sources-newer':
      "Nothing was named, so this project's output is meant, and the project was changed after it was made: a synth that failed leaves the stacks of before, with their plans. A review is unknown then, and `exposure` and `text` are refused. Sources are its `.ts` files, of a project without `tsconfig.json` its `.js` files, what these name in quotes (`'data/vpn.json'`), and no tests. Synthesize and plan again. Where exactly that plan will be applied, name its folder, as pipelines do: `cpanel-edge review cdktf.out`.",
    'cli/stack-by-folder':
      "A stack's file alone doesn't say where its plan and its manifest are. Give the folder that holds `cdk.tf.json`.",
    'cli/stack-overridden':
      "A file of the kind `main_override.tf.json` lies beside the stack. Terraform lays it over the stack: it may replace a provisioner, or say that its failure passes, and the JSON of a plan doesn't show that. So what is reviewed may not be all that is done. Plan without such files.",
    'cli/stack-unreadable':
      "The stack can't be read as this version writes it: it was edited, or synthesized by another one. Synthesize it again. To reach a device without a stack, use `--connection`.",
    'cli/stack-without-release':
      'The stack names a device and holds no release for it, so nothing can be shown of it: that is said, and what is asked for is UNKNOWN. It was cut or edited. Synthesize again.',
    'cli/stale-plan':
      "No plan file was named, and the one in a stack's folder delivers other releases than the stack that lies there now: somebody synthesized again and did not plan. The review is of the old plan, and what the next `cdktf deploy` delivers isn't in it. Plan again; where exactly that old plan file will be applied, name it. With `--synthesized` it isn't asked: there a plan that isn't the stack's is `review/not-this-commit`.",
    'cli/state-unreadable':
      "`--state` takes the JSON of `terraform show -json`, not the state file itself, whose form belongs to Terraform. Run that in the stack's folder and give its output.",
    'cli/terraform-refused':
      "Terraform was asked to show the plan file and said no. Mostly `terraform init` didn't run in that folder, or another version made the plan. What it said stands in the message. A plan that OpenTofu has encrypted is read by `tofu` alone, with the same keys.",
    'cli/too-many-arguments':
      'There are more words than the command takes. Mostly a name with a blank in it stands without quotes, or the shell made several files of a `*`.',
    'cli/two-gateways':
      "Two gateways translate this address, and `doctor` follows one way at a time. Say which one with `--gateway`. If it shouldn't be two, one of them is old: look at which still holds the mapping.",
    'cli/two-roles':
      'The owner has rules on this device as a gateway and as a server, which are two things that go separately. Say which with `--role`.',
    'import/everything-open':
      'The rules let nearly everybody in on everything, and a profile made of that would write the mistake down as a wish. See with `exposure` what is really used, and write the profile by hand. Where it is one family alone, such as IPv6 that nobody wrote rules for, the text without its addresses becomes a profile that opens there what the other one has open. [How import works](docs/how-to/import.md).',
    'import/no-addresses':
      "Rules alone don't say which addresses the server has, and a proof needs them. Append what `ip -o addr; ip -o route` print there, or give them as a file beside the rules.",
    'import/no-device':
      "The text holds rules and doesn't say which interfaces the device has, so no gateway can be made of it. Give the whole configuration, not a part of it.",
    'import/no-outside':
      '1:1 mappings need public addresses that stay, and this device gets its outside address by lease, or has none on an interface that is switched on. There is nothing to import until it has a fixed one.',
    'import/no-rules':
      'The text has no rules that run on a server: it is a configuration, or a message of a command that failed. An empty answer would mean that everything is open. Give the output of the command that lists them, run as root.',
    'import/no-way-in':
      "A profile needs a way back in for its operators, and by these rules nobody can surely log in on that port, on each interface. SSH may listen on another port: `--ssh-port`. Interfaces by which nobody comes can be left out of the text. Where a limit stands in front of SSH (`ufw limit`), the message has its line and nobody can say whom it lets in: import the text without that line. A gateway's rules lead that port of some address to another host: of a gateway constructs are made from pfSense's `config.xml` alone, others are [written](docs/tutorials/first-gateway.md) with `exposure` of the old rules beside them.",
    'import/not-recognised':
      'The file is no configuration that can be imported or captured, or it is rules, which a program loads as they are: there is nothing to leave out of them. The message lists what can be captured, and which command prints it.',
    'import/not-served':
      "The platform can be read, and what others wrote there can't become constructs yet. Write them by hand, with `exposure` of the old rules beside it. The proof then says in ports where both differ.",
    'import/nothing-open':
      'Apart from operators the rules let nobody in, in a way that a profile can say, so there would be nothing to write. The list behind the message says what was left out and why.',
    'import/nothing-sent':
      'By these rules the server may open no connection that can be listed, and a cPanel server needs some, its licence check for one. Write the profile by hand, with what it has to reach in `outbound`.',
    'import/several-texts':
      "Several files hold the same twice, or rules of several programs, such as nft and iptables, and it isn't clear which the server goes by. Give what one program printed on one host.",
    'import/too-much-to-compare':
      'An import proves that nothing changed, and the two sets of rules differ in too many ways to compare in reasonable time. Nothing is written. Allow more work with `CPANEL_EDGE_WORK`, or import a part.',
    'import/unknown-version':
      'The configuration is of a release whose words may mean something else than those that were read, or says none. Update the device to one that is listed, or use a newer cpanel-edge. [Platforms and versions](docs/reference/platforms.md).',
    'init/not-answered':
      'The questions ended early, by Ctrl-D or because nobody types there. Nothing was written. `--yes` asks nothing and takes what would stand in brackets.',
  },
};
