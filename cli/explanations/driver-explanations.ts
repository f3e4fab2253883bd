// Explanations of the codes on docs/reference/errors/driver.md.
import { ExplanationPage } from './explanation-page';

export const driverExplanations: ExplanationPage = {
  name: 'driver',
  title: 'Deliveries that end early: driver/…',
  introduction:
    'What the device runs afterwards stands in the block at the end of each run. [The steps of a delivery](docs/explanation/delivery.md).',
  explanations: {
    'driver/connection-unusable':
      "A part of the connection would mean something else to ssh than a host, a user or a path: it begins with `-`, or has characters that its configuration file can't hold. Nothing was started. The intent refuses the same at synthesis, so the connection comes from an older plan, or from a file given with `--connection`.",
    'driver/facts-differ':
      "The proof at synthesis rested on facts of the intent: the platform's version, addresses of interfaces, routes. The device says otherwise, so the proof is of another device than this one, and the release is refused before it is loaded. Correct what is wrong, the intent after an update, or the device after a typing mistake.",
    'driver/foreign-format':
      "The holder in the state was written by another version of cpanel-edge, and this one doesn't know its form. Retracting by guess could take away the wrong rules. Use the version that made the plan, once; a later apply writes the new form.",
    'driver/host-key':
      'The machine that answered has none of the keys in the intent. It was rebuilt, it is another one at that address, or somebody stands in between. Nothing was sent to it. Compare on its console before you change `hostKeys`; `ssh-keyscan` alone would only show what the stranger says. With `@cert-authority` it is the certificate that may be no good: it has run out, or the clock of the runner is wrong, or it is for another name than `host`.',
    'driver/interrupted':
      "Terraform was stopped (Ctrl-C, a pipeline's time limit) while a release was under way. The driver then confirms nothing and has the device undo. The next apply begins from what the block says the device runs. A `remove` by hand that is interrupted takes nothing back: what the device was told already it brings to its end, so ask it before you believe that nothing happened.",
    'driver/login-refused':
      "ssh reached the device, and the device doesn't take this user with the keys that were offered. In pipelines the agent is often empty (`ssh-add -l` says so) or the key has a passphrase. The driver reads `~/.ssh/config` only where `userConfiguration` says so, so that a login that works by hand may rest on something that isn't in the intent.",
    'driver/login-shell':
      "The key was accepted, and then the login's own shell failed: it starts something that isn't there, or a start file of it does. The message has what it said. The device program was never started, so `bootstrap` changes nothing here. `getent passwd USER` on the device names the shell, and `ssh USER@HOST true` has to end without a word. `usermod -s /bin/sh USER` gives the login a shell that runs commands.",
    'driver/no-folder':
      "For each run the driver writes ssh's configuration and the host keys into a folder of its own, and the place for temporary files can't be written to. Nothing was sent. Give `TMPDIR` a folder that exists and has room.",
    'driver/no-identity-file':
      "The file that `identityFile` names isn't on the machine that runs the driver, neither it nor its public half, so that ssh would offer no key. `~` is the home of the account there, which in a pipeline is that of the runner. Nothing was sent. Where the key is in an agent, say no `identityFile`.",
    'driver/no-lease':
      "The lease, by which the device knows this state, is handed over by Terraform, and is missing or isn't one. The command was started by hand, or a wrapper drops the environment. By hand, `remove --owner … --lease …` takes both as words.",
    'driver/no-order':
      'Terraform starts `remove` and gives it an order in the environment. There is none, or only a part. It was started by hand without a device, or the holder is of another version.',
    'driver/no-program':
      "The login works and the device program isn't there. A login as root installs it by itself; any other user may not, so it is put there once, by what `cpanel-edge bootstrap` prints. It also happens when the wrong machine answers at that address, if that shares the host key.",
    'driver/no-result':
      "A session was opened, and what came back isn't the device program's answer. Start files of the shell that print or exec, a forced command in `authorized_keys`, or a jump host's menu are the usual reasons. `ssh USER@HOST true` has to print nothing at all.",
    'driver/no-ssh':
      "The driver speaks to devices by the OpenSSH client of the machine that it runs on, and that can't be started, or refuses: it isn't installed or not in `PATH`, or the account has a number and no name, as in containers that run as any user. Nothing was sent.",
    'driver/not-proven':
      "The release was loaded on trial, the whole rules of the device were read back over a new connection, and together they do something else than was asked for; so it was undone, or will be by the device's timer. Mostly rules of others come first: another firewall, a container engine, a hand-written table. `cpanel-edge exposure` shows what lets the packets through or stops them.",
    'driver/odd-answer':
      "The device program answered something that it never says at this point, such as a yes to another release. Either the program there isn't ours, or somebody speaks in between. Such an answer is never taken for success. Look at the device and install the program anew.",
    'driver/other-platform':
      "The device runs a release of this owner for another platform than this one, with a firewall that the new platform doesn't run beside. The next line says which firewall that is. Where the new platform has it in `replaces`, the former release and its firewall give way in one delivery. Elsewhere the former release is removed first, and its firewall switched off. Between nftables and iptables neither is needed: an apply moves the server.",
    'driver/program-not-installed':
      "As root the driver installs or updates the device program, and the device didn't take it: disk full or read-only, another system than was said, another command of the program that has been at work for a minute, or a trial of a former release that still runs. In the last case its timer ends it within its rollback time. What was there stays, and nothing half written beside it.",
    'driver/program-too-old':
      'The device program speaks an earlier protocol than this release needs, or there is none. A login as root updates it on the way; other users may not replace what runs as root. Run what `cpanel-edge bootstrap` prints, as root, once per device.',
    'driver/release-unusable':
      "The release holds something that can't be put into the file that goes to the device, so nothing was sent. What this version synthesizes never does; the plan is of another version, or was edited. Plan again.",
    'driver/sudo-refused':
      "The user may log in and may not run the device program as root. Its sudoers line is missing, or it is of an older version and lacks a command: `cpanel-edge bootstrap --user NAME` prints a script that writes it. Where it is there, the last rule that fits holds, so one that asks for a password in a file with a later name takes it back, or `/etc/sudoers` doesn't include the folder; `sudo -l -U NAME`, as root, shows what holds, in that order. Where sudo wants a terminal (`requiretty`), one line more says that the device program needs none. Where sudo itself stops before that, its message has the reason: a log that it can't write (`iolog_dir`), a file of its own that others may write, an account that has expired (`chage -l NAME`).",
    'driver/too-late':
      'Reading back and proving took longer than the device waits for its confirmation, so it went back to the former rules by itself, as it should. Large rules, a slow line or a busy runner are the reasons. Raise `rollbackSeconds` in the connection; other reasons in the same list may only be echoes of this one.',
    'driver/unforeseen':
      "The driver met an error for which it has no words. The device is in no danger by it: what wasn't confirmed is undone by its timer. The block below says what is known. Please report it with the whole output.",
    'driver/unreachable':
      "ssh couldn't connect, or the line broke. Before loading, nothing has happened. After loading, the device undoes the release by its timer, as a change that cuts the operator off is just what it waits for. If only this device is silent, look whether its own firewall lets the runner in, and whether something there has banned the runner's address, as fail2ban, cPHulk and lfd do after logins that failed: a ban in a trial ends it like any broken line.\n\n`kex_exchange_identification` is a sshd that turned the connection away before it heard a word, and went on with it for 30 seconds: it punishes the runner's address (`PerSourcePenalties`, from OpenSSH 9.8 on, for 15 seconds at first and up to 10 minutes: checks that only connect, logins that fail), or too many were there who hadn't said who they are (`MaxStartups`). In its journal, `drop connection` says which.",
  },
};
