// Explanations of the codes driver/…: deliveries and other commands on a device that end early, such as by a failed SSH
// login or verification. docs/reference/errors/driver.md is made of them.
import { ExplanationPage } from './explanation-page';

export const driverExplanations: ExplanationPage = {
  name: 'driver',
  title: 'Deliveries that end early: driver/…',
  introduction:
    'The block at the end of each run says what the device runs. [The steps of a delivery](docs/explanation/delivery.md).',
  explanations: {
    'driver/connection-unusable':
      "A part of the connection begins with `-` or has characters that ssh's configuration can't hold. It comes from an older plan or from `--connection`: correct it there.",
    'driver/facts-differ':
      'Version, addresses or routes of the device differ from the verified intent, so nothing was loaded. Correct the intent, or the device.',
    'driver/foreign-format':
      'Another version of cpanel-edge wrote the ownership record. Apply or destroy once with the version that made the plan.',
    'driver/host-key':
      "The machine that answered has none of the keys in `hostKeys`: it was rebuilt, or is another one. Compare the keys on its console before you change them. A certificate (`@cert-authority`) may have expired, or the runner's clock is wrong.",
    'driver/interrupted':
      'Terraform was stopped during a delivery; the device rolls back. Apply again. An interrupted `remove` may still complete: ask `verify`.',
    'driver/login-refused':
      'The device refuses this user with the offered keys. Check `ssh-add -l`, and that the key has no passphrase. `~/.ssh/config` is read only with `userConfiguration`.',
    'driver/login-shell':
      "The key was accepted, but the login's shell failed. `usermod -s /bin/sh USER` sets one, and `ssh USER@HOST true` has to print nothing. `bootstrap` doesn't help here.",
    'driver/no-folder':
      "The driver can't write its temporary folder. Set `TMPDIR` to a folder that exists and has room.",
    'driver/no-identity-file':
      "The file of `identityFile` isn't on the machine that runs the driver; `~` is that account's home. Leave it out if the key is in an agent.",
    'driver/no-lease':
      'The owner token is missing: the command was started by hand, or a wrapper drops the environment. By hand, give `remove` the options `--owner` and `--owner-token`.',
    'driver/no-order':
      'Terraform passes `remove` its order in the environment, where it is missing. Name a device, or use the version that wrote the ownership record.',
    'driver/no-program':
      "The login works, but the agent isn't installed. Log in as root once, or run as root what `cpanel-edge bootstrap` prints.",
    'driver/no-result':
      "The answer isn't the agent's: a shell start file prints or execs, or `authorized_keys` forces a command. `ssh USER@HOST true` has to print nothing.",
    'driver/no-ssh':
      "The OpenSSH client can't be started. Install it, look at `PATH`, and give the account a name, which some containers lack.",
    'driver/not-proven':
      "The device's whole ruleset does something else than the intent, so the device rolls back. Usually unmanaged rules come first, as of a container engine: `cpanel-edge exposure` shows which.",
    'driver/odd-answer':
      "The agent's answer doesn't belong to this step. Look at the device and install the agent again.",
    'driver/other-platform':
      "The device runs this owner's release for another platform, whose firewall the new one can't run beside. List it in `replaces` where the platform takes it; otherwise remove the former release and switch that firewall off first.",
    'driver/program-not-installed':
      "The agent couldn't be installed: disk full or read-only, another system, or an unconfirmed release. The former agent stays. Mend the cause, or wait for the confirm timeout, and apply again.",
    'driver/program-too-old':
      'The agent is missing or too old for this release. A login as root updates it; for other users run as root what `cpanel-edge bootstrap` prints.',
    'driver/release-unusable':
      "The plan is of another version or was edited, so its release can't be sent. Plan again.",
    'driver/sudo-refused':
      "The user may not run the agent as root: run what `cpanel-edge bootstrap --user NAME` prints. If the line is there, `sudo -l -U NAME` shows what holds: a later file may ask for a password, or `/etc/sudoers` doesn't include the folder. Otherwise the message has sudo's reason: `requiretty`, a log that it can't write, an expired account (`chage -l NAME`).",
    'driver/too-late':
      'Verification took longer than the confirm timeout, so the device rolled back. Raise `rollbackSeconds`. Other listed reasons may follow from this one.',
    'driver/unforeseen':
      'The driver met an unknown error; an unconfirmed release rolls back. Please report it with the whole output.',
    'driver/unreachable':
      "ssh couldn't connect, or the connection broke; a loaded release rolls back. If only this device is silent, check its firewall and whether fail2ban, cPHulk or lfd banned the runner.\n\n`kex_exchange_identification`: sshd penalises the runner's address (`PerSourcePenalties`, up to 10 minutes) or has too many connections before login (`MaxStartups`); `drop connection` in its journal says which.",
  },
};
