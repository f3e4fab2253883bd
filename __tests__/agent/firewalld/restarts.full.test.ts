// Runs the tests of restarts (restarts.ts) with further versions of firewalld.

import { onLaterFirewalld } from './host';
import { CALLED, tests } from './restarts';

jest.setTimeout(120_000);

onLaterFirewalld(CALLED, tests);
