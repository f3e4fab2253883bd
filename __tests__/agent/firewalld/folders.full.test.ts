// Runs the tests of folders.ts (firewalld zones that consist of several files) with further versions of firewalld.

import { onFirewalld, onLaterFirewalld } from './host';
import { tests } from './folders';

jest.setTimeout(120_000);

onFirewalld('zones of several files', tests);
onLaterFirewalld('zones of several files', tests, ['2.3']);
