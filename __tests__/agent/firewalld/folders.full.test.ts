// Runs the tests of zones in several files (folders.ts) with further versions of firewalld.

import { onFirewalld, onLaterFirewalld } from './host';
import { tests } from './folders';

jest.setTimeout(120_000);

onFirewalld('zones of several files', tests);
onLaterFirewalld('zones of several files', tests, ['2.3']);
