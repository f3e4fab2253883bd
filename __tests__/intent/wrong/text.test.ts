// Tests that texts with control characters, line breaks or too many characters are refused wherever an intent has a
// text.

import { Wrong, refuses } from '../samples';

const WRONG: readonly Wrong[] = [
  [
    'line breaks and quotes',
    (w) => {
      w.mappings[0].description = 'a"\n; drop';
      w.mappings[0].name = "web'; DROP";
    },
    `intent/bad-name at mappings[0] name: "web'; DROP" is not a name: names are 1 to 63 of a-z, 0-9 and "-", and start with a letter.
  instead: "web-drop", for example.`,
    `intent/control-characters at mappings[0] description: "a\\"\\u{a}; drop" has control characters, line breaks or invisible marks in it, with which it could pass for something else.
  instead: Plain text on one line.`,
  ],
  [
    'control characters',
    (w) => {
      w.mappings[0].description = '\u001b[2Jnothing to see';
      w.gateway.version = '1.0.6\u0000';
    },
    `intent/control-characters at gateway version: "1.0.6\\u{0}" has control characters, line breaks or invisible marks in it, with which it could pass for something else.
  instead: Plain text on one line.`,
    `intent/control-characters at mappings[0] description: "\\u{1b}[2Jnothing to see" has control characters, line breaks or invisible marks in it, with which it could pass for something else.
  instead: Plain text on one line.`,
  ],
  [
    'marks that turn text round',
    (w) => {
      w.mappings[0].description = 'open \u202e02';
      w.virtualIps[0].name = 'we\u200bb';
    },
    `intent/control-characters at virtualIps[0] name: "we\\u{200b}b" has control characters, line breaks or invisible marks in it, with which it could pass for something else.
  instead: Plain text on one line.`,
    `intent/unknown-virtual-ip at mappings[0] virtualIp: There is no virtual IP "web".
  instead: Add the virtual IP first, before what names it.`,
    `intent/control-characters at mappings[0] description: "open \\u{202e}02" has control characters, line breaks or invisible marks in it, with which it could pass for something else.
  instead: Plain text on one line.`,
  ],
  [
    "a template's text for an unset value",
    (w) => {
      w.gateway.owner = `${undefined as never}`;
      w.servers[0].profile.management.from = [`${null as never}`, `${{} as never}`];
    },
    `intent/missing at gateway owner: This is the text "undefined", as a template makes it of a value that is not set or is no text.
  instead: A name such as "web-1".`,
    `intent/missing at servers[0] profile management.from[0]: This is the text "null", as a template makes it of a value that is not set or is no text.
  instead: An address, a prefix or the name of a source set, as text.`,
    `intent/missing at servers[0] profile management.from[1]: This is the text "[object Object]", as a template makes it of a value that is not set or is no text.
  instead: An address, a prefix or the name of a source set, as text.`,
  ],
  [
    'a text in place of a list of objects',
    (w) => (w.mappings[0].exclude = '10.0.0.10'),
    `intent/wrong-type at mappings[0] exclude: This is the text "10.0.0.10".
  instead: A list: [{ internal }, { peer }].`,
  ],
  [
    'not a number',
    (w) => {
      w.virtualIps[0].mask = NaN;
      w.servers[0].profile.management.port = Infinity;
    },
    `intent/not-in-range at virtualIps[0] mask: NaN is not a whole number from 1 to 32.
  instead: A number from 1 to 32.`,
    `intent/bad-port at servers[0] profile management.port: Infinity is not a port from 1 to 65535.
  instead: One TCP port: 22 or "22/tcp".`,
  ],
];

refuses('text', WRONG);
