// Runs the tests of zones in several files (folders.ts).

import { onLaterFirewalld } from './host';
import { tests } from './folders';

jest.setTimeout(120_000);

onLaterFirewalld('zones of several files', tests, ['2.5']);
