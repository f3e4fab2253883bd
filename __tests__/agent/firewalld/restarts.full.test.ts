// Runs the tests of restarts.ts (firewalld is killed during a reload) with further versions of firewalld.

import { onLaterFirewalld } from './host';
import { CALLED, tests } from './restarts';

jest.setTimeout(120_000);

onLaterFirewalld(CALLED, tests);
