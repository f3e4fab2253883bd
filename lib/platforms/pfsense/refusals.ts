// Texts for the refusals that only the agent on pfSense has, by code: the problem on the box, and what to do instead.

import { RefusalTexts } from '../../agent-protocol/device-system';

const createFixedRefusal =
  (what: string, instead: string): RefusalTexts[string] =>
  () => ({ what, instead });

const PAIR_WORDS: Readonly<Record<string, string>> = {
  pfsync: 'shares its states with another box (pfsync)',
  xmlrpc: 'sends its configuration to another box (XMLRPC)',
  'carp-maintenance': 'is in CARP maintenance',
  'carp-demotion': 'is demoted in CARP: something of it is down, or another box is to be the master',
};

/** Returns the texts for refusals of the agent by code. Administrators edit the box's one configuration too. */
export const refusals: RefusalTexts = {
  'foreign-box': createFixedRefusal(
    'The device is no pfSense box, or one without the functions that its program needs.',
    'say in the intent which platform the device is.',
  ),
  'config-unreadable': createFixedRefusal(
    'The box could not read its own configuration.',
    'look at /cf/conf/config.xml on the box, then apply again.',
  ),
  'config-not-writable': createFixedRefusal(
    'The box can not write its configuration: disk full or read-only.',
    'make room on the box, or mount its disk writable, then apply again.',
  ),
  'unknown-version': (value) => ({
    what: `The configuration of the box has version ${value('version')}, which this program does not know.`,
    instead: 'use a release of pfSense that is listed for this platform, or a newer version of cpanel-edge.',
  }),
  'other-version': (value) => ({
    what: `The configuration of the box has version ${value('version')}; what was captured of it had ${value('captured')}.`,
    instead: 'capture the box again, look at what changed, then apply again.',
  }),
  'high-availability': (value) => ({
    what: `The box is one of a pair: it ${PAIR_WORDS[value('what')] ?? value('what')}. What is written here could be overwritten by the other one, or by it.`,
    instead: 'deliver to boxes that stand alone; for a pair, nothing here serves yet.',
  }),
  'filter-off': createFixedRefusal(
    'The box does not filter at all (its packet filter is disabled).',
    'turn its packet filter on first.',
  ),
  unapplied: (value) => ({
    what: `The box has saved changes that are not applied yet (${value('what')}); loading ours would apply theirs.`,
    instead: 'apply or discard them on the pages of the box, then apply again.',
  }),
  'interface-off': (value) => ({
    what: `Interface ${value('interface')} of the box is not enabled: rules on it would be left out without a word.`,
    instead: 'enable it on the box, or correct the intent.',
  }),
  'address-taken': (value) => ({
    what: `The box has ${value('address')} already, and not from this owner.`,
    instead: 'give each address to one: remove it on the box, or in the intent.',
  }),
  'vhid-taken': (value) => ({
    what: `VHID ${value('vhid')} on ${value('interface')} belongs to another virtual IP of the box.`,
    instead: 'use another vhid in the intent.',
  }),
  'name-taken': (value) => ({
    what: `The box has an unmanaged alias ${value('name')}.`,
    instead: 'rename it on the box, or use another owner name.',
  }),
  'mapped-already': (value) => ({
    what: `An unmanaged 1:1 entry on the box translates ${value('external')} already.`,
    instead: 'remove that entry on the box first, or import it.',
  }),
  'entries-exist': (value) => ({
    what: `The configuration of the box has entries of owner ${value('owner')} that its program did not put there: of a restored backup, or copied by hand.`,
    instead: 'remove the entries whose descriptions begin with its tag, or use another owner name.',
  }),
  'boot-script-not-written': createFixedRefusal(
    'The box could not write the script that rolls an unconfirmed release back at its start, so nothing was applied.',
    'look at /usr/local/etc/rc.d on the box, then apply again.',
  ),
  unforeseen: createFixedRefusal(
    'The agent stopped without saying why.',
    'ask what the device holds (verify); it rolls back by itself what was armed. Report it with the version of the box.',
  ),
};
