// Refuses texts that are no complete pfSense config: empty, encrypted, not XML, of another system or version, or only
// one of the listings `pfctl -sn` and `pfctl -sr`.

import { Problem, Refusal } from '../../../problems/problem';

const WHOLE_TEXT = 'config.xml as the box has it, or what `pfctl -sn` and `pfctl -sr` print, whole.';

const throwRefusal = (problem: Problem): never => {
  throw new Refusal([problem]);
};

export const refuseEmpty = (): never =>
  throwRefusal({
    code: 'pfsense/empty',
    where: 'line 1',
    what: 'It is empty: either the command failed, or nothing is loaded.',
    instead: WHOLE_TEXT,
  });

export const refuseNotXml = (line: number, why: string): never =>
  throwRefusal({
    code: 'pfsense/not-xml',
    where: `line ${line}`,
    what: `It begins as a configuration and is not XML, or not all of it: ${why}.`,
    instead: WHOLE_TEXT,
  });

export const refuseOtherRoot = (line: number, root: string): never =>
  throwRefusal({
    code: 'pfsense/other-root',
    where: `line ${line}`,
    what: `Its outermost element is "${root}", and that of a configuration of pfSense is "pfsense".`,
    instead: root === 'opnsense' ? 'on OPNsense: what `pfctl -sn` and `pfctl -sr` print.' : WHOLE_TEXT,
  });

export const refuseNoInterfaces = (line: number): never =>
  throwRefusal({
    code: 'pfsense/no-interfaces',
    where: `line ${line}`,
    what: 'It has no interfaces, and every box has: it is a part of a configuration, such as a backup of one area.',
    instead: WHOLE_TEXT,
  });

export const refuseUnknownVersion = (line: number, version: string): never =>
  throwRefusal({
    code: 'pfsense/unknown-version',
    where: `line ${line}`,
    what: `Its form is ${version.slice(0, 20)} (<version>), and pfSense 2.4 to 2.9 write forms 15 to 24: in another one the same words may mean something else.`,
    instead:
      'what runs on the box, whichever release it has: `pfctl -sn` and `pfctl -sr`, each under its own title ("# pfctl -sn"); or config.xml as a box of pfSense 2.4 to 2.9 writes it that has taken this one over.',
  });

export const refuseEncrypted = (): never =>
  throwRefusal({
    code: 'pfsense/encrypted',
    where: 'line 1',
    what: 'It is an encrypted backup.',
    instead: 'the same backup without encryption, on a machine that may see its passwords.',
  });

export const refuseIncomplete = (line: number, missing: string): never =>
  throwRefusal({
    code: 'pfsense/not-all-that-runs',
    where: `line ${line}`,
    what: `It says that it is what a box runs, and \`# pfctl ${missing}\` is not in it.`,
    instead: 'the whole of it, asked for again.',
  });

export const refuseTrailingText = (line: number): never =>
  throwRefusal({
    code: 'pfsense/after-the-configuration',
    where: `line ${line}`,
    what: 'something stands behind the configuration.',
    instead: 'the configuration alone, or the rules alone.',
  });

export const refuseTranslationsAlone = (line: number): never =>
  throwRefusal({
    code: 'pfsense/translations-alone',
    where: `line ${line}`,
    what: 'It holds translations and no filter rule. Every box has some, so half of what it runs is missing.',
    instead: 'what `pfctl -sn` prints, and behind it what `pfctl -sr` prints.',
  });

export const refuseFilterAlone = (line: number): never =>
  throwRefusal({
    code: 'pfsense/filter-alone',
    where: `line ${line}`,
    what: 'It holds filter rules and not what `pfctl -sn` prints, without which the translation of packets is not known.',
    instead: 'what `pfctl -sn` prints, and behind it what `pfctl -sr` prints.',
  });
