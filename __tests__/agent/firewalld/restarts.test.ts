// Runs the tests of restarts.ts: firewalld is killed during a reload.

import { onFirewalld } from './host';
import { CALLED, tests } from './restarts';

jest.setTimeout(120_000);

onFirewalld(CALLED, tests);
