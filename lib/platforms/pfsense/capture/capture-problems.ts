// Creates the problems of a text that `cpanel-edge capture` can't accept as pfSense's config.xml: not XML, encrypted,
// of an unknown version, or not captured from a box.

import { Problem } from '../../../problems/problem';

const INSTEAD =
  'config.xml as the box has it in /cf/conf, or a backup from Diagnostics, Backup & Restore, not encrypted.';

export const createNotXml = (line: number, why: string): Problem => ({
  code: 'pfsense/capture-not-xml',
  where: `line ${line}`,
  what: `It is not XML, or not all of it: ${why}.`,
  instead: INSTEAD,
});

export const createOtherRoot = (line: number, root: string): Problem => ({
  code: 'pfsense/capture-other-root',
  where: `line ${line}`,
  what: `Its outermost element is "${root}", and that of a configuration of pfSense is "pfsense".`,
  instead: INSTEAD,
});

export const createUnknownVersion = (line: number, version: string): Problem => ({
  code: 'pfsense/capture-unknown-version',
  where: `line ${line}`,
  what: `Its form is ${version.slice(0, 20)} (<version>), and pfSense 2.4 to 2.9 write forms 15 to 24: of another one the capture might lack what decides.`,
  instead: 'the configuration of a box with one of these releases, or a newer version of cpanel-edge.',
});

export const createEncrypted = (): Problem => ({
  code: 'pfsense/capture-encrypted',
  where: 'line 1',
  what: 'It is an encrypted backup.',
  instead: 'the same backup without encryption, on a machine that may see its passwords; a capture holds none of them.',
});

export const createAssumed = (line: number): Problem => ({
  code: 'pfsense/capture-assumed',
  where: `line ${line}`,
  what: 'It was written for a box whose config was not captured, so it says nothing of what is on one.',
  instead: INSTEAD,
});
