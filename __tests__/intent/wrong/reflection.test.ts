// Tests that wrong NAT reflection (unknown mapping, given twice, from an outside interface) is refused, each with code,
// place and advice.

import { Wrong, refuses } from '../samples';

const WRONG: readonly Wrong[] = [
  [
    'reflection from outside',
    (w) => (w.mappings[0].reflection = { mode: 'pure-nat', from: ['eth0'] }),
    `intent/reflection-from-outside at mappings[0] reflection.from[0]: "eth0" is an outside interface, and reflection is for hosts behind the others.
  instead: Interfaces of role inside, dmz or vpn.`,
  ],
  [
    'reflection from nowhere',
    (w) => (w.mappings[0].reflection = { mode: 'pure-nat', from: [] }),
    `intent/empty-list at mappings[0] reflection.from: The list is empty. That could mean nothing or everything.
  instead: At least one interface; mode: 'disabled' for none.`,
  ],
  [
    'reflection disabled from somewhere',
    (w) => (w.mappings[0].reflection = { mode: 'disabled', from: ['eth1'] }),
    `intent/field-without-effect at mappings[0] reflection.from: "from" is set, and a reflection that is disabled has no use for it.
  instead: The entry without "from".`,
  ],
  [
    'reflection of an unknown mapping',
    (w) => (w.reflections = [{ mode: 'disabled', mapping: 'mail' }]),
    `intent/unknown-mapping at reflections[0]: There is no mapping "mail".
  instead: One of web.`,
  ],
  [
    'reflection twice',
    (w) =>
      (w.reflections = [
        { mode: 'disabled', mapping: 'web' },
        { mode: 'pure-nat', mapping: 'web' },
      ]),
    `intent/duplicate at reflections[1]: There is a reflection for "web" already: reflections[0].
  instead: Another one, or only one of the two.`,
  ],
  [
    'reflection of the gateway twice',
    (w) => (w.reflections = [{ mode: 'disabled' }, { mode: 'pure-nat' }]),
    `intent/duplicate at reflections[1]: There is a reflection for "the whole gateway" already: reflections[0].
  instead: Another one, or only one of the two.`,
  ],
  [
    'reflection on the mapping and beside it',
    (w) => {
      w.mappings[0].reflection = { mode: 'pure-nat' };
      w.reflections = [{ mode: 'disabled', mapping: 'web' }];
    },
    `intent/duplicate at reflections[0]: There is a reflection for "web" already: mappings[0].
  instead: Another one, or only one of the two.`,
  ],
];

refuses('reflection', WRONG);
